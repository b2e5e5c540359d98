-- What is there from the start: the command and the maps. Everything else is read when one of them is used.
if vim.g.loaded_wherein then
  return
end
vim.g.loaded_wherein = true

vim.api.nvim_create_user_command('Wherein', function(command)
  require('wherein.command').run(command)
end, {
  nargs = '*',
  range = true,
  bang = true,
  desc = 'Search code by what it does, and have it explained',
  complete = function(lead, line, position)
    return require('wherein.complete').candidates(lead, line, position)
  end,
})

local function plug(name, modes, action)
  vim.keymap.set(modes, '<Plug>(wherein-' .. name .. ')', action, { desc = 'wherein: ' .. name })
end

for _, name in ipairs({ 'search', 'symbol', 'callers', 'callees', 'changed', 'ask', 'resume', 'status', 'reindex' }) do
  plug(name, 'n', function()
    require('wherein')[name]()
  end)
end
for _, name in ipairs({ 'related', 'explain' }) do
  plug(name, { 'n', 'x' }, function()
    require('wherein')[name]()
  end)
end
plug('search-word', 'n', function()
  require('wherein').search(vim.fn.expand('<cword>'))
end)
plug('search-selection', 'x', function()
  require('wherein').search(require('wherein.place').selected())
end)
