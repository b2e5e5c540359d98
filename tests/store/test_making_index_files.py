"""Several processes find no index, and each makes one."""

import subprocess
import sys

from wherein.store.sqlite.connection import connect_reader

FILES = 120
PROGRAM = f"""
import sys
from pathlib import Path
from wherein.store.header import SCHEMA
from wherein.store.protocol import Header
from wherein.store.sqlite.file import create_file

print("ready", flush=True)
input()
for number in range({FILES}):
    create_file(Path(sys.argv[1]) / f"{{number}}.db", "project", Header(SCHEMA, "1", "1", "model", 4))
"""


def test_processes_that_make_the_same_index_at_once_leave_one_that_is_whole(tmp_path):
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    assert [maker.stdout.readline() for maker in makers] == ["ready\n"] * 4
    for maker in makers:
        maker.stdin.write("\n")
        maker.stdin.flush()
    for maker in makers:
        maker.communicate()
    assert [maker.returncode for maker in makers] == [0] * 4
    for number in range(FILES):
        connect_reader(tmp_path / f"{number}.db").close()
