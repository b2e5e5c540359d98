"""Programs on the user's PATH, except in the current folder, which may be a stranger's: neither if PATH says so (by an
empty or relative entry), nor where Windows looks first."""

import os
import shutil
from pathlib import Path


def on_path(name: str) -> str | None:
    """The full path of a program; None if there is none."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if not os.path.isabs(folder):  # noqa: PTH117
            continue
        # a current folder that is named last is not put first, as Windows would
        found = shutil.which(name, path=os.pathsep.join((folder, os.curdir)))
        if found and Path(found).parent == Path(folder):
            return found
    return None
