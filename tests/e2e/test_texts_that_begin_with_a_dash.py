"""What people paste may begin with a dash: it is looked for, and a mistyped option is still told."""

import pytest


@pytest.mark.parametrize(
    "words",
    [
        ["-        while response.status in REDIRECTS:"],
        ["- resolve redirects"],
        ["--followed resolve redirects"],
        ["--limit", "3", "-\tresolve", "redirects", "--lang", "python"],
        ["-\n-resolve\n+redirects"],
    ],
)
def test_a_pasted_text_is_a_query(indexed, words):
    answer = indexed("search", *words)
    assert (answer.code, answer.lines[0].partition(":")[0]) == (0, "src/courier/session.py"), answer


def test_an_operator_is_a_name(repo, wherein):
    repo.write("p.cpp", "struct P {\n  T* operator->() const { return p; }\n  P& operator-=(int i);\n};\n")
    assert "operator->" in wherein("symbol", "->").out
    assert "operator-=" in wherein("symbol", "--json", "-=").out


@pytest.mark.parametrize(
    "words", [["-z", "redirects"], ["--limt", "3", "redirects"], ["--lmit=3", "redirects"]]
)
def test_an_option_that_there_is_not_is_told(indexed, words):
    answer = indexed("search", *words)
    assert (answer.code, "No such option" in answer.err) == (2, True)
