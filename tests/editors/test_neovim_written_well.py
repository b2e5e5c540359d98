"""The Neovim plugin's Lua passes its linters, and what is written of it says what it is."""

import importlib.util
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from lua_tools import luacheck, unformatted
from neovim_plugin import PLUGIN

TABLES = tomllib.loads((PLUGIN / "tables.toml").read_text("utf-8"))
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_neovim_docs.py"


@pytest.fixture(scope="session", params=["newest"])
def version(request):
    return request.param


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to run StyLua with")
def test_lua_is_formatted_and_free_of_warnings():
    try:
        assert unformatted(sorted(PLUGIN.rglob("*.lua"))) == []
        assert luacheck(PLUGIN) == ""
    except LookupError as reason:
        pytest.fail(f"A linter for Lua cannot be had: {reason}.", pytrace=False)


def test_readme_help_and_completion_are_made_from_their_source():
    spec = importlib.util.spec_from_file_location("make_neovim_docs", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    for name, text in made.pages().items():
        assert (PLUGIN / name).read_text("utf-8") == text, f"{name} is stale: run scripts/make_neovim_docs.py"
    assert max(len(line) for line in made.pages()["doc/wherein.txt"].splitlines()) <= 100


def names(table):
    return sorted(row["name"] for row in TABLES[table])


def test_the_tables_list_what_the_plugin_has(editor):
    assert editor.lua("return require('wherein.command').names()") == names("commands")
    plugs = editor.lua("""
      local found = {}
      for _, mode in ipairs({ 'n', 'x' }) do
        for _, map in ipairs(vim.api.nvim_get_keymap(mode)) do
          local name = map.lhs:match('^<Plug>%(wherein%-(.*)%)$')
          if name then found[name] = (found[name] and found[name] .. ', ' or '') .. mode end
        end
      end
      return found
    """)
    assert plugs == {row["name"]: row["modes"] for row in TABLES["plugs"]}
    functions = editor.lua("return vim.tbl_keys(require('wherein'))")
    assert sorted(functions) == sorted(name.partition("(")[0] for name in names("functions"))
    highlights = editor.lua("return require('wherein.highlights')")
    assert highlights == {row["name"]: row["default"] for row in TABLES["highlights"]}
    pickers = editor.lua("return require('wherein.config').pickers")
    (told,) = (row["does"] for row in TABLES["settings"] if row["name"] == "picker")
    assert set(re.findall(r"`'([\w.-]+)'`", told)) == set(pickers)


def test_the_defaults_of_the_settings_are_those_of_the_table(editor):
    defaults = editor.lua("return require('wherein.config').defaults")
    told = {}
    for row in TABLES["settings"]:
        table, _, name = row["name"].rpartition(".")
        (told.setdefault(table, {}) if table else told)[name] = editor.lua(f"return {row['default']}")
    assert told == defaults


def test_keys_of_answers_are_mapped_and_help_finds_its_tags(editor, tmp_path):
    editor.lua("require('wherein').ask('what is a card?')")
    editor.until("return vim.api.nvim_buf_get_name(0):find('wherein://answer', 1, true) ~= nil")
    mapped = set(
        editor.lua(
            "return vim.tbl_map(function(map) return map.lhs end, vim.api.nvim_buf_get_keymap(0, 'n'))"
        )
    )
    told = {key for row in TABLES["answer_keys"] for key in re.findall(r"`([^`]+)`", row["keys"])}
    assert {key.lower() for key in told} <= {key.lower() for key in mapped}
    editor.keys("q")
    help_file = tmp_path / "help" / "doc" / "wherein.txt"
    help_file.parent.mkdir(parents=True)
    help_file.write_text((PLUGIN / "doc/wherein.txt").read_text("utf-8"), "utf-8")
    editor.command(f"helptags {help_file.parent}")
    editor.command(f"set runtimepath+={help_file.parent.parent}")
    for tag in (
        "wherein",
        ":Wherein-ask",
        "wherein-setting-answer.width",
        "wherein.request()",
        "wherein-lists",
    ):
        editor.command(f"help {tag}")
        assert tag.strip("()") in editor.lua(
            "return vim.fn.getline('.') .. vim.fn.getline(vim.fn.line('.') - 1)"
        )
