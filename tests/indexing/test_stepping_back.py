"""Indexing leaves the processor to whoever else wants it, unless its user waits for it."""

import os
import subprocess
import sys
import time

import pytest

from wherein.indexing.priority import FURTHER, NICENESS

pytestmark = pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no such thing here")

WORKERS = """
import os
from wherein.indexing.priority import step_back
from wherein.indexing.workers import Workers
step_back({niceness})
with Workers(2, None) as started:
    list(started.prepare([[], []]))  # they are up
    print({{os.getpriority(os.PRIO_PROCESS, each._process.pid) for each in started._workers}})
"""


@pytest.mark.parametrize(("niceness", "of_workers"), [(0, 0), (NICENESS, FURTHER * NICENESS), (10, 19)])
def test_workers_stand_further_back_than_what_they_work_for(niceness, of_workers):
    if os.getpriority(os.PRIO_PROCESS, 0) != 0:
        pytest.skip("these tests stand back themselves")
    script = WORKERS.format(niceness=niceness)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str({of_workers})


@pytest.mark.parametrize(("command", "behind"), [("index", True), ("search", False)])
def test_the_index_command_runs_behind_other_processes_and_a_search_does_not(
    repo, tmp_path, monkeypatch, command, behind
):
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    arguments = [
        sys.executable,
        "-m",
        "wherein_server.cli",
        command,
        *(["alpha"] if command == "search" else []),
    ]
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(tmp_path / "data"))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    seen = set()
    with subprocess.Popen(
        arguments, cwd=repo.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while running.poll() is None:
            seen.add(os.getpriority(os.PRIO_PROCESS, running.pid))
            time.sleep(0.002)
    assert running.returncode == 0
    assert max(seen) == (max(own, NICENESS) if behind else own)
