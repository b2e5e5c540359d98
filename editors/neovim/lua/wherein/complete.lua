-- What may follow on the command line after `:Wherein`.
local M = {}

local MOST_PATHS = 200

local function beginning(words, lead, prefix)
  prefix = prefix or ''
  return vim.tbl_filter(
    function(word)
      return vim.startswith(word, lead)
    end,
    vim.tbl_map(function(word)
      return prefix .. word
    end, words)
  )
end

--- Files and folders below the project that go on with what is typed.
local function paths(lead, prefix)
  local root = require('wherein.place').root(vim.api.nvim_get_current_buf())
  local typed = lead:sub(#prefix + 1)
  local folder = typed:match('^(.*/)') or ''
  local found = {}
  for name, kind in vim.fs.dir(vim.fs.joinpath(root, folder)) do
    local whole = folder .. name .. (kind == 'directory' and '/**' or '')
    if not vim.startswith(name, '.') and vim.startswith(whole, typed) then
      table.insert(found, prefix .. whole)
    end
    if #found == MOST_PATHS then
      break
    end
  end
  table.sort(found)
  return found
end

local function filters(lead, allowed)
  local known = require('wherein.words')
  if vim.tbl_contains(allowed, 'lang') and vim.startswith(lead, 'lang:') then
    return beginning(known.languages, lead, 'lang:')
  elseif vim.tbl_contains(allowed, 'kind') and vim.startswith(lead, 'kind:') then
    return beginning(known.kinds, lead, 'kind:')
  elseif vim.tbl_contains(allowed, 'path') and vim.startswith(lead, 'path:') then
    return paths(lead, 'path:')
  end
  return beginning(
    vim.tbl_map(function(name)
      return name .. ':'
    end, allowed),
    lead
  )
end

local AFTER = {
  search = function(lead)
    return filters(lead, { 'lang', 'path', 'kind' })
  end,
  symbol = function(lead)
    return filters(lead, { 'lang', 'kind' })
  end,
  changed = function(lead)
    return beginning({ 'since:' }, lead)
  end,
  hook = function(lead)
    return beginning(require('wherein.manage').HOOK_COMMANDS, lead)
  end,
}

---@param lead string the word at the cursor
---@param line string
---@param position integer
---@return string[]
function M.candidates(lead, line, position)
  local before = line:sub(1, position - #lead)
  local words = vim.split(vim.trim(before:gsub('^.-Wherein!?%s', '', 1)), '%s+', { trimempty = true })
  if before:match('Wherein!?%s*$') then
    return beginning(require('wherein.command').names(), lead)
  end
  local after = AFTER[words[1]]
  return after and after(lead) or {}
end

return M
