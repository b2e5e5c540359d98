"""A trace of any kind finds its frames, the innermost first, though paths and lines are those of another machine."""

import time

import pytest

from indexed_folder import indexed
from wherein.search.gathered import gather
from wherein.search.query import parse
from wherein.search.search import retrieval
from wherein.search.traces import frames

TRACES = {
    "python": (
        "Traceback (most recent call last):\n"
        '  File "/srv/app/src/web/app.py", line 9, in handle\n    return parse(line)\n'
        '  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode\n'
        '  File "/srv/app/src/net/parse.py", line 2, in parse_status\n'
        '    raise ValueError(f"malformed status line: {line!r}")\nValueError: malformed status line: "garbage"'
    ),
    "node": (
        "TypeError: Cannot read properties of undefined (reading 'x')\n"
        "    at Parser.parse_status (/srv/app/src/net/parse.py:2:15)\n"
        "    at async handle (file:///srv/app/src/web/app.py:3:3)\n    at node:internal/main:23:47"
    ),
    "java": (
        'Exception in thread "main" java.lang.RuntimeException: x\n'
        "\tat web.app.Other.handle(app.py:9)\n\tat java.base/java.lang.Thread.run(Thread.java:833)\n"
        "Caused by: java.io.IOException: y\n\tat net.Parser.parse_status(parse.py:2)\n\t... 3 more"
    ),
    "c#": (
        "System.FormatException: bad\n   at Net.Parser.parse_status(String line) in C:\\src\\net\\parse.py:line 2\n"
        "   at Web.handle() in /home/b/src/web/app.py:line 3"
    ),
    "go": (
        "panic: malformed\n\ngoroutine 1 [running]:\nmain.parse_status({0xc000012345, 0x7})\n"
        "\t/home/u/app/src/net/parse.py.go:2 +0x1d\nmain.handle(...)\n\t/home/u/app/src/web/app.py:3\n"
    ),
    "rust": (
        "thread 'main' panicked at src/net/parse.py:2:5:\nmalformed\nstack backtrace:\n"
        "   0: rust_begin_unwind\n             at /rustc/9fc6b/library/std/src/panicking.rs:645:5\n"
        "   1: app::net::parse_status\n             at ./src/net/parse.py:2:5\n"
        "   2: app::handle\n             at ./src/web/app.py:3:9"
    ),
    "ruby": (
        "src/net/parse.py:2:in `parse_status': malformed (ArgumentError)\n"
        "\tfrom src/web/app.py:3:in `block in handle'\n\tfrom main.rb:1:in `<main>'"
    ),
    "php": (
        "PHP Fatal error:  Uncaught Exception: bad in /srv/app/src/net/parse.py:2\nStack trace:\n"
        "#0 /srv/app/src/web/app.py(3): Parser->parse_status()\n#1 {main}\n"
        "  thrown in /srv/app/src/net/parse.py on line 2"
    ),
    "elixir": (
        "** (MatchError) no match\n    (app 0.1.0) src/net/parse.ex:2: Net.Parse.parse_status/1\n"
        "    (app 0.1.0) src/web/app.ex:3: Web.handle/1"
    ),
    "gdb": (
        "#0  0x00007f in parse_status (line=0x0) at src/net/parse.py:2\n"
        "#1  0x00007f in handle () at /build/src/web/app.py:3"
    ),
}
"""The files' names stand for those of each language."""


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("traced")
    parse = 'def parse_status(line):\n    raise ValueError(f"malformed status line: {line!r}")\n'
    handle = "def handle(line):\n    text = line.strip()\n    return parse_status(text)\n"
    texts = {
        "src/net/parse.py": parse,
        "src/web/app.py": handle,
        "src/net/parse.py.go": "package net\n\nfunc parse_status(line string) {\n}\n",
        "src/net/parse.ex": "defmodule Net.Parse do\n  def parse_status(line) do\n    line\n  end\nend\n",
        "src/web/app.ex": "defmodule Web do\n  def handle(line) do\n    line\n  end\nend\n",
        "lib/decoder.py": "def unrelated(a):\n    status = 'garbage malformed status line'\n    return status\n",
        "lib/odd name.py": "def odd():\n    return 1\n",
        "Makefile": "all:\n\techo all\n\nclean:\n\techo clean\n",
        "src/long.py": "".join(
            f"def step_{i}(value):\n    return value * {i} + offset_{i}\n\n\n" for i in range(40)
        ),
        "docs/bad.md": "# Bad\n\nA request may be bad, or 200 OK.\n",
    }
    with indexed(folder, texts) as index:
        yield index


@pytest.mark.parametrize("language", TRACES)
def test_a_trace_finds_its_frames_innermost_first(index, language):
    hits = index.search(TRACES[language], limit=5)
    assert hits[0].symbol == "parse_status"
    assert "handle" in [hit.symbol for hit in hits[1:3]]
    assert "lib/decoder.py" not in [hit.path for hit in hits[:2]]
    for hit in hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-5)


@pytest.mark.parametrize(
    ("query", "symbol"),
    [
        ("src/web/app.py:3", "handle"),
        ("src/web/app.py:3:7", "handle"),
        ("web/app.py line 3", "handle"),
        ("app.py, line 3", "handle"),
        ("src/web/app.py(3)", "handle"),
        ("src/web/app.py#L3", "handle"),
        ("src/web/app.py:2-3", "handle"),
        ("src\\web\\app.py:3", "handle"),
        ("what does src/web/app.py:3 do?", "handle"),
        ("line 3 of src/web/app.py", "handle"),
        ("/home/me/project/src/web/app.py:3: error: bad", "handle"),
        ("lib/odd name.py:2", "odd"),
        ("Makefile:5", "clean"),
        ("[ERROR] /home/me/src/web/app.py:[3,12] cannot find symbol", "handle"),
        ("e: /home/me/src/web/app.py: (3, 9): Unresolved reference: foo", "handle"),
        ("src/web/app.py:(3,1)-(3,12): Non-exhaustive patterns", "handle"),
        ("src/web/app.py: line 3: make: command not found", "handle"),
        ("/srv/src/web/app.py\n  3:17  error  Unexpected any  no-explicit-any", "handle"),
        (" ------ -----\n  Line   src/web/app.py\n ------ -----\n  3      Call to an undefined", "handle"),
        ("https://gitlab.example/x/-/blob/main/src/web/app.py?ref_type=heads#L3", "handle"),
        ("https://bitbucket.example/x/y/src/main/src/web/app.py#lines-3", "handle"),
        ("https://git.example/tree/src/web/app.py?h=v1#n3", "handle"),
        ("https://code.example/x/-/blob/src/web/app.py?L3-4", "handle"),
        ("https://gitiles.example/x/+/main/src/web/app.py#3", "handle"),
        ("https://dev.example/o/_git/p?path=/src/web/app.py&version=GBmain&line=3&lineEnd=4", "handle"),
        ("vim src/web/app.py +3", "handle"),
        ("[src/web/app.py:3]", "handle"),
        ("<src/web/app.py:3>", "handle"),
        ("src/web/app.py:L3", "handle"),
        ("src/web/app.py L3", "handle"),
        ("src/web/app.py, l. 3", "handle"),
        ("src/web/app.py\uff1a3", "handle"),
        ("src/web/app.py|3 col 5| error", "handle"),
        ("--- a/src/web/app.py\n+++ b/src/web/app.py\n@@ -1,5 +1,6 @@ import x\n \n \n+new\n a\n", "handle"),
        ("--- a/src/web/app.py\n+++ /dev/null\n@@ -3 +3 @@\n-old\n", "handle"),
        ("emacs +3:7 src/web/app.py", "handle"),
        ("    \u256d\u2500[src/web/app.py:3:5]", "handle"),
        ("@src/web/app.py#L3-5 what is this", "handle"),
        ("##[error]src/web/app.py(3,5): error TS1: bad", "handle"),
        ("<failure>src/web/app.py:3</failure>", "handle"),
        ("core.exception.AssertError@src/web/app.py(3): bad", "handle"),
        ("\u300csrc/web/app.py:3\u300d", "handle"),
        ("File: src/web/app.py\nLine: 3", "handle"),
        ("Source File: /srv/src/web/app.py\nLine number: 3", "handle"),
        ("Error detected while processing src/web/app.py:\nline    3:", "handle"),
        ("src/web/app.py\n> 3 | return", "handle"),
        ("src/web/app.py\n   3\u2506 return", "handle"),
        ("FILE: /srv/src/web/app.py\n-----\nFOUND 1 ERROR\n-----\n 3 | ERROR | bad", "handle"),
        ('[string "src/web/app.py"]:3: bad', "handle"),
        ('Called from Web.handle in file "src/web/app.py" (inlined), line 3, characters 5-9', "handle"),
        ('exception Assert_failure("src/web/app.py", 3, 5)', "handle"),
        (
            "error: cannot format src/web/app.py: Cannot parse for target version Python 3.13: 3:5: x",
            "handle",
        ),
        ("```3:5:src/web/app.py\n    return parse_status(text)\n```", "handle"),
        ("src/web/app.py in handle at line 3", "handle"),
        ("src/web/app.py (approx. line 3)", "handle"),
        ("src/web/app.py : line 3", "handle"),
        ("src/web/app.py \u2192 3", "handle"),
        ("| src/web/app.py | 3 | bad |", "handle"),
        ("src/web/app.py,3,bad", "handle"),
        ('"file_path": "src/web/app.py", "start_line": 3', "handle"),
        ('"path":"src/web/app.py","lines":{"begin":3}', "handle"),
        ("src/web/app.py, rad 3", "handle"),
        ("src/web/app.py \u0633\u0637\u0631 3", "handle"),
        ("src/web/app.py\uc758 3\ubc88\uc9f8 \uc904", "handle"),
        ("System.Exception: x\n   bei Web.handle(String s) in C:\\b\\src\\web\\app.py:Zeile 3.", "handle"),
        ("src/web/app.py@3", "handle"),
        ("src/web/app.py::3", "handle"),
        ("src/web/app.py$3", "handle"),
        ("src/web/app.py[3]", "handle"),
        ("src/web/app.py (3:7)", "handle"),
        ("src/web/app.py(3,5-9)", "handle"),
        ("src/web/app.py (line 3)", "handle"),
        ("src/web/app.py, lines 3 to 4", "handle"),
        ("what is src/web/app.py near line 3?", "handle"),
        ("src/web/app.py 3-4", "handle"),
        ("src/web/app.py: 3: handle: not found", "handle"),
        ("src/web/app.py @ 3", "handle"),
        ("`src/web/app.py`:3", "handle"),
        ("**src/web/app.py**:3", "handle"),
        ("\u201csrc/web/app.py\u201d:3", "handle"),
        ('"C:\\My project\\src\\web\\app.py":3', "handle"),
        ("src/web/app.py, Zeile 3", "handle"),
        ("src/web/app.py \u7b2c3\u884c", "handle"),
        ("line 3 of the file src/web/app.py", "handle"),
        ("the 3rd line of src/web/app.py", "handle"),
        ("L3 of src/web/app.py", "handle"),
        ('# 3 "src/web/app.py" 2', "handle"),
        ("git blame -L 3,5 -- src/web/app.py", "handle"),
        ("sed -n '3,5p' src/web/app.py", "handle"),
        ("nano +3,5 src/web/app.py", "handle"),
        ("caller=web/app.py:3", "handle"),
        ("12:00 | ERROR | web.app:other:3 - bad", "handle"),
        ("[main] src.web.app:3 bad", "handle"),
        ("::error file=src/web/app.py,line=3,col=5::bad", "handle"),
        ('{"path": "src/web/app.py", "start": {"line": 3}}', "handle"),
        ('{"uri": "src/web/app.py"},\n"startLine": 3', "handle"),
        ("idea://open?file=/home/me/src/web/app.py&line=3", "handle"),
        ("https://source.example/x/+/main:src/web/app.py;l=3;drc=1a2b", "handle"),
        ("https://git.example/?p=x.git;a=blob;f=src/web/app.py;hb=HEAD#l3", "handle"),
        ("https://dev.example/o/_git/p?path=%2Fsrc%2Fweb%2Fapp.py&version=GBmain&line=3", "handle"),
        ("https://forge.example/x/blob/main/src/web/app.py?plain=1#L3-L4", "handle"),
        ("http://localhost:5173/src/web/app.py?t=1700000000:3:5", "handle"),
        ("    at x (http://localhost:5173/src/web/app.py?t=17:3:5)\n    at y (a.js:1:1)", "handle"),
        ("/home/me/src/web/app.py in handle(line)\n      2     text\n----> 3     return", "handle"),
        ("SyntaxError: /app/src/web/app.py: Missing semicolon. (3:5)", "handle"),
        ("ERROR in ./src/web/app.py 3:5-30", "handle"),
        ('handle\tsrc/web/app.py\t/^def handle/;"\tf\tline:3', "handle"),
        ("src/web/app.py-3-    return parse_status(text)", "handle"),
        ("^1a2b3c4 src/web/app.py (A. U. Thor 2026-01-01 10:00:00 +0000 3) return", "handle"),
        ("diff --git a/src/web/app.py b/src/web/app.py\n@@ -3 +3 @@\n-old\n", "handle"),
        ('{badmatch,[{web,handle,1,[{file,"src/web/app.py"},{line,3}]}]}', "handle"),
    ],
)
def test_a_place_finds_what_stands_there(index, query, symbol):
    assert index.search(query, limit=1)[0].symbol == symbol


@pytest.mark.parametrize(
    "text",
    [
        "app.py has 3 errors",
        "handle 404 in app.py",
        "see app.py, 3 times",
        "--- a/app.py\t2026-01-01",
        "app.py | 3 ++-",
        "app.py 2026-01-01 12:00:00",
        "app.py 12:30:45 started",
        "python3.11 12",
        "It fails. 3",
        "app.py, 3 of them, and more",
        "app.py; 3 files",
        "app.py\n3. then",
        "app.py\n2026-01-01",
        "app.py: took 12:30:45: done",
    ],
)
def test_a_number_that_is_of_no_line_makes_no_place(text):
    assert [frame for frame in frames(text) if frame.path == "app.py"] == []


def test_lines_that_are_nothing_but_places_are_looked_for(index):
    hits = index.search("src/web/app.py:3\nsrc/net/parse.py:2", limit=2)
    assert [hit.symbol for hit in hits] == ["handle", "parse_status"]


def test_what_a_trace_quotes_is_no_condition_though_something_else_holds_it(index):
    trace = 'Exception in thread "clean" Error: bad\n\tat net.Parser.parse_status(parse.py:2)\n\tat a.B.c(B.java:1)'
    assert index.search(trace, limit=1)[0].symbol == "parse_status"


def test_the_line_that_a_place_names_is_shown(index):
    (hit,) = index.search("src/web/app.py:3", limit=1)
    assert (hit.line, hit.title.strip()) == (3, "return parse_status(text)")


def test_the_file_that_a_frame_names_in_quotes_is_no_phrase():
    asked = parse('File "/home/x/src/net/parse.py", line 2, in parse_status raised "bad status"')
    assert [frame.path for frame in asked.frames] == ["/home/x/src/net/parse.py"]
    assert asked.phrases == ("bad status",)


def test_filters_hold_for_places_too(index):
    assert "handle" not in [hit.symbol for hit in index.search("src/web/app.py:3", paths=["lib/"])]


def test_a_place_that_is_nowhere_is_words(index):
    assert frames("nowhere/gone.py:12 and http://localhost:8080 and 12:30")
    assert index.search("handle nowhere/gone.py:12", limit=1)[0].symbol == "handle"


@pytest.mark.parametrize("start", range(0, 40, 13))
def test_a_pasted_piece_of_code_finds_where_it_was_cut_from(index, start):
    piece = f"  def step_{start}(value):\n      return value * {start} + offset_{start}\n"
    assert index.search(piece, limit=1)[0].symbol == f"step_{start}"
    body = f"    return value * {start} + offset_{start}\n\n"
    assert index.search(body, limit=1)[0].symbol == f"step_{start}"


@pytest.mark.parametrize(
    "query",
    [
        'ValueError: malformed status line: "200 OK"',
        'if not line.startswith("FTP/"): raise ValueError("bad")  # malformed status line',
        'where does "malformed status line: garbage" come from?',
        "ValueError: malformed status line: 'HTTX'",
    ],
)
def test_quotes_in_messages_and_code_are_no_condition(index, query):
    assert index.search(query, limit=1)[0].symbol in ("parse_status", "unrelated")


def test_a_phrase_that_nothing_holds_becomes_words_and_that_is_said(index):
    said = []
    hits = index.search('"malformed status" "line of garbage"', say=said.append)
    assert {hit.symbol for hit in hits} == {"parse_status", "unrelated"}
    assert said == ['Nothing holds "line of garbage" verbatim: its words were searched for instead.']


def test_no_text_takes_long_to_read():
    texts = [
        "a" * 20_000,
        "a:" * 10_000,
        "a(" * 10_000,
        "1 " * 10_000,
        "at a.b(" * 2_000 + "1",
        "x/" * 9_000 + ":1",
    ]
    texts += [
        " " * 20_000 + "1",
        'File "' * 3_000 + "1",
        "#0 " + "a" * 9_000 + " " * 9_000 + "1",
        "line " * 4_000 + "1",
        "path=" + "&a" * 9_000 + "1",
        "a.b +" * 4_000 + "1",
        "a.b\n" * 5_000 + "1",
        "a(b) c." * 3_000 + "1",
        "Line a\n" + "- " * 9_000 + "1",
        "+++ b/a\n" + "@@ -1 +1 @@\n" * 1_600,
        "+++ b/a" + " " * 9_000 + "\n@@ -1 +1 @@\n" + " x\n" * 3_000,
        "a.b|1" * 4_000,
        "a.b | " * 4_000 + "1",
        "a.b\n> 1" * 3_000,
        "A:  a.b\nLine " * 2_000 + "1",
        "FILE: a\n-\n-\n" * 2_000 + "1",
        "a.b in c at line " * 1_500 + "1",
        "a.b: Cannot parse: " * 1_500 + "1:1:",
        "@a" * 9_000 + ":1",
        "a.b " * 5_000 + "1",
        "a.b@1 " * 3_000,
        "path= " * 3_000 + "1",
        '"path":"a' * 2_000 + "1",
        "a.b: x " * 2_500 + " (1:1",
        "a.b -> on at line " * 1_000 + "1",
        "-L 1,1 " * 2_500,
        "a.py in b(" * 2_000 + ")\n 1\n 2\n--> 1",
        "a\tb\t/" * 2_500 + "1",
        "0123456 a (" + "b 1 " * 4_000,
        "a.b" * 6_000 + "1",
        "f=a" * 6_000 + "#l1",
    ]
    for text in texts:
        began = time.process_time()
        frames(text)
        assert time.process_time() - began < 1.5, text[:20]


def test_the_files_of_a_coverage_table_are_places() -> None:
    table = """\
Name               Stmts   Miss Branch BrPart  Cover   Missing
--------------------------------------------------------------
src/shop/till.py     120     14     30      4    88%   23-27, 45
src/shop/cart.py      12      1    91.7%   7
src/shop/none.py      12      0   100%
TOTAL                132     15            90%
 price.ts  |   90.1 |       80 |     100 |   90.1 | 12-14,30
"""
    found = {(frame.path, frame.line) for frame in frames(table)}
    assert found == {("src/shop/till.py", 23), ("src/shop/cart.py", 7), ("price.ts", 12)}


@pytest.mark.parametrize("row", ["src/app.py  14  2  86%  15", "app.ts | 80 | 50 | 60 | 80 | 15"])
def test_a_row_of_a_coverage_table_is_a_place_by_itself(row: str) -> None:
    assert [frame.line for frame in frames(row)] == [15]


def test_of_a_long_pasted_text_only_chunks_that_have_room_for_it_are_read(repo, open_index):
    body = "".join(f"    total_{i} = measured_width + offset_of_column({i})\n" for i in range(60))
    repo.write("wide.py", f"def layout(measured_width):\n{body}    return total_1\n")
    repo.write(
        "narrow.py", "".join(f"def offset_of_column_{i}(measured_width):\n    pass\n\n\n" for i in range(30))
    )
    index = open_index(repo)
    index.update()
    query = parse(body)
    gathered = gather(index._reader(), query, retrieval(query, index.view, index._embedder))
    named = {each.id: each.symbol for each in gathered.retrieved.candidates}
    assert len(named) > 20
    assert [named[each] for each in gathered.texts] == ["layout"]
    assert index.search(body, limit=1)[0].symbol == "layout"


def test_each_hunk_of_a_diff_is_a_place() -> None:
    diff = """\
diff --git a/src/one.py b/src/one.py
index 0a1b..2c3d 100644
--- a/src/one.py
+++ b/src/one.py
@@ -10,6 +12,7 @@ def first(x):
     a
     b
     c
+    new
     d
@@ -40,2 +43,1 @@ def second(x):
-    old
diff --git a/two.txt b/renamed.txt
--- a/two.txt\t2026-01-01
+++ b/renamed.txt\t2026-01-02
@@ -1 +1 @@
-x
+y
"""
    places = [("src/one.py", 15), ("src/one.py", 43), ("renamed.txt", 1)]
    assert [(frame.path, frame.line) for frame in frames(diff)] == places
