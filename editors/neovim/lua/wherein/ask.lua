-- Questions to the language model: what this code does, and any other.
local place = require('wherein.place')
local say = require('wherein.say')

local M = {}

---@param asked wherein.Asked
---@param before? boolean show what would be sent, and send it when that is agreed to
local function open(asked, before)
  if before then
    return require('wherein.prompt').open(asked)
  end
  require('wherein.answer').open(asked)
end

local function explaining(where)
  return 'Explain ' .. where
end

--- Explain the code at the cursor, the selection, or a symbol.
---@param symbol? string
---@param options? { prompt?: boolean } `prompt` shows what would be sent first
function M.explain(symbol, options)
  local buffer = vim.api.nvim_get_current_buf()
  local line = place.line()
  local root = place.root(buffer)
  local before = options and options.prompt
  if symbol then
    local params = { symbol = symbol }
    local asked = { title = symbol, question = explaining(symbol), root = root, method = 'wherein/explain' }
    asked.params = params
    return open(asked, before)
  end
  local params, problem = place.params(buffer, line)
  if not params then
    return say.problem(problem --[[@as wherein.Problem]])
  end
  M.explain_at(params, before)
end

--- Explain the code at a place; also the server's code action.
---@param at { uri: string, position: { line: integer } }
---@param before? boolean
function M.explain_at(at, before)
  local root = place.root(vim.uri_to_bufnr(at.uri))
  local where = ('%s:%d'):format(
    require('wherein.compat').relative(root, vim.uri_to_fname(at.uri)),
    at.position.line + 1
  )
  open({
    title = where,
    question = explaining(where),
    root = root,
    method = 'wherein/explain',
    params = { uri = at.uri, position = at.position },
  }, before)
end

---@param question? string
---@param options? { prompt?: boolean } `prompt` shows what would be sent first
function M.ask(question, options)
  local root = place.root(vim.api.nvim_get_current_buf())
  local function send(text)
    text = vim.trim(text or '')
    if text ~= '' then
      local asked = { title = text, question = text, root = root, method = 'wherein/ask', params = { query = text } }
      open(asked, options and options.prompt)
    end
  end
  if question then
    return send(question)
  end
  vim.ui.input({ prompt = 'Ask: ' }, send)
end

--- A further question, with what was said before.
---@param answer wherein.Answer
function M.on(answer)
  if answer.text == '' or answer.call then
    return say.info('There is no answer yet to follow up on.')
  end
  vim.ui.input({ prompt = 'Ask on: ' }, function(text)
    text = vim.trim(text or '')
    if text == '' then
      return
    end
    local history = vim.list_extend({}, answer.history or {})
    local sources = answer.answered and answer.answered.sources or {}
    table.insert(history, { question = answer.question, answer = answer.text, sources = sources })
    local params = vim.tbl_extend('force', answer.params, { history = history })
    params.cache = nil
    params[answer.method == 'wherein/ask' and 'query' or 'question'] = text
    answer:close()
    open({
      title = text,
      question = text,
      root = answer.root,
      method = answer.method,
      params = params,
      history = history,
    })
  end)
end

return M
