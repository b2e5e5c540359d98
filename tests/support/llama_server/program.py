"""The llama-server program, out of Debian's packages. `WHEREIN_TEST_LLAMA_SERVER` names another one to use."""

import os
from pathlib import Path

from debian_packages import libraries, unpacked

PACKAGES = (
    "llama.cpp-tools",
    "libllama0",
    "libggml0",
    "libc6",
    "libgcc-s1",
    "libgomp1",
    "libssl3t64",
    "libstdc++6",
    "libzstd1",
    "zlib1g",
)
"""A fifth of what apt would take for these."""


def llama_server() -> list[str]:
    """The command; downloads it at the first call. LookupError where that is not possible, saying why."""
    if own := os.environ.get("WHEREIN_TEST_LLAMA_SERVER"):
        return [own]
    root = unpacked("llama-server", PACKAGES, finish=_link_backends)
    folder = libraries(root)
    return [
        str(folder / "ld-linux-x86-64.so.2"),
        *("--library-path", f"{folder}:{folder / 'llama'}"),
        *("--argv0", "llama-server", str(root / "usr/bin/llama-server")),
    ]


def _link_backends(root: Path) -> None:
    """They are looked for beside the program, which is the loader."""
    folder = libraries(root)
    for backend in (folder / "ggml").rglob("*.so"):
        (folder / backend.name).symlink_to(backend.relative_to(folder))
