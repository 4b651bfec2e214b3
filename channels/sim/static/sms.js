// The SMS of a phone.
import * as api from "./api.js";
import { busy, el, holdEnd, newID, noLeadingBreak, stay } from "./dom.js";
import { clockTime, day, kinds, words } from "./words.js";

export class SMS {
  constructor(phone, changed) {
    this.phone = phone;
    this.changed = changed;
    this.shownCount = -1;
    this.list = holdEnd(el("div", { className: "bubbles", role: "log", tabIndex: 0, "aria-label": words.tabs.sms }));
    this.examples = el("div", { className: "tries", role: "group", "aria-label": words.examples });
    const id = newID("sms");
    this.input = el("textarea", { id, rows: 1, onbeforeinput: noLeadingBreak, placeholder: words.smsLabel, onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send(this.input.value);
      }
    } });
    const form = el("form", { className: "write", onsubmit: (event) => {
      event.preventDefault();
      this.send(this.input.value);
    } }, el("label", { htmlFor: id, className: "unseen" }, words.smsLabel), this.input, el("button", { className: "primary", type: "submit" }, words.send));
    this.node = el("div", { className: "screen sms" }, this.list, this.examples, form);
  }

  named(role, owner) {
    if (owner.lang) this.list.lang = owner.lang;
    this.examples.replaceChildren(...role.tries.map((text) =>
      el("button", { type: "button", onclick: () => this.send(text) }, text)));
  }

  shown() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  send(text) {
    if (text.trim() === "") return;
    busy(this.node, async () => {
      this.input.value = "";
      const waiting = el("p", { className: "waiting" }, words.sending);
      stay(this.list, () => this.list.append(bubble({ direction: "in", text, at: "" }), waiting), true);
      try {
        await api.sendSMS(this.phone.number, text);
      } catch (problem) {
        this.input.value = text;
        throw problem;
      } finally {
        this.shownCount = -1;
        await this.refresh();
        this.changed();
      }
    });
  }

  // refresh shows all messages; true if there are more than before.
  async refresh() {
    const messages = await api.smsOf(this.phone.number);
    const news = this.shownCount >= 0 && messages.length > this.shownCount;
    if (messages.length === this.shownCount) return false;
    const first = this.shownCount < 0;
    this.shownCount = messages.length;
    stay(this.list, () => this.list.replaceChildren(...draw(messages)), first || news);
    return news;
  }
}

function draw(messages) {
  if (messages.length === 0) return [el("p", { className: "hint" }, words.smsEmpty)];
  let date = "";
  return messages.flatMap((message) => {
    const today = day(message.at);
    const head = today === date ? [] : [el("p", { className: "date" }, today)];
    date = today;
    return [...head, bubble(message)];
  });
}

function bubble(message) {
  const mine = message.direction === "in";
  const foot = message.at
    ? [clockTime(message.at), words.segments(message.segments), mine ? "" : kinds[message.kind]].filter(Boolean).join(" · ")
    : "";
  return el("div", { className: mine ? "bubble mine" : "bubble" },
    el("p", {}, message.text || words.wroteNothing), el("small", {}, foot));
}
