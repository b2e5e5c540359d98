"""A bare repository of our own that holds the newest commit of one branch of a remote, without history."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.git.command import Git
from wherein.git.remote import Access, Head, RemoteFailed, checked_url, explained, shown
from wherein.git.running import GitFailed
from wherein.git.transfer import TooLarge, TooSlow, transfer
from wherein.quick_dataclass import dataclass

MOST_PACKS = 20
"""Each fetch adds one. With more, those that hold what no branch shows are let go of: a second a gigabyte."""

NO_SHALLOW = "dumb http transport does not support shallow"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may take."""

    bytes: int = 2_000_000_000
    """of a mirror on the disk, packed; what is fetched is one commit"""
    seconds: float = 1800.0


class Mirror:
    """The bare repository in a folder; made by the first fetch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fetch(self, url: str, head: Head, access: Access, limits: Limits = Limits()) -> str:  # noqa: B008 (frozen)
        """Bring the branch to where it is at the remote now; that commit. Raises RemoteFailed, and nothing is changed.

        One process at a time: who calls it keeps others away.
        """
        checked_url(url, access.protocols)
        known = self.folder.exists()
        try:
            return self._fetch(url, head, access, limits)
        except RemoteFailed as error:
            if error.reason != "failed" or not known:
                raise
        self.remove()  # a mirror that was damaged when somebody died is made anew, once
        return self._fetch(url, head, access, limits)

    def _fetch(self, url: str, head: Head, access: Access, limits: Limits) -> str:
        self._make(url)
        self._drop_unfinished()
        git = Git(self.folder, worktree=False, variables=access.variables(self.folder))
        ref = f"refs/heads/{head.branch}"
        for depth in (("--depth=1",), ()):
            status, complaint = self._run(git, url, ref, depth, limits)
            if status and NO_SHALLOW in complaint and depth:
                continue
            break
        if status:
            raise explained(complaint, url)
        try:
            git.run("symbolic-ref", "HEAD", ref)
            commit = git.run("rev-parse", "--verify", f"{ref}^{{commit}}").decode("ascii").strip()
            self._let_go(git, ref)
        except GitFailed as error:
            raise RemoteFailed("failed", f"The mirror of {shown(url)} is broken: {error}.") from None
        return commit

    def remove(self) -> None:
        """Forget what was fetched; the next fetch begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, git: Git, url: str, ref: str, depth: tuple[str, ...], limits: Limits) -> tuple[int, str]:
        options = (
            "--quiet",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--no-write-fetch-head",
        )
        try:
            words = ("fetch", *options, *depth, "--", url, f"+{ref}:{ref}")
            status, _, complaint = transfer(
                git,
                *words,
                seconds=limits.seconds,
                written=self.size,
                most=limits.bytes,
            )
        except TooSlow:
            self._drop_unfinished()
            said = f"{shown(url)} was not fetched within {limits.seconds:.0f} seconds."
            raise RemoteFailed("too slow", said) from None
        except TooLarge:
            self.remove()
            said = f"{shown(url)} takes more than {limits.bytes / 1e6:,.0f} MB, the limit."
            raise RemoteFailed("too large", said, remedy="max_megabytes in farm.toml") from None
        return status, complaint

    def size(self) -> int:
        """Bytes of its objects, those that are just arriving among them."""
        total = 0
        objects = self.folder / "objects"
        for place in (objects, objects / "pack"):
            with suppress(OSError), os.scandir(place) as scan:
                for entry in scan:
                    with suppress(OSError):
                        if entry.is_file(follow_symlinks=False):
                            total += entry.stat(follow_symlinks=False).st_size
                        elif entry.name.startswith(("tmp_objdir", "incoming")):
                            total += sum(file.stat().st_size for file in Path(entry.path).rglob("*"))
        return total

    def _make(self, url: str) -> None:
        if (self.folder / "HEAD").exists() and (self.folder / "config").exists():
            return
        self.remove()
        private.folder(self.folder.parent)
        self.folder.mkdir(mode=private.FOLDER_MODE)
        git = Git(self.folder, worktree=False)
        try:
            git.run("init", "--quiet", "--bare", "--template=", "--", str(self.folder))
            git.run("config", "remote.origin.url", url)
        except GitFailed as error:
            raise RemoteFailed("failed", f"No mirror can be made in {self.folder}: {error}.") from None

    def _let_go(self, git: Git, ref: str) -> None:
        """Of other branches, and now and then of what no branch shows any more."""
        refs = git.run("for-each-ref", "--format=%(refname)").decode("utf-8", "surrogateescape").splitlines()
        for other in refs:
            if other != ref:
                git.run("update-ref", "-d", other)
        with suppress(OSError):
            packs = sum(1 for _ in (self.folder / "objects" / "pack").glob("*.pack"))
            if packs > MOST_PACKS:
                git.run("repack", "-a", "-d", "-q")

    def _drop_unfinished(self) -> None:
        """What a process left that was killed: pieces of packs, and locks, which git would wait for without end."""
        with suppress(OSError):
            for file in (self.folder / "objects" / "pack").glob("tmp_*"):
                file.unlink(missing_ok=True)
            for place in (
                self.folder,
                *(each for each in (self.folder / "refs").rglob("*") if each.is_dir()),
            ):
                for file in place.glob("*.lock"):
                    file.unlink(missing_ok=True)
