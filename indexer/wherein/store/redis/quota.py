"""How much a tenant and its repositories may take of a server: told by its administrator, kept to by whoever writes.

A server has no such limits of its own, so that they keep those who use wherein; whoever may write by hand is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import NoPermissionError

from wherein.errors import QuotaReached, StoreForbids
from wherein.store.redis import catalogue, registry, searchindex
from wherein.store.redis.address import Target, parse
from wherein.store.redis.client import Client
from wherein.store.redis.connection import connect
from wherein.store.redis.failures import explained
from wherein.store.redis.names import quotas, repository_id
from wherein.store.redis.session import Session

TENANT, EACH, USED = "tenant", "each", "used"
"""Fields beside those of single repositories, which are hexadecimal: all together, each that has none of its own, and
what all took when it was last looked at."""

ASK = "wherein gc NAME; or ask the store's administrator for more (wherein redis quota)"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Bytes; None where there is no limit."""

    tenant: int | None = None
    repository: int | None = None
    """of the one that was asked for: its own, else that of each"""
    used: int = 0
    """by all of the tenant's repositories, when somebody last looked who may"""


def read(target: Target, repository: str) -> Quotas:
    """The limits for a repository; none where this user may not know them, as users of former versions."""
    key = quotas(target.tenant)
    client: Client = connect(target, key=key)
    try:
        found = client.hmget(key, [TENANT, repository_id(repository), EACH, USED])
    except NoPermissionError:
        return Quotas()
    finally:
        client.close()
    tenant, own, each, used = (int(value) if value and value.isdigit() else None for value in found)
    return Quotas(tenant, each if own is None else own, used or 0)


def everyone(url: str, repositories: Sequence[str]) -> tuple[int | None, int | None, dict[str, int]]:
    """The limits of a tenant, of each repository, and of those of `repositories` that have their own."""
    target = parse(url)
    key = quotas(target.tenant)
    with explained(target.shown), connect(target, key=key) as client:
        found = {name.decode(): int(value) for name, value in client.hgetall(key).items() if value.isdigit()}
    own = {each: found[repository_id(each)] for each in repositories if repository_id(each) in found}
    return found.get(TENANT), found.get(EACH), own


def change(url: str, which: str, limit: int | None) -> None:
    """Set a limit, or take it away: of TENANT, of EACH, or of a repository by its name. StoreForbids."""
    target = parse(url)
    key, field = quotas(target.tenant), which if which in (TENANT, EACH) else repository_id(which)
    with explained(target.shown), connect(target, key=key) as client:
        if limit is None:
            client.hdel(key, field)
        else:
            client.hset(key, field, limit)


def note_used(url: str, used: int) -> None:
    """Note what all repositories of a tenant take together, for those who may not list them, where there is a limit."""
    target = parse(url)
    key = quotas(target.tenant)
    with explained(target.shown), connect(target, key=key) as client:
        if client.hget(key, TENANT) is not None:
            client.hset(key, USED, used)


class Guard:
    """Keeps one writer of a repository to its limits."""

    def __init__(self, url: str, target: Target, repository: str) -> None:
        self._url, self._target, self._repository = url, target, repository
        self._quotas: Quotas | None = None
        self._beside = 0
        """bytes of the repository's other generations"""
        self._others = 0
        """bytes of the tenant's other repositories"""

    def check(self, session: Session) -> None:
        """QuotaReached where nothing more may be stored. Asks once whether there is a limit at all."""
        if self._quotas is None:
            self._quotas = read(self._target, self._repository)
            if self._quotas.repository is not None or self._quotas.tenant is not None:
                self._beside = self._taken_beside(session)
            if self._quotas.tenant is not None:
                self._others = self._taken_by_others(self._quotas, _taken(session) + self._beside)
        limit, together = self._quotas.repository, self._quotas.tenant
        if limit is None and together is None:
            return
        taken = _taken(session) + self._beside
        all_taken = taken + self._others
        if limit is not None and taken >= limit:
            raise QuotaReached(
                f"{self._repository} takes {_in_words(taken)} of the store and may take {_in_words(limit)}: "
                "nothing more of it is stored.",
                remedy=ASK,
            )
        if together is not None and all_taken >= together:
            raise QuotaReached(
                f"The repositories of {self._target.tenant} take {_in_words(all_taken)} of the store and may take "
                f"{_in_words(together)}: nothing more is stored.",
                remedy=ASK,
            )

    def _taken_beside(self, session: Session) -> int:
        found = registry.generations(session.client, session.keys.prefix)
        return sum(
            catalogue.stored_bytes(session.client, keys)
            for keys in found
            if keys.generation != session.keys.generation
        )

    def _taken_by_others(self, known: Quotas, own: int) -> int:
        try:
            return sum(
                each.bytes for each in catalogue.entries(self._url) if each.repository != self._repository
            )
        except StoreForbids:
            return max(known.used - own, 0)


def _in_words(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _taken(session: Session) -> int:
    size, told = session.run(
        lambda pipe: pipe.hget(session.keys.meta, "bytes").execute_command("FT.INFO", session.keys.alias)
    )
    return int(size or 0) + searchindex.size(searchindex.facts(told))
