// The dialog in which a phone is chosen.
import * as api from "./api.js";
import { el, trouble } from "./dom.js";
import { consents, local, roles, words } from "./words.js";

// e164 writes a number in full; what is no number is null.
export function e164(typed) {
  const n = typed.replace(/[\s().-]/g, "");
  const full = n.startsWith("+") ? n : n.startsWith("0") ? "+62" + n.slice(1) : "+" + n;
  return /^\+[1-9]\d{7,14}$/.test(full) ? full : null;
}

export class Picker {
  constructor(chosen) {
    this.chosen = chosen;
    this.dialog = document.getElementById("picker");
    this.list = document.getElementById("picker-list");
    this.find = document.getElementById("find");
    this.bad = document.getElementById("picker-bad");
    document.getElementById("picker-close").addEventListener("click", () => this.dialog.close());
    const form = document.getElementById("picker-number");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const number = e164(form.elements.number.value);
      this.bad.hidden = number !== null;
      this.bad.textContent = number === null ? words.badNumber : "";
      if (number !== null) this.take({ number });
    });
    let wait;
    this.find.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => this.search(), 200);
    });
  }

  show() {
    this.dialog.showModal();
    this.bad.hidden = true;
    this.search();
  }

  take(owner) {
    this.dialog.close();
    this.chosen(owner);
  }

  async search() {
    const asked = this.find.value;
    let people;
    try {
      people = await api.people(asked);
    } catch (problem) {
      trouble(problem.message);
      return;
    }
    if (asked !== this.find.value) return; // an older answer
    const groups = Object.keys(roles).filter((role) => people.some((one) => one.role === role));
    if (groups.length === 0) {
      this.list.replaceChildren(el("p", { className: "hint" }, words.none));
      return;
    }
    this.list.replaceChildren(...groups.map((role) => el("section", {},
      el("h3", {}, roles[role].group),
      el("p", { className: "hint" }, roles[role].sees),
      el("ul", {}, ...people.filter((one) => one.role === role).map((one) => el("li", {}, this.choice(one)))))));
  }

  choice(owner) {
    const about = [owner.area, owner.code, consents[owner.consent], owner.preferred ? words.inChat : ""].filter(Boolean).join(" · ");
    return el("button", { type: "button", className: "choice", onclick: () => this.take(owner) },
      el("b", {}, owner.name), el("span", {}, local(owner.number)), el("small", {}, about));
  }
}
