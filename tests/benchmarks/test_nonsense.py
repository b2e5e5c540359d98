"""Queries that mean nothing find nothing, real ones something."""

import json

import pytest

from nonsense import COUNT, measure, nonsense
from wherein.config import Settings

CODE = (
    '"""Sessions keep cookies between requests."""\n\n\nclass Session:\n    """Sends requests."""\n\n'
    "    def work(self, request):\n        return self.transport.deliver(request, where='which', done=True)\n"
)


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "repos" / "r").mkdir(parents=True)
    (home / "annotations").mkdir()
    (home / "repos" / "r" / "a.py").write_text(CODE)
    (home / "repos.json").write_text(
        json.dumps([{"name": "r", "language": "python", "benchmark_root": None}])
    )
    asked = [
        {"query": query, "category": "semantic", "relevant": ["a.py"], "secondary": []}
        for query in ("how does Session work", "where are cookies kept", "deliver", "how does it work")
    ]
    (home / "annotations" / "r.json").write_text(json.dumps(asked))
    return home


def test_nonsense_finds_nothing_and_real_questions_something(home, tmp_path):
    assert len(set(nonsense())) == COUNT
    counts, empty = measure(home, Settings(data_dir=tmp_path / "data"), (), {"r": ["cookies"]})
    assert empty == []
    assert counts == {"nonsense asked": COUNT, "nonsense answered": 0, "real asked": 5, "real answered": 5}
