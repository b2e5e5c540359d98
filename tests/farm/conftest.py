"""A farm of a test's own."""

import pytest

from farms import make_farm
from redis_servers import RedisServer


@pytest.fixture
def farm(tmp_path):
    with RedisServer() as broker:
        place = make_farm(tmp_path, broker)
        yield place
        place.end()
