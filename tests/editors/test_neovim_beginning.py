"""Before the first use of the Neovim plugin nothing is read; then it says what it needs, what it knows and what is
wrong."""

import json
import re
import statistics
import subprocess

import pytest

from neovim_plugin import PLUGIN, SHOP, found, make_repository

ROOT = str(PLUGIN.parents[1])
"""The checkout, which is often called wherein; Neovim itself may lie in its .venv."""

MOST_MILLISECONDS = 1.0
"""that a start of Neovim may take longer, by its own account"""

MOST_ROUNDS, LEAST_ROUNDS = 9, 3
"""Other tests run beside: further rounds are for a machine that is busy."""


def headless(version, place, *arguments):
    """A Neovim that runs its arguments and ends."""
    command, needed = found(version)
    done = subprocess.run(
        [*command, "--clean", "--headless", "--cmd", f"set runtimepath^={PLUGIN}", *arguments, "+qa!"],
        cwd=place.root,
        env={**place.environment, **needed},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.replace("\r", "")


def test_the_start_reads_one_small_file_in_less_than_a_millisecond(version, place, tmp_path):
    spent = []
    for number in range(MOST_ROUNDS):
        log = tmp_path / f"{number}.log"
        headless(version, place, "--startuptime", str(log), "shop/cart.py")
        ours = [
            line
            for line in log.read_text().splitlines()
            if str(PLUGIN) in line or "wherein" in line.replace(ROOT, "")
        ]
        assert len(ours) == 1, ours
        assert ours[0].endswith("plugin/wherein.lua")
        spent.append(float(re.findall(r"\d+\.\d+", ours[0])[2]))
        quick = min(spent) <= MOST_MILLISECONDS and statistics.median(spent) <= 3 * MOST_MILLISECONDS
        if quick and len(spent) >= LEAST_ROUNDS:
            break
    assert quick, spent


def test_a_start_with_settings_reads_those_alone(version, place):
    said = headless(
        version,
        place,
        "+lua require('wherein').setup({ limit = 5 })",
        "+lua io.stderr:write(require('wherein').statusline() .. vim.json.encode(vim.tbl_filter(function(name)"
        " return vim.startswith(name, 'wherein') end, vim.tbl_keys(package.loaded))))",
        "+lua io.stderr:write(' lsp: ' .. tostring(rawget(vim, 'lsp') ~= nil and #vim.lsp.get_clients()))",
    )
    loaded, _, servers = said.partition(" lsp: ")
    assert sorted(json.loads(loaded)) == ["wherein", "wherein.config"]
    assert servers in ("0", "false")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("{ pickr = 'auto' }", 'there is no setting "pickr"'),
        ("{ picker = 'fzy' }", 'picker must be one of "auto"'),
        ("{ answer = { width = 'wide' } }", "answer.width must be a number"),
        ("{ debounce = -1 }", "debounce must be more than 0"),
        ("{ cmd = 'wherein lsp' }", "cmd must be a table"),
        ("'wherein'", "the settings must be a table"),
    ],
)
def test_settings_that_cannot_be_are_told_with_the_help_that_lists_them(editor, settings, told):
    editor.lua(f"require('wherein').setup({settings})")
    said = editor.messages()
    assert told in said
    assert ":help wherein-settings" in said


def test_lsp_enable_runs_the_server_for_files_and_the_command_uses_that_one(version, place, launch):
    if version == "0.10":
        return  # has no vim.lsp.enable
    session = launch(version, place.root, place.environment)
    try:
        session.command("lua vim.lsp.enable('wherein')")
        session.command("edit shop/cart.py")
        session.command("Wherein! search how is a card charged")
        session.until("return #vim.fn.getqflist() > 0")
        assert session.lua("return #vim.lsp.get_clients({ name = 'wherein' })") == 1
        assert session.messages() == ""
    finally:
        session.close()


def test_a_server_can_begin_with_the_first_file(version, place, launch):
    session = launch(
        version, place.root, place.environment, setup="require('wherein').setup({ start = 'file' })"
    )
    try:
        session.command("edit shop/cart.py")
        session.until("return #vim.lsp.get_clients({ name = 'wherein', bufnr = 0 }) == 1")
        assert session.until(
            "local said = require('wherein').statusline() return said ~= '' and said"
        ).startswith("wherein")
        session.command("Wherein stop")
        session.until("return #vim.lsp.get_clients({ name = 'wherein' }) == 0")
        assert session.lua("return require('wherein').statusline()") == ""
    finally:
        session.close()


def test_a_file_beside_a_project_is_not_told_as_of_it(editor):
    editor.command("Wherein! search charge")
    editor.until("return #vim.fn.getqflist() > 0")  # it takes the cursor
    editor.until("return require('wherein').statusline() ~= ''")
    root = editor.lua("return vim.lsp.get_clients({ name = 'wherein' })[1].root_dir")
    for path, told in ((f"{root}/other.py", True), (f"{root}-of-others/a.py", False)):
        editor.lua(f"vim.cmd.enew() vim.api.nvim_buf_set_name(0, '{path}')")
        assert bool(editor.lua("return require('wherein').statusline()")) is told


def test_health_names_the_command_its_version_and_the_lists(editor):
    editor.command("Wherein! search charge")
    editor.until("return #vim.fn.getqflist() > 0")
    editor.command("checkhealth wherein")
    told = "\n".join(
        editor.until(
            "return vim.bo.filetype == 'checkhealth' and vim.api.nvim_buf_get_lines(0, 0, -1, false)"
        )
    )
    assert re.search(r"OK .*/wherein is wherein \d", told)
    assert 'picker = "auto", which is float here' in told
    assert re.search(r"OK /.*/shop, wherein \d", told)
    assert "wherein doctor" in told
    assert "ERROR" not in told


def test_the_state_is_shown_and_the_index_is_brought_up_to_date(editor):
    editor.command("Wherein status")
    editor.until_shown("up to date")
    shown = "\n".join(editor.buffer())
    assert re.search(r"indexed +4 files", shown)
    assert shown.startswith("# shop\n")
    assert "worktree:" not in shown
    editor.keys("q")
    editor.until("return #vim.api.nvim_list_wins() == 1")
    editor.command("Wherein reindex")
    editor.until("return vim.fn.execute('messages'):find('Indexed: 0 files had changed', 1, true)")


def test_the_hook_of_git_is_put_there_and_taken_out(version, place, launch, tmp_path):
    if version != "newest":
        return  # nothing of it depends on the version
    root = make_repository(tmp_path / "hooked", SHOP, place.environment)
    session = launch(version, root, place.environment)
    try:
        for what in ("install", "uninstall"):
            session.command(f"Wherein hook {what}")
            session.until_shown(f"git hook: {what}")
            session.keys("q")
        session.command("Wherein hook status")
        session.until_shown("git hook: status")
        session.command("Wherein hook perhaps")
        assert "There is no hook perhaps; there are status, install, uninstall." in session.messages()
    finally:
        session.close()
