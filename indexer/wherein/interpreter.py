"""The Python that runs this, for our own processes."""

import os
import sys

_OURSELVES = "/proc/self/exe"


def interpreter() -> str:
    """Its path. Where that may not be executed any more (who started this has since given up the right to pass a
    folder above it), what Linux calls the running program."""
    if os.access(sys.executable, os.X_OK) or not os.access(_OURSELVES, os.X_OK):
        return sys.executable
    return _OURSELVES


def running(module: str) -> list[str]:
    """What runs a module of ours, with `executable=interpreter()`. Nothing is imported from the folder that it stands
    in, which is a stranger's repository."""
    return [sys.executable, "-P", "-m", module]
