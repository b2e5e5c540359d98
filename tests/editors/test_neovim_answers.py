"""Explanations in a real Neovim, by a real llama-server: streamed, cited, followed, stopped."""

HERE = "return vim.api.nvim_win_get_config(0).relative == '' and { vim.fn.expand('%:.'), vim.fn.line('.') }"
ANSWERED = "return vim.api.nvim_buf_get_lines(0, -2, -1, false)[1]:find('mistral', 1, true)"


def explain(editor, command="14Wherein explain"):
    editor.command(command)
    editor.until(ANSWERED)
    return "\n".join(editor.buffer())


def test_an_explanation_streams_into_a_float_and_its_citations_lead_to_the_code(editor):
    editor.lua("""
      pieces = {}
      vim.api.nvim_create_autocmd('User', { pattern = 'WhereinAnswered', once = true, callback = function(event)
        answered = event.data.buffer
      end })
    """)
    text = explain(editor)
    assert "This function follows redirects [1], calling `send` [2] and nothing else." in text
    assert "status[1]" in text
    assert editor.lua("return answered") == editor.lua("return vim.api.nvim_get_current_buf()")
    sources = [line for line in editor.buffer() if line.startswith("- [")]
    assert sources[0].startswith("- [1] shop/cart.py:12")
    editor.until_shown("shop/cart.py:14")
    # five citations: two in the text, one each of the sources; none in the code
    marked = editor.lua("""
      local space = vim.api.nvim_get_namespaces()['wherein-answer']
      return vim.tbl_map(function(mark) return mark[2] end, vim.api.nvim_buf_get_extmarks(0, space, 0, -1, {}))
    """)
    code = next(row for row, line in enumerate(editor.buffer()) if "status[1]" in line)
    assert len(marked) == 2 + len(sources)
    assert code not in marked
    editor.keys("gg0]c")
    editor.until("return vim.fn.getline('.'):sub(vim.fn.col('.'), vim.fn.col('.') + 2) == '[1]'")
    editor.keys("]c")
    editor.until("return vim.fn.getline('.'):sub(vim.fn.col('.'), vim.fn.col('.') + 2) == '[2]'")
    editor.keys("[cgf")
    assert editor.until(HERE) == ["shop/cart.py", 12]
    editor.keys(":Wherein resume<CR>")
    editor.until(ANSWERED)
    editor.keys("gg0]c]c<CR>")
    assert editor.until(HERE) == ["shop/payment.py", 8]


def test_a_question_is_answered_in_a_split_where_that_is_wanted(editor):
    editor.lua("require('wherein').setup({ answer = { window = 'vsplit' } })")
    editor.command("Wherein ask how is a card charged?")
    editor.until(ANSWERED)
    assert editor.lua("return vim.api.nvim_win_get_config(0).relative") == ""
    assert editor.lua("return vim.wo.winbar") == "how is a card charged?"
    source = next(row for row, line in enumerate(editor.buffer(), 1) if line.startswith("- [1]"))
    editor.keys(f"{source}G<CR>")
    editor.until("return vim.bo.filetype == 'python' and #vim.api.nvim_list_wins() == 2")


def test_a_symbol_is_explained_by_its_name_and_an_answer_is_copied(editor):
    explain(editor, "Wherein explain charge_card")
    editor.keys("gy")
    editor.until("return vim.fn.getreg('\"'):find('follows redirects', 1, true)")
    editor.keys("q")
    editor.until("return #vim.api.nvim_list_wins() == 1")


def test_the_code_action_of_the_server_opens_the_same_float(editor):
    editor.command("Wherein! search charge")  # a server that knows the buffer
    editor.until(
        "return vim.lsp.get_clients({ bufnr = vim.fn.bufnr('shop/cart.py'), name = 'wherein' })[1] ~= nil"
    )
    editor.until("return #vim.fn.getqflist() > 0")
    editor.command("cclose")
    editor.lua("""
      vim.api.nvim_win_set_cursor(0, { 14, 0 })
      vim.ui.select = function(items, options, choose)
        for number, item in ipairs(items) do
          if options.format_item(item):find('Explain this', 1, true) then choose(item, number) end
        end
      end
      vim.lsp.buf.code_action()
    """)
    editor.until(ANSWERED)
    editor.until_shown("shop/cart.py:14")


def test_the_prompt_is_seen_before_it_is_sent_and_afterwards(editor, llama):
    asked = llama.log.count("POST /v1/chat/completions")
    editor.command("Wherein! explain charge_card")
    editor.until_shown("Prompt: charge_card")
    shown = "\n".join(editor.buffer())
    assert shown.startswith(f"To: {llama.base_url}\n")
    assert "──── system" in shown
    assert "receipt = card.bank.debit(card.number, amount)" in shown
    assert llama.log.count("POST /v1/chat/completions") == asked
    editor.keys("<CR>")
    editor.until(ANSWERED)
    editor.keys("gp")
    editor.until_shown("Prompt: charge_card")
    editor.keys("q")
    editor.until(ANSWERED)


def test_a_further_question_goes_with_what_was_said_before(editor):
    explain(editor)
    editor.lua("vim.ui.input = function(options, send) send('and who pays?') end")
    editor.keys("ga")
    editor.until_shown("and who pays?")
    editor.until(ANSWERED)
    editor.keys("gp")
    editor.until_shown("Prompt: and who pays?")
    sent = "\n".join(editor.buffer())
    assert "follows redirects" in sent
    assert "and who pays?" in sent
