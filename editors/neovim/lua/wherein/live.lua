-- Asking while the user types: not at every letter, and never two questions at once.
local M = {}

local AGAIN = 500 -- milliseconds until a question is asked again of an index that is being made

---@class wherein.Source what a picker shows
---@field title string
---@field root string
---@field query string typed at first
---@field live boolean whether it can be asked anew as one types
---@field ask fun(query: string, callback: fun(found: wherein.Found), typing?: boolean): wherein.Call

---@class wherein.Found
---@field items wherein.Item[]
---@field notes string[]
---@field incomplete? boolean whether files are being indexed, so that there will be more
---@field problem? wherein.Problem

---@param source wherein.Source
---@param on_found fun(found: wherein.Found, query: string)
---@return { ask: fun(query: string), stop: fun() }
function M.new(source, on_found)
  local timer = assert(vim.uv.new_timer())
  local call ---@type wherein.Call?
  local asked ---@type string?
  local stopped = false
  local again ---@type fun()

  local function cancel()
    timer:stop()
    if call then
      call.cancel()
      call = nil
    end
  end

  local function send(query)
    call = source.ask(query, function(found)
      call = nil
      if stopped or query ~= asked then
        return
      end
      on_found(found, query)
      if found.incomplete then
        timer:start(AGAIN, 0, vim.schedule_wrap(again))
      end
    end, true)
  end

  function again()
    if not stopped and not call then
      send(asked)
    end
  end

  return {
    ask = function(query)
      query = vim.trim(query)
      if stopped or query == asked then
        return
      end
      local first = asked == nil
      asked = query
      cancel()
      if query == '' then
        return on_found({ items = {}, notes = {} }, query)
      end
      if first then
        return send(query)
      end
      timer:start(
        require('wherein.config').get().debounce,
        0,
        vim.schedule_wrap(function()
          if not stopped and query == asked then
            send(query)
          end
        end)
      )
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
