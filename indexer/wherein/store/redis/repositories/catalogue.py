"""The list of the repositories that a tenant has in the store: adding to it, and removing a repository."""

import time
from contextlib import suppress

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import StoreBusy, StoreForbids, StoreUnreachable
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.connection.address import Target, parse
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explained, is_missing_index, is_of_another_kind
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.connection.repository_client import repository_client
from wherein.store.redis.generations import generation, registry
from wherein.store.redis.keys import SLOTS, Keys
from wherein.store.redis.locks.right_to_write import right_to_write
from wherein.store.redis.prefixes import catalogue, repository_id, repository_prefix
from wherein.store.redis.quota import limits
from wherein.store.redis.repositories.survey import Survey
from wherein.store.redis.repositories.survey_entry import Entry
from wherein.store.redis.search_index import rebuilding, search_index
from wherein.store.redis.search_index.parameters import chosen
from wherein.store.redis.trees.contents import to_bytes

REMOVE_WAIT_SECONDS = 2.0
ADD_WAIT_SECONDS = 60.0
POLL = 0.05


ADDED = "added"
"""A field beside those of a repository's search indexes: `add` has entered the repository into the list."""


def register_unless_added(client: Client, target: Target, repository: str) -> None:
    """Enter a repository into its tenant's list, unless the administrator did so: users who index what was added may
    not change the list. `client` is one for the repository's own keys."""
    if client.hget(names.made(repository_prefix(target.tenant, repository)), ADDED) is None:
        register(target, repository)
        limits.note_new(client, target, repository)


def register(target: Target, repository: str) -> bool:
    """Enter a repository into its tenant's list; whether it was not there."""
    key = catalogue(target.tenant)
    client: Client = connect(target, key=key)
    try:
        return bool(client.hset(key, repository_id(repository), to_bytes(repository)))
    finally:
        client.close()


def list_again(url: str, repository: str) -> None:
    """Enter an indexed repository into the list if that has lost it. Does nothing if this user may not, or it fails."""
    target = parse(url)
    key, entry = catalogue(target.tenant), repository_id(repository)
    with (
        suppress(StoreForbids, StoreUnreachable),
        explained(target.shown),
        connect(target, key=key) as client,
    ):
        try:
            listed = client.hget(key, entry)
        except ResponseError as error:
            if not is_of_another_kind(error):
                raise
            client.delete(key)
            listed = None
        if listed is None:
            client.hset(key, entry, to_bytes(repository))


def add(url: str, repository: str, header: Header) -> bool:
    """Make what indexing a repository needs and an indexer may not make: the search indexes of all slots, in
    the way that suits how large it has become, and its entry in the list; whether the list lacked it."""
    with (
        repository_client(url, repository) as (target, prefix, client),
        right_to_write(client, prefix) as right,
    ):

        def provide(told: object) -> None:
            used = {keys.slot for keys in registry.all_keys(client, prefix)}
            wanted = chosen(target.options, {})
            for slot in set(range(SLOTS)) - used:
                search_index.provide(client, Keys(prefix, slot), wanted, header.dimension)
            for keys in registry.understood(client, prefix):
                if (found := registry.readable(client, keys)) is None:
                    continue
                options, dimension = target.options, found.header.dimension
                parameters = rebuilding.parameters(client, found.keys, options)
                search_index.mend(client, found.keys, parameters, dimension)
                rebuilding.rebuild_when_due(client, found.keys, options, dimension, right, again=True)

        right.while_held(provide, ADD_WAIT_SECONDS)
        new = register(target, repository)
        limits.note_new(client, target, repository)
        client.hset(names.made(prefix), ADDED, 1)
        return new


def _unregister(client: Client, target: Target, repository: str) -> None:
    key = catalogue(target.tenant)
    lists: Client = connect(target, key=key)
    try:
        with suppress(NoPermissionError):  # the list is the administrator's; what is empty is not shown
            lists.hdel(key, repository_id(repository))
            client.hdel(names.made(repository_prefix(target.tenant, repository)), ADDED)
    finally:
        lists.close()


def entries(url: str) -> list[Entry]:
    """All repositories of the URL's tenant, by name, with what they take."""
    with Survey(url, sizes=True) as survey:
        return survey.entries


def remove(url: str, repository: str) -> int:
    """Delete the index of a repository, or what `add` made for one; the bytes it took. IndexMissing if there is
    neither, StoreBusy while a view of it is brought up to date."""
    with (
        repository_client(url, repository) as (target, prefix, client),
        right_to_write(client, prefix) as right,
    ):
        freed: int | None = None

        def delete(told: object) -> int:
            nonlocal freed
            if freed is None:  # if this is the second try, all of it may be deleted already
                if not registry.exists(client, prefix) and client.hget(names.made(prefix), ADDED) is None:
                    raise generation.missing(repository)
                freed = sum(stored_bytes(client, keys) for keys in registry.generations(client, prefix))
            registry.delete_all(client, right, prefix)
            return freed

        _wait_for_updates(client, prefix, repository)
        together = right.while_held(delete, REMOVE_WAIT_SECONDS, to_delete=True)
        _unregister(client, target, repository)
        return together


def _wait_for_updates(client: Client, prefix: str, repository: str) -> None:
    deadline = time.monotonic() + REMOVE_WAIT_SECONDS
    views = [view for keys in registry.generations(client, prefix) for view in client.hkeys(keys.views)]
    while views and client.exists(*(names.updating(prefix, view) for view in views)):
        if time.monotonic() > deadline:
            raise _being_updated(repository)
        time.sleep(POLL)


def _being_updated(repository: str) -> StoreBusy:
    return StoreBusy(
        f"The index of {repository} is being updated.", remedy="wait for the update, then try again"
    )


def stored_bytes(client: Client, keys: Keys) -> int:
    """What the chunks, texts and the index of a generation take together."""
    stored = int(client.hget(keys.meta, "bytes") or 0)
    try:
        return stored + search_index.size(search_index.info(client, keys.alias))
    except ResponseError as error:
        if not is_missing_index(error):
            raise
        return stored  # it is made again when somebody writes
