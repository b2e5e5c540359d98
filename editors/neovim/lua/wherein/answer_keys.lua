-- The keys of an answer's window.
local M = {}

local HELP = {
  '<CR>, gf, gd   go to the source under the cursor',
  ']c, [c         next, previous source',
  'ga             ask a follow-up',
  'gp             see what was sent',
  'gr             ask the model again',
  'gy             copy the answer',
  'gs, <C-c>      stop',
  'q, <Esc>       close; :Wherein resume shows it again',
}

---@param answer wherein.Answer
function M.map(answer)
  local function map(keys, action, description)
    for _, key in ipairs(keys) do
      vim.keymap.set('n', key, action, { buffer = answer.buffer, nowait = true, desc = 'wherein: ' .. description })
    end
  end
  map({ '<CR>', 'gf', 'gd' }, function()
    answer:go()
  end, 'go to the source')
  map({ '<C-w>f', '<C-x>' }, function()
    answer:go('split')
  end, 'go to the source in a split')
  map({ ']c' }, function()
    answer:next(true)
  end, 'next source')
  map({ '[c' }, function()
    answer:next(false)
  end, 'previous source')
  map({ '<C-c>', 'gs' }, function()
    answer:stop()
  end, 'stop')
  map({ 'q', '<Esc>' }, function()
    answer:close()
  end, 'close')
  map({ 'gr' }, function()
    answer:again()
  end, 'ask the model again')
  map({ 'gp' }, function()
    require('wherein.prompt').open(answer, true)
  end, 'see what was sent')
  map({ 'gy' }, function()
    answer:copy()
  end, 'copy the answer')
  map({ 'ga' }, function()
    require('wherein.ask').on(answer)
  end, 'ask on')
  map({ 'g?' }, function()
    vim.api.nvim_echo({ { table.concat(HELP, '\n') } }, false, {})
  end, 'help')
end

return M
