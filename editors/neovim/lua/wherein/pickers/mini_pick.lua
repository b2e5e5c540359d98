-- Results in mini.pick, searched as one types.
local items = require('wherein.items')
local live = require('wherein.live')
local pickers = require('wherein.pickers')

local M = {}

local function entry(item)
  return { text = items.text(item), path = item.filename, lnum = item.lnum, col = item.col, wherein = item }
end

---@param source wherein.Source
---@param found? wherein.Item[]
---@param match? function
local function start(source, found, match)
  return MiniPick.start({
    source = {
      name = source.title,
      cwd = source.root,
      items = vim.tbl_map(entry, found or {}),
      match = match,
      choose = function(each)
        vim.schedule(function() -- the picker is gone then
          require('wherein.jump').to(each.wherein)
        end)
      end,
    },
  })
end

---@param source wherein.Source
function M.open(source)
  if not source.live then
    return pickers.settled(source, function(found)
      if pickers.told(source, found) then
        start(source, found.items)
      end
    end)
  end
  local asking = live.new(source, function(found)
    if MiniPick.is_picker_active() then
      if found.problem then
        pickers.told(source, found)
      end
      MiniPick.set_picker_items(vim.tbl_map(entry, found.items), { do_match = false })
    end
  end)
  if source.query ~= '' then
    local letters = vim.fn.split(source.query, '\\zs')
    vim.schedule(function()
      MiniPick.set_picker_query(letters)
    end)
  end
  start(source, {}, function(_, _, query)
    source.query = table.concat(query)
    asking.ask(source.query)
  end)
  asking.stop()
end

return M
