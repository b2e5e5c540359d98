"""A real Neovim for tests, out of Debian's packages. `WHEREIN_TEST_NEOVIM` names another one to use."""

import os

from debian_packages import libraries, unpacked


def neovim() -> tuple[list[str], dict[str, str]]:
    """The command and what it needs in its environment; downloads it at the first call. LookupError where that is not
    possible, saying why."""
    if own := os.environ.get("WHEREIN_TEST_NEOVIM"):
        return [own], {}
    root = unpacked("neovim", ["neovim"], all_needed=True)
    folder = libraries(root)
    command = [
        str(folder / "ld-linux-x86-64.so.2"),
        *("--library-path", str(folder), "--argv0", "nvim", str(root / "usr/bin/nvim")),
        *("--cmd", f"set runtimepath+={root / 'usr/lib/nvim'}"),  # its parsers
    ]
    return command, {"VIMRUNTIME": str(root / "usr/share/nvim/runtime")}
