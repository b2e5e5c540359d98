-- `:Wherein NAME …`: what it is called with, and what that does.
local M = {}

local function text_of(words)
  return words[1] and table.concat(words, ' ') or nil
end

---@class wherein.Subcommand
---@field run fun(words: string[], command: table)

local function finding(name)
  return function(words, command)
    local options = { picker = command.bang and 'quickfix' or nil, whole_line = command.range > 0 }
    require('wherein.find')[name](text_of(words), options)
  end
end

--- What is found for the cursor: with a range, for its first line.
local function at_range(name)
  return function(words, command)
    M.at_range(command)
    finding(name)(words, command)
  end
end

---@type table<string, fun(words: string[], command: table)>
M.subcommands = {
  search = finding('search'),
  symbol = finding('symbol'),
  changed = finding('changed'),
  related = at_range('related'),
  callers = at_range('callers'),
  callees = at_range('callees'),
  explain = function(words, command)
    M.at_range(command)
    require('wherein.ask').explain(text_of(words), { prompt = command.bang })
  end,
  ask = function(words, command)
    require('wherein.ask').ask(text_of(words), { prompt = command.bang })
  end,
  reindex = function(_, command)
    require('wherein.manage').reindex({ force = command.bang or nil })
  end,
  status = function()
    require('wherein.manage').status()
  end,
  hook = function(words)
    require('wherein.manage').hook(words[1])
  end,
  resume = function()
    require('wherein.resume').again()
  end,
  restart = function()
    require('wherein.manage').restart()
  end,
  stop = function()
    require('wherein.manage').stop()
  end,
}

--- With a range, its first line is meant.
function M.at_range(command)
  if command.range > 0 then
    vim.api.nvim_win_set_cursor(0, { math.max(1, math.min(command.line1, vim.fn.line('$'))), 0 })
  end
end

---@return string[]
function M.names()
  local names = vim.tbl_keys(M.subcommands)
  table.sort(names)
  return names
end

function M.run(command)
  if vim.fn.has('nvim-0.10') == 0 then
    local version = tostring(vim.version())
    return require('wherein.say').problem({ message = ('Neovim %s is too old; 0.10 is needed.'):format(version) })
  end
  local words = vim.list_slice(command.fargs)
  local name = table.remove(words, 1) or 'search'
  local run = M.subcommands[name]
  if run then
    return run(words, command)
  end
  require('wherein.say').problem({
    message = ('There is no :Wherein %s.'):format(name),
    remedy = ':Wherein ' .. table.concat(M.names(), '|'),
  })
end

return M
