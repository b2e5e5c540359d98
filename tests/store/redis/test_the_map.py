"""ARCHITECTURE.md has a row for each folder of the Redis store, with every file that is in it and no other."""

import re
from pathlib import Path

import wherein

ROOT = Path(__file__).parents[3]
STORE = Path(wherein.__file__).parent / "store" / "redis"
ROW = re.compile(r"\| (\(top\)|`[a-z_]+`(?:, `[a-z_]+`)*) \| (.*) \|")


def test_the_map_of_the_redis_store_has_just_the_files_that_are_there():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text[text.index("| folder of `store/redis/` |") :].split("\n\n")[0]
    named: dict[frozenset[str], set[str]] = {}
    for row in table.splitlines()[2:]:
        match = ROW.fullmatch(row)
        assert match is not None, row
        folders = re.findall(r"[a-z_]+", match[1].replace("(top)", STORE.name))
        named[frozenset(folders)] = set(re.findall(r"`([a-z_]+)`", match[2]))
    there = {folders: set[str]() for folders in named}
    for file in STORE.rglob("*.py"):
        (row_of_it,) = (folders for folders in named if file.parent.name in folders)
        there[row_of_it].add(file.stem)
    assert named == there
