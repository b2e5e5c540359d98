"""The plugin for Neovim, a small shop of code to try it on, and Neovims that may be had."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import shop
from kept_interpreter import stand_in
from neovim import neovim

COMMAND = Path(sys.executable).parent / "wherein"
PLUGIN = Path(__file__).resolve().parents[2] / "editors" / "neovim"

SHOP = shop.SHOP | {
    "web/router.ts": """\
// Finds the handler of a request.
export function matchRoute(routes: Route[], path: string): Handler | undefined {
  return routes.find((route) => route.pattern.test(path))?.handler;
}
""",
}


HERE = "return { vim.fn.expand('%:.'), vim.fn.line('.'), vim.fn.col('.') }"
"""The file and the place of the cursor."""

QUICKFIX = """
local list = vim.fn.getqflist({ title = 0, items = 0 })
return list.items[1] and {
  title = list.title,
  places = vim.tbl_map(function(item) return { vim.fn.bufname(item.bufnr), item.lnum, item.col } end, list.items),
}
"""
"""The title of the quickfix list and its places, once there are any."""


def clean(home: Path, data: Path) -> dict[str, str]:
    """An environment with nothing of the tester's own."""
    folders = (stand_in(COMMAND).parent, COMMAND.parent, os.environ["PATH"])
    return {
        "PATH": ":".join(map(str, folders)),
        "HOME": str(home),
        "WHEREIN_DATA_DIR": str(data),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def make_repository(root: Path, files: dict[str, str], environment: dict[str, str]) -> Path:
    """A repository with one commit."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (
        ["init", "--quiet", "-b", "main"],
        ["add", "--all"],
        [*who, "commit", "--quiet", "-m", "shop"],
    ):
        subprocess.run(["git", *arguments], cwd=root, env=environment, check=True)
    return root


def found(version: str) -> tuple[list[str], dict[str, str]]:
    """A Neovim of this version; the test fails by its name where it cannot be had."""
    try:
        return neovim(version)
    except LookupError as reason:
        pytest.fail(f"Neovim {version} cannot be had to test with: {reason}.", pytrace=False)


class Shop:
    def __init__(self, base: Path) -> None:
        (base / "home").mkdir()
        self.base = base
        self.environment = clean(base / "home", base / "data")
        self.root = make_repository(base / "shop", SHOP, self.environment)
        subprocess.run(
            ["wherein", "index"], cwd=self.root, env=self.environment, check=True, capture_output=True
        )
