"""ARCHITECTURE.md has a row for each folder of the Redis store, with every file that is in it."""

import re
from pathlib import Path

import wherein

ROOT = Path(__file__).parents[3]
STORE = Path(wherein.__file__).parent / "store" / "redis"
ROW = re.compile(r"\| (\(top\)|`[a-z_]+`(?:, `[a-z_]+`)*) \| (.*) \|")


def test_every_file_of_the_redis_store_is_on_the_map():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text[text.index("| folder of `store/redis/` |") :].split("\n\n")[0]
    named: dict[str, set[str]] = {}
    for row in table.splitlines()[2:]:
        match = ROW.fullmatch(row)
        assert match is not None, row
        for folder in re.findall(r"[a-z_]+", match[1].replace("(top)", "top")):
            named[folder] = set(re.findall(r"`([a-z_]+)`", match[2]))
    files: dict[str, set[str]] = {}
    for file in STORE.rglob("*.py"):
        files.setdefault("top" if file.parent == STORE else file.parent.name, set()).add(file.stem)
    assert {folder: stems - named.get(folder, set()) for folder, stems in files.items()} == {
        folder: set() for folder in named
    }
