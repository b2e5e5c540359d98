-- One question to a server and its answer: cancelled at will, in pieces where wanted, and never left without an end.
local compat = require('wherein.compat')
local handlers = require('wherein.handlers')
local server = require('wherein.server')

local M = {}

local LOOK_EVERY = 100 -- milliseconds between two looks whether the server that we wait for still lives
local LOOKS_AT_STOPPED = 10 -- until a client that is stopped is given up, though nobody has told how it ended
local CODES = { method = -32601, cancelled = -32800, content_modified = -32801 }

---@class wherein.Call
---@field cancel fun() no callback is called after it

---@param root string
---@param problem { code: integer, message: string, data?: any }
---@return wherein.Problem
local function told(root, problem)
  if problem.code == CODES.method then
    local version = server.life(root).version
    return {
      message = ('The server%s does not know this yet.'):format(version and ' (wherein ' .. version .. ')' or ''),
      remedy = 'update it: git pull && ./install',
      code = problem.code,
    }
  end
  local remedy = type(problem.data) == 'table' and problem.data.remedy or nil
  return { message = problem.message, remedy = remedy, code = problem.code }
end

--- JSON's null is no value here.
local function without_null(value)
  if type(value) == 'table' then
    for key, each in pairs(value) do
      if each == vim.NIL then
        value[key] = nil
      else
        without_null(each)
      end
    end
  end
  return value
end

--- Neovim never answers a request of a process that is gone: look after it.
local function watch(root, client, on_end)
  local timer, looks = assert(vim.uv.new_timer()), 0
  timer:start(
    LOOK_EVERY,
    LOOK_EVERY,
    vim.schedule_wrap(function()
      local life = server.life(root)
      if timer:is_closing() then
        return
      end
      looks = compat.stopped(client) and looks + 1 or 0
      if life.ended or life.garbage or looks > LOOKS_AT_STOPPED then
        on_end(server.why_ended(life))
      end
    end)
  )
  return timer
end

---@param root string
---@param method string
---@param params table|fun(encoding: string): table where they hold columns, in the server's units
---@param callback fun(answer?: table, problem?: wherein.Problem) called once, unless it is cancelled
---@param on_piece? fun(value: table)
---@return wherein.Call
function M.send(root, method, params, callback, on_piece)
  local over, client, id, timer, token = false, nil, nil, nil, nil
  local function finish()
    over = true
    if timer then
      timer:stop()
      timer:close()
      timer = nil
    end
    if token then
      handlers.expect_no_more(token)
    end
  end
  local function answer(result, problem)
    if not over then
      finish()
      callback(result, problem)
    end
  end
  server.ready(root, function(ready, problem)
    if over then
      return
    end
    if not ready then
      return answer(nil, problem)
    end
    client = ready
    params = type(params) == 'function' and params(client.offset_encoding) or vim.deepcopy(params)
    if on_piece then
      token = handlers.expect(function(value)
        if not over then
          on_piece(value)
        end
      end)
      params.partialResultToken = token
    end
    local sent
    sent, id = compat.request(client, method, params, function(failed, result)
      if failed then
        answer(nil, told(root, without_null(failed)))
      else
        answer(without_null(result))
      end
    end)
    if not sent then
      return answer(nil, server.why_ended(server.life(root)))
    end
    timer = watch(root, client, function(why)
      answer(nil, why)
    end)
  end)
  return {
    cancel = function()
      if over then
        return
      end
      finish()
      if client and id and not compat.stopped(client) then
        compat.cancel(client, id)
      end
    end,
  }
end

return M
