"""Functions with the questions that models learn from are cut out of clones as they were when they were asked for."""

import importlib
import json
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

CODE = '''import os


def quoted(path):
    """Make a path safe.

    For a shell.
    """
    return "'" + path + "'"
'''


@pytest.fixture
def written(monkeypatch, make_repo, tmp_path):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    module = importlib.import_module("written")
    clone = make_repo("clones/acme/tiny")
    revision = clone.commit({"src/quote.py": CODE})
    clone.commit({"src/quote.py": "changed = 1\n"})
    spec = {"name": "tiny", "url": "https://example.invalid/acme/tiny", "revision": revision, "aside": False}
    (tmp_path / "questions").mkdir()
    (tmp_path / "repos.json").write_text(json.dumps([spec]))
    monkeypatch.setattr(module, "QUESTIONS", tmp_path)

    def read(end=9, **options):
        line = {"path": "src/quote.py", "name": "quoted", "start_line": 4, "end_line": end}
        (tmp_path / "questions/tiny.jsonl").write_text(
            json.dumps(line | {"questions": ["a", "b", "c"]}) + "\n"
        )
        return list(module.read(clone.root.parents[1], **options))

    read.module = module
    return read


def test_a_function_has_its_lines_of_the_pinned_revision(written):
    (function,) = written()
    assert (function.repository, function.place, function.questions) == (
        "tiny",
        "src quote py",
        ("a", "b", "c"),
    )
    assert function.code == CODE.splitlines()[3:]
    assert written(aside=True) == []


def test_a_doc_comment_can_be_left_out(written):
    (function,) = written()
    bare = "\n".join(written.module.without_comment(function))
    assert "def quoted" in bare
    assert "return" in bare
    assert "safe" not in bare
    assert "shell" not in bare


def test_lines_that_a_file_does_not_have_are_refused(written):
    with pytest.raises(SystemExit, match=r"src/quote\.py of tiny is shorter"):
        written(end=30)
