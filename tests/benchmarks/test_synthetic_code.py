"""Copies of code under new names, with other words in them: as more code of the same kind would be."""

import ast
import itertools
import re
import sys
from pathlib import Path

import pytest

import wherein


@pytest.fixture(scope="module")
def copies():
    """The package's own files, and three copies of them: path → text each."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        from synthetic import Corpus
    finally:
        sys.path.pop(0)
    corpus = Corpus([Path(wherein.__file__).parent])
    files = iter(corpus.files())
    return [dict(itertools.islice(files, len(corpus))) for _ in range(3)]


def words(texts):
    return set(re.findall(r"[a-z]{4,}", " ".join(texts).lower()))


def test_the_first_copy_is_the_code_itself(copies):
    assert "copy0/wherein/index.py" in copies[0]
    assert copies[0]["copy0/wherein/index.py"] == Path(wherein.__file__).with_name("index.py").read_text(
        "utf-8"
    )


def test_every_copy_has_the_same_files_under_another_name(copies):
    assert {path.replace("copy0/", "copy2/", 1) for path in copies[0]} == set(copies[2])


def parses(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def test_nearly_all_copies_still_parse(copies):
    python = [text for path, text in copies[1].items() if path.endswith(".py")]
    assert len(python) > 50
    assert sum(map(parses, python)) / len(python) > 0.9  # a rare keyword may have become another word


def test_copies_differ_from_each_other_and_have_some_words_of_their_own(copies):
    first, second, third = (words(copy.values()) for copy in copies)
    assert copies[1]["copy1/wherein/index.py"] != copies[0]["copy0/wherein/index.py"]
    assert 0.05 < len(second - first) / len(first) < 0.3
    assert 0.05 < len(third - second - first) / len(first) < 0.3


def test_words_that_many_files_have_stay(copies):
    text = copies[1]["copy1/wherein/updates.py"]
    assert "def update(" in text
    assert "import" in text
    assert "return" in text
