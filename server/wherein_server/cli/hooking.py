"""What `wherein hook` says, on a terminal, as JSON and in an editor."""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherein.interpreter import running
from wherein_server.cli import jsonout
from wherein_server.cli.sanitize import shown_name

if TYPE_CHECKING:
    from wherein.hooks.install import Outcome
    from wherein.hooks.journal import Run
    from wherein.hooks.status import HooksStatus

INSTALLED_ALREADY = "The hooks are installed already, and complete."
NONE_THERE = "There are no hooks of wherein here."
NONE_TAKEN = "No hook was removed."


def own_command() -> list[str]:
    """What starts this very wherein, from whatever folder."""
    script = Path(sys.executable).with_name("wherein.exe" if os.name == "nt" else "wherein")
    if os.access(script, os.X_OK):
        return [str(script)]
    called = Path(sys.argv[0])
    if called.name == "wherein" and called.is_absolute() and os.access(called, os.X_OK):
        return [str(called)]
    return running("wherein_server.cli")


def none_there(outcome: "Outcome") -> str:
    """What is said where nothing of ours was taken out."""
    return NONE_TAKEN if outcome.notes else NONE_THERE


def not_all(found: "HooksStatus") -> list[str]:
    """What is said where hooks are not there, and what puts them there."""
    if found.installed:
        return []
    return [f"Not all hooks are installed{f' (try: {found.remedy})' if found.remedy else ''}."]


def outcome_lines(outcome: "Outcome", nothing: str) -> list[str]:
    """What was written, or would be, a line a change; `nothing` where that is nothing."""
    lines = [f"{shown_name(str(change.path))}: {change.action}" for change in outcome.changes]
    if outcome.changes and outcome.lines:
        lines += ["", *(f"    {shown_name(line)}" for line in outcome.lines.splitlines())]
    return lines or [nothing]


def outcome_fields(outcome: "Outcome", *, dry_run: bool) -> dict[str, Any]:
    """The same for programs."""
    return {
        "dry_run": dry_run,
        "changes": [
            {"path": jsonout.readable(str(each.path)), "action": each.action} for each in outcome.changes
        ],
        "lines": jsonout.readable(outcome.lines),
        "notes": [jsonout.readable(note) for note in outcome.notes],
    }


def status_lines(found: "HooksStatus") -> list[str]:
    """How it stands, a line a hook."""
    lines = [
        f"{each.event}\t{each.state}\t{shown_name(str(each.path))}{' (beside another hook)' if each.beside else ''}"
        for each in found.hooks
    ]
    lines.append(f"last run\t{_last(found.last) if found.last else 'none yet'}")
    if found.asked:
        lines.append("next run\trequested: running, or about to start")
    lines += [f"in the way\t{shown_name(each)}" for each in found.obstacles]
    lines.append(f"log\t{shown_name(str(found.log))}")
    return lines


def _last(run: "Run") -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.began))
    return f"{when}, {run.seconds:.2f} s, {run.result}: {shown_name(run.says)}"


def status_fields(found: "HooksStatus") -> dict[str, Any]:
    """The same for programs."""
    last = found.last
    return {
        "place": jsonout.readable(str(found.place)),
        "installed": found.installed,
        "asked": found.asked,
        "hooks": [
            {
                "event": each.event,
                "path": jsonout.readable(str(each.path)),
                "state": each.state,
                "beside": each.beside,
            }
            for each in found.hooks
        ],
        "last": None
        if last is None
        else {
            "began": last.began,
            "seconds": last.seconds,
            "result": last.result,
            "says": jsonout.readable(last.says),
        },
        "obstacles": [jsonout.readable(each) for each in found.obstacles],
        "log": jsonout.readable(str(found.log)),
    }
