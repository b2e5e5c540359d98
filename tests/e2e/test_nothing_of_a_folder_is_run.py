"""What a stranger's folder holds under the names of modules and programs is neither imported nor started there."""

import json
import os
import subprocess
import sys

import pytest

MODULES = (
    *sorted(name for name in sys.stdlib_module_names if not name.startswith("_")),
    *("wherein", "wherein_server", "tree_sitter", "numpy", "click", "sitecustomize", "usercustomize"),
    *("Stemmer", "pygls", "lsprotocol", "pygments", "watchfiles", "httpx", "anyio", "pip"),
)
PROGRAMS = ("git", "sh", "ionice", "python", "python3", "pip", "wherein", "find", "rm")

COMMANDS = (
    ("index",),
    ("search", "step value"),
    ("search", "--all-repos", "step"),
    ("doctor",),
    ("evaluate", "--questions", "10"),
    ("hook", "install"),
    ("hook", "status"),
    ("hook", "request"),
    ("hook", "uninstall"),
    ("ask", "how is it delivered"),
)


@pytest.fixture
def trapped(repo, wherein, many_files, tmp_path):
    """The command in a repository of traps, and what is there once one has sprung."""
    many_files(
        120
    )  # enough for workers, and for a first index that an agent's server leaves to another process
    mark = tmp_path / "mark"
    trap = f"open({str(mark)!r}, 'a').write(__name__ + chr(10))\n"
    for name in MODULES:
        repo.write(f"{name}.py", trap)
    for name in PROGRAMS:
        repo.write(name, f"#!/bin/sh\necho {name} >> '{mark}'\n")
        (repo.root / name).chmod(0o755)
    repo.commit("traps")
    wherein.begin_anew = True
    wherein.environment |= {"PATH": f":.:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    return wherein, mark


def test_a_command_runs_nothing_that_lies_in_the_folder(trapped):
    wherein, mark = trapped
    for command in COMMANDS:
        said = wherein(*command)
        assert "Traceback" not in said.err, command
        assert not mark.exists(), (command, mark.read_text())


def test_nor_does_a_server_that_begins_with_a_first_index(trapped):
    wherein, mark = trapped
    call = {"name": "search", "arguments": {"query": "step value"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    said = wherein("mcp", input=json.dumps(message) + "\n")
    assert "step_" in said.out, said
    assert not mark.exists(), mark.read_text()


def test_such_traps_spring(trapped):
    wherein, mark = trapped
    subprocess.run([sys.executable, "-m", "wherein_server.cli"], cwd=wherein.folder, check=False)
    assert mark.exists()
