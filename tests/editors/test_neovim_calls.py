"""Who calls what is under the cursor, and what it calls, in a real Neovim with the real server."""

import shutil

from neovim_plugin import HERE, QUICKFIX


def test_who_calls_what_is_under_the_cursor_is_listed_and_opened_at_the_call(editor):
    editor.command("edit shop/payment.py")
    editor.lua("vim.api.nvim_win_set_cursor(0, { 8, 6 })")
    editor.keys(":Wherein callers<CR>")
    editor.until_shown("Callers of charge_card")
    editor.until_shown("Cart.checkout  shop/cart.py:14")
    editor.until_shown("return charge_card(card, sum(")  # the preview
    editor.keys("<CR>")
    editor.until("return vim.fn.expand('%:.') == 'shop/cart.py' and vim.fn.mode() == 'n'")
    assert editor.lua(HERE) == ["shop/cart.py", 14, 16]
    editor.command("Wherein! callers")  # of the call that the cursor is on
    assert editor.until(QUICKFIX)["title"] == "wherein: Callers of charge_card"
    editor.command("cclose")


def test_what_is_called_goes_to_the_quickfix_list_of_a_name_or_of_the_definition_around_the_cursor(editor):
    editor.command("Wherein! callees Cart.checkout")
    listed = editor.until(QUICKFIX)
    assert listed == {"title": "wherein: Called by Cart.checkout", "places": [["shop/payment.py", 8, 5]]}
    editor.command("cclose")
    editor.lua("vim.fn.setqflist({}, 'f')")
    editor.command("13Wherein! callees")
    assert editor.until(QUICKFIX)["title"] == "wherein: Called by Cart.checkout"


def test_with_a_range_the_definition_around_its_line_is_meant_though_the_line_begins_with_a_word_that_is_a_name_too(
    editor, place
):
    odd = place.root / "shop/odd.js"
    odd.write_text("class Odd {\n  def() { return 1 }\n}\n")
    try:
        editor.until(
            "vim.cmd('silent Wherein! callers def') "
            "return vim.fn.execute('messages'):find('is known to call def.', 1, true) ~= nil"
        )
        editor.command("edit shop/payment.py")
        editor.command("8Wherein! callers")
        assert editor.until(QUICKFIX)["title"] == "wherein: Callers of charge_card"
    finally:
        odd.unlink()


def test_the_cursor_is_found_behind_letters_of_several_bytes(editor):
    editor.command("edit shop/cart.py")
    editor.lua("""
      vim.api.nvim_buf_set_lines(0, 13, 14, false, { '        return "äöü𝕏𝕏𝕏𝕏" and charge_card(card, 0)' })
      vim.cmd('14')
      vim.api.nvim_win_set_cursor(0, { 14, (vim.api.nvim_get_current_line():find('charge_card')) })
    """)
    editor.keys(":Wherein callers<CR>")
    editor.until_shown("Callers of charge_card")


def test_that_nothing_calls_it_and_why_a_file_is_not_indexed_is_said(editor, place):
    editor.keys(":Wherein callers refund<CR>")
    editor.until_shown("Nothing in the repository is known")  # to call it, in the next line
    editor.keys("q")
    editor.until("return #vim.api.nvim_list_wins() == 1")
    editor.command("Wherein! callers refund")
    editor.until(
        "return vim.fn.execute('messages'):find('Nothing in the repository is known to call refund.', 1, true) ~= nil"
    )
    assert "Nothing found" not in editor.messages()
    built = place.root / "built"
    built.mkdir()
    try:
        (built / ".gitignore").write_text("*\n")
        (built / "app.py").write_text("def app():\n    pass\n")
        editor.command("edit built/app.py")
        editor.command("Wherein! callers")
        editor.until("return vim.fn.execute('messages'):find('built/app.py.*gitignore') ~= nil")
        assert "wherein files" not in editor.messages()
    finally:
        shutil.rmtree(built)


def test_a_possible_caller_is_called_possible(editor):
    caller = "{ qualified_name = 'total', call = { name = 'area', through = 'Shape.area' } }"
    name = editor.lua(f"return require('wherein.items').name({caller})")
    assert name == "total (possibly)"
