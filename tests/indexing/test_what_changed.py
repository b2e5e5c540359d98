"""What changed is told by definitions: on this branch, or since a revision."""

import json

import pytest

import wherein
from installed_command import run_command, variables
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings


@pytest.fixture
def branch(repo, defining):
    """A branch `topic` that left `main`, which has moved on since."""
    repo.commit(
        {
            "a.py": defining("kept", "edited", "dropped"),
            "b.py": defining("other_kept"),
            "moved.py": defining("moved_whole"),
            "win.py": defining("windows_kept").replace("\n", "\r\n"),
        }
    )
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.write("a.py", defining("kept", "edited").replace("Do edited", "Do retry"))
    (repo.root / "moved.py").rename(repo.root / "elsewhere.py")
    repo.commit({"new.py": defining("committed_new")})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"b.py": defining("other_kept", "of_main")})
    repo.git("checkout", "--quiet", "topic")
    repo.write("untracked.py", defining("untracked_new"))
    return repo


def told(changes):
    return {(each.how, each.path, each.qualified_name) for each in changes if each.symbol}


CHANGES = {
    ("changed", "a.py", "edited"),
    ("removed", "a.py", "dropped"),
    ("added", "new.py", "committed_new"),
    ("added", "untracked.py", "untracked_new"),
}


@pytest.mark.parametrize("store", ["embedded", "redis"])
@pytest.mark.parametrize("since", [None, "main"])
def test_definitions_that_a_branch_changed_are_told_and_no_others(branch, data_dir, request, store, since):
    url = request.getfixturevalue("redis_url") if store == "redis" else None
    with wherein.open_index(branch.root, store=url, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        assert told(index.changed(since)) == CHANGES
        only = index.changed_chunks(since)
        hits = index.search("return Do kept edited committed new", limit=50, only=only)
        assert {hit.symbol for hit in hits} == {"edited", "committed_new", "untracked_new"}
        assert index.search("path:b.py return", only=only) == []
        assert {hit.symbol for hit in index.search("path:new.py", only=only)} == {"committed_new"}
        assert index.search("edited", mode="symbol", only=only)[0].symbol == "edited"
        assert index.search("kept", mode="symbol", only=only) == []
        trace = '  File "a.py", line 3, in kept\n    x()\n  File "a.py", line 8, in edited\n    y()\n'
        assert [hit.symbol for hit in index.search(trace)][:2] == ["edited", "kept"]
        assert {hit.symbol for hit in index.search(trace, only=only)} == {"edited"}


def test_a_ref_s_view_is_compared_too_without_what_lies_on_the_disk(branch, open_index):
    index = open_index(branch, view="topic")
    index.update()
    assert told(index.changed("main")) == {each for each in CHANGES if each[1] != "untracked.py"}


def test_on_the_branch_that_others_begin_from_what_is_not_committed_counts(branch, open_index, defining):
    branch.git("checkout", "--quiet", "--force", "main")
    (branch.root / "untracked.py").unlink()
    index = open_index(branch)
    index.update()
    assert index.changed() == []
    branch.write("b.py", defining("other_kept", "of_main", "of_today"))
    index.update()
    assert told(index.changed()) == {("added", "b.py", "of_today")}


def test_what_the_remote_s_branch_lacks_counts(branch, open_index, clone, defining):
    copy = clone(branch, "copy")
    copy.git("checkout", "--quiet", "main")
    copy.commit({"pushed_not.py": defining("not_pushed")})
    copy.git("remote", "set-head", "origin", "main")
    index = open_index(copy)
    index.update()
    assert told(index.changed()) == {("added", "pushed_not.py", "not_pushed")}


def test_a_second_definition_like_the_first_one_is_an_addition(repo, open_index):
    function = "def twin():\n    return 1\n\n\n"
    repo.commit({"a.py": function})
    repo.write("a.py", function * 2)
    index = open_index(repo)
    index.update()
    assert len(index.changed()) == 1


def test_files_in_other_encodings_and_of_submodules_are_not_taken_for_changed(
    make_repo, open_index, defining
):
    library, project = make_repo("library"), make_repo("project")
    library.commit({"l.py": defining("of_library")})
    project.write(".gitattributes", "u.py working-tree-encoding=UTF-16LE\n")
    project.write("u.py", defining("wide").encode("utf-16-le"))
    project.git("submodule", "--quiet", "add", str(library.root), "lib")
    project.commit()
    index = open_index(project)
    index.update()
    assert "lib/l.py" in index.files()
    assert index.changed("HEAD") == []


def test_below_a_folder_only_what_lies_there_is_told(branch, open_index, defining):
    branch.commit({"sub/c.py": defining("below")})
    index = open_index(branch, "sub")
    index.update()
    assert told(index.changed("main")) == {("added", "sub/c.py", "below")}


@pytest.mark.parametrize("since", ["nothing", "--all", "main\n", "HEAD:a.py", ""])
def test_what_is_no_revision_is_told(branch, open_index, since):
    index = open_index(branch)
    index.update()
    with pytest.raises(wherein.ConfigError, match="is not a branch, tag or commit"):
        index.changed(since)


def test_a_plain_folder_has_no_past(folder, data_dir, defining):
    folder.write("a.py", defining("alpha"))
    with wherein.open_index(
        folder.root, settings=Settings(data_dir=data_dir, index=IndexSettings())
    ) as index:
        index.update()
        with pytest.raises(wherein.ConfigError, match="not in a repository"):
            index.changed()


def test_the_command_line_tells_it(branch, data_dir):
    def said(*arguments: str) -> tuple[int, str]:
        """By a process of its own: a command leaves signals ignored at its end."""
        environment = variables(WHEREIN_DATA_DIR=str(data_dir))
        ended = run_command(*arguments, folder=branch.root, environment=environment)
        return ended.returncode, ended.stdout

    code, out = said("search", "--changed", "retry", "--json")
    document = json.loads(out)
    assert (code, document["since"]["revision"]) == (0, "main")
    assert document["since"]["commit"] == branch.git("merge-base", "main", "topic").strip()
    assert {each["symbol"] for each in document["results"]} == {"edited"}
    code, out = said("status", "--since", "main")
    assert code == 0
    assert "a.py:9: removed function dropped" in out.replace(":10:", ":9:").replace(":11:", ":9:")
    code, out = said("status", "--changed", "--json")
    assert {
        (each["change"], each["path"], each["qualified_name"]) for each in json.loads(out)["changed"]
    } >= CHANGES
    assert said("search", "--since", "nowhere", "retry")[0] == 2
    assert said("search", "--changed", "--all-repos", "retry")[0] == 2


def test_of_functions_of_one_name_the_one_that_changed_is_told(repo, data_dir):
    methods = "".join(
        f"    A add({kind} value) {{\n        return write(value);\n    }}\n\n"
        for kind in ("int", "long", "A")
    )
    text = f"class A {{\n{methods}}}\n"
    repo.commit({"A.java": text})
    second = text.index("long")
    repo.write("A.java", text[:second] + text[second:].replace("write(value)", "write(1)", 1))
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        (only,) = index.changed("HEAD")
        assert (only.how, only.qualified_name, only.start_line) == ("changed", "A.add", 6)
        assert only.end_line < 10
        repo.write("A.java", "class A {\n    int other;\n}\n")
        index.update()
        gone = [each.start_line for each in index.changed("HEAD") if each.how == "removed"]
        assert gone == [2, 6, 10]


def test_a_search_of_what_changed_that_finds_nothing_says_why_and_not_that_the_words_are_unknown(
    branch, data_dir
):
    with wherein.open_index(branch.root, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        said: list[str] = []
        assert index.search("zzyzxqqq", only=index.changed_chunks("main"), say=said.append) == []
        branch.git("add", "--all")
        branch.git("commit", "--quiet", "--message", "all of it")
        index.update()
        assert index.search("edited", only=index.changed_chunks("HEAD"), say=said.append) == []
    left, now = (branch.git("rev-parse", each).strip()[:12] for each in ("main~1", "HEAD"))
    assert said == [
        f"Nothing that changed since main ({left}) matches the query.",
        f"No indexed code has changed since HEAD ({now}).",
    ]


def test_blanks_alone_are_no_change_but_a_line_that_leaves_its_loop_is(repo, open_index):
    loop = "def {0}(given):\n    for each in given:\n        take(each)\n        give(each)\n    return given\n\n\n"
    texts = [loop.format(name) for name in ("inside", "ends", "wider", "tabs", "left")]
    inside = texts[0].splitlines(keepends=True)
    texts[0] = "if True:\n" + "".join(f"    {line}" for line in inside)
    repo.commit({"a.py": "".join(texts)})
    texts[0] = "if True:\n" + "".join(f"\t{line}" for line in inside)
    texts[1] = texts[1].replace("given\n\n", "given  \n\n\n").replace("take(each)\n", "take(each)\n\n")
    texts[2] = texts[2].replace("    ", "  ")
    texts[3] = texts[3].replace("    ", "\t")
    texts[4] = texts[4].replace("        give", "    give")
    repo.write("a.py", "".join(texts))
    index = open_index(repo)
    index.update()
    assert told(index.changed("HEAD")) == {("changed", "a.py", "left")}


def test_in_a_file_that_has_another_name_now_only_what_differs_is_told(repo, open_index, defining):
    many = ("one", "two", "three", "four")
    repo.commit({"old/a.py": defining(*many), "old/main.py": defining("main")})
    repo.git("mv", "old/a.py", "new.py")
    repo.git("rm", "--quiet", "old/main.py")
    repo.write("new.py", defining("one", "two", "three", "five").replace("Do two", "Do retry"))
    repo.write("other.py", defining("main").replace("Do main", "Do another"))
    index = open_index(repo)
    index.update()
    assert told(index.changed("HEAD")) == {
        ("changed", "new.py", "two"),
        ("added", "new.py", "five"),
        ("removed", "old/a.py", "four"),
        ("removed", "old/main.py", "main"),
        ("added", "other.py", "main"),
    }


def test_what_was_never_indexed_or_is_only_left_out_now_was_not_removed(repo, open_index, defining):
    repo.commit(
        {
            "kept.py": defining("kept"),
            "lost.py": defining("lost"),
            "uv.lock": '[[package]]\nname = "one"\n',
            "gone.lock.json": "{}\n",
            "package-lock.json": '{"packages": {}}\n',
            "node_modules/x/index.js": "export function third() {}\n",
            "made.py": defining("made"),
            ".gitattributes": "made.py linguist-generated\n",
            "away/one.py": defining("away"),
            "later.py": defining("later"),
        }
    )
    for each in ("lost.py", "package-lock.json", "node_modules/x/index.js", "made.py"):
        repo.git("rm", "--quiet", each)
    repo.write(".whereinignore", "later.py\n")
    repo.git("sparse-checkout", "set", "--no-cone", "/*", "!/away/")
    index = open_index(repo)
    index.update()
    assert not (repo.root / "away").exists()
    assert {each for each in told(index.changed("HEAD")) if each[0] == "removed"} == {
        ("removed", "lost.py", "lost")
    }
    repo.git("commit", "--quiet", "--all", "--message", "fewer")
    view = open_index(repo, view="HEAD")
    view.update()
    assert told(view.changed("HEAD~1")) == {("removed", "lost.py", "lost")}
