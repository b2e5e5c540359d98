"""Backups of a server as docs/redis.md says to make and to restore them."""

import shutil

import pytest

import wherein
from redis_servers import RedisServer, programs, wait_until
from redis_servers.server import DURABLE
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings

SNAPSHOT_ONLY = DURABLE | {"appendonly": "no"}


@pytest.mark.parametrize("program", ["stack", "redis_8", "valkey"])
def test_a_snapshot_becomes_a_server_with_a_log_and_a_copied_log_another_one(repo, tmp_path, program):
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(40)})
    made = getattr(programs, program)()

    def opened(server):
        settings = Settings(
            store=server.url, data_dir=tmp_path / "data", index=IndexSettings(name="acme/web")
        )
        return wherein.open_index(repo.root, settings=settings)

    def answers(server):
        with opened(server) as index:
            status = index.status()  # looks for every key
            return status.chunks, status.behind, index.search("part_7", limit=1)[0].symbol

    with RedisServer(made) as first, RedisServer(made, settings=SNAPSHOT_ONLY) as second:
        with opened(first) as index:
            index.update(processes=0)
        whole = answers(first)
        assert whole == (40, 0, "part_7")
        with first.client() as client:
            client.bgsave()
            wait_until(lambda: (first.folder / "dump.rdb").exists(), within=30)
            wait_until(lambda: not client.info("persistence")["rdb_bgsave_in_progress"], within=30)
        second.kill()
        shutil.copy(first.folder / "dump.rdb", second.folder / "dump.rdb")
        second.start()  # without a log, which a server would begin empty beside a snapshot
        assert answers(second) == whole
        with second.client() as client:
            client.config_set("appendonly", "yes")
            wait_until(lambda: not client.info("persistence")["aof_rewrite_in_progress"], within=30)
            wait_until(lambda: not client.info("persistence")["aof_rewrite_scheduled"], within=30)
        repo.write("later.py", "def came_later():\n    return 1\n")
        with opened(second) as index:
            index.update(processes=0)
            assert index.search("came later", limit=1)[0].symbol == "came_later"
        second.settings["appendonly"] = "yes"
        second.stop()
        (second.folder / "dump.rdb").unlink(missing_ok=True)
        second.start()  # out of the log alone
        assert answers(second) == (41, 0, "part_7")
        second.stop()
        with RedisServer(made) as third:
            third.stop()
            shutil.rmtree(third.folder / "appendonlydir", ignore_errors=True)
            shutil.copytree(second.folder / "appendonlydir", third.folder / "appendonlydir")
            third.start()
            assert answers(third) == (41, 0, "part_7")
