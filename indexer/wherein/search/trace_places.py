"""Places named in a text → chunks: a trace has another machine's paths, and the lines of another day."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from urllib.parse import unquote

from wherein.one_form import one_form
from wherein.quick_dataclass import dataclass
from wherein.search.name_readings import plain
from wherein.search.restricted import is_found
from wherein.search.traces import Frame
from wherein.store.globs import path_filter
from wherein.store.protocol import Candidate, Filters, Store
from wherein.store.spellings import JOINTS, fold, folded_spellings

MOST_PLACES = 20
MOST_NAMESAKES = 3
"""Files of one name that a place may mean equally well."""

_MARKS = "`*_<>[]{}\"'\u201c\u201d\u00ab\u00bb"
_JOINED = re.compile(r"[ \]>}@|~\u2018\u201c\u00ab\u300a-\u3011\u2500-\u257f[]")
"""What a path may be joined to by who frames, tags or mentions it: `@a.py`, `<b>a.py`, `Error@a.py`."""
_MODULE = re.compile(r"[^\W\d]\w*(?:[./][^\W\d]\w*)+")
"""As logs call a module, or a class with its package."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a place."""

    candidate: Candidate
    line: int
    """that was named; 0 if the code has moved since"""


def places_of(store: Store, view: str, found: Sequence[Frame], filters: Filters) -> list[Place]:
    """What the view shows at each place, in their order, each chunk once."""
    files = _Files(store.view_files(view))
    lets_through = _filter(filters)
    shown = _Shown(store, view)
    placed: dict[int | str, Place] = {}
    for frame in found:
        for place in _at(shown, frame, files):
            if lets_through(place.candidate) and is_found(store, place.candidate):
                placed.setdefault(place.candidate.id, place)
        if len(placed) >= MOST_PLACES:
            break
    return list(placed.values())


def _at(shown: "_Shown", frame: Frame, files: "_Files") -> Iterator[Place]:
    parts = [part for part in JOINTS.split(plain(frame.symbol).replace("$", ".")) if part]
    symbol = fold(parts[-1]) if parts else ""
    ranked = []
    for own, given, path in files.meant(frame.path):
        common = _common_end(own, given)
        whole = common == min(len(own), len(given))
        around = sum(part in own[:-1] for part in parts[:-1])  # the package of a Java class
        ranked.append((not whole, -common, -around, len(own), path))
    if not ranked:
        return
    ranked.sort()
    *first, _, _ = ranked[0]
    best = [*dict.fromkeys(path for *rank, _, path in ranked if rank == first)][:MOST_NAMESAKES]
    shown.read(best)
    for path in best:
        place = _in_file(shown.chunks_of(path), frame.line, symbol, sure=not ranked[0][0])
        if place is not None:
            yield place


class _Files:
    """The files of a view by what a text may call them."""

    def __init__(self, paths: Mapping[str, object]) -> None:
        self._paths = paths

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        return self._grouped(lambda path: path.rpartition("/")[2])

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        return self._grouped(lambda path: path.rpartition("/")[2].partition(".")[0])

    def _grouped(self, key: Callable[[str], str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self._paths:
            found[one_form(key(path)).casefold()].append(path)
        return found

    def meant(self, written: str) -> Iterator[tuple[list[str], list[str], str]]:
        """Files of the name that a place has, each as its parts, the place's parts in one of its readings, and its
        path."""
        for reading in _readings(written):
            given = [part for part in reading.replace("\\", "/").split("/") if part not in ("", ".", "..")]
            named = self._by_name.get(given[-1].casefold(), ()) if given else ()
            yield from ((one_form(path).split("/"), given, path) for path in named)
        if _MODULE.fullmatch(written):
            given = JOINTS.split(written)
            for path in self._by_stem.get(given[-1].casefold(), ()):
                own = one_form(path).rpartition(".")[0].split("/")
                if _common_end(own, given) == min(len(own), len(given)) > 1:
                    yield own, given, path


def _readings(written: str) -> Iterator[str]:
    """A path as it stands, and without what stands around paths in addresses, logs and Markdown."""
    yield written
    path = unquote(written) if "%" in written else written
    path = path.partition("?")[0].rpartition("=")[2].strip(_MARKS)
    if path != written:
        yield path
    if (inner := _JOINED.split(path)[-1]) != path:
        yield inner


class _Shown:
    """What a view shows of files, each read once: the frames of a trace are of few."""

    def __init__(self, store: Store, view: str) -> None:
        self._store = store
        self._view = view
        self._chunks: dict[str, list[tuple[Candidate, set[str]]]] = {}

    def read(self, paths: Sequence[str]) -> None:
        """Read those that were not read yet, all at once."""
        if lacking := [path for path in paths if path not in self._chunks]:
            for path, found in self._store.chunks_of(self._view, lacking).items():
                self._chunks[path] = [
                    (each, folded_spellings(each.symbol, each.qualified_name, each.names)) for each in found
                ]

    def chunks_of(self, path: str) -> Sequence[tuple[Candidate, set[str]]]:
        """The chunks of a file that was read, by line, each with the names that it is found by."""
        return self._chunks[path]


def _in_file(
    chunks: Sequence[tuple[Candidate, set[str]]], line: int, symbol: str, *, sure: bool
) -> Place | None:
    """The chunk at the line, if it is of the function named; else that function, wherever it has gone; else the line,
    where the file itself is sure."""
    there = next((each for each, _ in chunks if each.start_line <= line <= each.end_line), None)
    if symbol:
        named = [each for each, names in chunks if symbol in names]
        if there is not None and there in named:
            return Place(there, line)
        if named:
            nearest = min(named, key=lambda each: abs(each.start_line - line))
            return Place(nearest, 0)
        if there is not None and sure and not there.symbol:
            return Place(there, line)
    if there is None or not sure:
        return None
    return Place(there, line)


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left.casefold() != right.casefold():
            break
        count += 1
    return count


def _filter(filters: Filters) -> Callable[[Candidate], bool]:
    matches = path_filter(filters)

    def lets_through(found: Candidate) -> bool:
        return (
            (not filters.languages or found.language in filters.languages)
            and (not filters.kinds or found.kind in filters.kinds)
            and (matches is None or matches(found.path))
        )

    return lets_through
