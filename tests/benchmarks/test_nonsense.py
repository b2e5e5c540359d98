"""Queries that mean nothing find nothing, real ones something."""

import json


def test_nonsense_finds_nothing_and_real_questions_something(home, run_script, tmp_path):
    more = tmp_path / "more.jsonl"
    more.write_text(
        json.dumps({"repo": json.loads((home / "repos.json").read_text())[0]["name"], "query": "redirects"})
    )
    done = run_script("nonsense.py", home, "--questions", more, "--json", tmp_path / "found.json")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads((tmp_path / "found.json").read_text()).values()
    assert found["empty"] == []
    assert (found["nonsense asked"], found["nonsense answered"]) == (200, 0)
    assert found["real asked"] == found["real answered"] > 1
