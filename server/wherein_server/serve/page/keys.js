// Keys: / to the question, arrows through the results, Enter opens, Escape goes back.

import { places } from "./results.js";

const TYPING = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** `input` is the question; `back` leaves what is open. */
export function prepare(input, back) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (event.key === "/" && !TYPING.has(at.tagName)) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Escape") escape(event, at, input, back);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, at, input);
  });
}

function step(event, at, input) {
  const links = places();
  const now = links.indexOf(at);
  if (!links.length || (now < 0 && at !== input && at !== document.body)) return;
  event.preventDefault();
  const next = now + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) input.focus();
  else {
    const link = links[Math.min(next, links.length - 1)];
    link.focus({ preventScroll: true });
    link.closest(".result").scrollIntoView({ block: "nearest" });
  }
}

function escape(event, at, input, back) {
  const answer = document.querySelector(".answer");
  if (answer) answer.dispatchEvent(new Event("stop"));
  else if (at === input && input.value) {
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (places().includes(at)) input.focus();
  else back();
  event.preventDefault();
}
