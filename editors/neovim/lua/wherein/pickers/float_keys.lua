-- The keys of our own list.
local M = {}

---@param float wherein.Float
function M.map(float)
  local function map(modes, keys, action)
    for _, key in ipairs(keys) do
      vim.keymap.set(modes, key, action, { buffer = float.buffers.prompt, nowait = true })
    end
  end
  local both = { 'n', 'i' }
  local function go(how)
    return function()
      float:choose(how)
    end
  end
  local function move(by)
    return function()
      float:move(by)
    end
  end
  map(both, { '<CR>' }, go())
  map(both, { '<C-x>', '<C-s>' }, go('split'))
  map(both, { '<C-v>' }, go('vsplit'))
  map(both, { '<C-t>' }, go('tab'))
  map(both, { '<C-n>', '<Down>', '<C-j>' }, move(1))
  map(both, { '<C-p>', '<Up>', '<C-k>' }, move(-1))
  local function recall(by)
    return function()
      float:recall(by)
    end
  end
  map(both, { '<C-Up>', '<M-p>' }, recall(1))
  map(both, { '<C-Down>', '<M-n>' }, recall(-1))
  map('n', { 'j' }, move(1))
  map('n', { 'k' }, move(-1))
  map(both, { '<C-d>' }, function()
    float:scroll('<C-d>')
  end)
  map(both, { '<C-u>' }, function()
    float:scroll('<C-u>')
  end)
  map(both, { '<C-q>' }, function()
    float:to_quickfix()
  end)
  map(both, { '<C-y>' }, function()
    float:copy()
  end)
  map(both, { '<C-c>' }, function()
    float:close_and(function() end)
  end)
  map('n', { '<Esc>', 'q' }, function()
    float:close()
  end)
end

return M
