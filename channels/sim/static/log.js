// The log: what was sent last, to whom and why.
import { el } from "./dom.js";
import { clockTime, day, kinds, local, roads, roles, words } from "./words.js";

export class Log {
  constructor(open) {
    this.open = open;
    this.list = document.getElementById("log");
    this.empty = document.getElementById("log-empty");
    this.known = new Set();
    this.first = true;
  }

  // show takes the newest lines, newest first.
  show(lines) {
    this.empty.hidden = lines.length > 0;
    let date = "";
    this.list.replaceChildren(...lines.map((line) => {
      const fresh = !this.first && !this.known.has(line.id);
      const today = day(line.at);
      const head = today === date ? null : el("p", { className: "log-day" }, today);
      date = today;
      return el("li", { className: fresh ? "log-line fresh" : "log-line" }, head, this.line(line));
    }));
    this.known = new Set(lines.map((line) => line.id));
    this.first = false;
  }

  line(line) {
    const who = line.who || local(line.to);
    const role = roles[line.role] ? roles[line.role].name : "";
    const phone = /^\+\d+$/.test(line.to);
    const name = phone
      ? el("button", { type: "button", className: "log-who", title: words.open(who), onclick: () => this.open(line.to) }, who)
      : el("b", {}, who);
    return el("div", {},
      el("p", { className: "log-head" },
        el("time", { dateTime: line.at }, clockTime(line.at)), name,
        el("span", { className: "soft" }, role),
        el("span", { className: "tag" }, kinds[line.kind] || line.kind),
        el("span", { className: "soft" }, roads[line.road] || line.road)),
      el("p", { className: "log-text" }, line.text));
  }
}
