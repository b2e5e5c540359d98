"""Numbers, sizes and states in words."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherein.status import DeepStatus, OtherIndex, Status, UpdateReport

if TYPE_CHECKING:
    from wherein.deepening.fill import DeepReport


def count(number: int, noun: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: int) -> str:
    """Bytes as people read them: `412 B`, `3.1 MB`."""
    amount = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} TB"


def freshness(status: Status) -> list[str]:
    """View and commit, how far behind, how complete: what an answer is worth."""
    commit = f" @ {status.commit[:7]}" if status.commit else ""
    ref = status.view.removeprefix("ref:") if status.view.startswith("ref:") else ""
    parts = [f"{status.branch or ref or 'files on disk'}{commit}"]
    if status.behind:
        parts.append(f"{count(status.behind, 'file')} behind")
    if not status.complete:
        parts.append("indexing not finished: answers are partial")
    return parts


def doubts(status: Status) -> str:
    """One sentence when an answer may be wrong for its age, else nothing."""
    if not status.complete:
        return "The index is not complete yet: this answer is partial (wherein index finishes it)."
    if status.behind:
        verb = "differs" if status.behind == 1 else "differ"
        mends = "" if status.view.startswith("ref:") else " (wherein index refreshes it)"
        return f"{count(status.behind, 'file')} on disk {verb} from the index{mends}."
    return ""


def deep_tier(deep: DeepStatus) -> str:
    """How far the deep tier is and what answers: `63 % (deep-small@1)`."""
    shares = [(model, filled / max(chunks, 1)) for model, filled, chunks in deep.each]
    shares = shares or [(deep.model or deep.setting, deep.share or 0.0)]
    percent = ", ".join(f"{int(100 * share)} % ({model})" for model, share in shares)
    if deep.problem:
        percent += f": {deep.problem}"
    if deep.answers and deep.answers != deep.model:
        return f"{percent}; {deep.answers} answers until it is complete"
    if not deep.answers:
        return f"{percent}; only the first tier answers"
    return percent


def deep_summary(report: "DeepReport") -> str:
    """What filling the deep tier did."""
    done = f"Deep tier: {report.filled:,} of {count(report.chunks, 'chunk')} ({report.model})"
    rate = f", {report.embedded / report.seconds:,.0f} a second" if report.embedded and report.seconds else ""
    return f"{done}; {report.embedded:,} embedded, {report.shared:,} known already; {report.seconds:.1f} s{rate}."


def update_summary(report: UpdateReport) -> str:
    """What an update did."""
    restored = "Restored what the store had lost. " if report.restored else ""
    restored += (
        "The index was made by another version or for another model; it is rebuilt. "
        if report.renewed
        else ""
    )
    changes = [
        f"{number:,} {what}"
        for number, what in (
            (report.files_added, "added"),
            (report.files_changed, "changed"),
            (report.files_removed, "removed"),
        )
        if number
    ]
    if not changes:
        return f"{restored}Up to date; nothing {'else ' if restored else ''}to do ({report.seconds:.1f} s)."
    files = report.files_added + report.files_changed + report.files_removed
    skipped = report.files_skipped
    left_out = f", {skipped:,} left out (wherein files --skipped)" if skipped else ""
    return (
        f"{restored}{count(files, 'file')}: {', '.join(changes)}; {report.files_embedded:,} read, "
        f"{count(report.chunks, 'chunk')} written ({report.seconds:.1f} s). "
        f"Indexed: {count(report.files, 'file')}{left_out}."
    )


MOST_NAMED = 3


def named(names: Sequence[str]) -> str:
    """The first few of some names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def other_index(index: "OtherIndex") -> str:
    """Another index of the same repository, of which this version reads nothing."""
    whose = {"newer": "a newer wherein", "older": "an older wherein", "as old": "another model"}[index.age]
    if index.replaced and index.made_with:
        whose = f"{whose}, {'abandoned by a rollback' if index.gone_back else 'rebuilt since'}"
    elif index.replaced:
        whose = (
            f"it was {'after a rebuild that was rolled back' if index.gone_back else 'before it was rebuilt'}"
        )
    with_ = f" ({index.made_with})" if index.made_with else ""
    day = "" if index.updated is None else f", {time.strftime('%Y-%m-%d', time.localtime(index.updated))}"
    prefix = "as " if index.replaced and not index.made_with else "for "
    held = f"{count(index.chunks, 'chunk')}, {size(index.bytes)}, {count(index.views, 'view')}{day}"
    return f"{prefix}{whose}{with_}: {held}"
