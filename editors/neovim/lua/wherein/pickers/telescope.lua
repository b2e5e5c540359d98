-- Results in Telescope, searched as one types.
local items = require('wherein.items')
local pickers = require('wherein.pickers')

local M = {}

---@param item wherein.Item
local function entry(item)
  local displayer = require('telescope.pickers.entry_display').create({
    separator = ' ',
    items = { { width = 9 }, {}, {}, {} },
  })
  return {
    value = item,
    ordinal = items.text(item),
    display = function()
      local pieces = items.pieces(item)
      return displayer({
        { item.kind, pieces[1][2] },
        { pieces[2][1], pieces[2][2] },
        { items.shown_path(item), 'WhereinPath' },
        { ':' .. item.lnum, 'WhereinLine' },
      })
    end,
    filename = item.filename,
    lnum = item.lnum,
    col = item.col,
  }
end

--- What Telescope calls for each prompt: the last question alone counts.
---@param source wherein.Source
local function live_finder(source)
  local call ---@type wherein.Call?
  return setmetatable({
    close = function()
      if call then
        call.cancel()
      end
    end,
  }, {
    __call = function(finder, prompt, process_result, process_complete)
      finder.close()
      source.query = vim.trim(prompt or '')
      if source.query == '' then
        return process_complete()
      end
      call = source.ask(source.query, function(found)
        if found.problem then
          pickers.told(source, found)
        end
        for number, item in ipairs(found.items) do
          local made = entry(item)
          made.index = number
          if process_result(made) then
            return
          end
        end
        process_complete()
      end, true)
    end,
  })
end

---@param source wherein.Source
---@param finder table
---@param sorter table
---@param options? table
local function show(source, finder, sorter, options)
  local values = require('telescope.config').values
  require('telescope.pickers')
    .new(options or {}, {
      prompt_title = source.title,
      default_text = source.live and source.query or nil,
      finder = finder,
      sorter = sorter,
      previewer = values.grep_previewer({}),
      debounce = require('wherein.config').get().debounce,
    })
    :find()
end

---@param source wherein.Source
---@param options? table of Telescope
function M.open(source, options)
  if source.live then
    return show(source, live_finder(source), require('telescope.sorters').empty(), options)
  end
  pickers.settled(source, function(found)
    if pickers.told(source, found) then
      local finder = require('telescope.finders').new_table({ results = found.items, entry_maker = entry })
      show(source, finder, require('telescope.config').values.generic_sorter({}), options)
    end
  end)
end

return M
