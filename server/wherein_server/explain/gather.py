"""A target → the context that explains it. Reads the index and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from wherein.errors import ConfigError, NotFound
from wherein.hit import Hit
from wherein.scopes import is_test
from wherein.search.rank.kinds import TEXTS
from wherein_server.explain.code_first import asks_for_tests, code_first
from wherein_server.explain.context import Context, Snippet, make_context
from wherein_server.explain.conversation import Exchange, bounded
from wherein_server.explain.earlier import earlier
from wherein_server.explain.endpoint.endpoint import UNTOLD_PROMPT_TOKENS
from wherein_server.explain.prompt import fitted, overhead_tokens
from wherein_server.explain.snippets import snippet as _snippet
from wherein_server.explain.targets import PlaceTarget, Question, SymbolTarget, Target

if TYPE_CHECKING:
    from wherein.call import Call
    from wherein.index import Index

MOST_CALLS = 12
"""Callers and callees of the target, each: no window that answers soon has room for more."""

RESULTS = 10
"""Hits for a question."""

FOLLOWED = 2
"""How many of the best hits are shown whole, with their calls followed. Of 100 questions answered by a function, the
share where a model of 4,096 tokens is shown the function: .747 with 3, .767 with 2, .742 with 1."""

CALLS_OF_RESULT = 2
"""Callers and callees of each of those."""

MOST_DOCS = 3

MOST_MEMBERS = 30
"""Of a class that is explained, after its head."""


def gather(
    index: "Index",
    target: Target,
    *,
    budget_tokens: int | None = None,
    question: str = "",
    history: Sequence[Exchange] = (),
) -> Context:
    """Everything that explains the target, from one state of the index, packed into `budget_tokens` estimated tokens of
    prompt; `answer` packs it again for the endpoint that it asks.

    With a `question`, the definition is asked about instead of explained. With `history`, what earlier answers were
    based on is shown again, as it is now, beside what a search for the new question finds.

    Raises IndexMissing; NotFound for a name that nothing defines and a question that nothing answers; ConfigError for a
    file outside the repository or not in the index, and for a line past its end.
    """
    history = bounded(history)
    room = (budget_tokens or UNTOLD_PROMPT_TOKENS) - overhead_tokens(target, question, history)
    material, notes = index.at_once(lambda: _gathered(index, target, question, history))
    made = make_context(target, material, max(room, 0), notes, question=question, history=history)
    return made if not history else fitted(made, budget_tokens or UNTOLD_PROMPT_TOKENS)


def _gathered(
    index: "Index", target: Target, question: str, history: Sequence[Exchange]
) -> tuple[list[Snippet], list[str]]:
    """The snippets, and sentences for people."""
    notes: list[str] = []
    if isinstance(target, Question):
        material = code_first(_for_question(index, target, history), target.text)
    else:
        if isinstance(target, SymbolTarget):
            hit, focus = _named(index, target.name, notes), 0
        else:
            hit, focus = _at(index, target), target.line
        material = _for_definition(index, hit, focus)
        if question or history:
            more = _alternately(_found(index, question, history), earlier(index, history))
            material = _with_more(material, more)
    return list(_distinct(material)), notes


def _with_more(material: Iterator[Snippet], more: Iterable[Snippet]) -> Iterator[Snippet]:
    """The definition first."""
    yield next(material)
    yield from _alternately(more, material)


def _alternately(*of: Iterable[Snippet]) -> Iterator[Snippet]:
    for row in zip_longest(*of, fillvalue=None):
        yield from (snippet for snippet in row if snippet is not None)


def _found(index: "Index", question: str, history: Sequence[Exchange]) -> Iterator[Snippet]:
    """What searches find for a question, and for it together with the previous one, which it may take for granted: "and
    where is it tested?"."""
    if not question:
        return
    asked = [question, *(f"{question} {each.question}" for each in history[-1:])]
    found = [_search(index, each) for each in asked]
    yield from _alternately(*([_snippet(hit, "result") for hit in hits] for hits in found))


def _search(index: "Index", text: str) -> list[Hit]:
    try:
        return index.search(text, limit=RESULTS)
    except ConfigError:  # without a word to look for: what was shown before may do
        return []


def _at(index: "Index", target: PlaceTarget) -> Hit:
    if target.path.startswith("/") or ".." in target.path.split("/"):
        raise ConfigError(f"{target.path} is outside the repository.")
    return index.definition(target.path, target.line)


def _named(index: "Index", name: str, notes: list[str]) -> Hit:
    """The definition of a name, in code if there is one; `notes` gets a sentence if there are others."""
    found = index.defined(name)
    best = found[0]
    others = {(hit.path, hit.qualified_name) for hit in found if hit.kind not in TEXTS}
    others -= {(best.path, best.qualified_name)}
    if others:
        first = ", ".join(f"{qualified} in {path}" for path, qualified in sorted(others)[:3])
        notes.append(
            f"{name} is defined more than once; this is {best.path}:{best.start_line}. There is also {first}."
        )
    return index.definition(best.path, best.start_line)


def _for_definition(index: "Index", hit: Hit, focus: int) -> Iterator[Snippet]:
    """The definition; then by turns what calls it, what it calls and what is written about it."""
    yield _snippet(hit, "definition", focus)
    callers = _calls(index.callers(hit.path, hit.start_line, limit=MOST_CALLS), "caller")
    callees = _calls(index.callees(hit.path, hit.start_line, limit=MOST_CALLS), "callee")
    beside = list(_neighbours(index, hit))
    docs = [_snippet(doc, "documentation") for doc in _docs(index, hit)]
    for row in zip_longest(callees, callers, beside[:1] + docs + beside[1:], fillvalue=None):
        yield from (snippet for snippet in row if snippet is not None)


def _for_question(index: "Index", question: Question, history: Sequence[Exchange] = ()) -> Iterator[Snippet]:
    """What a search finds; for the best hits, what calls them and what they call; in a conversation, also what was
    shown before."""
    if history:
        shown = _alternately(earlier(index, history), _found(index, question.text, history))
        first = next(shown, None)
        if first is None:
            raise _no_answer()
        yield first
        yield from shown
        return
    hits = index.search(question.text, limit=RESULTS, thought=question.thought)
    if not hits:
        raise _no_answer()
    code = (
        []
        if asks_for_tests(question.text)
        else [hit for hit in hits if not is_test(hit.path, hit.qualified_name)]
    )
    best = (code or hits)[:FOLLOWED]
    for hit in best:
        yield _snippet(_whole(index, hit), "result")
    related: list[Snippet] = []
    for hit in best:
        related += _calls(index.callees(hit.path, hit.start_line, limit=CALLS_OF_RESULT), "callee")
        related += _calls(index.callers(hit.path, hit.start_line, limit=CALLS_OF_RESULT), "caller")
    rest = [_snippet(hit, "result") for hit in hits if hit not in best]
    for row in zip_longest(rest, related, fillvalue=None):
        yield from (snippet for snippet in row if snippet is not None)


def _no_answer() -> NotFound:
    return NotFound("Nothing in the index matches the question.", remedy="try other words")


def _whole(index: "Index", hit: Hit) -> Hit:
    """The definition that a hit is a piece of, if it is one."""
    return index.definition(hit.path, hit.start_line) if hit.symbol else hit


def _neighbours(index: "Index", hit: Hit) -> Iterator[Snippet]:
    """The class around it, the members of a class, the head of the file, what is before and after."""
    chunks = index.chunks(hit.path)
    outer = hit.qualified_name.removesuffix(hit.symbol).rstrip(".:#/") if hit.symbol else ""
    heads = [chunk for chunk in chunks if outer and chunk.qualified_name == outer]
    members = [
        chunk
        for chunk in chunks
        if hit.qualified_name and chunk.qualified_name.startswith(hit.qualified_name) and chunk.text
    ]
    before = [chunk for chunk in chunks if chunk.end_line < hit.start_line and chunk.text.strip()]
    after = [chunk for chunk in chunks if chunk.start_line > hit.end_line and chunk.text.strip()]
    for chunk in (*heads[:1], *members[:MOST_MEMBERS], *chunks[:1], *before[-1:], *after[:1]):
        yield _snippet(chunk, "neighbour")


def _docs(index: "Index", hit: Hit) -> list[Hit]:
    """Sections of documents that mention it."""
    if not hit.symbol:
        return []
    found = index.search(f"{hit.qualified_name} {hit.symbol}", limit=MOST_DOCS, kinds=("section",))
    return [doc for doc in found if hit.symbol in doc.text]


def _calls(calls: "list[Call]", role: Literal["callee", "caller"]) -> list[Snippet]:
    """The other ends of calls. A caller is shown with the call itself; a possible caller is marked as one."""
    return [
        _snippet(call.hit, "possible" if call.through else role, call.line if role == "caller" else 0)
        for call in calls
    ]


def _distinct(snippets: Iterator[Snippet]) -> Iterator[Snippet]:
    """Each line once: what an earlier snippet shows is left out."""
    shown: dict[str, list[tuple[int, int]]] = {}
    for snippet in snippets:
        spans = shown.setdefault(snippet.path, [])
        if snippet.text.strip() and not any(
            start <= snippet.end_line and snippet.start_line <= end for start, end in spans
        ):
            spans.append((snippet.start_line, snippet.end_line))
            yield snippet
