// Search as one types.

import { filtered, of_search } from "./address.js";
import { find } from "./api.js";
import { ask_button } from "./answer.js";
import { chips } from "./chips.js";
import { add, count, inside, make, say } from "./elements.js";
import { freshness, learn, repositories, short } from "./freshness.js";
import { results } from "./results.js";
import { failed, state, tried } from "./states.js";

const LULL = 60; // milliseconds without a letter, after which the next one is asked at once
const PAUSE = 40; // after letters that come faster, as those of a key that is held
const MOST_SHOWN = 100; // results
const MOST_KEPT = 30; // answers, so that going back is at once

const LISTING = ["lang", "kind", "path", "scope"]; // filters that need no words beside them

const EXAMPLES = ["where are redirects followed", "retry with a growing pause", "kind:class parser", "lang:go read a config file"];

const kept = new Map();

let waiting = null;
let typed = -Infinity; // when the last letter came

function keep(address, answer) {
  kept.delete(address);
  kept.set(address, answer);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}

/** Answers of before are no more to be shown. */
export function forget_results() {
  kept.clear();
}

/** Show what is asked. `change` shows something else instead; `me` is who asks; `signal` says that something else is to be
 * shown. */
export async function show(view, asked, change, me, signal) {
  if (!asked.q.trim() && !filtered(asked)) {
    await welcome(view, me, signal);
    return;
  }
  const address = of_search(asked);
  const listed = repositories().catch(() => new Map()); // which are asked for beside the results
  const known = kept.get(address);
  if (known) {
    const indexes = await listed;
    if (!signal.aborted) shown(view, asked, known, indexes, change, me, signal);
    return;
  }
  view.setAttribute("aria-busy", "true");
  try {
    const { page, ...query } = asked;
    const all = !asked.q.trim() && !LISTING.some((each) => asked[each].length);
    const path = all ? ["*"] : asked.path; // filters alone list what they keep
    const answer = await find({ ...query, path, q: asked.q.trim() || " " }, signal);
    keep(address, answer);
    const indexes = await listed;
    learn(answer.indexes);
    if (!signal.aborted) shown(view, asked, answer, indexes, change, me, signal);
  } catch (error) {
    const indexes = await listed;
    if (signal.aborted) return;
    if (error.status === 401) throw error;
    if (error.status === 400) half_typed(view, asked, error, indexes, change);
    else if (error.status === 404 && !indexes.size) view.replaceChildren(empty(me));
    else view.replaceChildren(failed(error, () => change({})));
    say(error.message);
  }
}

/** Show it now, or where letters come fast, in a moment, unless something else is asked until then. */
export function show_soon(run) {
  const now = performance.now();
  const lull = now - typed > LULL;
  typed = now;
  clearTimeout(waiting);
  if (lull) run();
  else waiting = setTimeout(run, PAUSE);
}

/** What was typed is not asked: something else is. */
export function leave() {
  clearTimeout(waiting);
}

function shown(view, asked, answer, indexes, change, me, signal) {
  const hits = answer.results;
  const told = hits.length
    ? `${count(hits.length, "result")} in ${count(answer.searched, "repository", "repositories")}`
    : "Nothing found";
  const head = make("div", { class: "summary" }, make("h1", {}, told), make("span", { class: "time" }, `${Math.round(answer.milliseconds)} ms`));
  if (me.answers && asked.q.trim()) add(head, ask_button(asked, hits, signal));
  const parts = [chips(asked, hits, indexes, change)];
  if (hits.length) {
    parts.push(head);
    for (const note of answer.notes) parts.push(make("p", { class: "note" }, note));
    parts.push(results(hits, indexes));
  }
  if (hits.length === asked.limit && asked.limit < MOST_SHOWN) parts.push(further(asked, change));
  if (!hits.length) parts.push(nothing(asked, answer.notes, change));
  put(view, parts);
  say(told);
}

/** Show these instead; a filter that is being typed goes on. */
function put(view, parts) {
  const before = document.activeElement;
  const typing = view.contains(before) && before.tagName === "INPUT" ? before : null;
  view.replaceChildren(...parts);
  const now = typing && view.querySelector(`input[name="${typing.name}"]`);
  if (!now) return;
  now.value = typing.value;
  now.focus();
}

function nothing(asked, notes, change) {
  const all = { repo: [], lang: [], kind: [], path: [], scope: [] };
  const without = make("button", { type: "button", class: "main", onclick: () => change(all) }, "Search without filters");
  return state("Nothing found", [...notes, "Other words may be closer to what the code says."], filtered(asked) && without);
}

function further(asked, change) {
  const more = Math.min(asked.limit * 2 + 10, MOST_SHOWN);
  return make("button", { type: "button", class: "further", onclick: () => change({ limit: more }) }, "More results");
}

function half_typed(view, asked, error, indexes, change) {
  put(view, [chips(asked, [], indexes, change), state("Not understood", [error.message, tried(error.remedy)])]);
}

function empty(me) {
  const what = me.session ? "Nothing that you may see is indexed." : "No repository is indexed yet.";
  return state("Nothing to search", [what, "wherein index, in a repository, indexes it."]);
}

async function welcome(view, me, signal) {
  const indexes = [...(await repositories()).values()];
  if (signal.aborted) return;
  if (!indexes.length) {
    view.replaceChildren(empty(me));
    return;
  }
  const latest = indexes.sort((a, b) => b.updated - a.updated).slice(0, 8);
  const chunks = indexes.reduce((sum, each) => sum + each.chunks, 0);
  const examples = EXAMPLES.map((each) => make("li", {}, inside(of_search({ q: each }), {}, each)));
  const recent = latest.map((each) =>
    make("li", {}, inside(of_search({ repo: [each.repository] }), { title: each.repository }, short(each.repository)), " ", freshness(each)),
  );
  view.replaceChildren(
    make("section", { class: "welcome" },
      make("h1", {}, "Where is it done?"),
      make("p", {}, `Search ${count(indexes.length, "repository", "repositories")}, ${count(chunks, "piece")} of code, by what it does, by name, or by a pasted trace.`),
      make("div", { class: "columns" },
        make("section", {}, make("h2", {}, "For example"), make("ul", {}, examples)),
        make("section", {}, make("h2", {}, "Indexed last"), make("ul", {}, recent)),
        make("section", {}, make("h2", {}, "Keys"), keys()),
      ),
    ),
  );
}

function keys() {
  const rows = [["/", "search"], ["↓ ↑", "through the results"], ["Enter", "open"], ["Esc", "back"]];
  return make("dl", { class: "keys" }, rows.map(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)]));
}
