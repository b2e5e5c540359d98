-- A few letters on the state of the index, for a status line. Costs nothing while no server runs.
local M = {}

--- The state of what is told last: '' where there is nothing to tell.
---@return string
function M.text()
  if not package.loaded['wherein.server'] then
    return ''
  end
  local place, server = require('wherein.place'), require('wherein.server')
  local handlers = require('wherein.handlers')
  local file = place.file(vim.api.nvim_get_current_buf())
  for _, client in ipairs(server.clients()) do
    if not file or client.root_dir and vim.startswith(file, client.root_dir:gsub('/$', '') .. '/') then
      local known = handlers.known(client.id)
      local _, percentage = next(known.progress)
      if percentage then
        return type(percentage) == 'number' and ('wherein %d%%%%'):format(percentage) or 'wherein …'
      end
      return M.of_state(known.state or {}, known.index or {})
    end
  end
  return ''
end

---@param state table as the server told it last
---@param index table likewise
function M.of_state(state, index)
  if state.state == 'failed' or state.store == 'away' then
    return 'wherein !'
  end
  local behind = vim.tbl_get(index, 'index', 'behind')
  return type(behind) == 'number' and behind > 0 and ('wherein -%d'):format(behind) or 'wherein'
end

return M
