-- Which list shows results: the one that is set, else the picker that the user has, else our own.
local config = require('wherein.config')
local say = require('wherein.say')

local M = {}

local AGAIN = 500 -- milliseconds until a question is asked again of an index that is being made
local PATIENCE = 120000 -- and for how long at most

-- A picker's name → the module that shows our lists in it.
local MODULES = {
  telescope = 'wherein.pickers.telescope',
  ['fzf-lua'] = 'wherein.pickers.fzf_lua',
  snacks = 'wherein.pickers.snacks',
  ['mini.pick'] = 'wherein.pickers.mini_pick',
  float = 'wherein.pickers.float',
  select = 'wherein.pickers.select',
  quickfix = 'wherein.pickers.quickfix',
}

-- Plugins that others load for other things count only where their picker is set up.
local THERE = {
  telescope = function()
    return pcall(require, 'telescope')
  end,
  ['fzf-lua'] = function()
    return pcall(require, 'fzf-lua') and vim.fn.executable('fzf') == 1
  end,
  snacks = function()
    local snacks = rawget(_G, 'Snacks')
    return snacks ~= nil and vim.tbl_get(snacks, 'config', 'picker', 'enabled') == true
  end,
  ['mini.pick'] = function()
    return rawget(_G, 'MiniPick') ~= nil
  end,
}

M.ORDER = { 'telescope', 'fzf-lua', 'snacks', 'mini.pick' }

--- The picker that `auto` takes.
---@return string
function M.found()
  for _, name in ipairs(M.ORDER) do
    if THERE[name]() then
      return name
    end
  end
  return 'float'
end

---@class wherein.Shown what can be shown again
---@field source wherein.Source
---@field picker string
local last ---@type wherein.Shown?

---@param source wherein.Source
---@param options? wherein.FindOptions
function M.open(source, options)
  local name = options and options.picker or config.get().picker
  if name == 'auto' then
    name = M.found()
  end
  if not MODULES[name] then
    return say.problem({ message = ('There is no picker %q.'):format(name), remedy = ':help wherein-pickers' })
  end
  require('wherein.highlights')
  last = { source = source, picker = name }
  require('wherein.resume').remember(M.again)
  local ok, module = pcall(require, MODULES[name])
  if not ok then
    say.problem({
      message = ('The picker %s cannot be loaded: %s'):format(name, tostring(module):match('[^\n]*')),
      remedy = "picker = 'auto'",
    })
    module = require('wherein.pickers.float')
  end
  module.open(source)
end

--- The last list once more, with the question as it was left.
function M.again()
  if last then
    last.source.resumed = true
    require(MODULES[last.picker]).open(last.source)
  end
end

--- What every list does with an answer that is no list: say why, once.
---@param source wherein.Source
---@param found wherein.Found
---@return boolean whether there are results
function M.told(source, found)
  if found.problem then
    say.problem(found.problem)
    return false
  end
  for _, note in ipairs(found.notes) do
    say.info(note)
  end
  if not found.items[1] then
    if source.query ~= '' or not found.notes[1] then
      say.info(source.query ~= '' and ('Nothing found for %q.'):format(source.query) or 'Nothing found.')
    end
    return false
  end
  return true
end

--- Ask once; in a repository that was never indexed, until there is something to find.
---@param source wherein.Source
---@param callback fun(found: wherein.Found)
function M.settled(source, callback)
  local began, told = vim.uv.now(), false
  local function ask()
    source.ask(source.query, function(found)
      if found.incomplete and not found.items[1] and vim.uv.now() - began < PATIENCE then
        if not told then
          told = true
          say.info('Indexing; the results come as soon as there are any.')
        end
        vim.defer_fn(ask, AGAIN)
      else
        callback(found)
      end
    end)
  end
  ask()
end

--- For lists that cannot be asked as one types: ask for the question first.
---@param source wherein.Source
---@param callback fun()
function M.with_query(source, callback)
  if source.query ~= '' or not source.live then
    return callback()
  end
  vim.ui.input({ prompt = source.title .. ': ' }, function(text)
    if text and vim.trim(text) ~= '' then
      source.query = vim.trim(text)
      callback()
    end
  end)
end

return M
