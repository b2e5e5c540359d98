"""Closed pipes, full disks, too few files, folders that are gone: a sentence each, and never one about a fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installed_command import COMMAND, variables
from kept_interpreter import stand_in


@pytest.fixture
def shell(repo, tmp_path):
    """shell(script): in an indexed repository; `$W` is the command, `$BEGUN_ANEW` one with no shell before it."""
    environment = variables(
        WHEREIN_DATA_DIR=str(tmp_path / "data"), W=str(stand_in(COMMAND)), BEGUN_ANEW=str(COMMAND)
    )
    repo.commit({"a.py": "".join(f"def alpha_{i}(): return 'alpha'\n" for i in range(300))})

    def run(script: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=repo.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "should not have" not in done.stderr
        assert "Traceback" not in done.stderr
        return done

    assert run("$W index").returncode == 0
    return run


def test_a_reader_that_goes_away_is_no_error(shell):
    for command in ("search --json -n 900 alpha", "--help"):
        done = shell(
            f"set -o pipefail; $W {command} | true; echo $?; $W {command} | head -c 1 > /dev/null; echo $?"
        )
        assert (done.stdout, done.stderr) == ("0\n0\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_on_output_is_one_sentence(shell):
    for command in ("search alpha", "--version"):
        done = shell(f"$W {command} > /dev/full")
        assert done.returncode == 2
        assert done.stderr == "wherein: The output cannot be written: No space left on device.\n"


def test_too_few_files_a_long_path_and_a_folder_that_is_gone_are_told(shell):
    long = "a" * 5_000
    for script, says in (
        ("ulimit -n 9; $BEGUN_ANEW search alpha", "Too many files are open."),
        (f"$W search alpha --repo {long}", "File name too long."),
        (
            "mkdir gone; cd gone; rmdir ../gone; $W search alpha",
            "The current folder does not exist any more.",
        ),
    ):
        done = shell(script)
        assert done.returncode == 2, script
        assert says in done.stderr


def test_what_needs_no_current_folder_answers_where_it_is_gone(shell):
    everywhere = "search --all-repos alpha_7 path:/a.py --path '*.py' --exclude 'b/*'"
    for command in ("repo list", "config show", everywhere):
        done = shell(f"mkdir gone; cd gone; rmdir ../gone; $BEGUN_ANEW {command}")
        assert (done.returncode, done.stderr) == (0, ""), command
        assert done.stdout
    assert "/project/a.py:8:5: alpha_7" in done.stdout
    assert (
        shell(
            "mkdir gone; cd gone; rmdir ../gone; $BEGUN_ANEW search --all-repos alpha --path ../a"
        ).returncode
        == 2
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_an_index_that_cannot_be_written_answers_as_it_was_left(shell):
    done = shell('echo "def beta(): pass" > b.py; chmod 500 "$WHEREIN_DATA_DIR"/indexes; $W search alpha_7')
    shell('chmod 700 "$WHEREIN_DATA_DIR"/indexes')
    assert done.returncode == 0
    assert "from the index as it was" in done.stderr


def test_no_message_tells_a_password(shell):
    for command in ("ask alpha", "config show", "doctor --json"):
        given = "WHEREIN_LOG_LEVEL=debug WHEREIN_LLM_BASE_URL=http://user:hidden@127.0.0.1:9/v1"
        done = shell(f"{given} $W {command}")
        assert done.stdout + done.stderr
        assert "hidden" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of the address space")
def test_too_little_memory_is_told_whatever_a_library_makes_of_it(shell):
    for kilobytes in (30_000, 90_000, 150_000):
        done = shell(f"ulimit -v {kilobytes}; $BEGUN_ANEW search alpha")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("wherein: There is not enough memory for this.\n  Try: "), kilobytes


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of the address space")
def test_the_doctor_names_a_limit_of_memory_and_tries_nothing_that_it_lets_fail(shell):
    for kilobytes in (181_000, 350_000):
        done = shell(f"ulimit -v {kilobytes}; $BEGUN_ANEW doctor")
        assert done.returncode == 2
        assert "FAIL  memory: a process may use " in done.stdout
        assert "ulimit -v" in done.stdout
        assert not done.stderr


def test_so_it_does_with_a_limit_of_open_files(shell):
    done = shell("ulimit -n 20; $BEGUN_ANEW doctor")
    assert done.returncode == 2
    assert "FAIL  files: a process may have 20 open here" in done.stdout
    assert "ulimit -n 1024" in done.stdout
    assert "reinstall" not in done.stdout
