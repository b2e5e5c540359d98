"""The kinds of chunk that ranking tells apart."""

FUNCTIONS = frozenset({"function", "method", "constructor"})
TYPE_KINDS = frozenset(
    {"class", "struct", "interface", "trait", "enum", "type", "namespace", "module", "object"}
)
DEFINITIONS = FUNCTIONS | TYPE_KINDS - {"module"} | {"impl", "macro"}
TEXTS = frozenset({"section", "text", "cue", "table", "key"})
"""They define nothing in code."""
