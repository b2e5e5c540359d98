// Lines of code.

import { add, count, make } from "./elements.js";

const MOST_HUNG = 12;

/** How far a line is indented; of an empty one nothing is known. */
function indent(line) {
  const text = line.pieces.map(([, piece]) => piece).join("");
  return text.trim() ? text.length - text.trimStart().length : Infinity;
}

/** The pieces of a line, each in its colour; `cut` columns are left out. What is too long goes on a little to the right. */
export function code_of(line, cut = 0) {
  const code = make("code");
  const hung = Math.min(indent(line) - cut, MOST_HUNG) + 2;
  if (Number.isFinite(hung)) {
    code.style.paddingLeft = `${hung}ch`;
    code.style.textIndent = `-${hung}ch`;
  }
  let left = cut;
  for (const [kind, piece] of line.pieces) {
    const text = piece.slice(left);
    left -= piece.length - text.length;
    if (text) add(code, kind ? make("span", { class: `c-${kind}` }, text) : text);
  }
  if (line.cut) add(code, make("span", { class: "cut" }, ` … and ${count(line.cut, "more character")}`));
  if (!code.hasChildNodes()) add(code, "\n");
  return code;
}

/** Some lines, with their numbers. */
export function snippet(lines) {
  const block = make("div", { class: "snippet" });
  const cut = Math.min(...lines.map(indent));
  for (const line of lines) {
    if (line.after_gap) add(block, make("div", { class: "gap", "aria-hidden": "true" }, "⋯"));
    const row = make("div", { class: line.matched ? "row matched" : "row" });
    add(block, add(row, make("span", { class: "number", "aria-hidden": "true" }, String(line.number)), code_of(line, Number.isFinite(cut) ? cut : 0)));
  }
  return block;
}
