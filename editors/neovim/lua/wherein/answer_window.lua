-- The window that an answer stands in: a float over the editor, or a split.
local M = {}

local KEYS = '<CR> go  ]c [c next  gs stop  ga ask on  g? keys'

---@param buffer integer
---@param title string
---@param keys? string what stands at the bottom of a float
---@return integer window
function M.open(buffer, title, keys)
  local wanted = require('wherein.config').get().answer
  if wanted.window ~= 'float' then
    vim.cmd('botright ' .. wanted.window)
    vim.api.nvim_win_set_buf(0, buffer)
    M.dress(0, title)
    return vim.api.nvim_get_current_win()
  end
  local columns, lines = vim.o.columns, vim.o.lines - vim.o.cmdheight - 1
  local width = math.max(20, math.min(columns - 2, math.floor(columns * math.min(wanted.width, 1))))
  local height = math.max(3, math.min(lines - 2, math.floor(lines * math.min(wanted.height, 1))))
  local window = vim.api.nvim_open_win(buffer, true, {
    relative = 'editor',
    row = math.max(0, math.floor((lines - height - 2) / 2)),
    col = math.max(0, math.floor((columns - width - 2) / 2)),
    width = width,
    height = height,
    border = wanted.border,
    style = 'minimal',
    title = wanted.border ~= 'none' and (' %s '):format(title) or nil,
    title_pos = wanted.border ~= 'none' and 'center' or nil,
    footer = wanted.border ~= 'none' and (' %s '):format(keys or KEYS) or nil,
    footer_pos = wanted.border ~= 'none' and 'right' or nil,
    zindex = 50,
  })
  M.dress(window, title)
  return window
end

--- A word at the bottom of a float, before the keys.
---@param window integer
---@param text? string
function M.note(window, text)
  if not vim.api.nvim_win_is_valid(window) then
    return
  end
  local options = vim.api.nvim_win_get_config(window)
  if options.relative == '' or not options.footer then
    return
  end
  options.footer = text and { { (' %s '):format(text), 'WhereinNote' }, { (' %s '):format(KEYS) } }
    or (' %s '):format(KEYS)
  vim.api.nvim_win_set_config(window, options)
end

--- The look of text, not of code.
function M.dress(window, title)
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
  vim.wo[window].breakindent = true
  vim.wo[window].number = false
  vim.wo[window].relativenumber = false
  vim.wo[window].signcolumn = 'no'
  vim.wo[window].conceallevel = 0
  vim.wo[window].spell = false
  if vim.api.nvim_win_get_config(window).relative == '' then
    vim.wo[window].winbar = title:gsub('%%', '%%%%')
  end
end

return M
