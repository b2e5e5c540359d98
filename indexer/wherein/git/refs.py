"""A ref view: what one branch, tag or commit holds, read from git's own store; no worktree is needed."""

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import ConfigError, NotARepository
from wherein.git.attributes import ENCODING, FILE_NAME, Attributes, mentioned_names, settled_texts
from wherein.git.blobs import BlobReader
from wherein.git.checkout import GITLINK, LINK
from wherein.git.command import GitFailed, explained
from wherein.git.commits import commit_of
from wherein.git.damaged import open_damaged
from wherein.git.editorconfig import FILE_NAME as CONFIG
from wherein.git.editorconfig import EditorConfig
from wherein.git.identity import clone_of, ref_view, repository_identity
from wherein.git.ignore.conventions import Conventions, packaged_folders
from wherein.git.ignore.patterns import MOST_BYTES, PATTERN_FILE, IgnorePatterns
from wherein.git.ignore.rules import Rules
from wherein.git.objects import TreeEntry, read_tree, tree_attributes
from wherein.git.paths import points_outside
from wherein.git.repository import Repository, open_repository
from wherein.git.sentences import below, left_out, listed, no_file, too_large
from wherein.git.source import Explanation, Folders, Listing, SourceSettings
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason

if TYPE_CHECKING:
    from wherein.git.earlier_commit import Before

LONGEST_LINK = 65_536
"""Bytes of a link's target; systems know a few thousand."""


@dataclass(slots=True)
class Snapshot:
    """A commit's tree, with the rules that apply in it."""

    commit: str | None = None
    entries: dict[str, TreeEntry] = field(default_factory=dict)
    rules: Rules = field(default_factory=lambda: Rules(IgnorePatterns()))
    declared: EditorConfig = field(default_factory=lambda: EditorConfig({}))


class RefSource:
    """The files of a ref. A tree's links and submodules are never followed."""

    def __init__(
        self, repository: Repository, ref: str, folder: Path, *, name: str | None, settings: SourceSettings
    ) -> None:
        self._configuration = open_repository(repository)
        self._repository = repository
        self._git = repository.git
        self._settings = settings
        self._ref = ref
        self._folder = folder
        self._blobs = BlobReader(self._git)
        self._damaged = open_damaged(settings.stamp_cache, repository.common_dir)
        self._entries: dict[str, TreeEntry] = {}
        self.root = repository.root
        self.prefix = repository.prefix(folder)
        self.view_name = ref_view(ref, self.prefix)
        self._commit()
        self.identity = name or repository_identity(repository, self._configuration)
        self.clone = clone_of(repository, self._configuration)

    def close(self) -> None:
        """End the process that reads blobs."""
        self._blobs.close()

    def listing(
        self, meanwhile: Callable[[], object] | None = None, told: Collection[str] | None = None
    ) -> Listing:
        """What the ref points to now."""
        snapshot = self._look()
        files: dict[str, str] = {}
        skipped: dict[str, SkipReason] = {}
        for path, entry in snapshot.entries.items():
            if not path.startswith(self.prefix):
                continue
            explanation = self._judge(path, entry, snapshot.rules)
            if explanation is None:
                files[path] = entry.id
            elif explanation.reason is not None:
                skipped[path] = explanation.reason
        encodings = dict(snapshot.declared.charsets(files))
        return Listing(snapshot.commit, self._branch(), files, skipped, encodings)

    def holds_more_than(self, most: int) -> bool:
        """Never asked about a repository."""
        return False

    def read(self, path: str) -> bytes:
        """The blob, from the tree that was last listed."""
        if not self._entries:
            self._look()
        entry = self._entries.get(path)
        if entry is None:
            raise FileNotFoundError(f"{path!r} is not in {self._ref}")
        try:
            return self._blobs.read(entry.id, self._settings.max_file_bytes)
        except OSError:
            self._damaged.add(entry.id)
            raise

    def folders(self) -> Folders:
        """git's folders, which say what the ref points to."""
        return Folders(git=[self._repository.git_dir, self._repository.common_dir])

    def before(self, since: str | None) -> "Before":
        """What the ref branched off from."""
        from wherein.git.earlier_commit import before

        listed = partial(listed_at, self._repository, self._folder, self._settings)
        return before(self._repository, self._ref, since, self._is_there, listed)

    def those_listed(self, paths: Collection[str]) -> list[str]:
        """Those of the paths that `listing` shows."""
        snapshot = self._look()
        entries = ((path, snapshot.entries.get(path)) for path in paths)
        return [path for path, entry in entries if entry and self._judge(path, entry, snapshot.rules) is None]

    def ignored(self) -> list[str]:
        """Nothing: what is committed is not ignored."""
        return []

    def explain(self, path: str) -> Explanation:
        """Follows `listing` for one path."""
        snapshot = self._look()
        entry = snapshot.entries.get(path)
        if entry is not None:
            return below(path, self.prefix) or self._judge(path, entry, snapshot.rules) or listed(path)
        if any(shown.startswith(f"{path}/") for shown in snapshot.entries):
            return no_file(path, "is a folder")
        return no_file(path, f"is not in {self._ref}")

    def _is_there(self, path: str) -> bool:
        """Of the tree that was listed last."""
        entries = self._entries or self._look().entries
        return path in entries and entries[path].mode not in (LINK, GITLINK)

    def _judge(self, path: str, entry: TreeEntry, rules: Rules) -> Explanation | None:
        """Why an entry of the tree is not listed; None if it is."""
        if entry.mode == GITLINK:
            return left_out(
                path, SkipReason.SUBMODULE, f"{path} is a submodule, whose files are in another repository"
            )
        if verdict := rules.judge(path):
            return left_out(path, *verdict)
        if entry.size is None:
            return left_out(path, SkipReason.UNREADABLE, "this clone lacks its content")
        if entry.mode == LINK:
            try:
                target = os.fsdecode(self._blobs.read(entry.id, LONGEST_LINK))
            except OSError as error:
                return left_out(path, SkipReason.UNREADABLE, str(error))
            if points_outside(path, target):
                return left_out(path, SkipReason.SYMLINK_OUTSIDE, f"it is a symbolic link to {target}")
            return no_file(path, f"is a symbolic link to {target}; its target counts under its own name")
        if entry.size > self._settings.max_file_bytes:
            return too_large(path, entry.size, self._settings.max_file_bytes)
        if entry.id in self._damaged:
            try:
                self._blobs.read(entry.id, self._settings.max_file_bytes)
            except OSError as error:
                return left_out(path, SkipReason.UNREADABLE, str(error))
            self._damaged.discard(entry.id)
        return None

    def _look(self) -> Snapshot:
        commit = self._commit()
        if commit is None:
            return Snapshot()
        try:
            self._entries = read_tree(self._git, commit, partial=self._configuration.partial)
            rules = Rules(
                self._patterns(),
                self._attributes(),
                Conventions(packaged_folders(self._entries), self.prefix),
                include_generated=self._settings.include_generated,
                include_vendored=self._settings.include_vendored,
                include_secrets=self._settings.include_secrets,
            )
            declared = EditorConfig(
                {path.removesuffix(CONFIG): os.fsdecode(text) for path, text in self._contents(CONFIG)}
            )
        except GitFailed as error:
            raise explained(error, self._git.folder, partial=self._configuration.partial) from error
        except OSError as error:
            raise NotARepository(f"{error}.", remedy=f"git -C '{self._git.folder}' fsck") from error
        return Snapshot(commit, self._entries, rules, declared)

    def _commit(self) -> str | None:
        """The commit that the ref names now; None for HEAD before the first commit."""
        commit = commit_of(self._git, self._ref)
        if commit is None and self._ref != "HEAD":
            raise ConfigError(
                f"{self._ref!r} is not a branch, tag or commit of {self._git.folder}.",
                remedy="git branch --all",
            )
        return commit

    def _branch(self) -> str | None:
        try:
            name = os.fsdecode(self._git.run("rev-parse", "--symbolic-full-name", self._ref)).strip()
        except GitFailed:
            return None
        return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None

    def _patterns(self) -> IgnorePatterns:
        patterns = IgnorePatterns()
        for path, content in self._contents(PATTERN_FILE):
            patterns.add(path.removesuffix(PATTERN_FILE), os.fsdecode(content), path)
        patterns.overrule(self._settings.exclude, "index.exclude")
        return patterns

    def _attributes(self) -> dict[str, Attributes]:
        texts = [content for _, content in self._contents(FILE_NAME)]
        outside = settled_texts(self._git.folder, self._repository.common_dir, self._configuration)
        names = [name for name in mentioned_names([*texts, *outside]) if name != ENCODING]
        return tree_attributes(self._git, self._entries, self._entries, names)

    def _contents(self, name: str) -> list[tuple[str, bytes]]:
        """Path and content of all files of this name that can be read."""
        return [
            (path, self._blobs.read(entry.id, MOST_BYTES))
            for path, entry in self._entries.items()
            if path.rpartition("/")[2] == name
            and entry.size is not None
            and entry.size <= MOST_BYTES
            and entry.mode not in (LINK, GITLINK)
        ]


def listed_at(
    repository: Repository, folder: Path, settings: SourceSettings, commit: str, paths: Sequence[str]
) -> list[str]:
    """Those of a commit's files that a view of it lists."""
    with closing(RefSource(repository, commit, folder, name=commit, settings=settings)) as then:
        return then.those_listed(paths)
