#!/usr/bin/env python3
"""Searching as one types in a real Neovim: from the last letter of a query to its result in the list, in a large
repository.

    benchmarks/neovim_typing.py [--chunks N] [--samples N] [--version 0.11]

The repository is made and indexed first: so many functions, a customer's number in each name. The clock counts what
else runs on the machine.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/support"))

from neovim_plugin import PLUGIN, clean, found
from neovim_session import NeovimSession

IN_A_FILE = 100
RESTS = 0.6
"""Seconds without a letter after which the whole search has come as well."""

VERBS = ("charge", "refund", "parse", "render", "merge", "split", "send", "fetch", "close", "open")
NOUNS = ("card", "order", "header", "page", "branch", "window", "letter", "record", "socket", "door")

LISTED = """
for _, window in ipairs(vim.api.nvim_list_wins()) do
  local buffer = vim.api.nvim_win_get_buf(window)
  if vim.bo[buffer].filetype == 'wherein-list' then
    return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
  end
end
return ''
"""

TYPED = """
local listed = function() %(listed)s end
local began = vim.uv.hrtime()
vim.g.shown_after = nil
local timer = vim.uv.new_timer()
timer:start(0, 1, vim.schedule_wrap(function()
  if vim.g.shown_after then return end
  local spent = (vim.uv.hrtime() - began) / 1e6
  if listed():find('_%(number)s', 1, true) or spent > 10000 then
    vim.g.shown_after = spent
    timer:stop()
  end
end))
vim.api.nvim_input('%(letter)s')
"""


def main() -> None:
    """Make it, type, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=50_000)
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--version", default="0.11")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "home").mkdir()
        environment = clean(base / "home", base / "data")
        place = large(base / "large", options.chunks)
        wherein = ["wherein", "index", "--repo", str(place)]
        subprocess.run(wherein, env=environment, check=True, capture_output=True)
        command, needed = found(options.version)
        arguments = ["--clean", "--cmd", "set shortmess+=I noswapfile", "--cmd", f"set runtimepath^={PLUGIN}"]
        editor = NeovimSession(command, arguments, {**environment, **needed}, place)
        try:
            times = [
                typed(editor, 1_000 + (at * 2_377) % (options.chunks - 1_000))
                for at in range(options.samples)
            ]
        finally:
            editor.close()
    shown = sorted(time for time in times if time is not None)
    print(
        f"last letter to its result in the list, {options.chunks:,} chunks, Neovim {options.version}: median "
        f"{median(shown):.0f} ms of {len(shown)}, {shown[0]:.0f} to {shown[-1]:.0f}"
    )


def typed(editor: NeovimSession, number: int) -> float | None:
    """Milliseconds; None where the function was there before, or does not come."""
    whole = str(number)
    editor.command("Wherein search")
    editor.until_shown("type what the code does")
    editor.keys(f"customer {whole[:-1]}")
    before = None
    while (now := editor.lua(LISTED)) != before or not now:
        before = now
        time.sleep(RESTS)
    spent = None
    if f"_{whole}" not in now:
        editor.lua(TYPED % {"listed": LISTED, "number": whole, "letter": whole[-1]})
        spent = editor.until("return vim.g.shown_after")
    editor.keys("<C-c>")
    editor.until("return #vim.api.nvim_list_wins() == 1")
    return spent if spent and spent < 10_000 else None


def large(made: Path, chunks: int) -> Path:
    """A repository of so many functions."""
    for file in range(-(-chunks // IN_A_FILE)):
        functions = []
        for number in range(file * IN_A_FILE, (file + 1) * IN_A_FILE):
            verb, noun = VERBS[number % 10], NOUNS[number // 10 % 10]
            functions.append(
                f'def {verb}_{noun}_{number}(given):\n    """{verb} the {noun} of customer {number}."""\n'
                f"    return given + {number}\n"
            )
        path = made / f"part{file % 50}" / f"file{file}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(functions))
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    return made


if __name__ == "__main__":
    main()
