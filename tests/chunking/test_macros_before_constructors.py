"""C++'s constructors, destructors and operators have a name behind any macros, out of their class and in it."""

import pytest

from wherein.chunking.chunker import chunk
from wherein.languages.registry import detect

VARIANTS = [
    *[
        ("SHOP_INLINE Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE Till::Till(std::string m)\n    : m_(std::move(m)) {\n}", "Till"),
        (
            "SHOP_INLINE Till::Till(Till &&o) SHOP_NOEXCEPT\n    : x(std::move(o.x)),\n      y(o.y) {\n}",
            "Till",
        ),
        ("SHOP_INLINE Till::Till(Till &&o) noexcept : x(o.x) {}", "Till"),
        ("SHOP_INLINE Till::Till(Till &&o) noexcept(true) : x{o.x} {}", "Till"),
        ("SHOP_INLINE a::b::Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE SHOP_COLD Till::Till(int a) : x(a) {}", "Till"),
        ("inline SHOP_COLD Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_COLD inline Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_ATTR(1) Till::Till(int a) : x(a) {}", "Till"),
        ("shop_inline Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE Till::Till(std::string (*f)(int), int a = g(1)) : m(f) {}", "Till"),
        ("SHOP_INLINE Till::Till(int a) try : x(a) { go(); } catch (...) { }", "Till"),
        ("SHOP_INLINE Till::Till(int a) : base<int>(a), x{a} {\n  go();\n}", "Till"),
        ("template <typename T>\nSHOP_INLINE Till<T>::Till(int a) : x(a) {}", "Till"),
        ("template <class T>\nSHOP_INLINE Till::Till(T t) requires C<T> : x(t) {}", "Till"),
        ("[[nodiscard]] SHOP_INLINE Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE [[gnu::cold]] Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE /* why */ Till::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE // why\nTill::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE Till::Till(int a)  // why\n    : x(a) {}", "Till"),
        ("SHOP_INLINE Till::Till(int a, // the first\n    int b) : x(a)\n{\n}", "Till"),
        ('SHOP_INLINE Till::Till(std::string s = "{") : x(s) {}', "Till"),
        ('SHOP_INLINE Till::Till(std::string s = f(")")) : x(s) {}', "Till"),
        ("SHOP_INLINE Till::Till(int a)\n#ifdef A\n    : x(a)\n#endif\n{\n}", "Till"),
        ("SHOP_INLINE Till::Till() throw() : x(1) { }", "Till"),
        ("template <class T>\nSHOP_INLINE Outer<T>::Inner::Inner(int a) : x(a) {}", "Inner"),
        ("template <class T>\nSHOP_INLINE Till<T, 3>::Till(int a) : x(a) {}", "Till"),
        ("SHOP_INLINE ::ns::Till::Till(int a) : x(a) {}", "Till"),
        ("namespace n {\nSHOP_INLINE Till::Till(int a) : x(a) {}\n}", "Till"),
    ],
    *[
        ("SHOP_INLINE Till::~Till() SHOP_NOEXCEPT { go(); }", "~Till"),
        ("template <typename T>\nSHOP_INLINE Till<T>::~Till() { go(); }", "~Till"),
        ("struct K { SHOP_CONSTEXPR ~K() { go(); } };", "~K"),
        ("struct K {\n  SHOP_INLINE virtual ~K() { go(); }\n};", "~K"),
    ],
    *[
        ("SHOP_INLINE Till &Till::operator=(Till &&o) SHOP_NOEXCEPT { return *this; }", "operator="),
        ("SHOP_INLINE Till::operator bool() const { return 1; }", "operator bool"),
        ("inline Till::operator bool() const {\n  return 1;\n}", "operator bool"),
        ("inline Till::operator std::string() const {\n  return s;\n}", "operator std::string"),
        ("template <typename T> SHOP_INLINE Till<T>::operator T() const { return x; }", "operator T"),
        ("struct K {\n  SHOP_INLINE operator view<Char>() const { return s; }\n};", "operator view<Char>"),
        ("struct K { SHOP_INLINE operator view<Char>() const { return s; } };", "operator view<Char>"),
        ("struct K {\n  SHOP_OLD operator const view&() const { return s; }\n};", "operator const view&"),
    ],
    *[
        ("struct K {\n  void f() override {};\n};", "f"),
        ("struct K {\n  int *f() {};\n  bool operator==(K) {};\n};", "operator=="),
        (
            "SHOP_INLINE A::A() : x(1) {}\n// tests g()\nTEST(Suite, Works) {\n  const int a[] = {0};\n}",
            "Works",
        ),
        (
            "SHOP_INLINE A::A() : x(1) {}\n#if defined(A) && HAS_B\n\nTEST(S, Dies) {\n  f();\n}\n#endif",
            "Dies",
        ),
        (
            "extern template SHOP_API auto f<char>(int)\n    -> r<char>;\ntemplate <class T> auto f(T* a) -> bool {\n}",
            "f",
        ),
        (
            "template <class T>\nauto f(T*)\n    -> decltype(typename T::template m<T>().f(g(), h()), 1) {\n}",
            "f",
        ),
        ("template <class T>\nstruct S<T, V<decltype(D<T&>().operator[](n()))>> : B {};", "S"),
        ("template <class T>\nstruct S<T,\n  V<(N<T>::v >= 1) || A<B<T>>::v>> : B {};", "S"),
    ],
]
BETWEEN = "#include <string>\nint before() { return 1; }\n", "\nint after(int b) {\n  return 2;\n}\n"


def defined(text: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in chunk("a.cpp", text, detect("a.cpp", text)):
        for name in {piece.symbol, *piece.names} - {""}:
            found.setdefault(name, []).append((piece.start_line, piece.end_line))
    return found


@pytest.mark.parametrize(("code", "name"), VARIANTS)
def test_it_is_found_by_its_name_and_hides_nothing_around_it(code: str, name: str) -> None:
    found = defined(code.join(BETWEEN))
    last = 3 + code.count("\n")
    assert any(start <= last and end >= 3 for start, end in found[name])
    assert {"before", "after"} <= found.keys()


def test_what_a_constructor_initialises_is_no_function_of_that_name() -> None:
    for code, _ in VARIANTS[:10]:
        assert "x" not in defined(code.join(BETWEEN))
    text = "struct K {\n  SHOP_INLINE explicit K(int a) : x(a) {}\n  SHOP_INLINE friend K f(K a) { return a; }\n};\n"
    assert {"explicit", "friend"}.isdisjoint(defined(text))


def test_the_word_class_at_the_end_of_a_comment_makes_no_macro_of_the_next_line() -> None:
    text = (
        "SHOP_BEGIN\nclass K : public A {\n  /// made of a class\n  explicit K(const B& b) noexcept : A(b) {}\n"
        "  int later();\n};\n"
    )
    found = defined(text)
    assert (3, 6) in found["K"]
    assert "A" not in found
