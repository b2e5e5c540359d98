from wherein.chunking import chunker
from wherein.languages import registry


def cut(text):
    return chunker.chunk("", text, registry.get("makefile"))


def test_targets_variables_and_defines_are_told_apart():
    text = (
        "# Tools.\nCC ?= gcc\nFLAGS := -O2 \\\n  all: no target\nexport X=1\n\n"
        "# Run the tests.\n.PHONY: test\ntest check: build # slow\n\t@run a:b\n\n\t@run\n\n"
        "define usage\nnot: a target\nendef\n\n"
        "%.o: %.c | dir\n\tcc $<\nVERSION = 1\n$(OUT)/x.o:: y\n"
    )
    found = [(c.start_line, c.kind, c.symbol, c.names, c.doc) for c in cut(text)]
    assert found == [
        (1, "constant", "CC", ("FLAGS", "X"), "Tools."),
        (7, "target", "test", ("check",), "Run the tests."),
        (14, "macro", "usage", (), ""),
        (18, "target", "%.o", (), ""),
        (20, "constant", "VERSION", (), ""),
        (21, "target", "$(OUT)/x.o", (), ""),
    ]


def test_a_target_specific_variable_is_no_group_of_its_own():
    assert [chunk.kind for chunk in cut("debug: FLAGS = -g\ndebug: all\n\tmake\n")] == ["target", "target"]
