// Results of a search, one below the other.

import { of_file } from "./address.js";
import { snippet } from "./code.js";
import { add, inside, make, outside } from "./elements.js";
import { freshness, short } from "./freshness.js";

/** A result: where it is, what it is, its lines. */
function result(hit, indexes) {
  const href = of_file(hit.repository, hit.path, hit.line, hit.path_bytes);
  const folder = hit.path.slice(0, hit.path.lastIndexOf("/") + 1);
  const link = inside(
    href,
    { class: "place" },
    make("span", { class: "folder" }, folder),
    make("span", { class: "base" }, hit.path.slice(folder.length)),
    make("span", { class: "at" }, `:${hit.line}`),
  );
  const head = make("div", { class: "head" }, make("h2", {}, link));
  if (hit.qualified_name) {
    const name = make("span", { class: "symbol" }, hit.qualified_name);
    add(head, make("span", { class: "what" }, make("span", { class: "kind" }, hit.kind), " ", name));
  }
  const foot = make("div", { class: "foot" });
  add(foot, make("span", { class: "repository", title: hit.repository }, short(hit.repository)));
  add(foot, freshness(indexes.get(hit.repository)));
  if (hit.link) {
    const host = new URL(hit.link).host;
    const said = `${hit.path} at ${host}, in a new tab`;
    add(foot, outside(hit.link, { class: "forge", "aria-label": said }, `${host} ↗`));
  }
  const lines = snippet(hit.lines);
  lines.addEventListener("click", () => {
    if (!window.getSelection()?.toString()) link.click();
  });
  return make("li", { class: "result" }, make("article", {}, head, lines, foot));
}

/** The list. */
export function results(hits, indexes) {
  return make("ol", { class: "results" }, hits.map((hit) => result(hit, indexes)));
}

/** The links that arrow keys go through. */
export function places() {
  return [...document.querySelectorAll(".results .place")];
}
