// The programme's clock and the keys that move it.
import * as api from "./api.js";
import { trouble } from "./dom.js";
import { moment, words } from "./words.js";

const hour = 3600_000;
const wib = 7 * hour;

// In WIB, written in a Date's UTC fields.
const inWIB = (now) => new Date(Date.parse(now) + wib);
const fromWIB = (date) => date.toISOString().slice(0, 19) + "+07:00";

function nextAt(now, days, hours, minutes) {
  const date = inWIB(now);
  date.setUTCDate(date.getUTCDate() + days);
  date.setUTCHours(hours, minutes, 0, 0);
  return fromWIB(date);
}

// morning is tomorrow 07.30, when the daily lists go out.
export const morning = (now) => nextAt(now, 1, 7, 30);

// sunday is the next Sunday 18.30, when the weekly question goes out.
export function sunday(now) {
  const days = (7 - inWIB(now).getUTCDay()) % 7;
  const at = nextAt(now, days, 18, 30);
  return Date.parse(at) > Date.parse(now) ? at : nextAt(now, 7, 18, 30);
}

export class Clock {
  constructor(changed) {
    this.changed = changed;
    this.now = "";
    this.face = document.getElementById("clock-now");
    this.said = document.getElementById("clock-said");
    this.going = document.getElementById("clock-going");
    this.goingText = document.getElementById("clock-going-text");
    this.bar = document.getElementById("clock-bar");
    this.pick = document.getElementById("clock-pick");
    this.keys = [...document.querySelectorAll("[data-move]"), this.pick.querySelector("button")];
    const moves = {
      hour: () => api.moveBy("1h"),
      week: () => api.moveBy("168h"),
      morning: () => api.moveTo(morning(this.now)),
      sunday: () => api.moveTo(sunday(this.now)),
    };
    for (const key of document.querySelectorAll("[data-move]")) {
      key.addEventListener("click", () => this.move(moves[key.dataset.move]));
    }
    this.pick.addEventListener("submit", (event) => {
      event.preventDefault();
      this.move(() => api.moveTo(this.pick.elements.to.value.slice(0, 16) + ":00+07:00"));
    });
  }

  async move(work) {
    if (this.moving) return;
    this.moving = true;
    this.wait(true);
    this.said.textContent = "";
    const asked = work();
    this.changed(); // the poll shows the way
    try {
      const done = await asked;
      this.said.textContent = words.moved(moment(done.now), done.delivered);
    } catch (problem) {
      if (problem.code === "backwards") this.said.textContent = words.backwards;
      else trouble(problem.message);
    }
    this.moving = false;
    this.wait(false);
    this.changed();
  }

  wait(on) {
    for (const key of this.keys) key.setAttribute("aria-disabled", String(on));
  }

  // show takes an answer of the poll.
  show({ now, moving_to: to }) {
    this.now = now;
    this.face.textContent = moment(now);
    this.face.dateTime = now;
    const pick = this.pick.elements.to;
    pick.min = now.slice(0, 16);
    if (!pick.value || pick.value < pick.min) pick.value = fromWIB(new Date(inWIB(now).getTime() + hour)).slice(0, 16);
    this.going.hidden = !to;
    if (!to) {
      this.from = "";
      return;
    }
    this.from = this.from || now;
    const whole = Date.parse(to) - Date.parse(this.from);
    this.bar.value = whole > 0 ? (Date.parse(now) - Date.parse(this.from)) / whole : 1;
    this.goingText.textContent = words.going(moment(to), moment(now));
  }
}
