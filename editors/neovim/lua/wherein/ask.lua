-- Questions to the language model: what this code does, and any other.
local place = require('wherein.place')
local say = require('wherein.say')

local M = {}

local function open(title, root, method, params)
  return require('wherein.answer').open({ title = title, root = root, method = method, params = params })
end

--- Explain the code at the cursor, the selection, or a symbol.
---@param symbol? string
---@param line? integer 1-based; the cursor's where it is not given
function M.explain(symbol, line)
  local buffer = vim.api.nvim_get_current_buf()
  line = line or place.line()
  local root = place.root(buffer)
  if symbol then
    return open(symbol, root, 'wherein/explain', { symbol = symbol })
  end
  local params, problem = place.params(buffer, line)
  if not params then
    return say.problem(problem --[[@as wherein.Problem]])
  end
  local name = require('wherein.compat').relative(root, place.file(buffer) --[[@as string]])
  return open(('%s:%d'):format(name, line), root, 'wherein/explain', params)
end

--- The server's code action.
---@param argument { uri: string, position: { line: integer } }
function M.explain_at(argument)
  local root = place.root(vim.uri_to_bufnr(argument.uri))
  local name = require('wherein.compat').relative(root, vim.uri_to_fname(argument.uri))
  local params = { uri = argument.uri, position = argument.position }
  open(('%s:%d'):format(name, argument.position.line + 1), root, 'wherein/explain', params)
end

---@param question? string
function M.ask(question)
  local root = place.root(vim.api.nvim_get_current_buf())
  if question and vim.trim(question) ~= '' then
    return open(question, root, 'wherein/ask', { query = question })
  end
  vim.ui.input({ prompt = 'Ask: ' }, function(text)
    if text and vim.trim(text) ~= '' then
      open(text, root, 'wherein/ask', { query = text })
    end
  end)
end

--- Ask on from an answer.
---@param answer wherein.Answer
function M.on(answer)
  vim.ui.input({ prompt = 'Ask on: ' }, function(text)
    if text and vim.trim(text) ~= '' then
      answer:close()
      open(text, answer.root, 'wherein/ask', { query = text })
    end
  end)
end

return M
