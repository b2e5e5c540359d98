--- A sentence in lines of at most so many columns.
---@param sentence string
---@param width integer
---@return string[]
return function(sentence, width)
  local lines = { '' }
  for word in sentence:gmatch('%S+') do
    local line = lines[#lines] == '' and word or lines[#lines] .. ' ' .. word
    if vim.fn.strdisplaywidth(line) > width and lines[#lines] ~= '' then
      table.insert(lines, word)
    else
      lines[#lines] = line
    end
  end
  return lines
end
