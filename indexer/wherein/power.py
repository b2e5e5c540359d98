"""Whether this machine runs on battery, if the system says so."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
"""A folder a supply; Linux."""

PMSET = "/usr/bin/pmset"
"""Tells it on macOS."""


def on_battery(supplies: Path = SUPPLIES) -> bool:
    """False also where nobody knows: a machine without a battery, a container, another system."""
    if sys.platform == "darwin":
        return _pmset()
    if sys.platform == "win32":
        return _windows()
    return _linux(supplies)


def _linux(supplies: Path) -> bool:
    """Some supply from outside that gives something decides; else a battery that is being emptied."""
    emptied = False
    for kind, online, status, scope in _supplies(supplies):
        if kind != "Battery" and online == "1":
            return False
        emptied = emptied or (kind == "Battery" and status == "Discharging" and scope != "Device")
    return emptied


def _supplies(supplies: Path) -> Iterator[tuple[str, ...]]:
    with suppress(OSError):
        for supply in sorted(supplies.iterdir()):
            yield tuple(_fact(supply / name) for name in ("type", "online", "status", "scope"))


def _fact(file: Path) -> str:
    with suppress(OSError):
        return file.read_text(errors="replace").strip()
    return ""


def _pmset() -> bool:
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run([PMSET, "-g", "batt"], capture_output=True, timeout=5, check=False).stdout
        return b"'Battery Power'" in said
    return False


def _windows() -> bool:
    import ctypes

    facts = (ctypes.c_ubyte * 12)()  # SYSTEM_POWER_STATUS, whose first byte tells
    windll = getattr(ctypes, "windll", None)
    return bool(os.name == "nt" and windll and windll.kernel32.GetSystemPowerStatus(facts) and facts[0] == 0)
