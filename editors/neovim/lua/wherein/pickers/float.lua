-- Our own list, for who has no picker: searched as one types, with a preview.
local history = require('wherein.pickers.history')
local items = require('wherein.items')
local jump = require('wherein.jump')
local layout = require('wherein.pickers.layout')
local live = require('wherein.live')
local preview = require('wherein.preview')
local wrapped = require('wherein.wrapped')

local M = {}

local space = vim.api.nvim_create_namespace('wherein-list')
local notes = vim.api.nvim_create_namespace('wherein-notes')

local SEARCHING = 'searching …'

---@class wherein.Float
---@field source wherein.Source
---@field windows table<string, integer>
---@field buffers table<string, integer>
---@field found wherein.Item[]
---@field asking { ask: fun(query: string): boolean, stop: fun() }
---@field origin integer
---@field closed? boolean
---@field titled string what its prompt is called on screen
---@field recalling wherein.Recalling
local Float = {}
Float.__index = Float

local function scratch()
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].undolevels = -1
  vim.bo[buffer].modifiable = false
  return buffer
end

local function set_lines(buffer, lines)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
end

--- Change what a window is shown with.
---@param window integer
---@param changes table of its configuration
local function configure(window, changes)
  vim.api.nvim_win_set_config(window, vim.tbl_extend('force', vim.api.nvim_win_get_config(window), changes))
end

---@param title string
local function titled(title)
  return title ~= '' and (' %s '):format(title) or ''
end

---@param source wherein.Source
function M.open(source)
  local self = setmetatable({ source = source, found = {}, windows = {}, buffers = {} }, Float)
  self.origin = vim.api.nvim_get_current_win()
  self.recalling = history.recalling(source.title)
  self.asking = live.new(source, function(found, query)
    self:show(found, query)
  end)
  self:open_windows()
  require('wherein.pickers.float_keys').map(self)
  self:follow()
  if source.live then
    vim.api.nvim_buf_set_lines(self.buffers.prompt, 0, -1, false, { source.query })
    vim.cmd.startinsert({ bang = true })
  end
  self:tell(source.query == '' and source.live and 'type what the code does' or SEARCHING)
  self.asking.ask(source.live and source.query or source.title)
end

function Float:open_windows()
  local wanted = layout.windows()
  for _, name in ipairs({ 'preview', 'list', 'prompt' }) do
    local options = wanted[name]
    if options then
      local buffer = scratch()
      if name == 'prompt' then
        vim.bo[buffer].modifiable = self.source.live
        self.titled = self.source.title
        options.title = titled(self.titled)
      end
      self.buffers[name] = buffer
      self.windows[name] = vim.api.nvim_open_win(buffer, name == 'prompt', options)
      vim.wo[self.windows[name]].wrap = false
    end
  end
  vim.bo[self.buffers.prompt].filetype = 'wherein-prompt'
  vim.bo[self.buffers.list].filetype = 'wherein-list'
  vim.b[self.buffers.prompt].wherein_root = self.source.root
  vim.wo[self.windows.list].cursorline = true
  if self.windows.preview then
    vim.wo[self.windows.preview].number = true
  end
end

function Float:prompt()
  return vim.api.nvim_buf_get_lines(self.buffers.prompt, 0, 1, false)[1] or ''
end

function Float:typed()
  self.source.query = self:prompt()
  if self.asking.ask(self.source.query) and not self.found[1] then
    self:tell(SEARCHING) -- a server that starts takes its time
  end
end

function Float:follow()
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'TextChangedP' }, {
    buffer = self.buffers.prompt,
    callback = function()
      self:typed()
    end,
  })
  vim.api.nvim_create_autocmd('WinLeave', {
    buffer = self.buffers.prompt,
    callback = function()
      vim.schedule(function()
        self:close()
      end)
    end,
  })
  vim.api.nvim_create_autocmd('VimResized', {
    buffer = self.buffers.prompt,
    callback = function()
      for name, options in pairs(layout.windows()) do
        if self.windows[name] then
          vim.api.nvim_win_set_config(self.windows[name], options)
        end
      end
    end,
  })
end

--- A word under the list, and sentences below its last line; the first of them beside the word, where there is no room
--- below a list that is full.
---@param word string
---@param sentences? string[]
function Float:tell(word, sentences)
  if not vim.api.nvim_win_is_valid(self.windows.list) then
    return
  end
  local room = vim.api.nvim_win_get_width(self.windows.list) - 2
  local full = vim.api.nvim_buf_line_count(self.buffers.list) >= vim.api.nvim_win_get_height(self.windows.list)
  if full and sentences and sentences[1] then
    word = items.beginning(('%s · %s'):format(word, sentences[1]), room)
  end
  local footer = word ~= '' and { { titled(word), 'WhereinNote' } } or ''
  configure(self.windows.list, { footer = footer, footer_pos = 'left' })
  vim.api.nvim_buf_clear_namespace(self.buffers.list, notes, 0, -1)
  local lines = {}
  for _, sentence in ipairs(sentences or {}) do
    vim.list_extend(lines, { { { '' } } })
    for _, line in ipairs(wrapped(sentence, room)) do
      table.insert(lines, { { ' ' .. line, 'WhereinNote' } })
    end
  end
  if lines[1] then
    local last = vim.api.nvim_buf_line_count(self.buffers.list) - 1
    vim.api.nvim_buf_set_extmark(self.buffers.list, notes, last, 0, { virt_lines = lines })
  end
end

---@param found wherein.Found
---@param query string
function Float:show(found, query)
  if not vim.api.nvim_buf_is_valid(self.buffers.list) then
    return
  end
  if found.problem then
    return self:tell('', { require('wherein.say').sentence(found.problem) }) -- the last results stay
  end
  self.found = found.items
  local width = vim.api.nvim_win_get_width(self.windows.list)
  set_lines(
    self.buffers.list,
    vim.tbl_map(function(item)
      return items.text(item, width)
    end, found.items)
  )
  vim.api.nvim_buf_clear_namespace(self.buffers.list, space, 0, -1)
  for row, item in ipairs(found.items) do
    local column = 0
    for _, piece in ipairs(items.pieces(item, width)) do
      if piece[2] then
        vim.api.nvim_buf_set_extmark(self.buffers.list, space, row - 1, column, {
          end_col = column + #piece[1],
          hl_group = piece[2],
        })
      end
      column = column + #piece[1]
    end
  end
  vim.api.nvim_win_set_cursor(self.windows.list, { 1, 0 })
  local count = #found.items
  local told = count == 0 and (query == '' and 'type what the code does' or 'nothing found') or count .. ' found'
  self:tell(told, found.notes)
  if self.titled ~= self.source.title and vim.api.nvim_win_is_valid(self.windows.prompt) then
    self.titled = self.source.title -- an answer may know it better
    configure(self.windows.prompt, { title = titled(self.titled) })
  end
  self:look()
end

---@return wherein.Item?
function Float:current()
  return self.found[vim.api.nvim_win_get_cursor(self.windows.list)[1]]
end

function Float:look()
  local item = self:current()
  if not self.windows.preview then
    return
  end
  configure(self.windows.preview, { title = titled(item and items.shown_path(item) or '') })
  if item then
    preview.show(self.windows.preview, item)
  else
    set_lines(self.buffers.preview, {})
    vim.b[self.buffers.preview].wherein_shown = nil
  end
end

function Float:move(by)
  local count = #self.found
  if count > 0 then
    self.source.moved = true
    local row = (vim.api.nvim_win_get_cursor(self.windows.list)[1] - 1 + by) % count + 1
    vim.api.nvim_win_set_cursor(self.windows.list, { row, 0 })
    self:look()
  else
    self:recall(-by)
  end
end

--- An earlier query in the place of what is typed.
---@param by integer queries further back
function Float:recall(by)
  local query = self.source.live and history.step(self.recalling, self:prompt(), by)
  if query then
    vim.api.nvim_buf_set_lines(self.buffers.prompt, 0, -1, false, { query })
    vim.api.nvim_win_set_cursor(self.windows.prompt, { 1, #query })
    self:typed()
  end
end

function Float:scroll(keys)
  if self.windows.preview then
    vim.api.nvim_win_call(self.windows.preview, function()
      vim.cmd.normal({ vim.keycode(keys), bang = true })
    end)
  end
end

--- Close, and do something in normal mode: leaving insert mode moves the cursor of the window that one is in then.
---@param action fun()
function Float:close_and(action)
  if vim.fn.mode() ~= 'i' then
    self:close()
    return action()
  end
  vim.api.nvim_create_autocmd('InsertLeave', {
    buffer = self.buffers.prompt,
    once = true,
    callback = vim.schedule_wrap(function()
      self:close()
      action()
    end),
  })
  vim.cmd.stopinsert()
end

function Float:choose(how)
  local item = self:current()
  if item then
    self:close_and(function()
      jump.to(item, how)
    end)
  end
end

--- Its place as `path:line`, as terminals and messages want it.
function Float:copy()
  local item = self:current()
  if item then
    local place = ('%s:%d'):format(item.path, item.lnum)
    require('wherein.copy')(place)
    self:tell(place .. ' is copied')
  end
end

function Float:to_quickfix()
  local found, query = self.found, self.source.query
  if found[1] then
    self:close_and(function()
      require('wherein.pickers.quickfix').fill(found, query ~= '' and query or self.source.title)
    end)
  end
end

function Float:close()
  if self.closed then
    return
  end
  self.closed = true
  if self.source.live then
    history.add(self.recalling.title, self.source.query)
  end
  self.asking.stop()
  vim.cmd.stopinsert()
  for _, window in pairs(self.windows) do
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_win_close(window, true)
    end
  end
  if vim.api.nvim_win_is_valid(self.origin) then
    vim.api.nvim_set_current_win(self.origin)
  end
end

return M
