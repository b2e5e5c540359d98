"""What counts as an answer in a home of history."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import homes
from homes import Lines


@pytest.fixture
def question(tmp_path):
    (tmp_path / "repos.json").write_text(json.dumps([{"name": "r"}, {"name": "other"}]))
    (tmp_path / "questions.jsonl").write_text(
        json.dumps({"repo": "r", "query": "fix a leak", "answers": [["a.c", 10, 12], ["b.c", 5, 5]]}) + "\n"
    )
    found = homes.questions(tmp_path, ["r"])
    assert found.keys() == {"r"}
    return found["r"][0]


@pytest.mark.parametrize(
    ("hits", "worth"),
    [
        ([Lines("a.c", 1, 10), Lines("b.c", 1, 9)], 1.0),
        ([Lines("a.c", 1, 9), Lines("b.c", 5, 8)], 0.5),
        ([Lines("a.c", 1, 200)], 0.0),
        ([Lines("c.c", 10, 12)], 0.0),
        ([], 0.0),
    ],
)
def test_the_first_hit_on_a_changed_line_counts_unless_it_is_long(question, hits, worth):
    assert homes.worth(hits, question) == worth
