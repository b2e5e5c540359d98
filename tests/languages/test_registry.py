import importlib.util
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from wherein.chunking.outline import CLASS_KINDS, WHOLE_KINDS
from wherein.errors import ConfigError
from wherein.languages import registry

FOLDER = Path(registry.__file__).parent
WITH_GRAMMAR = [name for name in registry.names() if registry.get(name).grammar]
KINDS = WHOLE_KINDS | CLASS_KINDS | {"namespace", "type", "constant"}


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("a/b/model.py", "", "python"),
        ("stubs.pyi", "", "python"),
        ("App.TSX", "", "tsx"),
        ("İstek.py", "", "python"),  # İ is two characters in lower case
        ("types.d.ts", "", "typescript"),
        ("main.go", "", "go"),
        ("lib.rs", "", "rust"),
        ("Main.java", "", "java"),
        ("list.c", "", "c"),
        ("a.h", "int f(void);\n", "c"),
        ("a.h", "namespace a {\n", "cpp"),
        ("a.h", "enum class color : uint32_t { red };\n", "cpp"),
        ("a.h", "#pragma once\n#include <vector>\nint f();\n", "cpp"),
        ("a.h", "static inline constexpr int a = 1;\n", "cpp"),
        (
            "a.h",
            "#ifdef __cplusplus\n#include <cstdint>\n#else\n#include <stdint.h>\n#endif\nint f(void);\n",
            "c",
        ),
        ("a.h", "class A : public B {\npublic slots:\n", "cpp"),
        ("a.h", "@class B;\n/*\nclass names\n*/\n@interface A : NSObject\n@end\n", "objective-c"),
        ("a.h", "#import <Foundation/Foundation.h>\nextern NSString *const kName;\n", "objective-c"),
        ("a.h", "@protocol A\n- (void)go;\n@end\n", "objective-c"),
        ("Program.cs", "", "csharp"),
        ("SConstruct", "", "python"),
        ("bin/tool", "#!/usr/bin/env python3\n", "python"),
        ("bin/tool", "#!/usr/bin/env -S node --no-warnings\n", "javascript"),
        ("bin/tool", "#!/usr/bin/python3.12 -u\n", "python"),
        ("bin/tool", "#! /bin/bash\n", "bash"),
        ("bin/tool", "#!\n", "text"),
        ("bin/tool", "no shebang", "text"),
        ("notes.unknown-extension", "", "text"),
        ("", "", "text"),
        ("odd\udcff.py", "", "python"),
        ("with space.rs", "", "rust"),
    ],
)
def test_a_language_is_known_by_name_extension_or_interpreter(path: str, head: str, language: str) -> None:
    assert registry.detect(path, head).name == language


def test_a_header_is_cpp_only_when_it_looks_like_it() -> None:
    assert registry.detect("list.h", "#ifndef A\nextern int f(void);\n").name == "c"
    assert registry.detect("list.h", "#pragma once\nnamespace a {\n").name == "cpp"
    assert registry.detect("list.h", "template <typename T>\nstruct A;\n").name == "cpp"
    assert registry.detect("list.hpp").name == "cpp"


def test_names_and_aliases_are_resolved_in_any_case() -> None:
    assert registry.resolve("Python") == "python"
    assert registry.resolve("py") == "python"
    assert registry.resolve("C++") == "cpp"
    assert registry.resolve(" c# ") == "csharp"


def test_an_unknown_language_names_its_neighbours() -> None:
    with pytest.raises(ConfigError) as raised:
        registry.resolve("pythn")
    assert "pythn" in str(raised.value)
    assert "python" in raised.value.remedy
    with pytest.raises(ConfigError) as raised:
        registry.resolve("zzzzzz")
    assert "python" in raised.value.remedy


@pytest.mark.parametrize("name", registry.names())
def test_a_description_has_known_keys_and_its_folders_name(name: str) -> None:
    described = tomllib.loads((FOLDER / name / f"{name}.toml").read_text(encoding="utf-8"))
    assert described["name"] == name
    assert set(described) <= {field.name for field in fields(registry.Language)}
    assert all(extension == extension.lower() for extension in described.get("extensions", ()))
    module = (
        "wherein.chunking" if described["chunker"] in ("definitions", "lines") else "wherein.chunking.formats"
    )
    assert importlib.util.find_spec(f"{module}.{described['chunker']}") is not None


def test_no_two_languages_have_the_same_alias_or_file_name() -> None:
    aliases: list[str] = registry.names()
    filenames: list[str] = []
    for name in registry.names():
        aliases += registry.get(name).aliases
        filenames += registry.get(name).filenames
    assert len(aliases) == len(set(aliases))
    assert len(filenames) == len(set(filenames))


def test_where_languages_share_an_extension_each_file_has_one_answer() -> None:
    claims: dict[str, list[registry.Language]] = {}
    for name in registry.names():
        for extension in registry.get(name).extensions:
            claims.setdefault(extension, []).append(registry.get(name))
    for extension, claimants in claims.items():
        assert sum(not language.contents for language in claimants) <= 1, extension


@pytest.mark.parametrize("name", WITH_GRAMMAR)
def test_the_rules_of_a_second_reader_are_expressions_for_kinds_that_there_are(name: str) -> None:
    reader = registry.get(name).second_reader
    if reader is not None:
        assert all(rule.pattern.groups for rule in reader.rules)
        assert all(kind in KINDS and head.groups for kind, head in reader.heads)


@pytest.mark.parametrize("name", WITH_GRAMMAR)
def test_a_query_fits_its_grammar_and_captures_what_the_chunker_knows(name: str) -> None:
    language = registry.get(name)
    query = language.query
    captures = {query.capture_name(i) for i in range(query.capture_count)}
    kinds = {capture.removeprefix("definition.") for capture in captures if capture.startswith("definition.")}
    assert kinds
    assert kinds <= KINDS
    known = {
        "name",
        "name.argument",
        "name.more",
        "qualifier",
        "scope",
        "scope.rest",
        "member",
        "doc",
        "comment",
        "attribute",
        "unread",
        "name.end",
    }
    others = {capture for capture in captures if not capture.startswith(("definition.", "_"))}
    assert others <= known
