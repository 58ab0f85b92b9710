"""Where deliveries may go: an agency names an address, and must not make this server knock on its own doors
(server-side request forgery, OWASP API7:2023)."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host, as texts. Raises OSError where it has none."""

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:.]{2,45}", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[\x21-\x7e]+")
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""What is routed (RFC 4291). Prefixes that wrap an IPv4 address, as of NAT64, lie outside, or are refused."""
_WRAPPING: Final = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))


class AddressRefused(Exception):
    """Nothing is delivered there. The text says why, for whoever runs that system."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An address to deliver to, in its parts. `host` is what a certificate must name."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str
    """Path and query."""

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def at(self, address: str) -> str:
        """The URL of this destination with `address` in the place of its host."""
        host = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{host}:{self.port}{self.target}"


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be reached: public addresses over https; with `loopback` (the sandbox) this machine too."""

    loopback: bool

    def read(self, url: str) -> Destination:
        """`url` as a destination.

        Raises:
            AddressRefused: not a plain http(s) URL, or one that no name server could make right.
        """
        if not _PLAIN.fullmatch(url) or "\\" in url:
            raise AddressRefused("the URL has characters that do not belong in one")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise AddressRefused("not a URL") from None
        host = (parts.hostname or "").rstrip(".")
        if not _HOST.fullmatch(host):
            raise AddressRefused("the URL names no host")
        if "@" in parts.netloc:
            raise AddressRefused("the URL has a user name in it")
        if parts.fragment:
            raise AddressRefused("the URL has a #fragment, which no server gets")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        literal = _literal(host)
        if parts.scheme == "https":
            destination = Destination("https", host, port or 443, target)
        elif parts.scheme == "http" and self.loopback and _is_here(host, literal):
            destination = Destination("http", host, port or 80, target)
        else:
            raise AddressRefused("only https:// is delivered to")
        if literal is not None:
            self._check(literal)
        return destination

    async def resolve(self, destination: Destination, resolve: Resolve) -> list[str]:
        """The addresses of a destination, each of which may be reached. They are looked up once: whoever
        connects, connects to these.

        Raises:
            AddressRefused: there is none, or one of them may not be reached.
        """
        try:
            found = list(dict.fromkeys(await resolve(destination.host, destination.port)))
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise AddressRefused("the host has no address")
        for text in found:
            address = ip_address(text)
            self._check(address)
            if destination.scheme == "http" and not _unwrapped(address).is_loopback:
                raise AddressRefused("only https:// is delivered to")
        return found

    def _check(self, address: IPAddress) -> None:
        address = _unwrapped(address)
        if not (is_public(address) or (self.loopback and address.is_loopback)):
            raise AddressRefused("the host is not on the public internet")


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to the public internet (RFC 6890), whatever it is wrapped in."""
    address = _unwrapped(address)
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in _GLOBAL_UNICAST and not any(address in network for network in _WRAPPING)


async def look_up(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver gives."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A scope (`fe80::1%eth0`) names a link of this machine: such an address is never public.
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def _unwrapped(address: IPAddress) -> IPAddress:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _literal(host: str) -> IPAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_here(host: str, literal: IPAddress | None) -> bool:
    return host == "localhost" if literal is None else _unwrapped(literal).is_loopback
