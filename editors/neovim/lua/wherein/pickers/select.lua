-- Results through `vim.ui.select`, which other plugins may have made their own.
local items = require('wherein.items')
local pickers = require('wherein.pickers')

local M = {}

---@param source wherein.Source
function M.open(source)
  pickers.with_query(source, function()
    pickers.settled(source, function(found)
      if not pickers.told(source, found) then
        return
      end
      vim.ui.select(found.items, {
        prompt = source.query ~= '' and source.query or source.title,
        kind = 'wherein',
        format_item = function(item)
          return items.text(item)
        end,
      }, function(item)
        if item then
          require('wherein.jump').to(item)
        end
      end)
    end)
  end)
end

return M
