"""`search`: code by what it does."""

from wherein.search.query import terms_of
from wherein_server.cli import jsonout
from wherein_server.mcp import shown
from wherein_server.mcp.tools.call import Reply, ToolCall

DEFAULT_LIMIT = 8

HEIGHTS = (24, 12, 8, 6, 4)
"""Lines of code that the first hits show, others the last of these: the first is right in half of the cases. Of 40
questions, benchmarks/agents.py says what other heights cost."""


def run(call: ToolCall) -> Reply:
    """Hits, best first, each with its most telling lines."""
    query = call.arguments["query"]
    hits = call.index.search(query, limit=call.arguments.get("limit", DEFAULT_LIMIT), say=call.notes.append)
    if call.wants_json:
        return call.document(jsonout.results(hits))
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
        for line in shown.code(hit, terms, HEIGHTS[min(place, len(HEIGHTS) - 1)]):
            if _cost([line]) > page.left - reserved or not page.add(line):
                break
    return Reply(page.text())


def _cost(lines: list[str]) -> int:
    from wherein_server.explain.estimate import estimate_tokens

    return sum(map(estimate_tokens, lines))
