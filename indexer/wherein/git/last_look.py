"""What the last full look at a large worktree found, kept so that the next one looks only at what differs.

Kept are the numbers of all files (for `stat_changes.py`), what was found, and all that decided it beside the files: see
`Frame`. Losing any of it costs time only.
"""

import json
import os
import secrets
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wherein import private
from wherein.git.stat_changes import is_settled, write_numbers
from wherein.quick_dataclass import dataclass
from wherein.sealed import sealed, unsealed
from wherein.skips import SkipReason

MOST_OTHER = 1000
"""Files that are looked at each time. With more of them, most often of a checkout of this moment, it is not worth it to
remember the rest."""

LEAST_FILES = 2000
"""Below, looking at each takes less than a process more does: 1,000 files 8 ms."""


_KINDS = ("numbers", "found")
"""Files of which each look has its own."""


@dataclass(slots=True)
class SeenCheckout:
    """One worktree of a view as it was."""

    base: str
    git_dir: str
    tracked: str
    """a digest of all that git's index says"""
    index: list[int] | None
    """the numbers of that index's file; None if it could change without them"""
    untracked: list[str]
    submodules: dict[str, bool]
    """path → whether its files are in the view"""
    links: list[str]


@dataclass(slots=True)
class Look:
    """Paths are those of the view."""

    id: str
    frame: str
    """a digest of what decides, beside what git's index and the files themselves say"""
    checkouts: list[SeenCheckout]
    steering: dict[str, list[str]]
    """what the frame is made of that is only known once all files are: see `Frame.of`"""
    other: list[str]
    """looked at each time; what was found of them is not among `found`"""
    encodings: dict[str, str]
    apart: dict[str, str]
    """left out with all that is in it, and why"""
    checksum: int = 0
    """of the file of numbers"""


class Found:
    """What is in a view, but for `Look.other`; taken apart when it is asked for."""

    def __init__(self, files: bytes, skipped: bytes) -> None:
        self._files = files
        self._skipped = skipped

    def files(self) -> dict[str, str]:
        """Path → id."""
        return _unpacked(self._files)

    def skipped(self) -> dict[str, SkipReason]:
        """Path → reason."""
        return {path: SkipReason(reason) for path, reason in _unpacked(self._skipped).items()}


class LastLook:
    """The files in which a view's last look is kept; `name` is the view's, as a file name."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    def load(self) -> Look | None:
        """What was kept, but for what was found."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            content = unsealed(private.read(self._folder / f"{self._name}.look"))
            if content is not None:
                told: dict[str, Any] = json.loads(content)
                told["checkouts"] = [SeenCheckout(**each) for each in told["checkouts"]]
                return Look(**told)
        return None

    def found(self, look: Look) -> Found | None:
        """What was found; None if it is lost."""
        with suppress(OSError, ValueError):
            content = unsealed(private.read(self._found_file(look.id)))
            if content is not None:
                head, _, body = content.partition(b"\n")
                first, second = map(int, head.split())
                return Found(body[:first], body[first : first + second])
        return None

    def numbers(self, look: Look) -> Path | None:
        """The file of all numbers; None if it is lost."""
        file = self._numbers_file(look.id)
        with suppress(OSError):
            if zlib.crc32(private.read(file)) == look.checksum:  # which git does not compare
                return file
        return None

    def save(
        self,
        look: Look,
        files: Mapping[str, str],
        skipped: Mapping[str, str],
        numbers: Mapping[str, os.stat_result],
        *,
        sha256: bool,
    ) -> None:
        """Keep all of it under a new id, `look.id`."""
        look.id = secrets.token_hex(8)
        first, second = _packed(files), _packed(skipped)
        head = f"{len(first)} {len(second)}\n".encode("ascii")
        try:
            private.folder(self._folder)
            look.checksum = write_numbers(self._numbers_file(look.id), numbers, sha256=sha256)
            private.write(self._found_file(look.id), sealed(head + first + second))
            private.write(
                self._folder / f"{self._name}.look", sealed(json.dumps(asdict(look)).encode("ascii"))
            )
        except OSError:
            look.id = ""
        kept = (self._numbers_file(look.id), self._found_file(look.id))
        for old in [each for kind in _KINDS for each in self._folder.glob(f"{self._name}-*.{kind}")]:
            if old not in kept:
                with suppress(OSError):
                    old.unlink()

    def _numbers_file(self, identity: str) -> Path:
        return self._folder / f"{self._name}-{identity}.{_KINDS[0]}"

    def _found_file(self, identity: str) -> Path:
        return self._folder / f"{self._name}-{identity}.{_KINDS[1]}"


def settled_numbers(
    looked_at: Mapping[str, os.stat_result], now_ns: int
) -> tuple[dict[str, os.stat_result], list[str]]:
    """The files whose numbers tell of every change after `now_ns`, and the others."""
    numbers: dict[str, os.stat_result] = {}
    young: list[str] = []
    for path, status in looked_at.items():
        if is_settled(status, now_ns):
            numbers[path] = status
        else:
            young.append(path)
    return numbers, young


def _packed(texts: Mapping[str, str]) -> bytes:
    return os.fsencode("\0".join([*texts, *texts.values()])) if texts else b""


def _unpacked(packed: bytes) -> dict[str, str]:
    texts = os.fsdecode(packed).split("\0") if packed else []
    half = len(texts) // 2
    return dict(zip(texts[:half], texts[half:], strict=True))
