"""A text may take only so much of the machine; what takes more is given up, and the next text is parsed."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from wherein.chunking import chunker
from wherein.languages import registry
from wherein.parsing import bounded
from wherein.search.calls.sites import call_sites

FLOODS = {
    "memory": ("c", "%w(\n" * 40_000),
    "memory of generics": ("java", "a<\n" * 100_000),
    "time": ("bash", "echo a | \n" * 20_000),
}


def cut(language: str, text: str) -> chunker.Cut:
    return chunker.cut("file", text, registry.get(language))


def processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def is_parsed() -> bool:
    done = cut("python", "def alpha(): pass\n")
    return not done.gave_up and done.chunks[0].symbol == "alpha"


@pytest.fixture(autouse=True)
def _no_process_of_other_tests():
    bounded.end()
    yield
    bounded.end()


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_what_floods_a_parser_is_cut_by_lines_within_seconds(flood):
    before = processor_seconds()
    done = cut(*flood)
    bounded.end()
    assert done.gave_up
    assert {chunk.symbol for chunk in done.chunks} == {""}
    assert done.chunks[-1].end_line == flood[1].count("\n")
    assert processor_seconds() - before < 4
    assert is_parsed()


def test_no_text_takes_more_than_a_gigabyte():
    program = """
    import resource
    from wherein.chunking import chunker
    from wherein.languages import registry
    from wherein.parsing import bounded
    for language, text in {"c": "%w(\\n" * 40_000, "java": "a<\\n" * 100_000}.items():
        assert chunker.cut("file", text, registry.get(language)).gave_up
    bounded.end()
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) << (0 if sys.platform == "darwin" else 10) < 1_000_000_000
    assert done.stderr == ""


def test_calls_are_not_looked_for_without_end():
    before = processor_seconds()
    assert call_sites(FLOODS["memory"][1], registry.get("c")) == []
    bounded.end()
    assert processor_seconds() - before < 4
    (site,) = call_sites("alpha(1);\n", registry.get("c"))
    assert (site.name, site.line) == ("alpha", 1)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_texts_leave_nothing_behind_in_memory():
    held = []
    for _ in range(4):
        assert not cut("lua", "a b\n" * 2_000).gave_up
        held.append(resident(bounded._process._process.pid))
    assert max(held[1:]) - held[0] < 2_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_is_small():
    assert is_parsed()
    assert resident(bounded._process._process.pid) < 60_000_000


def resident(pid: int) -> int:
    with Path(f"/proc/{pid}/statm").open() as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_the_asking_process_once_held_is_not_held_against_it():
    program = """
    from wherein.chunking import chunker
    from wherein.languages import registry
    from wherein.parsing import bounded
    held = b"x" * (500 << 20)
    del held
    seen = set()
    for _ in range(3):
        chunker.cut("a.py", "a = 1\\n", registry.get("python"))
        seen.add(bounded._process._process.pid)
    assert len(seen) == 1, seen
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


def test_after_somebody_ended_the_process_the_text_is_tried_again():
    assert is_parsed()
    before = bounded._process._process
    before.kill()
    before.wait()
    assert is_parsed()


def test_one_that_is_ended_at_work_by_somebody_costs_no_text():
    assert is_parsed()
    at_work = bounded._process._process
    threading.Timer(0.1, at_work.kill).start()
    done = cut("elixir", "a?b:\n" * 8_000)
    at_work.wait()
    assert at_work.returncode == -signal.SIGKILL
    assert bounded._process is None or bounded._process._process is not at_work
    assert done.chunks[-1].end_line == 8_000


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no such signal")
def test_one_that_does_not_end_by_itself_is_ended(monkeypatch):
    assert is_parsed()  # on a busy machine a process may take more than a second to begin
    monkeypatch.setattr(bounded, "WALL_SECONDS", 1.0)
    monkeypatch.setattr(bounded, "WALL", 0.0)
    os.kill(bounded._process._process.pid, signal.SIGSTOP)
    begun = time.monotonic()
    assert cut("python", "def alpha(): pass\n" * 10).gave_up
    assert time.monotonic() - begun < 10
    monkeypatch.undo()
    assert is_parsed()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such call")
def test_a_forked_child_has_a_process_of_its_own():
    assert is_parsed()
    parents = bounded._process._process.pid
    program = f"""
    import os, sys, warnings
    warnings.simplefilter("ignore")
    from wherein.chunking import chunker
    from wherein.languages import registry
    from wherein.parsing import bounded
    python = registry.get("python")
    chunker.cut("a.py", "a = 1\\n", python)
    first = bounded._process._process.pid
    if (child := os.fork()) == 0:
        chunker.cut("a.py", "a = 1\\n", python)
        os._exit(bounded._process._process.pid == first)
    assert os.waitpid(child, 0)[1] == 0
    chunker.cut("a.py", "a = 1\\n", python)
    assert bounded._process._process.pid == first != {parents}
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


@pytest.mark.parametrize("how", ["ends", "is killed"])
def test_the_process_ends_with_the_one_that_asked(how):
    program = """
    import sys
    from wherein.chunking import chunker
    from wherein.languages import registry
    from wherein.parsing import bounded
    chunker.cut("a.py", "a = 1\\n", registry.get("python"))
    print(bounded._process._process.pid, flush=True)
    sys.stdin.read()
    """
    asking = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with asking:
        parser = int(asking.stdout.readline())
        os.kill(parser, 0)
        if how == "is killed":
            asking.kill()
    until = time.monotonic() + 10
    while is_there(parser) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_there(parser)


def is_there(pid: int) -> bool:
    """Whether it runs; one that nobody has asked about any more does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    if sys.platform != "linux":
        return True
    try:
        with Path(f"/proc/{pid}/stat").open() as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_that_nobody_asks_ends():
    program = """
    import sys
    sys.path[:] = sys.argv[1:]
    from wherein.parsing import process
    process.IDLE_SECONDS = 0.2
    process.main()
    """
    idle = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", textwrap.dedent(program), *filter(os.path.isabs, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with idle:
        assert idle.wait(timeout=30) == 0


def test_where_no_process_can_begin_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(bounded, "interpreter", lambda: str(tmp_path / "nothing"))
    with pytest.raises(bounded.WhereinError, match="exits as soon as it starts"):
        cut("python", "a = 1\n")
