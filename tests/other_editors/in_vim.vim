" What someone does who has followed the page on editors; what is found goes to files in the folder $FOUND.
edit cart.py
silent grep! how is a credit card charged
call writefile(map(getqflist(), {_, each -> bufname(each.bufnr) . ':' . each.lnum}), $FOUND . '/quickfix')

let s:tries = 0
while bufname('%') !~ 'ALEPreview' && s:tries < 30
  edit cart.py
  ALELint
  sleep 500m
  ALESymbolSearch charge_card
  sleep 500m
  let s:tries += 1
endwhile
call writefile(getline(1, '$'), $FOUND . '/symbols')
qa!
