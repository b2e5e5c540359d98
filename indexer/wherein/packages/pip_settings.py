"""Where a user gets Python packages from, according to pip: its variables, then its configuration files."""

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass

USUAL_TIMEOUT = 15.0

LONGEST_FILE = 1_000_000

SECTIONS = ("global", "download")
"""Of a configuration file, what counts: the later more."""

NO = frozenset({"", "0", "no", "n", "f", "false", "off"})


@dataclass(frozen=True, slots=True)
class PipSettings:
    """What is told of indexes and of the way to them."""

    indexes: tuple[str, ...]
    """addresses of simple indexes, to be asked in this order"""
    find_links: tuple[str, ...] = ()
    """folders in which files lie as they are"""
    certificates: str | None = None
    client_certificate: str | None = None
    proxy: str | None = None
    trusted_hosts: frozenset[str] = frozenset()
    timeout: float = USUAL_TIMEOUT
    """seconds without a byte"""


def usual_index() -> str:
    """What pip asks where nothing is configured, by its own word. Raises ConfigError if there is no pip to say so."""
    try:
        return str(import_module("pip._internal.models.index").PyPI.simple_url)
    except (ImportError, AttributeError):
        raise ConfigError(
            "No package index is configured, and this Python has no pip that knows the usual one.",
            remedy="set PIP_INDEX_URL to your package index",
        ) from None


def pip_settings(environment: Mapping[str, str] = os.environ) -> PipSettings:
    """As pip would find them. Raises ConfigError if a configuration file cannot be read, or nothing tells of an
    index."""
    found: dict[str, str] = {}
    for file in _files(environment):
        found |= _read(file)
    found |= {
        name.removeprefix("PIP_").lower().replace("_", "-"): value
        for name, value in environment.items()
        if name.startswith("PIP_") and value
    }
    if (alone := found.get("no-index", "").lower()) and alone not in NO:
        indexes: tuple[str, ...] = ()
    else:
        indexes = (found.get("index-url") or usual_index(), *found.get("extra-index-url", "").split())
    return PipSettings(
        indexes=indexes,
        find_links=tuple(found.get("find-links", "").split()),
        certificates=_path(found.get("cert")),
        client_certificate=_path(found.get("client-cert")),
        proxy=found.get("proxy") or None,
        trusted_hosts=frozenset(found.get("trusted-host", "").split()),
        timeout=_seconds(found.get("timeout") or found.get("default-timeout") or ""),
    )


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Those that there may be, what counts least first."""
    named = environment.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    import platformdirs

    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    for folder in reversed(
        platformdirs.site_config_dir("pip", appauthor=False, multipath=True).split(os.pathsep)
    ):
        yield Path(folder) / name
    if sys.platform not in ("win32", "darwin"):
        yield Path("/etc") / name
    if not (named and Path(named).exists()):
        yield Path.home() / ("pip" if sys.platform == "win32" else ".pip") / name
        own = Path(platformdirs.user_config_dir("pip", appauthor=False, roaming=True))
        if sys.platform == "darwin" and not own.is_dir():
            own = Path.home() / ".config" / "pip"
        yield own / name
    yield Path(sys.prefix) / name
    if named:
        yield Path(named)


def _read(file: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        with file.open(encoding="utf-8") as opened:
            parser.read_string(opened.read(LONGEST_FILE))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeError, configparser.Error) as error:
        why = getattr(error, "strerror", None) or "it is not a pip configuration"
        raise ConfigError(
            f"{file}, which says where packages come from, cannot be read: {why}.", remedy="pip config debug"
        ) from None
    found: dict[str, str] = {}
    for section in SECTIONS:
        if parser.has_section(section):
            found |= {key.replace("_", "-"): value for key, value in parser.items(section)}
    return found


def _path(told: str | None) -> str | None:
    return str(Path(told).expanduser()) if told else None


def _seconds(told: str) -> float:
    try:
        return max(1.0, float(told))
    except ValueError:
        return USUAL_TIMEOUT
