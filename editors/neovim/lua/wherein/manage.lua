-- What is about the index itself: made anew, looked at, kept fresh by git's hooks.
local place = require('wherein.place')
local request = require('wherein.request')
local say = require('wherein.say')

local M = {}

local LOOK_EVERY = 500 -- milliseconds between two looks at an index that is being made

local function here()
  return place.root(vim.api.nvim_get_current_buf())
end

---@param options? { force?: boolean }
function M.reindex(options)
  local force = options and options.force or nil
  say.info(force and 'Rebuilding the index …' or 'Bringing the index up to date …')
  request.send(here(), 'wherein/reindex', { force = force }, function(answer, problem)
    if not answer then
      return say.problem(problem --[[@as wherein.Problem]])
    end
    local files = 0
    for _, report in ipairs(answer.reports) do
      files = files + (report.files_added or 0) + (report.files_changed or 0) + (report.files_removed or 0)
    end
    say.info(('Indexed: %d files had changed.'):format(files))
  end)
end

local function number(value)
  local text = tostring(value):reverse():gsub('(%d%d%d)', '%1,'):reverse()
  return (text:gsub('^,', ''))
end

--- A repository without the commit that tells it from others whose folder has its name.
---@param repository string
---@return string
local function short_name(repository)
  local short = repository:match('^(.+)@%x+$')
  local length = short and #repository - #short - 1 or 0
  return length >= 8 and length <= 12 and short or repository
end

--- A branch, or the files on disk.
---@param view string
---@return string
local function view_name(view)
  return view:match('^ref:(.+)$') or (view:match('^worktree:') and 'files on disk') or view
end

--- What is known of one repository, in lines.
---@param told table
---@return string[]
local function status_lines(told)
  local index = told.index
  local progress = told.progress
  local lines = {
    '# ' .. (index.repository and short_name(index.repository) or vim.uri_to_fname(told.root)),
    '',
    'folder     ' .. vim.uri_to_fname(told.root),
    'view       '
      .. (index.view and view_name(index.view) or 'none yet')
      .. (index.commit and ' at ' .. index.commit:sub(1, 12) or ''),
    ('indexed    %s files'):format(number(told.files or 0)),
    'store      ' .. tostring(index.store or 'none yet'),
    'model      ' .. tostring(index.model or 'none yet'),
  }
  local fresh = not index.complete and 'not complete yet'
    or index.behind == 0 and 'up to date'
    or index.behind and ('%d files behind'):format(index.behind)
    or 'not looked at since the last change'
  if told.updating then
    fresh = progress and ('indexing, %s of %s files'):format(number(progress.files_done), number(progress.files_total))
      or 'indexing'
  end
  table.insert(lines, 'fresh      ' .. fresh)
  local skipped = 0
  for _, each in pairs(told.skipped or {}) do
    skipped = skipped + (type(each) == 'number' and each or 1)
  end
  if skipped > 0 then
    table.insert(lines, ('left out   %s files; `wherein files --skipped` says why'):format(number(skipped)))
  end
  if told.problem then
    vim.list_extend(lines, { '', say.sentence(told.problem) })
  end
  return lines
end

function M.set_lines(buffer, lines)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
end

--- A text in a small window that q closes.
---@param title string
---@param lines string[]
---@return integer buffer
function M.note(title, lines)
  local width = 40
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line) + 1)
  end
  width = math.min(width, vim.o.columns - 4)
  local rows = 0 -- long lines are wrapped: of a store in a deep folder, for one
  for _, line in ipairs(lines) do
    rows = rows + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  local height = math.max(1, math.min(rows, vim.o.lines - 6))
  local buffer = vim.api.nvim_create_buf(false, true)
  M.set_lines(buffer, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = 'markdown'
  local window = vim.api.nvim_open_win(buffer, true, {
    relative = 'editor',
    row = math.max(0, math.floor((vim.o.lines - height) / 2) - 2),
    col = math.max(0, math.floor((vim.o.columns - width) / 2) - 1),
    width = width,
    height = height,
    border = 'rounded',
    style = 'minimal',
    title = (' %s '):format(title),
  })
  for _, key in ipairs({ 'q', '<Esc>', '<CR>' }) do
    vim.keymap.set('n', key, function()
      vim.api.nvim_win_close(window, true)
    end, { buffer = buffer, nowait = true })
  end
  return buffer
end

--- Ask for the state of all that is open, until nothing of it is being indexed.
---@param root string
---@param on_lines fun(lines: string[]): boolean whether there is still somebody to tell
local function follow_status(root, on_lines)
  request.send(root, 'wherein/status', vim.empty_dict(), function(answer, problem)
    if not answer then
      return say.problem(problem --[[@as wherein.Problem]])
    end
    local lines, busy = {}, false
    for _, told in ipairs(answer.indexes) do
      vim.list_extend(lines, lines[1] and { '' } or {})
      vim.list_extend(lines, status_lines(told))
      busy = busy or told.updating
    end
    if on_lines(lines) and busy then
      vim.defer_fn(function()
        follow_status(root, on_lines)
      end, LOOK_EVERY)
    end
  end)
end

function M.status()
  local buffer ---@type integer?
  follow_status(here(), function(lines)
    if not buffer then
      buffer = M.note('wherein', lines)
      return true
    end
    if vim.api.nvim_buf_is_valid(buffer) then
      M.set_lines(buffer, lines)
      return true
    end
    return false
  end)
end

M.HOOK_COMMANDS = { 'status', 'install', 'uninstall' }

--- Lines of cells parted by tabs, the first cells as wide as each other.
---@param lines string[]
---@return string[]
local function in_columns(lines)
  local width = 0
  for _, line in ipairs(lines) do
    width = math.max(width, #(line:match('^([^\t]*)\t') or ''))
  end
  return vim.tbl_map(function(line)
    local first, rest = line:match('^([^\t]*)\t(.*)$')
    return first and first .. (' '):rep(width - #first + 2) .. rest:gsub('\t', '  ') or line
  end, lines)
end

---@param what? 'status'|'install'|'uninstall'
function M.hook(what)
  what = what or 'status'
  if not vim.tbl_contains(M.HOOK_COMMANDS, what) then
    local known = table.concat(M.HOOK_COMMANDS, ', ')
    return say.problem({ message = ('There is no hook %s; there are %s.'):format(what, known) })
  end
  request.send(here(), 'wherein/hook', { action = what }, function(answer, problem)
    if answer then
      M.note('git hook: ' .. what, in_columns(vim.split(vim.trim(answer.text), '\n')))
    else
      say.problem(problem --[[@as wherein.Problem]])
    end
  end)
end

function M.stop()
  local stopped = require('wherein.server').stop()
  say.info(stopped and 'The server was stopped.' or 'No server is running.')
end

--- Stop the servers and start this project's again.
function M.restart()
  local server = require('wherein.server')
  local root = here()
  server.stop()
  local tries = 0
  local function start()
    tries = tries + 1
    if #server.clients() > 0 and tries < 100 then
      return vim.defer_fn(start, 50)
    end
    server.ready(root, function(client, problem)
      if client then
        say.info('The server is running again.')
      else
        say.problem(problem --[[@as wherein.Problem]])
      end
    end)
  end
  start()
end

return M
