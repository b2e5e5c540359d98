"""Functions whose heads are wrapped: they return pointers to functions, or hide their names from macros."""

import pytest

from wherein.chunking.chunker import chunk

C = """\
int (*chosen(int a))(int)
{
  return 0;
}
void (*signal2(int number, void (*handler)(int)))(int) { return 0; }
char *(*named(void))(int) { return 0; }
int (isalpha)(int c) { return c; }
static void *(made)(size_t n) { return 0; }
"""
CPP = """\
int (*A::chosen(int a))(int) { return 0; }
struct B {
  void (*handler(int s))(int) { return 0; }
  int (max)(int a) { return a; }
};
template <class T> int (*made(T a))(int) { return 0; }
template <typename T> T (least)(T a, T b) { return a; }
template <class T> const T& (most)(const T& a) { return a; }
std::size_t (counted)(int a) { return a; }
inline T* (pointed)(T a) { return 0; }
"""
CSHARP = """\
class A {
    public event EventHandler Opened { add { x(); } remove { x(); } }
}
"""


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("a.c", C, ["chosen", "signal2", "named", "isalpha", "made"]),
        (
            "a.cc",
            CPP,
            ["A::chosen", "B", "B::handler", "B::max", "made", "least", "most", "counted", "pointed"],
        ),
        ("a.cs", CSHARP, ["A", "A.Opened"]),
    ],
)
def test_the_name_within_is_found(path, text, names):
    found = dict.fromkeys(each.qualified_name for each in chunk(path, text) if each.symbol)
    assert list(found) == names
