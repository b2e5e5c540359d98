-- Results in snacks' picker, searched as one types.
local items = require('wherein.items')
local pickers = require('wherein.pickers')

local M = {}

---@param item wherein.Item
local function entry(item, number)
  return {
    idx = number,
    text = items.text(item),
    file = item.filename,
    pos = { item.lnum, item.col - 1 },
    end_pos = { item.lnum, item.end_col - 1 },
    wherein = item,
  }
end

local function format(each)
  return items.pieces(each.wherein)
end

---@param source wherein.Source
function M.open(source)
  local shown = { title = source.title, format = format, preview = 'file', source = 'wherein' }
  if not source.live then
    return pickers.settled(source, function(found)
      if pickers.told(source, found) then
        shown.items = {}
        for number, item in ipairs(found.items) do
          table.insert(shown.items, entry(item, number))
        end
        require('snacks').picker.pick(shown)
      end
    end)
  end
  shown.live, shown.search = true, source.query
  shown.finder = function(_, context)
    local query = vim.trim(context.filter.search)
    source.query = query
    return function(add)
      if query == '' then
        return
      end
      local answer ---@type wherein.Found?
      local call ---@type wherein.Call?
      local aborted = false
      vim.schedule(function() -- where all of Neovim may be called
        call = not aborted
            and source.ask(query, function(found)
              answer = found
              context.async:resume()
            end, true)
          or nil
      end)
      context.async:on('abort', function()
        aborted = true
        vim.schedule(function()
          if call then
            call.cancel()
          end
        end)
      end)
      while not answer do
        context.async:suspend()
      end
      if answer.problem then
        pickers.told(source, answer)
      end
      for number, item in ipairs(answer.items) do
        add(entry(item, number))
      end
    end
  end
  require('snacks').picker.pick(shown)
end

return M
