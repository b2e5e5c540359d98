"""Each runner of tests lists frames in its own order: places come out innermost first, one failure after the other."""

import os
import subprocess
import sys

import pytest

from wherein.search.traces import frames

OUTPUTS = {
    "pytest": (
        """\
============ FAILURES ============
__________________ test_outer __________________

    def test_outer():
>       outer(1)

tests/test_a.py:5:\x20
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

x = 1

    def outer(x):
>       return inner(x)

src/a.py:9:\x20
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def inner(x):
>       raise ValueError("bad")
E       ValueError: bad

src/b.py:3: ValueError
------------ Captured log call -------------
INFO     root:log.py:33 hello
=========== short test summary info ============
FAILED tests/test_a.py::test_outer - ValueError: bad
""",
        ["src/b.py:3", "src/a.py:9", "tests/test_a.py:5", "log.py:33"],
    ),
    "pytest, short": (
        """\
tests/test_a.py:5: in test_outer
    outer(1)
src/a.py:9: in outer
    return inner(x)
src/b.py:3: in inner
    raise ValueError("bad")
E   ValueError: bad
""",
        ["src/b.py:3", "src/a.py:9", "tests/test_a.py:5"],
    ),
    "two tests of pytest": (
        """\
__________________ test_one __________________
tests/test_a.py:5: in test_outer
    outer(1)
src/a.py:9: in outer
E   ValueError: bad
__________________ test_two __________________
tests/test_b.py:5: in test_outer
    outer(1)
src/c.py:9: in outer
E   ValueError: bad
""",
        ["src/a.py:9", "tests/test_a.py:5", "src/c.py:9", "tests/test_b.py:5"],
    ),
    "unittest": (
        """\
FAIL: test_x (tests.test_a.T)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/x/tests/test_a.py", line 5, in test_x
    self.assertEqual(f(), 1)
  File "/x/src/a.py", line 7, in f
AssertionError: 2 != 1

======================================================================
ERROR: test_y (tests.test_a.T)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/x/tests/test_a.py", line 15, in test_y
  File "/x/src/b.py", line 17, in g
""",
        ["/x/src/a.py:7", "/x/tests/test_a.py:5", "/x/src/b.py:17", "/x/tests/test_a.py:15"],
    ),
    "faulthandler": (
        """\
Fatal Python error: Segmentation fault

Current thread 0x0001 (most recent call first):
  File "/x/src/b.py", line 3 in inner
  File "/x/src/a.py", line 9 in outer
""",
        ["/x/src/b.py:3", "/x/src/a.py:9"],
    ),
    "Jest": (
        """\
  \u25cf adds \u203a two

    expect(received).toBe(expected)

      3 | test("x", () => {
    > 4 |   expect(add(1)).toBe(2)

      at inner (src/inner.js:3:9)
      at Object.<anonymous> (src/a.test.js:4:18)
""",
        ["src/inner.js:3", "src/a.test.js:4"],
    ),
    "Vitest": (
        """\
 FAIL  src/a.test.ts > adds
Error: bad
 \u276f inner src/inner.ts:3:9
 \u276f src/a.test.ts:4:18
""",
        ["src/inner.ts:3", "src/a.test.ts:4"],
    ),
    "ExUnit": (
        """\
  1) test adds (ATest)
     test/a_test.exs:5
     ** (RuntimeError) bad
     code: A.add(1)
     stacktrace:
       (a 0.1.0) lib/a.ex:3: A.add/1
       test/a_test.exs:6: (test)
""",
        ["lib/a.ex:3", "test/a_test.exs:6", "test/a_test.exs:5"],
    ),
    "RSpec": (
        """\
  1) Thing does
     Failure/Error: raise "bad"

     RuntimeError:
       bad
     # ./lib/a.rb:3:in `inner'
     # ./lib/a.rb:7:in `outer'
     # ./spec/a_spec.rb:5:in `block (2 levels) in <top (required)>'

rspec ./spec/a_spec.rb:4 # Thing does
""",
        ["./lib/a.rb:3", "./lib/a.rb:7", "./spec/a_spec.rb:5", "./spec/a_spec.rb:4"],
    ),
    "Ruby on a terminal": (
        """\
Traceback (most recent call last):
\t2: from a.rb:9:in `<main>'
\t1: from a.rb:6:in `outer'
b.rb:2:in `inner': boom (RuntimeError)
""",
        ["b.rb:2", "a.rb:6", "a.rb:9"],
    ),
    "a cause in Node": (
        """\
Error: outer
    at outer (/x/src/a.js:9:9) {
  [cause]: Error: inner
      at inner (/x/src/b.js:3:9)
      at mid (/x/src/c.js:4:9)
}
""",
        ["/x/src/b.js:3", "/x/src/c.js:4", "/x/src/a.js:9"],
    ),
    "go test that panics": (
        """\
--- FAIL: TestX (0.00s)
    a_test.go:12: bad
panic: boom [recovered]
\tpanic: boom

goroutine 7 [running]:
testing.tRunner.func1.2({0x1, 0x2})
\t/usr/lib/go/src/testing/testing.go:1545 +0x1c8
panic({0x1?, 0x2?})
\t/usr/lib/go/src/runtime/panic.go:920 +0x270
example.com/x.inner(...)
\t/x/b.go:3
example.com/x.TestX(0x1)
\t/x/a_test.go:12 +0x1
created by testing.(*T).Run in goroutine 1
\t/usr/lib/go/src/testing/testing.go:1648 +0x33c
""",
        ["a_test.go:12", "/x/b.go:3", "/x/a_test.go:12"],
    ),
    "testify": (
        """\
--- FAIL: TestX (0.00s)
    a_test.go:12:\x20
        \tError Trace:\t/x/helper.go:5
        \t            \t\t\t\t/x/a_test.go:12
        \tError:      \tNot equal
""",
        ["a_test.go:12", "/x/helper.go:5", "/x/a_test.go:12"],
    ),
    "an inner error of .NET": (
        """\
System.Exception: outer
 ---> System.InvalidOperationException: inner
   at N.C.Inner() in /x/b.cs:line 3
   --- End of inner exception stack trace ---
   at N.C.Outer() in /x/a.cs:line 9
""",
        ["/x/b.cs:3", "/x/a.cs:9"],
    ),
    "several errors of .NET": (
        """\
System.AggregateException: One or more errors
   at N.C.Outer() in /x/a.cs:line 9
 ---> (Inner Exception #0) System.Exception: inner
   at N.C.Inner() in /x/b.cs:line 3<---
""",
        ["/x/b.cs:3", "/x/a.cs:9"],
    ),
    "causes in Java": (
        """\
java.lang.RuntimeException: x
\tat a.B.outer(B.java:9)
\tSuppressed: java.io.E: s
\t\tat a.S.close(S.java:4)
Caused by: java.lang.E: y
\tat a.C.mid(C.java:3)
Caused by: java.lang.E: y
\tat a.D.inner(D.java:2)
""",
        ["D.java:2", "C.java:3", "B.java:9", "S.java:4"],
    ),
    "PHPUnit": (
        """\
1) ATest::testX
RuntimeException: bad

/x/src/A.php:3
/x/tests/ATest.php:9
""",
        ["/x/src/A.php:3", "/x/tests/ATest.php:9"],
    ),
    "cargo test": (
        """\
---- tests::x stdout ----
thread 'tests::x' panicked at src/b.rs:3:5:
bad
stack backtrace:
   0: rust_begin_unwind
             at /rustc/x/library/std/src/panicking.rs:645:5
   1: x::inner
             at ./src/b.rs:3:5
   2: x::outer
             at ./src/a.rs:9:5
""",
        ["src/b.rs:3", "./src/b.rs:3", "./src/a.rs:9"],
    ),
    "R": (
        """\
3: inner(x) at b.R#3
2: outer(x) at a.R#9
""",
        ["b.R:3", "a.R:9"],
    ),
}
"""What they print, and the places in it; those outside of a repository (`/usr`, `/rustc`) aside."""


@pytest.mark.parametrize("runner", OUTPUTS)
def test_the_innermost_place_of_each_failure_comes_first(runner):
    text, expected = OUTPUTS[runner]
    found = [f"{each.path}:{each.line}" for each in frames(text)]
    ours = [place for place in found if "." in place and not place.startswith(("/usr/", "/rustc/"))]
    assert ours[: len(expected)] == expected


@pytest.mark.parametrize("style", ["auto", "short", "native"])
def test_what_pytest_itself_prints_is_read_innermost_first(style, tmp_path):
    tmp_path.joinpath("inner.py").write_text("def inner(x):\n    raise ValueError(x)\n")
    tmp_path.joinpath("outer.py").write_text(
        "import logging\nfrom inner import inner\n\n\ndef outer(x):\n    logging.error('x.py:3')\n    inner(x)\n"
    )
    test = "from outer import outer\n\n\ndef test_one():\n    outer(1)\n\n\ndef test_two():\n    outer(2)\n"
    tmp_path.joinpath("test_it.py").write_text(test)
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        f"--tb={style}",
        "--rootdir=.",
        "test_it.py",
    ]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    output = subprocess.run(run, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False).stdout
    found = [
        (each.path.rpartition("/")[2], each.line) for each in frames(output) if each.path.endswith(".py")
    ]
    assert found[:3] == [("inner.py", 2), ("outer.py", 7), ("test_it.py", 5)]
    assert ("test_it.py", 9) in found
