std = "luajit"
cache = false
max_line_length = 120
read_globals = { "vim", "Snacks", "MiniPick" }
globals = { "vim.g", "vim.b", "vim.bo", "vim.wo", "vim.o", "vim.ui" }
