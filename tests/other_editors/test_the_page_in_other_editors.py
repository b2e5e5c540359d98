"""The page on editors, followed to the letter in a real Helix, Emacs, Vim and Kakoune. scripts/test-other-editors runs
this: what cannot be had there fails, with its name."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

import other_editors

pytestmark = pytest.mark.skipif(
    not os.environ.get("WHEREIN_TEST_OTHER_EDITORS"), reason="scripts/test-other-editors runs it"
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "editors.md").read_text("utf-8")
HERE = Path(__file__).parent
COMMAND = Path(sys.executable).parent / "wherein"

FILES = {
    "payment.py": '''\
"""Taking money."""


def charge_card(card, amount):
    """Charge a credit card and return the receipt."""
    return card.bank.debit(card.number, amount)
''',
    "cart.py": '''\
"""What a customer wants to buy."""

from payment import charge_card


def checkout(cart, card):
    return charge_card(card, sum(cart))
''',
}
FOUND = FILES["payment.py"].replace("def charge_card", "# found\ndef charge_card")


def snippets(heading, language):
    section = re.search(rf"\n## {re.escape(heading)}\n(.*?)\n## ", PAGE, re.DOTALL)
    assert section is not None
    return re.findall(rf"```{language}\n(.*?)```", section[1], re.DOTALL)


@pytest.fixture
def shop(make_repo):
    place = make_repo("shop")
    place.commit(FILES)
    return place


@pytest.fixture
def environment(data_dir, only_our_configuration, shop):
    """Of the editor; the shop is indexed."""
    home = Path(only_our_configuration)
    environment = {
        "PATH": f"{COMMAND.parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "WHEREIN_DATA_DIR": str(data_dir),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    subprocess.run([str(COMMAND), "index"], cwd=shop.root, env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture
def configured(environment):
    """configured("helix/languages.toml", text): write a file of the editor's configuration."""

    def write(path, text):
        file = Path(environment["XDG_CONFIG_HOME"]) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    return write


def on_a_terminal(editor, environment, root, *arguments):
    command, needed = editor
    child = pexpect.spawn(
        command[0],
        [*command[1:], *arguments],
        cwd=str(root),
        env={**environment, **needed},
        dimensions=(40, 120),
        encoding="utf-8",
        codec_errors="replace",
        timeout=30,
    )
    child.delaybeforesend = 0.1
    return child


def escape(editor):
    """Alone: with a character right behind it, it would be that one with the Alt key."""
    editor.send("\x1b")
    time.sleep(0.5)


def until(true, timeout=60):
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_helix_jumps_to_a_symbol_and_offers_an_explanation(environment, configured, shop):
    (languages,) = snippets("Helix", "toml")
    configured("helix/languages.toml", languages.replace('"pylsp", ', ""))
    editor = on_a_terminal(other_editors.helix(), environment, shop.root, "cart.py")
    editor.expect("checkout")
    while True:  # the server starts beside the editor
        editor.send(" a")
        if editor.expect(["Explain this", pexpect.TIMEOUT], timeout=3) == 0:
            break
        escape(editor)
    editor.expect("Find similar code")
    escape(editor)
    editor.send(" S")
    editor.send("charge_card")
    editor.expect("payment.py")
    editor.send("\r")
    editor.send("O# found")
    escape(editor)
    editor.send(":wq\r")
    editor.expect(pexpect.EOF)
    assert (shop.root / "payment.py").read_text() == FOUND


def test_emacs_searches_finds_symbols_and_offers_actions(environment, configured, shop):
    eglot = snippets("Emacs (eglot)", "elisp")[0]
    command, needed = other_editors.emacs()
    done = subprocess.run(
        [*command, "-l", str(configured("init.el", eglot)), "-l", str(HERE / "in_emacs.el")],
        cwd=shop.root,
        env={**environment, **needed},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    assert told["found"] == "payment.py:4: def charge_card(card, amount):"
    assert told["jumped"] == "payment.py:4"
    assert told["symbols"] == "def charge_card(card, amount):"
    assert told["actions"] == "Explain this, Find similar code"


def test_vim_searches_into_the_quickfix_list_and_ale_finds_symbols(environment, configured, shop, tmp_path):
    grep, ale = snippets("Vim", "vim")
    command, needed = other_editors.vim_with_ale()
    done = subprocess.run(
        [
            *command,
            "-S",
            str(configured("vimrc", grep + ale.replace("'pylsp', ", ""))),
            "-S",
            str(HERE / "in_vim.vim"),
        ],
        cwd=shop.root,
        env={**environment, **needed, "FOUND": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "quickfix").read_text().splitlines()[0] == "payment.py:4"
    assert re.search(r"payment\.py:4:5 charge_card", (tmp_path / "symbols").read_text())


def test_kakoune_searches_into_its_grep_buffer(environment, configured, shop):
    (grep,) = snippets("Kakoune", "kak")
    configured("kak/kakrc", grep)
    editor = on_a_terminal(other_editors.kakoune(), environment, shop.root, "cart.py")
    editor.expect("checkout")
    editor.send(":grep how is a credit card charged\r")
    editor.expect(r"ayment\.py")  # its first letter is under the cursor
    editor.send("\r")
    editor.send("O# found")
    escape(editor)
    editor.send(":write-quit!\r")
    until(lambda: (shop.root / "payment.py").read_text() == FOUND)
    editor.close(force=True)
