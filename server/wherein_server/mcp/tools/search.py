"""`search`: code by what it does."""

from wherein.search.query import terms_of
from wherein_server.cli import jsonout
from wherein_server.mcp import shown
from wherein_server.mcp.tools.call import Reply, ToolCall
from wherein_server.sketch import thought_of_sketch

DEFAULT_LIMIT = 8

DEFAULT_TOKENS = 1000
"""With 1,500 as many of 120 questions are answered (95 in 20 steps, benchmarks/agents.py), after 4.3 steps on average
instead of 4.5, for 1,458 tokens instead of 977 (median)."""

HEIGHT = 16
"""Lines of code of each hit, as far as the budget goes. 24 for the first and ever fewer for others, or 10 for each, are
within 3 % of the tokens, and take .1 to .2 steps more."""


def run(call: ToolCall) -> Reply:
    """Hits, best first, each with its most telling lines."""
    call.tokens = DEFAULT_TOKENS
    query = call.arguments["query"]
    hits = call.index.search(
        query,
        limit=call.arguments.get("limit", DEFAULT_LIMIT),
        scopes=[scope] if (scope := call.arguments.get("scope")) else (),
        thought=thought_of_sketch(call.arguments.get("sketch")),
        say=call.notes.append,
    )
    if call.wants_json:
        return call.document(jsonout.results(hits), query=jsonout.readable(query))
    page, _ = call.page("" if hits else "Nothing found.")
    if not hits:
        page.end("Next: try other words, or grep for an exact text; the same query finds nothing again.")
        return Reply(page.text(), found=False)
    terms = terms_of(query)
    heads = [f"{place}. {shown.head(hit)}" for place, hit in enumerate(hits, 1)]
    # what the heads of all take is kept for them: a place without code is still a place
    reserved = _cost(heads)
    for place, (hit, head) in enumerate(zip(hits, heads, strict=True)):
        reserved -= _cost([head])
        if not page.add(head):
            page.end(f"{len(hits) - place} more; raise max_tokens to see them.")
            break
        for line in shown.code(hit, terms, HEIGHT):
            if _cost([line]) > page.left - reserved or not page.add(line):
                break
    return Reply(page.text())


def _cost(lines: list[str]) -> int:
    from wherein_server.explain.estimate import estimate_tokens

    return sum(map(estimate_tokens, lines))
