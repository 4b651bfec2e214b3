// The simulator's JSON interface.
import { words } from "./words.js";

export class Trouble extends Error {
  constructor(code) {
    super(words.problems[code] || words.problems.unavailable);
    this.code = code;
  }
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Trouble("offline");
  }
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({}));
  throw new Trouble(said.code);
}

const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const at = (kind, number) => `/sim/api/${kind}/${encodeURIComponent(number)}`;

export const setup = () => call("/sim/api/setup");
export const state = (mark) => call(`/sim/api/state?mark=${encodeURIComponent(mark)}`);
export const people = (find) => call(`/sim/api/people?find=${encodeURIComponent(find)}`);
export const moveTo = (to) => post("/sim/api/clock", { to });
export const moveBy = (by) => post("/sim/api/clock", { by });
export const smsOf = (number) => call(at("sms", number));
export const sendSMS = (from, text) => post("/sim/api/sms", { from, text });
export const chatOf = (number) => call(at("chat", number));
export const sendChat = (from, text) => post("/sim/api/chat", { from, text });
export const shareNumber = (from) => post("/sim/api/chat", { from, contact: true });
export const press = (from, message, data) => post("/sim/api/chat/press", { from, message, data });
export const prefer = (from, on) => post("/sim/api/chat/link", { from, prefer: on });

// dial posts one step of a USSD session, as a gateway does, and reads the screen.
export async function dial(path, code, session, number, text) {
  const form = new URLSearchParams({ sessionId: session, phoneNumber: number, networkCode: "51010", serviceCode: code, text });
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body: form });
  } catch {
    throw new Trouble("offline");
  }
  if (!answer.ok) throw new Trouble("unavailable");
  const said = await answer.text();
  return { text: said.slice(4), end: said.startsWith("END") };
}
