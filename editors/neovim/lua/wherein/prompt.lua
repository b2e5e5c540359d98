-- What goes to the language model: seen before it is sent, or afterwards.
local request = require('wherein.request')
local say = require('wherein.say')

local M = {}

---@param told table the server's answer to a dry question
---@return string[]
local function lines_of(told)
  local endpoint = told.endpoint or {}
  local lines = {
    ('To: %s'):format(endpoint.base_url or "the first language model's server found on this machine"),
    ('Model: %s'):format(endpoint.model or 'the one that it has loaded'),
    ('Size: about %d tokens, %d sources'):format(told.estimated_tokens, #told.sources),
  }
  for _, note in ipairs(told.notes or {}) do
    table.insert(lines, 'Note: ' .. note)
  end
  for _, message in ipairs(told.messages) do
    vim.list_extend(lines, { '', ('──── %s'):format(message.role), '' })
    vim.list_extend(lines, vim.split(message.content, '\n', { plain = true }))
  end
  return lines
end

---@param asked wherein.Asked
---@param lines string[]
---@param sent? boolean
local function show(asked, lines, sent)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.b[buffer].wherein_root = asked.root
  local keys = sent and 'q closes' or '<CR> sends it, q does not'
  local window = require('wherein.answer_window').open(buffer, ('Prompt: %s'):format(asked.title), keys)
  local function close()
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_win_close(window, true)
    end
  end
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, close, { buffer = buffer, nowait = true })
  end
  if not sent then
    vim.keymap.set('n', '<CR>', function()
      close()
      require('wherein.answer').open(asked)
    end, { buffer = buffer, nowait = true })
  end
end

--- Show what the question would send. Nothing is sent for that.
---@param asked wherein.Asked
---@param sent? boolean whether it was sent already
function M.open(asked, sent)
  local params = vim.tbl_extend('force', asked.params, { dry = true })
  request.send(asked.root, asked.method, params, function(told, problem)
    if told then
      show(asked, lines_of(told), sent)
    else
      say.problem(problem --[[@as wherein.Problem]])
    end
  end)
end

return M
