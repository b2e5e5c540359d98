"""What files and folders are by convention, judging by their names; the names are in conventions.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from wherein.git.ignore.verdict import Verdict
from wherein.packaged import files
from wherein.skips import SkipReason


class Conventions:
    """Verdicts on paths by their names alone.

    `packaged` are folders that hold a package manager's manifest. What someone opened by itself (`prefix`, ""
    or ending with `/`) is wanted, whatever it is called.
    """

    def __init__(self, packaged: Iterable[str] = (), prefix: str = "") -> None:
        self._table = _table()
        self._packaged = frozenset(packaged)
        self._verdicts: dict[str, Verdict | None] = {"": None}
        above = prefix.split("/")[:-1]
        self._verdicts |= {"/".join(above[:depth]): None for depth in range(1, len(above) + 1)}

    def vendored(self, path: str) -> Verdict | None:
        """Whether a file lies in a folder of third-party code, or is such a file itself."""
        folder, _, name = path.rpartition("/")
        return self._folder(folder) or self._table.vendored_files.get(name)

    def generated(self, path: str) -> Verdict | None:
        """Whether a file is generated or minified."""
        name = path.rpartition("/")[2]
        if found := self._table.generated_files.get(name):
            return found
        if not name.endswith(self._table.endings):
            return None
        return next(verdict for ending, verdict in self._table.by_ending.items() if name.endswith(ending))

    def _folder(self, folder: str) -> Verdict | None:
        """Of all parts of a folder's path; each folder is looked at once."""
        unseen: list[str] = []
        place = folder
        while place not in self._verdicts:
            unseen.append(place)
            place = place.rpartition("/")[0]
        verdict = self._verdicts[place]
        for place in reversed(unseen):
            if verdict is None and self._is_vendored(place):
                verdict = Verdict(SkipReason.VENDORED, f"{place}/ is a folder of third-party code")
            self._verdicts[place] = verdict
        return verdict

    def _is_vendored(self, folder: str) -> bool:
        above, _, name = folder.rpartition("/")
        table = self._table
        return name in table.folders or folder in self._packaged or (not above and name in table.root_folders)


def packaged_folders(paths: Iterable[str]) -> set[str]:
    """The folders among these files' that a package manager filled, by the manifest that it left."""
    table = _table()
    return {_filled(path, table.manifests) for path in paths if path.endswith(table.manifest_names)} - {""}


def _filled(path: str, manifests: tuple[str, ...]) -> str:
    for manifest in manifests:
        if path == manifest or path.endswith("/" + manifest):
            above = path[: -len(manifest)]
            first, slash, _ = manifest.partition("/")
            return above + first if slash else above.rstrip("/")
    return ""


class _Table:
    def __init__(self, data: Mapping[str, Any]) -> None:
        vendored, generated, minified = data["vendored"], data["generated"], data["minified"]
        self.folders = frozenset(vendored["folders"])
        self.root_folders = frozenset(vendored["root_folders"])
        self.manifests = tuple(vendored["manifests"])
        self.manifest_names = tuple(manifest.rpartition("/")[2] for manifest in self.manifests)
        self.vendored_files = {
            name: Verdict(SkipReason.VENDORED, f"{name} is a build tool's own file")
            for name in vendored["files"]
        }
        self.generated_files = {
            name: Verdict(SkipReason.GENERATED, f"{name} is written by a tool") for name in generated["files"]
        }
        self.by_ending = {
            ending: Verdict(reason, f"a name that ends with {ending} shows that it is {reason}")
            for reason, endings in (
                (SkipReason.GENERATED, generated["endings"]),
                (SkipReason.MINIFIED, minified["endings"]),
            )
            for ending in endings
        }
        self.endings = tuple(self.by_ending)


@cache
def _table() -> _Table:
    return _Table(tomllib.loads((files(__package__) / "conventions.toml").read_text(encoding="utf-8")))
