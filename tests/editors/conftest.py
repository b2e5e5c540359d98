"""Neovims with the plugin in them."""

import pytest

from neovim import VERSIONS
from neovim_plugin import PLUGIN, Shop, found
from neovim_session import NeovimSession


@pytest.fixture(scope="session", params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A shop that is indexed; `root` and `environment`. For tests that change nothing of it."""
    return Shop(tmp_path_factory.mktemp("editors"))


@pytest.fixture(scope="session")
def launch():
    """launch(version, root, environment, setup={…}): a Neovim with the plugin and nothing else."""

    def begin(version, root, environment, *, setup="", before="", arguments=(), size=(120, 36)):
        command, needed = found(version)
        commands = [
            *("--cmd", "set shortmess+=I noswapfile cmdheight=4"),
            *("--cmd", f"lua {before}" if before else "let g:nothing = 1"),
            *("--cmd", f"set runtimepath^={PLUGIN}"),
            *("-c", f"lua {setup}" if setup else "let g:nothing = 1"),
        ]
        return NeovimSession(
            command, ["--clean", *commands, *arguments], {**environment, **needed}, root, size
        )

    return begin


RESET = """
vim.cmd.stopinsert()
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_is_valid(window) and vim.api.nvim_win_get_config(window).relative ~= '' then
    vim.api.nvim_win_close(window, true)
  end
end
vim.cmd('silent! cclose | silent! only! | silent! %bwipeout! | messages clear')
vim.fn.setqflist({}, 'f')
require('wherein.config').set({})
"""


@pytest.fixture(scope="session")
def running(version, place, llama, launch):
    """One Neovim of each version in the shop, with a server and a language model."""
    environment = {**place.environment, "WHEREIN_LLM_BASE_URL": llama.base_url}
    session = launch(version, place.root, environment)
    yield session
    session.close()


@pytest.fixture
def editor(running):
    """It, as if it had just started, but for the server."""
    running.lua(RESET)
    running.command("edit shop/cart.py")
    return running
