"""`wherein redis prepare`."""

from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for

if TYPE_CHECKING:
    from wherein.store.redis.health.prepare import Prepared


@click.command(epilog=example("WHEREIN_STORE=redis://:PASSWORD@cache.example:6379 wherein redis prepare"))
@common_options
def prepare(common: Common) -> int:
    """Change the settings of a Redis server to what a store needs.

    For its administrator: a chunk is kept in one block of memory (hash-max-listpack-value), nothing is evicted
    (maxmemory-policy), and a query that takes too long fails instead of finding a part (ON_TIMEOUT). Settings that
    are right already are left alone; the others are changed at once and written to the server's configuration file.
    What was stored before takes less memory only after the server has been restarted. In a cluster, every node is
    prepared.
    """
    from wherein.store.open import in_redis

    store = settings_for(common).store
    if store is None or not in_redis(store):
        raise ConfigError("The store is not a Redis server.", remedy="set WHEREIN_STORE to its URL")
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.health.prepare import prepare as prepare_server

    target = parse(store)
    done = prepare_server(target)
    if common.json:
        told = {server: _told(each) for server, each in done.items()}
        jsonout.print_json({"nodes": told} if target.cluster else told[target.shown])
        return Exit.DONE
    for server, each in done.items():
        at = f"{server}: " if target.cluster else ""
        for name, (was, now) in each.changed.items():
            common.screen.line(shown_name(f"{at}{name} {now} (it was {was})"))
        if not each.changed:
            common.screen.line(f"{at}Everything is as it should be.")
        if not each.kept:
            common.screen.note(
                f"{at}The server has no configuration file in which all of that is kept: start it with these settings."
            )
    return Exit.DONE


def _told(done: "Prepared") -> dict[str, object]:
    changed = {name: {"was": was, "is": now} for name, (was, now) in done.changed.items()}
    return {"changed": changed, "kept": done.kept}
