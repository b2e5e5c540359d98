import tomllib
from dataclasses import replace

import wherein
from wherein import tokens
from wherein.config.settings import Settings
from wherein.embedding.static import StaticEmbedder
from wherein.packaged import files
from wherein.search.everyday import called
from wherein.search.query import parse, part_of
from wherein.search.rank.steps import adjusted_synonyms
from wherein.search.search import retrieval
from wherein.search.synonyms import MOST_SAID, PHRASE, WORD, synonyms_of


def lines() -> list[tuple[str, str]]:
    data = tomllib.loads(files("wherein.search").joinpath("everyday.toml").read_text("utf-8"))
    return [(said, calls) for said, _, calls in (line.partition(": ") for line in data["said"].splitlines())]


def phrases(text: str) -> list[tuple[str, ...]]:
    return [said for said, _ in called(tokens.words(text))]


def test_the_longest_phrase_is_read_and_none_within_it():
    assert phrases("connections that have run out") == [("run", "out")]
    assert phrases("certificates about to run out") == [("about", "to", "run", "out")]


def test_a_phrase_is_found_in_all_forms_of_its_words():
    assert phrases("it throws away") == phrases("throwing away") == [("throw", "away")]


def test_every_line_says_a_phrase_once_in_words_and_none_calls_itself():
    stems = [tuple(map(tokens.stem, said.split())) for said, _ in lines()]
    assert len(set(stems)) == len(stems) > 1000
    for stem, (said, calls) in zip(stems, lines(), strict=True):
        assert tokens.words(said) == said.split()
        assert all(map(tokens.is_one_run, calls.split()))
        called_so = list(map(tokens.stem, calls.split()))
        assert called_so
        assert len(set(called_so)) == len(called_so)
        assert not set(called_so) & set(stem)


def test_a_phrase_is_spoken_for_by_each_of_its_words_that_tells():
    query = parse("throw away what is too long")
    of = {query.terms[each.of] for each in query.synonyms if each.term == tokens.stem("exceed")}
    assert of == {"too", "long"}
    strengths = {each.strength for each in query.synonyms if each.looked_up}
    assert strengths == {PHRASE}
    assert {each.strength for each in synonyms_of(["pictur"], ["pictures"]) if each.looked_up} == {WORD}


def test_a_name_and_a_long_text_have_no_phrases():
    assert not any(each.looked_up for each in parse("throw_away").synonyms)
    text = " ".join(["throw away"] * MOST_SAID)
    whole = parse(text)
    for query in (whole, part_of(whole, "throw away what is too long")):
        assert not any(each.looked_up for each in query.synonyms)


def test_chunks_are_looked_up_by_what_code_calls_it_unless_synonyms_are_silenced():
    query = parse("throw away what nobody wants")
    assert "discard" in retrieval(query, "view", StaticEmbedder()).terms
    silent = adjusted_synonyms(query, {"synonyms": 0.0})
    assert retrieval(silent, "view", StaticEmbedder()).terms == query.terms


def test_what_has_no_word_of_the_question_is_found_by_what_code_calls_it(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "server.py").write_text(
        "def throttle(client, bucket):\n    if bucket.tokens < 1:\n        raise Denied(client)\n\n\n"
        "def open_letters(post, second):\n    return [one for one in post if one.so and one.many > second]\n\n\n"
        "def add_colours(palette, more):\n    return palette + more\n",
        "utf-8",
    )
    with wherein.open_index(project, settings=replace(Settings(), data_dir=tmp_path / "data")) as index:
        index.update()
        found = index.search("only so many requests per second", mode="lexical")
        assert "throttle" in [hit.symbol for hit in found]
