"""The hub's models that are on this machine."""

import os
import re
from contextlib import suppress
from pathlib import Path

LONGEST_CARD = 20_000
"""Characters of a model's card that are looked at."""

_LICENCE = re.compile(r"^license:\s*[\"']?([\w.+-]{1,60})", re.MULTILINE)


def cache_folder() -> Path:
    """Where the hub's library keeps what it fetched: `HF_HUB_CACHE`, or below `HF_HOME`."""
    if given := os.environ.get("HF_HUB_CACHE", "").strip():
        return Path(given).expanduser()
    home = os.environ.get("HF_HOME", "").strip()
    cache = Path(os.environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache").expanduser()
    return (Path(home).expanduser() if home else cache / "huggingface") / "hub"


def cached() -> dict[str, Path]:
    """Name → folder of the models there that look like ones for embeddings."""
    found: dict[str, Path] = {}
    with suppress(OSError):
        for repository in sorted(cache_folder().glob("models--*")):
            name = repository.name.removeprefix("models--").replace("--", "/")
            with suppress(OSError):
                commit = (repository / "refs" / "main").read_text("utf-8").strip()
                folder = repository / "snapshots" / commit
                if (folder / "modules.json").is_file():
                    found[name] = folder
    return found


def licence(folder: Path) -> str:
    """What a model's card says; "" if it says nothing."""
    with suppress(OSError), (folder / "README.md").open(encoding="utf-8", errors="replace") as card:
        if found := _LICENCE.search(card.read(LONGEST_CARD)):
            return found[1]
    return ""
