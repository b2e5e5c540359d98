"""The names of what a farm keeps in Redis. All share one hash tag, so a cluster keeps them on one shard."""

from wherein.store.redis.prefixes import farm_prefix as prefix
from wherein.store.redis.prefixes import repository_id

__all__ = ["Keys", "prefix", "repository_id"]


class Keys:
    """Names of a tenant's farm."""

    def __init__(self, tenant: str) -> None:
        begin = f"{prefix(tenant)}:farm:"
        self.repositories = f"{begin}repositories"
        """a set of ids"""
        self.due = f"{begin}due"
        """ids by the time at which they are to be tried again, in seconds since the epoch"""
        self.totals = f"{begin}totals"
        """a hash of counts since the farm began"""
        self.runs = f"{begin}runs"
        """a stream of what workers did, the last ones"""
        self.made_with = f"{begin}made-with"
        """what indexes are made with here: workers of another version take no jobs"""
        self.listed = f"{begin}listed"
        """a hash: organisation → when it was last listed, how many, and what went wrong"""
        self.scheduler = f"{begin}scheduler"
        """who polls and hands out jobs"""
        self._begin = begin

    def repository(self, identity: str) -> str:
        """The hash of one repository."""
        return f"{self._begin}repository:{identity}"

    def host(self, host: str) -> str:
        """Who fetches from a host now, by when his turn ends."""
        return f"{self._begin}host:{host}"

    def pause(self, host: str) -> str:
        """There while a host wants to be left alone."""
        return f"{self._begin}pause:{host}"

    def delivery(self, digest: str) -> str:
        """There while a webhook's delivery is remembered."""
        return f"{self._begin}delivery:{digest}"
