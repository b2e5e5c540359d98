"""The page on editors, followed to the letter in a real Neovim."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from neovim import neovim

PAGE = Path(__file__).resolve().parents[2] / "docs" / "editors.md"
DRIVER = Path(__file__).with_name("in_neovim.lua")


@pytest.fixture(scope="session")
def editor():
    try:
        return neovim()
    except LookupError as reason:
        pytest.skip(f"There is no Neovim to test with: {reason}.")


def snippets():
    """The Lua of the page: the configuration, that for older versions, and the command."""
    section = re.search(r"\n## Neovim\n(.*?)\n## ", PAGE.read_text("utf-8"), re.DOTALL)
    assert section is not None
    return re.findall(r"```lua\n(.*?)```", section[1], re.DOTALL)


@pytest.mark.parametrize("version", ["now", "0.10"])
def test_the_page_s_configuration_searches_and_explains(editor, shop, environment, llama, tmp_path, version):
    new, old, search = snippets()
    (tmp_path / "init.lua").write_text((new if version == "now" else old) + search)
    found = tmp_path / "found"
    command, needed = editor
    done = subprocess.run(
        [*command, "--clean", "--headless", "-u", str(tmp_path / "init.lua"), "-S", str(DRIVER)],
        cwd=shop.root,
        env={
            **environment,
            **needed,
            "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}",
            "WHEREIN_LLM_BASE_URL": llama.base_url,
            "FOUND": str(found),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = dict(map(json.loads, found.read_text().splitlines()))
    # None where all was indexed before the editor had made a bar.
    assert told["progress"] in (["begin", "end"], [])
    assert told["search"][0] == ["shop/payment.py", 8]
    assert told["search from the list"][0] == ["shop/payment.py", 18]
    assert told["symbols"] == [["shop/payment.py", 8]]
    assert sorted(re.search(r"Explain this|Find similar code", each)[0] for each in told["actions"]) == [
        "Explain this",
        "Find similar code",
    ]
    assert told["shown"][0] == "# Explanation of shop/cart.py:14"
    assert "Error" not in done.stderr
