-- Where the user stands: the file, the line, the repository.
local M = {}

local asked_last ---@type string?

--- With slashes; a `$` in a name is a letter like any other.
local function normal(path)
  return vim.fs.normalize(path, { expand_env = false })
end

---@param buffer integer
---@return string? path of the buffer's file; nil where it has none on this disk
function M.file(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if vim.bo[buffer].buftype ~= '' or name == '' or name:match('^%a[%w+.-]+://') then
    return nil
  end
  return normal(vim.fn.fnamemodify(name, ':p'))
end

--- The repository that a file or folder lies in. `vim.fs.root` would take a `$` in a name for a variable.
---@param path string
---@return string?
function M.repository(path)
  local folder = path
  while folder ~= '' do
    if vim.uv.fs_stat(folder .. '/.git') then
      return folder
    end
    local above = folder:match('^(.*)/[^/]*$')
    folder = above ~= folder and above or ''
  end
end

--- The folder that stands for a file's project: the repository that it lies in, else the working directory, else its
--- own folder.
---@param path string
local function root_of(path)
  local cwd = normal(vim.fn.getcwd())
  local repository = M.repository(path)
  if repository then
    return repository
  end
  return vim.startswith(path, cwd .. '/') and cwd or vim.fs.dirname(path)
end

--- The project that a question from this buffer means. A list, an answer or an empty window belongs to none: then it is
--- that of the working directory, or the one that was asked before.
---@param buffer integer
---@return string
function M.root(buffer)
  local remembered = vim.b[buffer].wherein_root
  local path = M.file(buffer)
  local root = remembered or path and root_of(path)
  if not root then
    local cwd = normal(vim.fn.getcwd())
    root = M.repository(cwd) or asked_last or cwd
  end
  asked_last = root
  return root
end

--- The arguments that name a line of a buffer.
---@param buffer integer
---@param line integer 1-based
---@return table? params
---@return wherein.Problem? problem
function M.params(buffer, line)
  local path = M.file(buffer)
  if not path then
    local name = vim.api.nvim_buf_get_name(buffer)
    if name == '' and vim.bo[buffer].buftype == '' then
      return nil, { message = 'This buffer has no file yet, so nothing of it is indexed.', remedy = ':write FILE' }
    end
    return nil,
      { message = 'This buffer is not a file in a repository.', remedy = 'name a symbol: :Wherein explain NAME' }
  end
  return { uri = vim.uri_from_bufnr(buffer), position = { line = line - 1, character = 0 } }
end

--- What is selected in visual mode, in one line; the mode ends.
---@return string
function M.selected()
  local mode = vim.fn.mode()
  local text = vim.fn.getregion(vim.fn.getpos('v'), vim.fn.getpos('.'), { type = mode })
  M.leave_visual()
  return vim.trim(table.concat(text, '\n'))
end

--- The line that a question is about: the first one of the selection, else the cursor's.
---@return integer
function M.line()
  local line = vim.fn.line('.')
  if vim.fn.mode():match('^[vV\22]') then
    line = math.min(line, vim.fn.line('v'))
    M.leave_visual()
  end
  return line
end

function M.leave_visual()
  vim.api.nvim_feedkeys(vim.keycode('<Esc>'), 'nx', false)
end

return M
