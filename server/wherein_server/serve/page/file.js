// A file, with its outline, callers and callees.

import { of_file } from "./address.js";
import { get } from "./api.js";
import { explain_button } from "./answer.js";
import { code_of } from "./code.js";
import { add, count, inside, make, outside, say } from "./elements.js";
import { freshness, short } from "./freshness.js";

const BLOCK = 100; // lines that a browser lays out together
const MOST_EARLIER = 2000; // lines before those that are there, at once

let shown = null; // {repo, path, answer, rows}

/** Show a file at a line, unless `signal` says that something else is to be shown. Refused. */
export async function show(view, asked, change, me, signal) {
  const same = shown && shown.repo === asked.repo && shown.path === asked.path && view.contains(shown.code);
  if (!same) {
    view.setAttribute("aria-busy", "true");
    const where = asked.path_bytes ? { repo: asked.repo, path_bytes: asked.path_bytes } : { repo: asked.repo, path: asked.path };
    let answer = await get("file", { ...where, ...around(asked.line) }, signal);
    if (!answer.lines.length && answer.total_lines) answer = await get("file", where, signal); // it was longer once
    if (signal.aborted) return;
    draw(view, asked, where, answer, change);
    view.removeAttribute("aria-busy");
  }
  point(asked);
  if (asked.line) await calls(asked, signal, me);
}

/** Of a very long file, what is about the line. */
function around(line) {
  return line > 3000 ? { first: line - 1500 } : {};
}

function draw(view, asked, where, answer, change) {
  const rows = new Map();
  const code = make("div", { class: "code", role: "region", "aria-label": `Code of ${asked.path}`, tabindex: "0" });
  const page = { repo: asked.repo, path: asked.path, where, rows, code, change };
  shown = page;
  const first = answer.lines[0]?.number ?? 1;
  if (first > 1) add(code, earlier(page, first));
  lines(page, answer.lines);
  const last = answer.lines.at(-1)?.number ?? 0;
  if (last < answer.total_lines) add(code, more(page, last, answer.total_lines));
  const crumbs = asked.path.split("/");
  const name = crumbs.pop();
  const title = make("h1", { class: "path" }, crumbs.map((each) => make("span", { class: "folder" }, `${each}/`)), name);
  const about = make("p", { class: "about" }, make("span", { class: "repository" }, short(asked.repo)), " ",
    make("span", {}, `${answer.language || "text"}, ${count(answer.total_lines, "line")}`), " ", freshness(answer.index));
  if (answer.link) {
    const host = new URL(answer.link).host;
    page.forge = outside(answer.link, { class: "forge", "aria-label": `This file at ${host}, in a new tab` }, `${host} ↗`);
    page.link = answer.link;
    add(about, " ", page.forge);
  }
  if (asked.line > answer.total_lines) add(about, make("strong", { class: "partial" }, `Line ${asked.line.toLocaleString("en")} is not there.`));
  page.outline = outline(page, answer.outline, answer.outline_whole);
  page.beside = make("aside", { class: "calls", "aria-label": "Callers and callees" });
  view.replaceChildren(
    make("div", { class: "file-head" }, title, about),
    make("div", { class: "file" }, page.outline, code, page.beside),
  );
  hint(page);
  say(`${asked.path} is open`);
}

function lines(page, given, before = null) {
  for (let at = 0; at < given.length; at += BLOCK) {
    const block = make("div", { class: "block" });
    for (const line of given.slice(at, at + BLOCK)) {
      const number = inside(of_file(page.repo, page.path, line.number), { class: "number", id: `L${line.number}`, tabindex: "-1", "aria-label": `Line ${line.number}` }, String(line.number));
      const row = make("div", { class: "row" }, number, code_of(line));
      page.rows.set(line.number, row);
      add(block, row);
    }
    page.code.insertBefore(block, before);
  }
}

/** A button for lines that are not there yet; `run` has them put in. */
function further(first, last, run) {
  const button = make("button", { type: "button", class: "more", onclick: async () => {
    button.disabled = true;
    try {
      await run(button);
      button.remove();
    } catch (error) {
      button.disabled = false;
      say(error.message);
    }
  } }, `Show lines ${first.toLocaleString("en")} to ${last.toLocaleString("en")}`);
  return button;
}

function more(page, last, total) {
  return further(last + 1, total, async () => {
    const answer = await get("file", { ...page.where, first: last + 1 });
    lines(page, answer.lines);
    const now = answer.lines.at(-1)?.number ?? total;
    if (now < total) add(page.code, more(page, now, total));
  });
}

function earlier(page, first) {
  const from = Math.max(1, first - MOST_EARLIER);
  return further(from, first - 1, async (button) => {
    const answer = await get("file", { ...page.where, first: from, last: first - 1 });
    const height = document.documentElement.scrollHeight;
    if (from > 1) page.code.insertBefore(earlier(page, from), button);
    lines(page, answer.lines, button);
    window.scrollBy(0, document.documentElement.scrollHeight - height); // what one was reading stays where it is
  });
}

function outline(page, given, whole) {
  const list = make("ul");
  for (const each of given) {
    const link = inside(of_file(page.repo, page.path, each.line), { class: `depth-${Math.min(each.depth, 4)}`, title: `${each.kind} ${each.qualified_name}` }, each.symbol || each.qualified_name);
    link.dataset.first = each.start_line;
    link.dataset.last = each.end_line;
    add(list, make("li", {}, link));
  }
  const wide = window.matchMedia("(min-width: 62rem)").matches;
  if (!whole) add(list, make("li", { class: "quiet" }, "Definitions elsewhere in the file are left out."));
  const body = given.length ? list : make("p", { class: "quiet" }, "No definitions.");
  return make("details", { class: "outline", open: wide }, make("summary", {}, "Outline"), make("nav", { "aria-label": "Outline" }, body));
}

/** Mark the line, and what of the outline it is in. */
function point(asked) {
  for (const row of shown.code.querySelectorAll(".row.here")) row.classList.remove("here");
  const row = shown.rows.get(asked.line);
  if (row) {
    row.classList.add("here");
    row.scrollIntoView({ block: "center" });
  }
  let best = null;
  for (const link of shown.outline.querySelectorAll("a")) {
    link.removeAttribute("aria-current");
    if (Number(link.dataset.first) <= asked.line && asked.line <= Number(link.dataset.last)) best = link;
  }
  best?.setAttribute("aria-current", "true");
  if (best) shown.outline.scrollTop = best.offsetTop - shown.outline.clientHeight / 2;
  if (shown.forge && asked.line) {
    shown.forge.href = shown.link.replace(/#.*$/, (anchor) => anchor.replace(/\d+/, asked.line).replace(/(\d+)\D+\d+$/, "$1"));
  }
}

function hint(page) {
  page.beside.replaceChildren(make("p", { class: "quiet" }, "Choose a line to see who calls its definition, and what it calls."));
}

async function calls(asked, signal, me) {
  const page = shown;
  let answer;
  try {
    answer = await get("calls", { ...page.where, line: asked.line }, signal);
  } catch (error) {
    if (!signal.aborted) page.beside.replaceChildren(make("p", { class: "quiet" }, error.message));
    return;
  }
  if (signal.aborted) return;
  const title = answer.definition.qualified_name || `lines ${answer.definition.start_line}–${answer.definition.end_line}`;
  const parts = [make("h2", {}, title)];
  if (me.answers) parts.push(explain_button(asked, signal));
  if (answer.told) {
    parts.push(...called(asked.repo, "Callers", answer.callers, true), ...called(asked.repo, "Callees", answer.callees, false));
    if (answer.unread) parts.push(make("p", { class: "quiet" }, `${count(answer.unread, "more file")} mention the name.`));
  } else parts.push(make("p", { class: "quiet" }, "Calls of this language are not known."));
  page.beside.replaceChildren(...parts);
}

function called(repo, heading, given, callers) {
  const rows = given.map(({ place, line, through }) => {
    const at = callers ? line : place.start_line;
    const href = of_file(repo, place.path, at, place.path_bytes);
    return make("li", {}, inside(href, {}, place.qualified_name || place.path.split("/").pop()),
      make("span", { class: "quiet where" }, `${place.path}:${at}`),
      through ? make("span", { class: "quiet where" }, `Possibly, because ${through} is called there`) : null);
  });
  const none = make("p", { class: "quiet" }, "None known.");
  return [make("h3", {}, `${heading} (${given.length})`), rows.length ? make("ul", {}, rows) : none];
}
