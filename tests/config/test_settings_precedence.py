"""Flag > environment > project > user > default, with the origin of each value."""

from pathlib import Path

import pytest

from wherein.config import Settings, load_settings
from wherein.config.locations import project_root
from wherein.errors import ConfigError


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "config.toml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


def load(user_file: Path, project: Path, flags=None, **environ: str) -> Settings:
    return load_settings(project, flags, {"WHEREIN_CONFIG": str(user_file), **environ})


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_files_every_setting_has_its_default(user_file, project):
    assert load(user_file, project) == Settings()


def test_the_users_file_counts_more_than_the_default(user_file, project):
    write(user_file, "search.limit = 7")
    settings = load(user_file, project)
    assert settings.search.limit == 7
    assert str(settings.origin("search.limit")) == f"user ({user_file})"
    assert settings.origin("search.mode").source == "default"


def test_the_projects_file_counts_more_than_the_users(user_file, project):
    write(user_file, "[search]\nlimit = 7\nmode = 'lexical'")
    write(project / ".wherein.toml", "[search]\nlimit = 8")
    settings = load(user_file, project)
    assert (settings.search.limit, settings.search.mode) == (8, "lexical")
    assert settings.origin("search.limit").source == "project"


def test_the_environment_counts_more_than_the_users_file_and_a_flag_more_still(user_file, project):
    write(user_file, "store = 'sqlite:///user'")
    assert load(user_file, project, WHEREIN_STORE="sqlite:///env").store == "sqlite:///env"
    settings = load(user_file, project, {"store": "sqlite:///flag"}, WHEREIN_STORE="sqlite:///env")
    assert settings.store == "sqlite:///flag"
    assert settings.origin("store").source == "flag"


def test_a_flag_that_is_not_given_changes_nothing(user_file, project):
    settings = load(user_file, project, {"store": None}, WHEREIN_STORE="sqlite:///env")
    assert settings.origin("store").where == "WHEREIN_STORE"


def test_an_empty_environment_variable_is_as_good_as_none(user_file, project):
    assert load(user_file, project, WHEREIN_MODEL="", WHEREIN_OFFLINE=" ") == Settings()


@pytest.mark.parametrize(
    ("word", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("off", False)]
)
def test_switches_in_the_environment_take_the_usual_words(user_file, project, word, meant):
    assert load(user_file, project, WHEREIN_OFFLINE=word).offline is meant


def test_tables_of_both_files_are_joined(user_file, project):
    write(user_file, "[index.languages]\n'.inc' = 'php'\n'.h' = 'c'")
    write(project / ".wherein.toml", "[index.languages]\nH = 'CPP'")
    assert load(user_file, project).index.languages == {".inc": "php", ".h": "cpp"}


def test_the_data_folder_understands_a_tilde(user_file, project, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("USERPROFILE", "/home/somebody")
    assert load(user_file, project, WHEREIN_DATA_DIR="~/w").data_dir == Path("/home/somebody/w")


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"WHEREIN_OFFLINE": "perhaps"}, "WHEREIN_OFFLINE must be true or false."),
        ({"WHEREIN_LOG_LEVEL": "loud"}, "WHEREIN_LOG_LEVEL must be one of debug, info, warning, error."),
        ({"WHEREIN_DATA_DIR": "here"}, "WHEREIN_DATA_DIR must be an absolute path."),
    ],
)
def test_a_wrong_environment_variable_is_named(user_file, project, environ, sentence):
    with pytest.raises(ConfigError) as error:
        load(user_file, project, **environ)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("limt = 3", "sets limt, which is not a setting"),
        ("[search]\nlimt = 3", "did you mean search.limit?"),
        ("search.limit = 0", "must be a whole number from 1 to 1,000"),
        ("search.limit = true", "must be a whole number from 1 to 1,000"),
        ("search.ranking = { stem = 'much' }", "holds 'stem', which must be a number from -1,000 to 1,000"),
        ("search.ranking = { stem = nan }", "which must be a number from"),
        ("search = 3", "sets search, which is not a setting"),
        ("index.exclude = 'docs'", "must be a list of patterns"),
        ("index.submodules = 'maybe'", "must be one of follow, skip, separate"),
        ("store = ''", "must be a non-empty string"),
        ("store = 'sqlite:///here%00/'", "must be a URL such as"),
        ("llm.base_url = 'ftp://here/v1'", "must be a URL such as http://127.0.0.1:8080/v1"),
        ("llm.base_url = 'http://[::1/v1'", "must be a URL such as"),
        ("llm.base_url = 'http://here:99999/v1'", "must be a URL such as"),
        ("llm.base_url = 'http://here/v1?key=1'", "must be a URL without ? and #"),
        ("llm.max_tokens = 3", "must be a whole number from 16 to 100,000"),
        ("store = ", "is not valid TOML"),
        ("x = " + "[" * 5000, "is not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_users_file_is_an_error_that_names_the_file(user_file, project, text, part):
    write(user_file, text)
    with pytest.raises(ConfigError) as error:
        load(user_file, project)
    assert str(user_file) in str(error.value)
    assert part in str(error.value)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a file without an end is a device of Unix")
def test_a_users_file_without_an_end_is_refused(project):
    with pytest.raises(ConfigError, match="not a regular file"):
        load(Path("/dev/zero"), project)


def test_a_users_file_in_another_encoding_is_refused(user_file, project):
    user_file.parent.mkdir()
    user_file.write_bytes("model = 'ü'".encode("latin-1"))
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load(user_file, project)


def test_the_project_root_is_found_from_below(project):
    (project / ".git").mkdir()
    below = project / "a" / "b"
    below.mkdir(parents=True)
    assert project_root(below) == project
    assert project_root(below / "no-such-file.py") == project


def test_a_folder_outside_git_is_its_own_root(tmp_path):
    assert project_root(tmp_path) == tmp_path
