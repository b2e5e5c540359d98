"""A format of traces is searched where it can stand, and nothing of it is missed by that."""

import re
import tomllib

import pytest
from tests.search.test_pasted_traces import TRACES

from wherein.packaged import files
from wherein.search import traces

DATA = tomllib.loads(files("wherein.search").joinpath("traces.toml").read_text("utf-8"))
NAMES = [each["name"] for each in DATA["format"]]

OTHERS = """\
shop/cart.py:7: in total
  1) a test that fails (CartTest)
     test/cart_test.exs:9
     # ./lib/cart.rb:12:in `block in total'
rspec ./spec/cart_spec.rb:4 # Cart adds up
    at Cart.total (/srv/shop/cart.ts:3:9)
created by main.serve in goroutine 1
	/home/u/app/cart.go:33 +0x1d
#1      Cart.total (package:shop/cart.dart:7:9)
package:shop/cart.dart 7:9  Cart.total
3: total(x) at R/cart.R#7
 \u276f total src/cart.test.ts:7:9
	shop/cart.lua:7: in function 'total'
  error, called at src/Cart.hs:7:9 in main:Cart
Cart::total(1) called at lib/Cart.pm line 7
total@https://shop.example/cart.js:7:9
shop/cart.py      12      1    91.7%   7
 cart.ts  |   90.1 |       80 |     100 |   90.1 | 12-14
line 7 of shop/cart.py, shop/cart.py line 7, shop/cart.py(7), shop/cart.py#L7, shop/cart.py#7, shop/cart.py?L7
[ERROR] shop/Cart.java:[7,9] bad
shop/cart.js
  7:1  error
  Line   shop/cart.php
 ------ ------
  7      bad
?path=/shop/cart.py&version=1&line=7
vim +7 shop/cart.py or vim shop/cart.py +7
odd name.py:7
shop/cart.py L7, shop/cart.py, l. 7, shop/cart.py:L7, shop/cart.py\uff1a7
shop/cart.py|7 col 5| error
/home/me/shop/cart.py in total(items)
      5 def total(items):
      6     pass
----> 7     return 1
0a1b2c3d shop/cart.py (A. U. Thor 2026-01-01 10:00:00 +0000 7) return 1
total\tshop/cart.py\t/^def total():$/;"\tf\tline:7
shop/cart.py-7-    return 1
SyntaxError: shop/cart.py: Unexpected token (7:1)
12:00:00 | ERROR | shop.cart:total:7 - bad
::error file=shop/cart.py,line=7::bad
{"file": "shop/cart.py", "line": 7} and "C:\\My shop\\cart.py":7
https://git.example/?p=shop.git;a=blob;f=shop/cart.py;hb=HEAD#l7
http://localhost:8080/shop/cart.js:7:9
line 7: shop/cart.py, the 7th line of shop/cart.py, L7 of shop/cart.py, sed -n 7,9p shop/cart.py
https://source.example/+/main:shop/cart.py;l=7 or Makefile, line 7
shop/cart.py, Zeile 7; Zeile 7 in shop/cart.py; shop/cart.py \u7b2c7\u884c; shop/cart.py@7; shop/cart.py (7)
coverage: shop/cart.py 7-9, 12
{cart,total,1,[{file,"src/cart.erl"},{line,7}]} cart:total/1 (src/cart.erl, line 7)
cannot format shop/cart.py: Cannot parse: 7:9: x; shop/cart.py in total at line 7
```7:9:shop/cart.py
| shop/cart.py | 7 | bad |
Source File: shop/cart.py
Line: 7
FILE: /srv/shop/cart.php
------
FOUND 1 ERROR
------
 7 | ERROR | bad
"""

PROSE = "What this tells of has no place in it, 3 times (or 4): see #12, at 9:30, in line with that.\n"

EVERY = "\n".join((*TRACES.values(), OTHERS))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_format_says_that_it_holds_stands_in_each_of_its_places(name):
    format = traces._formats()[NAMES.index(name)]
    found = [match[0] for match in re.finditer(format.pattern, EVERY, re.MULTILINE)]
    assert found, "an example is missing above"
    for place in found:
        assert re.search(format.holds, place)
        assert place.count("\n") < format.lines
        assert traces._SIGN.search(place)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_found_in_a_long_text_as_if_all_of_it_were_searched(name):
    format = traces._formats()[NAMES.index(name)]
    text = PROSE * 5 + EVERY.replace("\n\n", f"\n{PROSE * 4}\n") + PROSE + "\n" + EVERY
    spans = [match.span() for match in re.finditer(format.pattern, text, re.MULTILINE)]
    around = format.places(text, traces._near(text))
    assert [match.span() for match in around] == spans
