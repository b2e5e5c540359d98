"""Where a view holds secrets. Its files are read again, so what is masked in an index is found as well."""

from collections.abc import Iterator
from typing import NamedTuple

from wherein.chunking.chunker import HEAD_CHARACTERS
from wherein.chunking.decode import decode
from wherein.git.source import Listing, Source
from wherein.languages import registry
from wherein.secrets.files import holds_secrets
from wherein.secrets.find import find
from wherein.skips import SkipReason

WHOLE_FILE = "credentials-file"
"""The rule of a file that is left out because it holds nothing else."""


class SecretPlace(NamedTuple):
    """Where a secret is; never the secret."""

    path: str
    line: int | None
    """1-based; None for a whole file"""
    rule: str


def secret_places(source: Source, listing: Listing) -> Iterator[SecretPlace]:
    """All secrets of a view, by path and line. Files that cannot be read are skipped."""
    whole = {path for path, reason in listing.skipped.items() if reason is SkipReason.SECRET}
    for path in sorted({*listing.files, *whole}):
        if path in whole:
            yield SecretPlace(path, None, WHOLE_FILE)
            continue
        try:
            text = decode(source.read(path), listing.encodings.get(path, ""))
        except OSError:
            continue
        if isinstance(text, SkipReason):
            continue
        if holds_secrets(path, text):
            yield SecretPlace(path, None, WHOLE_FILE)
        else:
            yield from _in_text(path, text)


def _in_text(path: str, text: str) -> Iterator[SecretPlace]:
    """A key of many lines is reported once."""
    last = SecretPlace(path, None, "")
    line, counted = 1, 0
    for start, _, rule in find(text, registry.detect(path, text[:HEAD_CHARACTERS]).name):
        line += text.count("\n", counted, start)
        counted = start
        if rule != last.rule or last.line is None or line > last.line + 1:
            yield SecretPlace(path, line, rule)
        last = SecretPlace(path, line, rule)
