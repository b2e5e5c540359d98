"""A name that a parser made up, for the sake of what follows, names nothing: what stands there is read by its line."""

from wherein.chunking.chunker import chunk

KOTLIN = """\
enum class Color(val rgb: Int) : HasRgb {
    companion object { fun of(x: Int) = entries.first { it.rgb == x } }
fun interface Predicate<T> { fun test(t: T): Boolean }
    private val _state = MutableStateFlow<State>(State.Loading)
    inner class In { fun deep() {} }
    companion object Factory : X {
        const val MAX = 10
        @JvmStatic fun create(): Repo<Foo> = Repo(Db())
    }
    object Nested { val y = 1 }
val String.shown: Char get() = this[length - 1]
fun <T> List<T>.second(): T = this[1]
fun (() -> Unit).again() {}
fun `name with spaces`() { }
fun Screen(vm: Vm = viewModel(), modifier: Modifier = Modifier, content: @Composable () -> Unit) {
    val s by vm.state.collectAsStateWithLifecycle()
    Column { Text("a $s ${s.name}") }
"""


def test_an_extension_keeps_its_name_behind_a_brace_that_is_missing() -> None:
    found = {each.symbol: each.line for each in chunk("a.kt", KOTLIN)}
    assert {name: found.get(name) for name in ("shown", "second")} == {"shown": 11, "second": 12}


def test_no_definition_is_without_a_name_or_a_line() -> None:
    texts = {"a.kt": KOTLIN, "a.c": "static auto first = 1;\nint second(void) { return 1; }\n"}
    for path, text in texts.items():
        for each in chunk(path, text):
            assert each.kind == "module" or (each.symbol and each.line), (path, each)
