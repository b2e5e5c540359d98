"""Searching in a real Neovim with the real server: lists, their keys, and where they lead."""

import json
import subprocess
import time

import pytest

from neovim_plugin import HERE, QUICKFIX, SHOP, make_repository


def search(editor, words):
    editor.keys(":Wherein search<CR>")
    editor.until_shown("type what the code does")
    editor.keys(words)


def test_a_search_is_shown_as_one_types_with_a_preview_and_enter_goes_there(editor):
    search(editor, "how is a card char")
    editor.until_shown("charge_card  shop/payment.py:8")
    editor.until_shown('"""Charge a credit card')  # the preview
    editor.keys("ged kind:function")
    editor.until_shown("3 found")  # a method is a function, too
    editor.keys("<C-n>")
    editor.until_shown("12     def checkout(")
    editor.keys("<C-p><CR>")
    editor.until("return vim.fn.expand('%:.') == 'shop/payment.py' and vim.fn.mode() == 'n'")
    assert editor.lua(HERE) == ["shop/payment.py", 8, 5]
    assert editor.lua("return vim.fn.bufname()") == "shop/payment.py"  # as `:edit` would show it
    assert editor.lua("return #vim.api.nvim_list_wins()") == 1
    editor.keys("<C-o>")
    editor.until("return vim.fn.expand('%:.') == 'shop/cart.py'")


def test_when_the_letters_rest_the_question_is_asked_once_more_in_full(editor):
    editor.lua("""
      local request = require('wherein.request')
      asked, plain = {}, request.send
      request.send = function(root, method, params, callback)
        table.insert(asked, { params.query, params.stage or 'full' })
        return plain(root, method, params, callback)
      end
    """)
    full = """
      local query = ...
      return vim.tbl_filter(function(one) return one[1] == query and one[2] == 'full' end, asked)
    """
    try:
        search(editor, "how is a card charged")
        editor.until("return vim.deep_equal(asked[#asked], { 'how is a card charged', 'full' })")
        time.sleep(0.8)
        assert len(editor.lua(full, "how is a card charged")) == 1
        editor.keys("<C-c>")
    finally:
        editor.lua("require('wherein.request').send = plain")


def test_until_there_is_an_answer_the_list_says_that_it_searches(editor):
    editor.lua("""
      local request = require('wherein.request')
      plain, held = request.send, {}
      request.send = function(root, method, params, callback)
        held[params.query] = function()
          plain(root, method, params, callback)
        end
        return { cancel = function() end }
      end
    """)
    try:
        search(editor, "how is a card charged")
        editor.until_shown("searching …")
        editor.until("return held['how is a card charged'] ~= nil")
    finally:
        editor.lua("require('wherein.request').send = plain")
    editor.lua("held['how is a card charged']()")
    editor.until_shown("found")


GROWING = """
  local request = require('wherein.request')
  asked, plain = 0, request.send
  request.send = function(root, method, params, callback)
    return plain(root, method, params, function(answer, problem)
      asked = asked + 1
      answer.index.complete = false
      %s
      callback(answer, problem)
    end)
  end
"""
"""an index that is still being made"""


def test_who_goes_through_results_is_not_disturbed_by_what_is_found_since(editor):
    editor.lua(
        GROWING % "if asked > 1 then table.insert(answer.results, 1, table.remove(answer.results)) end"
    )
    try:
        search(editor, "how is a card charged")
        editor.until_shown("charge_card  shop/payment.py:8")
        editor.keys("<C-n>")
        stood = """
          for _, window in ipairs(vim.api.nvim_list_wins()) do
            local buffer = vim.api.nvim_win_get_buf(window)
            if vim.bo[buffer].filetype == 'wherein-list' then
              return { vim.api.nvim_win_get_cursor(window)[1], vim.api.nvim_buf_get_lines(buffer, 0, -1, false) }
            end
          end
        """
        editor.until(f"return (function() {stood} end)()[1] == 2")
        shown = editor.lua(stood)
        time.sleep(1.2)  # in which it would be asked twice more
        assert editor.lua(stood) == shown
    finally:
        editor.lua("require('wherein.request').send = plain")


def test_before_anything_is_indexed_nothing_is_said_of_the_words(editor):
    editor.lua(GROWING % "answer.results, answer.notes = {}, { 'Nothing here is close to the query.' }")
    try:
        search(editor, "how is a card charged")
        editor.until_shown("The first index is being made")
        assert "close to the query" not in editor.screen()
    finally:
        editor.lua("require('wherein.request').send = plain")


def test_the_place_of_a_result_is_copied(editor):
    search(editor, "how is a card charged")
    editor.until_shown("charge_card  shop/payment.py:8")
    editor.keys("<C-y>")
    editor.until_shown("shop/payment.py:8 is copied")
    assert editor.lua("return vim.fn.getreg('\"')") == "shop/payment.py:8"


def test_a_list_that_was_closed_comes_back_with_its_question(editor):
    search(editor, "what a customer wants")
    editor.until_shown("shop/cart.py")
    editor.keys("<C-c>")
    editor.until("return #vim.api.nvim_list_wins() == 1")
    editor.keys(":Wherein resume<CR>")
    editor.until_shown(" found ─")
    assert editor.buffer() == ["what a customer wants"]
    editor.keys("<C-v>")
    editor.until("return #vim.api.nvim_list_wins() == 2 and vim.fn.mode() == 'n'")


def test_earlier_queries_come_back_and_what_was_typed_after_them(editor):
    for words in ("what a customer wants", "how is a card charged"):
        search(editor, words)
        editor.until_shown("found")
        editor.keys("<C-c>")
        editor.until("return #vim.api.nvim_list_wins() == 1")
    editor.keys(":Wherein search<CR>")
    editor.until_shown("type what the code does")
    editor.keys("<Up>")  # there is no list to go through yet
    editor.until_shown("charge_card  shop/payment.py:8")
    assert editor.buffer() == ["how is a card charged"]
    editor.keys("<C-Up>")
    editor.until("return vim.api.nvim_get_current_line() == 'what a customer wants'")
    editor.keys("<C-Down><C-Down>")
    editor.until("return vim.api.nvim_get_current_line() == ''")
    editor.keys("refund<M-p>")
    editor.until("return vim.api.nvim_get_current_line() == 'how is a card charged'")
    editor.keys("<M-n>")
    editor.until("return vim.api.nvim_get_current_line() == 'refund'")
    editor.until_shown("refund  shop/payment.py:18")


def test_what_is_half_typed_is_no_mistake_and_what_finds_nothing_says_so(editor):
    search(editor, "card kind:")
    editor.until_shown("kind: takes")
    editor.keys("<C-u>")
    editor.lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, { '\"no such words\" lang:go' })")
    editor.until_shown("nothing found")
    assert editor.messages() == ""


def test_results_go_to_the_quickfix_list_from_the_command_and_from_the_list(editor):
    editor.command("Wherein! search how is a credit card charged")
    first = editor.until(QUICKFIX)
    assert first["title"] == "wherein: how is a credit card charged"
    assert first["places"][0] == ["shop/payment.py", 8, 5]
    editor.command("Wherein! search refund money")  # from the quickfix window
    assert editor.until(f"local it = (function() {QUICKFIX} end)(); return it.title:find('refund') and it")[
        "places"
    ][0] == ["shop/payment.py", 18, 5]
    editor.command("cclose")
    search(editor, "match a route")
    editor.until_shown("matchRoute")
    editor.keys("<C-q>")
    listed = editor.until(f"local it = (function() {QUICKFIX} end)(); return it.title:find('route') and it")
    assert ["web/router.ts", 2, 17] in listed["places"]


def test_vim_ui_select_is_used_where_it_is_wanted(editor):
    editor.lua("""
      vim.ui.select = function(items, options, choose)
        selected = vim.tbl_map(options.format_item, items)
        choose(items[1])
      end
      require('wherein').setup({ picker = 'select' })
    """)
    editor.command("Wherein search money of a receipt back")
    editor.until("return vim.fn.expand('%:.') == 'shop/payment.py'")
    assert editor.lua("return selected[1]") == "function  refund  shop/payment.py:18"


def test_names_and_similar_code_are_found(editor):
    editor.keys(":Wherein symbol<CR>")
    editor.until_shown("Go to symbol")
    editor.keys("charge lang:python")
    editor.until_shown("charge_card  shop/payment.py:8")
    editor.keys("<CR>")
    editor.until("return vim.fn.line('.') == 8")
    editor.command("Wherein! related")
    places = editor.until(QUICKFIX)["places"]
    assert ["shop/payment.py", 18, 5] in places
    assert ["shop/payment.py", 8, 5] not in places
    editor.command("cclose")
    editor.command("18Wherein! related")
    editor.until(
        f"local it = (function() {QUICKFIX} end)(); return vim.deep_equal(it.places[1][2], 8) and it"
    )


def test_maps_search_the_word_and_the_selection(editor):
    editor.lua("vim.keymap.set('n', 'gw', '<Plug>(wherein-search-word)')")
    editor.lua("vim.keymap.set('x', 'gw', '<Plug>(wherein-search-selection)')")
    editor.lua("vim.api.nvim_win_set_cursor(0, { 12, 8 })")
    editor.keys("gw")
    editor.until_shown("Cart.checkout")
    assert editor.buffer() == ["checkout"]
    editor.keys("<C-c>")
    editor.until("return #vim.api.nvim_list_wins() == 1")
    editor.keys("ggWvegw")
    editor.until_shown("found")
    assert editor.buffer() == ["a"] or editor.buffer()[0] in '"""What a customer wants to buy."""'


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("Wherein re", ["reindex", "related", "restart", "resume"]),
        ("Wherein! sea", ["search"]),
        ("Wherein search card k", ["kind:"]),
        ("Wherein search card kind:me", ["kind:method"]),
        ("Wherein symbol x lang:py", ["lang:python"]),
        ("Wherein search path:sh", ["path:shop/**"]),
        ("Wherein search path:shop/c", ["path:shop/cart.py"]),
        ("Wherein hook u", ["uninstall"]),
        ("Wherein status ", []),
    ],
)
def test_the_command_line_is_completed(editor, line, candidates):
    assert editor.lua("return vim.fn.getcompletion(..., 'cmdline')", line) == candidates


def test_a_search_with_unsaved_changes_leads_to_where_the_code_stands_now(editor):
    editor.command("edit shop/payment.py")
    editor.lua("vim.api.nvim_buf_set_lines(0, 0, 0, false, { '# a line', '# another' })")
    editor.command("Wherein! search how is a credit card charged")
    assert editor.until(QUICKFIX)["places"][0] == ["shop/payment.py", 10, 5]


def test_what_changed_on_the_branch_is_listed_and_what_was_removed_leads_nowhere(
    version, place, launch, tmp_path
):
    root = make_repository(tmp_path / "branched", SHOP, place.environment)
    subprocess.run(["git", "switch", "--quiet", "-c", "work"], cwd=root, env=place.environment, check=True)
    text = SHOP["shop/payment.py"].replace('"nothing to pay"', '"nothing"').partition("\n\ndef refund")[0]
    (root / "shop/payment.py").write_text(text + "\n\ndef gift():\n    return 0\n")
    session = launch(version, root, place.environment)
    try:
        session.command("Wherein changed")
        session.until_shown("removed   refund")
        listed = [line.split("  shop")[0].split() for line in session.buffer(listing(session)) if line]
        assert ["changed", "charge_card"] in listed
        assert ["added", "gift"] in listed
        session.keys(f"{'j' * listed.index(['removed', 'refund'])}<CR>")
        session.until("return vim.fn.execute('messages'):find('This was removed', 1, true) ~= nil")
        session.command("Wherein! changed nothing to pay")
        session.until("return #vim.fn.getqflist() > 0")
    finally:
        session.close()


def listing(session):
    return session.lua("""
      for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
        if vim.bo[buffer].filetype == 'wherein-list' then return buffer end
      end
    """)


def test_in_a_narrow_editor_names_and_paths_are_whole_and_the_preview_is_below(version, place, launch):
    session = launch(version, place.root, place.environment, size=(100, 28))
    try:
        search(session, "how is a card charged")
        shown = session.until_shown("charge_card  shop/payment.py:8")
        session.until_shown('"""Charge a credit card')
        shown = session.screen()
        assert shown.index("charge_card  shop/payment.py:8") < shown.index('"""Charge a credit card')
    finally:
        session.close()


def test_what_is_said_of_a_query_is_seen_though_the_list_is_full(version, place, launch):
    session = launch(version, place.root, place.environment, size=(100, 28))
    try:
        search(session, "how is a card charged lang:klingon")
        session.until_shown("found · 'klingon' is not a language")
    finally:
        session.close()


def test_of_a_long_name_and_path_a_list_shows_the_ends(editor):
    item = "{ path = ('a/'):rep(9) .. 'file.rb', name = ('Long::'):rep(9) .. 'last?', title = '', lnum = 7, kind = '' }"
    text = editor.lua(f"return require('wherein.items').text({item}, 60)")
    assert "::last?" in text
    assert text.endswith("file.rb:7")
    assert len(text) <= 60


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Refunds\n"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": ["def refund(card):\n", "    return -card\n"],
        },
    ],
    "nbformat": 4,
}
AS_SCRIPT = """
vim.api.nvim_create_autocmd('BufReadCmd', { pattern = '*as_script.ipynb', once = true, callback = function()
  local lines = { '# %%', '# Refunds', '', '# %%', 'def refund(card):', '    return -card' }
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
end })
"""


def test_a_place_in_a_notebook_is_its_cell_be_it_shown_as_json_or_as_a_script(editor, tmp_path):
    text = json.dumps(NOTEBOOK, indent=1)
    line = 1 + text[: text.index("def refund")].count("\n")
    for name in ("plain.ipynb", "as_script.ipynb"):
        tmp_path.joinpath(name).write_text(text)

    def go(name):
        editor.lua(f"require('wherein.jump').to({{ filename = '{tmp_path / name}', lnum = {line} }})")
        return editor.lua("return { vim.fn.line('.'), vim.fn.getline('.') }")

    assert go("plain.ipynb") == [line, text.split("\n")[line - 1]]
    editor.until_shown("plain.ipynb is shown as its JSON")
    editor.lua(AS_SCRIPT)
    assert go("as_script.ipynb") == [5, "def refund(card):"]
    editor.lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'nothing' })")
    assert go("as_script.ipynb") == [1, "nothing"]
    editor.until_shown("The cell was not found in as_script.ipynb")
