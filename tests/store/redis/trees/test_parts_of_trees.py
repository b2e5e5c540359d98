"""Who has some of what a view shows is told of the rest, and never believes more than the view's digest says."""

from dataclasses import replace
from hashlib import sha1

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wherein.store.header import SCHEMA
from wherein.store.open import open_store, remove_index
from wherein.store.protocol import FileVersion, Header
from wherein.store.redis import keys
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.trees import parts
from wherein.store.redis.trees.contents import Contents, Shown, pack_shown, to_bytes
from wherein.store.redis.views.from_clone import OwnFiles, assume
from wherein.store.redis.views.record import ReadAnew, Record

HEADER = Header(SCHEMA, "c", "t", "m", 4)

names = some.sampled_from("abcdefgh\udcff")
paths = some.lists(names, min_size=1, max_size=3).map("/".join)
blobs = some.text("0123456789abcdef", min_size=40, max_size=40)
shown = some.builds(Shown, blobs, some.integers(0, 30), some.sampled_from(["", "binary"]))
trees = some.dictionaries(paths, shown, max_size=30)
changes = some.dictionaries(paths, some.none() | shown, max_size=6)


def record_of(contents: Contents) -> Record:
    record = Record(digest=contents.digest, tree="t", parted=True, chunks=contents.chunks)
    return record.with_parts(parts.digests(contents.blobs))


def told(tree: Contents, difference, lacks):
    stored = parts.packed(tree)
    return [
        [stored[number] for number in lacks],
        {to_bytes(path): pack_shown(each) for path, each in difference.items()},
    ]


@settings(deadline=None)
@given(trees, changes, changes)
def test_what_is_put_together_is_what_the_view_shows(tree, difference, own):
    base = Contents(tree)
    view = base.with_changes(difference)
    here = view.with_changes(own)
    assumed = assume(record_of(view), OwnFiles(here.blobs))
    assert assumed is not None
    assert (not assumed.lacks) == (here.blobs == view.blobs)
    contents = assumed.whole(told(base, difference, assumed.lacks)).seen.contents
    assert contents.blobs == view.blobs
    assert contents.chunks == view.chunks
    for path, each in contents.files.items():
        assert parts.number_of(path) not in assumed.lacks or each == view.files[path]


@settings(deadline=None)
@given(trees, trees, changes)
def test_what_is_of_another_state_is_not_believed(tree, other, own):
    view = Contents(tree)
    assumed = assume(record_of(view), OwnFiles(view.with_changes(own).blobs))
    if assumed is None or not assumed.lacks:
        return
    try:
        contents = assumed.whole(told(Contents(other), {}, assumed.lacks)).seen.contents
    except ReadAnew:
        return
    assert contents.blobs == view.blobs


def test_parts_that_are_lost_damaged_or_of_too_many_files_are_fetched_as_a_whole():
    files = {f"folder{number}/a.py": Shown(f"{number:040x}", 1) for number in range(200)}
    view = Contents(files)
    record = record_of(view)
    here = view.blobs | {"folder3/a.py": f"{7:040x}"}
    assumed = assume(record, OwnFiles(here))
    assert assumed is not None
    for read in ([None], [b"no part"], [b""]):
        with pytest.raises(ReadAnew):
            assumed.whole([read, {}])
    assert assume(replace(record, parts="no digests"), OwnFiles(here)) is None
    assert assume(replace(record, digest=""), OwnFiles(here)) is None
    assert assume(record, OwnFiles(dict.fromkeys(files, f"{9:040x}"))) is None


@pytest.mark.parametrize("how", ["collected", "mended", "deleted with all else"])
def test_parts_whose_tree_an_earlier_version_deleted_are_not_left(redis_server, redis_url, tmp_path, how):
    """That knows of no parts, and deletes what nobody is based on any more in its own way."""
    prefix = repository_prefix(redis_url.partition("tenant=")[2], "r")
    files = [
        FileVersion(
            f"f{n % 40}/{n}.py", sha1(b"%d" % n).hexdigest(), "python", "", [], np.zeros((0, 4), np.float32)
        )
        for n in range(400)
    ]
    with (
        redis_server.client() as look,
        open_store(redis_url, "r", HEADER, data_dir=tmp_path, mode="write") as store,
    ):
        store.write("main", put=files, complete=True)
        (number,) = map(int, look.hvals(keys.indexes(prefix)))
        of = keys.Keys(prefix, number)
        (tree,) = (each.decode() for each in look.smembers(of.trees))
        assert look.exists(of.tree_parts(tree))
        store.drop_view("main")
        look.srem(of.trees, tree)
        look.unlink(of.tree(tree))
        store.write("other", put=files[:1], complete=True)
        if how == "collected":
            store.collect()
        elif how == "mended":
            store.mend()
        else:
            store.close()
            remove_index(tmp_path, "r", url=redis_url)
        assert not look.exists(of.tree_parts(tree), of.parted)
