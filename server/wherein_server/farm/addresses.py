"""A repository's address, and what follows from it: its name in the store, and the host it is fetched from."""

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from wherein.errors import ConfigError
from wherein.git.identity import normalised_url
from wherein.git.remote import PROTOCOLS, RemoteFailed, checked_url


def name_of(url: str, protocols: Sequence[str] = PROTOCOLS) -> str:
    """What people's clones of it are called; of a folder its path. Raises ConfigError for an address that may not be
    used."""
    try:
        checked_url(url, protocols)
    except RemoteFailed as error:
        raise ConfigError(f"{error.message} ({_short(url)})", remedy=error.remedy) from None
    name = normalised_url(url) or unquote(urlsplit(url).path).strip("/").removesuffix(".git")
    if not name:
        raise ConfigError(f"{_short(url)} does not name a repository.", remedy="give https://HOST/PATH")
    return name


def host_of(url: str) -> str:
    """`github.com` of any form of address; "" for a folder."""
    name = normalised_url(url)
    return name.partition("/")[0]


def _short(url: str) -> str:
    from wherein.git.remote import shown

    return shown(url)[:200]
