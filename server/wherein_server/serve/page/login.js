// A login: a token, which the browser then sends by itself and no script can read.

import { post } from "./api.js";
import { add, make, say } from "./elements.js";

/** Ask for a token; `done` is called once it is known. */
export function show(view, done) {
  const input = make("input", { id: "token", type: "password", required: true, autocomplete: "current-password", spellcheck: "false" });
  const wrong = make("p", { role: "alert", class: "wrong" });
  const button = make("button", { type: "submit", class: "main" }, "Log in");
  const form = make("form", { class: "login", onsubmit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await post("login", { token: input.value.trim() });
      done();
    } catch (error) {
      wrong.textContent = error.message;
      input.focus();
    } finally {
      button.disabled = false;
    }
  } });
  add(form, make("h1", {}, "Log in"), make("p", {}, "Whoever runs this server makes tokens: wherein serve token new NAME."),
    make("label", { for: "token" }, "Token"), input, button, wrong);
  view.replaceChildren(form);
  input.focus();
  say("This server asks for a login");
}

export async function leave() {
  await post("logout");
}
