-- The plugin's functions. Each reads what it needs when it is called.
local M = {}

--- Set what differs from the defaults (`:help wherein-settings`). Need not be called.
---@param options? table
function M.setup(options)
  require('wherein.config').set(options)
end

--- Search code by what it does.
---@param query? string
---@param options? wherein.FindOptions
function M.search(query, options)
  require('wherein.find').search(query, options)
end

--- Go to a definition by its name, or a part of it.
---@param name? string
---@param options? wherein.FindOptions
function M.symbol(name, options)
  require('wherein.find').symbol(name, options)
end

--- Find code like that at the cursor, or like a symbol's.
---@param symbol? string
---@param options? wherein.FindOptions
function M.related(symbol, options)
  require('wherein.find').related(symbol, options)
end

--- Find who calls what the cursor is on, or a symbol.
---@param symbol? string
---@param options? wherein.FindOptions
function M.callers(symbol, options)
  require('wherein.find').callers(symbol, options)
end

--- Find what is called by what the cursor is on, or by a symbol.
---@param symbol? string
---@param options? wherein.FindOptions
function M.callees(symbol, options)
  require('wherein.find').callees(symbol, options)
end

--- List the definitions that changed on this branch, or since a revision.
---@param query? string
---@param options? { since?: string, picker?: string }
function M.changed(query, options)
  require('wherein.find').changed(query, options)
end

--- Have the code at the cursor, the selection, or a symbol explained.
---@param symbol? string
---@param options? { prompt?: boolean }
function M.explain(symbol, options)
  require('wherein.ask').explain(symbol, options)
end

--- Ask a question about the code.
---@param question? string
---@param options? { prompt?: boolean }
function M.ask(question, options)
  require('wherein.ask').ask(question, options)
end

--- Show the last list or answer again.
function M.resume()
  require('wherein.resume').again()
end

--- Bring the index up to date now.
---@param options? { force?: boolean } `force` makes it anew
function M.reindex(options)
  require('wherein.manage').reindex(options)
end

--- Show what is indexed, and how fresh.
function M.status()
  require('wherein.manage').status()
end

--- Look at git's hooks, put them there, or take them out.
---@param what? 'status'|'install'|'uninstall'
function M.hook(what)
  require('wherein.manage').hook(what)
end

--- Stop the servers and start this project's again.
function M.restart()
  require('wherein.manage').restart()
end

--- End the servers.
function M.stop()
  require('wherein.manage').stop()
end

--- A few letters for a status line.
---@return string
function M.statusline()
  if not package.loaded['wherein.server'] then
    return ''
  end
  return require('wherein.statusline').text()
end

--- Ask the server of this buffer's project anything of its protocol.
---@param method string such as 'wherein/search'
---@param params table
---@param callback fun(answer?: table, problem?: wherein.Problem)
---@param on_piece? fun(piece: table)
---@return wherein.Call with `cancel()`
function M.request(method, params, callback, on_piece)
  local root = require('wherein.place').root(vim.api.nvim_get_current_buf())
  return require('wherein.request').send(root, method, params, callback, on_piece)
end

return M
