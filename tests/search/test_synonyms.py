from dataclasses import replace

import wherein
from wherein import tokens
from wherein.config.settings import Settings
from wherein.search.query import parse
from wherein.search.synonyms import MOST_SYNONYMS, STRENGTH, synonyms_of


def strengths(*terms: str) -> dict[str, float]:
    return {synonym.term: synonym.strength for synonym in synonyms_of(terms)}


def test_a_short_form_stands_for_the_long_one_and_the_other_way_round():
    assert strengths("cfg")[tokens.stem("configuration")] == STRENGTH["abbreviations"]
    assert strengths(tokens.stem("configuration"))["cfg"] == STRENGTH["abbreviations"]
    assert tokens.stem("authorization") in strengths("auth")


def test_words_of_like_meaning_count_less_than_abbreviations():
    found = strengths(tokens.stem("remove"))
    assert found[tokens.stem("delete")] == STRENGTH["near"] < STRENGTH["abbreviations"] < 1


def test_a_term_of_the_query_is_no_synonym_of_another():
    assert "delet" not in strengths("remov", "delet")


def test_each_synonym_knows_its_term():
    assert {s.of for s in synonyms_of(["zebra", "cfg"])} == {1}


def test_a_name_has_no_synonyms_and_no_compounds():
    query = parse("delete_config")
    assert query.synonyms == ()
    assert query.compounds == ()


def test_a_pasted_page_has_no_more_synonyms_than_ranking_can_bear():
    page = (
        "how remove delete open close start stop read write send receive parse load save config error list "
        * 9
    )
    assert len(parse(page).synonyms) <= MOST_SYNONYMS


def test_what_is_asked_in_other_words_is_found(tmp_path):
    code = tmp_path / "project" / "files.py"
    code.parent.mkdir()
    code.write_text(
        "def delete_directory(path, force):\n    for entry in path.iterdir():\n        entry.unlink()\n\n\n"
        "def open_window(title, width):\n    return Window(title, width, visible=True)\n\n\n"
        "def remove_accents(text):\n    return unidecode(text).strip()\n",
        "utf-8",
    )
    settings = replace(Settings(), data_dir=tmp_path / "data")
    with wherein.open_index(code.parent, settings=settings) as index:
        index.update()
        assert index.search("erase a folder", mode="lexical")[0].symbol == "delete_directory"
    silent = replace(settings, search=replace(settings.search, ranking={"synonyms": 0.0}))
    with wherein.open_index(code.parent, settings=silent) as index:
        assert index.search("erase a folder", mode="lexical") == []
