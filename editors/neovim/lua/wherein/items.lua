-- A result of the server as lists show it.
local compat = require('wherein.compat')

local M = {}

local LEAST_OF_PATH = 12 -- columns below which a path is not made shorter

---@class wherein.Item
---@field filename string
---@field path string relative to the repository
---@field lnum integer 1-based, of the line that is shown
---@field col integer 1-based byte
---@field end_col integer 1-based byte behind the match
---@field first integer first line of the hit
---@field last integer last line of the hit
---@field kind string
---@field name string qualified name; empty where nothing is defined
---@field title string the line that is shown
---@field language string
---@field uri string
---@field gone? boolean whether it was removed
---@field marks { line: integer, from: integer, to: integer }[] words to highlight: 1-based line, 0-based bytes

--- The ranges of a result that lie in lines whose text was sent.
local function marks_of(result, encoding)
  local first = result.location.range.start.line
  local lines = vim.split(result.text or '', '\n', { plain = true })
  local marks = {}
  for number, range in ipairs(result.matches or {}) do
    local text = number == 1 and result.title or lines[range.start.line - first + 1]
    if text and range['end'].line == range.start.line then
      local from = compat.byte(text, encoding, range.start.character)
      local to = compat.byte(text, encoding, range['end'].character)
      if to > from then
        table.insert(marks, { line = range.start.line + 1, from = from, to = to })
      end
    end
  end
  return marks
end

--- A definition that is not there any more: where it was.
local function removed(result, root)
  return {
    filename = vim.fs.joinpath(root, result.path),
    path = result.path,
    lnum = result.start_line,
    col = 1,
    end_col = 1,
    first = result.start_line,
    last = result.start_line,
    kind = 'removed',
    name = result.qualified_name or '',
    title = '',
    language = result.language or '',
    uri = vim.uri_from_fname(vim.fs.joinpath(root, result.path)),
    marks = {},
    gone = true,
  }
end

--- Its name; of a caller that may mean something else at run time, that it is a possible one.
function M.name(result)
  local name = result.qualified_name or ''
  local possibly = result.call and result.call.through
  return possibly and vim.trim(name .. ' (possibly)') or name
end

---@param result table
---@param encoding string units of the server's columns
---@param root string
---@return wherein.Item
function M.from(result, encoding, root)
  if not result.location then
    return removed(result, root)
  end
  local range = result.location.range
  local match = (result.matches or {})[1] or { start = range.start, ['end'] = range.start }
  local title = result.title or ''
  local start = compat.byte(title, encoding, match.start.character)
  local stop = match['end'].line == match.start.line and compat.byte(title, encoding, match['end'].character) or start
  return {
    filename = vim.uri_to_fname(result.location.uri),
    path = result.path,
    lnum = match.start.line + 1,
    col = start + 1,
    end_col = math.max(stop, start) + 1,
    first = range.start.line + 1,
    last = range['end'].line + 1,
    kind = result.change or result.kind or '',
    name = M.name(result),
    title = title,
    language = result.language or '',
    uri = result.location.uri,
    marks = marks_of(result, encoding),
  }
end

--- Its name, or where it has none its line.
---@param item wherein.Item
function M.label(item)
  local label = item.name ~= '' and item.name or vim.trim(item.title)
  return (label:gsub('%s+', ' '))
end

--- The end of a text that is longer than there is room for.
local function ending(text, room)
  local length = vim.fn.strchars(text)
  return length > room and '…' .. vim.fn.strcharpart(text, length - room + 1) or text
end

--- The beginning of one, likewise.
---@param text string
---@param room integer columns
function M.beginning(text, room)
  return vim.fn.strchars(text) > room and vim.fn.strcharpart(text, 0, room - 1) .. '…' or text
end

--- What a list shows of an item: its text in pieces, each with the name of its colour.
---@param item wherein.Item
---@param width? integer columns that there are: of a path or a name that is too long the end is shown
---@return { [1]: string, [2]: string? }[]
function M.pieces(item, width)
  local path, label = M.shown_path(item), M.label(item)
  if width then
    local spare = width - 10 - 3 - #tostring(item.lnum)
    local room = spare - vim.fn.strchars(label)
    if room < LEAST_OF_PATH and spare >= 2 * LEAST_OF_PATH then
      room = math.min(LEAST_OF_PATH, vim.fn.strchars(path))
      label = ending(label, spare - room)
    end
    path = room >= LEAST_OF_PATH and ending(path, room) or path
  end
  return {
    { ('%-9s '):format(item.kind), 'WhereinKind' },
    { label, item.name ~= '' and 'WhereinSymbol' or nil },
    { '  ' },
    { path, 'WhereinPath' },
    { ':' .. item.lnum, 'WhereinLine' },
  }
end

--- A path in one line, whatever its name holds.
---@param item wherein.Item
function M.shown_path(item)
  return (item.path:gsub('%c', '?'))
end

---@param item wherein.Item
---@param width? integer
---@return string
function M.text(item, width)
  return table.concat(vim.tbl_map(function(piece)
    return piece[1]
  end, M.pieces(item, width)))
end

---@param item wherein.Item
---@return table entry of the quickfix list
function M.quickfix(item)
  return {
    filename = require('wherein.jump').shown(item.filename),
    valid = item.gone and 0 or 1,
    lnum = item.lnum,
    col = item.col,
    end_lnum = item.lnum,
    end_col = item.end_col,
    text = (item.name ~= '' and item.name .. '  ' or '') .. vim.trim(item.title),
    user_data = { wherein = item },
  }
end

return M
