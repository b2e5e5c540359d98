"""Servers in a state of a test's own."""

import pytest

from redis_servers import RedisServer, programs
from redis_servers.certificates import make_certificates
from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explained


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """What a store keeps on this machine, where a test names no other folder than `Path()`."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def server():
    """For the tests of one file."""
    with RedisServer() as running:
        yield running


@pytest.fixture
def start_redis():
    """start_redis(setting=value, program=…, password=…): a server for this test alone."""
    started: list[RedisServer] = []

    def start(*, program=None, port=None, user=None, password=None, **settings) -> RedisServer:
        given = {name.replace("_", "-"): str(value) for name, value in settings.items()}
        server = RedisServer(program, settings=given, port=port, user=user, password=password)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.__exit__()


@pytest.fixture
def ask():
    """ask(url, "HGET", …): what a server answers a client of ours, its failures explained."""

    def asked(url, *command, **options):
        target = parse(url)
        with explained(target.shown), connect(target, **options) as client:
            return client.execute_command(*(command or ("PING",)))

    return asked


@pytest.fixture(params=["stack", "redis_8", "valkey"])
def any_server(request):
    """A server of each kind that has a search module."""
    with RedisServer(getattr(programs, request.param)()) as server:
        yield server
