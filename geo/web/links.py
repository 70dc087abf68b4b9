"""Links: which addresses from outside are safe to link to, and the addresses of the app's own pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import idna

from geo.languages import ENGLISH, find_language
from geo.records import Pair, Quote

LONGEST_LINK = 2048
# Words at either end of a quote by which a browser finds it on its publisher's page.
FRAGMENT_WORDS = 5
# What stands for itself in a path (RFC 3986, section 3.3), and in a query or fragment (3.4 and 3.5).
_PATH = "/:@!$&'()*+,;=%"
_QUERY = f"{_PATH}?"
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9._-]+")
_ADDRESS_6 = re.compile(r"[0-9a-f:.]+")


@dataclass(frozen=True, slots=True)
class Link:
    """An address from outside that is safe to link to, and the host that it leads to."""

    address: str
    host: str


def find_link(url: str | None, words: str = "") -> Link | None:
    """Return a link to some words on the page of a URL; ``None`` where the URL is not safe."""
    address = check_link(url)
    if address is None:
        return None
    return Link(link_to_words(address, words), urlsplit(address).hostname or "")


def check_link(url: str | None) -> str | None:
    """Return a URL that is safe to link to, or ``None``: http or https, with a host, one line.

    What has no place in a URL is percent-encoded (RFC 3986), so that it can close neither an attribute
    nor angle brackets; a host in other letters than ASCII is written as its name in the DNS (UTS 46).
    """
    text = (url or "").strip()
    if any(ord(letter) <= 0x20 or letter in "\\\u2028\u2029\x7f" for letter in text):
        return None
    try:
        parts = urlsplit(text)
        host, port = _name_host(parts.hostname or ""), parts.port
        path, query, fragment = (
            quote(_BARE_PERCENT.sub("%25", part), safe=safe)
            for part, safe in (
                (parts.path, _PATH),
                (parts.query, _QUERY),
                (parts.fragment, _QUERY),
            )
        )
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    netloc = host if port is None else f"{host}:{port}"
    checked = urlunsplit((parts.scheme, netloc, path, query, fragment))
    return checked if len(checked) <= LONGEST_LINK else None


def link_to_words(url: str, words: str) -> str:
    """Return a URL that leads to a quote on its page, by the first and the last of its words.

    The form is that of the draft community report "URL Fragment Text Directives" (WICG).
    """
    held = words.split()
    if not held:
        return url
    ends = (
        [held]
        if len(held) <= 2 * FRAGMENT_WORDS
        else [held[:FRAGMENT_WORDS], held[-FRAGMENT_WORDS:]]
    )
    # A hyphen and a comma have a meaning of their own there.
    parts = (quote(" ".join(end), safe="", errors="replace").replace("-", "%2D") for end in ends)
    led = f"{url}{'' if '#' in url else '#'}:~:text={','.join(parts)}"
    return led if len(led) <= LONGEST_LINK else url


def link_to_quote(article_id: str, quoted: Quote) -> str:
    """Return the address of a quote on the articles page, relative to the app."""
    span = f"{quoted.start_char}-{quoted.end_char}"
    return _join_address("article", {"article": article_id, "quote": span})


def link_to_article(article_id: str) -> str:
    """Return the address of an article on the articles page, relative to the app."""
    return _join_address("article", {"article": article_id})


def link_to_pair(pair: Pair, as_of: date, known_on: date | None = None, mine: str = "") -> str:
    """Return the address of a pair as of a date, and as known on one, relative to the app.

    ``mine`` says which articles of the visit count.
    """
    query = {"pair": "-".join(pair), "as_of": as_of.isoformat()}
    if known_on:
        query["known_on"] = known_on.isoformat()
    if mine:
        query["mine"] = mine
    return _join_address("pair", query)


def name_anchor(start_char: int, end_char: int) -> str:
    """Return the name by which a link on the page of an article leads to a quote."""
    return f"q{start_char}-{end_char}"


def _join_address(page: str, query: Mapping[str, str]) -> str:
    """Return the address of a page; the language of the reader goes with it."""
    spoken = {} if find_language() == ENGLISH else {"lang": find_language()}
    return f"{page}?{urlencode({**query, **spoken}, errors='replace')}"


def _name_host(host: str) -> str:
    """Return a host as it stands in an address, empty where it can be none; idna raises ``ValueError``."""
    if ":" in host:
        return f"[{host}]" if _ADDRESS_6.fullmatch(host) else ""
    name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    return name if _HOST.fullmatch(name) else ""
