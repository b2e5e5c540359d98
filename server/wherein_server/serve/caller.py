"""Where a request comes from: its sender's address, through the trusted proxies."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")
"""Headers that say that a proxy stands between."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the other end."""

    address: str
    """of the client, as the trusted proxies tell it"""
    loopback: bool
    """whether the connection itself came from this machine"""
    trusted: bool
    """whether it came from a trusted proxy"""
    forwarded: bool
    """whether any proxy passed it on"""
    secure: bool
    """whether it was encrypted on its way to us, or to the trusted proxy"""


def networks(given: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks of proxies. Raises ConfigError for what is none."""
    found = []
    for each in given:
        try:
            found.append(ip_network(each.strip(), strict=False))
        except ValueError:
            raise ConfigError(
                f"{each!r} is not an address or a network.", remedy="wherein serve --proxy 10.0.0.0/8"
            ) from None
    return tuple(found)


def caller(scope: Mapping[str, Any], headers: Mapping[bytes, bytes], proxies: Sequence[Network]) -> Caller:
    """Who sent a request."""
    peer = _address(scope["client"][0] if scope.get("client") else "")
    trusted = peer is not None and _within(peer, proxies)
    forwarded = any(name in headers for name in FORWARDED)
    address, secure = peer, scope.get("scheme") == "https"
    if trusted:
        address = _behind(headers.get(b"x-forwarded-for", b""), proxies) or peer
        secure = secure or headers.get(b"x-forwarded-proto", b"").strip().lower() == b"https"
    loopback = peer is None or peer.is_loopback  # a unix socket has no address
    return Caller(str(address or "local"), loopback, trusted, forwarded, secure)


def _behind(header: bytes, proxies: Sequence[Network]) -> Address | None:
    """The last address that no trusted proxy has: what stands before it anybody may have written."""
    for each in reversed(header.decode("latin-1").split(",")):
        address = _address(each.strip())
        if address is None or not _within(address, proxies):
            return address
    return None


def is_within(text: str, proxies: Sequence[Network]) -> bool:
    """Whether an address, as a connection tells it, is of one of these."""
    address = _address(text)
    return address is not None and _within(address, proxies)


def _within(address: Address, proxies: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in proxies)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
