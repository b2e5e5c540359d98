-- What someone does who has followed the page on editors; each finding is a line of JSON in the file $FOUND.
local function found(name, value)
  vim.fn.writefile({ vim.json.encode({ name, value }) }, vim.env.FOUND, 'a')
end

local function wait(condition)
  return vim.wait(20000, condition, 20)
end

local function quickfix(part)
  local list
  wait(function()
    list = vim.fn.getqflist({ title = 0, items = 0 })
    return list.title:find(part, 1, true) and #list.items > 0
  end)
  return vim.tbl_map(function(item)
    return { vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':.'), item.lnum }
  end, list.items)
end

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event) table.insert(progress, event.data.params.value.kind) end,
})
vim.cmd('edit shop/cart.py')
wait(function() return vim.lsp.get_clients({ name = 'wherein', bufnr = 0 })[1] end)
wait(function() return vim.tbl_contains(progress, 'end') end)
found('progress', { progress[1], progress[#progress] })

vim.cmd('Wherein how is a credit card charged')
found('search', quickfix('how is a credit card charged'))
vim.cmd('Wherein refund money') -- from the quickfix window
found('search from the list', quickfix('refund money'))

vim.cmd('cclose')
vim.lsp.buf.workspace_symbol('charge_card')
found('symbols', quickfix('charge_card'))

vim.cmd('cclose')
vim.cmd('buffer shop/cart.py')
vim.api.nvim_win_set_cursor(0, { 14, 0 })
local actions = {}
vim.ui.select = function(items, options, choose)
  actions = vim.tbl_map(options.format_item, items)
  for number, action in ipairs(actions) do
    if action:find('Explain this', 1, true) then choose(items[number], number) end
  end
end
vim.lsp.buf.code_action()
wait(function() return vim.fn.expand('%:p:h:t') == 'shown' end)
found('actions', actions)
found('shown', vim.api.nvim_buf_get_lines(0, 0, -1, false))
vim.cmd('messages')
vim.cmd('qa!')
