"""`related`: code similar to that at a place."""

from wherein_server.cli import jsonout
from wherein_server.mcp import shown
from wherein_server.mcp.tools.call import Reply, ToolCall

DEFAULT_LIMIT = 6

HEIGHT = 4
"""Lines of each."""


def run(call: ToolCall) -> Reply:
    """Hits, the likest first."""
    path, line = call.place(call.arguments["target"])
    hits = call.index.related(path, line, limit=call.arguments.get("limit", DEFAULT_LIMIT))
    if call.wants_json:
        return call.document(jsonout.results(hits))
    page, _ = call.page("" if hits else "Nothing similar was found.")
    for at, hit in enumerate(hits):
        if not page.add(shown.head(hit)):
            page.end(f"{len(hits) - at} more; raise max_tokens to see them.")
            break
        page.add_all(shown.code(hit, (), HEIGHT))
    return Reply(page.text(), found=bool(hits))
