// One phone: whose it is, and a tab for each way in which it can talk to Kabar.
import { el, newID } from "./dom.js";
import { SMS } from "./sms.js";
import { USSD } from "./ussd.js";
import { Chat } from "./chat.js";
import { consents, local, roles, words } from "./words.js";

export class Phone {
  constructor(owner, setup, changed, closed) {
    this.number = owner.number;
    this.role = roles[owner.role] || roles[""];
    this.name = el("h2", { tabIndex: -1 });
    this.about = el("p", { className: "phone-about" });
    this.sees = el("p", { className: "phone-sees" });
    const screens = [["sms", new SMS(this, changed)]];
    if (setup.ussd_path) screens.push(["ussd", new USSD(this, setup, changed)]);
    if (setup.chat) screens.push(["chat", new Chat(this, changed, owner.preferred)]);
    this.screens = new Map(screens);
    this.tabs = new Map();
    const list = el("div", { className: "tabs", role: "tablist" });
    const panels = [];
    for (const [key, screen] of screens) {
      const id = newID("tab");
      const tab = el("button", {
        type: "button", role: "tab", id, "aria-controls": id + "-panel", onclick: () => this.choose(key),
        onkeydown: (event) => this.arrow(event, key),
      }, words.tabs[key], el("span", { className: "badge", hidden: true }, words.fresh));
      screen.node.id = id + "-panel";
      screen.node.setAttribute("role", "tabpanel");
      screen.node.setAttribute("aria-labelledby", id);
      this.tabs.set(key, tab);
      list.append(tab);
      panels.push(screen.node);
    }
    const close = el("button", { type: "button", className: "phone-close", "aria-label": words.close, title: words.close, onclick: () => {
      this.node.remove();
      closed();
    } }, "×");
    this.list = list;
    this.node = el("article", { className: "phone" },
      el("header", { className: "phone-head" }, el("div", {}, this.name, this.about), close), this.sees, list, ...panels);
    this.rename([owner]);
    this.choose("sms");
  }

  // rename takes who answers on the number; several when it is shared.
  rename(owners) {
    const owner = owners[0];
    this.role = roles[owner.role] || roles[""];
    const name = owners.map((one) => one.name).filter(Boolean).join(" / ") || words.unknown;
    this.name.textContent = name;
    this.node.setAttribute("aria-label", `${name}, ${local(this.number)}`);
    this.list.setAttribute("aria-label", name);
    const role = this.role === roles[""] ? "" : this.role.name;
    this.about.replaceChildren(...[[local(this.number), owner.area], [role, consents[owner.consent]]].map((parts) =>
      el("span", {}, parts.filter(Boolean).join(" · "))));
    this.sees.textContent = this.role.sees;
    for (const screen of this.screens.values()) screen.named?.(this.role, owner);
  }

  choose(key) {
    this.chosen = key;
    for (const [name, tab] of this.tabs) {
      const on = name === key;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      this.screens.get(name).node.hidden = !on;
      if (on) tab.querySelector(".badge").hidden = true;
    }
    this.screens.get(key).shown();
  }

  arrow(event, key) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const keys = [...this.tabs.keys()];
    const next = keys[(keys.indexOf(key) + step + keys.length) % keys.length];
    this.choose(next);
    this.tabs.get(next).focus();
  }

  focus() {
    this.name.focus({ preventScroll: true });
  }

  // refresh reads every screen again; one that is not in front gets a badge when it has news.
  async refresh() {
    await Promise.all([...this.screens].map(async ([key, screen]) => {
      const news = await screen.refresh();
      if (news && key !== this.chosen) this.tabs.get(key).querySelector(".badge").hidden = false;
    }));
  }
}
