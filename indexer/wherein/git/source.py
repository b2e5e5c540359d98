"""A source of files: what one worktree, ref or plain folder shows, whatever is indexed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from wherein.git.clone import Clone
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason

if TYPE_CHECKING:
    from wherein.git.earlier_commit import Before

MOST_TOLD = 200
"""Reported files that are looked at alone. With more of them, a full look is as fast."""

Submodules = Literal["follow", "skip", "separate"]


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What the user wants listed."""

    submodules: Submodules = "follow"
    max_file_bytes: int = 1_000_000
    include_generated: bool = False
    include_vendored: bool = False
    include_secrets: bool = False
    """also files whose names say that they hold keys or credentials"""
    exclude: tuple[str, ...] = ()
    """further patterns as in .gitignore"""
    stamp_cache: Path | None = None
    """folder of the caches that save reading unchanged files; None: no cache"""
    data_dir: Path | None = None
    """wherein's own folder, which is never content, wherever it is"""


@dataclass(frozen=True, slots=True)
class Base:
    """A listing that later ones are compared with."""

    id: str
    files: Mapping[str, str]
    """as in `Listing`; read when they are first asked for"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source shows at one moment. Paths are POSIX and relative to the root; bytes that are not UTF-8 are
    surrogate escapes."""

    commit: str | None
    """HEAD, or the ref's commit; None before the first commit and outside git"""
    branch: str | None
    files: Mapping[str, str] = field(default_factory=dict)
    """path → id of its content: for a file, of the bytes that were read from it; for a ref, the id in its tree, which
    `read` verifies"""
    skipped: Mapping[str, SkipReason] = field(default_factory=dict)
    """what is left out because of its name, kind or size; a folder that was not entered ends with `/`"""
    encodings: Mapping[str, str] = field(default_factory=dict)
    """path → the encoding that something outside the file declares, as it is named there; only for some files"""
    base: Base | None = None
    """an earlier listing, from which this one differs at most in `differs`"""
    differs: Mapping[str, str | None] = field(default_factory=dict)
    """path → id of its content now; None if it is not among the files"""
    contents: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """bytes of files that were read for their ids, so that the next reader need not read them again; whoever uses one
    takes it out"""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a change may affect what is shown: each folder itself, not what is below it."""

    content: list[Path] = field(default_factory=list)
    git: list[Path] = field(default_factory=list)
    """git's own"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a path is, or is not, among a source's files."""

    path: str
    """relative to the root; as given if it is outside"""
    included: bool
    """true also if its content may still keep it out of the index"""
    reason: SkipReason | None
    """None also for something that is not a file that could be listed"""
    sentence: str


class Source(Protocol):
    """One view of one repository or folder. Methods raise NotARepository if git fails."""

    identity: str
    """of the repository: its configured name, else the normalised URL of `origin`, else the folder's name and first
    commit; for a plain folder, its path"""
    root: Path | None
    """of the worktree; None for a ref of a bare repository"""
    prefix: str
    """"" or "sub/dir/": only what is below is listed"""
    view_name: str
    clone: Clone
    """what claims the identity on this machine"""

    def listing(
        self, meanwhile: Callable[[], object] | None = None, told: Collection[str] | None = None
    ) -> Listing:
        """What the source shows now. `meanwhile` may be called while git is working. With `told`, the paths where
        something has changed since the last listing, it may look only there; other changes are then in the next full
        listing.

        Raises ConfigError for an exclude pattern or a ref that cannot be used.
        """
        ...

    def holds_more_than(self, most: int) -> bool:
        """Whether a folder outside git has more than this many files; reads none."""
        ...

    def read(self, path: str) -> bytes:
        """The content of a listed path. Raises OSError if it cannot be read or is not what a tree says,
        FileNotFoundError if it is gone."""
        ...

    def folders(self) -> Folders:
        """The folders to watch; none that git ignores."""
        ...

    def before(self, since: str | None) -> "Before":
        """The files of the commit where this branch left `since`, a branch, tag or commit; with None, the branch that
        others start from. Raises ConfigError if there is none."""
        ...

    def ignored(self) -> list[str]:
        """What git's ignore rules keep out of the listing; whole folders end with `/`."""
        ...

    def explain(self, path: str) -> Explanation:
        """Why a path, relative to the root, is or is not listed."""
        ...

    def close(self) -> None:
        """End the git processes that it keeps. A second call does nothing."""
        ...
