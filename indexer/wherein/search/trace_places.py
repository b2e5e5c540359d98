"""From the places that a text names to chunks: the paths of a trace are those of another machine, its lines of another
day."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from wherein.one_form import one_form
from wherein.quick_dataclass import dataclass
from wherein.search.name_readings import plain
from wherein.search.traces import Frame
from wherein.store.globs import path_filter
from wherein.store.protocol import Candidate, Filters, Store
from wherein.store.spellings import JOINTS, fold, folded_spellings

MOST_PLACES = 20
MOST_NAMESAKES = 3
"""Files of one name that a place may mean equally well."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a place."""

    candidate: Candidate
    line: int
    """that was named; 0 where the code has moved since"""


def places_of(store: Store, view: str, found: Sequence[Frame], filters: Filters) -> list[Place]:
    """What the view shows at each place, in their order, each chunk once."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in store.view_files(view):
        by_name[one_form(path.rpartition("/")[2]).casefold()].append(path)
    lets_through = _filter(filters)
    shown = _Shown(store, view)
    placed: dict[int | str, Place] = {}
    for frame in found:
        for place in _at(shown, frame, by_name):
            if lets_through(place.candidate):
                placed.setdefault(place.candidate.id, place)
        if len(placed) >= MOST_PLACES:
            break
    return list(placed.values())


def _at(shown: "_Shown", frame: Frame, by_name: dict[str, list[str]]) -> Iterator[Place]:
    given = [part for part in frame.path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if not given:
        return
    parts = [part for part in JOINTS.split(plain(frame.symbol).replace("$", ".")) if part]
    symbol = fold(parts[-1]) if parts else ""
    ranked = []
    for path in by_name.get(given[-1].casefold(), ()):
        own = one_form(path).split("/")
        common = _common_end(own, given)
        whole = common == min(len(own), len(given))
        around = sum(part in own[:-1] for part in parts[:-1])  # the package of a Java class
        ranked.append((not whole, -common, -around, len(own), path))
    ranked.sort()
    best = [each for each in ranked if each[:3] == ranked[0][:3]][:MOST_NAMESAKES]
    shown.read([path for *_, path in best])
    for foreign, *_, path in best:
        place = _in_file(shown.chunks_of(path), frame.line, symbol, sure=not foreign)
        if place is not None:
            yield place


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
