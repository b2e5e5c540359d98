"""What a file defines, as a tree."""

import pytest

import wherein
from wherein.config.settings import Settings

FILES = {
    "shop.py": """\
LIMIT = 3


@total_ordering
class Cart:
    \"\"\"Holds items.\"\"\"

    size: int = 0

    def add(self, item):
        def inner():
            return item
        return inner

    class Meta:
        ordering = ["size"]


def pay(cart):
    return cart
""",
    "color.ts": "export enum Color {\n  Red,\n  Green,\n}\n",
    "GUIDE.md": "# Guide\n\nText.\n\n## First steps\n\nMore.\n\n## Last steps\n\nEnd.\n",
    "renew.go": "package shop\n\nfunc (c *Cart) renew() {\n}\n\ntype Till struct {\n}\n\nfunc (t *Till) open() {\n}\n",
    "notes.txt": "nothing is defined here\n",
}


@pytest.fixture(params=["embedded", "redis"])
def index(request, repo, data_dir):
    store = request.getfixturevalue("redis_url") if request.param == "redis" else None
    repo.commit(FILES)
    with wherein.open_index(repo.root, store=store, settings=Settings(data_dir=data_dir)) as opened:
        opened.update(processes=0)
        yield opened


def rows(index, path):
    return [
        (each.depth, each.kind, each.qualified_name, each.start_line, each.end_line, each.line)
        for each in index.outline(path)
    ]


def test_classes_enclose_their_methods_and_list_their_members(index):
    assert rows(index, "shop.py") == [
        (0, "constant", "LIMIT", 1, 1, 1),
        (0, "class", "Cart", 4, 16, 5),
        (1, "member", "Cart.size", 8, 8, 8),
        (1, "method", "Cart.add", 10, 13, 10),
        (1, "class", "Cart.Meta", 15, 16, 15),
        (2, "member", "Cart.Meta.ordering", 16, 16, 16),
        (0, "function", "pay", 19, 20, 19),
    ]
    assert [each[:3] for each in rows(index, "color.ts")] == [
        (0, "enum", "Color"),
        (1, "member", "Color.Red"),
        (1, "member", "Color.Green"),
    ]


def test_a_method_that_stands_apart_from_its_class_is_called_by_all_of_its_name(index):
    found = [(each.depth, each.kind, each.name) for each in index.outline("renew.go")]
    assert found == [(0, "method", "Cart.renew"), (0, "struct", "Till"), (1, "method", "open")]


def test_the_sections_of_a_document_are_its_outline(index):
    assert [(each.symbol, each.line) for each in index.outline("GUIDE.md")] == [
        ("Guide", 1),
        ("First steps", 5),
        ("Last steps", 9),
    ]


def test_a_file_that_defines_nothing_is_told_from_one_that_is_not_there(index):
    assert index.outline("notes.txt") == []
    with pytest.raises(wherein.ConfigError, match=r"gone.py is not in the index"):
        index.outline("gone.py")
