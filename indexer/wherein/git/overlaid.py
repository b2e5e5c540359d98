"""A mapping that differs in a few values from another one, which is read when it is first needed."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

V = TypeVar("V")


class Overlaid(Mapping[str, V]):
    """What was found, with what is different now: None for what is no longer there. Read when it is first asked."""

    def __init__(self, found: Callable[[], Mapping[str, V]], now: Mapping[str, V | None]) -> None:
        self._found = found
        self._now = now

    def __getitem__(self, path: str) -> V:
        return self._whole[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    @cached_property
    def _whole(self) -> dict[str, V]:
        whole = dict(self._found())
        for path, value in self._now.items():
            if value is None:
                whole.pop(path, None)
            else:
                whole[path] = value
        return whole
