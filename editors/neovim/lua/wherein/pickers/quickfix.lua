-- Results in the quickfix list.
local items = require('wherein.items')
local pickers = require('wherein.pickers')

local M = {}

--- Fill the list and open it; the cursor stays where it is in the list.
---@param found wherein.Item[]
---@param title string
function M.fill(found, title)
  vim.fn.setqflist({}, ' ', {
    title = 'wherein: ' .. title,
    items = vim.tbl_map(items.quickfix, found),
  })
  vim.cmd('botright copen')
end

---@param source wherein.Source
function M.open(source)
  pickers.with_query(source, function()
    pickers.settled(source, function(found)
      if pickers.told(source, found) then
        M.fill(found.items, source.query ~= '' and source.query or source.title)
      end
    end)
  end)
end

return M
