// Elements out of names and text. Nothing here, or anywhere on the page, makes markup of text.

/** An element with attributes, listeners (`on…`) and children: elements, text, or nothing. */
export function make(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  add(element, ...children);
  return element;
}

/** Put children at the end of an element. */
export function add(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** A link within the page, which its router follows. */
export function inside(href, given, ...children) {
  return make("a", { ...given, href, "data-inside": true }, ...children);
}

/** A link to another host. */
export function outside(href, given, ...children) {
  return make("a", { ...given, href, rel: "noopener noreferrer", target: "_blank" }, ...children);
}

/** Tell those who do not see the screen. */
export function say(sentence) {
  const said = document.getElementById("said");
  if (said.textContent !== sentence) said.textContent = sentence;
}

/** "3 files", "1 file" */
export function count(number, what, many = `${what}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? what : many}`;
}

const STEPS = [[60, "s"], [3600, "min"], [86_400, "h"], [Infinity, "days"]];

/** How long ago a moment was, in seconds since 1970. */
export function ago(moment) {
  const seconds = Math.max(0, Date.now() / 1000 - moment);
  if (seconds < 5) return "just now";
  const at = STEPS.findIndex(([most]) => seconds < most);
  const number = Math.floor(seconds / (at ? STEPS[at - 1][0] : 1));
  const unit = STEPS[at][1] === "days" && number === 1 ? "day" : STEPS[at][1];
  return `${number} ${unit} ago`;
}
