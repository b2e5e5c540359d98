"""`symbol`: where a name is defined."""

from wherein_server.cli import jsonout
from wherein_server.mcp import shown
from wherein_server.mcp.tools.call import Reply, ToolCall

DEFAULT_LIMIT = 10


def run(call: ToolCall) -> Reply:
    """Definitions, one a line."""
    hits = call.index.symbols(call.arguments["target"], limit=call.arguments.get("limit", DEFAULT_LIMIT))
    if call.wants_json:
        return call.document(jsonout.results(hits))
    page, _ = call.page("" if hits else "No definition has this name or a similar one.")
    if not hits:
        page.end("Next: search for what it does, or grep for the text; it may belong to a dependency.")
        return Reply(page.text(), found=False)
    count = page.add_all(f"{shown.head(hit)}: {hit.title.strip()}" for hit in hits)
    if count < len(hits):
        page.end(f"{len(hits) - count} more; raise max_tokens or name it in full.")
    return Reply(page.text())
