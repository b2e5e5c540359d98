-- Results in fzf-lua, searched as one types.
local items = require('wherein.items')
local pickers = require('wherein.pickers')

local M = {}

--- A line that fzf-lua's actions and previewer understand.
---@param item wherein.Item
local function line(item)
  return ('%s:%d:%d:%s'):format(items.shown_path(item), item.lnum, item.col, items.label(item))
end

local function options_of(source)
  local fzf = require('fzf-lua')
  return {
    prompt = source.title .. '> ',
    cwd = source.root,
    previewer = 'builtin',
    actions = fzf.defaults.actions.files,
    exec_empty_query = false,
    query = source.live and source.query ~= '' and source.query or nil,
    fzf_opts = { ['--delimiter'] = ':', ['--no-sort'] = true },
    query_delay = require('wherein.config').get().debounce,
  }
end

---@param source wherein.Source
function M.open(source)
  local fzf = require('fzf-lua')
  if not source.live then
    return pickers.settled(source, function(found)
      if pickers.told(source, found) then
        fzf.fzf_exec(vim.tbl_map(line, found.items), options_of(source))
      end
    end)
  end
  local call ---@type wherein.Call?
  fzf.fzf_live(function(arguments)
    local query = vim.trim(type(arguments) == 'table' and arguments[1] or arguments or '')
    return function(write)
      if call then
        call.cancel()
      end
      source.query = query
      if query == '' then
        return write(nil)
      end
      call = source.ask(query, function(found)
        if found.problem then
          pickers.told(source, found)
        end
        for _, item in ipairs(found.items) do
          write(line(item))
        end
        write(nil)
      end, true)
    end
  end, options_of(source))
end

return M
