"""Values that a server gives back otherwise than they were written: an answer, or an index that is mended in place."""

import os
import random

import wherein
from wherein.config.settings import Settings
from wherein.errors import IndexIncompatible, IndexMissing

BOOKKEEPING = (b"counter", b"replaced", b"begun", b"waiting")
"""Keys that hold nothing of an index."""

DAMAGES = int(os.environ.get("WHEREIN_DAMAGES", "40" if "WHEREIN_TEST_LONG" in os.environ else "20"))
CODE = {
    f"{name}.py": f"class {name}:\n    def run_{name}(self):\n        return 1\n"
    for name in ("Ab", "Cd", "Ef")
}


def read_everything(index):
    for mode in ("hybrid", "lexical", "semantic"):
        index.search("run the class Ab", mode=mode)
    index.search("lang:python")
    index.symbols("run")
    index.symbols("rum_Ef")
    index.related("Ab.py", 1)
    index.chunks("Cd.py")
    index.files()
    index.views()
    index.status(check=False)
    index.skipped()


def damage(client, key, chance):
    kind = client.type(key)
    noise = chance.randbytes(chance.randrange(12))
    if kind == b"string":
        old = client.get(key)
        client.set(key, chance.choice([noise, old[: len(old) // 2], old + noise]))
    elif kind == b"hash":
        field = chance.choice(sorted(client.hkeys(key)))
        old = client.hget(key, field)
        client.hset(key, field, chance.choice([noise, old[: len(old) // 2], old + noise]))
    else:
        client.delete(key)
        client.set(key, noise)


def test_damaged_values_are_told_and_the_next_index_mends_them_in_place(
    redis_server, redis_url, repo, tmp_path
):
    seed = int(os.environ.get("WHEREIN_SEED", "1"))
    tenant = redis_url.partition("tenant=")[2]
    repo.commit(CODE)
    settings = Settings(store=redis_url, data_dir=tmp_path)

    def opened():
        return wherein.open_index(repo.root, settings=settings)

    told = []
    with redis_server.client() as client:
        with opened() as index:
            index.update(processes=0)
        for number in range(DAMAGES):
            chance = random.Random(f"{seed} {number}")
            keys = sorted(client.scan_iter(match=f"wherein:{{{tenant}/*", count=1000))
            assert len(keys) < 40  # of one generation alone
            key = chance.choice([key for key in keys if not key.endswith(BOOKKEEPING)])
            damage(client, key, chance)
            try:
                with opened() as index:
                    read_everything(index)
            except (IndexIncompatible, IndexMissing) as error:
                told.append((number, key, error))
            except Exception as error:
                raise AssertionError((number, key)) from error
            else:  # what nothing tells stays
                index.clear()
            try:
                with opened() as index:
                    index.update(processes=0, mend=True)
                    assert index.search("run_Cd", limit=1)[0].path == "Cd.py"
                    read_everything(index)
                    index.collect()
            except Exception as error:
                raise AssertionError((number, key, told[-1:])) from error
    assert len(told) > DAMAGES / 4
    assert {error.remedy.split(",")[0] for _, _, error in told} == {"wherein index"}
