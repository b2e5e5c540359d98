"""Earlier states of a branch's view: its last commits stay searchable, each as a view of its own.

The view `ref:main` at commit C is kept as `ref:main@C` when the branch moves on. It shares all file versions with the
current view, so it costs only what differs.
"""

import re
from collections.abc import Iterable, Sequence

from wherein.store.protocol import Store, ViewRecord

REF = "ref:"
"""How the names of views of branches, tags and commits begin."""

_PAST = re.compile(r"(?P<view>.*)@(?P<commit>[0-9a-f]{40}|[0-9a-f]{64})", re.DOTALL)
_NUMBERED = re.compile(r"(?P<ref>.*)@\{(?P<number>[0-9]{1,9})\}", re.DOTALL)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def past_view(view: str, commit: str) -> str:
    """The name of what a view showed at a commit."""
    return f"{view}@{commit}"


def present_view(past: str) -> str | None:
    """The view that an earlier state belongs to; None if it is not an earlier state."""
    match = _PAST.fullmatch(past)
    return match["view"] if match and past.startswith(REF) else None


def remember(store: Store, view: str, commit: str | None, keep: int) -> None:
    """Keep what a view shows, because it is about to move on to another commit. Forget what is beyond `keep`, and
    beyond what its maker keeps: nobody's setting drops the earlier states that CI keeps."""
    record = store.view(view) if view.startswith(REF) and keep > 0 else None
    if record is None or not record.complete or record.commit in (None, commit) or present_view(view):
        return
    store.copy_view(view, past_view(view, record.commit or ""), kept=keep)
    found = past(store.views(), view)
    for at, old in enumerate(found):
        if sum(later.kept >= old.kept for later in found[:at]) >= max(keep, old.kept):
            store.drop_view(old.name)


def past(records: Iterable[ViewRecord], view: str) -> list[ViewRecord]:
    """What a view showed before, latest first."""
    found = [record for record in records if present_view(record.name) == view]
    return sorted(found, key=lambda record: record.updated, reverse=True)


def kept_branches(records: Iterable[ViewRecord], below: str = "") -> list[str]:
    """The complete current views of branches and tags, latest first; `below` ends the names of a folder's views."""
    found = [
        record
        for record in records
        if record.name.startswith(REF) and record.complete and present_view(record.name) is None
    ]
    names = [record.name for record in sorted(found, key=lambda record: record.updated, reverse=True)]
    return [name for name in names if name.removeprefix(REF).partition(":")[2] == below.removeprefix(":")]


def find(records: Sequence[ViewRecord], wanted: str, below: str = "") -> str | None:
    """The view that `main`, `main@{1}` or a commit means, of those in a store; None if it has none.

    `below` ends the names of a folder's views.
    """
    if numbered := _NUMBERED.fullmatch(wanted):
        view = f"{REF}{numbered['ref']}{below}"
        number = int(numbered["number"])
        known = [view, *(record.name for record in past(records, view))]
        return known[number] if number < len(known) and _has(records, known[number]) else None
    if _has(records, f"{REF}{wanted}{below}"):
        return f"{REF}{wanted}{below}"
    if _COMMIT.fullmatch(wanted):
        for record in records:
            view = present_view(record.name) or record.name
            whole = ":" not in view.removeprefix(REF) if not below else view.endswith(below)
            if (
                view.startswith(REF)
                and whole
                and record.complete
                and (record.commit or "").startswith(wanted)
            ):
                return record.name
    return None


def speaks_of_the_past(wanted: str) -> bool:
    """Whether only a store can know the requested view: `main@{1}`."""
    return _NUMBERED.fullmatch(wanted) is not None


def is_commit(wanted: str) -> bool:
    """Whether it may be a commit's id, or the beginning of one."""
    return _COMMIT.fullmatch(wanted) is not None


def _has(records: Sequence[ViewRecord], name: str) -> bool:
    return any(record.name == name for record in records)
