"""Draw the pictures of the Neovim plugin's README.md: a real Neovim with the real server, in this repository.

Given a folder, write the frames of a search there instead, which scripts/editor_pictures.py makes a moving picture of.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from llama_server import LlamaServer, Recital  # noqa: E402
from neovim_plugin import PLUGIN, clean, found  # noqa: E402
from neovim_session import NeovimSession  # noqa: E402

SIZE = (118, 30)

COLOURS = {"dark": ("#e0e2ea", "#14161b"), "light": ("#14161b", "#e0e2ea")}
"""of Neovim's own colour scheme: text, background"""

ANSWER = (
    "A file is cut at its definitions [1]:",
    " each chunk keeps whole lines,",
    " and the chunks of a file cover every line exactly once [2].\n\n",
    "What has no grammar is cut by windows [3].",
)


REST = 0.7
"""Seconds without a change after which everything is shown: the whole search comes after a rest."""

QUERY = "how is a file cut into chunks lang:python"


def main(frames: Path | None = None) -> None:
    """Index this repository, ask, and write four pictures, or the frames of one."""
    folder = PLUGIN / "pictures"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, LlamaServer(Recital(ANSWER)) as model:
        environment = clean(Path(scratch), Path(scratch) / "data") | {"WHEREIN_LLM_BASE_URL": model.base_url}
        subprocess.run(["wherein", "index", str(ROOT)], env=environment, check=True, cwd=ROOT)
        for shade, colours in COLOURS.items() if frames is None else [("dark", COLOURS["dark"])]:
            command, needed = found("newest")
            options = f"set shortmess+=I noswapfile background={shade} termguicolors"
            arguments = ["--clean", "--cmd", options, "--cmd", f"set runtimepath^={PLUGIN}"]
            file = "indexer/wherein/chunking/chunker.py"
            session = NeovimSession(
                command, [*arguments, file], {**os.environ, **environment, **needed}, ROOT, SIZE
            )
            try:
                if frames is not None:
                    _frames(session, frames, colours)
                    continue
                session.keys(":Wherein search<CR>")
                session.until_shown("type what the code does")
                session.keys(QUERY)
                session.until_shown("30 found")
                (folder / f"search-{shade}.svg").write_text(session.terminal.svg(*colours), "utf-8")
                session.keys("<C-c>")
                session.until("return vim.fn.mode() == 'n' and #vim.api.nvim_list_wins() == 1")
                session.command("Wherein ask how is a file cut into chunks?")
                session.until(
                    "return vim.api.nvim_buf_get_lines(0, -2, -1, false)[1]:find('recital', 1, true)"
                )
                session.keys("gg]c")
                session.until_shown("## Sources")
                (folder / f"answer-{shade}.svg").write_text(session.terminal.svg(*colours), "utf-8")
            finally:
                session.close()


def _frames(session: NeovimSession, folder: Path, colours: tuple[str, str]) -> None:
    """A search from its first word to the code."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[str] = []

    def frame() -> None:
        before, shown = "", session.screen()
        while shown != before:
            time.sleep(REST)
            before, shown = shown, session.screen()
        pictures.append(session.terminal.svg(*colours))
        (folder / f"frame-{len(pictures):02}.svg").write_text(pictures[-1], "utf-8")

    session.keys(":Wherein search<CR>")
    session.until_shown("type what the code does")
    frame()
    typed = ""
    for word in QUERY.split():
        typed = f"{typed} {word}".strip()
        session.keys(f" {word}" if typed != word else word)
        session.until_shown(typed)
        session.until_shown("found")
        frame()
    session.keys("<Down>")
    frame()
    session.keys("<CR>")
    session.until("return vim.fn.mode() == 'n' and #vim.api.nvim_list_wins() == 1")
    session.command("cd .")  # names files from this folder
    frame()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
