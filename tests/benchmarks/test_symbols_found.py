"""The share of definitions that `wherein symbol` finds is counted against ctags' list."""

import shutil

import pytest

pytestmark = pytest.mark.skipif(shutil.which("ctags") is None, reason="needs universal-ctags")


@pytest.mark.parametrize("way", [[], ["--cut"]], ids=["asked", "cut"])
def test_a_definition_that_is_not_found_by_its_name_is_listed_as_missing(way, make_repo, benchmark, tmp_path):
    repo = make_repo("r")
    repo.commit(
        {
            "a.py": "class A:\n    def run(self):\n        return 1\n",
            "b.cpp": "TEST(Suite, Works) { go(); }\nint main() { return 0; }\n",
            "c.lua": "function M.f()\n  return 1\nend\n",
            "d.scala": "object D {\n/*\ndef lost(): Int = 1\n*/\n  def kept(): Int = 1\n}\n",
        }
    )
    printed, figures = benchmark(
        "symbols_found.py", str(repo.root), *way, "--missing", str(tmp_path / "missing")
    )
    assert figures == {
        "cpp": {"listed": 2, "found": 2, "mistakes": {}},
        "lua": {"listed": 1, "found": 1, "mistakes": {}},
        "python": {"listed": 2, "found": 2, "mistakes": {}},
        "scala": {"listed": 3, "found": 2, "mistakes": {}},
    }
    assert (tmp_path / "missing").read_text() == "scala r/d.scala:3: function lost\n"
    assert ".6667" in printed
