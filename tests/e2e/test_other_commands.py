"""The commands beside search."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import wherein as library


def test_version_and_help(wherein):
    assert wherein("--version").out == f"wherein, version {library.__version__}\n"
    for arguments in ((), ("--help",), ("-h",)):
        answer = wherein(*arguments)
        assert answer.code == 0
        assert "Find code by what it does." in answer.out


def test_a_list_of_commands_says_a_whole_sentence_of_each(wherein):
    for arguments in (("--help",), ("repo", "--help"), ("hook", "--help")):
        assert "..." not in wherein(*arguments).out.partition("Options:")[2]


def test_a_name_that_nothing_has_is_an_exit_code_to_a_program(wherein):
    wherein("index")
    answer = wherein("symbol", "zzyzxqqq")
    assert (answer.code, answer.out, answer.err) == (1, "", "")


def test_index_says_what_it_did_and_does_nothing_twice(wherein, repo):
    first = wherein("index")
    assert first.code == 0
    assert "added" in first.out
    assert wherein("index").out.startswith("Up to date; nothing to do")
    repo.write("src/new.py", "x = 1\n")
    (repo.root / "README.md").unlink()
    assert "1 added, 1 removed; 1 read" in wherein("index").out


def test_index_of_a_path_from_elsewhere_and_as_json(wherein, repo, tmp_path):
    report = wherein("index", str(repo.root), "--json", cwd=tmp_path).json
    assert report["report"]["files_added"] == report["report"]["files_embedded"] > 5
    assert report["index"]["complete"] is True


def test_index_of_a_ref_leaves_the_files_on_disk_out(wherein, repo):
    repo.write("src/new.py", "x = 1\n")
    document = wherein("index", "--view", "main", "--json").json
    assert document["index"]["view"] == "ref:main"
    assert document["index"]["commit"] == repo.git("rev-parse", "main").strip()


def test_symbol_finds_definitions_by_name(indexed):
    answer = indexed("symbol", "Session")
    assert answer.lines[0] == "src/courier/session.py:12:7: Session  class Session:"
    document = indexed("symbol", "--json", "Session.send").json
    assert document["results"][0]["qualified_name"] == "Session.send"
    assert indexed("symbol", "no_such_name_anywhere").code == 1
    assert indexed("symbol", "").code == 2


def test_related_finds_code_like_that_at_a_place(indexed):
    answer = indexed("related", "src/courier/session.py:30", "--json")
    assert answer.code == 0
    found = [(r["path"], r["symbol"]) for r in answer.json["results"]]
    assert ("src/courier/session.py", "resolve_redirects") not in found
    assert indexed("related", "session.py:30:9", cwd=indexed.folder / "src" / "courier").code in (0, 1)


def test_related_to_a_file_or_line_that_is_not_indexed_says_so(indexed):
    answer = indexed("related", "src/gone.py:1")
    assert answer.code == 2
    assert "src/gone.py is not in the index" in answer.err
    assert indexed("related", "README.md:9999").code == 2


def test_status_tells_what_is_indexed_and_how_fresh(wherein, repo):
    missing = wherein("status")
    assert (missing.code, "Try: wherein index" in missing.err) == (3, True)
    wherein("index")
    assert "freshness   up to date\n" in wherein("status").out
    repo.write("src/new.py", "x = 1\n")
    assert "1 file behind" in wherein("status").out
    document = wherein("status", "--json").json
    assert document["index"]["behind"] == 1
    assert document["skipped"]["binary"] == 1
    assert document["bytes"] > 0


def test_files_lists_what_is_indexed_and_what_is_not_and_why(indexed):
    assert "src/courier/session.py" in indexed("files").lines
    assert "logo.png" not in indexed("files").lines
    assert "logo.png\tbinary" in indexed("files", "--skipped").lines
    rows = indexed("files", "--skipped", "--json").json["files"]
    assert {"path": "logo.png", "reason": "binary"} in rows


def test_why_explains_one_file(wherein, repo):
    repo.write("debug.log", "noise\n")
    wherein("index")
    assert "binary" in wherein("files", "--why", "logo.png").out
    assert ".gitignore" in wherein("files", "--why", "debug.log").out
    assert "indexed" in wherein("files", "--why", "courier/auth.py", cwd=repo.root / "src").out
    assert wherein("files", "--why", "no/such/file").code == 0


def test_doctor_checks_everything_and_is_content(indexed):
    answer = indexed("doctor")
    assert answer.code == 0, answer.out
    for name in ("python", "git", "sqlite", "settings", "data folder", "disk", "model", "grammars", "index"):
        assert f"ok    {name}: " in answer.out
    assert {check["level"] for check in indexed("doctor", "--json").json["checks"]} == {"ok"}


def test_doctor_names_what_is_wrong_with_its_remedy(wherein, tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    answer = wherein("doctor", environment={"PATH": str(empty)})
    assert answer.code == 2
    assert "FAIL  git: there is no git command\n      Try: install git\n" in answer.out
    (tmp_path / "config.toml").write_text("search = [")
    answer = wherein("doctor")
    assert answer.code == 2
    assert "FAIL  settings: " in answer.out


def test_doctor_warns_of_the_settings_that_it_does_not_use(wherein, repo):
    repo.write(".wherein.toml", 'search.limt = 3\nstore = "redis://elsewhere"\n')
    answer = wherein("doctor")
    (told,) = (line for line in answer.lines if "settings: " in line)
    assert told.startswith("warn  settings: "), told
    assert "search.limt" in told
    assert "store" in told
    assert "is ignored" not in answer.err  # once is enough
    assert answer.code == 0


def test_doctor_of_a_repository_without_an_index_only_warns(wherein):
    answer = wherein("doctor")
    assert answer.code == 0
    assert "warn  index: " in answer.out
    assert "Try: wherein index" in answer.out


def test_doctor_finds_a_damaged_index(wherein):
    wherein("index")
    (path,) = wherein.index_files()
    path.write_bytes(b"not an index" * 1000)
    answer = wherein("doctor")
    assert answer.code == 2
    assert "FAIL  index: " in answer.out
    assert "wherein index --force" in answer.out


def test_config_show_names_each_value_and_its_origin(wherein, repo, tmp_path):
    (tmp_path / "config.toml").write_text("search.limit = 7\nstore = 'sqlite:///somewhere'\n")
    repo.write(".wherein.toml", "index.exclude = ['old/']\n")
    lines = wherein("config", "show", "--origin").lines
    assert f"user ({tmp_path / 'config.toml'})" in next(x for x in lines if x.startswith("search.limit = 7"))
    assert "# project (" in next(x for x in lines if x.startswith('index.exclude = ["old/"]'))
    assert "# environment (WHEREIN_DATA_DIR)" in next(x for x in lines if x.startswith("data_dir = "))
    assert "# default" in next(x for x in lines if x.startswith('search.mode = "hybrid"'))
    settings = wherein("config", "show", "--json", "--store", "sqlite:///flag").json["settings"]
    assert settings["store"] == {"value": "sqlite:///flag", "source": "flag", "where": ""}


def test_config_show_never_prints_a_password(wherein):
    answer = wherein("config", "show", "--store", "redis://me:hunter2@host:6379/0")
    assert 'store = "redis://me:***@host:6379/0"' in answer.out
    assert "hunter2" not in answer.out + answer.err


def test_config_path_is_that_of_the_users_file(wherein, tmp_path):
    assert wherein("config", "path").out == f"{tmp_path / 'config.toml'}\n"


def test_repo_list_and_remove(wherein):
    assert wherein("repo", "list").code == 1
    wherein("index")
    (entry,) = wherein("repo", "list", "--json").json["repositories"]
    assert entry["bytes"] > 0
    (line,) = wherein("repo", "list").lines
    assert line.split("\t")[0] == entry["repository"].partition("@")[0]
    assert line.split("\t")[2] == str(wherein.folder)
    unknown = wherein("repo", "remove", entry["repository"][:-1])
    assert unknown.code == 3
    assert f"did you mean {entry['repository']}?" in unknown.err
    assert wherein("repo", "remove", entry["repository"]).code == 0
    assert wherein.index_files() == []


def test_people_see_folders_and_branches_where_programs_see_names_of_the_store(wherein, repo):
    repo.git("branch", "--quiet", "-M", "main")
    for view in ((), ("--view", "main")):
        assert wherein("index", *view).code == 0
    (entry,) = wherein("repo", "list", "--json").json["repositories"]
    short = entry["repository"].partition("@")[0]
    told = wherein("status").out + wherein("repo", "views").out + wherein("repo", "list").out
    assert "worktree:" not in told
    assert entry["repository"] not in told
    assert "files on disk, main @ " in wherein("status").out
    assert {line.split("\t")[0] for line in wherein("repo", "views").lines} == {
        f"files on disk in {wherein.folder.name}",
        "main",
    }
    assert wherein("repo", "remove", short).out.startswith(f"Removed {short}; ")


def test_names_that_would_look_alike_are_shown_whole(wherein, make_repo):
    twins = [make_repo(f"{number}/twin") for number in "ab"]
    for twin in twins:
        twin.commit({"a.py": f"def of_{twin.root.parent.name}():\n    pass\n"})
        assert wherein("index", cwd=twin.root).code == 0
    names = [line.split("\t")[0] for line in wherein("repo", "list").lines]
    assert all("@" in name for name in names)
    refused = wherein("repo", "remove", "twin")
    assert refused.code == 3
    assert wherein("repo", "remove", names[0]).code == 0
    assert wherein("repo", "remove", "twin").code == 0
    assert wherein("status").code == 3


def test_gc_deletes_what_no_view_shows(wherein, repo):
    assert wherein("gc").code == 3
    wherein("index")
    repo.write("web/retry.js", "export const nothing = 1;\n")
    wherein("index")
    freed = wherein("gc", "--json").json
    assert freed["file_versions"] == 1
    assert "0 file versions and 0 chunks deleted" in wherein("gc").out


def test_clear_deletes_the_index_and_nothing_else(wherein, repo):
    wherein("index")
    assert wherein("clear").out.startswith("Index deleted, ")
    assert wherein.index_files() == []
    assert wherein("clear").code == 3
    assert repo.git("status", "--porcelain") == ""


def test_an_unknown_model_is_refused_with_the_way_to_the_list(wherein):
    answer = wherein("search", "redirects", environment={"WHEREIN_MODEL": "gpt-9"})
    assert answer.code == 2
    assert "wherein model list" in answer.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_each_shell(wherein, shell):
    answer = wherein("completion", shell)
    assert answer.code == 0
    assert "_WHEREIN_COMPLETE" in answer.out


def test_completion_completes_commands_in_bash(wherein):
    script = (
        'eval "$(wherein completion bash)"; COMP_WORDS=(wherein sea); COMP_CWORD=1; '
        '_wherein_completion wherein; echo "${COMPREPLY[@]}"'
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{wherein.environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        env=wherein.environment | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "search"


def test_json_begins_with_a_schema_in_every_command(indexed):
    for arguments in (
        ("files",),
        ("config", "path"),
        ("completion", "bash"),
        ("files", "--why", "README.md"),
    ):
        answer = indexed(*arguments, "--json")
        assert answer.code == 0, arguments
        assert json.loads(answer.out)["schema"] == 1, arguments


@pytest.mark.parametrize("group", ["config", "repo", "model", "redis"])
def test_a_command_that_has_commands_prints_its_help_when_it_is_called_alone(wherein, group):
    alone, asked = wherein(group), wherein(group, "--help")
    assert (alone.code, alone.out, alone.err) == (0, asked.out, "")
    assert f"wherein {group}" in alone.out


def test_clear_says_who_else_uses_the_index_and_deletes_it_by_the_users_word_alone(wherein, repo, tmp_path):
    assert wherein("index").code == 0
    repo.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    assert wherein("index", cwd=tmp_path / "linked").code == 0
    answer = wherein("clear")
    assert answer.code == 2
    assert "is also used by others (files on disk in linked)" in answer.err
    assert "Try: wherein clear --yes" in answer.err
    assert len(wherein.index_files()) == 1
    assert wherein("clear", "--yes").code == 0
    assert wherein.index_files() == []
    assert wherein("index").code == 0
    assert wherein("clear").code == 0  # nobody else has indexed since


def test_a_repository_that_claims_anothers_name_is_left_out_until_its_user_says_what_it_is(
    wherein, repo, tmp_path
):
    assert wherein("index").code == 0
    name = wherein("status", "--json").json["index"]["repository"]
    stranger = tmp_path / "stranger"
    shutil.copytree(repo.root, stranger)
    (stranger / ".wherein.toml").write_text(f'index.name = "{name}"\n')
    (stranger / "src" / "new.py").write_text("def of_a_stranger():\n    pass\n")
    answer = wherein("search", "of_a_stranger", cwd=stranger)
    assert answer.code == 0
    assert "looks like another one's place" in answer.err
    answer = wherein("search", "--all-repos", "of_a_stranger")
    assert "of_a_stranger" not in answer.out
    assert "is left out: it claims another repository's name" in answer.err
    assert wherein("repo", "join", name, cwd=stranger).out == f"This folder is {name} now.\n"
    answer = wherein("search", "of_a_stranger", cwd=stranger)
    assert (answer.code, answer.err) == (0, "")
    assert wherein("repo", "join", "--undo", cwd=stranger).code == 0
    assert "looks like another one's place" in wherein("status", cwd=stranger).err


def test_a_home_folder_is_searched_only_when_its_user_says_so(wherein, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "notes.md").write_text("# Lighthouses\n\nshine\n")
    at_home = {"cwd": home, "environment": {"HOME": str(home)}}
    answer = wherein("search", "lighthouses", **at_home)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        f"wherein: {home} is not in a repository, and is your home folder: everything in it would be indexed.",
        "  Try: wherein index --yes",
    ]
    assert wherein.index_files() == []
    assert wherein("search", "--yes", "lighthouses", **at_home).lines
    assert wherein("search", "lighthouses", **at_home).lines
