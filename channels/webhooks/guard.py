"""Where a webhook may go: nowhere inside (server-side request forgery)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from channels.errors import ChannelUnreachable, MessageRefused

CHANNEL = "webhook"
LONGEST_URL = 500
Resolve = Callable[[str, int], Awaitable[list[str]]]

# An IPv4 address inside one of these IPv6 addresses is where it really goes.
_NAT64 = IPv6Network("64:ff9b::/96")


class UrlNotAllowed(MessageRefused):
    """The address is not one we send to; `provider_code` says why."""

    code = "url_not_allowed"


def checked_url(url: str, *, private_allowed: bool) -> httpx.URL:
    """Return the address; raise `UrlNotAllowed` for what can be seen without resolving it."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        raise UrlNotAllowed(CHANNEL, "unreadable") from None
    schemes = ("https", "http") if private_allowed else ("https",)
    if len(url) > LONGEST_URL or parsed.scheme not in schemes or not parsed.host:
        raise UrlNotAllowed(CHANNEL, "scheme")
    if parsed.userinfo or parsed.fragment:
        raise UrlNotAllowed(CHANNEL, "credentials")
    literal = _literal(parsed.host)
    if literal is not None and not private_allowed and not is_public(literal):
        raise UrlNotAllowed(CHANNEL, "private_address")
    return parsed


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is out in the internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


async def public_address(url: httpx.URL, resolve: Resolve) -> str:
    """Return the address to connect to; raise `UrlNotAllowed` if any of the name's is inside.

    The name is resolved once, here, and the connection goes to what was looked at: a name that
    changes its mind in between gains nothing.
    """
    found = await resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
    addresses = [ip_address(text.partition("%")[0]) for text in found]
    if not addresses:
        raise ChannelUnreachable(CHANNEL, "name not found")
    if not all(is_public(address) for address in addresses):
        raise UrlNotAllowed(CHANNEL, "private_address")
    return str(addresses[0])


async def system_resolve(host: str, port: int) -> list[str]:
    """Resolve as the machine does; raise `ChannelUnreachable`."""
    loop = asyncio.get_running_loop()
    try:
        rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise ChannelUnreachable(CHANNEL, "name not found") from None
    return [str(row[4][0]) for row in rows]


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
