"""`wherein redis prepare` makes a server's settings what a store needs."""

import pytest

from installed_command import run_command, variables
from redis_servers import RedisServer


@pytest.fixture
def server():
    """As a distribution's package would start it."""
    with RedisServer(settings={"maxmemory-policy": "allkeys-lru"}) as running:
        with running.client() as admin:
            admin.execute_command("ACL", "SETUSER", "ada", "on", ">secret", "~*", "&*", "+@all", "-config")
        yield running


@pytest.fixture
def prepared(tmp_path):
    def run(url):
        environment = variables(WHEREIN_STORE=url, WHEREIN_DATA_DIR=str(tmp_path))
        return run_command("redis", "prepare", environment=environment)

    return run


def test_what_a_store_needs_is_set_once_and_what_is_right_stays(server, prepared):
    first = prepared(server.url)
    assert first.returncode == 0
    assert "hash-max-listpack-value 8192 (it was 64)" in first.stdout
    assert "maxmemory-policy noeviction (it was allkeys-lru)" in first.stdout
    assert "ON_TIMEOUT fail (it was return)" in first.stdout
    assert "no configuration file" in first.stderr  # it was started without one
    with server.client() as client:
        (policy,) = client.config_get("maxmemory-policy").values()
        assert policy in ("noeviction", b"noeviction")
        client.config_set("hash-max-listpack-value", 9000)
    assert "as it should be" in prepared(server.url).stdout


def test_who_may_not_is_told_who_can(server, prepared):
    refused = prepared(server.url.replace("unix://", "unix://ada:secret@"))
    assert refused.returncode == 4
    assert "may not change the settings" in refused.stderr
    assert "administrator" in refused.stderr
    assert "secret" not in refused.stderr + refused.stdout
