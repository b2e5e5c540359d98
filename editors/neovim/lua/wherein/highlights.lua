-- Names of colours, linked to those that every colour scheme has; a scheme or a user may set them.
local LINKS = {
  WhereinPath = 'Directory',
  WhereinLine = 'LineNr',
  WhereinSymbol = 'Function',
  WhereinKind = 'Type',
  WhereinMatch = 'Search',
  WhereinRange = 'Visual',
  WhereinCitation = 'Special',
  WhereinNote = 'Comment',
}

local function link()
  for name, target in pairs(LINKS) do
    vim.api.nvim_set_hl(0, name, { link = target, default = true })
  end
end

link()
vim.api.nvim_create_autocmd('ColorScheme', {
  group = vim.api.nvim_create_augroup('wherein-highlights', { clear = true }),
  callback = link,
})

return LINKS
