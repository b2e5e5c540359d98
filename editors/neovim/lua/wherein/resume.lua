-- The last list or answer, to be shown again.
local M = {}

local show ---@type fun()?

---@param again fun()
function M.remember(again)
  show = again
end

function M.again()
  if not show then
    return require('wherein.say').problem({ message = 'Nothing was asked yet.', remedy = ':Wherein search' })
  end
  show()
end

return M
