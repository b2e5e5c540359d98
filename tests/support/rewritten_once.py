"""Test modules with their `assert` statements as pytest rewrites them, written before its workers begin.

Where none are kept yet, as in a fresh clone, each worker would rewrite all of them at the same time: 5 s of processor
time each, more than all else that it does until its first test.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.assertion import rewrite


def rewrite_once(config: pytest.Config) -> None:
    """Of the files and folders that are to be tested; what is kept and still holds stays."""
    if sys.dont_write_bytecode or config.getoption("assertmode") != "rewrite":
        return
    state = config.stash[rewrite.assertstate_key]
    for file in sorted(set(_files(config))):
        folder = rewrite.get_cache_dir(file)
        kept = folder / (file.stem + rewrite.PYC_TAIL)
        if rewrite._read_pyc(file, kept) is None and rewrite.try_makedirs(folder):
            facts, code = rewrite._rewrite_test(file, config)
            rewrite._write_pyc(state, code, facts, kept)


def _files(config: pytest.Config) -> Iterator[Path]:
    for argument in config.args:
        place = config.invocation_params.dir / argument.partition("::")[0]
        for pattern in (*config.getini("python_files"), "conftest.py"):
            if place.is_dir():
                yield from place.rglob(pattern)
            elif place.match(pattern):
                yield place
