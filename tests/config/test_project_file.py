"""A repository's own file: what it may set, and that nothing in it keeps anybody from searching."""

from pathlib import Path

import pytest

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
    assert about_a_store == ["index.history", "index.keep_views"]


@pytest.mark.parametrize("key", PRIVATE)
def test_what_only_the_user_may_set_is_ignored_with_one_warning(tmp_path, key):
    settings = load(tmp_path, f"{key} = 'redis://elsewhere'\nsearch.limit = 3")
    assert settings.value(key) == Settings().value(key)
    assert settings.search.limit == 3
    (warning,) = settings.warnings
    assert f"sets {key}, which only your own file may set" in warning


def test_an_unknown_key_is_ignored_and_the_nearest_one_named(tmp_path):
    (warning,) = load(tmp_path, "[index]\nexcludes = ['a']").warnings
    assert "sets index.excludes, which is no setting (did you mean index.exclude?)" in warning


def test_a_wrong_value_is_ignored_and_the_others_count(tmp_path):
    settings = load(tmp_path, "[index]\nmax_file_size = 'big'\nexclude = ['a/']")
    assert settings.index.exclude == ("a/",)
    (warning,) = settings.warnings
    assert "sets index.max_file_size, which must be a whole number" in warning


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"[index", "is no valid TOML"),
        (b"name = '\xff'", "is not UTF-8"),
        (b"#" * 100_001, "is larger than"),
        (b"x = " + b"[" * 9000, "is no valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_ignored_with_a_warning(tmp_path, data, part):
    settings = load(tmp_path, data)
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
    assert "symbolic link out of the repository" in settings.warnings[0]


def test_a_folder_or_a_loop_of_links_in_its_place_is_ignored(tmp_path):
    (tmp_path / ".wherein.toml").mkdir()
    assert "no regular file" in load_settings(tmp_path, environ=NOWHERE).warnings[0]
    (tmp_path / ".wherein.toml").rmdir()
    (tmp_path / ".wherein.toml").symlink_to(tmp_path / ".wherein.toml")
    assert "cannot be read" in load_settings(tmp_path, environ=NOWHERE).warnings[0]


def test_a_thousand_wrong_keys_make_a_handful_of_warnings(tmp_path):
    settings = load(tmp_path, "\n".join(f"k{i} = 1" for i in range(1000)))
    assert len(settings.warnings) == 6
    assert "995 more" in settings.warnings[-1]
