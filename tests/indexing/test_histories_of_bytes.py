"""Whatever git is made to believe of a file, an index shows what is there.

Two clones of one name share an index. After each step of a history each is brought up to date, and must show what an
index made from nothing shows: of its files on disk, and of its branch.
"""

import os
import random
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import wherein
from wherein.config.settings import Settings
from wherein.git import stamps

LONG = "WHEREIN_HISTORIES" in os.environ or "WHEREIN_TEST_LONG" in os.environ
HISTORIES = int(os.environ.get("WHEREIN_HISTORIES", "8"))
STEPS = 5

ATTRIBUTES = (
    "",
    "* text=auto\n",
    "*.py text eol=crlf\n",
    "*.py -text\n",
    "*.py ident\n",
    "*.py text working-tree-encoding=UTF-16LE\n",
    "*.py text working-tree-encoding=latin1\n",
    "*.py filter=other\n",
)
NAMES = ("a.py", "b.py", "sub/c.py")


class Machine:
    """Clones that share one data folder, of which one tries to pass its content for the other's."""

    def __init__(self, folder: Path, make, seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.data = folder / "data"
        self.commits: dict[str, dict[str, list[tuple[int, int, str, str]]]] = {}
        first = make("first")
        first.git("config", "remote.origin.url", "https://example.org/team/project")
        first.commit({name: self.content() for name in NAMES})
        self.clones = [first, make("second")]
        self.clones[1].git("fetch", "--quiet", str(first.root), "main")
        self.clones[1].git("reset", "--quiet", "--hard", "FETCH_HEAD")
        self.clones[1].git("config", "remote.origin.url", "https://example.org/team/project")

    def content(self) -> bytes:
        """Of one length, so that sizes tell nothing."""
        text = f"# $Id$ ü\ndef name_{self.random.randrange(1000):04}(given):\n    return given\n"
        if self.random.random() < 0.3:
            text = text.replace("\n", "\r\n")
        return text.encode(self.random.choice(["utf-8", "utf-8", "latin-1", "utf-16-le"]))

    def step(self, number: int) -> None:
        time.sleep(0.02)  # so that a file's ctime tells
        place, name = self.random.choice(self.clones), self.random.choice(NAMES)
        steps: list[Callable] = [
            self.edit,
            self.edit_unseen,
            self.commit,
            self.flag,
            self.attributes,
            self.configure,
            self.replace,
            self.forge_index,
            self.remove,
        ]
        steps[number % len(steps)](place, name)

    def edit(self, place, name):
        place.write(name, self.content())

    def edit_unseen(self, place, name):
        file = place.root / name
        if not file.exists():
            return
        before, size = file.stat(), file.stat().st_size
        place.write(name, self.content().ljust(size)[:size])
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def commit(self, place, name):
        place.git("add", "--all", check=False)
        place.git("commit", "--quiet", "--allow-empty", "--message", "a commit")

    def flag(self, place, name):
        flags = ["--assume-unchanged", "--no-assume-unchanged", "--skip-worktree", "--no-skip-worktree"]
        place.git("update-index", self.random.choice(flags), name, check=False)
        self.edit(place, name)

    def attributes(self, place, name):
        place.write(".gitattributes", self.random.choice(ATTRIBUTES))

    def configure(self, place, name):
        settings = [
            ("core.autocrlf", "true"),
            ("core.autocrlf", "input"),
            ("core.autocrlf", "false"),
            ("core.trustctime", "false"),
            ("core.checkStat", "minimal"),
            ("core.ignoreStat", "true"),
            ("filter.other.clean", "tr a-z A-Z"),
        ]
        place.git("config", *self.random.choice(settings))
        self.edit_unseen(place, name)

    def replace(self, place, name):
        """Another object in the place of a committed one, for git."""
        old = place.git("rev-parse", "--verify", f"HEAD:{name}", check=False).strip()
        new = place.git("hash-object", "-w", "--stdin", given=self.content()).strip()
        if len(old) == 40 and old != new:
            place.git("replace", "--force", old, new)

    def forge_index(self, place, name):
        """The index says that the file holds what it does not, and is unchanged."""
        other = place.git("hash-object", "-w", "--stdin", given=self.content()).strip()
        place.git("update-index", "--add", "--cacheinfo", f"100644,{other},{name}")
        place.git("update-index", "--assume-unchanged", name, check=False)

    def remove(self, place, name):
        (place.root / name).unlink(missing_ok=True)

    def check(self) -> None:
        for place in self.clones:
            for view in (None, "main"):
                with self.opened(place, view, self.data) as index:
                    index.update()
                    shown = chunks(index)
                    again = index.update()
                    assert (again.files_added, again.files_changed, again.files_removed) == (0, 0, 0)
                    assert again.files_embedded == 0
                    assert index.status().behind == 0
                assert shown == self.made_from_nothing(place, view), f"{place.root.name} {view or 'on disk'}"

    def made_from_nothing(self, place, view) -> dict[str, list[tuple[int, int, str, str]]]:
        commit = place.git("rev-parse", view).strip() if view else ""
        if commit in self.commits:  # what a commit holds does not change
            return self.commits[commit]
        with (
            tempfile.TemporaryDirectory(dir=self.folder) as scratch,
            self.opened(place, view, Path(scratch)) as index,
        ):
            index.update()
            made = chunks(index)
        if commit:
            self.commits[commit] = made
        return made

    def opened(self, place, view, data) -> wherein.Index:
        return wherein.open_index(place.root, view=view, settings=Settings(data_dir=data))


def chunks(index: wherein.Index) -> dict[str, list[tuple[int, int, str, str]]]:
    """Path → lines, name and text of what it is cut into."""
    store = index._open()
    shown = {}
    for path in sorted(index.files()):
        found = store.chunks_of(index.view, [path])[path]
        texts = store.texts([chunk.id for chunk in found])
        shown[path] = [(c.start_line, c.end_line, c.symbol, t) for c, t in zip(found, texts, strict=True)]
    return shown


@pytest.fixture
def at_once(monkeypatch):
    """What was hashed is remembered however young it is, so that what is remembered is tried."""
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize="WHEREIN_HISTORIES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=tuple(Phase) if LONG else (Phase.explicit,),
)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 8), min_size=STEPS, max_size=STEPS))
@example(11, [0, 1, 3, 7, 2])  # every step once, that which deceives most twice
@example(5, [4, 5, 1, 6, 8])
def test_an_index_shows_what_is_there_whatever_git_is_made_to_believe(
    only_our_configuration, tmp_path_factory, at_once, seed, steps
):
    from tests.conftest import Place

    folder = tmp_path_factory.mktemp("history")

    def make(name: str) -> Place:
        (folder / name).mkdir()
        place = Place(folder / name)
        place.git("init", "--quiet")
        return place

    machine = Machine(folder, make, seed)
    machine.check()
    for step in steps:
        machine.step(step)
        machine.check()


@pytest.mark.parametrize("store", ["embedded", "redis"])
def test_a_file_that_passes_for_unchanged_does_not_stand_under_the_id_of_what_was_committed(
    make_repo, data_dir, defining, request, store
):
    url = "https://example.org/team/project"
    hostile, victim = make_repo("hostile"), make_repo("victim")
    real, evil = defining("check"), defining("check").replace("Do", "NO")
    for place in (hostile, victim):
        place.git("config", "remote.origin.url", url)
        os.utime(place.write("auth.py", real), (1_600_000_000, 1_600_000_000))
        place.commit()
    hostile.git("config", "core.trustctime", "false")
    hostile.git("config", "core.checkStat", "minimal")
    os.utime(hostile.write("auth.py", evil), (1_600_000_000, 1_600_000_000))
    assert hostile.git("status", "--porcelain") == ""

    url = request.getfixturevalue("redis_url") if store == "redis" else None
    with (
        wherein.open_index(hostile.root, store=url, settings=Settings(data_dir=data_dir)) as theirs,
        wherein.open_index(victim.root, store=url, settings=Settings(data_dir=data_dir)) as ours,
    ):
        theirs.update()
        ours.update()
        assert theirs.repository == ours.repository
        assert "NO check" in theirs.search("check")[0].text
        assert "Do check" in ours.search("check")[0].text


def test_an_object_that_is_not_what_it_is_called_is_left_out_and_hides_nobody_elses(
    make_repo, open_index, defining
):
    hostile, victim = make_repo("hostile"), make_repo("victim")
    for place in (hostile, victim):
        place.git("config", "remote.origin.url", "https://example.org/team/project")
        place.commit({"auth.py": defining("check"), "b.py": defining("other")})
    name = hostile.git("rev-parse", "HEAD:auth.py").strip()
    evil = defining("check").replace("Do", "NO").encode()
    place = hostile.root / ".git/objects" / name[:2] / name[2:]
    place.chmod(0o644)
    place.write_bytes(zlib.compress(b"blob %d\0" % len(evil) + evil))

    theirs = open_index(hostile, view="main")
    assert theirs.update().files_skipped == 1
    assert set(theirs.files()) == {"b.py"}
    assert theirs.status().behind == 0
    assert theirs.skipped() == {"auth.py": "unreadable"}
    assert "damaged" in theirs.why("auth.py") or "cannot read" in theirs.why("auth.py")

    ours = open_index(victim, view="main")
    ours.update()
    assert set(ours.files()) == {"auth.py", "b.py"}
    assert "Do check" in ours.search("check")[0].text

    place.unlink()
    hostile.git("hash-object", "-w", "auth.py")
    theirs.update()
    assert set(theirs.files()) == {"auth.py", "b.py"}
    assert theirs.skipped() == {}


def test_a_replacement_of_an_object_is_not_what_a_commit_holds(repo, open_index, defining):
    repo.commit({"a.py": defining("alpha")})
    other = repo.git("hash-object", "-w", "--stdin", given=defining("omega").encode()).strip()
    repo.git("replace", repo.git("rev-parse", "HEAD:a.py").strip(), other)
    index = open_index(repo, view="main")
    index.update()
    assert [hit.symbol for hit in index.symbols("alpha")] == ["alpha"]
    assert index.symbols("omega") == []


def test_what_could_not_be_read_in_one_clone_is_found_in_the_other(
    make_repo, open_index, defining, monkeypatch
):
    from wherein.git import disk
    from wherein.git.worktree import WorktreeSource

    first, second = make_repo("first"), make_repo("second")
    for place in (first, second):
        place.git("config", "remote.origin.url", "https://example.org/team/project")
        place.commit({"a.py": defining("alpha")})

    def refuse(self, path):
        raise PermissionError(13, "not permitted", path)

    with monkeypatch.context() as patched:
        patched.setattr(WorktreeSource, "read", refuse)
        patched.setattr(disk, "MOST_KEPT", 0)
        assert open_index(first).update().files_skipped == 1
    other = open_index(second)
    other.update()
    assert [hit.symbol for hit in other.symbols("alpha")] == ["alpha"]
