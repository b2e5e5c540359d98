// What the address says is shown, and the other way round: every state of the page can be shared.

import { parameters } from "./api.js";

const USUAL = 20; // results, unless more are asked for
const LONG = 4000; // characters of an address; with more, servers on the way refuse it

export const FILTERS = ["repo", "lang", "kind", "path", "scope"];

/** The page and its parameters: {page, q, repo: […], …} or {page, repo, path, line}. */
export function read(location = window.location) {
  const given = new URLSearchParams(location.search);
  if (location.pathname === "/file") {
    return {
      page: "file",
      repo: given.get("repo") ?? "",
      path: given.get("path") ?? "",
      path_bytes: given.get("path_bytes") ?? "",
      line: Number.parseInt(given.get("line") ?? "0", 10) || 0,
    };
  }
  if (location.pathname !== "/") return { page: location.pathname.slice(1) };
  const limit = Number.parseInt(given.get("limit") ?? "", 10) || USUAL;
  const long = new URLSearchParams(location.hash.slice(1)).get("q");
  const asked = { page: "search", q: given.get("q") ?? long ?? "", limit: Math.min(Math.max(limit, 1), 100) };
  for (const each of FILTERS) asked[each] = given.getAll(each);
  return asked;
}

/** A text that is too long for a server stands behind the #, which no browser sends to one. */
export function of_search({ page, limit, q, ...asked }) {
  const others = { ...asked, limit: limit === USUAL ? undefined : limit };
  const given = parameters({ q, ...others }).toString();
  if (given.length <= LONG) return given ? `/?${given}` : "/";
  const rest = parameters(others).toString();
  return `/${rest && "?"}${rest}#${parameters({ q })}`;
}

export function of_file(repo, path, line, path_bytes = null) {
  const where = path_bytes ? { repo, path, path_bytes, line } : { repo, path, line };
  return `/file?${parameters(where)}`;
}

export function filtered(asked) {
  return FILTERS.some((each) => asked[each]?.length);
}
