"""Where settings and data are kept, outside the repository and in it."""

from collections.abc import Mapping
from pathlib import Path

PROJECT_FILE = ".wherein.toml"


def user_config_file(environ: Mapping[str, str]) -> Path:
    """`WHEREIN_CONFIG`, else config.toml in the platform's config folder. It need not exist."""
    named = environ.get("WHEREIN_CONFIG", "").strip()
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_config_dir("wherein", appauthor=False)) / "config.toml"


def default_data_dir() -> Path:
    """The platform's folder for a user's data: `$XDG_DATA_HOME/wherein` on Linux."""
    import platformdirs

    return Path(platformdirs.user_data_dir("wherein", appauthor=False))


def project_root(path: Path) -> Path:
    """The nearest folder at or above `path` that holds `.git`; without one, `path` (the folder of a file).

    Good for finding the project file without starting git; which repository is indexed is for git to say.
    """
    here = path.absolute()
    start = here if here.is_dir() else here.parent
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start
