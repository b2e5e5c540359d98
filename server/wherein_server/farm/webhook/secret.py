"""The secret that forges sign with: several, one per line, while one is being replaced."""

import os
from pathlib import Path

from wherein.errors import ConfigError

VARIABLE = "WHEREIN_FARM_WEBHOOK_SECRET"


def read_secrets(file: Path | None, option: str) -> list[str]:
    """Those of a file, which an option names; without one, of VARIABLE. Empty if neither says anything. Raises
    ConfigError for a file that cannot be read or has none."""
    if file is None:
        return _lines(os.environ.get(VARIABLE, ""))
    try:
        found = _lines(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The secret in {file} cannot be read.", remedy=f"check {option}") from None
    if not found:
        raise ConfigError(f"{file} holds no secret.", remedy=f"check {option}")
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
