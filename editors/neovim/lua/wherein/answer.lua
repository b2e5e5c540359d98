-- An answer of the language model: streamed into a window, its citations lit up and followed.
local citations = require('wherein.citations')
local request = require('wherein.request')
local say = require('wherein.say')

local M = {}

local space = vim.api.nvim_create_namespace('wherein-answer')
local count = 0

---@class wherein.Asked a question to the language model
---@field title string of the window
---@field question string as it is told to the model when one asks on
---@field root string
---@field method 'wherein/explain'|'wherein/ask'
---@field params table
---@field history? table[] what was asked and answered before

---@class wherein.Answer: wherein.Asked
---@field answered? table the whole answer
---@field buffer integer
---@field window? integer
---@field origin integer window that was asked from
---@field call? wherein.Call
---@field text string what has been said
---@field sources table<integer, table>
---@field marks wherein.Citation[]
local Answer = {}
Answer.__index = Answer

--- Ask, and show what is said as it comes.
---@param asked wherein.Asked
---@return wherein.Answer
function M.open(asked)
  require('wherein.highlights')
  local self = setmetatable(vim.deepcopy(asked), Answer) --[[@as wherein.Answer]]
  self.origin = vim.api.nvim_get_current_win()
  self:make_buffer()
  self.window = require('wherein.answer_window').open(self.buffer, self.title)
  require('wherein.resume').remember(function()
    self:show()
  end)
  self:send()
  return self
end

function Answer:make_buffer()
  count = count + 1
  self.buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(self.buffer, 'wherein://answer/' .. count)
  vim.bo[self.buffer].bufhidden = 'hide'
  vim.bo[self.buffer].modifiable = false
  vim.bo[self.buffer].undolevels = -1
  vim.bo[self.buffer].filetype = 'markdown'
  vim.b[self.buffer].wherein_root = self.root
  require('wherein.answer_keys').map(self)
end

--- Show it again, in a window of its own.
function Answer:show()
  if self.window and vim.api.nvim_win_is_valid(self.window) then
    return vim.api.nvim_set_current_win(self.window)
  end
  self.origin = vim.api.nvim_get_current_win()
  self.window = require('wherein.answer_window').open(self.buffer, self.title)
end

function Answer:send()
  self.text, self.sources, self.marks, self.answered = '', {}, {}, nil
  self:set_lines({ '' })
  self:hint('asking the language model …')
  self.call = request.send(self.root, self.method, self.params, function(answer, problem)
    self.call = nil
    if answer then
      self:finish(answer)
    else
      self:fail(problem)
    end
  end, function(value)
    if type(value.text) == 'string' then
      self:add(value.text)
    end
  end)
end

function Answer:set_lines(lines)
  if vim.api.nvim_buf_is_valid(self.buffer) then
    vim.bo[self.buffer].modifiable = true
    vim.api.nvim_buf_set_lines(self.buffer, 0, -1, false, lines)
    vim.bo[self.buffer].modifiable = false
  end
end

--- A word behind the last line that is no part of the answer.
---@param text? string
function Answer:hint(text)
  if not vim.api.nvim_buf_is_valid(self.buffer) then
    return
  end
  vim.api.nvim_buf_clear_namespace(self.buffer, space, 0, -1)
  if self.window then
    require('wherein.answer_window').note(self.window, text)
  end
  if text then
    local last = vim.api.nvim_buf_line_count(self.buffer) - 1
    vim.api.nvim_buf_set_extmark(self.buffer, space, last, 0, {
      virt_text = { { text, 'WhereinNote' } },
      virt_text_pos = 'eol',
    })
  end
end

--- A further piece. Who reads at the end goes on seeing the end; who has moved the cursor is left there.
---@param piece string
function Answer:add(piece)
  if not vim.api.nvim_buf_is_valid(self.buffer) then
    return self:stop()
  end
  self.text = self.text .. piece
  local last = vim.api.nvim_buf_line_count(self.buffer) - 1
  local length = #vim.api.nvim_buf_get_lines(self.buffer, last, last + 1, false)[1]
  local shown = self.window and vim.api.nvim_win_is_valid(self.window)
  local follows = shown and vim.api.nvim_win_get_cursor(self.window)[1] == last + 1
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_text(self.buffer, last, length, last, length, vim.split(piece, '\n', { plain = true }))
  vim.bo[self.buffer].modifiable = false
  self:hint('…')
  if follows then
    vim.api.nvim_win_set_cursor(self.window, { vim.api.nvim_buf_line_count(self.buffer), 0 })
  end
end

---@param answer table
function Answer:finish(answer)
  if not vim.api.nvim_buf_is_valid(self.buffer) then
    return
  end
  self.text, self.answered = answer.text, answer
  -- a backslash keeps `[1]:` from being a link's target in what shows Markdown, which this does not
  local text = vim.trim(answer.text):gsub('(%[%d+%])\\([:(])', '%1%2')
  local lines = vim.split(text, '\n', { plain = true })
  for _, note in ipairs(answer.notes or {}) do
    vim.list_extend(lines, { '', '> ' .. note })
  end
  vim.list_extend(lines, { '', '## Sources', '' })
  for _, source in ipairs(answer.sources or {}) do
    self.sources[source.n] = source
    local line = source.location.range.start.line + 1
    local name = (source.symbol or '') ~= '' and ' ' .. source.symbol or ''
    table.insert(lines, ('- [%d] %s:%d%s'):format(source.n, source.path, line, name))
  end
  vim.list_extend(lines, { '', ('*%s%s*'):format(answer.model or '', answer.cached and ', answered before' or '') })
  self:set_lines(lines)
  self:hint()
  self:mark()
  vim.api.nvim_exec_autocmds('User', { pattern = 'WhereinAnswered', modeline = false, data = { buffer = self.buffer } })
end

function Answer:mark()
  self.marks = citations.find(vim.api.nvim_buf_get_lines(self.buffer, 0, -1, false), self.sources)
  for _, each in ipairs(self.marks) do
    vim.api.nvim_buf_set_extmark(self.buffer, space, each.row, each.from, {
      end_col = each.to,
      hl_group = 'WhereinCitation',
    })
  end
end

--- Nothing more comes: what was said stays, and why it ended stands behind it.
---@param problem wherein.Problem
function Answer:fail(problem)
  local sentence = say.sentence(problem)
  if self.text == '' then
    self:set_lines({ sentence })
    self:hint()
  else
    self:hint(sentence)
  end
  if self.text ~= '' or not (self.window and vim.api.nvim_win_is_valid(self.window)) then
    say.problem(problem) -- else it is what the window shows
  end
end

--- Ask no further; what was said stays.
function Answer:stop()
  if self.call then
    self.call.cancel()
    self.call = nil
    self:hint('stopped; gr asks again')
  end
end

function Answer:close()
  self:stop()
  if self.window and vim.api.nvim_win_is_valid(self.window) then
    local ok = pcall(vim.api.nvim_win_close, self.window, true)
    if not ok then -- it is the last window
      vim.cmd.enew()
    end
  end
  self.window = nil
end

--- The window that code is shown in: the one that was asked from, or another one with code.
function Answer:code_window()
  if vim.api.nvim_win_is_valid(self.origin) and self.origin ~= self.window then
    return self.origin
  end
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if window ~= self.window and vim.api.nvim_win_get_config(window).relative == '' then
      return window
    end
  end
end

--- Go to the source of the citation under the cursor, or of its line.
---@param how? 'split'|'vsplit'|'tab'
function Answer:go(how)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local cited = citations.at(self.marks, row - 1, column)
  if not cited then
    return say.info('There is no source on this line; ]c goes to the next one.')
  end
  local source = self.sources[cited.n]
  local range = source.location.range
  local window = self:code_window()
  if require('wherein.config').get().answer.window == 'float' then
    self:close()
  end
  if window and vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('aboveleft new')
  end
  require('wherein.jump').to({
    filename = vim.uri_to_fname(source.location.uri),
    lnum = range.start.line + 1,
    first = range.start.line + 1,
    last = range['end'].line + 1,
  }, how)
end

function Answer:next(forward)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local found = citations.next(self.marks, row - 1, column, forward)
  if found then
    vim.api.nvim_win_set_cursor(0, { found.row + 1, found.from })
  end
end

function Answer:again()
  self:stop()
  self.params = vim.tbl_extend('force', self.params, { cache = false })
  self:send()
end

function Answer:copy()
  require('wherein.copy')(self.text)
  say.info('The answer is copied.')
end

return M
