// Filters as chips: those that are chosen, and those that the results suggest.

import { add, make } from "./elements.js";
import { short } from "./freshness.js";

const MOST = 6;

const SCOPES = [["code", "code only"], ["tests", "tests only"], ["no-tests", "no tests"]];

function chip(text, pressed, toggle, more = {}) {
  return make("button", { type: "button", class: "chip", "aria-pressed": String(pressed), onclick: toggle, ...more }, text);
}

function tally(values) {
  const found = new Map();
  for (const each of values) if (each) found.set(each, (found.get(each) ?? 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function group(name, children) {
  if (!children.length) return null;
  return make("div", { class: "group", role: "group", "aria-label": name }, make("span", { class: "name" }, name), children);
}

/** Chips of one filter: what is chosen first, then what the results have most of. */
function suggested(asked, filter, values, change, shown = (each) => each) {
  const chosen = asked[filter];
  const others = tally(values).filter(([each]) => !chosen.includes(each)).slice(0, MOST);
  const off = chosen.map((each) =>
    chip(shown(each), true, () => change({ [filter]: chosen.filter((other) => other !== each) }), { title: each }),
  );
  const on = others.map(([each, number]) =>
    chip([shown(each), " ", make("span", { class: "count" }, String(number))], false,
      () => change({ [filter]: [...chosen, each] }), { title: each }),
  );
  return others.length + chosen.length > 1 || chosen.length ? [...off, ...on] : [];
}

function typed(asked, filter, label, change, listed = []) {
  const list = `known-${filter}`;
  const input = make("input", { type: "text", name: filter, "aria-label": label, placeholder: label, list,
    autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const form = make("form", { class: "typed", onsubmit: (event) => {
    event.preventDefault();
    const value = input.value.trim();
    input.value = "";
    if (value && !asked[filter].includes(value)) change({ [filter]: [...asked[filter], value] });
  } }, input);
  if (listed.length) add(form, make("datalist", { id: list }, listed.map((each) => make("option", { value: each }))));
  else input.removeAttribute("list");
  return form;
}

/** All of them. `change` gets what is to be asked instead. */
export function chips(asked, hits, indexes, change) {
  const folders = asked.path.map((each) =>
    chip(each, true, () => change({ path: asked.path.filter((other) => other !== each) })),
  );
  const scopes = SCOPES.map(([scope, text]) =>
    chip(text, asked.scope.includes(scope), () => change({ scope: asked.scope.includes(scope) ? [] : [scope] })),
  );
  const bar = make("div", { class: "chips" });
  add(
    bar,
    group("Only", scopes),
    group("Language", suggested(asked, "lang", hits.map((hit) => hit.language), change)),
    group("Kind", suggested(asked, "kind", hits.map((hit) => hit.kind), change)),
    group("Path", [...folders, typed(asked, "path", "src/**, *.py", change)]),
    group("Repository", [
      ...suggested(asked, "repo", hits.map((hit) => hit.repository), change, short),
      ...(indexes.size > 1 ? [typed(asked, "repo", "Another repository", change, [...indexes.keys()])] : []),
    ]),
  );
  return bar;
}
