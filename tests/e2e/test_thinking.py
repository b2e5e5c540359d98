"""`wherein search --think`: a language model says what the code may look like, and that is searched as well."""

import pytest

from llama_server import LlamaServer, Recital

QUESTION = "bouncing around until it gives up"


@pytest.fixture(scope="module")
def thinker():
    pieces = ("Names: ", "TooManyRedirects", "\n```\n", "raise TooMany", "()\n")
    with LlamaServer(Recital(pieces)) as server:
        yield {"WHEREIN_LLM_BASE_URL": server.base_url}


def test_what_the_model_names_is_found_and_the_user_is_told_who_was_asked(indexed, thinker):
    answer = indexed("search", QUESTION, "--think", "--json", environment=thinker)
    assert answer.code == 0
    assert "TooManyRedirects" in [each["symbol"] for each in answer.json["results"][:3]]
    assert answer.json["thought"]["names"] == ["TooManyRedirects"]
    assert "mistral-recital at http://127.0.0.1:" in answer.err
    assert "was asked what the code might look like: TooManyRedirects." in answer.err
    again = indexed("search", QUESTION, "--think", environment=thinker)
    assert "was asked before" in again.err
    assert indexed("stats", "--json").json["stats"][-2]["what"] in {"search", "think"}


def test_an_answer_is_given_from_what_the_model_thought_of_first(indexed, thinker):
    plain = indexed("ask", QUESTION, "--json", environment=thinker)
    thought = indexed("ask", QUESTION, "--think", "--json", environment=thinker)
    assert thought.code == plain.code == 0
    assert "TooManyRedirects" in [each["symbol"] for each in thought.json["sources"][:2]]
    assert "TooManyRedirects" not in [each["symbol"] for each in plain.json["sources"][:2]]
    assert "was asked" in thought.err
    assert "was asked" not in plain.err
    unsent = indexed("ask", QUESTION, "--think", "--show-prompt", environment=thinker)
    assert unsent.code == 0
    assert "was asked" not in unsent.err


def test_no_model_is_asked_unasked_or_against_the_flag(indexed, thinker, tmp_path):
    assert "was asked" not in indexed("search", QUESTION, environment=thinker).err
    config = tmp_path / "config.toml"
    config.write_text("[llm]\nthink = true\n")
    with_setting = thinker | {"WHEREIN_CONFIG": str(config)}
    assert "was asked" in indexed("search", QUESTION, environment=with_setting).err
    assert "was asked" not in indexed("search", QUESTION, "--no-think", environment=with_setting).err


def test_without_a_model_the_question_is_searched_as_it_stands(indexed):
    away = {"WHEREIN_LLM_BASE_URL": "http://127.0.0.1:1/v1"}
    answer = indexed("search", "where redirects are followed", "--think", environment=away)
    assert answer.code == 0
    assert "resolve_redirects" in answer.out
    assert "The question was searched for as it is." in answer.err


@pytest.mark.parametrize(
    "question", ["resolve_redirects", '"gives up"', "lang:python", "Redirects go on and on. " * 30]
)
def test_who_tells_enough_of_what_to_find_waits_for_no_model(indexed, thinker, question):
    answer = indexed("search", question, "--think", environment=thinker)
    assert answer.code == 0
    assert "was asked" in answer.err
    assert "No language model was asked: the question itself says enough" in answer.err
    assert answer.out == indexed("search", question).out


def test_of_all_repositories_it_is_refused(indexed):
    answer = indexed("search", "x", "--think", "--all-repos")
    assert answer.code == 2
    assert "cannot be used together" in answer.err


def test_a_sketch_of_the_answer_finds_what_the_question_has_no_word_of(indexed):
    plain = indexed("search", QUESTION, "--json").json["results"]
    assert "TooManyRedirects" not in [each["symbol"] for each in plain[:2]]
    sketched = indexed("search", QUESTION, "--sketch", "raise TooManyRedirects()", "--json")
    assert "TooManyRedirects" in [each["symbol"] for each in sketched.json["results"][:2]]
    assert "was asked" not in sketched.err
    everywhere = indexed("search", QUESTION, "--sketch", "raise TooManyRedirects()", "--all-repos", "--json")
    assert "TooManyRedirects" in [each["symbol"] for each in everywhere.json["results"][:2]]


def test_who_sketches_needs_no_model(indexed):
    answer = indexed("search", "x", "--think", "--sketch", "y()")
    assert answer.code == 2
    assert "cannot be used together" in answer.err
