"""Paths and arguments are UTF-8 whatever the locale says."""

import os
import sys

from wherein.interpreter import interpreter


def require_utf8() -> None:
    """Begin again in Python's UTF-8 mode where this process would read names in another encoding: it cannot be changed
    once Python runs. Worker processes inherit it."""
    if sys.getfilesystemencoding().lower() == "utf-8":
        return
    # -P: nothing is imported from the folder that the user stands in.
    command = [sys.executable, "-P", "-X", "utf8", "-m", "wherein_server.cli", *sys.argv[1:]]
    os.execve(interpreter(), command, {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606 (itself, as it was called)
