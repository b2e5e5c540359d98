"""A repository's own file: what it may set, and that nothing in it keeps anybody from searching."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from wherein.config import Settings, load_settings
from wherein.config.settings import all_settings

NOWHERE = {"WHEREIN_CONFIG": "/nowhere/config.toml"}


def load(root: Path, text: str | bytes) -> Settings:
    data = text if isinstance(text, bytes) else text.encode()
    (root / ".wherein.toml").write_bytes(data)
    return load_settings(root, environ=NOWHERE)


PRIVATE = [key for key, setting in all_settings() if not setting.project]


def test_only_indexing_and_ranking_are_a_projects_to_set():
    shared = [key for key, setting in all_settings() if setting.project]
    assert {key.partition(".")[0] for key in shared} == {"index", "search"}
    assert {"store", "data_dir", "model", "offline", "log_level"} <= set(PRIVATE)
    about_a_store = [key for key in PRIVATE if key.startswith(("index.", "search."))]
    assert about_a_store == [
        "index.include_secrets",
        "index.mask_secrets",
        "index.history",
        "index.keep_views",
    ]


@pytest.mark.parametrize("key", PRIVATE)
def test_what_only_the_user_may_set_is_ignored_with_one_warning(tmp_path, key):
    settings = load(tmp_path, f"{key} = 'redis://elsewhere'\nsearch.limit = 3")
    assert settings.value(key) == Settings().value(key)
    assert settings.search.limit == 3
    (warning,) = settings.warnings
    assert f"sets {key}, which only your own file may set" in warning


def test_an_unknown_key_is_ignored_and_the_nearest_one_named(tmp_path):
    (warning,) = load(tmp_path, "[index]\nexcludes = ['a']").warnings
    assert "sets index.excludes, which is not a setting (did you mean index.exclude?)" in warning


def test_a_wrong_value_is_ignored_and_the_others_count(tmp_path):
    settings = load(tmp_path, "[index]\nmax_file_size = 'big'\nexclude = ['a/']")
    assert settings.index.exclude == ("a/",)
    (warning,) = settings.warnings
    assert "sets index.max_file_size, which must be a whole number" in warning


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"[index", "is not valid TOML"),
        (b"name = '\xff'", "is not UTF-8"),
        (b"#" * 100_001, "is larger than"),
        (b"x = " + b"[" * 9000, "is not valid TOML"),
        (b".".join([b"a"] * 49_990) + b" = 1", "a key of more than 32 parts"),
        (b" . ".join([b"'a'", b'"b\\""'] * 3_000) + b" = 1", "a key of more than 32 parts"),
        (b"a = " + b"9" * 5_000, "a number with too many digits"),
    ],
)
def test_a_file_that_cannot_be_read_is_ignored_with_a_warning(tmp_path, data, part):
    began = time.process_time()
    settings = load(tmp_path, data)
    assert time.process_time() - began < 1
    assert settings == Settings()
    (warning,) = settings.warnings
    assert part in warning


def test_a_link_out_of_the_repository_is_not_followed(tmp_path):
    outside = tmp_path / "outside.toml"
    outside.write_text("search.limit = 3")
    root = tmp_path / "repository"
    root.mkdir()
    (root / ".wherein.toml").symlink_to(outside)
    settings = load_settings(root, environ=NOWHERE)
    assert settings == Settings()
    assert "symbolic link that leads out of the repository" in settings.warnings[0]


def test_a_folder_or_a_loop_of_links_in_its_place_is_ignored(tmp_path):
    (tmp_path / ".wherein.toml").mkdir()
    assert "not a regular file" in load_settings(tmp_path, environ=NOWHERE).warnings[0]
    (tmp_path / ".wherein.toml").rmdir()
    (tmp_path / ".wherein.toml").symlink_to(tmp_path / ".wherein.toml")
    assert "cannot be read" in load_settings(tmp_path, environ=NOWHERE).warnings[0]


def test_a_thousand_wrong_keys_make_a_handful_of_warnings(tmp_path):
    settings = load(tmp_path, "\n".join(f"k{i} = 1" for i in range(1000)))
    assert len(settings.warnings) == 6
    assert "995 more" in settings.warnings[-1]


@pytest.mark.parametrize(
    ("line", "key", "kept", "told"),
    [
        ("index.exclude = ['[z-a]', 'a/', '!']", "index.exclude", ("a/",), "'[z-a]'"),
        ("index.exclude = [1, 'b']", "index.exclude", ("b",), "not a string"),
        ("index.exclude = ['c', '%s']" % ("*a" * 700), "index.exclude", ("c",), "at most 1,000 characters"),
        ("search.ranking = { noise = 1e308, words = 2 }", "search.ranking", {"words": 2.0}, "'noise'"),
        (
            f"search.ranking = {{ noise = {'9' * 400}, words = 2 }}",
            "search.ranking",
            {"words": 2.0},
            "'noise'",
        ),
        ("search.ranking = { noise = nan, words = -inf }", "search.ranking", {}, "'words'"),
        ("index.languages = { '.a' = 1, '.b' = 'php' }", "index.languages", {".b": "php"}, "'.a'"),
        ("index.languages = { a = 'klingon', b = 'C++' }", "index.languages", {".b": "cpp"}, "'klingon'"),
    ],
)
def test_of_a_list_or_table_what_can_be_used_counts(tmp_path, line, key, kept, told):
    settings = load(tmp_path, line)
    assert settings.value(key) == kept
    (warning,) = settings.warnings
    assert told in warning


def test_patterns_beyond_what_is_matched_are_left_out_and_told(tmp_path):
    many = [f"*{i:09}*" for i in range(5_000)]
    settings = load(tmp_path, f"index.exclude = {[*many, 'plain']}")
    assert 2_000 < len(settings.index.exclude) < 3_000
    assert "bytes of patterns with wildcards" in settings.warnings[0]


values = st.recursive(
    st.sampled_from(
        ["1", "-1", "nan", "inf", "0xffffffffffffffff", "true", "'a'", "'!'", "'[z-a]'", "'\\u0000'"]
    )
    | st.sampled_from(['"a\\nb"', "''", "1979-05-27", "1e999", "9" * 30]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]")
        | st.lists(inner, max_size=3).map(
            lambda each: f"{{ {', '.join(f'k{n} = {v}' for n, v in enumerate(each))} }}"
        )
    ),
    max_leaves=6,
)


@examples(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([key for key, _ in all_settings()] + ["a.b", "'\\n'"]), values, max_size=5
    )
)
def test_no_value_of_any_key_is_an_error(tmp_path, table):
    load(tmp_path, "\n".join(f"{key} = {value}" for key, value in table.items()))
