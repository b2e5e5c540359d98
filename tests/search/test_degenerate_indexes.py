"""Indexes with next to nothing in them, or the same over and over: every question has an answer, never an error."""

import os
import shutil
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wherein
from wherein.config.settings import Settings

WORDS = ["foo", "parse", "config", "x", "zebra", "Interval", "größe", "main_loop", "HTTPServer", "42"]
PIECES = [
    "{}",
    "",
    "\n",
    "\n\n\n",
    "()\n",
    "#\n",
    "!!! ??? ...\n",
    "-" * 300,
    "def foo(): return 1\n",
    "def foo():\n    return config\n",
    "class A:\n    def foo(self): ...\n    def foo(self, x): ...\n",
    f"def {'very_long_name_' * 200}(): pass\n",
    f"{'w' * 5_000}\n",
    "zebra\n",
    "foo\n" * 50,
    "bat cat dog elk fox gnu hen ibex jay koi lynx mole newt owl pig quail rat seal toad\n",
    "こんにちは 世界\n",
    "\x00\x01",
    "# A\n\n# A\n\n# A\n",
    "# \n\n# \n",
]
NAMES = [
    "a.py",
    "b.py",
    "c.json",
    "d.md",
    "e.txt",
    "foo/foo.py",
    "foo/g.js",
    "x" * 200,
    "h.rst",
    "-.py",
    "i.toml",
]

files = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(PIECES), max_size=5)
queries = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(
        ['"foo"', "how does foo work", "where is parse config done", "path:a.py foo", "A.foo", "the"]
    ),
)


@contextmanager
def index_of(folder, contents, store=None):
    project = folder / "project"
    shutil.rmtree(folder, ignore_errors=True)
    project.mkdir(parents=True)
    for path, text in contents.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(text.encode())
    with wherein.open_index(project, store=store, settings=Settings(data_dir=folder / "data")) as index:
        index.update(processes=0, force=store is not None)
        yield index


def ask_everything(index, query, kept):
    for mode in ("hybrid", "lexical", "semantic", "symbol"):
        for paths in ((), (kept,)):
            hits = index.search(query, mode=mode, paths=paths)
            assert len({(hit.path, hit.start_line, hit.qualified_name) for hit in hits}) == len(hits)
            assert all(hit.score == hit.score for hit in hits), "a score is a number"
            assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
            assert all(not paths or hit.path == kept or "path:" in query for hit in hits)
            assert all(part == part for hit in hits for part in hit.parts.values())
    index.symbols(query)
    for path in index.files():
        for hit in index.chunks(path):
            index.related(path, hit.start_line)
            index.callers(path, hit.start_line)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents=files, query=queries, kept=st.sampled_from(NAMES))
def test_whatever_is_indexed_can_be_searched(tmp_path_factory, contents, query, kept):
    folder = tmp_path_factory.getbasetemp() / f"degenerate{os.getpid()}"
    with index_of(folder, contents) as index:
        ask_everything(index, query, kept)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents=files, query=queries, kept=st.sampled_from(NAMES))
def test_whatever_is_in_redis_can_be_searched(tmp_path_factory, redis_url, contents, query, kept):
    folder = tmp_path_factory.getbasetemp() / f"degenerate-redis{os.getpid()}"
    with index_of(folder, contents, redis_url) as index:
        ask_everything(index, query, kept)


def test_the_only_candidate_may_have_no_word(tmp_path):
    with index_of(tmp_path / "one", {"a.json": "{}"}) as index:
        assert [hit.path for hit in index.search("foo")] in ([], ["a.json"])


@pytest.mark.parametrize("words", range(1, 24))
def test_however_long_chunks_are_on_average_those_with_more_of_the_words_come_first(tmp_path, words):
    animals = "bat cat dog elk fox gnu hen ibex jay koi lynx mole newt owl pig quail rat seal toad vole wolf yak gull"
    contents = {
        "both.txt": f"cat zebra {' '.join(animals.split()[:words])}\n",
        "one.txt": f"{' '.join(animals.split()[:words])}\n",
        "other.txt": "zebra\n",
        "none.txt": "unlike\n",
    }
    with index_of(tmp_path / "of", contents) as index:
        assert index.search("cat zebra", mode="lexical")[0].path == "both.txt"
        assert index.search("zebra cat unheard")[0].path == "both.txt"
