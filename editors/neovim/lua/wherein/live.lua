-- Asking while the user types: not at every letter, and never two questions at once.
local M = {}

local AGAIN = 500 -- milliseconds until a question is asked again of an index that is being made
local RESTS = 400 -- milliseconds without a letter until it is asked once more, with a second look

---@class wherein.Source what a picker shows
---@field title string
---@field root string
---@field query string typed at first
---@field live boolean whether it can be asked anew as one types
---@field ask fun(query: string, callback: fun(found: wherein.Found), typing?: boolean): wherein.Call
---@field looks? boolean whether an answer may be better when it is not asked for as one types
---@field moved? boolean whether the user has gone to another result: the list stays as it is

---@class wherein.Found
---@field items wherein.Item[]
---@field notes string[]
---@field incomplete? boolean whether files are being indexed, so that there will be more
---@field problem? wherein.Problem

local function same(some, others)
  for at = 1, math.max(#some, #others) do
    local one, other = some[at], others[at]
    if not one or not other or one.path ~= other.path or one.lnum ~= other.lnum then
      return false
    end
  end
  return true
end

---@param source wherein.Source
---@param on_found fun(found: wherein.Found, query: string)
---@return { ask: fun(query: string): boolean, stop: fun() } asking says whether that is a new question
function M.new(source, on_found)
  local timer = assert(vim.uv.new_timer())
  local call ---@type wherein.Call?
  local asked, answered ---@type string?, string?
  local stopped = false
  local shown = {} ---@type wherein.Item[]
  local again, look ---@type fun(), fun()

  local function cancel()
    timer:stop()
    if call then
      call.cancel()
      call = nil
    end
  end

  --- Who goes through the results of what is asked now is not disturbed by others.
  local function stays()
    return source.moved and answered == asked
  end

  local function send(query, typing)
    call = source.ask(query, function(found)
      call = nil
      if stopped or query ~= asked then
        return
      end
      if stays() then
        return
      end
      if typing then
        shown, answered = found.items, query
        on_found(found, query)
      elseif not (found.problem or same(shown, found.items)) then
        on_found(found, query)
      end
      if found.incomplete then
        timer:start(AGAIN, 0, vim.schedule_wrap(again))
      elseif typing and source.looks and not found.problem then
        timer:start(RESTS, 0, vim.schedule_wrap(look))
      end
    end, typing)
  end

  function again()
    if not stopped and not call and not stays() then
      send(asked, true)
    end
  end

  function look()
    if not stopped and not call and not stays() then
      send(asked, false)
    end
  end

  return {
    ask = function(query)
      query = vim.trim(query)
      if stopped or query == asked then
        return false
      end
      local first = asked == nil
      asked = query
      source.moved = false
      cancel()
      if query == '' then
        on_found({ items = {}, notes = {} }, query)
        return false -- answered
      end
      if first then
        send(query, true)
        return true
      end
      timer:start(
        require('wherein.config').get().debounce,
        0,
        vim.schedule_wrap(function()
          if not stopped and query == asked then
            send(query, true)
          end
        end)
      )
      return true
    end,
    stop = function()
      if not stopped then
        stopped = true
        cancel()
        timer:close()
      end
    end,
  }
end

return M
