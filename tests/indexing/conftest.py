"""Sources whose every function has a name of its own, so that a test can ask which of them are found."""

import hashlib
from pathlib import Path

import pytest

from wherein.indexing import kept_workers
from wherein.parsing import bounded

ABOUT_PROCESSES = {
    "test_files_that_no_parser_bears",
    "test_indexing_beside_others",
    "test_interrupted_updates",
    "test_kept_workers",
    "test_many_small_files",
    "test_other_grammars",
    "test_stepping_back",
    "test_what_is_remembered_goes",
    "test_worker_processes",
}
"""Modules whose tests begin with none. In the others a test parses with what one before it began: a
third of their processor time less."""


@pytest.fixture(autouse=True)
def _no_workers_of_other_tests(request):
    if request.path.stem not in ABOUT_PROCESSES:
        yield
        return
    kept_workers.end()
    bounded.end()
    yield
    kept_workers.end()
    bounded.end()


@pytest.fixture
def defining():
    """defining("alpha", "beta"): a Python file of one function for each name."""

    def text(*names: str) -> str:
        return "\n\n".join(f'def {name}():\n    """Do {name}."""\n    return "{name}"\n' for name in names)

    return text


@pytest.fixture
def found():
    """found(index, "alpha"): the paths where a function of this name is found."""

    def paths(index, name: str) -> list[str]:
        return sorted(hit.path for hit in index.search(name) if hit.symbol == name)

    return paths


@pytest.fixture
def contents():
    """contents(folder): path → digest and time of every file, but for what SQLite and locks leave: an empty log."""

    def digests(folder: Path) -> dict[str, tuple[str, int]]:
        return {
            str(path.relative_to(folder)): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
            )
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in (".db-shm", ".lock")
            if path.suffix != ".db-wal" or path.stat().st_size
        }

    return digests
