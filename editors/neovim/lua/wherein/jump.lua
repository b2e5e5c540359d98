-- Going to code: the file in a window, the cursor on the name, the lines of the hit lit up for a moment.
local M = {}

local space = vim.api.nvim_create_namespace('wherein-range')

local OPEN = { split = 'split', vsplit = 'vsplit', tab = 'tab split' }

---@class wherein.Goal
---@field filename string
---@field lnum integer
---@field col? integer 1-based byte
---@field first? integer
---@field last? integer
---@field gone? boolean

local function flash(buffer, first, last)
  require('wherein.highlights')
  local count = vim.api.nvim_buf_line_count(buffer)
  for line = math.max(first, 1), math.min(last, count) do
    vim.api.nvim_buf_set_extmark(buffer, space, line - 1, 0, { line_hl_group = 'WhereinRange' })
  end
  vim.defer_fn(function()
    if vim.api.nvim_buf_is_valid(buffer) then
      vim.api.nvim_buf_clear_namespace(buffer, space, 0, -1)
    end
  end, require('wherein.config').get().answer.highlight_ms)
end

--- Put the cursor there, within what the file holds now.
function M.place_cursor(window, goal)
  local buffer = vim.api.nvim_win_get_buf(window)
  local line = math.max(1, math.min(goal.lnum, vim.api.nvim_buf_line_count(buffer)))
  local text = vim.api.nvim_buf_get_lines(buffer, line - 1, line, false)[1] or ''
  vim.api.nvim_win_set_cursor(window, { line, math.max(0, math.min((goal.col or 1) - 1, #text)) })
end

--- A file as Neovim's own commands show it: relative to the current folder where it lies in it.
---@param filename string
---@return string
function M.shown(filename)
  local shown = vim.fn.fnamemodify(filename, ':.')
  return shown:match('^[~$]') and filename or shown -- which would be expanded
end

---@param goal wherein.Goal
---@param how? 'split'|'vsplit'|'tab'
---@return boolean whether it is open
function M.to(goal, how)
  if goal.gone then
    require('wherein.say').info('This was removed; git shows what it was.')
    return false
  end
  if vim.fn.filereadable(goal.filename) == 0 and vim.fn.bufloaded(goal.filename) == 0 then
    require('wherein.say').problem({
      message = ('%s is not there any more.'):format(M.shown(goal.filename)),
      remedy = ':Wherein reindex',
    })
    return false
  end
  vim.cmd("normal! m'")
  if OPEN[how] then
    vim.cmd(OPEN[how])
  end
  local buffer = vim.fn.bufadd(M.shown(goal.filename)) -- relative, as `:edit` of a relative path has it
  vim.bo[buffer].buflisted = true
  local ok, message = pcall(vim.api.nvim_win_set_buf, 0, buffer)
  if not ok then -- a window that keeps its buffer, or a file that another Neovim edits
    ok = pcall(vim.cmd, ('split | buffer %d'):format(buffer))
  end
  if not ok then
    local why = tostring(message):gsub('^.-:%s', '')
    require('wherein.say').problem({ message = ('%s cannot be shown: %s.'):format(M.shown(goal.filename), why) })
    return false
  end
  local note
  goal, note = require('wherein.notebook').placed(goal, buffer)
  M.place_cursor(0, goal)
  vim.cmd('normal! zvzz')
  if goal.first and goal.last then
    flash(buffer, goal.first, goal.last)
  end
  if note then
    require('wherein.say').info(note)
  end
  return true
end

return M
