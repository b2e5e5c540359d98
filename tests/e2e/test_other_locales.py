"""What the terminal's locale is changes nothing of what is indexed and found."""

import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

WHEREIN = Path(sys.executable).with_name("wherein")

LOCALES = [
    {"LANG": "de_DE.ISO-8859-1", "LC_ALL": "", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
LOCALES = LOCALES if "WHEREIN_TEST_LONG" in os.environ else LOCALES[:2]


def run(folder: Path, data: Path, variables: dict[str, str], *arguments: str) -> bytes:
    environment = {**os.environ, "WHEREIN_DATA_DIR": str(data), **variables}
    done = subprocess.run(
        [WHEREIN, *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


COMMANDS = [
    ("index",),
    ("search", "--json", "--path", "länge.py", "überprüft Größe return"),
    ("related", "--json", "länge.py:1"),
]


def test_a_locale_that_is_not_utf8_changes_nothing(repo, tmp_path):
    repo.write("größe.py", 'def ändern():\n    """Überprüft 读取 Größe."""\n    return 1\n')
    repo.write(unicodedata.normalize("NFD", "länge.py"), "def länge():\n    return 2\n")
    repo.commit()
    wanted = [run(repo.root, tmp_path / "usual", {"LC_ALL": "C.UTF-8"}, *command) for command in COMMANDS]
    for number, variables in enumerate(LOCALES):
        found = [run(repo.root, tmp_path / f"other{number}", variables, *command) for command in COMMANDS]
        for command, one, other in zip(COMMANDS[1:], wanted[1:], found[1:], strict=True):
            assert _without_store(other) == _without_store(one), (variables, command)


def _without_store(output: bytes) -> bytes:
    return re.sub(rb"/other\d+/", b"/usual/", output)
