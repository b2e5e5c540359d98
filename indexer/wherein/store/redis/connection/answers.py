"""Answers as the server gives them: refusals stand among them, and a map may be a flat list."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from wherein.store.redis.connection.client_types import Reply

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
