"""`wherein redis plan` and `wherein redis quota`: how much memory indexes need, and how much they may take."""

import re
from typing import TYPE_CHECKING, Any

import click

from wherein.errors import ConfigError
from wherein_server.cli import complete, jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.known_as import whole_name
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for
from wherein_server.cli.wording import count, size

if TYPE_CHECKING:
    from wherein.store.redis.quota.plan import Need, Present

    _Number = click.ParamType[int]
else:
    _Number = click.ParamType  # older ones take no argument

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]?)B?", re.IGNORECASE)


class Size(_Number):
    """Bytes, as people write them."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """`500MB` → 500,000,000."""
        match = _SIZE.fullmatch(str(value).strip())
        if match is None:
            self.fail(f"{value!r} is not a size; write 500MB or 2.5GB.", param, ctx)
        return int(float(match[1]) * _UNITS[match[2].upper()])


@click.command(
    epilog=example(
        "wherein redis plan --repositories 400", "wherein redis plan --repositories 50 --lines 200000"
    )
)
@click.option(
    "--repositories",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many there will be; without it, as many as there are.",
)
@click.option(
    "--lines",
    type=click.IntRange(min=1),
    metavar="N",
    help="Lines of code in each, on average; without it, as in those that the server holds.",
)
@common_options
def plan(common: Common, repositories: int | None, lines: int | None) -> int:
    """Say how much memory and disk repositories will need on a Redis server.

    The estimate is based on what the configured server holds, if that is enough; otherwise, or without a Redis
    store, on figures measured on open-source repositories.
    """
    from wherein.store.open import in_redis
    from wherein.store.redis.quota.plan import held, needed

    store = settings_for(common).store
    there = held(store) if store is not None and in_redis(store) else None
    need = needed(there, repositories=repositories, lines=lines)
    if common.json:
        jsonout.print_json({"held": _held(there), "needed": _need(need)})
        return Exit.DONE
    rows: dict[str, str] = {}
    if there is not None:
        rows["holds now"] = (
            f"{_repositories(there.repositories)}, {count(there.chunks, 'chunk')}, {size(there.bytes)}"
        )
    rows["planned"] = (
        f"{_repositories(need.repositories)} of {count(need.chunks, 'chunk')} each (some {need.lines:,} lines)"
    )
    rows["indexes"] = f"{size(need.bytes)}, {need.bytes_a_chunk:,} bytes a chunk"
    rows["maxmemory"] = f"{size(need.memory)}, with what else the server holds and room to work in"
    rows["disk"] = f"{size(need.disk)} for the log while it is rewritten"
    rows["restart"] = f"{need.restart_seconds:,.0f} s until the server answers again"
    if there is not None and there.limit is not None:
        enough = "no limit" if not there.limit else size(there.limit)
        few = f", {size(need.memory - there.limit)} too little" if 0 < there.limit < need.memory else ""
        rows["this server"] = f"maxmemory {enough}{few}"
    for name, value in rows.items():
        common.screen.line(f"{name:<12} {value}")
    return Exit.DONE


@click.command(
    epilog=example(
        "wherein redis quota",
        "wherein redis quota 20GB",
        "wherein redis quota 500MB --each",
        "wherein redis quota 2GB --repository github.com/acme/web",
    )
)
@click.argument("limit", required=False, type=Size(), metavar="SIZE")
@click.option("--each", is_flag=True, help="For each repository that has no limit of its own.")
@click.option(
    "--repository",
    metavar="NAME",
    shell_complete=complete.repositories,
    help="For one repository, by its name.",
)
@click.option("--none", "unlimited", is_flag=True, help="Remove the limit.")
@common_options
def quota(common: Common, limit: int | None, each: bool, repository: str | None, unlimited: bool) -> int:
    """Limit how much the tenant, or a repository, may take of a Redis server.

    SIZE is for the whole tenant, unless --each or --repository is given. Once a limit is reached, nothing more is
    stored and an error says so; what is stored stays and is searched. Each call shows the limits beside what is
    used, and lets each repository know what the others use: run it on a schedule. For an admin of the tenant.
    """
    from wherein.store.open import in_redis
    from wherein.store.redis.quota.guard import change
    from wherein.store.redis.quota.limits import EACH, TENANT

    settings = settings_for(common)
    store = settings.store
    if store is None or not in_redis(store):
        raise ConfigError("Only a Redis store has limits.", remedy="wherein redis quota --store redis://…")
    if each and repository is not None:
        raise ConfigError(
            "Give either --each or --repository, not both.", remedy="wherein redis quota --help"
        )
    if limit is not None and unlimited:
        raise ConfigError("Give either SIZE or --none, not both.", remedy="wherein redis quota --help")
    if repository is not None:
        repository = whole_name(repository, settings) or repository
    if limit is not None or unlimited:
        change(store, repository or (EACH if each else TENANT), limit)
    elif each or repository is not None:
        raise ConfigError("Which limit is meant?", remedy="give SIZE, or --none")
    return _show(common, store, repository)


def _show(common: Common, store: str, named: str | None) -> int:
    """Print the limits; then the server's error, if it lets nothing be noted, is raised."""
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.quota.guard import spread
    from wherein.store.redis.quota.limits import EACH, TENANT

    limits, taken, refused = spread(store)
    if named is not None and named not in taken:
        common.screen.note(f"{shown_name(named)} is not in the store yet; the limit will apply once it is.")
    together, tenant, each = sum(taken.values()), limits.get(TENANT), limits.get(EACH)
    if common.json:
        listed = [
            {"repository": jsonout.readable(name), "bytes": taken[name], "limit": limits.get(name, each)}
            for name in taken
        ]
        told = {"tenant": parse(store).tenant, "bytes": together, "limit": tenant, "each": each}
        jsonout.print_json({**told, "repositories": listed})
    else:
        common.screen.line(f"{parse(store).tenant} (all together)\t{_of(together, tenant)}")
        for name in sorted(taken):
            common.screen.line(f"{shown_name(name)}\t{_of(taken[name], limits.get(name, each))}")
    if refused is not None:
        raise refused
    return Exit.DONE


def _of(taken: int, limit: int | None) -> str:
    return f"{size(taken)} of {size(limit)}" if limit is not None else f"{size(taken)}, no limit"


def _repositories(number: int) -> str:
    return f"{number:,} {'repository' if number == 1 else 'repositories'}"


def _held(there: "Present | None") -> dict[str, Any] | None:
    from dataclasses import asdict

    return None if there is None else asdict(there)


def _need(need: "Need") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(need), "lines": need.lines}
