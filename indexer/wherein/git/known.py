"""What decides what a large worktree shows, as a look found it; and what it shows of some files."""

from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import Path

from wherein.git.attributes import mentioned_names, read_attributes
from wherein.git.beneath import Beneath
from wherein.git.configuration import Configuration
from wherein.git.disk import Part, Settled, rules_of, settle
from wherein.git.editorconfig import EditorConfig, read_editor_configs
from wherein.git.frame import Steering
from wherein.git.last_look import Found, Look
from wherein.git.overlaid import Overlaid
from wherein.git.repository import Repository
from wherein.git.source import Base, Listing, SourceSettings
from wherein.git.stamps import open_stamps
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason


class NotAgain(Exception):
    """Something is different that only a whole look can judge."""


@dataclass(slots=True)
class Known:
    """A worktree with all that decides."""

    repository: Repository
    prefix: str
    settings: SourceSettings
    view: str
    beneath: Beneath
    look: Look
    found: Found
    checkouts: list[tuple[str, Repository, Configuration]]
    steering: Steering
    texts: Mapping[str, list[bytes]]
    """of attribute files, by checkout"""
    commit: str | None = None
    branch: str | None = None
    differs: dict[str, str | None] = field(default_factory=dict)
    """path → id of what is known to differ from the whole look; None if it is not among the files"""
    skipped: dict[str, SkipReason | None] = field(default_factory=dict)
    """the same of what is left out"""
    encodings: dict[str, str] = field(default_factory=dict)

    def base_of(self, path: str) -> str:
        """What precedes, in the view, the paths of the checkout in which a path lies."""
        return max((base for base, _, _ in self.checkouts if path.startswith(base)), key=len)

    def take(self, paths: Collection[str], gone: Collection[str] = (), *, stamped: bool) -> None:
        """Look at these files, but for those that are no longer shown, whatever is on the disk. With `stamped` what
        they are hashed to is remembered, in the place of what was. Raises NotAgain; GitFailed."""
        nothing: dict[str, None] = {**dict.fromkeys(gone), **dict.fromkeys(paths)}
        hidden = {*gone}
        shown = [path for path in paths if path not in hidden]
        settled, encodings = self._settle(shown, stamped=stamped)
        self.differs |= {**nothing, **settled.files}
        self.skipped |= {**nothing, **settled.skipped}
        for path in nothing:
            self.encodings.pop(path, None)
        self.encodings |= encodings

    def listing(self) -> Listing:
        """All that is known."""
        apart = {path: SkipReason(reason) for path, reason in self.look.apart.items()}
        differs = dict(self.differs)
        return Listing(
            self.commit,
            self.branch,
            Overlaid(self.found.files, differs),
            Overlaid(self.found.skipped, {**self.skipped, **apart}),
            dict(self.encodings),
            Base(self.look.id, Overlaid(self.found.files, {})),
            differs,
        )

    def _settle(self, paths: Collection[str], *, stamped: bool) -> tuple[Settled, dict[str, str]]:
        files: dict[str, dict[str, str | None]] = {base: {} for base, _, _ in self.checkouts}
        for path in paths:
            base = self.base_of(path)
            files[base][path[len(base) :]] = None
        parts: list[Part] = []
        for seen, (base, repository, configuration) in zip(self.look.checkouts, self.checkouts, strict=True):
            mentioned = mentioned_names(self.texts[base]) if files[base] else []
            attributes = read_attributes(repository.git, files[base], mentioned) if files[base] else {}
            parts.append(
                Part(base, files[base], sha256=configuration.sha256, links=seen.links, attributes=attributes)
            )
        root = Path(self.beneath.root)
        steering = self.steering
        rules = rules_of(steering.patterns, steering.packaged, parts, root, self.prefix, self.settings)
        folder = self.settings.stamp_cache if stamped else None
        stamps = open_stamps(folder, self.view, "-different")
        settled = settle(parts, rules, root, self.settings.max_file_bytes, stamps)
        if settled.converted:
            raise NotAgain  # what git calls a file has a part in its id
        declared = EditorConfig(read_editor_configs(self.beneath, steering.editor))
        return settled, dict(declared.charsets(settled.files)) | {
            part.base + path: said.encoding
            for part in parts
            for path, said in part.attributes.items()
            if said.encoding
        }
