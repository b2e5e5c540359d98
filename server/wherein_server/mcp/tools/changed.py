"""`changed`: which definitions changed."""

from wherein_server.cli import jsonout
from wherein_server.cli.sanitize import shown_name
from wherein_server.mcp.tools.call import Reply, ToolCall


def run(call: ToolCall) -> Reply:
    """Definitions, by path and line."""
    before, changes = call.index.changed_since(call.arguments.get("since"))
    if call.wants_json:
        records = [jsonout.change(each) for each in changes]
        since = {"revision": before.revision, "commit": before.commit}
        return call.document(records, since=since)
    title = f"{len(changes)} definitions changed since {shown_name(before.revision)} ({before.commit[:12]})"
    page, _ = call.page(title)
    count = page.add_all(
        f"{shown_name(each.path)}:{each.start_line} {each.how} {each.kind} "
        f"{shown_name(each.qualified_name or each.symbol)}"
        for each in changes
    )
    if count < len(changes):
        page.end(f"{len(changes) - count} more; raise max_tokens to see them.")
    return Reply(page.text(), found=bool(changes))
