// The page: a row of phones, the clock, and a poll that tells both what is new.
import * as api from "./api.js";
import { Clock } from "./clock.js";
import { trouble } from "./dom.js";
import { Log } from "./log.js";
import { Phone } from "./phone.js";
import { Picker } from "./picker.js";

const kept = "kabar-sim-phones";
const row = document.getElementById("row");
const phones = new Map();
let mark = "";
let setup;
let timer;

const clock = new Clock(() => poll());
const log = new Log((number) => open({ number }, true));
const picker = new Picker((owner) => open(owner, true));

// open shows a phone, or goes to the one that is open already.
function open(owner, go) {
  let phone = phones.get(owner.number);
  if (!phone) {
    phone = new Phone(owner, setup, poll, () => {
      phones.delete(owner.number);
      remember();
      document.getElementById("add").focus();
    });
    phones.set(owner.number, phone);
    row.append(phone.node);
    remember();
    phone.refresh().catch((problem) => trouble(problem.message));
    if (!owner.name) find(phone);
  }
  if (go) {
    phone.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    phone.focus();
  }
}

// find looks up whose number it is.
async function find(phone) {
  const people = await api.people(phone.number.replace(/^\+62/, "")).catch(() => []);
  const owners = people.filter((one) => one.number === phone.number);
  if (owners.length > 0) phone.rename(owners);
}

const remember = () => {
  try {
    localStorage.setItem(kept, JSON.stringify([...phones.keys()]));
  } catch {
    // a browser that keeps nothing begins anew each time
  }
};

function remembered() {
  try {
    const numbers = JSON.parse(localStorage.getItem(kept) || "[]");
    return Array.isArray(numbers) ? numbers.filter((n) => /^\+\d{8,15}$/.test(n)) : [];
  } catch {
    return [];
  }
}

// poll asks for news every second, faster while the clock is being moved, and not at all while nobody looks.
async function poll() {
  clearTimeout(timer);
  if (document.hidden) return;
  let wait = 1000;
  try {
    const now = await api.state(mark);
    clock.show(now);
    if (now.moving_to) wait = 400;
    if (now.mark !== mark) {
      mark = now.mark;
      log.show(now.log || []);
      await Promise.all([...phones.values()].map((phone) => phone.refresh()));
    }
  } catch (problem) {
    trouble(problem.message);
    wait = 3000;
  }
  clearTimeout(timer);
  timer = setTimeout(poll, wait);
}

document.addEventListener("visibilitychange", () => poll());
document.getElementById("add").addEventListener("click", () => picker.show());

async function start() {
  setup = await api.setup();
  const asked = new URLSearchParams(location.search).get("phone");
  const numbers = remembered();
  if (asked) open({ number: asked.replace(/^ /, "+").replace(/^0/, "+62") }, true);
  for (const number of numbers) open({ number }, false);
  if (phones.size === 0) {
    const people = await api.people("");
    const first = ["penerima", "tksk"].map((role) => people.find((one) => one.role === role)).filter(Boolean);
    for (const owner of first) open(owner, false);
  }
  await poll();
}

start().catch((problem) => trouble(problem.message));
