// What is shown where there is nothing else: nothing yet, nothing found, an error.

import { add, inside, make } from "./elements.js";

/** A heading, sentences, and what may be done. */
export function state(heading, sentences, ...actions) {
  const shown = make("section", { class: "state" }, make("h1", {}, heading));
  add(shown, sentences.filter(Boolean).map((each) => make("p", {}, each)));
  return add(shown, ...actions);
}

/** What may be tried instead, as a sentence. */
export function tried(remedy) {
  if (!remedy) return "";
  return remedy.endsWith("?") ? remedy : `Try: ${remedy}`;
}

/** An error, with a way to try again. */
export function failed(error, again) {
  const gone = error.status === 404;
  const further = gone
    ? inside("/", { class: "main" }, "Search instead")
    : make("button", { type: "button", class: "main", onclick: again }, "Try again");
  const shown = state(gone ? "Not here" : "That did not work", [error.message, tried(error.remedy)], further);
  shown.setAttribute("role", "alert");
  return shown;
}
