// What is known of the repositories one may see: how fresh each is.

import { get } from "./api.js";
import { add, ago, count, make } from "./elements.js";

const KEPT = 15_000;

let known = new Map();
let asked = 0;
let asking = null;

/** All repositories, by name; asked for again after a while. */
export async function repositories() {
  if (asking === null && Date.now() - asked > KEPT) {
    asking = get("repositories").then(
      (answer) => {
        known = new Map(answer.repositories.map((each) => [each.repository, each]));
        asked = Date.now();
        asking = null;
      },
      (error) => {
        asking = null;
        throw error;
      },
    );
  }
  if (asking !== null) await asking;
  return known;
}

/** What an answer says of them is newer. */
export function learn(indexes) {
  for (const each of indexes) known.set(each.repository, each);
}

/** Forget them: somebody else is logged in. */
export function forget() {
  known = new Map();
  asked = 0;
}

/** How fresh a repository's index is, in words. */
export function freshness(index) {
  if (!index) return null;
  const when = make("span", { class: "fresh" }, `indexed ${ago(index.updated)}`);
  when.title = new Date(index.updated * 1000).toLocaleString();
  if (index.commit) when.append(` at ${index.commit.slice(0, 8)}`);
  add(when, behind(index));
  if (!index.complete) when.append(make("strong", { class: "partial" }, " · still being indexed"));
  return when;
}

/** How far it is behind of its branch, or nothing: it is not, or nobody knows. */
export function behind(index) {
  const newest = index.newest;
  if (!newest || newest.commits === 0) return null;
  const since = newest.commits === null && newest.seen ? ` since ${ago(newest.seen)}` : "";
  const by = newest.commits === null ? "behind" : `${count(newest.commits, "commit")} behind`;
  return make("strong", { class: "behind", title: `Now at ${newest.commit}` }, ` · ${by}${since}`);
}

/** The name without its host, for where there is little room. */
export function short(repository) {
  const parts = repository.split("/");
  return parts.length > 2 && parts[0].includes(".") ? parts.slice(1).join("/") : repository;
}
