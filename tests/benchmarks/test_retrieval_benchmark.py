"""The benchmark, run as its users run it, on a home small enough to know the answers."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "retrieval.py"

CODE = {
    "lib/redirects.py": "def follow_redirect(response):\n    return response.headers['Location']\n",
    "lib/cookies.py": "def merge_cookies(jar, cookies):\n    jar.update(cookies)\n    return jar\n",
}

QUESTIONS = [
    {"query": "follow_redirect", "category": "symbol", "relevant": ["lib/redirects.py"]},
    {
        "query": "merge cookies into a jar",
        "relevant": [{"path": "lib/cookies.py", "symbol": "merge_cookies", "start_line": 1, "end_line": 3}],
    },
    {
        "query": "merge_cookies",
        "category": "symbol",
        "relevant": ["lib/nowhere.py"],
        "secondary": ["lib/cookies.py"],
    },
]


@pytest.fixture
def home(tmp_path):
    for path, text in CODE.items():
        file = tmp_path / "home" / "repos" / "tiny" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "home" / "annotations").mkdir()
    (tmp_path / "home" / "annotations" / "tiny.json").write_text(json.dumps(QUESTIONS))
    (tmp_path / "home" / "repos.json").write_text(json.dumps([{"name": "tiny", "language": "python"}]))
    peers = {"methods": {"other": {"repos": {"tiny": 0.25}}, "elsewhere": {"repos": {"huge": 1.0}}}}
    (tmp_path / "home" / "peers.json").write_text(json.dumps(peers))
    return tmp_path / "home"


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


def test_scores_are_those_that_the_answers_make(home, tmp_path):
    done = run(home, "--json", tmp_path / "report.json", "--results", tmp_path / "results.ndjson")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report.json").read_text())[0]
    half = 1 / (1 + 1 / math.log2(3))  # the first of two answers found, at the first place
    assert report["ndcg10"] == pytest.approx((1 + 1 + half) / 3)
    assert report["hit10"] == 1
    assert report["by_category"]["symbol"] == pytest.approx((1 + half) / 2)
    assert report["peers"] == {"other": 0.25}
    results = [json.loads(line) for line in (tmp_path / "results.ndjson").read_text().splitlines()]
    assert results[0]["results"][0] == ["lib/redirects.py", 1, 2]
    assert "other" in done.stdout


def test_a_folder_that_is_no_home_is_one_sentence(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("it has no repos.json")
