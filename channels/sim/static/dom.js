// el makes an element: properties, then children. Text is always text, never markup.
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

let last = 0;
export const newID = (prefix) => `${prefix}-${++last}`;

// trouble shows what went wrong until it is done with.
let hide;
export function trouble(message) {
  const box = document.getElementById("trouble");
  box.textContent = message;
  box.hidden = message === "";
  clearTimeout(hide);
  if (message) hide = setTimeout(() => trouble(""), 8000);
}

// busy runs something once at a time per control, and says what failed.
export async function busy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (problem) {
    trouble(problem.message);
  } finally {
    control.removeAttribute("aria-busy");
  }
}

// stay changes a list and keeps it at its end if it was there, or goes there when forced.
export function stay(list, change, force = false) {
  const end = atEnd(list);
  change();
  if (end || force) list.scrollTop = list.scrollHeight;
}

const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 40;

// holdEnd keeps a list at its end when the room that it has changes. A scroll that the browser tells of after such a change
// says nothing about what the person wanted.
export function holdEnd(list) {
  let end = true;
  let room = 0;
  list.addEventListener("scroll", () => {
    if (list.clientHeight === room) end = atEnd(list);
  });
  new ResizeObserver(() => {
    room = list.clientHeight;
    if (end) list.scrollTop = list.scrollHeight;
  }).observe(list);
  return list;
}

// noLeadingBreak keeps an empty field empty: an Enter that has sent the message must not begin the next one.
export function noLeadingBreak(event) {
  if (event.inputType === "insertLineBreak" && event.target.value === "") event.preventDefault();
}
