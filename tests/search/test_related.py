"""Code like what stands at a line."""

from dataclasses import replace

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.search.rank.kinds import TEXTS


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Functions, each with a section of a document that speaks of the same, nearer in words than other code."""
    root = tmp_path_factory.mktemp("project")
    subjects = ("orders", "invoices", "refunds", "vouchers", "parcels")
    for each in subjects:
        (root / f"{each}.py").write_text(
            f"def cancel_{each}(customer, reason):\n"
            f"    for one in open_{each}(customer):\n"
            f"        one.cancelled = reason\n"
            f"        notify(customer, one)\n"
        )
    (root / "guide.md").write_text(
        "".join(
            f"# Cancel {each}\n\nTo cancel {each} of a customer give a reason; open {each} are cancelled and the"
            f" customer is notified of each one.\n\n"
            for each in subjects
        )
    )
    with wherein.open_index(root, settings=replace(Settings(), data_dir=root.parent / "data")) as opened:
        opened.update(processes=0)
        yield opened


def test_like_code_is_other_code_before_what_is_written_about_it(index):
    hits = index.related("orders.py", 1, limit=10)
    kinds = [hit.kind in TEXTS for hit in hits]
    assert kinds[:4] == [False] * 4
    assert any(kinds)
    assert all(sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-5) for hit in hits)


def test_what_a_long_function_is_like_is_no_other_part_of_it(index):
    lines = [f"    total += price(customer, {number}) * rate(customer, {number})\n" for number in range(120)]
    root = index.root
    (root / "bill.py").write_text(f"def bill(customer):\n    total = 0\n{''.join(lines)}    return total\n")
    try:
        index.update(processes=0)
        assert sum(each.symbol == "bill" for each in index.search("bill", limit=20)) == 1
        hits = index.related("bill.py", 1, limit=10)
        assert hits
        assert {hit.path for hit in hits}.isdisjoint({"bill.py"})
    finally:
        (root / "bill.py").unlink()
        index.update(processes=0)


def test_like_a_document_is_whatever_is_nearest(index):
    hits = index.related("guide.md", 1, limit=10)
    assert {hit.path for hit in hits} >= {"guide.md", "orders.py"}
    assert all("prose" not in hit.parts for hit in hits)
