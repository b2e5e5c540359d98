"""TOML, changed in one table: every other line stays as it was."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from wherein_server.mcp.clients.jsonc import Unreadable

_HEADER = re.compile(r"\s*\[")


def loads(text: str) -> dict[str, Any]:
    """What a text holds. Raises Unreadable."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None


def put(text: str, key: str, name: str, value: Mapping[str, Any]) -> str:
    """The text with the table `key.name`, at its end."""
    text = take(text, key, name)
    lines = [f"[{key}.{name}]", *(f"{word} = {json.dumps(each)}" for word, each in value.items())]
    gap = "\n" if text else ""
    return text + ("" if not text or text.endswith("\n") else "\n") + gap + "\n".join(lines) + "\n"


def take(text: str, key: str, name: str) -> str:
    """The text without the table, those in it, and the empty line before."""
    head = re.compile(rf"""\s*\[\s*["']?{key}["']?\s*\.\s*["']?{name}["']?\s*(\.[^\]]*)?\]""")
    kept: list[str] = []
    ours: list[str] | None = None
    for line in text.splitlines(keepends=True):
        if head.match(line):
            if ours is None and kept and not kept[-1].strip():
                kept.pop()
            ours = []
        elif ours is not None and _HEADER.match(line):
            kept += _after(ours)
            ours = None
        if ours is None:
            kept.append(line)
        else:
            ours.append(line)
    return "".join(kept + _after(ours or []))


def _after(ours: list[str]) -> list[str]:
    """Empty lines and comments at the end of a table belong to what follows it."""
    end = len(ours)
    while end and (not ours[end - 1].strip() or ours[end - 1].lstrip().startswith("#")):
        end -= 1
    return ours[end:]
