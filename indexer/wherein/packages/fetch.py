"""Fetches files whose size and hash are known. An interrupted fetch continues where it stopped."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from wherein import private
from wherein.errors import WhereinError
from wherein.packages.connection import BrokeOff, Connection, Unreachable, on_disk
from wherein.packages.index_page import link_to
from wherein.packages.pip_settings import PipSettings
from wherein.quick_dataclass import dataclass
from wherein.redaction import shown_url

MOST_SECONDS = 3_600.0
"""For one file. What came by then stays, so another try goes on from there."""

TRIES = 3
"""For one file, where the connection broke off."""

FULL = (ENOSPC, EDQUOT)

AGAIN = "run the same command again: it continues with what has arrived"

Progress = Callable[[int], object]
"""Told how many bytes of the file are here; fewer again, where a server begins anew."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of a project, which no other may stand for."""

    project: str
    name: str
    bytes: int
    sha256: str


class FetchFailed(WhereinError):
    """A file could not be had, or is not the one that was wanted."""


def fetch(wanted: Wanted, folder: Path, settings: PipSettings, progress: Progress) -> Path:
    """The file in `folder`, fetched from the first index that has it. Raises FetchFailed, Unreachable."""
    file, begun = folder / wanted.name, folder / f"{wanted.name}.begun"
    with Connection(settings) as connection:
        address = _address(wanted, connection, settings)
        for attempt in range(TRIES):
            try:
                _download(wanted, begun, connection, address, progress)
                break
            except BrokeOff as error:
                if attempt == TRIES - 1:
                    raise FetchFailed(f"{wanted.name} is incomplete: {error.message}", remedy=AGAIN) from None
    if not is_it(begun, wanted.sha256):
        begun.unlink(missing_ok=True)
        raise FetchFailed(
            f"{wanted.name} is not the file that wherein knows: its SHA-256 differs, so it was deleted.",
            remedy="check which index pip uses (pip config list); a mirror may be damaged",
        )
    begun.replace(file)
    return file


def is_it(file: Path, sha256: str) -> bool:
    """Whether a file is there and has a hash."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


@contextmanager
def writing_below(folder: Path) -> Iterator[None]:
    """In it, a disk that is full or cannot be written to becomes a sentence: FetchFailed."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise FetchFailed(
                f"The disk of {folder} is full.", remedy=f"free some space, then {AGAIN}"
            ) from None
        raise FetchFailed(f"{folder} cannot be written to: {error.strerror or error}.") from None


def _address(wanted: Wanted, connection: Connection, settings: PipSettings) -> str:
    """Where the file is. Raises FetchFailed if no index has it, Unreachable if none of them answers."""
    for place in settings.find_links:
        if "://" not in place and (file := Path(place).expanduser() / wanted.name).is_file():
            return str(file)
    silent: Unreachable | BrokeOff | None = None
    for index in settings.indexes:
        try:
            page = connection.page(f"{index.rstrip('/')}/{wanted.project}/")
        except (Unreachable, BrokeOff) as error:
            silent = silent or error
            continue
        found = link_to(wanted.name, *page) if page is not None else None
        # A page from elsewhere leads to no file of this disk.
        if found is not None and (on_disk(found) is None or on_disk(index) is not None):
            return _with_login(found, index)
    if silent is not None:
        raise silent
    asked = ", ".join(map(shown_url, settings.indexes)) or "no index"
    raise FetchFailed(
        f"There is no {wanted.name} where packages come from ({asked}).",
        remedy="check which index pip uses (pip config list)",
    )


def _with_login(address: str, index: str) -> str:
    """A file on the index's own server is asked for with the login that stands in the index's address."""
    there, login = urlsplit(address), urlsplit(index).netloc.rpartition("@")
    if login[1] and (there.scheme, there.netloc) == (urlsplit(index).scheme, login[2]):
        return there._replace(netloc="".join(login)).geturl()
    return address


def _download(wanted: Wanted, begun: Path, connection: Connection, address: str, progress: Progress) -> None:
    private.create(begun)
    with begun.open("r+b") as file:
        have = file.seek(0, os.SEEK_END)
        if have > wanted.bytes:
            have = 0
        progress(have)
        if have == wanted.bytes:
            return
        with connection.opened(address, have) as (start, pieces):
            file.truncate(file.seek(start))
            _write(wanted, file, start, pieces, progress)


def _write(wanted: Wanted, file: BinaryIO, have: int, pieces: Iterator[bytes], progress: Progress) -> None:
    until = time.monotonic() + MOST_SECONDS
    for piece in pieces:
        have += len(piece)
        if have > wanted.bytes:
            raise FetchFailed(f"{wanted.name} is larger than the {wanted.bytes:,} bytes that it should have.")
        file.write(piece)
        progress(have)
        if time.monotonic() > until:
            raise FetchFailed(
                f"{wanted.name} did not arrive within {MOST_SECONDS / 60:.0f} minutes.", remedy=AGAIN
            )
    if have < wanted.bytes:
        raise BrokeOff(f"it ended after {have:,} of {wanted.bytes:,} bytes.")
