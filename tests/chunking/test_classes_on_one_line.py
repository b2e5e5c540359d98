"""A class on one line hides nothing: Kotlin's grammar cannot read one whose last member has no line's end behind it."""

from wherein.chunking.chunker import chunk

KOTLIN = """\
class Model @Inject constructor(
    private val repo: Repo,
) : ViewModel() {
    private val state = MutableStateFlow(0)
    companion object { const val TAG = "Model" }
    inner class Inner { val own = this@Model.text }
    enum class Mode { A, B; fun next() = entries[ordinal + 1] }
    suspend fun load() = coroutineScope {
        val a = async { "${ repo }" }
        a.await()
    }
    val text = "shown"
}

object Di { val module = 1 }
interface Named { val name: String; fun named() }
fun last() {}
"""


def test_what_stands_around_one_keeps_its_name_and_its_members() -> None:
    chunks = chunk("a.kt", KOTLIN)
    kinds = {each.qualified_name: each.kind for each in chunks}
    assert kinds["Model"] == "class"
    assert kinds["Model.load"] == "method"
    assert {"Model.Inner", "Di", "Named", "last"} <= kinds.keys()
    lines = {name: line for each in chunks for name, line in zip(each.names, each.name_lines, strict=True)}
    for name, line in {"state": 4, "TAG": 5, "own": 6, "B": 7, "next": 7, "text": 12}.items():
        assert lines[name] == line, name
    assert lines["module"] == 15
    assert lines["name"] == 16
