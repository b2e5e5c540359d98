// The farm's state, where one works for this store.

import { make } from "./elements.js";
import { state } from "./states.js";

export async function show(view, me) {
  if (!me.farm) {
    view.replaceChildren(state("No farm", ["No farm works for this store; docs/serve.md says what one does."]));
    return;
  }
  view.replaceChildren(make("section", { class: "state" }, make("h1", {}, "Farm")));
}
