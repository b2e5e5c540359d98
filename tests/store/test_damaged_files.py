"""Files damaged at random: the right answer, or the sentence that the index is damaged; never another answer.

By hand, many more: `WHEREIN_DAMAGES=1000 WHEREIN_SEED=7 pytest --timeout 0 -s tests/store/test_damaged_files.py`
"""

import collections
import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

import wherein
from wherein.config.settings import Settings
from wherein.store.header import REBUILD
from wherein.store.sqlite.sums import _weights

DAMAGES = int(os.environ.get("WHEREIN_DAMAGES", "60"))
SEED = int(os.environ.get("WHEREIN_SEED", "20"))
PAGE = 4096

WORDS = ["parse", "config", "request", "session", "retry", "token", "cache"]
WORDS += ["index", "view", "header", "stream", "frame", "chunk", "batch"]


def source(number, turn=0):
    pick = random.Random(f"{number} {turn}")
    functions = []
    for i in range(6):
        first, second, third = pick.sample(WORDS, 3)
        functions.append(
            f"def {first}_{second}_{number}_{i}({third}):\n"
            f'    """{first.capitalize()} the {second} of a {third}."""\n'
            f"    return {first}({third}, {pick.randrange(10**6)})\n"
        )
    return "\n\n".join(functions)


def opened(folder, data):
    return wherein.open_index(folder / "project", settings=Settings(data_dir=data))


def answers(folder, data):
    """What an index answers to a set of questions."""
    with opened(folder, data) as index:
        found = [
            index.search(query) for query in ("parse the config", "session retry", "cache_view", "batch")
        ]
        found += [index.search("token frame", mode=mode) for mode in ("lexical", "semantic")]
        found += [index.search("stream", paths=("a1*",)), index.related("a3.py", 1), index.chunks("a5.py")]
        found += [index.symbols("index", limit=200), index.symbols("retry_cache")]
        files, record = index.files(), index.views()
    told = [[(hit.path, hit.start_line, hit.symbol, hit.text, hit.score) for hit in hits] for hits in found]
    return told, files, [(view.name, view.complete, view.files, view.chunks) for view in record]


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """Name → (data folder, what it answers): of an index at rest, and of one whose log is not folded in."""
    folder = tmp_path_factory.mktemp("damaged")
    project = folder / "project"
    project.mkdir()
    for number in range(40):
        (project / f"a{number}.py").write_text(source(number))
    data = folder / "data"
    with opened(folder, data) as index:
        index.update(processes=0)
    shutil.copytree(data, folder / "at rest")
    for turn, copy in ((1, "with a log"), (2, "later")):
        for number in range(12):
            (project / f"a{number}.py").write_text(source(number, turn))
        with opened(folder, data) as index:
            index.update(processes=0)
            shutil.copytree(data, folder / copy)
    with opened(folder, data) as index:
        index.clear()
        index.update(processes=0)
        shutil.copytree(data, folder / "another")
    found = {name: (folder / name, answers(folder, folder / name)) for name in ("at rest", "with a log")}
    (log,) = (folder / "with a log").glob("indexes/*-wal")
    assert log.stat().st_size > 10 * PAGE
    return folder, found


def some_file(pick, data, *suffixes):
    files = [path for path in sorted((data / "indexes").iterdir()) if path.name.endswith(suffixes)]
    weights = [path.stat().st_size + 1 for path in files]
    return pick.choices(files, weights)[0]


def overwrite(path, at, content):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def change_bytes(pick, data, others):
    path = some_file(pick, data, ".db", "-wal")
    for _ in range(pick.choice((1, 1, 1, 4, 100))):
        overwrite(path, pick.randrange(path.stat().st_size), bytes([pick.randrange(256)]))


def flip_a_bit(pick, data, others):
    path = some_file(pick, data, ".db", "-wal")
    at = pick.randrange(path.stat().st_size)
    overwrite(path, at, bytes([path.read_bytes()[at] ^ (1 << pick.randrange(8))]))


def change_the_beginning(pick, data, others):
    path = some_file(pick, data, ".db", "-wal")
    overwrite(path, pick.randrange(100), pick.randbytes(pick.choice((1, 2, 4))))


def pages_of(pick, data):
    path = some_file(pick, data, ".db")
    count = path.stat().st_size // PAGE
    return path, path.read_bytes(), pick.randrange(count) * PAGE, pick.randrange(count) * PAGE


def zero_a_page(pick, data, others):
    path, _, one, _ = pages_of(pick, data)
    overwrite(path, one, bytes(PAGE))


def swap_pages(pick, data, others):
    path, content, one, other = pages_of(pick, data)
    overwrite(path, one, content[other : other + PAGE])
    overwrite(path, other, content[one : one + PAGE])


def duplicate_a_page(pick, data, others):
    path, content, one, other = pages_of(pick, data)
    overwrite(path, one, content[other : other + PAGE])


def an_older_page(pick, data, others):
    path, _, one, _ = pages_of(pick, data)
    older = some_file(pick, pick.choice(others), ".db").read_bytes()
    overwrite(path, one, older[one : one + PAGE])


def truncate(pick, data, others):
    path = some_file(pick, data, ".db", "-wal")
    size = path.stat().st_size
    os.truncate(path, pick.choice((0, pick.randrange(size), size // PAGE // 2 * PAGE)))


def append(pick, data, others):
    path = some_file(pick, data, ".db", "-wal")
    with path.open("ab") as file:
        file.write(pick.randbytes(pick.choice((1, 100, PAGE))))


def lose_the_log(pick, data, others):
    for path in data.glob("indexes/*-wal"):
        path.unlink()


def put_another_log(pick, data, others):
    """An older log, or that of another index."""
    logs = [path for other in others for path in other.glob("indexes/*-wal") if path.stat().st_size]
    (path,) = data.glob("indexes/*.db")
    path.with_name(path.name + "-wal").write_bytes(pick.choice(logs).read_bytes())
    path.with_name(path.name + "-shm").unlink(missing_ok=True)


def put_another_file(pick, data, others):
    """An older index file, or another one, beside the log and the sums that there are."""
    (path,) = data.glob("indexes/*.db")
    path.write_bytes(some_file(pick, pick.choice(others), ".db").read_bytes())


def put_garbage_for_shared_memory(pick, data, others):
    (path,) = data.glob("indexes/*.db")
    path.with_name(path.name + "-shm").write_bytes(pick.randbytes(32_768))


def damage_the_sums(pick, data, others):
    path = some_file(pick, data, ".sums")
    content = path.read_bytes()
    match pick.randrange(3):
        case 0:
            path.unlink()
        case 1:
            overwrite(path, pick.randrange(len(content)), pick.randbytes(1))
        case _:
            os.truncate(path, pick.randrange(len(content)))


OTHERS = ("at rest", "with a log", "later", "another")
KINDS = (
    *(change_bytes, flip_a_bit, change_bytes, flip_a_bit, change_the_beginning),
    *(zero_a_page, swap_pages, duplicate_a_page, an_older_page, truncate, append),
    *(lose_the_log, put_another_log, put_another_file, put_garbage_for_shared_memory, damage_the_sums),
)


def test_a_damaged_index_answers_rightly_or_says_that_it_is_damaged(states):
    folder, found = states
    outcomes = collections.Counter()
    wrong = []
    for number in range(DAMAGES):
        pick = random.Random(SEED * 1_000_000 + number)
        name = pick.choice(sorted(found))
        whole, right = found[name]
        data = folder / "damaged"
        shutil.copytree(whole, data)
        kind = KINDS[number % len(KINDS)]
        others = [folder / other for other in OTHERS if other != name]
        kind(pick, data, others)
        allowed = [right]
        if kind is put_another_log and name == "at rest":
            allowed.append(found["with a log"][1])  # which is the very log that came next
        try:
            outcome = "right" if answers(folder, data) in allowed else "wrong"
        except (wherein.IndexIncompatible, wherein.IndexMissing) as refused:
            told = REBUILD in refused.remedy or isinstance(refused, wherein.IndexMissing)
            outcome = "refused" if told else "no remedy"
        except Exception as error:  # whatever it is, it should not be
            outcome = f"{type(error).__name__}: {error}"
        outcomes[outcome] += 1
        if outcome not in ("right", "refused"):
            wrong.append((number, kind.__name__, name, outcome))
        shutil.rmtree(data)
    print(dict(outcomes))
    assert not wrong


def test_the_weights_of_a_page_s_words_are_those_that_numpy_draws():
    drawn = np.random.PCG64(20_260).random_raw(PAGE // 4) | np.uint64(1)
    assert np.array_equal(_weights(PAGE // 4), drawn)


def test_an_index_of_another_repository_is_not_taken_for_this_one_s(states, tmp_path):
    folder, _ = states
    other = tmp_path / "project"
    other.mkdir()
    (other / "b.py").write_text("def other(): ...\n")
    with opened(tmp_path, tmp_path / "data") as index:
        index.update(processes=0)
    (place,) = (tmp_path / "data").glob("indexes/*.db")
    for path in sorted((folder / "at rest" / "indexes").iterdir()):
        there = place.name + path.name.partition(".db")[2]
        if path.suffix != ".lock":
            shutil.copy(path, Path(place.parent, there))
    with opened(tmp_path, tmp_path / "data") as index, pytest.raises(wherein.IndexIncompatible):
        index.search("parse")


def test_a_damaged_index_can_be_rebuilt(states, tmp_path):
    folder, found = states
    for name, (whole, _) in found.items():
        data = tmp_path / name
        shutil.copytree(whole, data)
        pick = random.Random(3)
        for _ in range(20):
            zero_a_page(pick, data, [])
        with opened(folder, data) as index:
            with pytest.raises(wherein.IndexIncompatible):
                index.search("parse")
            index.update(force=True, processes=0)
        assert answers(folder, data)[0][0]
