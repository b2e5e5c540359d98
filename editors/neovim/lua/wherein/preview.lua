-- A file as it stands, in a window beside a list: the editor's text where it is open, else what is on disk.
local M = {}

local MOST_BYTES = 1000000 -- more is not read for a glance
local space = vim.api.nvim_create_namespace('wherein-preview')

---@return string[]?
local function lines_of(filename)
  local buffer = vim.fn.bufnr('^' .. vim.fn.escape(filename, '\\*?[{,') .. '$')
  if buffer ~= -1 and vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == filename then
    return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  end
  local file = io.open(filename, 'rb')
  if not file then
    return nil
  end
  local text = file:read(MOST_BYTES) or ''
  file:close()
  return vim.split((text:gsub('\r\n', '\n'):gsub('%z', '?')), '\n')
end

local function colour(buffer, filename)
  local filetype = vim.filetype.match({ filename = filename, buf = buffer })
  if not filetype then
    return
  end
  local language = vim.treesitter.language.get_lang(filetype) or filetype
  if not pcall(vim.treesitter.start, buffer, language) then
    vim.bo[buffer].syntax = filetype
  end
end

--- Fill a scratch buffer with the item's file, colour it and mark the item.
---@param buffer integer
---@param item wherein.Item
---@return boolean whether there is anything to see
function M.fill(buffer, item)
  local new = vim.b[buffer].wherein_shown ~= item.filename
  if new then
    local lines = lines_of(item.filename)
    vim.bo[buffer].modifiable = true
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines or { item.filename .. ' is not there any more.' })
    vim.bo[buffer].modifiable = false
    vim.b[buffer].wherein_shown = item.filename
    if not lines then
      return false
    end
    pcall(vim.treesitter.stop, buffer)
    vim.bo[buffer].syntax = ''
    colour(buffer, item.filename)
  end
  vim.api.nvim_buf_clear_namespace(buffer, space, 0, -1)
  local count = vim.api.nvim_buf_line_count(buffer)
  for line = item.first, math.min(item.last, count) do
    vim.api.nvim_buf_set_extmark(buffer, space, line - 1, 0, { line_hl_group = 'WhereinRange' })
  end
  for _, mark in ipairs(item.marks) do
    if mark.line <= count then
      vim.api.nvim_buf_set_extmark(buffer, space, mark.line - 1, mark.from, {
        end_col = mark.to,
        hl_group = 'WhereinMatch',
        strict = false,
      })
    end
  end
  return true
end

--- Show an item in a window that has a scratch buffer.
---@param window integer
---@param item wherein.Item
function M.show(window, item)
  if M.fill(vim.api.nvim_win_get_buf(window), item) then
    require('wherein.jump').place_cursor(window, item)
    vim.api.nvim_win_call(window, function()
      vim.fn.winrestview({ topline = math.max(1, item.first - 3), leftcol = 0 })
    end)
  end
end

return M
