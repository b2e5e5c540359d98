-- Text for other places: into the register that pastes it here, and to the system's clipboard where there is one.
---@param text string
return function(text)
  vim.fn.setreg('"', text)
  if vim.fn.has('clipboard') == 1 then
    vim.fn.setreg('+', text)
  end
end
