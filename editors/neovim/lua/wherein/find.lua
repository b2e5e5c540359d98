-- Questions that lists answer: a search, names, code like this, calls, what changed.
local compat = require('wherein.compat')
local items = require('wherein.items')
local place = require('wherein.place')
local request = require('wherein.request')
local say = require('wherein.say')

local M = {}

local NO_INDEX = -32001 -- the server's code

---@param client vim.lsp.Client
local function is_indexing(client)
  local known = require('wherein.handlers').known(client.id)
  local state = known.state and known.state.state
  return state == 'starting' or state == 'indexing' or next(known.progress) ~= nil
end

--- Whether asking again soon finds more: folders that are left out are not being indexed.
local function incomplete(answer)
  return (answer.index or {}).complete == false and not (answer.left_out or {})[1]
end

---@return string[]
local function notes_of(answer)
  local index = answer.index or {}
  local early = incomplete(answer) and not answer.results[1] -- that nothing is close is not known yet
  local notes = early and {} or vim.list_extend(vim.deepcopy(answer.left_out or {}), answer.notes or {})
  if early then
    table.insert(notes, 'The first index is being made: nothing is found yet.')
  elseif incomplete(answer) then
    table.insert(notes, 'The index is not complete yet: there may be more.')
  elseif type(index.behind) == 'number' and index.behind > 0 then
    table.insert(notes, ('The index is %d files behind.'):format(index.behind))
  end
  return notes
end

---@param root string
---@param method string
---@param params table|fun(encoding: string): table
---@param callback fun(found: wherein.Found, answer?: table)
---@return wherein.Call
local function list(root, method, params, callback)
  return request.send(root, method, params, function(answer, problem)
    local client = require('wherein.server').running(root)
    if not answer then
      if client and problem.code == NO_INDEX and is_indexing(client) then
        return callback({ items = {}, notes = { 'The first index is being made.' }, incomplete = true })
      end
      return callback({ items = {}, notes = {}, problem = problem })
    end
    local encoding = client and client.offset_encoding or 'utf-16'
    callback({
      items = vim.tbl_map(function(result)
        return items.from(result, encoding, root)
      end, answer.results),
      notes = notes_of(answer),
      incomplete = incomplete(answer),
    }, answer)
  end)
end

---@param source wherein.Source
---@param options? wherein.FindOptions
local function pick(source, options)
  require('wherein.pickers').open(source, options)
end

---@class wherein.FindOptions
---@field picker? string
---@field limit? integer
---@field whole_line? boolean calls are those of the definition around the cursor's line, whatever name the cursor is at

local function limit_of(options)
  return options and options.limit or require('wherein.config').get().limit
end

---@param query? string
---@param options? wherein.FindOptions
function M.search(query, options)
  local root = place.root(vim.api.nvim_get_current_buf())
  pick({
    title = 'Search code',
    root = root,
    query = query or '',
    live = true,
    looks = true,
    ask = function(text, callback, typing)
      local params = { query = text, limit = limit_of(options), stage = typing and 'fast' or nil }
      return list(root, 'wherein/search', params, callback)
    end,
  }, options)
end

--- `lang:` and `kind:` of a question for names; a search's own are read by the server.
local function filtered(text)
  local params = { languages = {}, kinds = {} }
  local rest = text:gsub('%f[%S](%l+):(%S+)', function(name, value)
    local into = ({ lang = params.languages, kind = params.kinds })[name]
    if into then
      table.insert(into, value)
      return ''
    end
  end)
  params.name = vim.trim(rest)
  return params
end

---@param name? string
---@param options? wherein.FindOptions
function M.symbol(name, options)
  local root = place.root(vim.api.nvim_get_current_buf())
  pick({
    title = 'Go to symbol',
    root = root,
    query = name or '',
    live = true,
    ask = function(text, callback)
      local params = filtered(text)
      if params.name == '' then
        callback({ items = {}, notes = {} })
        return { cancel = function() end }
      end
      params.limit = limit_of(options)
      return list(root, 'wherein/symbol', params, callback)
    end,
  }, options)
end

local function related(root, params, options)
  params.limit = limit_of(options)
  pick({
    title = 'Similar code',
    root = root,
    query = '',
    live = false,
    ask = function(_, callback)
      return list(root, 'wherein/related', params, callback)
    end,
  }, options)
end

--- Code like that at the cursor, or like a symbol's definition.
---@param symbol? string
---@param options? wherein.FindOptions
function M.related(symbol, options)
  local buffer = vim.api.nvim_get_current_buf()
  local line = place.line()
  local root = place.root(buffer)
  if symbol then
    return related(root, { symbol = symbol }, options)
  end
  local params, problem = place.params(buffer, line)
  if not params then
    return say.problem(problem --[[@as wherein.Problem]])
  end
  related(root, params, options)
end

--- The server's code action.
---@param argument { uri: string, position: table }
function M.related_at(argument)
  local root = place.root(vim.uri_to_bufnr(argument.uri))
  related(root, { uri = argument.uri, position = argument.position })
end

local TITLES = { callers = 'Callers of %s', callees = 'Called by %s' }

---@param direction 'callers'|'callees'
---@param symbol? string
---@param options? wherein.FindOptions
local function calls(direction, symbol, options)
  local buffer = vim.api.nvim_get_current_buf()
  local root = place.root(buffer)
  local params = { symbol = symbol, limit = limit_of(options) }
  if not symbol then
    local at, problem = place.params(buffer, vim.fn.line('.'))
    if not at then
      return say.problem(problem --[[@as wherein.Problem]])
    end
    local text, byte = vim.api.nvim_get_current_line(), vim.fn.col('.') - 1
    if options and options.whole_line then
      byte = text:find('^%s') and 0 or #text -- where no name stands, for the first one may be a keyword
    end
    params = function(encoding)
      at.position.character = compat.column(text, encoding, byte)
      at.limit = limit_of(options)
      return at
    end
  end
  local source ---@type wherein.Source
  source = {
    title = direction == 'callers' and 'Callers' or 'What it calls',
    root = root,
    query = '',
    live = false,
    ask = function(_, callback)
      return list(root, 'wherein/' .. direction, params, function(found, answer)
        if answer then
          source.title = TITLES[direction]:format(answer.target)
        end
        callback(found)
      end)
    end,
  }
  pick(source, options)
end

--- Who calls what the cursor is on, or a symbol.
---@param symbol? string
---@param options? wherein.FindOptions
function M.callers(symbol, options)
  calls('callers', symbol, options)
end

--- What is called by what the cursor is on, or by a symbol.
---@param symbol? string
---@param options? wherein.FindOptions
function M.callees(symbol, options)
  calls('callees', symbol, options)
end

--- Definitions that changed on this branch, or since a revision; with a query only those that it finds.
---@param query? string
---@param options? wherein.FindOptions|{ since?: string }
function M.changed(query, options)
  local root = place.root(vim.api.nvim_get_current_buf())
  local since = options and options.since
  local text = (query or ''):gsub('%f[%S]since:(%S+)', function(revision)
    since = revision
    return ''
  end)
  text = vim.trim(text)
  pick({
    title = since and 'Changed since ' .. since or 'Changed on this branch',
    root = root,
    query = text,
    live = false,
    ask = function(_, callback)
      if text ~= '' then
        local params = { query = text, since = since, changed = true, limit = limit_of(options) }
        return list(root, 'wherein/search', params, callback)
      end
      return list(root, 'wherein/changed', { since = since, limit = limit_of(options) }, callback)
    end,
  }, options)
end

return M
