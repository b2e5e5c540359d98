"""The benchmark of the Redis store, run as its users run it, on a home of a few functions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "redis_store.py"

FUNCTIONS = 40


@pytest.fixture
def home(tmp_path):
    repository = tmp_path / "home" / "repos" / "tiny"
    repository.mkdir(parents=True)
    for i in range(FUNCTIONS):
        verb = ("open", "close", "merge", "split")[i % 4]
        (repository / f"part{i}.py").write_text(
            f"def {verb}_thing_{i}(value):\n    return {verb}(value, {i})\n"
        )
    (tmp_path / "home" / "annotations").mkdir()
    asked = [{"query": f"{verb} the thing"} for verb in ("open", "close", "merge", "split")]
    (tmp_path / "home" / "annotations" / "tiny.json").write_text(json.dumps(asked))
    return tmp_path / "home"


def test_both_stores_are_measured_on_the_same_chunks(home, tmp_path):
    files = ["--json", tmp_path / "report.json", "--table", tmp_path / "table.md"]
    done = subprocess.run(
        [sys.executable, SCRIPT, home, "--sizes", "30", "--beside", "0.5", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    stores = json.loads((tmp_path / "report.json").read_text())["sizes"]["30"]
    assert stores.keys() == {"embedded", "redis float16"}
    for figures in stores.values():
        assert figures["chunks"] == 30
        assert figures["recall@10"] > 0.5
        assert 0 < figures["query p50 ms"] <= figures["query p95 ms"]
        assert figures["beside a writer p95 ms"] > 0
        assert figures["beside wherein index p95 ms"] > 0
        assert figures["bytes/chunk, as status says"] > 0
    assert stores["redis float16"]["same first hit"] >= 0.5
    assert (tmp_path / "table.md").read_text().count("|---") >= 3


def test_what_searches_cost_on_a_network_is_counted(home, tmp_path, make_repo):
    place = make_repo("tiny")
    place.commit({f"part{i}.py": f"def open_thing_{i}(value):\n    return {i}\n" for i in range(FUNCTIONS)})
    (home / "repos.json").write_text(json.dumps([{"name": "tiny", "language": "python"}]))
    done = subprocess.run(
        [
            *(sys.executable, SCRIPT.with_name("redis_network.py"), home, "--in", place.root),
            *("--queries", "2", "--json", tmp_path / "report.json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["chunks"] == FUNCTIONS
    assert report["bytes a chunk"] > 1_000
    assert 0 < report["a further repository of ten chunks, MB"] < 0.3
    assert report["search, first"]["most round trips"] == 4
    assert report["search in a process that stays open"]["most round trips"] == 2
