"""Fetching: the one client through which anything is asked of the network.

Each address is checked, looked up and connected to as :mod:`geo.sources.addresses` says, and so is each
that a redirect leads to. A deadline holds for all of it, look-up, headers and body together; what arrives
is counted after it is unpacked. Proxies of the environment, cookies and passwords have no part in it.
"""

import http.client
import os
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo import __version__
from geo.errors import FetchError
from geo.records import Outcome
from geo.sources.addresses import (
    Address,
    Resolver,
    find_allowed,
    find_numbers,
    read_address,
    resolve_host,
)
from geo.sources.pacing import Pacing, read_wait

PAUSE, DEADLINE, MOST_BYTES, MOST_REDIRECTS = 1.0, 20.0, 5_000_000, 5
# Seconds before the second attempt; doubled before each further one.
BACKOFF = 2.0
# A server that asks for more than this is asked again at the next refresh.
LONGEST_WAIT = 60.0
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
# What a caller may ask beside the client's own headers: none of them tells who asks.
_HEADERS = frozenset({"accept-language", "if-modified-since", "if-none-match"})
_AGAIN = frozenset(
    {Outcome.BUSY, Outcome.FAILED, Outcome.UNREACHABLE, Outcome.SLOW, Outcome.BROKEN}
)
_STATUSES = {
    401: (Outcome.CLOSED, "It asks for a password."),
    402: (Outcome.CLOSED, "It asks for a payment."),
    403: (Outcome.CLOSED, "Its server does not give it to us."),
    404: (Outcome.MISSING, "There is nothing at this address."),
    410: (Outcome.GONE, "It is gone for good."),
    429: (Outcome.BUSY, "Its server asks for fewer requests."),
    451: (Outcome.CLOSED, "Its server may not give it for legal reasons."),
    503: (Outcome.BUSY, "Its server is busy."),
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """Hold what an address gave.

    ``url`` is where redirects led in the end, ``status`` 200 to 299, or 304 with no content, ``headers``
    have names in small letters, ``content`` is unpacked. ``moved_to`` is where the address has moved for
    good, as its server says, else ``None``.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    moved_to: str | None = None

    @property
    def kind(self) -> str:
        """Return the media type without its parameters, in small letters, empty where none is told."""
        return _name_kind(self.headers)


class Client:
    """Fetch addresses, one request at a time of a host and with a pause in seconds between two.

    ``allowed`` holds local places as ``host:port``, which the owner lets in and a visitor cannot; without
    it none are. ``contact`` is an address of web or mail at which a server's owner reaches ours.
    Safe to use from several threads.
    """

    def __init__(
        self,
        *,
        allowed: frozenset[str] = frozenset(),
        pause: float = PAUSE,
        contact: str = "",
        resolve: Resolver = resolve_host,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._sleep = sleep
        self._pacing = Pacing(pause, LONGEST_WAIT, sleep)
        self.agent = name_agent(contact)

    def fetch(
        self,
        url: str,
        *,
        accept: Sequence[str],
        most_bytes: int = MOST_BYTES,
        deadline: float = DEADLINE,
        headers: Mapping[str, str] | None = None,
        attempts: int = 1,
        check: Callable[[str], None] | None = None,
    ) -> Fetched:
        """Return what an address gives, after at most five redirects.

        ``accept`` lists media types; the empty text in it lets in what states none. ``most_bytes`` are
        counted after unpacking. ``deadline`` is in seconds for each of the ``attempts``, apart from the
        time that its turn at the host takes. ``headers`` may hold validators and a language. ``check`` is
        called with each address before it is asked and may raise. Raises :class:`FetchError`.
        """
        for attempt in range(1, attempts + 1):
            try:
                return self._follow(url, accept, most_bytes, deadline, headers or {}, check)
            except FetchError as error:
                wait = error.wait if error.wait is not None else BACKOFF * 2 ** (attempt - 1)
                if error.outcome not in _AGAIN or attempt == attempts or wait > LONGEST_WAIT:
                    raise
                self._sleep(wait)
        msg = "attempts must be at least 1"
        raise ValueError(msg)

    def hold(self, url: str, seconds: float) -> None:
        """Ask nothing of the host of a URL for a time, as its server wishes."""
        self._pacing.hold(self._name_gate(read_address(url)), seconds)

    def _name_gate(self, address: Address) -> str:
        # Of what the owner lets in, each port is a server of its own.
        place = f"{address.host}:{address.port}"
        return place if place in self._allowed else address.host

    def _follow(
        self,
        url: str,
        accept: Sequence[str],
        most_bytes: int,
        deadline: float,
        headers: Mapping[str, str],
        check: Callable[[str], None] | None,
    ) -> Fetched:
        address = read_address(url)
        ends = time.monotonic() + deadline
        moved_to, permanent = None, True
        for _ in range(MOST_REDIRECTS + 1):
            if check:
                check(address.url)
            gate = self._name_gate(address)
            waited = self._pacing.enter(gate)
            ends += waited
            try:
                exchange = Exchange(address, ends, self.agent, self._allowed, self._resolve)
                fetched = exchange.ask(accept, most_bytes, headers)
            except FetchError as error:
                if error.outcome is Outcome.BUSY and error.wait:
                    self._pacing.hold(gate, error.wait)
                error.moved_to = moved_to
                raise
            finally:
                self._pacing.leave(gate)
            if fetched.status not in _REDIRECTS:
                return Fetched(
                    fetched.url, fetched.status, fetched.headers, fetched.content, moved_to
                )
            address = read_address(_read_location(fetched.headers["location"]), address)
            permanent = permanent and fetched.status in _PERMANENT
            moved_to = address.url if permanent else moved_to
        msg = f"It leads on more than {MOST_REDIRECTS} times."
        raise FetchError(Outcome.REDIRECTS, msg, moved_to=moved_to)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hold one request: its address, when its answer must be there, and who may be asked."""

    address: Address
    ends: float
    agent: str
    allowed: frozenset[str]
    resolve: Resolver

    def ask(self, accept: Sequence[str], most_bytes: int, headers: Mapping[str, str]) -> Fetched:
        """Return the answer, a redirect with its headers alone; raises :class:`FetchError`."""
        numbers = find_numbers(self.address, self.allowed, self.resolve)
        try:
            with self._connect(numbers) as stream:
                return self._exchange(stream, accept, most_bytes, headers)
        except TimeoutError as error:
            msg = "Its server takes too long to answer."
            raise FetchError(Outcome.SLOW, msg) from error
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            msg = f"Its server's answer breaks off or is no HTTP: {type(error).__name__}."
            raise FetchError(Outcome.BROKEN, msg) from error

    def _connect(self, numbers: Sequence[str]) -> socket.socket:
        """Return a connection to the first IP address that takes one."""
        for place, number in enumerate(numbers):
            family = socket.AF_INET6 if ":" in number else socket.AF_INET
            stream = _TimedSocket(family, socket.SOCK_STREAM)
            try:
                stream.ends = self.ends
                # Each that is left may take its share of the time.
                stream.settimeout(_measure_left(self.ends) / (len(numbers) - place))
                connect(stream, number, self.address.port)
                return self._encrypt(stream) if self.address.scheme == "https" else stream
            except BaseException as error:
                stream.close()
                if isinstance(error, ssl.SSLError):
                    msg = (
                        f"Its certificate or encryption does not hold: {error.reason or 'no TLS'}."
                    )
                    raise FetchError(Outcome.BROKEN, msg) from error
                last = number == numbers[-1]
                if not isinstance(error, OSError) or (last and isinstance(error, TimeoutError)):
                    raise
        raise FetchError(Outcome.UNREACHABLE, "Its server takes no connection.")

    def _encrypt(self, stream: socket.socket) -> socket.socket:
        stream.settimeout(_measure_left(self.ends))
        wrapped = make_context().wrap_socket(stream, server_hostname=self.address.host)
        if isinstance(wrapped, _TimedTls):
            wrapped.ends = self.ends
        return wrapped

    def _exchange(
        self,
        stream: socket.socket,
        accept: Sequence[str],
        most_bytes: int,
        headers: Mapping[str, str],
    ) -> Fetched:
        connection = http.client.HTTPConnection(self.address.host, self.address.port)
        connection.sock = stream
        # It would connect anew by name.
        connection.auto_open = 0
        stream.settimeout(_measure_left(self.ends))
        connection.request("GET", self.address.target, headers=self._tell(accept, headers))
        with connection.getresponse() as response:
            told = {name.lower(): value for name, value in response.getheaders()}
            status = response.status
            if (
                status in _REDIRECTS and "location" in told
            ) or status == http.HTTPStatus.NOT_MODIFIED:
                return Fetched(self.address.url, status, told, b"")
            if not 200 <= status < 300:
                _raise_status(status, told)
            if _name_kind(told) not in accept:
                msg = f"It is of the kind “{_name_kind(told)[:60]}”, which is not read."
                raise FetchError(Outcome.WRONG_KIND, msg)
            content = self._read_body(response, told, most_bytes)
        return Fetched(self.address.url, status, told, content)

    def _tell(self, accept: Sequence[str], headers: Mapping[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in headers.items()
            # Validators come from servers; what has no place in a header is left out.
            if name.lower() in _HEADERS and value.isascii() and value.isprintable()
        }
        return {
            "Host": self.address.netloc,
            "User-Agent": self.agent,
            "Accept": ", ".join([*filter(None, accept), "*/*;q=0.1"]),
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **kept,
        }

    def _read_body(
        self, response: http.client.HTTPResponse, told: Mapping[str, str], most_bytes: int
    ) -> bytes:
        coding = told.get("content-encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip", "x-gzip"}:
            raise FetchError(Outcome.BROKEN, f"It is packed as “{coding[:60]}”, which is not read.")
        unpacker = Unpacker(most_bytes) if "gzip" in coding else None
        content, arrived = bytearray(), 0
        while chunk := response.read(_CHUNK):
            arrived += len(chunk)
            content += unpacker.unpack(chunk) if unpacker else chunk
            if max(arrived, len(content)) > most_bytes:
                msg = f"It is larger than {most_bytes:,} bytes."
                raise FetchError(Outcome.TOO_LARGE, msg)
            _measure_left(self.ends)
        # Python's client is silent where fewer bytes arrive than were told.
        if response.length or (unpacker and not unpacker.is_whole):
            raise FetchError(Outcome.BROKEN, "It breaks off before its end.")
        return bytes(content)


class Unpacker:
    """Unpack gzip piece by piece, and never more than was asked for."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes
        self._stream = zlib.decompressobj(31)
        self._began = False

    @property
    def is_whole(self) -> bool:
        """Say whether the last part has come to its end; an empty body is whole too."""
        return self._stream.eof or not self._began

    def unpack(self, packed: bytes) -> bytes:
        """Return what a piece holds, one byte more than is allowed at most; raises ``zlib.error``."""
        content = bytearray()
        while packed and self._left >= 0:
            if self._stream.eof:
                # Zeros may fill up the end; what else follows is a further part.
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                self._stream = zlib.decompressobj(31)
            self._began = True
            part = self._stream.decompress(packed, self._left + 1)
            content += part
            self._left -= len(part)
            packed = self._stream.unused_data or self._stream.unconsumed_tail
        return bytes(content)


class _TimedSocket(socket.socket):
    """A socket on which all reading together ends at a time, however slowly the bytes drip."""

    ends: float

    def recv_into(self, *given: Any, **named: Any) -> int:
        self.settimeout(_measure_left(self.ends))
        return super().recv_into(*given, **named)


class _TimedTls(ssl.SSLSocket):
    """As :class:`_TimedSocket`, encrypted."""

    ends: float

    def recv_into(self, *given: Any, **named: Any) -> int:
        self.settimeout(_measure_left(self.ends))
        return super().recv_into(*given, **named)


def connect(stream: socket.socket, number: str, port: int) -> None:
    """Connect a socket to an IP address."""
    stream.connect((number, port))


@lru_cache(maxsize=1)
def make_context() -> ssl.SSLContext:
    """Return what checks certificates: against the system's authorities and those of Mozilla."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.sslsocket_class = _TimedTls
    return context


def name_agent(contact: str = "") -> str:
    """Return what the client calls itself, with where its owner is reached."""
    shown = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "()")[:200]
    return f"Entente/{__version__}" + (f" ({shown.strip()})" if shown.strip() else "")


def make_owner_client(pause: float = PAUSE) -> Client:
    """Return the client for sources that the owner named, with the settings of the environment.

    ``ENTENTE_CONTACT`` is told to servers, ``ENTENTE_ALLOW_HOSTS`` lists local places that are let in.
    An address that a visitor gives is for a plain :class:`Client`.
    """
    contact = os.environ.get("ENTENTE_CONTACT", "")
    return Client(allowed=find_allowed(), pause=pause, contact=contact)


def _measure_left(ends: float) -> float:
    """Return the seconds that are left; raises ``TimeoutError`` where none are."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read_location(told: str) -> str:
    """Return where a redirect leads; letters that are not ASCII are UTF-8, which headers do not know."""
    try:
        return told.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return told


def _name_kind(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _raise_status(status: int, told: Mapping[str, str]) -> None:
    outcome, why = _STATUSES.get(
        status,
        (Outcome.FAILED, "Its server has a fault.")
        if status >= 500
        else (Outcome.CLOSED, "Its server does not answer the request."),
    )
    raise FetchError(outcome, f"{why} (HTTP {status})", wait=read_wait(told.get("retry-after")))
