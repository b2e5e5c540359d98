-- `:Telescope wherein`: the search, in Telescope whatever picker is set.
local function with_picker(name)
  return function(options)
    require('wherein')[name](options and options.query, { picker = 'telescope' })
  end
end

return require('telescope').register_extension({
  exports = {
    wherein = with_picker('search'),
    search = with_picker('search'),
    symbol = with_picker('symbol'),
    changed = with_picker('changed'),
  },
})
