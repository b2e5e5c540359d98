"""Views over immutable file versions."""

import pytest

from wherein.store.protocol import Retrieval


def test_a_new_store_is_empty(store):
    assert store.views() == []
    assert store.view("main") is None
    assert store.view_files("main") == {}
    assert store.skipped_files("main") == {}
    counts = store.counts()
    assert (counts.file_versions, counts.chunks, counts.views) == (0, 0, 0)


def test_a_written_view_shows_its_files(store, file):
    store.write("main", put=[file("a.py", "A"), file("src/b.py", "B")], commit="c0ffee", complete=True)
    assert store.view_files("main") == {"a.py": "blob of A", "src/b.py": "blob of B"}
    view = store.view("main")
    assert (view.name, view.commit, view.complete, view.files, view.chunks) == ("main", "c0ffee", True, 2, 2)


def test_a_view_is_incomplete_until_a_batch_says_otherwise(store, file):
    store.write("main", put=[file("a.py")])
    assert not store.view("main").complete
    store.write("main", complete=True, commit="1")
    assert store.view("main").complete
    store.write("main", put=[file("b.py")])
    assert not store.view("main").complete


def test_a_new_version_of_a_path_replaces_the_old_one_in_the_view(store, file):
    store.write("main", put=[file("a.py", "old", symbol="old")])
    store.write("main", put=[file("a.py", "new", symbol="new")])
    assert store.view_files("main") == {"a.py": "blob of new"}
    assert [chunk.symbol for chunk in store.chunks_of("main", ["a.py"])["a.py"]] == ["new"]
    assert store.counts().file_versions == 2


def test_views_do_not_disturb_each_other(store, file):
    store.write("main", put=[file("a.py", "A")])
    store.write("topic", put=[file("a.py", "B")])
    store.write("topic", unlink=["a.py"])
    assert store.view_files("main") == {"a.py": "blob of A"}
    assert store.view_files("topic") == {}
    assert {view.name for view in store.views()} == {"main", "topic"}


def test_a_second_view_links_what_is_stored(store, file):
    store.write("main", put=[file("a.py", "A", symbol="alpha")])
    assert store.missing([("a.py", "blob of A"), ("b.py", "blob of A")]) == {("b.py", "blob of A")}
    store.write("worktree", link={"a.py": "blob of A"}, complete=True)
    assert store.view_files("worktree") == {"a.py": "blob of A"}
    assert store.counts().file_versions == 1
    assert [chunk.symbol for chunk in store.chunks_of("worktree", ["a.py"])["a.py"]] == ["alpha"]


def test_linking_what_is_not_stored_changes_nothing(store, file):
    store.write("main", put=[file("a.py", "A")], commit="1")
    with pytest.raises(LookupError):
        store.write("main", put=[file("b.py")], link={"gone.py": "no such blob"}, commit="2")
    assert store.view_files("main") == {"a.py": "blob of A"}
    assert store.view("main").commit == "1"


def test_storing_a_version_again_is_no_error_and_stores_nothing(store, file):
    for _ in range(2):
        store.write("main", put=[file("a.py", "A"), file("a.py", "A")])
    assert (store.counts().file_versions, store.counts().chunks) == (1, 1)


def test_a_path_that_is_hidden_and_shown_in_one_batch_is_shown(store, file):
    store.write("main", put=[file("a.py", "old")])
    store.write("main", put=[file("a.py", "new")], unlink=["a.py", "never.py"])
    assert store.view_files("main") == {"a.py": "blob of new"}


def test_a_case_only_rename_leaves_one_path(store, file):
    store.write("main", put=[file("README.md", "R")])
    store.write("main", put=[file("readme.md", "R")], unlink=["README.md"])
    assert store.view_files("main") == {"readme.md": "blob of R"}


def test_skipped_content_has_a_reason_and_no_chunks(store, file):
    store.write(
        "main", put=[file("a.py", "A"), file("x.bin", "", skip="binary"), file("y.bin", "", skip="binary")]
    )
    assert store.skipped_files("main") == {"x.bin": "binary", "y.bin": "binary"}
    view = store.view("main")
    assert (view.files, view.chunks, dict(view.skipped)) == (3, 1, {"binary": 2})
    assert store.chunks_of("main", ["x.bin"]) == {"x.bin": []}
    assert store.missing([("x.bin", "blob of ")]) == set()


def test_content_with_a_reason_and_chunks_is_found_and_counted(store, file, record):
    odd = file("x.c", "odd", [record(1, 1, "", "flood")], skip="cut by lines")
    store.write("main", put=[file("a.py", "A"), odd])
    assert store.skipped_files("main") == {"x.c": "cut by lines"}
    view = store.view("main")
    assert (view.files, view.chunks, dict(view.skipped)) == (2, 2, {"cut by lines": 1})
    (found,) = store.retrieve(Retrieval(view="main", terms=("flood",))).candidates
    assert found.path == "x.c"


def test_the_most_recently_written_view_comes_first(store, file):
    store.write("one", put=[file("a.py")])
    store.write("two", put=[file("a.py")])
    store.write("one", complete=True)
    assert [view.name for view in store.views()] == ["one", "two"]
    assert store.view("one").updated >= store.view("two").updated


def test_a_copy_of_a_view_goes_its_own_way(store, file):
    store.write("main", put=[file("a.py", "A"), file("b.py", "B")], commit="1", complete=True)
    original = store.view("main")
    assert store.copy_view("main", "old")
    copy = store.view("old")
    assert (copy.commit, copy.complete, copy.files, copy.chunks) == ("1", True, 2, 2)
    assert copy.updated == original.updated
    store.write("main", put=[file("a.py", "C")], unlink=["b.py"], commit="2", complete=True)
    assert store.view_files("old") == {"a.py": "blob of A", "b.py": "blob of B"}
    assert store.view_files("main") == {"a.py": "blob of C"}
    assert store.copy_view("old", "main")
    assert store.view_files("main") == {"a.py": "blob of A", "b.py": "blob of B"}
    assert store.view("main").commit == "1"
    store.collect()
    assert store.counts().file_versions == 2


def test_there_is_no_copy_of_a_view_that_is_not_there(store, file):
    store.write("main", put=[file("a.py", "A")])
    assert not store.copy_view("nowhere", "main2")
    assert store.copy_view("main", "main")
    assert {view.name for view in store.views()} == {"main"}


def test_a_large_view_is_changed_a_little_and_much(store, file):
    """However a store keeps views: thousands of files, of which few or most differ."""
    files = [file(f"src/{i}.py", f"text {i}", terms="common") for i in range(1500)]
    store.write("main", put=files, complete=True)
    expected = {f"src/{i}.py": f"blob of text {i}" for i in range(1500)}
    store.write("clone", link=expected, complete=True)
    assert store.view_files("clone") == store.view_files("main") == expected
    store.write("clone", put=[file("src/1.py", "other")], unlink=["src/2.py"], complete=True)
    store.write("main", unlink=[f"src/{i}.py" for i in range(700, 1500)], complete=True)
    changed = {path: blob for path, blob in expected.items() if path != "src/2.py"}
    assert store.view_files("clone") == changed | {"src/1.py": "blob of other"}
    assert len(store.view_files("main")) == 700
    store.collect()
    assert store.view_files("clone") == changed | {"src/1.py": "blob of other"}
    assert store.counts().file_versions == 1501


def test_a_dropped_view_is_gone_and_others_stay(store, file):
    store.write("main", put=[file("a.py", "A")])
    store.write("topic", link={"a.py": "blob of A"})
    assert store.drop_view("topic")
    assert not store.drop_view("topic")
    assert store.view("topic") is None
    assert store.view_files("main") == {"a.py": "blob of A"}


@pytest.mark.parametrize(
    "path",
    [
        "with space.py",
        "line\nbreak.py",
        "quote'\".py",
        "caf\u00e9/\u6f22.py",
        "latin-1-\udce9.py",
        "x" * 255,
        "%s?#[]{}*.py",
    ],
)
def test_any_path_that_git_can_have_comes_back_identically(store, file, path):
    store.write(f"worktree {path}", put=[file(path, "A", symbol="alpha")])
    view = f"worktree {path}"
    assert store.view_files(view) == {path: "blob of A"}
    assert [chunk.path for chunk in store.chunks_of(view, [path])[path]] == [path]
    assert store.missing([(path, "blob of A")]) == set()
    assert [one.name for one in store.views()] == [view]
    store.write(view, unlink=[path])
    assert store.view_files(view) == {}


def test_everything_is_there_after_reopening(place, file):
    with place.open() as store:
        store.write("main", put=[file("a.py", "A\nB", symbol="alpha")], commit="1", complete=True)
    with place.open("read") as store:
        assert store.view_files("main") == {"a.py": "blob of A\nB"}
        assert store.texts([store.chunks_of("main", ["a.py"])["a.py"][0].id]) == ["A\nB"]


def test_closing_twice_does_nothing(place):
    store = place.open()
    store.close()
    store.close()
