"""What a parser gives up is searched by its lines, and said to be."""

import os
import resource

from wherein.indexing import update as updating
from wherein.indexing import workers
from wherein.parsing import here, limits
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


def test_one_among_many_costs_no_worker_and_no_other_file(repo, open_index, defining, found, monkeypatch):
    monkeypatch.setattr(updating, "INLINE_BYTES", 0)
    files = {f"m{i}.py": defining(*(f"f{i}x{j}" for j in range(20))) for i in range(60)}
    repo.commit(files | {"x.c": FLOOD})
    index = open_index(repo)
    index.update(processes=2)
    assert index.status().files == 61
    assert index.skipped() == {"x.c": SkipReason.UNPARSED}
    assert found(index, "f59x7") == ["m59.py"]


def test_many_of_them_end_few_workers(repo, open_index, defining, found, monkeypatch, capfd):
    monkeypatch.setattr(updating, "INLINE_BYTES", 0)
    monkeypatch.setattr(workers, "MOST_TRUSTED_ENDS", 2)
    restarts = []
    again = workers._Worker.restart
    monkeypatch.setattr(workers._Worker, "restart", lambda worker: (restarts.append(1), again(worker)))
    floods = {f"x{i}.java": "a<\n" * 60_000 for i in range(workers.MOST_TRUSTED_ENDS + 2)}
    repo.commit(floods | {"a.py": defining("alpha")})
    index = open_index(repo)
    index.update(processes=1)
    assert index.skipped() == dict.fromkeys(floods, SkipReason.UNPARSED)
    assert found(index, "alpha") == ["a.py"]
    assert len(restarts) == (workers.MOST_TRUSTED_ENDS if here.POSSIBLE else 0)
    assert capfd.readouterr().err == ""


def test_what_a_worker_parses_is_given_its_limits_and_nothing_else_is():
    if not here.POSSIBLE:
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert not here.fits("text")
    with here.parsing(allowed=True):
        assert here.fits("text")
        assert not here.fits("t" * (here.LONGEST + 1))
        space = limits.address_space()
        room, _ = here.parse("text", lambda _: resource.getrlimit(resource.RLIMIT_AS))
        assert abs(room - space - limits.MOST_MEMORY) < 64 << 20  # threads end, and others begin
        assert resource.getrlimit(resource.RLIMIT_AS) == before
    with here.parsing(allowed=False):
        assert not here.fits("text")


def test_a_worker_without_memory_for_a_text_ends():
    if not here.POSSIBLE:
        return
    if (child := os.fork()) == 0:
        with here.parsing(allowed=True):
            here.parse("text", lambda _: bytes(2 * limits.MOST_MEMORY))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == here.ENDED
