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
"""Files that are looked at alone. With more of them a look at all is as fast."""

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
    """folder of the caches that spare reading unchanged files; None: no cache"""
    data_dir: Path | None = None
    """wherein's own, which is never content, wherever it lies"""


@dataclass(frozen=True, slots=True)
class Base:
    """A listing that later ones are compared with."""

    id: str
    files: Mapping[str, str]
    """as in `Listing`; read when they are first asked for"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source shows at one moment. Paths are POSIX and relative to the root; bytes that are no UTF-8
    stand as surrogate escapes."""

    commit: str | None
    """HEAD, or the ref's commit; None before the first commit and outside git"""
    branch: str | None
    files: Mapping[str, str] = field(default_factory=dict)
    """path → id of its content: of a file, of the bytes that were read from it; of a ref's, the id in its tree, which
    `read` proves"""
    skipped: Mapping[str, SkipReason] = field(default_factory=dict)
    """what is left out for its name, kind or size; a folder that was not looked into ends with `/`"""
    encodings: Mapping[str, str] = field(default_factory=dict)
    """path → the encoding that something outside of the file declares, as it is called there; of some of the files"""
    base: Base | None = None
    """an earlier listing from which this one differs by no more than `differs`"""
    differs: Mapping[str, str | None] = field(default_factory=dict)
    """path → id of its content now; None where it is not among the files"""
    contents: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """bytes of files that were read for their ids, so that who wants them next need not read them again; who uses one
    takes it out"""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a change may be one of what is shown; each by itself, not what lies in it."""

    content: list[Path] = field(default_factory=list)
    git: list[Path] = field(default_factory=list)
    """git's own"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a path is, or is not, among a source's files."""

    path: str
    """relative to the root; as given where it lies outside"""
    included: bool
    """its content may still keep it out of the index"""
    reason: SkipReason | None
    """None also for what is no file that could be listed"""
    sentence: str


class Source(Protocol):
    """One view of one repository or folder. Methods raise NotARepository where git fails."""

    identity: str
    """of the repository: configured name, else normalised URL of `origin`, else folder name and first commit;
    the path of a plain folder"""
    root: Path | None
    """of the worktree; None for a ref of a bare repository"""
    prefix: str
    """"" or "sub/dir/": only what lies below is listed"""
    view_name: str
    clone: Clone
    """what on this machine claims the identity"""

    def listing(
        self, meanwhile: Callable[[], object] | None = None, told: Collection[str] | None = None
    ) -> Listing:
        """What it shows now. ConfigError for an exclude pattern or a ref that cannot be used. `meanwhile` may be called
        while git is at work. Where it is `told` at which paths something has changed since the last listing, it may be
        content to look there; anything else that changed is in the next listing of all."""
        ...

    def holds_more_than(self, most: int) -> bool:
        """Whether a folder outside of git has so many files; none is read."""
        ...

    def read(self, path: str) -> bytes:
        """The content of a listed path. OSError when it cannot be read or is not what a tree calls it,
        FileNotFoundError when it is gone."""
        ...

    def folders(self) -> Folders:
        """The folders to watch; none that git ignores."""
        ...

    def before(self, since: str | None) -> "Before":
        """The files of the commit at which it left `since`, a branch, tag or commit; None: the branch that others begin
        from. ConfigError where there is none."""
        ...

    def ignored(self) -> list[str]:
        """What git's ignore rules keep it from listing; whole folders end with `/`."""
        ...

    def explain(self, path: str) -> Explanation:
        """Why a path, relative to the root, is or is not listed."""
        ...

    def close(self) -> None:
        """End the git processes that it keeps. A second call does nothing."""
        ...
