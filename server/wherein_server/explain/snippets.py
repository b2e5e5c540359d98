"""A hit as a snippet."""

from wherein.hit import Hit
from wherein_server.explain.context import Role, Snippet


def snippet(hit: Hit, role: Role, focus: int = 0) -> Snippet:
    """`focus`: the line that matters most."""
    return Snippet(
        path=hit.path,
        start_line=hit.start_line,
        end_line=hit.end_line,
        symbol=hit.qualified_name or hit.symbol,
        kind=hit.kind,
        language=hit.language,
        text=hit.text,
        role=role,
        focus=focus,
    )
