"""Repositories that cannot be fetched, or not as before: each is told with its reason, and keeps no other one back."""

import http.server
import os
import shutil
import threading
from contextlib import contextmanager

import pytest


@contextmanager
def asks_for_a_key():
    """A forge that lets nobody in."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="forge"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/acme/private.git"
        server.shutdown()


def test_each_is_told_with_its_reason_and_the_others_are_indexed(farm):
    good, large, empty = farm.remote("good"), farm.remote("large"), farm.remote("empty")
    good.commit({"a.py": "def alpha(): pass\n"})
    (large.place / "noise.bin").write_bytes(os.urandom(3_000_000))
    large.commit({"a.py": "def alpha(): pass\n"})
    gone = f"file://{farm.folder}/nowhere"
    with asks_for_a_key() as private:
        farm.configure("tries = 1\nmax_megabytes = 1\n", urls=[good.url, large.url, empty.url, gone, private])
        assert farm("poll").code == 0
        assert farm("work", "--burst").code == 0
    found = {each["url"]: each for each in farm.status()["repositories"]}
    assert found[good.url]["state"] == "done"
    assert (found[large.url]["state"], found[large.url]["problem"]) == ("aside", "too large")
    assert "1 MB" in found[large.url]["reason"]
    assert found[empty.url]["state"] == "empty"
    assert found[gone]["problem"] == "gone"
    assert found[private]["problem"] == "forbidden"
    assert "without credentials" in found[private]["reason"]
    told = farm("status")
    assert "too large" not in told.err
    assert str(found[large.url]["reason"]) in told.out
    assert 'wherein_farm_repositories{state="aside"} 3.0' in farm("status", "--prometheus").out
    assert not list((farm.folder / "data" / "mirrors").glob("*/objects/pack/tmp_*"))

    (large.place / "noise.bin").unlink()
    large.commit({}, "--amend")
    empty.commit({"b.py": "def beta(): pass\n"})
    assert farm("retry", large.name).code == 0
    assert farm("poll", "--all").code == 0
    assert farm("work", "--burst").code == 0
    states = farm.states()
    assert (states[good.name], states[large.name], states[empty.name]) == ("done", "done", "done")
    assert farm("retry", "nobody/knows").code == 1


def test_a_mirror_that_a_killed_process_left_locked_or_damaged_is_used_again(farm):
    remote = farm.remote("web")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure(urls=[remote.url])
    assert farm("poll").code == 0
    assert farm("work", "--burst").code == 0
    (mirror,) = (farm.folder / "data" / "mirrors").glob("*.git")
    for place in ("shallow.lock", "HEAD.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_abc"):
        (mirror / place).touch()
    remote.commit({"b.py": "def beta(): pass\n"})
    assert farm("poll", "--all").code == 0
    assert farm("work", "--burst").code == 0
    assert farm.entry(remote)["commit"] == remote.head()
    for pack in (mirror / "objects" / "pack").glob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"PACK of nothing")
    remote.commit({"c.py": "def gamma(): pass\n"})
    assert farm("poll", "--all").code == 0
    assert farm("work", "--burst").code == 0
    assert farm.entry(remote)["commit"] == remote.head()


def test_what_fails_again_and_again_is_set_aside_after_so_many_tries(farm):
    remote = farm.remote("there")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure("tries = 2\n", urls=[remote.url])
    assert farm("poll").code == 0
    shutil.move(remote.place, farm.folder / "elsewhere")
    assert farm("work", "--burst").code == 0
    entry = farm.entry(remote)
    assert (entry["state"], entry["problem"], entry["tries"]) == ("failed", "gone", 1)
    farm.hand_out_again(remote)
    assert farm("work", "--burst").code == 0
    assert farm.entry(remote)["state"] == "aside"
    shutil.move(farm.folder / "elsewhere", remote.place)
    assert farm("retry", "--all").code == 0
    assert farm("work", "--burst").code == 0
    assert farm.entry(remote)["state"] == "done"


def test_a_branch_that_was_forced_elsewhere_or_gave_way_to_another_is_indexed_as_it_is(farm):
    remote = farm.remote("moving")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure(urls=[remote.url])
    for change in (
        lambda: remote.commit({"a.py": "def forced(): pass\n"}, "--amend"),
        lambda: (
            remote.git("checkout", "--quiet", "-b", "trunk"),
            remote.commit({"b.py": "def beta(): pass\n"}),
        ),
    ):
        assert farm("poll", "--all").code == 0
        assert farm("work", "--burst").code == 0
        assert farm.entry(remote)["commit"] == remote.head()
        change()
    assert farm("poll", "--all").code == 0
    assert farm("work", "--burst").code == 0
    entry = farm.entry(remote)
    assert (entry["commit"], entry["branch"]) == (remote.head(), "trunk")


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch%20x",
        "git://example.org/a",
        "ssh://-oProxyCommand=x/y",
        "https://ada:hush@example.org/a",
        "-x",
        "/etc",
        "file://",
    ],
)
def test_an_address_that_git_would_run_or_that_holds_a_password_is_refused(farm, url):
    farm.file.write_text('protocols = ["https", "ssh"]\n')
    answer = farm("add", "--no-look", "--", url)
    assert answer.code == 2
    assert "hush" not in answer.err + answer.out
    assert farm.status()["repositories"] == []
