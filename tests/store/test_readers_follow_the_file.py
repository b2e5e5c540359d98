"""A reader that lives long: its file may be deleted, come back, or be another one."""

import numpy as np
import pytest

from wherein.errors import IndexMissing
from wherein.store.deep import DeepModel, DeepQuestion, DeepRow, content_of
from wherein.store.protocol import Filters, Retrieval


def test_a_reader_notices_that_the_file_was_deleted_and_came_back(filled, open_embedded, tmp_path):
    with open_embedded("read") as reader:
        assert reader.view("main") is not None
        away = tmp_path / "away"
        filled.rename(away)
        with pytest.raises(IndexMissing):
            reader.view("main")
        away.rename(filled)
        assert len(reader.view_files("main")) == 200


def test_a_reader_goes_on_with_the_file_that_was_made_in_its_place(filled, open_embedded, version):
    with open_embedded("read") as reader:
        assert len(reader.view_files("main")) == 200
        for file in filled.parent.glob(f"{filled.name}*"):
            file.unlink()
        with open_embedded() as writer:
            writer.write("main", put=[version("new.py")], commit="2", complete=True)
        assert list(reader.view_files("main")) == ["new.py"]
        assert reader.counts().chunks == 1


def test_a_batch_of_the_deep_tier_is_seen_and_lets_stay_what_is_remembered_of_views(
    filled, open_embedded, version
):
    model = DeepModel("deep@1", 8, "deep")
    asked = Retrieval("main", limit=300, deep=(DeepQuestion(model.id, np.eye(8, dtype=np.float32)[0]),))

    def deep_ones(reader):
        return {one.path for one in reader.retrieve(asked).candidates if one.deep and one.deep[0] is not None}

    def allowed(reader):
        return reader._memory._masks.get(("main", Filters()))

    with open_embedded("read") as reader, open_embedded() as writer:
        lacking = writer.deep_lacking("main", model.id)
        seen = set()
        for number, path in enumerate(list(lacking)[:40]):
            rows = [DeepRow(id, content_of(f"{id}"), np.ones(8, np.float32)) for id in lacking[path]]
            writer.deep_put(model, rows)
            seen.add(path)
            kept = allowed(reader)
            assert deep_ones(reader) == seen
            assert number == 0 or allowed(reader) is kept
        writer.write("main", unlink=[path])
        assert deep_ones(reader) == seen - {path}
        assert allowed(reader) is not kept
        writer.write("main", put=[version("new.py")])
        assert "new.py" in reader.view_files("main")
        assert reader.deep_covered("main", model.id) == (39, 200)
        writer.copy_view("main", "copied")
        assert len(reader.view_files("copied")) == 200
        writer.drop_view("copied")
        assert reader.view("copied") is None
