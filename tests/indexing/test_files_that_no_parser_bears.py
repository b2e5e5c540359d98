"""What a parser gives up is searched by its lines, and said to be."""

from wherein.skips import SkipReason

FLOOD = "%w(\n" * 40_000 + "needle_in_the_flood\n"


def test_they_are_searched_and_listed(repo, open_index, defining, found):
    repo.commit({"a.py": defining("alpha"), "x.c": FLOOD})
    index = open_index(repo)
    report = index.update()
    assert (report.files_added, report.files_skipped) == (2, 0)
    assert found(index, "alpha") == ["a.py"]
    assert index.search("needle_in_the_flood")[0].path == "x.c"
    assert index.skipped() == {"x.c": SkipReason.UNPARSED}
    assert set(index.files()) == {"a.py", "x.c"}
    status = index.status()
    assert (status.files, status.skipped) == (2, {"cut by lines": 1})
    assert index.why("x.c") == "x.c is searched, but cut by lines: parsing it takes too much time or memory."
    assert index.update().files_embedded == 0


def test_one_among_many_costs_no_worker_and_no_other_file(repo, open_index, defining, found):
    files = {f"m{i}.py": defining(*(f"f{i}x{j}" for j in range(200))) for i in range(150)}
    repo.commit(files | {"x.c": FLOOD})
    index = open_index(repo)
    index.update(processes=2)
    assert index.status().files == 151
    assert index.skipped() == {"x.c": SkipReason.UNPARSED}
    assert found(index, "f149x7") == ["m149.py"]
