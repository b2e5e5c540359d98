-- The life of the language servers, one a project: found or started at the first question, watched, ended.
local compat = require('wherein.compat')
local config = require('wherein.config')

local M = {}

M.VERSION = '0.1.0'

local NAME = 'wherein'
local LOOK_EVERY = 15 -- milliseconds between two looks at a server that starts
local HEALTH = ':checkhealth wherein'

---@class wherein.Life what is known of a project's server beside Neovim's client
---@field root string
---@field id? integer
---@field ended? { code: integer, signal: integer }
---@field garbage? string what it said that was no message
---@field stopping? boolean the user wants its end
---@field version? string
---@field warned? boolean
---@field starting? boolean the process runs, and has not answered yet
---@field waiting? function[] who wants to know when it does

---@type table<string, wherein.Life>
local lives = {}

---@return wherein.Life
local function life_of(root)
  lives[root] = lives[root] or { root = root }
  return lives[root]
end

--- A function in the place of `cmd`: the process is started as ever, but its end and what it prints that is no message
--- are told by us, in a sentence.
---@param root? string
local function start_process(root)
  return function(dispatchers, client_config)
    local life = life_of(root or client_config and client_config.root_dir or vim.fn.getcwd())
    life.ended, life.garbage, life.stopping, life.starting = nil, nil, nil, true
    local command, problem = require('wherein.command_line').server()
    if not command then
      error(require('wherein.say').sentence(problem), 0)
    end
    local on_exit = dispatchers.on_exit
    dispatchers.on_exit = function(code, signal)
      life.ended, life.starting = { code = code, signal = signal }, nil
      if life.stopping then
        return on_exit(code, signal)
      end
      on_exit(0, 0) -- what Neovim itself would say of another end, the next question says better
    end
    dispatchers.on_error = function(_, problem_text)
      life.garbage = life.garbage or vim.inspect(problem_text)
      require('vim.lsp.log').error('wherein', problem_text)
    end
    return vim.lsp.rpc.start(command, dispatchers) -- its folder goes with `initialize`
  end
end

local function capabilities()
  local ours = vim.lsp.protocol.make_client_capabilities()
  ours.window.workDoneProgress = true
  return ours
end

---@param root? string
function M.client_config(root)
  local handlers = require('wherein.handlers')
  return {
    name = NAME,
    cmd = start_process(root),
    root_dir = root,
    workspace_folders = root and { { uri = vim.uri_from_fname(root), name = root } } or nil,
    init_options = vim.tbl_deep_extend('force', config.get().settings, {
      notify = { 'wherein/indexChanged', 'wherein/stateChanged' },
    }),
    capabilities = capabilities(),
    handlers = handlers.all,
    commands = handlers.commands,
    on_init = function(client, result)
      local life = life_of(client.root_dir or root or vim.fn.getcwd())
      life.starting = nil
      life.version = vim.tbl_get(result, 'serverInfo', 'version')
      require('wherein.highlights')
    end,
  }
end

--- The configuration of `lsp/wherein.lua`.
function M.enabled()
  local made = M.client_config()
  made.root_markers = { '.git' }
  made.workspace_required = true
  return made
end

---@return vim.lsp.Client? client of a project that answers already
function M.running(root)
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
    if client.root_dir == root and client.initialized and not compat.stopped(client) then
      return client
    end
  end
end

---@return vim.lsp.Client[]
function M.clients()
  return vim.lsp.get_clients({ name = NAME })
end

---@return wherein.Life
function M.life(root)
  return life_of(root)
end

--- Let the server know a file as it stands in the editor, with unsaved changes.
---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  local path = require('wherein.place').file(buffer)
  local inside = path and client.root_dir and vim.startswith(path, client.root_dir .. '/')
  if inside and vim.api.nvim_buf_is_loaded(buffer) and not vim.lsp.buf_is_attached(buffer, client.id) then
    vim.lsp.buf_attach_client(buffer, client.id)
  end
end

local function attach_files(client)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    M.attach(client, buffer)
  end
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'BufFilePost' }, {
    group = vim.api.nvim_create_augroup('wherein-' .. client.id, { clear = true }),
    callback = function(event)
      if compat.stopped(client) then
        return true
      end
      M.attach(client, event.buf)
    end,
  })
end

--- A server that was made from another release still answers most of what it is asked: said once.
local function check_version(life)
  local theirs = life.version
  if not theirs or life.warned or vim.startswith(theirs, M.VERSION:match('^%d+%.%d+%.')) then
    return
  end
  life.warned = true
  require('wherein.say').problem({
    message = ('The server is wherein %s, this plugin is made for %s.'):format(theirs, M.VERSION),
    remedy = 'update both: git pull && ./install && ./install neovim',
  })
end

---@param life wherein.Life
---@return wherein.Problem
function M.why_ended(life)
  local ended = life.ended
  if life.garbage then
    return { message = 'The server printed something that is not a message of its protocol.', remedy = HEALTH }
  end
  if ended and ended.signal ~= 0 then
    local message = ('The server was ended by signal %d.'):format(ended.signal)
    return { message = message, remedy = 'ask again, it will be restarted' }
  end
  local code = ended and ended.code or 0
  return { message = ('The server ended by itself, with the exit code %d.'):format(code), remedy = HEALTH }
end

---@param client vim.lsp.Client
local function give_up(client)
  compat.stop(client, true)
end

--- Wait until a started server answers, without blocking.
local function watch_start(life, callback)
  local timer = assert(vim.uv.new_timer())
  local began = vim.uv.now()
  local patience = config.get().start_timeout
  local function done(client, problem)
    timer:stop()
    timer:close()
    callback(client, problem)
  end
  timer:start(
    LOOK_EVERY,
    LOOK_EVERY,
    vim.schedule_wrap(function()
      if timer:is_closing() then
        return
      end
      local client = M.running(life.root)
      if client then
        attach_files(client)
        check_version(life)
        done(client)
      elseif life.ended then
        done(nil, M.why_ended(life))
      elseif vim.uv.now() - began > patience or life.garbage then
        local hanging = life.id and vim.lsp.get_client_by_id(life.id)
        if hanging then
          give_up(hanging)
        end
        life.starting = nil
        done(nil, life.garbage and M.why_ended(life) or {
          message = ('The server has not answered for %g seconds.'):format(patience / 1000),
          remedy = HEALTH,
        })
      end
    end)
  )
end

--- The server of a project, started where it does not run.
---@param root string
---@param callback fun(client?: vim.lsp.Client, problem?: wherein.Problem)
function M.ready(root, callback)
  local client = M.running(root)
  if client then
    return callback(client)
  end
  local life = life_of(root)
  if life.waiting then
    table.insert(life.waiting, callback)
    return
  end
  local command, problem = require('wherein.command_line').server()
  if not command then
    return callback(nil, problem)
  end
  life.ended, life.garbage, life.waiting = nil, nil, { callback }
  local function answer(started, why)
    local waiting = life.waiting or {}
    life.waiting = nil
    for _, each in ipairs(waiting) do
      each(started, why)
    end
  end
  if not life.starting then -- else `vim.lsp.enable` has started it a moment ago
    local id, message = compat.start(M.client_config(root))
    life.id = id
    if not id then
      life.starting = nil
      return answer(nil, {
        message = ('%s does not run%s.'):format(command[1], message and ': ' .. message or ''),
        remedy = HEALTH,
      })
    end
  end
  watch_start(life, answer)
end

--- Start with the first file of a repository, where the user wants that.
function M.file_opened(buffer)
  local path = require('wherein.place').file(buffer)
  local root = path and require('wherein.place').repository(path)
  if root then
    M.ready(root, function(_, problem)
      if problem then
        require('wherein.say').problem(problem)
      end
    end)
  end
end

--- End the server of a project; without one, all.
---@param root? string
---@return boolean whether there was one
function M.stop(root)
  local found = false
  for _, client in ipairs(M.clients()) do
    if not root or client.root_dir == root then
      found = true
      life_of(client.root_dir or '').stopping = true
      compat.stop(client)
    end
  end
  return found
end

return M
