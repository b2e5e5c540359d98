-- The queries of our own list, by its title: gone back to with a key, for as long as Neovim runs.
local M = {}

local KEPT = 50

local queries = {} ---@type table<string, string[]> the latest last

---@param title string
---@param query string
function M.add(title, query)
  query = vim.trim(query)
  if query == '' then
    return
  end
  local kept = vim.tbl_filter(function(each)
    return each ~= query
  end, queries[title] or {})
  table.insert(kept, query)
  queries[title] = vim.list_slice(kept, math.max(1, #kept - KEPT + 1))
end

---@class wherein.Recalling
---@field title string
---@field draft string what was typed before somebody went back
---@field back integer how many queries back; 0 at the draft

---@param title string
---@return wherein.Recalling
function M.recalling(title)
  return { title = title, draft = '', back = 0 }
end

--- The query that many further back, or forward where that is negative; nil where there is none.
---@param recalling wherein.Recalling
---@param typed string what is there now
---@param by integer
---@return string?
function M.step(recalling, typed, by)
  local known = queries[recalling.title] or {}
  local at = recalling.back > 0 and known[#known - recalling.back + 1]
  if typed ~= at then -- it was changed: that is the draft now
    recalling.back, recalling.draft = 0, typed
  end
  local back = recalling.back + by
  if by > 0 and recalling.back == 0 and known[#known] == typed then
    back = back + 1
  end
  if back < 0 or back > #known then
    return nil
  end
  recalling.back = back
  return back == 0 and recalling.draft or known[#known - back + 1]
end

return M
