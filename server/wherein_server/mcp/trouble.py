"""Errors, as they are reported to an agent: one sentence, and what to do instead."""

from wherein.errors import (
    ConfigError,
    EndpointUnreachable,
    IndexIncompatible,
    IndexMissing,
    NotAgreed,
    NotARepository,
    NotFound,
    StoreUnreachable,
    WhereinError,
)

WITHOUT = "Use your own search (grep) and file tools for now"

_NEXT: dict[type[WhereinError], str] = {
    NotFound: "Try the search tool with other words, or grep for the exact text",
    NotAgreed: f"Pass `repo` to name a repository in it; else {WITHOUT[0].lower()}{WITHOUT[1:]}",
    NotARepository: f"{WITHOUT}, or pass `repo`",
    IndexMissing: f"{WITHOUT}",
    IndexIncompatible: f"Ask the user to run what mends it; {WITHOUT.lower()}",
    StoreUnreachable: f"Tell the user; {WITHOUT.lower()}",
    EndpointUnreachable: "Read the code with the read tool (calls: true) and explain it yourself",
    ConfigError: "Correct the arguments; for files that are not indexed use your own file tool",
}


class ToolError(WhereinError):
    """An answer that is none; `remedy` is what the agent is to do."""


def told(error: WhereinError) -> str:
    """What an agent reads."""
    if isinstance(error, ToolError):
        return _joined(error.message, error.remedy)
    following = next((_NEXT[each] for each in type(error).__mro__ if each in _NEXT), WITHOUT)
    for_user = error.remedy and not isinstance(error, NotFound | ConfigError)
    mended = f"For the user: {error.remedy}." if for_user else ""
    return " ".join(filter(None, (_joined(error.message, following), mended)))


def _joined(message: str, following: str) -> str:
    following = following.rstrip(".")
    return f"{message} Next: {following}." if following else message


REPEATED = (
    "This same call failed before for the same reason, and will again: do not repeat it. "
    "Go on in another way, or tell the user."
)
"""Put after the second error that one call gets."""
