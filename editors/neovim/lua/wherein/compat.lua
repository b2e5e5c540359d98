-- What Neovim 0.10 spells in another way than 0.11 and later.
local M = {}

local new = vim.fn.has('nvim-0.11') == 1

function M.request(client, method, params, handler)
  if new then
    return client:request(method, params, handler)
  end
  return client.request(method, params, handler)
end

function M.cancel(client, id)
  if new then
    return client:cancel_request(id)
  end
  return client.cancel_request(id)
end

function M.stopped(client)
  if new then
    return client:is_stopped()
  end
  return client.is_stopped()
end

---@param force? boolean end the process, wait for nothing
function M.stop(client, force)
  if new then
    return client:stop(force)
  end
  return client.stop(force)
end

---@return integer? id of the client, which is attached to nothing
---@return string? problem
function M.start(config)
  if new then
    return vim.lsp.start(config, { attach = false, silent = true })
  end
  return vim.lsp.start_client(config)
end

--- Byte offset (0-based) of a column that a server counted in its units.
function M.byte(text, encoding, column)
  if encoding == 'utf-8' then
    return math.min(column, #text)
  end
  local ok, byte
  if new then
    ok, byte = pcall(vim.str_byteindex, text, encoding, column, false)
  else
    ok, byte = pcall(vim.str_byteindex, text, column, encoding == 'utf-16')
  end
  return ok and byte or #text
end

--- The column of a byte (0-based) in a server's units.
function M.column(text, encoding, byte)
  if encoding == 'utf-8' then
    return byte
  end
  if new then
    return vim.str_utfindex(text, encoding, byte, false)
  end
  local points, pairs_of_bytes = vim.str_utfindex(text, math.min(byte, #text))
  return encoding == 'utf-16' and pairs_of_bytes or points
end

--- A path below a folder as the user would write it; others whole.
function M.relative(folder, path)
  local start = folder:gsub('/$', '') .. '/'
  return vim.startswith(path, start) and path:sub(#start + 1) or path
end

return M
