"""`outline`: what a file defines."""

from wherein_server.cli import jsonout
from wherein_server.mcp import shown
from wherein_server.mcp.tools.call import Reply, ToolCall


def run(call: ToolCall) -> Reply:
    """The file's tree."""
    return of(call, call.path(call.arguments["target"]))


def of(call: ToolCall, path: str) -> Reply:
    """The same for a path of the index."""
    found = call.index.outline(path)
    if call.wants_json:
        return call.document([jsonout.outlined(each) for each in found], path=jsonout.readable(path))
    page, _ = call.page(f"{path}{'' if found else ' defines nothing'}")
    count = page.add_all(map(shown.outlined, found))
    if count < len(found):
        page.end(f"{len(found) - count} more; raise max_tokens to see them.")
    return Reply(page.text(), found=bool(found))
