-- For `vim.lsp.enable('wherein')`, Neovim 0.11 and later: the server then runs for every file of a repository.
return require('wherein.server').enabled()
