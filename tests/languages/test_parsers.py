"""Versions of grammars: what this release was tried with, and what is installed."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from wherein.languages import parsers, registry

ROOT = Path(__file__).parents[2]


@pytest.fixture
def fresh():
    parsers.others.cache_clear()
    parsers._listed.cache_clear()
    yield
    parsers.others.cache_clear()
    parsers._listed.cache_clear()


def requirements():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    return {each.name: each for each in map(Requirement, declared)}


def test_what_is_stored_comes_from_packages_that_are_bounded_above():
    stored = [
        each for name, each in requirements().items() if name == "PyStemmer" or name.startswith("tree-sitter")
    ]
    assert len(stored) > 20
    assert [each for each in stored if not any(one.operator == "<" for one in each.specifier)] == []


def test_the_table_names_every_grammar_in_a_version_that_may_be_installed():
    grammars = {registry.get(name).grammar for name in registry.names()} - {""}
    assert {parsers.package_of(module) for module in grammars} | {parsers.RUNTIME} == set(parsers.expected())
    allowed = requirements()
    for package, version in parsers.expected().items():
        assert allowed[package].specifier.contains(version), package


def test_a_grammar_in_another_version_is_noticed(fresh, tmp_path, monkeypatch):
    (tmp_path / "tree_sitter_python-0.0.7.dist-info").mkdir()
    (tmp_path / "Tree.Sitter-Go-0.0.8.dist-info").mkdir()
    before = dict(parsers.others())
    parsers.others.cache_clear()
    parsers._listed.cache_clear()
    monkeypatch.syspath_prepend(tmp_path)
    assert parsers.others() == before | {"tree-sitter-python": "0.0.7", "tree-sitter-go": "0.0.8"}


def test_what_a_file_may_be_is_told_by_its_name():
    assert [each.name for each in registry.possible("a/b.py")] == ["python"]
    assert {"c", "cpp"} <= {each.name for each in registry.possible("a.h")}
    assert "python" in {each.name for each in registry.possible("bin/tool")}
