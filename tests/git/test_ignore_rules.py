import pytest

from wherein.errors import ConfigError
from wherein.git.ignore.conventions import Conventions, packaged_folders
from wherein.git.ignore.patterns import IgnorePatterns
from wherein.skips import SkipReason


def skipped(repo, **settings):
    return repo.listing(**settings).skipped


def test_whereinignore_leaves_out_tracked_and_untracked_files_in_any_folder(repo):
    repo.commit(
        {
            ".whereinignore": "# a comment\n\n*.gen\n/docs/\n",
            "sub/.whereinignore": "local.py\n!keep.gen\n",
            "a.gen": "",
            "a.py": "",
            "docs/x.md": "",
            "sub/docs/y.md": "",
            "sub/local.py": "",
            "sub/keep.gen": "",
            "local.py": "",
        }
    )
    repo.write("new.gen")
    listing = repo.listing()
    assert listing.skipped == dict.fromkeys(
        ("a.gen", "new.gen", "docs/x.md", "sub/local.py"), SkipReason.IGNORED
    )
    assert {"a.py", "local.py", "sub/docs/y.md", "sub/keep.gen"} <= set(listing.files)
    assert listing.files == repo.listing(ref="main").files


def test_a_whereinignore_that_git_ignores_counts_at_the_root(repo):
    repo.write(".git/info/exclude", ".whereinignore\n")
    repo.commit({"a.py": "", "b.py": ""})
    repo.write(".whereinignore", "b.py\n")
    assert skipped(repo) == {"b.py": SkipReason.IGNORED}


def test_whereinignore_above_the_opened_folder_counts(repo):
    repo.commit({".whereinignore": "*.gen\n", "sub/a.gen": "", "sub/a.py": ""})
    listing = repo.listing("sub")
    assert set(listing.files) == {"sub/a.py"}
    assert listing.skipped == {"sub/a.gen": SkipReason.IGNORED}


def test_lines_of_whereinignore_that_are_no_patterns_are_passed_over(repo):
    repo.commit({".whereinignore": b"\xef\xbb\xbf!\r\n[z-a]\n\\\n[[:x\n*.gen\r\n", "a.gen": "", "a.py": ""})
    assert skipped(repo) == {"a.gen": SkipReason.IGNORED}


def test_a_negated_pattern_brings_back_what_conventions_and_attributes_leave_out(repo):
    repo.commit(
        {
            ".whereinignore": "!vendor/ours/**\n!yarn.lock\n",
            ".gitattributes": "vendor/** linguist-vendored\n",
            "vendor/ours/a.go": "",
            "vendor/theirs/b.go": "",
            "yarn.lock": "",
        }
    )
    listing = repo.listing()
    assert {"vendor/ours/a.go", "yarn.lock"} <= set(listing.files)
    assert listing.skipped == {"vendor/theirs/b.go": SkipReason.VENDORED}


def test_excludes_of_the_settings_overrule_pattern_files(repo):
    repo.commit({".whereinignore": "!a.snap\n", "a.snap": "", "b.py": ""})
    assert skipped(repo, exclude=("*.snap",)) == {"a.snap": SkipReason.IGNORED}
    with pytest.raises(ConfigError):
        repo.listing(exclude=("[z-a]",))


def test_linguist_attributes_leave_files_out_and_bring_them_back(repo):
    repo.commit(
        {
            ".gitattributes": (
                "gen/** linguist-generated\nout.js linguist-generated=true\nlib/** linguist-vendored\n"
                "/vendor/** -linguist-vendored\npoetry.lock linguist-generated=false\n*.min.js -linguist-generated\n"
            ),
            "sub/.gitattributes": "gen.py linguist-generated\n",
            **dict.fromkeys(
                ("gen/a.py", "out.js", "lib/b.py", "vendor/c.py", "poetry.lock", "x.min.js", "sub/gen.py"), ""
            ),
        }
    )
    listing = repo.listing()
    assert listing.skipped == {
        "gen/a.py": SkipReason.GENERATED,
        "out.js": SkipReason.GENERATED,
        "lib/b.py": SkipReason.VENDORED,
        "sub/gen.py": SkipReason.GENERATED,
    }
    assert {"vendor/c.py", "poetry.lock", "x.min.js"} <= set(listing.files)


def test_attributes_from_outside_the_worktree_count(repo, only_our_configuration):
    repo.commit({"a.gen": "", "b.mine": "", "c.set": ""})
    repo.write(".git/info/attributes", "*.gen linguist-generated\n")
    home = only_our_configuration
    (home / ".config/git").mkdir(parents=True)
    (home / ".config/git/attributes").write_text("*.mine linguist-vendored\n")
    assert skipped(repo) == {"a.gen": SkipReason.GENERATED, "b.mine": SkipReason.VENDORED}
    (home / "named").write_text("*.set linguist-vendored\n")
    repo.git("config", "core.attributesFile", "~/named")
    assert skipped(repo) == {"a.gen": SkipReason.GENERATED, "c.set": SkipReason.VENDORED}


def test_conventions_leave_out_dependencies_lock_files_and_minified_code(repo):
    left_out = {
        "node_modules/x/index.js": SkipReason.VENDORED,
        "web/node_modules/y.js": SkipReason.VENDORED,
        "vendor/z.go": SkipReason.VENDORED,
        "src/third_party/lib.c": SkipReason.VENDORED,
        "tools/vendor/modules.txt": SkipReason.VENDORED,
        "tools/vendor/dep/d.go": SkipReason.VENDORED,
        "gradlew": SkipReason.VENDORED,
        "package-lock.json": SkipReason.GENERATED,
        "rust/Cargo.lock": SkipReason.GENERATED,
        "api_pb2.py": SkipReason.GENERATED,
        "app.js.map": SkipReason.GENERATED,
        "jquery.min.js": SkipReason.MINIFIED,
        "site.min.css": SkipReason.MINIFIED,
    }
    kept = ["shop/vendor/model.py", "vendor.py", "lock.py", "src/min.js", "node_modules.md", "package.json"]
    repo.commit(dict.fromkeys((*left_out, *kept), ""))
    listing = repo.listing()
    assert listing.skipped == left_out
    assert set(listing.files) == set(kept)


def test_generated_and_vendored_files_are_listed_where_they_are_wanted(repo):
    repo.commit(
        {
            ".gitattributes": "gen.py linguist-generated\nlib.py linguist-vendored\n",
            **dict.fromkeys(("gen.py", "lib.py", "yarn.lock", "vendor/a.go", "x.min.js"), ""),
        }
    )
    assert skipped(repo, include_generated=True) == {
        "lib.py": SkipReason.VENDORED,
        "vendor/a.go": SkipReason.VENDORED,
        "x.min.js": SkipReason.MINIFIED,
    }
    assert skipped(repo, include_vendored=True) == {
        "gen.py": SkipReason.GENERATED,
        "yarn.lock": SkipReason.GENERATED,
        "x.min.js": SkipReason.MINIFIED,
    }


def test_a_folder_of_dependencies_that_was_opened_by_itself_is_wanted(repo):
    repo.commit({"vendor/lib/a.go": "", "vendor/lib/node_modules/b.js": ""})
    listing = repo.listing("vendor/lib")
    assert set(listing.files) == {"vendor/lib/a.go"}
    assert listing.skipped == {"vendor/lib/node_modules/b.js": SkipReason.VENDORED}


def test_manifests_mark_the_folder_that_a_package_manager_filled():
    paths = [
        "go/vendor/modules.txt",
        "php/vendor/autoload.php",
        "envs/test/pyvenv.cfg",
        "modules.txt",
        "pyvenv.cfg",
    ]
    assert packaged_folders(paths) == {"go/vendor", "php/vendor", "envs/test"}
    conventions = Conventions(packaged_folders(paths))
    assert conventions.vendored("envs/test/lib/a.py")
    assert not conventions.vendored("envs/other/a.py")


@pytest.mark.parametrize(
    ("patterns", "path", "ignored"),
    [
        ("build/\n", "build/a/b.py", True),
        ("build/\n", "sub/build/a.py", True),
        ("build/\n", "build", None),
        ("/build\n", "sub/build", None),
        ("a/*.py\n", "a/b/c.py", None),
        ("a/**/c.py\n", "a/b/x/c.py", True),
        ("*.py\n!keep.py\n", "keep.py", False),
        ("!keep.py\n*.py\n", "keep.py", True),
        (r"\#odd" + "\n", "#odd", True),
        (r"\!odd" + "\n", "!odd", True),
        ("*.py\n", "A.PY", None),
        ("[!a].c\n", "b.c", True),
    ],
)
def test_patterns_mean_what_they_mean_to_git(repo, patterns, path, ignored):
    found = IgnorePatterns()
    found.add("", patterns, ".whereinignore")
    match = found.match(path)
    assert (match.ignored if match else None) is ignored
    repo.write(".gitignore", patterns)
    asked = repo.git("check-ignore", "--no-index", "--", path, check=False)
    assert bool(asked) is bool(ignored)


def test_a_pattern_of_a_deeper_file_counts_from_its_own_folder():
    found = IgnorePatterns()
    found.add("", "*.py\n", ".whereinignore")
    found.add("sub/", "!/own.py\n", "sub/.whereinignore")
    assert found.match("own.py").ignored
    assert not found.match("sub/own.py").ignored
    assert found.match("sub/deep/own.py").rule == ".whereinignore:1: *.py"


def test_what_wherein_keeps_is_never_content_wherever_the_data_folder_lies(make_repo, make_folder):
    for place in (make_repo("repo"), make_folder("plain")):
        for path in (
            "kept/indexes/a.py",
            "kept/names.json",
            "keptish.py",
            "indexes/b.py",
            "names.json",
            "c.py",
        ):
            place.write(path, "a = 1\n")
        below = place.listing(data_dir=place.root / "kept").files
        assert set(below) == {"keptish.py", "indexes/b.py", "names.json", "c.py"}
        here = place.listing(data_dir=place.root).files
        assert set(here) == {"kept/indexes/a.py", "kept/names.json", "keptish.py", "c.py"}
        elsewhere = place.listing(data_dir=place.root.parent / "other").files
        assert len(elsewhere) == 6
        link = place.root.parent / f"link-{place.root.name}"
        link.symlink_to(place.root)
        assert place.listing(data_dir=link / "kept").files == below
