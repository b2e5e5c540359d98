"""Trees that were read from a server are kept on this machine, under the names that the server gives."""

import json

import numpy as np
import pytest

from wherein.errors import WhereinError
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import FileVersion, Header
from wherein.store.redis import keys
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import Contents, Shown

HEADER = Header(SCHEMA, "c", "t", "m", 4)
CONTENTS = Contents({"a.py": Shown(f"{1:040x}", 2), "b/c.py": Shown(f"{2:040x}", 1)})


def test_a_kept_tree_is_read_again(tmp_path):
    name, packed = CONTENTS.packed()
    TreeFiles(tmp_path).keep(name, packed)
    kept = TreeFiles(tmp_path).read(name)
    assert kept is not None
    assert kept.files == CONTENTS.files


def test_a_tree_that_is_not_as_it_was_kept_is_deleted(tmp_path):
    name, packed = CONTENTS.packed()
    TreeFiles(tmp_path).keep(name, packed)
    (file,) = (tmp_path / "trees").iterdir()
    file.write_bytes(packed[:-3])
    assert TreeFiles(tmp_path).read(name) is None
    assert not file.exists()


@pytest.mark.parametrize("leads", ["{}", "../{}", "../../{}", "a/../../{}"])
def test_a_name_that_leads_out_of_the_folder_touches_nothing(tmp_path, leads):
    victim = tmp_path / "precious"
    victim.write_text("mine")
    data = tmp_path / "data"
    (data / "trees" / "a").mkdir(parents=True)
    for name in (leads.format(victim), leads.format(victim.name)):
        assert TreeFiles(data).read(name) is None
        TreeFiles(data).keep(name, CONTENTS.packed()[1])
    assert victim.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["precious"]


def test_a_view_whose_tree_is_called_like_a_file_of_this_machine_leaves_that_file(
    redis_server, redis_url, tmp_path
):
    victim = tmp_path / "precious"
    victim.write_text("mine")
    data = tmp_path / "data"
    file = FileVersion("a.py", f"{1:040x}", "python", "", [], np.zeros((0, 4), np.float32))
    prefix = repository_prefix(redis_url.partition("tenant=")[2], "r")
    with redis_server.client() as writer:
        with open_store(redis_url, "r", HEADER, data_dir=data, mode="write") as store:
            store.write("main", put=[file], complete=True)
        (number,) = map(int, writer.hvals(keys.indexes(prefix)))
        views = keys.Keys(prefix, number).views
        record = json.loads(writer.hget(views, "main"))
        writer.hset(views, "main", json.dumps(record | {"tree": str(victim)}))
    with open_store(redis_url, "r", HEADER, data_dir=data, mode="read") as store, pytest.raises(WhereinError):
        store.view_files("main")
    assert victim.read_text() == "mine"
