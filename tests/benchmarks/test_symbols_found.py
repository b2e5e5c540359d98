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
            "d.rb": "module D\n  class_eval <<~X\n    def lost; end\n  X\n  def kept; end\nend\n",
        }
    )
    printed, figures = benchmark(
        "symbols_found.py", str(repo.root), *way, "--missing", str(tmp_path / "missing")
    )
    assert figures == {
        "cpp": {"listed": 2, "found": 2, "mistakes": {}},
        "lua": {"listed": 1, "found": 1, "mistakes": {}},
        "python": {"listed": 2, "found": 2, "mistakes": {}},
        "ruby": {"listed": 3, "found": 2, "mistakes": {}},
    }
    assert (tmp_path / "missing").read_text() == "ruby r/d.rb:3: method lost\n"
    assert ".6667" in printed


def test_what_stands_in_a_text_or_is_no_definition_is_not_counted_and_told(make_repo, benchmark):
    repo = make_repo("r")
    repo.commit(
        {
            "a.rb": "def first; end\ncheck <<~X, 1\n  def quoted; end\nX\ndef last; end\n",
            "b.lua": "function M.f() end\nlocal t = [==[\nfunction quoted() ]] end\n]==]\nfunction M.g() end\n",
            "c.swift": 'func f() { g("""\nfunc quoted() {}\n""") }\nfunc h() {}\n/*\nfunc off() {}\n*/\n',
            "d.scala": "class D {\n  def x_=(v: Int): Unit = set(v)\n  def a$b: Int = 1\n}\n",
            "e.kt": "class E {\n  fun `two words`() = each { one -> go(one) }\n}\n",
            "f.cpp": "struct V { V operator ::N::W() { return 1; } bool operator ()(int a) { return a; } };\n",
        }
    )
    _, figures = benchmark("symbols_found.py", str(repo.root), "--cut")
    assert {language: each["listed"] - each["found"] for language, each in figures.items()} == dict.fromkeys(
        ("cpp", "kotlin", "lua", "ruby", "scala", "swift"), 0
    )
    mistakes = {language: sum(each["mistakes"].values()) for language, each in figures.items()}
    assert mistakes["ruby"] == mistakes["lua"] == 1
    assert mistakes["swift"] == 2
    assert figures["scala"]["listed"] == 3
