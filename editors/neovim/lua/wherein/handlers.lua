-- What the server says by itself: pieces of an answer, progress, changes of its state, messages.
local M = {}

---@type table<string, fun(value: any)>
local pieces = {}

---@type table<integer, { progress: table<any, integer|true>, state: table?, index: table? }>
local known = {}

local count = 0

--- A token for the pieces of one answer.
---@param on_piece fun(value: any)
---@return string
function M.expect(on_piece)
  count = count + 1
  local token = ('wherein-nvim-%d'):format(count)
  pieces[token] = on_piece
  return token
end

function M.expect_no_more(token)
  pieces[token] = nil
end

--- What is known of a client: how far each running update is, and the state that it told last.
---@param id integer
function M.known(id)
  known[id] = known[id] or { progress = {} }
  return known[id]
end

local function changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'WhereinChanged', modeline = false })
  vim.schedule(function()
    pcall(vim.cmd.redrawstatus)
  end)
end

local function on_progress(problem, params, context, options)
  local take = pieces[params.token]
  if take then
    take(params.value)
    return
  end
  local value = params.value
  if type(value) == 'table' and value.kind then
    local progress = M.known(context.client_id).progress
    progress[params.token] = value.kind ~= 'end' and (value.percentage or progress[params.token] or true) or nil
    changed()
  end
  return vim.lsp.handlers['$/progress'](problem, params, context, options)
end

local function on_message(_, params)
  local say = require('wherein.say')
  local message = params.message:gsub('^wherein: ', '')
  if params.type <= vim.lsp.protocol.MessageType.Warning then
    say.problem({ message = message })
  else
    say.info(message)
  end
  return vim.NIL
end

local function remembers(name)
  return function(_, params, context)
    M.known(context.client_id)[name] = params
    changed()
  end
end

M.all = {
  ['$/progress'] = on_progress,
  ['window/showMessage'] = on_message,
  ['wherein/stateChanged'] = remembers('state'),
  ['wherein/indexChanged'] = remembers('index'),
}

-- The server's code actions, taken over: their answers come as those of our own commands.
M.commands = {
  ['wherein.explain'] = function(command)
    require('wherein.ask').explain_at(command.arguments[1])
  end,
  ['wherein.related'] = function(command)
    require('wherein.find').related_at(command.arguments[1])
  end,
}

return M
