"""What may happen to a repository between two looks at it. Each step leaves whatever state it leaves: conflicts,
half a rebase, files that git does not want."""

import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from histories.world import World

NAMES = ("a.py", "b.py", "Case.py", "sub/c.py", "sub/deep/d.md", "gen/x.py", "odd ü'$.py", "sub2/e.js")
BRANCHES = ("main", "topic", "other")
IGNORED = (
    "",
    "gen/\n",
    "*.py\n!a.py\n",
    "/sub/*\n",
    "sub/deep\n",
    "*.js\n",
    "a.py\n",
    "*\n!.gitignore\n!sub/\n",
)
ATTRIBUTES = (
    "",
    "* text=auto\n",
    "*.py text eol=crlf\n",
    "*.py -text\n",
    "*.py ident\n",
    "*.py text working-tree-encoding=UTF-16LE\n",
    "b.py text working-tree-encoding=latin1\n",
    "*.py filter=other\n",
    "a.py linguist-generated\n",
    "sub/** linguist-vendored\n",
    "*.md -linguist-generated eol=crlf\n",
)
SETTINGS = (
    "",
    "[index]\nexclude = ['sub/']\n",
    "[index]\nmax_file_size = 60\n",
    "[index]\ninclude_generated = true\ninclude_vendored = true\n",
    "[index]\nsubmodules = 'skip'\n",
    "[index]\nmask_secrets = false\n",
    "[index.languages]\n'.js' = 'typescript'\n",
)
GIT_SETTINGS = (
    ("core.autocrlf", "true"),
    ("core.autocrlf", "input"),
    ("core.autocrlf", "false"),
    ("core.trustctime", "false"),
    ("core.checkStat", "minimal"),
    ("core.ignoreStat", "true"),
    ("core.ignoreCase", "true"),
    ("core.ignoreCase", "false"),
    ("core.fileMode", "false"),
    ("core.symlinks", "false"),
    ("core.untrackedCache", "true"),
    ("core.splitIndex", "true"),
    ("core.fsmonitor", "touch ../fsmonitor-ran; true"),
    ("filter.other.clean", "touch ../filter-ran; tr a-z A-Z"),
    ("core.excludesFile", "sub/c.py"),
    ("core.attributesFile", "sub/deep/d.md"),
)


@dataclass(frozen=True)
class Kind:
    """A step's work, and how often it is drawn."""

    work: "Callable[[World, random.Random], object]"
    weight: int = 1


STEPS: dict[str, Kind] = {}


def step(weight: int = 1) -> "Callable[[Callable[[World, random.Random], object]], Callable[..., object]]":
    """Take a function up among the steps."""

    def note(work: "Callable[[World, random.Random], object]") -> Callable[..., object]:
        STEPS[work.__name__] = Kind(work, weight)
        return work

    return note


def content(drawn: random.Random) -> bytes:
    """A function of a name of its own. Of one length, so that sizes tell nothing."""
    text = f"# $Id$ ü\ndef name_{drawn.randrange(1000):04}(given):\n    return given\n"
    if drawn.random() < 0.3:
        text = text.replace("\n", "\r\n")
    return text.encode(drawn.choice(["utf-8", "utf-8", "latin-1", "utf-16-le"]))


def cleared(place: Path) -> None:
    """Whatever is in the way is gone."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        with suppress(OSError):
            place.unlink()


def written(place: Path, data: bytes) -> None:
    """A file is there, whatever was there before, but for links: what is behind them may be somebody else's."""
    for above in reversed(place.parents):
        if above.is_symlink() or (above.exists() and not above.is_dir()):
            above.unlink()
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink() or not place.is_file():
        cleared(place)
    place.write_bytes(data)


@step(3)
def edit(world: "World", drawn: random.Random) -> None:
    written(world.root / drawn.choice(NAMES), content(drawn))


@step(3)
def edit_unseen(world: "World", drawn: random.Random) -> None:
    """Other bytes, with size and mtime as before, in the same inode."""
    place = world.root / drawn.choice(NAMES)
    if not place.is_file() or place.is_symlink():
        return
    before = place.stat()
    place.write_bytes(content(drawn).ljust(before.st_size)[: before.st_size])
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


@step()
def replace_file(world: "World", drawn: random.Random) -> None:
    """As editors save: another file takes its name."""
    place = world.root / drawn.choice(NAMES)
    if place.parent.is_dir() and not place.is_dir():
        beside = place.with_name("beside.tmp")
        beside.write_bytes(content(drawn))
        beside.replace(place)


@step()
def swap_files(world: "World", drawn: random.Random) -> None:
    one, two = (world.root / name for name in drawn.sample(NAMES, 2))
    if one.is_file() and two.is_file():
        beside = one.with_name("beside.tmp")
        one.rename(beside)
        two.rename(one)
        beside.rename(two)


@step()
def delete(world: "World", drawn: random.Random) -> None:
    cleared(world.root / drawn.choice((*NAMES, "sub", "gen")))


@step()
def rename(world: "World", drawn: random.Random) -> None:
    world.git("mv", "-k", drawn.choice((*NAMES, "sub")), drawn.choice((*NAMES, "moved", "gen")))


@step()
def rename_case(world: "World", drawn: random.Random) -> None:
    old, new = drawn.sample(("Case.py", "case.py", "CASE.py"), 2)
    if drawn.random() < 0.5:
        world.git("mv", "-f", old, new)
    elif (world.root / old).is_file():
        (world.root / old).rename(world.root / new)


@step()
def mode(world: "World", drawn: random.Random) -> None:
    place = world.root / drawn.choice(NAMES)
    if place.is_file():
        place.chmod(drawn.choice((0o755, 0o644)))


@step(2)
def other_kind(world: "World", drawn: random.Random) -> None:
    """A file becomes a folder, a link becomes a file, and so on."""
    place = world.root / drawn.choice((*NAMES, "sub", "sub/deep", "gen"))
    if not place.parent.is_dir():
        return
    cleared(place)
    kind = drawn.randrange(4)
    if kind == 0:
        written(place / "inner.py", content(drawn))
    elif kind == 1:
        place.symlink_to(drawn.choice(("a.py", "../b.py", "sub", "/etc/hostname", "nowhere", "../outside")))
    elif kind == 2:
        os.mkfifo(place)
    else:
        written(place, content(drawn))


@step(2)
def gitignore(world: "World", drawn: random.Random) -> None:
    name = drawn.choice((".gitignore", "sub/.gitignore", "gen/.gitignore"))
    written(world.root / name, drawn.choice(IGNORED).encode())


@step()
def exclude(world: "World", drawn: random.Random) -> None:
    place = Path(world.git("rev-parse", "--git-path", "info/exclude").strip())
    written(world.root / place, drawn.choice(IGNORED).encode())


@step(2)
def gitattributes(world: "World", drawn: random.Random) -> None:
    name = drawn.choice((".gitattributes", ".gitattributes", "sub/.gitattributes"))
    written(world.root / name, drawn.choice(ATTRIBUTES).encode())


@step()
def whereinignore(world: "World", drawn: random.Random) -> None:
    name = drawn.choice((".whereinignore", "sub/.whereinignore"))
    written(world.root / name, drawn.choice(IGNORED).encode())


@step()
def editorconfig(world: "World", drawn: random.Random) -> None:
    text = drawn.choice(("", "[*.py]\ncharset = utf-16le\n", "[sub/**]\ncharset = latin1\n"))
    written(world.root / drawn.choice((".editorconfig", "sub/.editorconfig")), text.encode())


@step()
def wherein_toml(world: "World", drawn: random.Random) -> None:
    written(world.root / ".wherein.toml", drawn.choice(SETTINGS).encode())


@step()
def manifest(world: "World", drawn: random.Random) -> None:
    """A folder becomes a package manager's, or is so no more."""
    place = world.root / drawn.choice(("sub/node_modules/.package-lock.json", "gen/pyvenv.cfg"))
    if place.exists():
        cleared(place)
    else:
        written(place, b"{}\n")


@step(3)
def commit(world: "World", drawn: random.Random) -> None:
    world.git("add", "--all")
    world.git("commit", "--quiet", "--allow-empty", "--message", "a commit")


@step()
def commit_some(world: "World", drawn: random.Random) -> None:
    world.git("add", drawn.choice(NAMES))
    world.git("commit", "--quiet", "--allow-empty", "--message", "some of it")


@step()
def amend(world: "World", drawn: random.Random) -> None:
    edit(world, drawn)
    world.git("commit", "--quiet", "--all", "--amend", "--message", "amended")


@step()
def stash(world: "World", drawn: random.Random) -> None:
    if drawn.random() < 0.5:
        edit(world, drawn)
        world.git(
            "stash", "push", "--quiet", *drawn.choice(((), ("--include-untracked",), ("--keep-index",)))
        )
    else:
        world.git("stash", drawn.choice(("pop", "apply", "drop")), "--quiet")


@step(2)
def checkout(world: "World", drawn: random.Random) -> None:
    name = drawn.choice(BRANCHES)
    force = drawn.choice(((), ("--force",)))
    if "fatal" in world.git("checkout", "--quiet", *force, name):
        world.git("checkout", "--quiet", "-b", name)


@step()
def checkout_file(world: "World", drawn: random.Random) -> None:
    world.git("checkout", drawn.choice(("HEAD", "HEAD~1", *BRANCHES)), "--", drawn.choice(NAMES))


@step()
def detach(world: "World", drawn: random.Random) -> None:
    world.git("checkout", "--quiet", "--detach", drawn.choice(("HEAD~1", "HEAD")))


@step(2)
def merge(world: "World", drawn: random.Random) -> None:
    world.git("merge", "--quiet", "--no-edit", *drawn.choice(((), ("--no-ff",))), drawn.choice(BRANCHES))


@step()
def rebase(world: "World", drawn: random.Random) -> None:
    world.git("rebase", "--quiet", drawn.choice(BRANCHES))


@step()
def cherry_pick(world: "World", drawn: random.Random) -> None:
    world.git("cherry-pick", drawn.choice(BRANCHES))


@step()
def revert(world: "World", drawn: random.Random) -> None:
    world.git("revert", "--no-edit", drawn.choice(("HEAD", "HEAD~1")))


@step()
def give_up(world: "World", drawn: random.Random) -> None:
    for command in ("merge", "rebase", "cherry-pick", "revert"):
        world.git(command, "--abort")


@step()
def go_on(world: "World", drawn: random.Random) -> None:
    world.git("add", "--all")
    for command in ("merge", "rebase", "cherry-pick", "revert"):
        world.git(command, "--continue")


@step()
def reset(world: "World", drawn: random.Random) -> None:
    how = drawn.choice(("--hard", "--hard", "--soft", "--mixed"))
    world.git("reset", "--quiet", how, drawn.choice(("HEAD", "HEAD~1", *BRANCHES)))


@step()
def clean(world: "World", drawn: random.Random) -> None:
    world.git("clean", "-fdq", *drawn.choice(((), ("-x",))))


@step()
def forget(world: "World", drawn: random.Random) -> None:
    world.git("rm", "--quiet", "--cached", "-r", "--force", drawn.choice((*NAMES, "sub")))


@step()
def worktree(world: "World", drawn: random.Random) -> None:
    """Added, moved, removed; the steps that follow may happen there."""
    place = world.folder / "linked"
    moved = world.folder / "moved"
    kind = drawn.randrange(4)
    if kind < 2 and not place.exists():
        world.git_main("worktree", "add", "--quiet", "--force", "--detach", str(place))
    elif kind == 2:
        world.git_main("worktree", "move", str(place), str(moved))
    else:
        world.git_main("worktree", "remove", "--force", str(drawn.choice((place, moved))))
        world.git_main("worktree", "prune")


@step()
def submodule(world: "World", drawn: random.Random) -> None:
    kind = drawn.randrange(5)
    if kind == 0:
        world.git("submodule", "--quiet", "add", "--force", str(world.library), "lib")
    elif kind == 1:
        world.git("submodule", "--quiet", "update", "--init", "--force")
    elif kind == 2:
        world.git("submodule", "--quiet", "deinit", "--force", "--all")
    elif (world.root / "lib" / ".git").exists():
        written(world.root / "lib" / drawn.choice(("l.py", "new.py", ".gitignore")), content(drawn))
        if kind == 4:
            world.git("-C", "lib", "add", "--all")
            world.git("-C", "lib", "commit", "--quiet", "--message", "in the library")


@step()
def nested(world: "World", drawn: random.Random) -> None:
    """A repository that is no submodule."""
    place = world.root / "nested"
    if place.exists():
        cleared(place)
        return
    place.mkdir()
    world.git("init", "--quiet", "nested")
    written(place / "n.py", content(drawn))


@step()
def sparse(world: "World", drawn: random.Random) -> None:
    if drawn.random() < 0.4:
        world.git("sparse-checkout", "disable")
    else:
        world.git("sparse-checkout", "set", drawn.choice(("sub", "gen", "sub2")))


@step(2)
def flag(world: "World", drawn: random.Random) -> None:
    flags = ("--assume-unchanged", "--no-assume-unchanged", "--skip-worktree", "--no-skip-worktree")
    name = drawn.choice(NAMES)
    world.git("update-index", drawn.choice(flags), name)
    if drawn.random() < 0.7 and (world.root / name).parent.is_dir():
        written(world.root / name, content(drawn))


@step()
def forge_index(world: "World", drawn: random.Random) -> None:
    """The index says that the file holds what it does not, and is unchanged."""
    other = world.git("hash-object", "-w", "--stdin", given=content(drawn)).strip()
    name = drawn.choice(NAMES)
    world.git("update-index", "--add", "--cacheinfo", f"100644,{other},{name}")
    world.git("update-index", "--assume-unchanged", name)


@step()
def index_format(world: "World", drawn: random.Random) -> None:
    world.git(
        "update-index", drawn.choice(("--index-version=4", "--split-index", "--untracked-cache", "--refresh"))
    )


@step()
def replace_object(world: "World", drawn: random.Random) -> None:
    old = world.git("rev-parse", "--verify", f"HEAD:{drawn.choice(NAMES)}").strip()
    new = world.git("hash-object", "-w", "--stdin", given=content(drawn)).strip()
    if len(old) == 40 and old != new:
        world.git("replace", "--force", old, new)


@step(2)
def configure(world: "World", drawn: random.Random) -> None:
    world.git("config", *drawn.choice(GIT_SETTINGS))


@step()
def pack(world: "World", drawn: random.Random) -> None:
    world.git("pack-refs", "--all")
    world.git("repack", "-a", "-d", "-q")


@step()
def keep_times(world: "World", drawn: random.Random) -> None:
    """Times that lie before, and after, everything."""
    place = world.root / drawn.choice(NAMES)
    if place.is_file():
        os.utime(place, (drawn.choice((0, 1_000_000_000, 4_000_000_000)),) * 2)
