"""`wherein config set` and `unset`: the user's own file, and nothing else of what stands in it."""

import tomllib

import pytest

MINE = """# mine
store = "sqlite:///srv/wherein" # the large disk

[search]
# many
limit = 5
mode = "hybrid"

[index]
exclude = [
    "old/", # nobody reads it
]
"""


DOTTED = 'search.limit = 5 # mine\nstore = "sqlite"\nsearch.ranking.words = 2\n\n[llm] # many\nmodel = "a"\n'
INLINE = '# mine\nsearch = { limit = 5 }\nindex = { exclude = ["a"] } # many\n'


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    ("arguments", "key", "value"),
    [
        (("search.limit", "20"), ("search", "limit"), 20),
        (("search.mode", "Lexical"), ("search", "mode"), "Lexical"),
        (("offline", "yes"), ("offline",), True),
        (("store", "redis://127.0.0.1:6379"), ("store",), "redis://127.0.0.1:6379"),
        (("index.name", "2026"), ("index", "name"), "2026"),
        (("index.exclude", "docs/old/", "*.gen"), ("index", "exclude"), ["docs/old/", "*.gen"]),
        (("index.exclude", "docs/old/"), ("index", "exclude"), ["docs/old/"]),
        (("index.exclude", '["a", "b"]'), ("index", "exclude"), ["a", "b"]),
        (("index.languages", '{ ".inc" = "php" }'), ("index", "languages"), {".inc": "php"}),
        (("index.languages..inc", "php"), ("index", "languages"), {".inc": "php"}),
        (("search.ranking.synonyms", "0.5"), ("search", "ranking"), {"synonyms": 0.5}),
    ],
)
@pytest.mark.parametrize("before", ["", MINE, DOTTED, INLINE])
def test_a_setting_is_written_as_it_is_meant_and_all_else_stays(wherein, file, before, arguments, key, value):
    if before:
        file.write_text(before)
    answer = wherein("config", "set", *arguments)
    assert answer.code == 0, answer
    read = tomllib.loads(file.read_text())
    for part in key:
        read = read[part]
    assert read == value or (isinstance(value, dict) and value.items() <= read.items())
    for comment in ("# mine", "# many") if before else ():
        assert comment in file.read_text()
    assert wherein("config", "show").code == 0


def test_what_is_set_and_taken_out_again_leaves_the_file_as_it_was(wherein, file):
    file.write_text(MINE)
    assert wherein("config", "set", "search.second_look", "100").code == 0
    assert file.read_text() != MINE
    answer = wherein("config", "unset", "search.second_look")
    assert (answer.code, "any more" in answer.out) == (0, True)
    assert file.read_text().rstrip() == MINE.rstrip()
    answer = wherein("config", "unset", "search.second_look")
    assert (answer.code, "nor was it" in answer.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("search.limt", "3"), "search.limt is not a setting (did you mean search.limit?)."),
        (("search.limit", "many"), "search.limit must be a whole number from 1 to 1,000."),
        (("search.limit", "3", "4"), "search.limit must be a whole number from 1 to 1,000."),
        (("store", "  "), "store must be a non-empty string."),
        (("search.mode", "fast"), "search.mode must be one of hybrid, semantic, lexical, symbol."),
        (("index.languages..inc", "nothing"), "which is not a language that wherein knows."),
        (("deep_api_key", "x"), "deep_api_key is read from the environment only."),
    ],
)
def test_what_cannot_be_set_is_refused_in_the_words_of_the_file(wherein, file, arguments, says):
    answer = wherein("config", "set", *arguments)
    assert answer.code == 2
    assert says in answer.err
    assert not file.exists()


def test_a_setting_that_there_is_not_can_be_taken_out(wherein, file):
    file.write_text("search.limt = 3\nsearch.limit = 4\n")
    assert wherein("config", "show").code == 2
    assert wherein("config", "unset", "search.limt").code == 0
    assert file.read_text() == "search.limit = 4\n"


def test_below_a_setting_that_is_no_table_nothing_is_taken_out(wherein, file):
    file.write_text('store = "redis://localhost"\nsearch.limit = 4\n')
    for key in ("store.url", "search.limit.x"):
        assert wherein("config", "unset", key).code == 0
    assert file.read_text() == 'store = "redis://localhost"\nsearch.limit = 4\n'


def test_what_counts_more_than_the_own_file_is_told(wherein, repo):
    repo.write(".wherein.toml", "search.limit = 7\n")
    answer = wherein("config", "set", "search.limit", "9")
    assert answer.code == 0
    assert "takes precedence" in answer.err
    assert wherein("config", "set", "search.limit", "9", "--json").json["changed"] is False
