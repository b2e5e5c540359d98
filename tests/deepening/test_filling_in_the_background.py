"""Behind an editor, a watcher and a hook the deep tier fills by itself, and never by a plain search."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from raw_client import RawClient
from wherein.deepening.client import FillProcess
from wherein.hooks.run import serve
from wherein.hooks.spool import Spool

WHEREIN = Path(sys.executable).parent / "wherein"
PATIENCE = 90.0
"""Seconds. It takes two, but stands behind everybody else of a busy machine."""


@pytest.fixture
def environment(server, settings, only_our_configuration, monkeypatch):
    """As a user sets it: the model in the environment."""
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("WHEREIN_DEEP_MODEL", settings.deep_model)
    config = settings.data_dir.parent / "config.toml"
    config.write_text(f'deep_endpoint = "{server.url}"\n[background]\non_battery = true\n')
    monkeypatch.setenv("WHEREIN_CONFIG", str(config))
    return os.environ


@pytest.fixture
def place(repo, module):
    repo.write(".wherein.toml", '[index]\nname = "acme/deep"\n')
    repo.commit({f"m{n}.py": module(f"paint_{n}", f"widget_{n}") for n in range(6)})
    return repo


def wait_until(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def share(place, settings, open_at):
    """share(): how much of it is filled."""

    def told():
        status = open_at(place, settings).status(check=False)
        return status.deep.share

    return told


def test_the_language_server_fills_behind_its_update_what_is_open_first(place, environment, share, documents):
    process = subprocess.Popen(
        [str(WHEREIN), "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    client = RawClient(process.stdout, process.stdin, process)
    try:
        client.initialize(place.root)
        client.indexed()
        wait_until(lambda: share() == 1.0)
        documents()
        fast = client.request("wherein/search", {"query": "where is the widget painted", "stage": "fast"})
        assert fast["results"]
        status = client.request("wherein/status", {})
        assert status["indexes"][0]["index"]["deep"]["share"] == 1.0
        assert documents() == []
    finally:
        client.close()


def test_a_watcher_fills_behind_its_updates_and_ends_with_its_filler(place, environment, share, module):
    watcher = subprocess.Popen(
        [str(WHEREIN), "watch", "--poll"], cwd=place.root, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: (place.root / ".git").exists() and _is_there(share) and share() == 1.0)
        place.write("new.py", module("brand_new", "newer_still"))
        wait_until(lambda: share() < 1.0 or _chunks(share) > 12)
        wait_until(lambda: share() == 1.0)
    finally:
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(30) == 0


def _is_there(share):
    from wherein.errors import IndexMissing

    try:
        share()
    except IndexMissing:
        return False
    return True


def _chunks(share):
    return 13 if share() == 1.0 else 0


def test_a_hook_s_run_fills_behind_it_until_somebody_else_is_to_be_indexed(
    place, environment, share, settings
):
    state = settings.data_dir / "hooks"
    state.mkdir(parents=True, mode=0o700)
    (state / "requests").write_bytes(os.fsencode(place.root) + b"\0")
    assert Spool(state).waiting()
    assert serve(state) == 1
    assert share() == 1.0


def test_a_plain_search_and_an_update_fill_nothing(place, environment, documents):
    environment["WHEREIN_DEEP_MODEL"] = "endpoint:counts"
    for words in (["index"], ["search", "--mode", "lexical", "widget"]):
        assert (
            subprocess.run([str(WHEREIN), *words], cwd=place.root, env=environment, check=False).returncode
            == 0
        )
    assert documents() == []


def test_index_deep_fills_in_the_foreground_and_status_tells_of_it(place, environment, documents):
    def run(*words):
        return subprocess.run(
            [str(WHEREIN), *words],
            cwd=place.root,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )

    done = run("index", "--deep")
    assert done.returncode == 0, done.stderr
    assert "Deep tier: 13 of 13 chunks" in done.stdout or "Deep tier: 12 of 12 chunks" in done.stdout
    assert "100 % (endpoint:counts" in run("status").stdout
    environment["WHEREIN_DEEP_MODEL"] = "transformers:gone/away"
    gone = run("status")
    assert gone.returncode == 0
    assert "endpoint:counts" in gone.stdout
    del environment["WHEREIN_DEEP_MODEL"]
    none = run("index", "--deep")
    assert none.returncode == 2
    assert "wherein model use" in none.stderr


def test_a_filler_pauses_while_somebody_searches_and_ends_when_it_is_told(
    place, environment, open_at, settings
):
    open_at(place, settings).update()
    index = open_at(place, settings)
    filling = FillProcess()
    filling.begin(place.root)
    filling.pause(PATIENCE)
    time.sleep(0.3)
    assert filling.running
    filling.pause(0.0)
    wait_until(lambda: not filling.running)
    assert index.deep_status().share == 1.0
    filling.begin(place.root)
    filling.pause(PATIENCE)
    filling.end()
    assert not filling.running


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system knows no such thing")
def test_it_leaves_a_core_to_whoever_searches():
    script = (
        "import os; from wherein.deepening.process import leave_a_core; before = os.sched_getaffinity(0); "
        "leave_a_core(); print(len(before), len(os.sched_getaffinity(0)))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    had, has = map(int, told.split())
    assert has == max(had - 1, 1)


def test_as_one_types_the_language_server_takes_no_second_look_and_one_when_asked_in_full(
    place, environment, settings, open_at, documents, server
):
    config = Path(environment["WHEREIN_CONFIG"])
    config.write_text(
        f'deep_endpoint = "{server.url}"\n[lsp]\nauto_update = false\n[search]\nsecond_look = 10000\n'
    )
    index = open_at(place, settings)
    index.update(processes=0)
    process = subprocess.Popen(
        [str(WHEREIN), "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    client = RawClient(process.stdout, process.stdin, process)
    try:
        client.initialize(place.root)

        def asked(query, stage):
            return client.request("wherein/search", {"query": query, "stage": stage})["results"]

        for typed in ("where is the widget", "where is the widget painted"):
            assert asked(typed, "fast")
            assert documents() == []
        assert asked(typed, "full")
        looked = len(documents())
        assert looked > 0
        wait_until(lambda: index.deep_status().filled == looked)  # kept behind the answer
        assert asked(typed, "full")
        assert asked(typed, "fast")
        assert documents() == []
    finally:
        client.close()
