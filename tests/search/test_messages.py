"""A message that a program printed finds the code that prints it."""

import pytest

import wherein
from indexed_folder import indexed
from linear_time import assert_linear, repeated
from wherein.config.settings import Settings
from wherein.search.messages import MOST_LINES, message_words, shares
from wherein.search.query import parse

FILES = {
    "load.go": """package load

func open(name string) error {
	return fmt.Errorf("opening storage '%s' for reading: %v", name, err)
}

func check(name string) error {
	if !known[name] {
		return errors.New(
			"module not registered in this build",
		)
	}
	return nil
}
""",
    "labels.go": """package load

func labels() map[string]string {
	return map[string]string{"a": "opening storage for reading", "b": "module not registered in this build"}
}
""",
    "testdata/storage.txt": "opening storage 'disk' for reading: no such file\n" * 3,
    "tests/test_load.py": '''def test_module_not_registered_in_this_build():
    """module not registered in this build"""
    raise AssertionError(run("module") == "module not registered in this build")
''',
    "storage.py": '''def opening_storage_for_reading(storage):
    """Opening of the storage, for reading: a file."""
    return storage.reading()


def refuse(kind, size):
    raise ValueError(f"storage {kind!r} is too large: {size:,} bytes")
''',
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messages")
    with indexed(folder, FILES) as index:
        yield index


@pytest.mark.parametrize(
    ("message", "path", "symbol"),
    [
        ("opening storage 'disk' for reading: no such file", "load.go", "open"),
        ("Error: Opening storage 'disk' for reading: permission denied", "load.go", "open"),
        ("module not registered in this build", "load.go", "check"),
        ("storage 'fast' is too large: 1,000 bytes", "storage.py", "refuse"),
        ("not registered in this", "load.go", "check"),
    ],
)
def test_a_message_finds_the_code_that_prints_it_before_all_that_has_its_words(index, message, path, symbol):
    first = index.search(message)[0]
    assert (first.path, first.symbol) == (path, symbol)
    assert "message" in first.parts
    assert sum(first.parts.values()) == pytest.approx(first.score, abs=1e-5)


def test_the_step_can_be_left_out(index, tmp_path):
    settings = Settings(data_dir=tmp_path)
    object.__setattr__(settings.search, "ranking", {"message": 0})
    with wherein.open_index(index.root, settings=settings) as other:
        other.update(processes=0)
        assert not any(
            hit.parts.get("message") for hit in other.search("module not registered in this build")
        )


def test_weights_of_ones_own_count_once_beside_the_step(index, tmp_path):
    message, own = "module not registered in this build", {"coverage": 0.5, "message": 0.5}
    settings = Settings(data_dir=tmp_path)
    object.__setattr__(settings.search, "ranking", own)
    with wherein.open_index(index.root, settings=settings) as other:
        other.update(processes=0)
        usual = {hit.qualified_name: hit.parts for hit in index.search(message)}
        for hit in other.search(message):
            for part in own:
                assert hit.parts.get(part, 0.0) == pytest.approx(
                    usual[hit.qualified_name].get(part, 0.0) / 2, abs=1e-5
                )


@pytest.mark.parametrize(
    "text", ["module not", "how is a module loaded", "where are redirects followed", "error: a\nb c d e f"]
)
def test_a_question_is_no_message(text):
    assert message_words(text) == ()


@pytest.mark.parametrize(
    ("code", "share"),
    [
        ('raise E("the disk is full")', 1.0),
        ('raise E("the disk %s is full of %d files" % x)', 0.0),
        ("throw new E(\n  `the disk is full`,\n)", 1.0),
        ('label = "the disk is full"', 0.0),
        ('panic!("the {} is {}", what, how)', 0.0),
        ('panic!("the {} is full", what)', 9 / 13),
        ('log("it seems that the disk is full now")', 1.0),
        ('raise E("is full")  # the disk', 6 / 13),
        ('raise E("full disk is the")', 0.0),
    ],
)
def test_of_a_string_that_is_printed_counts_how_much_of_the_message_it_makes(code, share):
    assert shares(("the", "disk", "is", "full"), [code]) == pytest.approx([share])


def test_a_row_of_signs_that_count_as_words_is_no_message():
    row = parse("error: " + "_ " * 2_300)
    assert row.words == ("error",)
    assert row.message == ()


def test_a_text_of_many_strings_takes_no_longer_than_its_first_lines():
    many = 'log("the disk is not full")\n' * 20_000 + 'log("the disk is full")\n'
    assert shares(("the", "disk", "is", "full"), [many])[0] < 1.0
    few = 'log("the disk is not full")\n' * (MOST_LINES // 4) + 'log("the disk is full")\n'
    assert shares(("the", "disk", "is", "full"), [few]) == [1.0]
    assert shares(("the", "disk", "is", "full"), ['"' * 100_000, "log(" + '"\\' * 100_000]) == [0.0, 0.0]


def test_a_string_that_does_not_end_is_looked_at_in_linear_time():
    def look(text):
        shares(("the", "disk", "is", "full"), [f"log(the disk is full {text}\n" * 60])

    assert_linear(look, repeated('\\"'), size=900, quick=0.1)
