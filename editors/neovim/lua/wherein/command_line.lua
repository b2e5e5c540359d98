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

return M
