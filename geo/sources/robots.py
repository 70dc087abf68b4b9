"""Robots: which pages of a host its owner lets programs fetch (RFC 9309)."""

import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from geo.errors import FetchError
from geo.records import Outcome
from geo.sources.addresses import read_address
from geo.sources.fetching import Client

# The standard asks for at least 500 KiB to be read, and for no more than a day between two looks.
MOST_BYTES, KEPT_SECONDS = 512_000, 86_400
# Every agent of a group is given each of its rules: what is built to multiply is taken for a refusal.
MOST_AGENTS = 500
MOST_HOSTS = 1000
NAME = "Entente"
# In a list of media types the empty text lets in what states none.
_KINDS = ("text/plain", "text/html", "application/octet-stream", "")
_SILENT = frozenset({Outcome.MISSING, Outcome.GONE, Outcome.CLOSED, Outcome.WRONG_KIND})


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host's file says, ``None`` for a host that could not be asked, and until when it counts."""

    parsed: Protego | None
    until: float


class Robots:
    """Ask the robots.txt of each host once a day, through the client; safe to use from several threads."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, _Rules] = {}
        self._lock = threading.Lock()

    def check(self, url: str) -> None:
        """Raise :class:`FetchError` where a URL may not be fetched by a program.

        A host without the file allows everything, and one that cannot answer allows nothing.
        """
        address = read_address(url)
        host = f"{address.scheme}://{address.netloc}"
        with self._lock:
            rules = self._known.get(host)
        if rules is None or rules.until < time.monotonic():
            rules = _Rules(self._ask(f"{host}/robots.txt"), time.monotonic() + KEPT_SECONDS)
            with self._lock:
                if len(self._known) >= MOST_HOSTS:
                    self._known.clear()
                self._known[host] = rules
        if rules.parsed is None or not rules.parsed.can_fetch(address.url, NAME):
            name = urlsplit(host).hostname
            msg = f"The host {name} does not let programs fetch this page (robots.txt)."
            raise FetchError(Outcome.ROBOTS, msg)

    def _ask(self, url: str) -> Protego | None:
        try:
            fetched = self._client.fetch(url, accept=_KINDS, most_bytes=MOST_BYTES)
        except FetchError as error:
            return Protego.parse("") if error.outcome in _SILENT else None
        text = fetched.content.decode("utf-8-sig", "replace")
        agents = text.lower().count("user-agent") + text.lower().count("useragent")
        return Protego.parse(text) if agents <= MOST_AGENTS else None
