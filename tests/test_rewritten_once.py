"""What pytest makes of test modules is made once, not by each worker."""

import sys

import pytest
from _pytest.assertion import rewrite

from rewritten_once import rewrite_once


@pytest.fixture
def folder(tmp_path, pytestconfig, monkeypatch):
    """A folder of tests that is to be tested."""
    monkeypatch.setattr(pytestconfig, "args", [f"{tmp_path}::test_one"])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "test_sums.py").write_text("def test_one():\n    assert 1 + 1 == 3\n")
    (tmp_path / "conftest.py").write_text("")
    (tmp_path / "sums.py").write_text("assert 1 + 1 == 3\n")
    return tmp_path


def kept(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix == ".pyc")


def test_test_modules_are_rewritten_before_anybody_imports_them(folder, pytestconfig):
    rewrite_once(pytestconfig)
    assert [path.name.partition(".")[0] for path in kept(folder)] == ["conftest", "test_sums"]
    code = rewrite._read_pyc(folder / "below" / "test_sums.py", kept(folder)[1])
    assert code is not None
    names: dict[str, object] = {}
    exec(code, names)
    with pytest.raises(AssertionError, match=r"assert \(1 \+ 1\) == 3"):
        names["test_one"]()


def test_what_is_kept_stays_until_the_file_changes(folder, pytestconfig):
    rewrite_once(pytestconfig)
    before = [path.stat().st_ino for path in kept(folder)]
    rewrite_once(pytestconfig)
    assert [path.stat().st_ino for path in kept(folder)] == before
    (folder / "below" / "test_sums.py").write_text("def test_one():\n    assert 1 + 1 == 2 + 2\n")
    rewrite_once(pytestconfig)
    code = rewrite._read_pyc(folder / "below" / "test_sums.py", kept(folder)[1])
    assert code is not None
