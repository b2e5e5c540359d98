"""What the extras of wherein's package bring, and the command that installs one."""

import re
import shlex
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

_OF_EXTRA = re.compile(r"""\bextra\s*==\s*["']([\w.-]+)["']""")
_OURSELVES = re.compile(r"wherein\[([\w.,\s-]+)\]")


def install_command(extra: str) -> str:
    """A shell command that installs what an extra needs into the environment that runs this.

    It does not name wherein itself, which may come from a clone: a package of that name elsewhere is a stranger's.
    """
    packages = list(dict.fromkeys(_needed(extra, set())))
    if not packages:  # an older installation, or none at all
        return f"./install {extra}, in the clone of wherein"
    return f"{shlex.quote(sys.executable)} -m pip install {' '.join(map(shlex.quote, packages))}"


def _needed(extra: str, seen: set[str]) -> Iterator[str]:
    """Requirements as the installed package states them; an extra may include others."""
    if extra in seen:
        return
    seen.add(extra)
    try:
        stated = requires("wherein") or []
    except PackageNotFoundError:
        return
    for each in stated:
        package, _, condition = each.partition(";")
        if (found := _OF_EXTRA.search(condition)) is None or found[1] != extra:
            continue
        if ours := _OURSELVES.match(package.strip()):
            for name in ours[1].split(","):
                yield from _needed(name.strip(), seen)
        else:
            yield package.strip()
