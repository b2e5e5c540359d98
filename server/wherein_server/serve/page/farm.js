// What the farm is doing: its repositories by state, its queue, what it is at, what went wrong.

import { get } from "./api.js";
import { add, ago, count, make, say } from "./elements.js";
import { failed } from "./states.js";

const AGAIN = 5_000;

const STATES = {
  done: "up to date", waiting: "waiting", new: "not seen yet", failed: "failed", aside: "set aside", empty: "empty",
};
const WHY = { push: "pushed", first: "first time", again: "to be made anew" };

let next = null;

/** Show it, and go on showing it for as long as it is looked at. `signal` says that something else is to be shown. */
export async function show(view, signal) {
  clearTimeout(next);
  const told = await get("farm", {}, signal);
  if (signal.aborted) return;
  const page = make("section", { class: "farm" });
  draw(page, told);
  view.replaceChildren(page);
  say(`${count(told.workers, "worker")}, ${count(told.running.length, "repository", "repositories")} being indexed`);
  follow(page);
}

function follow(page) {
  next = setTimeout(async () => {
    if (!page.isConnected) return;
    try {
      if (!document.hidden) draw(page, await get("farm"));
      follow(page);
    } catch (error) {
      page.replaceChildren(failed(error, () => follow(page)));
    }
  }, AGAIN);
}

function draw(page, told) {
  const queued = Object.values(told.queued).reduce((sum, each) => sum + each, 0);
  const why = Object.entries(told.queued).filter(([, number]) => number).map(([each, number]) => `${number} ${WHY[each] ?? each}`);
  const cards = [
    card("Workers", told.workers, told.scheduler ? "and a scheduler" : "no scheduler is at work", !told.workers || !told.scheduler),
    card("In the queue", queued, why.join(", ") || "nothing waits"),
    ...Object.entries(told.states).filter(([state, number]) => number || state === "done")
      .map(([state, number]) => card(STATES[state] ?? state, number, "", state === "failed" || state === "aside")),
  ];
  const parts = [make("h1", {}, "Farm"), make("div", { class: "cards" }, cards)];
  if (told.oldest_wanted) parts.push(make("p", {}, `What waits the longest is wanted since ${ago(Date.now() / 1000 - told.oldest_wanted)}.`));
  parts.push(make("h2", {}, "Being indexed"));
  const running = told.running.map((each) => make("li", {}, each.repository, each.since ? make("span", { class: "fresh" }, ` since ${ago(each.since)}`) : null));
  parts.push(running.length ? make("ul", { class: "plain" }, running) : make("p", { class: "quiet" }, "Nothing at this moment."));
  if (told.troubled.length) parts.push(make("h2", {}, "What went wrong"), troubles(told.troubled));
  page.replaceChildren();
  add(page, parts);
}

function card(name, number, more, wrong = false) {
  const shown = make("div", { class: wrong ? "figure-card wrong" : "figure-card" }, make("span", { class: "big" }, number.toLocaleString("en")), make("span", {}, name));
  return more ? add(shown, make("span", { class: "quiet" }, more)) : shown;
}

function troubles(given) {
  const heads = ["Repository", "State", "Why", "Tries", "When"].map((each) => make("th", { scope: "col" }, each));
  const rows = given.map((each) =>
    make("tr", {}, make("th", { scope: "row" }, each.repository), make("td", {}, STATES[each.state] ?? each.state),
      make("td", { class: "reason" }, each.reason || "—"), make("td", { class: "figure" }, String(each.tries)),
      make("td", {}, each.at ? ago(each.at) : "—")),
  );
  const table = make("table", {}, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, rows));
  return make("div", { class: "wide", role: "region", tabindex: "0", "aria-label": "What went wrong" }, table);
}
