"""A view: its record as it is stored, and what a reader sees at one moment."""

import json
import os
from dataclasses import field, replace

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import ViewRecord
from wherein.store.redis.trees.contents import Contents, to_name


@dataclass(frozen=True, slots=True)
class Record:
    """A view as it stands in the store, beside what it shows."""

    commit: str | None = None
    complete: bool = False
    updated: float = 0.0
    files: int = 0
    chunks: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    tree: str = ""
    """the tree that its difference is to; empty: to nothing"""
    number: int = 0
    """of the last batch"""
    born: str = ""
    """distinguishes it from an earlier view of the same name"""
    owner: str = ""
    """who writes it, if it shows what is on somebody's disk"""
    digest: str = ""
    """see `ViewRecord.digest`; of a complete view"""
    differs: bool = False
    """it differs from its tree; older versions did not note this"""
    kept: int = 0
    """see `ViewRecord.kept`"""
    parted: bool = False
    """its tree is stored in parts as well"""
    parts: str = ""
    """see `parts.digests`; only for a complete view that many read and whose tree is stored in parts"""

    def packed(self) -> bytes:
        """As it is stored."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(values, separators=(",", ":")).encode()

    def public(self, name: bytes, owner: str) -> ViewRecord:
        """As the protocol speaks of it; `owner` is who asks."""
        return ViewRecord(
            *(to_name(name), self.commit, self.complete, self.updated, self.files, self.chunks),
            skipped=dict(self.skipped),
            own=self.owner in ("", owner),
            shared=not self.owner,
            digest=self.digest,
            kept=self.kept,
        )

    def follows(self, earlier: "Record") -> bool:
        """Whether it is the same view, with no batch more. The time is compared too: a server that lost the last batch
        gives its number to another one."""
        return (self.born, self.number, self.updated) == (earlier.born, earlier.number, earlier.updated)

    @property
    def mark(self) -> bytes:
        """What an entry of the view's log calls the batch before it: a server that lost the last batch may have been
        told another one of the same number."""
        return repr(self.updated).encode()

    def is_before(self, mark: bytes) -> bool:
        """Whether the log's entry after this record is about it, by the `mark` there. Earlier versions left none."""
        return mark in (b"", self.mark)

    def based_on(self, tree: str, *, differs: bool, parted: bool) -> "Record":
        """The record of the view with another tree."""
        return replace(self, tree=tree, differs=differs, parted=parted)

    @property
    def tells_parts(self) -> bool:
        """Whether the record says what each part of the view holds, for readers who have most of it."""
        return bool(self.parted and self.digest and not self.owner)

    def with_parts(self, parts: str) -> "Record":
        """The same record with digests of the parts."""
        return replace(self, parts=parts)

    def copied(self, owner: str, kept: int) -> "Record":
        """The record of a new view that shows the same."""
        told = "" if owner else self.parts
        return replace(self, number=1, born=os.urandom(6).hex(), owner=owner, kept=kept, parts=told)

    def following(
        self,
        contents: Contents,
        *,
        commit: str | None,
        complete: bool,
        updated: float,
        owner: str,
        changed: bool,
    ) -> "Record":
        """The record after one more batch, which left these contents; `changed` if they are not the same as before."""
        return replace(
            self,
            number=self.number + 1,
            files=len(contents.files),
            chunks=contents.chunks,
            skipped=contents.skipped,
            digest=contents.digest if complete else "",
            born=self.born or os.urandom(6).hex(),
            commit=commit,
            complete=complete,
            updated=updated,
            owner=owner,
            differs=self.differs or changed,
        )


def unpack_record(raw: bytes) -> Record:
    """The reverse of `Record.packed`; fields of other versions of wherein are left out."""
    return Record(**{name: value for name, value in json.loads(raw).items() if name in Record.__slots__})


class ReadAnew(Exception):
    """The answers do not tell what a view shows: all of it has to be read."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A view at one moment."""

    record: Record
    contents: Contents
