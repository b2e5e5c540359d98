// What is shown where there is nothing else: nothing yet, nothing found, an error.

import { add, make } from "./elements.js";

/** A heading, sentences, and what may be done. */
export function state(heading, sentences, ...actions) {
  const shown = make("section", { class: "state" }, make("h1", {}, heading));
  add(shown, sentences.filter(Boolean).map((each) => make("p", {}, each)));
  return add(shown, ...actions);
}

/** An error, with a way to try again. */
export function failed(error, again) {
  const remedy = error.remedy ? `Try: ${error.remedy}` : "";
  const retry = make("button", { type: "button", class: "main", onclick: again }, "Try again");
  const shown = state(error.status === 404 ? "Not here" : "That did not work", [error.message, remedy], retry);
  shown.setAttribute("role", "alert");
  return shown;
}
