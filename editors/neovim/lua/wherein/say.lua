-- Everything that the user is told: one sentence, and what helps.
local M = {}

---@class wherein.Problem
---@field message string one sentence
---@field remedy? string a command, or what else helps
---@field code? integer of the server's error

-- What the server's remedies are called here: commands of the terminal are commands of the editor.
local COMMANDS = {
  ['wherein.reindex'] = ':Wherein reindex',
  ['wherein index'] = ':Wherein reindex',
  ['wherein index --force'] = ':Wherein! reindex',
  ['wherein status'] = ':Wherein status',
  ['wherein hook install'] = ':Wherein hook install',
}

---@param problem wherein.Problem
---@return string
function M.sentence(problem)
  local remedy = problem.remedy and (COMMANDS[problem.remedy] or problem.remedy)
  local message = problem.message:gsub('%s+$', '')
  return remedy and ('%s → %s'):format(message, remedy) or message
end

---@param problem wherein.Problem
function M.problem(problem)
  vim.notify('wherein: ' .. M.sentence(problem), vim.log.levels.WARN, { title = 'wherein' })
end

---@param message string
function M.info(message)
  vim.notify('wherein: ' .. message, vim.log.levels.INFO, { title = 'wherein' })
end

return M
