"""Syntax that is newer than a grammar, or not quite the language's own, hides no definition."""

import pytest

from wherein.chunking.chunker import chunk
from wherein.languages.registry import detect

CODE = {
    "guards, many dollars and contexts of Kotlin": (
        "a.kt",
        """\
fun judge(x: Any) = when (x) {
    is String if x.length > 3 -> 1
    !is Int if (x == null) -> 2
    else -> 0
}

val price = $$"price: $$amount of $item"

context(log: Logger, _: Clock)
fun watch(items: List<String>) {
    items.forEach { log.info(it) }
}

@Test @Slow("why") internal suspend fun <T : Any> List<T>.firstOrWait(): T = first()

class After(val a: Int) {
    fun run(): Int {
        return 1
    }
}
""",
        {"judge": 1, "watch": 10, "firstOrWait": 14, "After": 16, "run": 17},
    ),
    "items in macros of Rust": (
        "a.rs",
        """\
cfg_if::cfg_if! {
    if #[cfg(unix)] {
        pub fn home_dir() -> PathBuf { env("HOME") }
    } else {
        pub(crate) unsafe fn home_else() -> PathBuf { env("USERPROFILE") }
    }
}
bitflags! {
    #[derive(Clone)]
    pub struct OpenMode: u32 {
        const READ = 1;
    }
}
thread_local! { static COUNT: Cell<u32> = Cell::new(0); }
mod inner {
    cfg_rt! {
        /// Runs it.
        pub async fn spawn_here(f: F) -> Handle { inner(f) }
        pub trait Later: Send { fn later(&self); }
    }
}
fn after() { println!("fn not_one() {{}}"); }
""",
        {
            "home_dir": 3,
            "home_else": 5,
            "OpenMode": 10,
            "READ": 11,
            "COUNT": 14,
            "spawn_here": 18,
            "Later": 19,
            "after": 22,
        },
    ),
    "globs in conditions of shells": (
        "a.zsh",
        """\
has_cert() {
  if [[ "${tmp}" = *"-----BEGIN CERTIFICATE-----"* ]]; then
    return 0
  fi
}
is_doc() {
  if [[ "$1" == *.@(md|txt) && -f $1 ]]; then return 0; fi
}
function list_sh {
  files=("$DIR"/*.sh(N) **/*(.))
}
after() {
  echo 1
}
""",
        {"has_cert": 1, "is_doc": 6, "list_sh": 9, "after": 12},
    ),
    "several names and conditions ahead of functions of shells": (
        "b.zsh",
        """\
function one two {
  echo 1
}
function three four() { echo 2; }
five six () {
  echo 3
}
5a 5b.c 5d ()
  ( echo sub )
[[ $OSTYPE == (linux|darwin)* ]] && function seven {
  echo 4
}
(( $+commands[ls] )) && eight() {
  echo 5
}
[[ -o interactive ]] ||
  nine() {
    echo 6
  }
ten() {
  echo 7
}
""",
        {
            **{"one": 1, "two": 1, "three": 4, "four": 4, "five": 5, "six": 5, "5a": 8, "5b.c": 8, "5d": 8},
            **{"seven": 10, "eight": 13, "nine": 17, "ten": 20},
        },
    ),
    "a text that begins behind the bracket of its command": (
        "c.sh",
        """\
usage() {
  text=$(cat <<EOF)
Usage: it's (not_one() { that
EOF
  more="$(sed s/a/b/ <<-'END')"
	if not_one() {
	END
  echo "$text"
}
after() {
  text=$(cat <<EOF
a ) not_one
EOF
)
}
""",
        {"usage": 1, "after": 10},
    ),
    "Haskell behind a preprocessor": (
        "A.hs",
        """\
{-# LANGUAGE CPP #-}
module A where

readIt :: FilePath -> IO Text
readIt name = do
#ifdef EMBED
  case lookup name files of
    Nothing -> fail name
#else
  content name >>= decode
    where content = readFile
#endif

checkIt :: Text -> Bool
checkIt = null
""",
        {"readIt": 4, "checkIt": 14},
    ),
    "Cython": (
        "a.pyx",
        """\
cdef extern from "a.h":
    int c_size(char *s)

cdef inline object extend(object buf, const char* at, size_t length):
    return buf

cdef class Parser:
    cdef int _state

    cdef _on_header(self, char* at):
        return at

    cpdef int feed(self, bytes data) except -1:
        return 0

def plain(a):
    return a
""",
        {"extend": 4, "Parser": 7, "_on_header": 10, "feed": 13, "plain": 16},
    ),
}


@pytest.mark.parametrize("kind", CODE)
def test_definitions_are_found_on_their_lines(kind: str) -> None:
    path, text, expected = CODE[kind]
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in chunk(path, text, detect(path, text)):
        for name in {piece.symbol, *piece.names}:
            found.setdefault(name, []).append((piece.start_line, piece.end_line))
    for name, line in expected.items():
        assert any(start <= line <= end for start, end in found.get(name, [])), (name, found)
    assert "not_one" not in found
    if path == "c.sh":
        assert found["usage"] == [(1, 9)]
