"""Programs of the user's PATH, but for those of the current folder, which may be a stranger's: not where PATH says so
(by an entry that is empty or relative), and not where Windows looks first."""

import os
import shutil


def on_path(name: str) -> str | None:
    """The full path of a program; None where there is none."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if os.path.isabs(folder) and (found := shutil.which(os.path.join(folder, name))):  # noqa: PTH117, PTH118
            return found
    return None
