"""The benchmarks of time, memory and disk run, and measure what they say."""

import sys
from pathlib import Path

import pytest


def test_latency_is_told_for_each_size_that_the_index_grows_to(home, benchmark):
    _, rows = benchmark("latency.py", home, "--chunks", "40", "120")
    assert rows[0]["chunks"] >= 39
    assert rows[1]["chunks"] >= 117
    assert all(0 < row["query_p50_ms"] <= row["query_p95_ms"] for row in rows)
    assert rows[1]["disk_mb"] > 0
    assert rows[1]["resident_mb"] > rows[1]["resident_before_mb"]


def test_start_up_is_measured_against_a_bare_python(home, benchmark):
    _, found = benchmark("startup.py", home, "--repeat", "2")
    assert found["repository"] == "tiny"
    assert found["chunks"] == 2
    assert found["python_seconds"] < found["version_seconds"] < found["search_seconds"]


def test_two_checkouts_answer_by_turns_and_are_compared(home, run_script, tmp_path):
    here = Path(__file__).parents[2]
    done = run_script(
        "by_turns.py", here, home / "repos" / "tiny", home, "--rounds", "2", "--data-dir", tmp_path / "data"
    )
    assert done.returncode == 0, done.stderr
    assert "2 chunks, 3 questions, 2 rounds" in done.stdout
    assert "3 answers are the same" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_counts_all_processes_of_the_command(home, benchmark):
    _, found = benchmark("memory.py", home)
    assert found["peak_bytes"] > 10_000_000
    assert found["processes"] >= 1


def test_a_switched_branch_is_cut_anew_only_where_it_differs_and_only_once(home, benchmark):
    _, found = benchmark("incremental.py", home, "--repeat", "2")
    assert found["files"] == 2
    assert found["files_that_differ"] == 1
    assert found["new_branch_chunks"] >= 1
    assert found["known_branch_chunks"] == 0
    assert found["saved_to_found_seconds"] > 0


def test_a_repository_can_be_named_instead_of_a_home(home, benchmark):
    _, found = benchmark("startup.py", home / "repos" / "tiny", "--repeat", "1")
    assert found["repository"] == "tiny"


def test_a_commit_with_a_hook_is_measured_beside_one_without(home, benchmark, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    _, found = benchmark("hook_overhead.py", home / "repos/tiny", "--commits", "3")
    assert {"none", "wherein, file"} <= found["hooks"].keys()
    assert found["hooks"]["none"]["added_ms"] == 0
    assert all(0 < row["median_ms"] <= row["p90_ms"] for row in found["hooks"].values())
    assert found["run_processor_seconds"] > 0.05
