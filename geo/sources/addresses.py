"""Addresses: which URLs from outside may be fetched, and which places in the network they may lead to.

A URL is parsed here and nowhere else, so that what was checked is what is asked for. A host is looked up
here too, and a connection goes to the place that was checked, never to the name.
"""

import os
import queue
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

import idna

from geo.errors import FetchError
from geo.records import Outcome

LONGEST_URL = 2048
# IP addresses of one host that a connection is tried to.
MOST_NUMBERS = 4
PORTS = {"http": 80, "https": 443}
# Returns the numbers that a host's name stands for, as texts.
Resolver = Callable[[str, int], Iterable[str]]
_IP = IPv4Address | IPv6Address
# Places that are not on the public internet: the special-purpose registries of IANA (RFC 6890 and what
# came after), multicast, and the host from which Azure serves its machines' secrets. The standard library
# counts several of them as global.
_CLOSED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of the sixth version only this is handed out to the public (RFC 4291, section 2.4) ...
_OPEN_6 = IPv6Network("2000::/3")
# ... without protocols, tunnels to IPv4 that may end at home, and examples.
_CLOSED_6 = tuple(
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
# Networks without IPv4 reach it through here (RFC 6052): what counts are the last four bytes.
_TRANSLATED = IPv6Network("64:ff9b::/96")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH = "/:@!$&'()*+,;=%~"


@dataclass(frozen=True, slots=True)
class Address:
    """One http or https URL in parts: host in ASCII, port, and the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """Return host and port as they stand in a URL and in the header ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the URL without its fragment, which is for the reader's browser alone."""
        return f"{self.scheme}://{self.netloc}{self.target}"


def read_address(url: str, base: Address | None = None) -> Address:
    """Return the parts of a URL, which may be relative to ``base``.

    Raises :class:`FetchError` for anything but http and https with a plain host, without user and password.
    """
    text = url.strip(" \t\r\n")
    if len(text) > LONGEST_URL:
        raise FetchError(Outcome.REFUSED, f"The address is longer than {LONGEST_URL:,} characters.")
    if any(ord(letter) <= 0x20 or letter in "\\\x7f\u2028\u2029" for letter in text):
        raise FetchError(Outcome.REFUSED, "The address holds a space, a control or a backslash.")
    try:
        parts = urlsplit(urljoin(base.url, text) if base else text)
        host, port = _read_host(parts.hostname or ""), parts.port
        path = quote(_BARE_PERCENT.sub("%25", parts.path), safe=_PATH)
        query = quote(_BARE_PERCENT.sub("%25", parts.query), safe=f"{_PATH}?")
    except ValueError as error:
        raise FetchError(Outcome.REFUSED, "The address is no URL.") from error
    if parts.scheme not in PORTS:
        raise FetchError(Outcome.REFUSED, "The address must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise FetchError(Outcome.REFUSED, "The address holds a user's name. Give it without.")
    if not host:
        raise FetchError(Outcome.REFUSED, "The address names no host.")
    target = f"{path or '/'}?{query}" if query else path or "/"
    return Address(parts.scheme, host, PORTS[parts.scheme] if port is None else port, target)


def _read_host(host: str) -> str:
    """Return a host in ASCII, empty where it can be none; raises ``ValueError``."""
    if ":" in host:
        # A zone, as in fe80::1%eth0, names a card of this machine.
        return "" if "%" in host else str(IPv6Address(host))
    name = host.removesuffix(".")
    name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    return name.lower() if _HOST.fullmatch(name.lower()) else ""


def is_public(number: str) -> bool:
    """Say whether an IP address lies on the public internet; what is no address does not."""
    try:
        address: _IP = ip_address(number)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address.scope_id is not None:
        return False
    if address in _TRANSLATED:
        return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def find_numbers(address: Address, allowed: frozenset[str], resolve: Resolver) -> tuple[str, ...]:
    """Return the IP addresses that may be connected to for an address, in the order of preference.

    ``allowed`` holds what the owner lets in as ``host:port``. Raises :class:`FetchError` where the host
    is not found, or where only one of its addresses is not public: an honest host has no such mixture.
    """
    open_to = f"{address.host}:{address.port}" in allowed
    if not open_to and address.port not in PORTS.values():
        told = f"The port {address.port} is not opened; a page of the web is at 80 or 443."
        raise FetchError(Outcome.REFUSED, told)
    numbers = tuple(dict.fromkeys(resolve(address.host, address.port)))
    if not numbers:
        raise FetchError(Outcome.UNKNOWN_HOST, f"The host {address.host} is not found.")
    if not open_to and not all(map(is_public, numbers)):
        told = f"The host {address.host} is not on the public internet, so it is not opened."
        raise FetchError(Outcome.REFUSED, told)
    return numbers[:MOST_NUMBERS]


def resolve_host(host: str, port: int, seconds: float = 10.0) -> tuple[str, ...]:
    """Return the IP addresses of a host as the system finds them, none where it finds none in time."""
    found: queue.Queue[tuple[str, ...]] = queue.Queue()

    def look_up() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(tuple(str(info[4][0]) for info in infos))
        except (OSError, UnicodeError):
            found.put(())

    # The system's look-up takes no deadline; one that never ends must not hold the program at its exit.
    threading.Thread(target=look_up, daemon=True).start()
    try:
        return found.get(timeout=seconds)
    except queue.Empty:
        return ()


def find_allowed() -> frozenset[str]:
    """Return the hosts that the owner lets in although they are local: ``ENTENTE_ALLOW_HOSTS``.

    A list of ``host:port`` parted by commas; a host without a port is let in at 80 and 443.
    """
    allowed: set[str] = set()
    for text in os.environ.get("ENTENTE_ALLOW_HOSTS", "").split(","):
        host, colon, port = text.strip().lower().rpartition(":")
        if colon and port.isdigit():
            allowed.add(f"{host.strip('[]')}:{port}")
        elif text.strip():
            allowed |= {f"{text.strip().lower()}:{port}" for port in PORTS.values()}
    return frozenset(allowed)
