-- `[3]` in an answer: where it stands, and what it stands for. What stands in code is none.
local M = {}

---@class wherein.Citation
---@field row integer 0-based
---@field from integer 0-based byte
---@field to integer 0-based byte behind it
---@field n integer

--- Spaces in the place of code within a line, so that nothing in it is found and every column stays.
local function without_code(line)
  local kept, at = {}, 1
  while true do
    local first, last = line:find('`+', at)
    if not first then
      break
    end
    local ticks = line:sub(first, last)
    local close = last + 1
    local from, to
    repeat
      from, to = line:find('`+', close)
      close = (to or 0) + 1
    until not from or to - from == last - first
    table.insert(kept, line:sub(at, first - 1))
    if not from then
      table.insert(kept, ticks)
      at = last + 1
    else
      table.insert(kept, (' '):rep(to - first + 1))
      at = to + 1
    end
  end
  table.insert(kept, line:sub(at))
  return table.concat(kept)
end

---@param lines string[]
---@param known table<integer, any> numbers that stand for something
---@return wherein.Citation[]
function M.find(lines, known)
  local found, fence = {}, nil
  for row, line in ipairs(lines) do
    local mark = line:match('^%s*(```+)') or line:match('^%s*(~~~+)')
    if fence then
      if mark and vim.startswith(mark, fence) and line:match('^%s*[`~]+%s*$') then
        fence = nil
      end
    elseif mark then
      fence = mark
    else
      local clean = without_code(line)
      local at = 1
      while true do
        local from, to, number = clean:find('%[(%d+)%]', at)
        if not from then
          break
        end
        if known[tonumber(number)] then
          table.insert(found, { row = row - 1, from = from - 1, to = to, n = tonumber(number) })
        end
        at = to + 1
      end
    end
  end
  return found
end

--- The citation that a place belongs to: the one under it, else the only or the next one of its line.
---@param citations wherein.Citation[]
---@param row integer 0-based
---@param column integer 0-based byte
---@return wherein.Citation?
function M.at(citations, row, column)
  local of_line
  for _, each in ipairs(citations) do
    if each.row == row then
      if column < each.to then
        return each
      end
      of_line = each
    end
  end
  return of_line
end

--- The next one from a place on, in either direction, around the ends.
---@param citations wherein.Citation[]
---@param row integer
---@param column integer
---@param forward boolean
---@return wherein.Citation?
function M.next(citations, row, column, forward)
  local best
  for _, each in ipairs(citations) do
    local after = each.row > row or each.row == row and each.from > column
    local before = each.row < row or each.row == row and each.from < column
    if forward and after then
      return each
    elseif not forward and before then
      best = each
    end
  end
  return best or (forward and citations[1] or citations[#citations])
end

return M
