"""The data files in our packages."""

from importlib import import_module
from pathlib import Path


def files(package: str) -> Path:
    """The folder of a package. `importlib.resources` tells it too, after 6 ms of imports: for packages
    in archives, as which wherein, whose model is read from its place on disk, cannot run."""
    return Path(next(iter(import_module(package).__path__)))
