-- `:checkhealth wherein`: what the plugin needs, found or not, and what to do about it.
local M = {}

local PATIENCE = 15000 -- milliseconds for the command to tell its version, or what is wrong

local function run(command, arguments)
  local ok, done = pcall(function()
    return vim.system(vim.list_extend({ command }, arguments), { text = true }):wait(PATIENCE)
  end)
  return ok and done or { code = -1, stdout = '', stderr = tostring(done) }
end

local function check_editor(health)
  health.start('Neovim')
  if vim.fn.has('nvim-0.10') == 1 then
    health.ok(('Neovim %s'):format(tostring(vim.version())))
  else
    health.error(('Neovim %s is too old.'):format(tostring(vim.version())), { 'install 0.10 or newer' })
  end
end

---@return string? command
local function check_command(health)
  health.start('The command wherein')
  local line = require('wherein.command_line')
  local command, problem = line.server()
  if not command then
    problem = problem or { message = '?' }
    local named = "or name it: require('wherein').setup { cmd = { '/path/to/wherein', 'lsp' } }"
    health.error(problem.message, { problem.remedy, named })
    return nil
  end
  local done = run(command[1], { '--version' })
  local version = done.stdout:match('(%d+%.%d+[%w.]*)')
  if done.code ~= 0 or not version then
    local said = vim.trim(done.stderr .. done.stdout):match('[^\n]*')
    health.error(('%s does not tell its version: %s'):format(command[1], said), { line.INSTALL })
    return nil
  end
  local ours = require('wherein.server').VERSION
  if vim.startswith(version, ours:match('^%d+%.%d+%.')) then
    health.ok(('%s is wherein %s'):format(command[1], version))
  else
    health.warn(
      ('%s is wherein %s, this plugin is made for %s.'):format(command[1], version, ours),
      { 'git pull && ./install && ./install neovim' }
    )
  end
  return command[1]
end

local function check_servers(health)
  health.start('Running servers')
  local server = require('wherein.server')
  local clients = server.clients()
  if not clients[1] then
    health.info('none: one is started at the first question')
  end
  for _, client in ipairs(clients) do
    health.ok(('%s, wherein %s'):format(client.root_dir, server.life(client.root_dir).version or '?'))
  end
end

local function check_pickers(health)
  health.start('Lists')
  local pickers, config = require('wherein.pickers'), require('wherein.config')
  local set = config.get().picker
  local found = set == 'auto' and (', which is %s here'):format(pickers.found()) or ''
  health.ok(('picker = %q%s'):format(set, found))
end

--- What the command itself finds wrong: the store, the model, the language model's server.
local function check_doctor(health, command)
  health.start('wherein doctor')
  local done = run(command, { 'doctor' })
  local text = vim.trim(done.stdout ~= '' and done.stdout or done.stderr)
  for line in vim.gsplit(text, '\n') do
    if line:match('%S') then
      health.info(line)
    end
  end
  if done.code ~= 0 then
    health.error('wherein doctor found a problem; see above.')
  end
end

function M.check()
  local health = vim.health
  check_editor(health)
  local command = check_command(health)
  check_servers(health)
  check_pickers(health)
  if command then
    check_doctor(health, command)
  end
end

return M
