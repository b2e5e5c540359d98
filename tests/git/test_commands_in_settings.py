"""Every setting of git that holds a command, set to one that leaves a mark: none is run, whatever the settings stand
in, and although git itself runs many of them."""

import itertools
import os
import random
import subprocess
from pathlib import Path

import pytest

COMMANDS = """
core.fsmonitor core.pager core.editor core.askPass core.sshCommand core.gitProxy core.alternateRefsCommand
sequence.editor diff.external interactive.diffFilter credential.helper credential.https://example.org.helper
gpg.program gpg.ssh.program gpg.x509.program gpg.openpgp.program gpg.ssh.defaultKeyCommand
uploadpack.packObjectsHook receive.procReceiveRefs log.diffMerges man.viewer browser.x.cmd web.browser help.browser
instaweb.httpd sendemail.sendmailCmd sendemail.toCmd sendemail.ccCmd imap.tunnel http.cookieFile
diff.DRIVER.textconv diff.DRIVER.command diff.DRIVER.xfuncname merge.DRIVER.driver
filter.DRIVER.clean filter.DRIVER.smudge filter.DRIVER.process
difftool.DRIVER.cmd mergetool.DRIVER.cmd guitool.DRIVER.cmd man.DRIVER.cmd browser.DRIVER.cmd
trailer.DRIVER.command trailer.DRIVER.cmd tar.DRIVER.command
remote.origin.uploadpack remote.origin.receivepack remote.origin.vcs remote.origin.proxy
submodule.DRIVER.update hook.DRIVER.command
pager.ls-files pager.config pager.rev-parse pager.check-attr pager.cat-file pager.ls-tree pager.rev-list
alias.ls-files alias.config alias.rev-parse alias.check-attr alias.cat-file alias.remote- alias.remote-none alias.fetch
alias.upload-pack alias.remote-https alias.remote-file
""".split()  # noqa: SIM905 - lists of this length are read in lines

EVENTS = """
post-index-change post-checkout pre-auto-gc reference-transaction fsmonitor-watchman post-rewrite pre-commit
""".split()  # noqa: SIM905 - lists of this length are read in lines
"""Of hooks that stand in the configuration, for the releases of git that know such."""

DRIVERS = [
    "plain",
    "",
    "with.dots.and=sign",
    "Odd CASE",
    'quo"te\\back',
    "ümläut",
    "#semi;colon",
    "-dash",
    "a\tb",
]

PLACES = ["config", "included", "included on a condition", "config.worktree"]


@pytest.fixture
def mark(tmp_path) -> Path:
    return tmp_path / "mark"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def settings(command: str, driver: str, seed: int) -> str:
    """All of them as text, in sections and letters as they fall."""
    dice = random.Random(seed)
    text = ""
    for name in dice.sample(COMMANDS, len(COMMANDS)):
        section, *middle, key = name.replace("DRIVER", "\0").split(".")
        inner = ".".join(middle).replace("\0", driver)
        cased = "".join(dice.choice((letter.lower(), letter.upper())) for letter in section)
        value = f"!{command}" if section in ("alias", "submodule", "credential") else command
        head = f"[{cased} {quoted(inner)}]" if middle else f"[{cased}]"
        text += f"{head}\n\t{key.upper() if dice.random() < 0.3 else key} = {quoted(value)}\n"
    for event in EVENTS:
        text += f"[hook {quoted(driver or 'none')}]\n\tevent = {event}\n\tcommand = {quoted(command)}\n"
    return text + f"[filter {quoted(driver)}]\n\trequired = true\n"


def put(repo, where: str, text: str) -> None:
    config = repo.root / ".git/config"
    if where == "config.worktree":
        repo.git("config", "extensions.worktreeConfig", "true")
        (repo.root / ".git/config.worktree").write_text(text)
        return
    if where == "config":
        config.write_text(config.read_text() + text)
        return
    (repo.root / ".git/more").write_text(text)
    section = '[includeIf "gitdir:**"]' if "condition" in where else "[include]"
    config.write_text(f"{config.read_text()}{section}\n\tpath = more\n")


@pytest.mark.parametrize(
    ("where", "driver"),
    [*((place, "plain") for place in PLACES), *zip(itertools.cycle(PLACES), DRIVERS[1:], strict=False)],
)
def test_no_setting_makes_git_run_a_command(repo, mark, tmp_path, where, driver):
    attribute = (
        driver if driver and not set(driver) & set(' \t"\\') and not driver.startswith("-") else "plain"
    )
    repo.commit({"a.py": "1\n", "b.py": "2\n", "c.js": "3\n"})
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{mark}'\nexec cat\n")
    script.chmod(0o755)
    put(repo, where, settings(str(script), driver, seed=PLACES.index(where) * 100 + DRIVERS.index(driver)))
    attributes = f"*.py filter={attribute} diff={attribute} merge={attribute}\n*.js linguist-generated\n"
    repo.write(".gitattributes", attributes)
    repo.write("b.py", "changed\n")
    os.utime(repo.root / "a.py", (1_700_000_000, 1_700_000_000))
    repo.git("config", "alias.canary", f"!{script}")
    repo.git("canary")
    assert mark.exists(), "a setting that git obeys"
    mark.unlink()
    for options in ({}, {"ref": "HEAD"}, {"ref": "main"}):
        source = repo.source(**options)
        listing = source.listing()
        assert {"a.py", "b.py"} <= set(listing.files)
        for path in listing.files:
            source.read(path)
        for path in (*listing.files, *listing.skipped, "missing.py"):
            source.explain(path)
        source.ignored()
        source.close()
    assert not mark.exists(), mark.read_text()


def test_git_itself_runs_commands_of_such_settings(repo, mark, tmp_path):
    """What the test above proves would be little if nobody ran them."""
    repo.commit({"a.py": "1\n"})
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\necho run >> '{mark}'\nexec cat\n")
    script.chmod(0o755)
    put(repo, "included", settings(str(script), "plain", seed=1))
    repo.write(".gitattributes", "*.py filter=plain diff=plain\n")
    repo.write("a.py", "changed\n")
    for command in (
        ["status"],
        ["diff"],
        ["add", "a.py"],
        ["remote-"],
        ["commit", "-m", "x"],
        ["fetch", "ext::x"],
    ):
        subprocess.run(
            ["git", *command], cwd=repo.root, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        assert mark.exists(), command
        mark.unlink()
