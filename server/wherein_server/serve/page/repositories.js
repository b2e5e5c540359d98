// All repositories that one may see.

import { of_search } from "./address.js";
import { get } from "./api.js";
import { add, ago, count, inside, make, say } from "./elements.js";
import { behind } from "./freshness.js";

/** `signal` says that something else is to be shown. */
export async function show(view, signal) {
  const { repositories, left_out: left } = await get("repositories", {}, signal);
  if (signal.aborted) return;
  const rows = repositories.map((each) =>
    make("tr", {},
      make("th", { scope: "row" }, inside(of_search({ repo: [each.repository] }), {}, each.repository)),
      make("td", {}, ago(each.updated), behind(each), each.complete ? null : make("strong", { class: "partial" }, " · still being indexed")),
      make("td", { class: "commit" }, each.commit ? each.commit.slice(0, 8) : "—"),
      make("td", { class: "figure" }, each.files.toLocaleString("en")),
      make("td", { class: "figure" }, each.chunks.toLocaleString("en")),
    ),
  );
  const filter = make("input", { type: "search", name: "filter", "aria-label": "Filter by name", placeholder: "Filter by name", oninput: () => {
    const wanted = filter.value.toLowerCase();
    for (const row of rows) row.hidden = !row.firstChild.textContent.toLowerCase().includes(wanted);
  } });
  const heads = ["Repository", "Indexed", "Commit", "Files", "Pieces"].map((each) => make("th", { scope: "col" }, each));
  const page = make("section", { class: "repositories" }, make("h1", {}, count(repositories.length, "repository", "repositories")), filter);
  const table = make("table", {}, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, rows));
  add(page, make("div", { class: "wide", role: "region", tabindex: "0", "aria-label": "Repositories" }, table));
  add(page, left.map((each) => make("p", { class: "note" }, each)));
  view.replaceChildren(page);
  say(count(repositories.length, "repository", "repositories"));
}
