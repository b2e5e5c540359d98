-- The plugin's settings: what they are without the user, what he sets, and what is wrong with that.
local M = {}

---@class wherein.Config
M.defaults = {
  cmd = { 'wherein', 'lsp' },
  settings = {},
  start = 'use',
  start_timeout = 10000,
  picker = 'auto',
  limit = 30,
  debounce = 40,
  answer = { window = 'float', width = 0.8, height = 0.8, border = 'rounded', highlight_ms = 1500 },
}

M.pickers = { 'auto', 'telescope', 'fzf-lua', 'snacks', 'mini.pick', 'float', 'select', 'quickfix' }

local CHOICES = {
  start = { 'use', 'file' },
  picker = M.pickers,
  ['answer.window'] = { 'float', 'split', 'vsplit' },
}

local current = M.defaults

---@return wherein.Config
function M.get()
  return current
end

local function listed(words)
  return table.concat(
    vim.tbl_map(function(word)
      return ('%q'):format(word)
    end, words),
    ', '
  )
end

---@param given table
---@param known table
---@param prefix string
---@param problems string[]
local function check(given, known, prefix, problems)
  for name, value in pairs(given) do
    local path = prefix .. tostring(name)
    local default = known[name]
    if default == nil then
      local names = vim.tbl_keys(known)
      table.sort(names)
      table.insert(problems, ('there is no setting %q; there are %s'):format(path, listed(names)))
    elseif CHOICES[path] and not vim.tbl_contains(CHOICES[path], value) then
      table.insert(problems, ('%s must be one of %s'):format(path, listed(CHOICES[path])))
    elseif path == 'answer.border' then -- whatever nvim_open_win takes
      if type(value) ~= 'string' and type(value) ~= 'table' then
        table.insert(problems, 'answer.border must be a string or a list')
      end
    elseif type(value) ~= type(default) then
      table.insert(problems, ('%s must be a %s'):format(path, type(default)))
    elseif type(value) == 'number' and value <= 0 then
      table.insert(problems, ('%s must be more than 0'):format(path))
    elseif path == 'cmd' and (not vim.islist(value) or type(value[1]) ~= 'string') then
      table.insert(problems, 'cmd must be a list: the command and its arguments')
    elseif type(value) == 'table' and path ~= 'cmd' and path ~= 'settings' then
      check(value, default, path .. '.', problems)
    end
  end
end

--- What is wrong with settings, a sentence each.
---@return string[]
function M.problems(options)
  if type(options) ~= 'table' then
    return { 'the settings must be a table' }
  end
  local problems = {}
  check(options, M.defaults, '', problems)
  return problems
end

---@param options? table
function M.set(options)
  options = options or {}
  local problems = M.problems(options)
  if problems[1] then
    require('wherein.say').problem({
      message = ('setup: %s; the defaults are used.'):format(table.concat(problems, '; ')),
      remedy = ':help wherein-settings',
    })
    return
  end
  current = vim.tbl_deep_extend('force', M.defaults, options)
  if current.start == 'file' then
    vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
      group = vim.api.nvim_create_augroup('wherein-start', { clear = true }),
      callback = function(event)
        require('wherein.server').file_opened(event.buf)
      end,
    })
  end
end

return M
