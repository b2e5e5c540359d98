"""Texts → vectors, from a server that may be busy or slow, or accept less at once than it is given."""

import random
import time
from collections.abc import Callable, Sequence

import numpy as np

from wherein.embedding.endpoint.answers import Answer
from wherein.embedding.endpoint.batches import MOST_CHARACTERS, MOST_TEXTS, batches
from wherein.embedding.endpoint.request import Broke, Connection, TryLater
from wherein.embedding.texts import Usage
from wherein.endpoint.failures import (
    BrokenOff,
    Busy,
    NoEndpoint,
    NotUnderstood,
    Overflow,
    ServerFailed,
    Stalled,
)
from wherein.errors import EndpointUnreachable
from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Embeddings

SHORTEST = 200
"""Characters. A model whose window does not hold these is none for code."""

CHARACTERS_PER_TOKEN = 3.2
"""Of code, where a server does not say how many tokens it read."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before something is tried again, doubled each time, where the server does not say how long."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for."""

    answers_within: float
    """seconds for one request"""
    give_up_after: float
    """seconds in which nothing was answered"""
    tries: int
    """of a request that is refused, breaks off or fails; who is only busy is asked as long as there is time"""


BACKGROUND = Patience(answers_within=60.0, give_up_after=180.0, tries=4)
"""Nobody waits for it; a server may have to load its model first."""

OPENING = Patience(answers_within=30.0, give_up_after=30.0, tries=2)
"""For the first vector, which somebody may wait for; a server may have to load its model."""

SEARCHING = Patience(answers_within=3.0, give_up_after=1.0, tries=2)
"""Somebody waits. The second try is for a connection that was closed meanwhile."""


class Asker:
    """One model of one server; what it learns of the server's limits it keeps to."""

    def __init__(
        self,
        connection: Connection,
        model: str,
        *,
        usage: Usage,
        dimension: int | None = None,
        price: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._model = model
        self._usage = usage
        self._dimension = dimension
        self._price = price
        self._sleep = sleep
        self._longest: int | None = None
        """characters of a text"""
        self._most_texts, self._most_characters = MOST_TEXTS, MOST_CHARACTERS

    def vectors(self, texts: Sequence[str], patience: Patience) -> Embeddings:
        """Shape (texts, what the server gives), at least one text. Raises EndpointUnreachable."""
        sent = [text[: self._longest] for text in texts]
        parts = [
            self._batch(sent[part], patience, time.monotonic() + patience.give_up_after)
            for part in batches([len(text) for text in sent], self._most_texts, self._most_characters)
        ]
        if len({part.shape[1] for part in parts}) != 1:
            raise NotUnderstood(
                f"The embedding server at {self._connection.url} returned vectors of different lengths."
            )
        return np.concatenate(parts)

    def _batch(self, texts: Sequence[str], patience: Patience, deadline: float) -> Embeddings:
        """One request; where that is too much, several smaller ones."""
        try:
            return self._patiently(texts, patience, deadline)
        except (Overflow, Stalled) as problem:
            if time.monotonic() >= deadline:
                raise
            if len(texts) > 1:
                return self._halves(texts, patience, deadline)
            if isinstance(problem, Stalled) or len(texts[0]) // 2 < SHORTEST:
                raise
            self._longest = len(texts[0]) // 2
            return self._batch([texts[0][: self._longest]], patience, deadline)

    def _halves(self, texts: Sequence[str], patience: Patience, deadline: float) -> Embeddings:
        longest, middle = self._longest, len(texts) // 2
        first = self._batch(texts[:middle], patience, deadline)
        deadline = time.monotonic() + patience.give_up_after  # it answers
        rest = [text[: self._longest] for text in texts[middle:]]
        second = self._batch(rest, patience, deadline)
        if self._longest == longest:  # no single text was too long, all together were
            self._most_texts = min(self._most_texts, max(1, middle))
            larger = max(sum(map(len, texts[:middle])), sum(map(len, rest)))
            self._most_characters = min(self._most_characters, larger)
        return np.concatenate([first, second])

    def _patiently(self, texts: Sequence[str], patience: Patience, deadline: float) -> Embeddings:
        tries = 0
        while True:
            began = time.monotonic()
            try:
                answer = self._connection.ask(
                    self._model, texts, dimension=self._dimension, within=patience.answers_within
                )
            except EndpointUnreachable as problem:
                took = time.monotonic() - began
                self._usage.add(requests=1, seconds=took)
                if self._dimension is not None and _refuses_dimensions(problem):
                    self._dimension = None  # they are cut here
                    continue
                tries += 1
                pause = self._pause(problem, tries, patience)
                if pause is None or time.monotonic() + pause > deadline:
                    raise
                self._usage.add(retries=1)
                self._sleep(pause)
            else:
                self._count(texts, answer, time.monotonic() - began)
                return answer.vectors

    def _pause(self, problem: EndpointUnreachable, tries: int, patience: Patience) -> float | None:
        """Seconds until it is worth another try; None if it is not."""
        if not isinstance(problem, NoEndpoint | BrokenOff | Busy | Broke):
            return None
        if isinstance(problem, TryLater) and problem.after is not None:
            return problem.after
        if tries >= patience.tries and not isinstance(problem, Busy):
            return None
        pause = float(min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE))
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 - so that not all come back at once

    def _count(self, texts: Sequence[str], answer: Answer, seconds: float) -> None:
        estimated = 0 if answer.tokens else round(sum(map(len, texts)) / CHARACTERS_PER_TOKEN)
        tokens = answer.tokens or estimated
        cost = tokens * self._price / 1_000_000
        self._usage.add(
            requests=1, texts=len(texts), tokens=tokens, estimated=estimated, cost=cost, seconds=seconds
        )


def _refuses_dimensions(problem: EndpointUnreachable) -> bool:
    said = problem.message.lower()
    return isinstance(problem, ServerFailed | Overflow) and ("dimensions" in said or "matryoshka" in said)
