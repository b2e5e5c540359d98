// The page: the address says what is shown, and whatever is shown has an address.

import { of_search, read } from "./address.js";
import { get } from "./api.js";
import { say } from "./elements.js";
import * as farm from "./farm.js";
import * as file from "./file.js";
import { forget } from "./freshness.js";
import * as keys from "./keys.js";
import * as login from "./login.js";
import * as repositories from "./repositories.js";
import { places } from "./results.js";
import * as search from "./search.js";
import { failed, state } from "./states.js";
import * as theme from "./theme.js";

const NAMED = new Map([["repositories", "Repositories"], ["farm", "Farm"]]);

const view = document.getElementById("view");
const input = document.getElementById("q");
const leave = document.getElementById("leave");

let me = null;
let showing = new AbortController(); // what is shown, or on its way: over as soon as something else is asked for

async function known() {
  if (me === null) {
    me = await get("me");
    leave.hidden = !me.session;
    document.querySelector("[data-farm]").hidden = !me.farm;
  }
  return me;
}

/** The title is what the address says, at once: an answer may still be on its way. */
function name(asked) {
  const about = asked.q ?? asked.path?.split("/").pop() ?? NAMED.get(asked.page);
  document.title = about ? `${about} · wherein` : "wherein";
}

/** Show what the address says. What was on its way is not shown any more, and who was answering need not go on. */
async function show({ typed = false } = {}) {
  const asked = read();
  name(asked);
  showing.abort();
  const { signal } = (showing = new AbortController());
  if (!typed) search.leave();
  try {
    const who = await known();
    if (signal.aborted) return;
    if (asked.page === "search") {
      if (!typed) input.value = asked.q;
      await search.show(view, asked, change, who, signal);
    } else if (asked.page === "file") {
      await file.show(view, asked, change, who, signal);
    } else if (asked.page === "repositories") {
      await repositories.show(view, signal);
    } else if (asked.page === "farm") {
      await farm.show(view, signal);
    } else view.replaceChildren(state("Not here", ["There is nothing at this address."]));
  } catch (error) {
    if (signal.aborted) return;
    if (error.status === 401) login.show(view, fresh);
    else {
      view.replaceChildren(failed(error, () => show()));
      say(error.message);
    }
  } finally {
    if (!signal.aborted) view.removeAttribute("aria-busy");
  }
}

/** Somebody else is there. */
function fresh() {
  me = null;
  forget();
  search.forget_results();
  show();
}

/** Ask the same with some of it changed. */
function change(some) {
  go(of_search({ ...read(), ...some }));
}

/** Go to an address of the page. */
function go(address) {
  remember();
  if (address !== `${location.pathname}${location.search}${location.hash}`) history.pushState({ from: "here" }, "", address);
  window.scrollTo(0, 0);
  return show();
}

/** What is in focus, and how far the page is scrolled, for when one comes back. */
function remember() {
  const at = places().indexOf(document.activeElement);
  history.replaceState({ ...history.state, at, top: window.scrollY }, "");
}

window.addEventListener("popstate", async (event) => {
  await show();
  const { at = -1, top = 0 } = event.state ?? {};
  if (read().page !== "search") return;
  window.scrollTo(0, top);
  places()[at]?.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-inside]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.classList.contains("place")) link.focus({ preventScroll: true });
  go(link.getAttribute("href"));
});

input.addEventListener("input", () => {
  const before = read();
  const asked = before.page === "search" ? { ...before, q: input.value, limit: undefined } : { q: input.value };
  const address = of_search(asked);
  // leaving a file for a search, and beginning one, can be gone back from; each letter cannot
  if (before.page === "search" && before.q) history.replaceState(history.state, "", address);
  else history.pushState({ from: "here" }, "", address);
  name(read());
  search.show_soon(() => show({ typed: true }));
});

input.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  search.leave();
  await show({ typed: true });
  places()[0]?.focus();
});

leave.addEventListener("click", async () => {
  await login.leave();
  history.pushState({}, "", "/");
  fresh();
});

keys.prepare(input, () => {
  if (read().page === "search") input.focus();
  else if (history.state?.from === "here") history.back();
  else go("/");
});
theme.prepare(document.getElementById("theme"));
show();
