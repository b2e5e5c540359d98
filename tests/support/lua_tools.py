"""StyLua out of npm's registry and luacheck out of Debian's, downloaded once into the virtual environment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from debian_packages import libraries, unpacked

STYLUA = "@johnnymorganz/stylua@2.5.2"

FORMAT = """\
const { readFileSync } = require('fs');
const stylua = require('@johnnymorganz/stylua');
const [options, ...files] = process.argv.slice(1);
for (const file of files) {
  const config = stylua.Config.new(); // it is used up
  for (const [name, value] of Object.entries(JSON.parse(options))) config[name] = value;
  const text = readFileSync(file, 'utf8');
  const formatted = stylua.formatCode(text, config, undefined, stylua.OutputVerification.None);
  if (formatted !== text) {
    console.log(file);
    if (process.env.WRITE) require('fs').writeFileSync(file, formatted);
  }
}
"""

OPTIONS = """{"column_width": 120, "indent_type": 1, "indent_width": 2, "quote_style": 1}"""
"""As in the plugin's .stylua.toml, which the library does not read: spaces, single quotes where that needs none."""


def unformatted(files: Sequence[Path], *, write: bool = False) -> list[str]:
    """The files that StyLua would change, changed if wanted. LookupError where it cannot be had."""
    node = shutil.which("node")
    if node is None:
        raise LookupError("no node to run StyLua with")
    home = Path(sys.prefix) / "stylua"
    with FileLock(f"{home}.lock"):
        if not (home / "node_modules/@johnnymorganz/stylua").exists():
            home.mkdir(exist_ok=True)
            try:
                subprocess.run(
                    ["npm", "install", "--silent", "--no-audit", "--no-fund", STYLUA], cwd=home, check=True
                )
            except (OSError, subprocess.CalledProcessError) as error:
                raise LookupError(f"npm install {STYLUA}: {error}") from error
    done = subprocess.run(
        [node, "-e", FORMAT, OPTIONS, *map(str, files)],
        cwd=home,
        env=os.environ | ({"WRITE": "1"} if write else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.split()


def luacheck(folder: Path) -> str:
    """What luacheck has to say of a folder's files; empty where it is content. LookupError where it cannot be had."""
    try:
        root = unpacked("luacheck", ["lua-check"], release="trixie", all_needed=True)
    except subprocess.CalledProcessError as error:
        raise LookupError(f"`{' '.join(map(str, error.cmd))}` failed with {error.returncode}") from error
    libs = libraries(root)
    share = root / "usr/share/lua/5.1"
    command = [
        *(str(libs / "ld-linux-x86-64.so.2"), "--library-path", str(libs), str(root / "usr/bin/lua5.1")),
        *(str(root / "usr/bin/luacheck"), "--no-color", "--quiet", "--codes", "."),
    ]
    environment = os.environ | {
        "LUA_PATH": f"{share}/?.lua;{share}/?/init.lua",
        "LUA_CPATH": f"{libs}/lua/5.1/?.so",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


if __name__ == "__main__":
    print(*unformatted(sorted(Path(sys.argv[1]).absolute().rglob("*.lua")), write=True), sep="\n")
