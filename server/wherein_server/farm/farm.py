"""An open farm: its ledger, its queue, and how it does its work."""

import base64
import os
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wherein import private
from wherein.config.settings import Settings
from wherein.errors import ConfigError
from wherein.git.mirror import Limits, Mirror
from wherein.git.remote import Access
from wherein.store.open import in_redis
from wherein_server.farm.addresses import host_of
from wherein_server.farm.engine import Engine
from wherein_server.farm.entry import Entry
from wherein_server.farm.farmfile import FarmFile
from wherein_server.farm.keys import prefix
from wherein_server.farm.ledger import Ledger

if TYPE_CHECKING:
    from wherein.store.redis.connection.address import Target

MIRRORS = "mirrors"
"""The folder in the data folder."""


@dataclass(frozen=True)
class Farm:
    """What every part of a farm works with."""

    settings: Settings
    file: FarmFile
    target: "Target"
    ledger: Ledger
    engine: Engine

    @cached_property
    def made_with(self) -> str:
        """What indexes are made with here, in words: two workers with the same value make the same indexes."""
        from wherein.embedding.open import open_embedder
        from wherein.made_with import header

        embedder = open_embedder(self.settings.model)
        return ", ".join(map(str, astuple(header(embedder.model_id, embedder.dimension))))

    @cached_property
    def access(self) -> Access:
        """How remotes may be reached, with the values of the variables in `tokens`."""
        return Access(self.file.protocols, _headers(self.file))

    @property
    def limits(self) -> Limits:
        """The limits of one fetch."""
        return Limits(self.file.max_megabytes * 1_000_000, float(self.file.fetch_seconds))

    @property
    def mirrors(self) -> Path:
        """Where mirrors are kept; created if it is missing."""
        return private.folder(private.folder(self.settings.data_dir) / MIRRORS)

    def mirror(self, entry: Entry) -> Mirror:
        """A repository's mirror on this machine."""
        return Mirror(self.mirrors / f"{entry.id}.git")


def open_farm(settings: Settings, file: FarmFile) -> Farm:
    """The farm of the configured store. Raises ConfigError if that is not Redis, or the extra is missing."""
    if settings.store is None or not in_redis(settings.store):
        raise ConfigError(
            "A farm keeps its list and its queue in the team's Redis, and no Redis is configured.",
            remedy="export WHEREIN_STORE=redis://HOST:6379, or --store",
        )
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.connection.connect import WRITE_TIMEOUT, connect

    target = parse(settings.store)
    client = connect(target, key=prefix(target.tenant), timeout=WRITE_TIMEOUT)
    engine = Engine(client, target.tenant, job_seconds=file.job_seconds)
    return Farm(settings, file, target, Ledger(client, target.tenant), engine)


def _headers(file: FarmFile) -> Mapping[str, str]:
    """A header for each host with a token: of organisations, and those in the file."""
    variables = {host_of(each.api + "/x"): each.token_env for each in file.organisations if each.token_env}
    variables = {{"api.github.com": "github.com"}.get(host, host): name for host, name in variables.items()}
    variables |= file.tokens
    found = {}
    for host, variable in variables.items():
        if token := os.environ.get(variable, "").strip():
            login = base64.b64encode(f"x-access-token:{token}".encode()).decode("ascii")
            found[f"https://{host}/"] = f"Authorization: Basic {login}"
    return found
