"""Retrieval, scored on a home of known answers."""

import json
import math
import sqlite3
from contextlib import closing

import pytest


def test_scores_are_those_that_the_answers_make(home, benchmark, tmp_path):
    printed, reports = benchmark("retrieval.py", home, "--results", tmp_path / "results.ndjson")
    (report,) = reports
    half = 1 / (1 + 1 / math.log2(3))  # the first of two answers found, at the first place
    assert report["ndcg10"] == pytest.approx((1 + 1 + half) / 3)
    assert report["hit10"] == 1
    assert report["by_category"]["symbol"] == pytest.approx((1 + half) / 2)
    assert report["peers"] == {"other": 0.25}
    results = [json.loads(line) for line in (tmp_path / "results.ndjson").read_text().splitlines()]
    assert results[0]["results"][0] == ["lib/redirects.py", 1, 2]
    assert "other" in printed


@pytest.mark.parametrize("script", ["retrieval.py", "ablation.py", "latency.py"])
def test_a_folder_that_is_no_home_is_one_sentence(script, run_script, tmp_path):
    done = run_script(script, tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("it has no repos.json")


def test_an_index_that_another_version_left_behind_is_built_anew(home, run_script, tmp_path):
    data_dir = tmp_path / "data"
    assert run_script("retrieval.py", home, "--data-dir", data_dir).returncode == 0
    (index,) = (data_dir / "indexes").glob("*.db")
    with closing(sqlite3.connect(index)) as db, db:
        db.execute("UPDATE identity SET chunker = 'another'")
    done = run_script("retrieval.py", home, "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    assert "NDCG@10" in done.stdout
