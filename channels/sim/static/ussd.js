// USSD: an old phone's screen and keys. Every step goes to the gateway's own route with all inputs so far.
import * as api from "./api.js";
import { busy, el, newID } from "./dom.js";
import { words } from "./words.js";

export class USSD {
  constructor(phone, setup, changed) {
    this.phone = phone;
    this.path = setup.ussd_path;
    this.code = setup.ussd_code;
    this.changed = changed;
    const id = newID("ussd");
    this.text = el("output", { className: "lcd-text", htmlFor: id, "aria-live": "polite", "aria-label": words.ussdScreen });
    this.count = el("small", { className: "lcd-count" });
    this.input = el("input", { id, className: "lcd-input", inputMode: "tel", autocomplete: "off", maxLength: 182 });
    this.call = el("button", { type: "submit", className: "key call" });
    const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"].map((key) =>
      el("button", { type: "button", className: "key", onclick: () => { this.input.value += key; } }, key));
    this.node = el("div", { className: "screen ussd" },
      el("form", { className: "old", onsubmit: (event) => {
        event.preventDefault();
        busy(this.node, () => this.go());
      } },
      el("div", { className: "lcd" }, this.text, this.count,
        el("label", { htmlFor: id, className: "unseen" }, words.ussdInput), this.input),
      el("div", { className: "keys", role: "group", "aria-label": words.ussdKeys },
        this.call,
        el("button", { type: "button", className: "key", onclick: () => { this.input.value = this.input.value.slice(0, -1); } }, words.ussdErase),
        el("button", { type: "button", className: "key hang", onclick: () => this.idle() }, words.ussdHang),
        ...keys)));
    this.idle();
  }

  shown() {}

  async refresh() {
    return false; // nobody is called by USSD
  }

  screen(text, counted) {
    this.text.textContent = text;
    this.count.textContent = counted ? words.ussdCount([...text].length) : "";
  }

  idle() {
    this.session = "";
    this.inputs = [];
    this.screen(words.ussdIdle(this.code), false);
    this.input.value = this.code;
    this.call.textContent = words.ussdCall;
  }

  // go dials, or answers the screen. *123*77*1*750# takes two steps at once, as on a real phone. A step that did not get
  // through changes nothing, so that it can be tried again.
  async go() {
    const typed = this.input.value.trim();
    let { session, inputs } = this;
    if (session) {
      inputs = [...inputs, typed];
    } else {
      const base = this.code.replace(/#$/, "");
      if (typed !== this.code && !(typed.startsWith(base + "*") && typed.endsWith("#"))) {
        this.screen(words.ussdUnknown(this.code), false);
        return;
      }
      session = "sim-" + crypto.getRandomValues(new Uint32Array(3)).join("");
      inputs = typed === this.code ? [] : typed.slice(base.length + 1, -1).split("*");
    }
    const answer = await api.dial(this.path, this.code, session, this.phone.number, inputs.join("*"));
    this.screen(answer.text, true);
    this.session = answer.end ? "" : session;
    this.inputs = inputs;
    this.input.value = answer.end ? this.code : "";
    this.call.textContent = answer.end ? words.ussdCall : words.ussdReply;
    if (answer.end) this.count.textContent += ` · ${words.ussdOver}`;
    this.changed();
  }
}
