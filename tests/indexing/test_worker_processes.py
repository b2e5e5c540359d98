"""Workers die; what they were at is done all the same, or said to be left out."""

import shutil
import subprocess
import sys
import textwrap

import pytest

from wherein import WhereinError
from wherein.indexing import update as updating
from wherein.indexing import workers

DEADLY = """
    import os
    from wherein.indexing import prepare

    real = prepare.prepare

    def deadly(contents, *rest):
        if any(b"deadly" in content.data for content in contents):
            os._exit(11)
        return real(contents, *rest)

    prepare.prepare = deadly
"""


@pytest.fixture
def three(repo, open_index, monkeypatch, defining):
    """The index, not updated yet, of three files; always prepared by worker processes."""
    monkeypatch.setattr(updating, "INLINE_BYTES", 0)
    repo.commit({"a.py": defining("alpha"), "b.py": defining("deadly"), "c.py": defining("gamma")})
    return open_index(repo)


def test_workers_index_as_one_process_does(three, repo, open_index, tmp_path, found):
    three.update(processes=2)
    here = three.search("alpha")
    three.clear()
    three.update(processes=0)
    assert three.search("alpha") == here
    assert found(three, "gamma") == ["c.py"]


def test_a_file_that_ends_its_worker_is_left_out_and_no_other(three, tmp_path, monkeypatch, found):
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(DEADLY))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    three.update(processes=2)
    assert three.skipped() == {"b.py": "unreadable"}
    assert found(three, "alpha") == ["a.py"]
    assert found(three, "gamma") == ["c.py"]
    assert three.status().complete


@pytest.mark.skipif(shutil.which("false") is None, reason="no `false` here")
def test_workers_that_cannot_start_are_a_sentence_and_leave_no_file_out(three, monkeypatch, found):
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", shutil.which("false"))
        with pytest.raises(WhereinError, match="exit as soon as they start"):
            three.update(processes=2)
    assert not three.status().complete
    assert three.status().behind == 3
    three.update(processes=2)
    assert found(three, "alpha") == ["a.py"]
    assert three.skipped() == {}


def test_a_model_that_a_worker_cannot_open_is_the_error_that_opening_it_gives(repo):
    with (
        workers.Workers(1, "no such model") as started,
        pytest.raises(WhereinError, match="There is no embedding model 'no such model'"),
    ):
        list(started.prepare([[workers.Content("a.py", "0" * 40, b"x = 1\n")]]))


def test_a_worker_whose_asker_has_ended_says_nothing():
    begun = workers.startup(None)
    with subprocess.Popen(
        begun.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**begun.environment},
    ) as worker:
        worker.stdout.close()
        workers.write_frame(worker.stdin, None)
        assert (worker.stderr.read(), worker.wait()) == (b"", 0)
