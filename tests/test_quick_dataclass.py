"""Ours and Python's own dataclasses do the same."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from wherein import quick_dataclass

Decorator = Callable[..., Callable[[type[Any]], type[Any]]]


def _frozen(decorator: Decorator) -> type[Any]:
    @decorator(frozen=True, slots=True)
    class Place:
        """A place."""

        path: str
        line: int = 1
        marks: list[str] = dataclasses.field(default_factory=list, compare=False)
        cached: str = dataclasses.field(default="", repr=False, compare=False)

        @property
        def shown(self) -> str:
            return f"{self.path}:{self.line}"

    return Place


def _mutable(decorator: Decorator) -> type[Any]:
    @decorator(slots=True)
    class Count:
        """A count."""

        of: str
        times: int = 0

    return Count


def _named(decorator: Decorator) -> type[Any]:
    @decorator(frozen=True, slots=True, kw_only=True)
    class Wanted:
        """What is wanted."""

        limit: int = 10
        query: str

    return Wanted


def _said(action: Callable[[], Any]) -> object:
    try:
        return action()
    except Exception as error:
        return type(error), str(error)


def _both(make: Callable[[Decorator], type[Any]]) -> list[type[Any]]:
    return [make(dataclasses.dataclass), make(quick_dataclass.dataclass)]


@pytest.mark.parametrize(
    "asked",
    [
        lambda made: repr(made("a")),
        lambda made: made("a", 2, ["m"], "c").shown,
        lambda made: made("a", marks=["m"]).marks,
        lambda made: made("a").marks is not made("a").marks,
        lambda made: made("a", marks=["m"], cached="c") == made("a"),
        lambda made: made("a") == made("b"),
        lambda made: made("a") == ("a", 1),
        lambda made: hash(made("a", 2)) == hash(made("a", 2, ["m"])) == hash(("a", 2)),
        lambda made: len({made("a"), made("a"), made("b")}),
        lambda made: repr(dataclasses.replace(made("a"), line=7)),
        lambda made: dataclasses.asdict(made("a", 2, ["m"])),
        lambda made: [(each.name, each.type, each.default) for each in dataclasses.fields(made)],
        lambda made: setattr(made("a"), "line", 2),
        lambda made: delattr(made("a"), "line"),
        lambda made: made(),
        lambda made: made("a", other=1),
        lambda made: made("a", 1, [], "", 5),
        lambda made: made.__match_args__,
        lambda made: made.__slots__,
        lambda made: made.__doc__,
        lambda made: str(inspect.signature(made)),
        lambda made: copy.copy(made("a", 2, ["m"])) == made("a", 2),
        lambda made: copy.deepcopy(made("a", 2, ["m"])).marks,
        lambda made: made("a").__getstate__(),
    ],
)
def test_a_frozen_class_says_and_does_what_pythons_own_does(asked: Callable[[type[Any]], Any]) -> None:
    own, ours = (_said(lambda made=made: asked(made)) for made in _both(_frozen))
    assert ours == own


@pytest.mark.parametrize(
    "asked",
    [
        lambda made: repr(made("a")),
        lambda made: made("a", 1) == made("a", times=1),
        lambda made: hash(made("a")),
        lambda made: setattr(made("a"), "other", 2),
        lambda made: copy.copy(made("a", 3)).times,
    ],
)
def test_a_class_whose_objects_change_does_so_too(asked: Callable[[type[Any]], Any]) -> None:
    own, ours = (_said(lambda made=made: asked(made)) for made in _both(_mutable))
    assert ours == own
    count = _mutable(quick_dataclass.dataclass)("a")
    count.times += 1
    assert count.times == 1


@pytest.mark.parametrize(
    "asked",
    [
        lambda made: repr(made(query="a")),
        lambda made: made("a"),
        lambda made: made(),
        lambda made: str(inspect.signature(made)),
    ],
)
def test_fields_that_are_given_by_name_only_are(asked: Callable[[type[Any]], Any]) -> None:
    own, ours = (_said(lambda made=made: asked(made)) for made in _both(_named))
    assert ours == own


def test_objects_are_pickled_and_what_a_class_has_of_its_own_is_kept() -> None:
    assert pickle.loads(pickle.dumps(Kept("a", 2))) == Kept("a", 2)
    assert repr(Kept("a")) == "a!"
    one = Alone("a")
    assert one == one
    assert one != Alone("a")
    assert len({one, Alone("a")}) == 2


@quick_dataclass.dataclass(frozen=True, slots=True)
class Kept:
    """Has a `__repr__` of its own."""

    name: str
    times: int = 1

    def __repr__(self) -> str:
        return f"{self.name}!"


@quick_dataclass.dataclass(slots=True, eq=False)
class Alone:
    """Equal to itself alone."""

    name: str
