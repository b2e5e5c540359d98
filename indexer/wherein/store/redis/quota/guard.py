"""Keeping writers within what a tenant and its repositories may take.

A server has no such limits itself: they bind those who write with wherein, not a user who writes by hand.
"""

from collections.abc import Sequence
from dataclasses import replace

from redis.exceptions import RedisError

from wherein.errors import QuotaReached, StoreForbids, WhereinError
from wherein.store.redis.connection.address import Target, parse
from wherein.store.redis.connection.combined_questions import QueuedCommand
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explain, explained
from wherein.store.redis.connection.redis_py import Reply
from wherein.store.redis.deep import on_server
from wherein.store.redis.generations import registry
from wherein.store.redis.prefixes import quotas, repository_id, repository_prefix
from wherein.store.redis.quota.limits import EACH, TENANT, Limits, note, of_tenant, told
from wherein.store.redis.repositories import catalogue
from wherein.store.redis.repositories.survey import Survey
from wherein.store.redis.search_index import search_index
from wherein.store.redis.session import Session

ASK = "wherein gc NAME; or ask the store's administrator for more (wherein redis quota)"


def change(url: str, which: str, limit: int | None) -> None:
    """Set a limit, or take it away: of TENANT, of EACH, or of a repository by its name. StoreForbids."""
    target = parse(url)
    key, field = quotas(target.tenant), which if which in (TENANT, EACH) else repository_id(which)
    with explained(target.shown), connect(target, key=key) as client:
        if limit is None:
            client.hdel(key, field)
        else:
            client.hset(key, field, limit)


def spread(url: str) -> tuple[dict[str, int], dict[str, int], WhereinError | None]:
    """Note beside each repository which limits it has, and what the others take.

    Returns the limits (as `limits.of_tenant`, but with repositories by name), what each repository takes, and why that
    could not be noted. StoreForbids.
    """
    target = parse(url)
    with explained(target.shown), Survey(url, sizes=True) as survey:
        limits = of_tenant(target)
        taken = {each.repository: each.together for each in survey.entries}
        together = sum(taken.values())
        asked: list[tuple[str, list[QueuedCommand]]] = [
            (
                repository_prefix(target.tenant, name),
                [(words, {}) for words in note(target, name, limits, together - size)],
            )
            for name, size in taken.items()
        ]
        told = survey.combined.nodes.ask([each for each in asked if each[1]])
    errors = [each for answers in told for each in answers if isinstance(each, RedisError)]
    named = {name: limits[repository_id(name)] for name in taken if repository_id(name) in limits}
    return (
        {name: limits[name] for name in (TENANT, EACH) if name in limits} | named,
        taken,
        (explain(errors[0], target.shown) if errors else None),
    )


class Guard:
    """Keeps one writer of a repository to its limits."""

    def __init__(self, url: str, target: Target, repository: str) -> None:
        self._url, self._target, self._repository = url, target, repository
        self._known: Limits | None = None
        self._beside = 0
        """bytes of the repository's other generations"""
        self._others = 0
        """bytes of the tenant's other repositories"""

    def check(self, session: Session, answer: Sequence[Reply]) -> None:
        """QuotaReached if nothing more may be stored, by the answer to `limits.ask`."""
        if (limits := told(answer)) is None:
            return
        taken = _taken(session)
        if limits != self._known:
            self._known = replace(limits)
            self._beside = self._taken_beside(session)
            self._others = self._taken_by_others(limits) if limits.together is not None else 0
        taken += self._beside
        if limits.repository is not None and taken >= limits.repository:
            raise QuotaReached(
                f"{self._repository} takes {_in_words(taken)} of the store, and its limit is "
                f"{_in_words(limits.repository)}: nothing more of it is stored.",
                remedy=ASK,
            )
        if limits.together is not None and (all_taken := taken + self._others) >= limits.together:
            raise QuotaReached(
                f"The repositories of {self._target.tenant} take {_in_words(all_taken)} of the store, and their "
                f"limit is {_in_words(limits.together)}: nothing more is stored.",
                remedy=ASK,
            )

    def _taken_beside(self, session: Session) -> int:
        found = registry.generations(session.client, session.keys.prefix)
        return sum(
            catalogue.stored_bytes(session.client, keys)
            for keys in found
            if keys.generation != session.keys.generation
        )

    def _taken_by_others(self, known: Limits) -> int:
        try:
            found = catalogue.entries(self._url)
        except StoreForbids:  # this user may not list the repositories
            return known.others
        return sum(each.together for each in found if each.repository != self._repository)


def _in_words(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _taken(session: Session) -> int:
    pipe = session.client.pipeline(transaction=False)
    stored, told = (
        pipe.hget(session.keys.meta, "bytes").execute_command("FT.INFO", session.keys.alias).execute()
    )
    vectors = on_server.taken(session.client, session.keys.prefix)
    return int(stored or 0) + vectors + search_index.size(search_index.facts(told))
