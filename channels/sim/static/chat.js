// The chat of a phone: bubbles, inline buttons, edits, a reply keyboard.
import * as api from "./api.js";
import { busy, el, holdEnd, newID, noLeadingBreak, stay } from "./dom.js";
import { clockTime, day, kinds, words } from "./words.js";

export class Chat {
  constructor(phone, changed, preferred) {
    this.phone = phone;
    this.changed = changed;
    this.last = null;
    this.list = holdEnd(el("div", { className: "bubbles", role: "log", tabIndex: 0, "aria-label": words.tabs.chat }));
    this.keyboard = el("div", { className: "keyboard", role: "group", "aria-label": words.keyboard });
    this.toast = el("p", { className: "toast", role: "status", hidden: true });
    const id = newID("chat");
    this.input = el("textarea", { id, rows: 1, onbeforeinput: noLeadingBreak, placeholder: words.chatLabel, onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.write(this.input.value);
      }
    } });
    this.prefer = el("input", { type: "checkbox", checked: Boolean(preferred), onchange: () => this.act(() => api.prefer(phone.number, this.prefer.checked)) });
    this.node = el("div", { className: "screen chat" },
      el("label", { className: "prefer" }, this.prefer, words.prefer), this.list, this.toast, this.keyboard,
      el("form", { className: "write", onsubmit: (event) => {
        event.preventDefault();
        this.write(this.input.value);
      } }, el("label", { htmlFor: id, className: "unseen" }, words.chatLabel), this.input, el("button", { type: "submit", className: "primary" }, words.send)));
  }

  named(_, owner) {
    if (owner.lang) this.list.lang = owner.lang;
    if (owner.preferred !== undefined) this.prefer.checked = owner.preferred;
  }

  shown() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  // act does something that Kabar answers, and shows what came of it.
  act(work) {
    return busy(this.node, async () => {
      try {
        const done = await work();
        if (done.toast) this.tell(done.toast);
      } finally {
        await this.refresh();
        this.changed();
      }
    });
  }

  write(text) {
    if (text.trim() === "") return;
    this.input.value = "";
    this.act(() => api.sendChat(this.phone.number, text));
  }

  tell(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.hide);
    this.hide = setTimeout(() => { this.toast.hidden = true; }, 6000);
  }

  // refresh shows the chat; true if something came.
  async refresh() {
    const messages = await api.chatOf(this.phone.number);
    const now = JSON.stringify(messages);
    if (now === this.last) return false;
    const first = this.last === null;
    this.last = now;
    const more = messages.length !== this.count;
    this.count = messages.length;
    stay(this.list, () => this.list.replaceChildren(...this.draw(messages)), more);
    this.drawKeyboard(messages);
    return !first && messages.length > 0;
  }

  draw(messages) {
    if (messages.length === 0) return [el("p", { className: "hint" }, words.chatEmpty)];
    let date = "";
    return messages.flatMap((message) => {
      const today = day(message.at);
      const head = today === date ? [] : [el("p", { className: "date" }, today)];
      date = today;
      return [...head, this.bubble(message)];
    });
  }

  bubble(message) {
    if (message.kind === "choice" && message.direction === "in") return el("p", { className: "deed" }, words.pressed(message.text));
    if (message.kind === "contact") return el("p", { className: "deed" }, words.shared);
    const mine = message.direction === "in";
    const foot = [clockTime(message.at), mine ? "" : kinds[message.kind], message.edited ? words.edited : ""].filter(Boolean).join(" · ");
    const rows = (message.buttons || []).map((row) => el("div", { className: "inline" }, ...row.map((button) => button.url ? el("a", { href: button.url, target: "_blank", rel: "noopener" }, button.label) :
      el("button", { type: "button", onclick: () => this.act(() => api.press(this.phone.number, message.id, button.data)) }, button.label))));
    return el("div", { className: mine ? "message mine" : "message" },
      el("div", { className: "bubble" }, el("p", {}, message.text || words.wroteNothing), el("small", {}, foot)), ...rows);
  }

  // drawKeyboard shows the newest reply keyboard; the key that shares the number goes when it was used.
  drawKeyboard(messages) {
    const from = messages.findLast((message) => message.keys || message.ask_phone);
    const used = messages.findLast((message) => message.kind === "contact");
    const rows = [];
    if (from?.ask_phone && !(used && messages.indexOf(used) > messages.indexOf(from))) {
      rows.push([el("button", { type: "button", onclick: () => this.act(() => api.shareNumber(this.phone.number)) }, from.ask_phone)]);
    }
    for (const row of from?.keys || []) rows.push(row.map((key) => el("button", { type: "button", onclick: () => this.write(key) }, key)));
    this.keyboard.hidden = rows.length === 0;
    this.keyboard.replaceChildren(...rows.map((row) => el("div", { className: "inline" }, ...row)));
  }
}
