"""What the store has to know about redis-py: types, and how answers come out of it.

Its own types also allow answers that are awaited or decoded, which the store's never are. Errors may stand among the
answers of a pipeline, and a map may be a flat list.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

Client = Any
"""A `redis.Redis` whose answers are bytes."""

Pipeline = Any
"""A pipeline of one."""

Reply = Any
"""What the server answered."""

Answers = TypeVar("Answers", bound=Sequence[Reply])


def raise_errors(answers: Answers) -> Answers:
    """The same answers; the first error among them is raised."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def pairs(answer: Reply) -> Mapping[bytes, bytes]:
    """A map, whether redis-py has made a dictionary of it or left it as the list of names and values that came."""
    if isinstance(answer, Mapping):
        return answer
    return dict(zip(answer[::2], answer[1::2], strict=True))
