"""The server that compose.yaml describes."""

import re
from pathlib import Path

import pytest
import yaml

from redis_servers import RedisServer
from wherein.store.redis.connection.address import parse
from wherein.store.redis.health.examine import examine

FILE = Path(__file__).parents[4] / "compose.yaml"


@pytest.fixture
def service():
    return yaml.safe_load(FILE.read_text())["services"]["redis"]


def test_the_same_settings_on_a_real_server_leave_doctor_nothing_to_mend(service):
    name, *words = service["command"]
    assert name == "redis-server"
    values = [re.sub(r"\$\{\w+:\?.*\}", "hush", re.sub(r"\$\{\w+:-(.*)\}", r"\1", word)) for word in words]
    settings = {key.removeprefix("--"): value for key, value in zip(values[::2], values[1::2], strict=True)}
    with RedisServer(settings=settings, password="hush") as server:
        found = {each.name: each.level for each in examine(parse(server.url))}
        log = server.folder / "appendonlydir"
        assert log.is_dir()
    assert found.pop("redis search") == "warn"  # the image's own module setting, which doctor tells
    assert set(found.values()) == {"ok"}


def test_only_this_machine_is_let_in_and_only_with_a_password(service):
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "--requirepass" in service["command"]
    assert service["healthcheck"]["test"]
    assert service["image"] == "redis:8"
