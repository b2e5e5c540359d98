"""Requests a run without a hook of ours, for tools that run their own hooks."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from wherein.errors import WhereinError
from wherein.hooks import changes, script
from wherein.on_path import on_path


def ask(place: Path, data_dir: Path, command: Sequence[str]) -> None:
    """Ask, as a hook in the root of a worktree or in a bare repository would, and return at once. `command` starts
    wherein where hooks know of no other one. Raises WhereinError if there is no shell to do it."""
    state = script.state_folder(data_dir)
    known = script.command_in(state)
    if not known or not os.access(known[0], os.X_OK):
        changes.apply(script.writing(state, command))
    shell = on_path("sh")
    if shell is None:
        raise WhereinError("There is no sh in PATH.", remedy="wherein index")
    try:
        subprocess.run(  # the inner one becomes the run, which is nobody's child
            [shell, "-c", '"$0" "$1" &', shell, str(state / script.FILE)],
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )
    except OSError as error:
        raise WhereinError(f"sh cannot be started: {error.strerror}.", remedy="wherein index") from error
