-- A place in a notebook's file: the index knows the JSON, of which plugins show something else, the cells as a script.
local M = {}

--- What a line of the file's JSON says: a line of a cell; nil where it is none.
---@param line string
---@return string?
local function said(line)
  local text = vim.trim(line):gsub(',$', '')
  local ok, value = pcall(vim.json.decode, text)
  return ok and type(value) == 'string' and (value:gsub('\n$', '')) or nil
end

--- The line of a cell that a goal is at, or the first one below it.
local function cell_line(lines, from)
  for number = from, #lines do
    local text = said(lines[number])
    if text and vim.trim(text) ~= '' then
      return text
    end
  end
end

--- Where a goal is in the buffer that shows its file; the goal itself where that is no notebook.
---@param goal wherein.Goal
---@param buffer integer
---@return wherein.Goal
---@return string? what to say
function M.placed(goal, buffer)
  if not goal.filename:lower():match('%.ipynb$') or vim.fn.filereadable(goal.filename) == 0 then
    return goal
  end
  local name = vim.fs.basename(goal.filename)
  local file = vim.fn.readfile(goal.filename)
  local here = vim.api.nvim_buf_get_lines(buffer, goal.lnum - 1, goal.lnum, false)[1]
  if here == file[goal.lnum] then
    return goal, ('%s is shown as its JSON: this is in one of its cells.'):format(name)
  end
  local text = cell_line(file, goal.lnum)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    if line == text then
      return { filename = goal.filename, lnum = number, first = number, last = number }
    end
  end
  return { filename = goal.filename, lnum = 1 }, ('The cell was not found in %s as it is shown.'):format(name)
end

return M
