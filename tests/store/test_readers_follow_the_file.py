"""A reader that lives long: its file may be deleted, come back, or be another one."""

import pytest

from wherein.errors import IndexMissing


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
