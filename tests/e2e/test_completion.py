"""What a shell offers while one types."""

import pytest


def completing(command):
    """complete("symbol", "Ses"): what bash would offer for the last word, as its script asks for it."""

    def ask(*words: str) -> list[str]:
        environment = {
            "_WHEREIN_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(("wherein", *words)),
            "COMP_CWORD": str(len(words)),
        }
        answer = command(environment=environment)
        assert answer.err == ""
        return [line for line in answer.lines if line]

    return ask


@pytest.fixture
def complete(indexed):
    return completing(indexed)


def test_commands_options_and_values_are_completed(complete):
    assert "plain,search" in complete("sea")
    assert complete("search", "--kind", "meth") == ["plain,method"]
    assert "plain,python" in complete("search", "--lang", "pyt")


@pytest.mark.parametrize(
    "words", [("search", "--path"), ("search", "--exclude"), ("files", "--why"), ("related",)], ids=" ".join
)
def test_where_a_file_is_wanted_the_shell_completes_it(complete, words):
    assert complete(*words, "src/co") == ["file,src/co"]


def test_definitions_are_completed_from_the_index(complete):
    assert "plain,Session.resolve_redirects" in complete("symbol", "Session.re")
    assert "plain,retryWithBackoff" in complete("explain", "retryW")
    assert complete("explain", "src/courier/se") == ["file,src/courier/se"]


def test_branches_and_stored_views_are_completed(wherein, repo):
    complete = completing(wherein)
    repo.git("branch", "feature/login")
    assert complete("search", "--view", "fea") == ["plain,feature/login"]
    wherein("index", "--view", "feature/login")
    repo.git("branch", "-D", "feature/login")
    assert complete("repo", "rollback", "fea") == ["plain,feature/login"]


def test_indexed_repositories_are_completed(complete, indexed):
    name = indexed("repo", "list", "--json").json["repositories"][0]["repository"]
    assert complete("repo", "remove", name[:4]) == [f"plain,{name}"]


def test_where_nothing_can_be_read_nothing_is_offered(complete, tmp_path):
    assert complete("symbol", "--repo", str(tmp_path / "gone"), "Ses") == []
