"""What the terminal's locale is changes nothing of what is indexed and found."""

import os
import re
import unicodedata
from pathlib import Path

from installed_command import run_command, variables

LOCALES = [
    {"LANG": "de_DE.ISO-8859-1", "LC_ALL": "", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
LOCALES = LOCALES if "WHEREIN_TEST_LONG" in os.environ else LOCALES[:2]


def run(folder: Path, data: Path, locale: dict[str, str], *arguments: str) -> str:
    environment = variables(WHEREIN_DATA_DIR=str(data)) | locale
    done = run_command(*arguments, folder=folder, environment=environment)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
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
    wanted = [run(repo.root, tmp_path / "usual", {}, *command) for command in COMMANDS]
    for number, locale in enumerate(LOCALES):
        found = [run(repo.root, tmp_path / f"other{number}", locale, *command) for command in COMMANDS]
        for command, one, other in zip(COMMANDS[1:], wanted[1:], found[1:], strict=True):
            assert _without_store(other) == _without_store(one), (locale, command)


def _without_store(output: str) -> str:
    return re.sub(r"/other\d+/", "/usual/", output)
