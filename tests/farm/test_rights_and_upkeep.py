"""What a farm's login may do, what stands in its queue, and indexes that are cleaned or were lost."""

import json
import zlib

import pytest
import redis

from installed_command import run_command
from wherein.store.redis.roles.acl import line, rules

PREFIX = "wherein-farm:{default}"


def test_a_login_for_the_farm_suffices_and_reaches_nothing_else(farm):
    remote = farm.remote("web")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure(urls=[remote.url])
    with farm.broker.client() as admin:
        for name, words in (
            ("farm", rules("owner", tenant="default", farm=True)),
            ("reader", rules("searcher", tenant="default")),
        ):
            admin.execute_command("ACL", "SETUSER", *line(name, "hush", words).split()[1:])
        login = {"WHEREIN_STORE": f"unix://farm:hush@{farm.broker.socket}"}
        assert farm("poll", **login).code == 0
        assert farm("work", "--burst", **login).code == 0
        assert farm("status", "--prometheus", **login).code == 0
        assert farm("retry", remote.name, **login).code == 0
        assert farm.entry(remote)["state"] == "done"
        assert admin.execute_command("ACL", "LOG") == []

        admin.set("elsewhere", "1")
        with farm.broker.client(username="farm", password="hush") as client:
            assert client.get(f"{PREFIX}:farm:made-with")
            script = "return redis.call('GET', 'elsewhere')"
            for command in (
                ("GET", "elsewhere"),
                ("LRANGE", "elsewhere", 0, -1),
                ("GET", "wherein-farm:{other}:farm:made-with"),
                ("EVAL", script, 0),
                ("FLUSHALL",),
                ("CONFIG", "GET", "*"),
                ("KEYS", "*"),
            ):
                with pytest.raises(redis.ResponseError):
                    client.execute_command(*command)
        with farm.broker.client(username="reader", password="hush") as client:
            for command in (
                ("SMEMBERS", f"{PREFIX}:farm:repositories"),
                ("HGETALL", f"{PREFIX}:farm:totals"),
            ):
                with pytest.raises(redis.exceptions.NoPermissionError):
                    client.execute_command(*command)


def test_what_a_job_names_is_never_run(farm):
    mark = farm.folder / "mark"
    call = json.dumps(["os.system", None, [f"touch {mark}"], {}]).encode()
    fields = {
        "data": zlib.compress(call),
        "status": "queued",
        "origin": "push",
        "created_at": "2026-01-01T00:00:00.000000Z",
    }
    fields |= {"success_callback_name": "os.getcwd", "timeout": "60", "description": "x"}
    with farm.broker.client() as client:
        for name, data in (("made-up", fields), ("0" * 20 + "-" + "a" * 40, fields | {"data": b"\x80\x04."})):
            client.hset(f"{PREFIX}:job:{name}", mapping=fields if name == "made-up" else data)
            client.rpush(f"{PREFIX}:queue:push", name)
        client.rpush(f"{PREFIX}:queue:push", "nobody-knows")
        assert farm("work", "--burst").code == 0
        assert client.llen(f"{PREFIX}:queue:push") == 0
    assert not mark.exists()


def test_indexes_are_cleaned_and_what_the_store_lost_is_made_again(farm):
    remote = farm.remote("web")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure("clean_hours = 0.0000001\n", urls=[remote.url])
    assert farm("poll").code == 0
    assert farm("work", "--burst").code == 0
    assert farm("poll").code == 0
    assert "is cleaned" in farm("work", "--burst").err
    assert farm.entry(remote)["state"] == "done"
    removed = run_command("repo", "remove", remote.name, environment=farm.environment)
    assert removed.returncode == 0, removed.stderr
    for _ in range(2):
        assert farm("poll").code == 0
        said = farm("work", "--burst").err
    assert "is indexed" in said
    assert farm.entry(remote)["state"] == "done"
