"""Syndication: what a feed, a news sitemap or an OPML list holds, as plain values.

Whoever serves a feed decides its bytes, so these functions run in a child (:mod:`geo.reading.child`).
They are given bytes alone: feedparser would open a text as a file or an address.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from time import struct_time
from typing import Any

from geo.errors import ArticleError

MOST_ENTRIES, LONGEST_TEXT, LONGEST_FIELD = 1000, 20_000, 4096
# What is no feed at all; the caller tells what it is then.
NONE, FEED, OPML = "none", "feed", "opml"
_MARKED = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]\w{1,31};")
_ENTRY_END = re.compile(rb"</(?:[a-zA-Z]++:)?+(?:item|entry)\s*+>")
_BLOCKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "tr", "blockquote"})
_HIDDEN = frozenset({"script", "style", "template", "iframe", "object"})


def parse_syndication(source: bytes, *, kind: str = "") -> dict[str, Any]:
    """Return what a source is and holds: ``is`` feed with its entries, opml with its feeds, or none.

    ``kind`` is the header ``Content-Type``, which may tell the charset. An entry has ``id``, ``link``,
    ``title``, ``text``, ``language``, and ``published`` and ``updated`` as ISO 8601, empty where it lacks
    them.
    """
    start = source[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{"):
        return _parse_json(source)
    root = _find_root(source)
    if root == "opml":
        return {"is": OPML, "feeds": parse_opml(source)}
    if root in {"urlset", "sitemapindex"}:
        return _parse_sitemap(source)
    if root == "html" or start.startswith((b"<!doctype html", b"<html")):
        return {"is": NONE}
    return _parse_feed(source, kind)


def _parse_feed(source: bytes, kind: str) -> dict[str, Any]:
    import feedparser

    source, left = cut_entries(source)
    headers = {"content-type": kind} if kind else {}
    found = feedparser.parse(
        BytesIO(source),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not found.get("version"):
        return {"is": NONE}
    told = found.feed
    entries = [
        _make_entry(
            id=entry.get("id"),
            link=entry.get("link"),
            title=read_markup(entry.get("title") or ""),
            text=read_markup(entry.get("summary") or _find_content(entry)),
            language=(entry.get("title_detail") or {}).get("language"),
            # Past feedparser's own look-up, which takes the one for the other and warns.
            published=_write_time(dict.get(entry, "published_parsed")),
            updated=_write_time(dict.get(entry, "updated_parsed")),
        )
        for entry in found.entries[:MOST_ENTRIES]
    ]
    return {
        "is": FEED,
        "title": _cut(read_markup(told.get("title") or "")),
        "language": _cut(told.get("language")),
        "entries": entries,
        "left": left + max(0, len(found.entries) - MOST_ENTRIES),
    }


def cut_entries(source: bytes) -> tuple[bytes, int]:
    """Return a feed without the entries that are too many, and how many they were.

    feedparser takes a millisecond for each, and a feed of 5 MB may hold 50,000.
    """
    ends = [found.end() for found in _ENTRY_END.finditer(source)]
    if len(ends) <= MOST_ENTRIES:
        return source, 0
    return source[: ends[MOST_ENTRIES - 1]] + source[ends[-1] :], len(ends) - MOST_ENTRIES


def _find_content(entry: Mapping[str, Any]) -> str:
    return next((part.get("value") or "" for part in entry.get("content") or ()), "")


def _parse_json(source: bytes) -> dict[str, Any]:
    """Return the entries of a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    try:
        told = json.loads(source)
    except (ValueError, RecursionError):
        return {"is": NONE}
    version = told.get("version")
    items = told.get("items")
    if not str(version).startswith("https://jsonfeed.org/") or not isinstance(items, list):
        return {"is": NONE}
    entries = [
        _make_entry(
            id=item.get("id"),
            link=item.get("url") or item.get("external_url"),
            title=item.get("title"),
            text=_choose_text(item),
            language=item.get("language"),
            published=item.get("date_published"),
            updated=item.get("date_modified"),
        )
        for item in items[:MOST_ENTRIES]
        if isinstance(item, dict)
    ]
    return {
        "is": FEED,
        "title": _cut(told.get("title")),
        "language": _cut(told.get("language")),
        "entries": entries,
        "left": max(0, len(items) - MOST_ENTRIES),
    }


def _choose_text(item: Mapping[str, Any]) -> str:
    for name in ("summary", "content_text"):
        if isinstance(item.get(name), str) and item[name].strip():
            return str(item[name])
    html = item.get("content_html")
    return read_markup(html) if isinstance(html, str) else ""


def _parse_sitemap(source: bytes) -> dict[str, Any]:
    """Return the pages of a news sitemap (https://www.google.com/schemas/sitemap-news/0.9)."""
    entries: list[dict[str, str]] = []
    left, publisher, language = 0, "", ""
    for url in _walk(source, "url"):
        told = {_name(part): (part.text or "").strip() for part in url.iter() if _name(part)}
        if not told.get("title") or not told.get("loc"):
            continue
        publisher = publisher or told.get("name", "")
        language = language or told.get("language", "")
        if len(entries) < MOST_ENTRIES:
            entries.append(
                _make_entry(
                    id=told["loc"],
                    link=told["loc"],
                    title=told["title"],
                    text="",
                    language=told.get("language"),
                    published=told.get("publication_date"),
                    updated=told.get("lastmod"),
                )
            )
        else:
            left += 1
    if not entries:
        return {"is": NONE}
    return {
        "is": FEED,
        "title": _cut(publisher),
        "language": _cut(language),
        "entries": entries,
        "left": left,
    }


def parse_opml(source: bytes) -> list[dict[str, str]]:
    """Return the outlines of an OPML list that name a feed, each with its attributes.

    Raises :class:`ArticleError` for a list that is no XML.
    """
    return [
        {str(name): _cut(value) for name, value in outline.attrib.items()}
        for outline in _walk(source, "outline")
        if outline.get("xmlUrl")
    ]


def _walk(source: bytes, name: str) -> Iterator[Any]:
    """Yield the elements of a name, whatever their namespace; entities are left unread."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        msg = f"It is no XML: {str(error)[:200]}"
        raise ArticleError(msg) from error
    for element in root.iter():
        if _name(element) == name:
            yield element


def _name(element: Any) -> str:
    """Return the name of an element without its namespace, empty for a comment or the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find_root(source: bytes) -> str:
    """Return the name of the outermost element in small letters, empty where the start is no XML."""
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        parser.feed(source[:65_536])
        for _, element in parser.read_events():
            return _name(element).lower()
    except etree.XMLSyntaxError:
        return ""
    return ""


def read_markup(text: str) -> str:
    """Return a text that may hold HTML as plain text, a line for each of its blocks."""
    if not _MARKED.search(text):
        return text.strip()
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(text[: LONGEST_TEXT * 10], create_parent="div")
    except (etree.LxmlError, ValueError):
        return ""
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = _name(element)
        if event == "start":
            hidden += name in _HIDDEN
            pieces.append("\n" if name in _BLOCKS else "")
            pieces.append("" if hidden else element.text or "")
        else:
            if event == "end":
                hidden -= name in _HIDDEN
                pieces.append("\n" if name in _BLOCKS else "")
            pieces.append("" if hidden or element is root else element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n\n".join(filter(None, lines))


def _make_entry(**told: object) -> dict[str, str]:
    return {
        name: _cut(value, LONGEST_TEXT if name == "text" else LONGEST_FIELD)
        for name, value in told.items()
    }


def _cut(value: object, longest: int = LONGEST_FIELD) -> str:
    """Return a value that is a text, at most so long and valid Unicode, and empty for anything else."""
    if not isinstance(value, str):
        return ""
    return value[:longest].encode("utf-8", "replace").decode().replace("\0", "").strip()


def _write_time(told: struct_time | None) -> str:
    if told is None:
        return ""
    try:
        return datetime(*told[:6], tzinfo=UTC).isoformat()
    except ValueError:
        return ""


def read_moment(told: str) -> datetime | None:
    """Return a time in ISO 8601, in universal time where it names no zone; ``None`` for anything else."""
    try:
        moment = datetime.fromisoformat(told)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment if moment.astimezone(UTC).date() > date.min else None
    except (ValueError, OverflowError):
        return None
