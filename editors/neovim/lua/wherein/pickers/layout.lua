-- Three windows over the editor: what is typed, what is found, what it looks like. The last is beside the list, below
-- it where names and paths would be cut, or nowhere where there is no room.
local M = {}

local WIDTH, HEIGHT = 0.86, 0.8 -- of the editor
local LIST = 0.45 -- of the width, where there is a preview
local LEAST_FOR_PREVIEW = 90 -- columns
local LEAST_BESIDE = 120 -- columns; with fewer, a list of 42 and less cuts both names and paths
local LEAST_BELOW = 24 -- lines

---@return { prompt: table, list: table, preview: table? } arguments of nvim_open_win, but for titles
function M.windows()
  local columns, lines = vim.o.columns, vim.o.lines - vim.o.cmdheight - 1
  local width = math.max(20, math.floor(columns * WIDTH))
  local height = math.max(6, math.floor(lines * HEIGHT))
  local row = math.max(0, math.floor((lines - height) / 2))
  local column = math.max(0, math.floor((columns - width) / 2))
  local below = columns < LEAST_BESIDE and vim.o.lines >= LEAST_BELOW
  local wide = not below and columns >= LEAST_FOR_PREVIEW
  local left = wide and math.floor(width * LIST) or width
  local high = below and 3 + math.floor((height - 3) / 2) or height
  local function window(at_row, at_column, wide_by, high_by)
    return {
      relative = 'editor',
      row = at_row,
      col = at_column,
      width = math.max(1, wide_by - 2),
      height = math.max(1, high_by - 2),
      border = 'rounded',
      style = 'minimal',
      zindex = 60,
    }
  end
  local preview = wide and window(row, column + left, width - left, height)
    or below and window(row + high, column, width, height - high)
  return {
    prompt = window(row, column, left, 3),
    list = window(row + 3, column, left, high - 3),
    preview = preview or nil,
  }
end

return M
