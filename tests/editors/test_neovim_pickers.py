"""The pickers of other plugins show the same lists: Telescope out of Debian's packages; fzf-lua, snacks and mini.pick,
which no package registry has, where `WHEREIN_TEST_NEOVIM_PLUGINS` names a folder with clones of them."""

import os
import subprocess
from pathlib import Path

import pytest

from debian_packages import unpacked
from neovim_plugin import HERE

IN_CODE = "return vim.fn.expand('%:.') == 'shop/payment.py' and vim.fn.mode() == 'n'"


def debian(package):
    try:
        return unpacked(package, [package, "neovim-plenary"] if package == "neovim-telescope" else [package])
    except (LookupError, subprocess.CalledProcessError) as reason:
        pytest.fail(f"{package} cannot be had to test with: {reason}.", pytrace=False)


def clone(name):
    folder = os.environ.get("WHEREIN_TEST_NEOVIM_PLUGINS")
    if not folder or not (Path(folder) / name).is_dir():
        pytest.skip(
            f"No package registry has {name}; WHEREIN_TEST_NEOVIM_PLUGINS names no folder with a clone of it."
        )
    return Path(folder) / name


def telescope():
    share = debian("neovim-telescope") / "usr/share"
    return [share / "neovim-plenary", share / "neovim-telescope"], "require('telescope').setup({})"


def fzf_lua():
    return [clone("fzf-lua")], "require('fzf-lua').setup({})"


def snacks():
    return [clone("snacks.nvim")], "require('snacks').setup({ picker = { enabled = true } })"


def mini_pick():
    return [clone("mini.nvim")], "require('mini.pick').setup()"


PICKERS = {"telescope": telescope, "fzf-lua": fzf_lua, "snacks": snacks, "mini.pick": mini_pick}


@pytest.fixture(params=PICKERS)
def picker(request):
    return request.param


def test_a_search_in_another_picker_is_shown_as_one_types_and_leads_there(version, place, launch, picker):
    folders, setup = PICKERS[picker]()
    environment = place.environment
    if picker == "fzf-lua":
        if version != "0.11":
            pytest.skip("fzf-lua starts Neovim anew, which one under the loader of another Debian cannot")
        environment = environment | {"PATH": f"{debian('fzf') / 'usr/bin'}:{environment['PATH']}"}
    before = "vim.opt.runtimepath:prepend({ " + ", ".join(f"'{folder}'" for folder in folders) + " })"
    session = launch(
        version, place.root, environment, before=before, setup=setup, arguments=("shop/cart.py",)
    )
    try:
        assert session.lua("return require('wherein.pickers').found()") == picker
        session.keys(":Wherein search<CR>")
        session.until_shown("Search code")
        session.keys("how is a card char")
        session.until_shown("charge_card")
        session.keys("ged kind:function")
        session.until_shown("refund")
        session.until_shown("shop/payment.py:8" if picker != "telescope" else "shop/payment.py :8")
        session.keys("<CR>")
        session.until(IN_CODE)
        assert session.lua(HERE) == ["shop/payment.py", 8, 5]
        session.command("Wherein related")  # a list that is not asked anew
        session.until_shown("Similar code")
        session.until_shown("refund")
        session.keys("<CR>")
        session.until("return vim.fn.line('.') ~= 8 or vim.fn.expand('%:.') ~= 'shop/payment.py'")
        assert "rror" not in session.messages()
    finally:
        session.close()


def test_telescope_has_the_search_as_an_extension(place, launch):
    folders, setup = telescope()
    before = "vim.opt.runtimepath:prepend({ " + ", ".join(f"'{folder}'" for folder in folders) + " })"
    session = launch("newest", place.root, place.environment, before=before, setup=setup)
    try:
        session.command("runtime plugin/telescope.lua")
        session.command("Telescope wherein symbol query=charge")
        session.until_shown("charge_card")
    finally:
        session.close()
