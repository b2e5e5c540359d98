-- Where the command is: as it is set, else on PATH, else where its own installer puts it.
local M = {}

M.INSTALL = 'run ./install in a clone of wherein, then :checkhealth wherein'

---@return string[]? command of the language server
---@return wherein.Problem? problem
function M.server()
  local command = vim.deepcopy(require('wherein.config').get().cmd)
  local program = vim.fn.expand(command[1])
  local found = vim.fn.exepath(program)
  if found == '' and command[1] == 'wherein' then
    found = vim.fn.exepath(vim.fn.expand('~/.local/bin/wherein'))
  end
  if found == '' then
    return nil, { message = ('The command %q is not found.'):format(command[1]), remedy = M.INSTALL }
  end
  command[1] = found
  return command
end

--- Run a command of the terminal, such as `wherein hook status`.
---@param arguments string[]
---@param callback fun(done: vim.SystemCompleted)
---@return wherein.Problem? problem
function M.run(arguments, root, callback)
  local command, problem = M.server()
  if not command then
    return problem
  end
  local words = vim.list_extend({ command[1] }, arguments)
  local ok, message = pcall(vim.system, words, { cwd = root, text = true }, vim.schedule_wrap(callback))
  if not ok then
    return { message = ('%s does not run: %s.'):format(command[1], message), remedy = M.INSTALL }
  end
end

return M
