"""Write what the Neovim plugin's README.md, help and completion have from one source; with `--check`, fail where they
would change.

The text is README.md's, the tables are of tables.toml, kinds and languages of the server.
"""

import re
import sys
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from wherein.languages.registry import names
from wherein.search.inline_filters import KINDS

PLUGIN = Path(__file__).resolve().parent.parent / "editors" / "neovim"

WIDTH = 78
"""Columns of a help file."""

COLUMNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "commands": (("`:Wherein {name}`", "command"), ("`{arguments}`", "arguments"), ("{does}", "does")),
    "plugs": (("`<Plug>(wherein-{name})`", "map"), ("{modes}", "modes"), ("{does}", "does")),
    "list_keys": (("{keys}", "keys"), ("{does}", "do")),
    "answer_keys": (("{keys}", "keys"), ("{does}", "do")),
    "settings": (("`{name}`", "setting"), ("`{default}`", "default"), ("{does}", "does")),
    "functions": (("`{name}`", "function"), ("{does}", "does")),
    "highlights": (("`{name}`", "group"), ("`{default}`", "linked to"), ("{does}", "colours")),
    "events": (("`{name}`", "pattern"), ("{does}", "when")),
}
"""What stands in the columns of a table of README.md, and at their heads."""

TAGS = {
    "commands": ":Wherein-{name}",
    "plugs": "<Plug>(wherein-{name})",
    "settings": "wherein-setting-{name}",
    "functions": "wherein.{name}",
    "highlights": "hl-{name}",
    "events": "{name}",
}
"""What `:help` finds an entry by."""

Rows = Sequence[Mapping[str, str]]


def pages() -> Mapping[str, str]:
    """File below the plugin → text."""
    tables: Mapping[str, Rows] = tomllib.loads((PLUGIN / "tables.toml").read_text("utf-8"))
    readme = (PLUGIN / "README.md").read_text("utf-8")
    return {
        "README.md": _with_tables(readme, tables),
        "doc/wherein.txt": _help(readme, tables),
        "lua/wherein/words.lua": _words(),
    }


def _with_tables(readme: str, tables: Mapping[str, Rows]) -> str:
    for name, rows in tables.items():
        marked = re.compile(rf"<!-- {name} -->\n(?:\n?(?:\|.*\n)+)?")
        assert len(marked.findall(readme)) == 1, name
        table = f"<!-- {name} -->\n\n{_markdown_table(name, rows)}"
        readme = marked.sub(lambda _, table=table: table, readme)
    return readme


def _markdown_table(name: str, rows: Rows) -> str:
    columns = COLUMNS[name]
    lines = [" | ".join(head for _, head in columns), "|".join("---" for _ in columns)]
    for row in rows:
        cells = [cell.format(**row).replace("|", "\\|") for cell, _ in columns]
        lines.append(" | ".join("" if cell == "``" else cell for cell in cells))
    return "".join(f"| {line} |\n" if "---" not in line else f"|{line}|\n" for line in lines)


def _help(readme: str, tables: Mapping[str, Rows]) -> str:
    """The README as Vim's help has it: sections with tags, code indented, one entry a row."""
    title, _, text = readme.partition("\n## ")
    out = ["*wherein.txt*  Search code by what it does, and have it explained", ""]
    out += [
        "<!-- Made by scripts/make_neovim_docs.py from README.md and tables.toml. -->".strip("<!->").strip(),
        "",
    ]
    out += [_tagged("INTRODUCTION", "wherein"), "", *_prose(title.split("\n", 1)[1], tables)]
    for section in text.split("\n## "):
        heading, _, body = section.partition("\n")
        out += ["=" * WIDTH, _tagged(heading.upper(), f"wherein-{heading.lower().replace(' ', '-')}"), ""]
        out += _prose(body, tables)
    return "\n".join([*out, "vim:tw=78:ts=8:noet:ft=help:norl:"]) + "\n"


def _tagged(text: str, tag: str) -> str:
    mark = f"*{tag}*"
    return text + " " * max(2, WIDTH - len(text) - len(mark)) + mark


def _prose(text: str, tables: Mapping[str, Rows]) -> list[str]:
    out: list[str] = []
    paragraphs = re.split(r"(```\w*\n.*?```|<!-- \w+ -->|!\[.*?\]\(.*?\))", text, flags=re.DOTALL)
    for part in paragraphs:
        if code := re.fullmatch(r"```(\w*)\n(.*?)```", part, re.DOTALL):
            out += [
                f">{'' if code[1] == 'sh' else code[1]}",
                *textwrap.indent(code[2], "    ").splitlines(),
                "<",
            ]
        elif marker := re.fullmatch(r"<!-- (\w+) -->", part):
            out += [line for row in tables[marker[1]] for line in _entry(marker[1], row)]
        elif not part.startswith("!["):
            for paragraph in part.split("\n\n"):
                if paragraph.strip() and not paragraph.lstrip().startswith(("|", "<")):
                    out += [*textwrap.wrap(_plain(paragraph), WIDTH, break_on_hyphens=False), ""]
    return out


def _entry(name: str, row: Mapping[str, str]) -> list[str]:
    cells = [cell.format(**row) for cell, _ in COLUMNS[name]]
    head = "  ".join(cell.strip("`") if "`, `" not in cell else cell for cell in cells[:-1] if cell != "``")
    if name == "settings":
        head = f"{row['name']}  (default: {row['default']})"
    elif name == "plugs":
        head = f"<Plug>(wherein-{row['name']})  (modes: {row['modes']})"
    tag = TAGS[name].format(name=row["name"].split("(")[0] + "()") if name == "functions" else ""
    tag = tag or TAGS.get(name, "").format(**row)
    first = f"*{tag}*".rjust(WIDTH) if tag else ""
    body = textwrap.wrap(_plain(cells[-1]), WIDTH - 8, break_on_hyphens=False)
    return [*([first] if first else []), _plain(head), *(f"        {line}" for line in body), ""]


def _plain(text: str) -> str:
    """Markdown's marks that help has no use for."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(text.split())).replace("**", "")


def _words() -> str:
    """What the command line completes."""
    listed = {"languages": sorted(names()), "kinds": sorted(KINDS)}
    lines = ["-- Made by scripts/make_neovim_docs.py: what `lang:` and `kind:` take.", "return {"]
    for key, words in listed.items():
        lines += [f"  {key} = {{", *(f"    '{word}'," for word in words), "  },"]
    return "\n".join([*lines, "}", ""])


def main() -> int:
    """Write the pages, or compare them."""
    stale = [name for name, text in pages().items() if not _same(PLUGIN / name, text)]
    if "--check" in sys.argv:
        if stale:
            print(f"stale: {', '.join(stale)}; run scripts/make_neovim_docs.py", file=sys.stderr)
        return bool(stale)
    for name in stale:
        (PLUGIN / name).parent.mkdir(exist_ok=True)
        (PLUGIN / name).write_text(pages()[name], "utf-8")
        print(f"wrote {name}")
    return 0


def _same(file: Path, text: str) -> bool:
    return file.exists() and file.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
