// What a language model says, as it says it: text, with links to its sources and none else.

import { of_file } from "./address.js";
import { events } from "./api.js";
import { add, inside, make, say } from "./elements.js";
import { short } from "./freshness.js";

/** A button that asks the question of a search about one repository: the one chosen, else that of the best result.
 * `signal` says that the page shows something else: the model need not go on. */
export function ask_button(asked, hits, signal) {
  const repo = asked.repo.length === 1 ? asked.repo[0] : hits[0]?.repository;
  if (!repo) return null;
  return button(`Ask ${short(repo)}`, "ask", { repo, question: asked.q.trim() }, signal, (panel, at) => at.closest(".summary").after(panel));
}

/** A button that has the definition at a line explained. */
export function explain_button(asked, signal) {
  return button("Explain", "explain", { repo: asked.repo, path: asked.path, line: asked.line }, signal, (panel, at) => at.after(panel));
}

function button(text, name, body, signal, put) {
  const made = make("button", { type: "button", class: "model" }, text);
  made.addEventListener("click", () => {
    document.querySelector(".answer")?.dispatchEvent(new Event("stop"));
    const panel = make("section", { class: "answer", "aria-label": "Answer", tabindex: "-1" });
    put(panel, made);
    run(panel, name, body, signal);
  });
  return made;
}

async function run(panel, name, body, signal) {
  const stopped = new AbortController();
  const text = make("div", { class: "text" });
  const foot = make("div", { class: "answer-foot" });
  const stop = make("button", { type: "button", onclick: () => end() }, "Stop");
  const waiting = make("p", { class: "quiet" }, "Reading the code …");
  const end = () => {
    stopped.abort();
    panel.remove();
  };
  panel.addEventListener("stop", end);
  signal.addEventListener("abort", end);
  panel.replaceChildren(stop, waiting, text, foot);
  panel.focus();
  const said = { text: "", sources: new Map() };
  try {
    for await (const [event, data] of events(name, body, stopped.signal)) {
      waiting.remove();
      if (event === "sources") said.sources = new Map(data.sources.map((each) => [each.n, each]));
      if (event === "text") {
        said.text += data.text;
        text.replaceChildren(...cited(said, body.repo));
      }
      if (event === "done") {
        add(foot, sources(said, body.repo, data.cited));
        add(foot, data.notes.map((note) => make("p", { class: "note" }, note)));
        add(foot, make("p", { class: "quiet" }, `${data.model}${data.cached ? ", from before" : ""}`));
        say("The answer is complete");
      }
      if (event === "error") wrong(foot, data);
    }
  } catch (error) {
    if (error.name !== "AbortError") wrong(foot, error);
  }
  waiting.remove();
  stop.textContent = "Close";
}

function wrong(foot, error) {
  add(foot, make("p", { role: "alert" }, error.message, error.remedy ? ` (${error.remedy})` : ""));
}

/** The text, where [3] is a link to the third source. */
function cited(said, repo) {
  return said.text.split(/(\[\d{1,3}\])/).map((piece) => {
    const source = /^\[\d+\]$/.test(piece) ? said.sources.get(Number(piece.slice(1, -1))) : undefined;
    return source ? inside(of_file(repo, source.path, source.start_line), { title: `${source.path}:${source.start_line}` }, piece) : piece;
  });
}

function sources(said, repo, used) {
  const rows = [...said.sources.values()].filter((each) => used.includes(each.n)).map((each) =>
    make("li", {}, `[${each.n}] `, inside(of_file(repo, each.path, each.start_line), {}, `${each.path}:${each.start_line}`), ` ${each.symbol}`),
  );
  return rows.length ? make("ul", { class: "sources" }, rows) : null;
}
