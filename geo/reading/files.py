"""Files: which file is what, and the articles in files, folders and archives.

A text is taken as it stands: only a byte order mark is left out, and line ends stay as they are (CRLF
counts as two), so that offsets count the code points of the text as it was given. Of a page, a document
or an e-mail the article is taken, and offsets count in that. Every text that leaves here is valid Unicode.
"""

import hashlib
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from geo.errors import ArticleError
from geo.reading.archives import LARGEST_ARCHIVE, Page, list_entries, list_pages
from geo.reading.documents import PARSERS, read_document
from geo.reading.encodings import SAVE, decode_text
from geo.reading.fields import (
    Told,
    check_fields,
    describe_article,
    find_fault,
    read_date,
    tell_article,
)
from geo.reading.lines import read_lines, read_rows, split_lines
from geo.reading.manifests import MANIFEST, Manifest, read_manifest
from geo.reading.webpage import read_webpage, read_webpages
from geo.records import Article, DateBasis, Skipped

PLAIN = frozenset({".txt", ".md"})
MARKUP = frozenset({".html", ".htm"})
LINES = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
FEEDS = frozenset({".atom", ".opml", ".rss", ".xml"})
ZIP, WARC = ".zip", ".warc"
# Documents that may hold an article and are not read, so that a folder does not pass over them in silence.
DOCUMENTS = frozenset({".doc", ".epub", ".mhtml", ".odt", ".rtf"})
KNOWN = PLAIN | MARKUP | LINES | TABLES | FEEDS | DOCUMENTS | {*PARSERS, ZIP, WARC}
# Bytes of a file that is read whole; lines, tables and WARC are read a part at a time.
LARGEST_FILE = 20_000_000
LINKED = "It is a link that leads out of the folder. Copy the file into the folder."
# Pages of a WARC that share a child.
_BATCH = 8
_HEAD = 4096
_HEADING = re.compile(r"\A\s*# +(.+)$", re.MULTILINE)
_TAG = re.compile(
    # Nothing is taken back, or a page of comments alone would be tried in every way of cutting them.
    r"\s*+(?:<\?xml[^>]{0,200}>\s*+)?+(?:(?><!--.{0,2000}?-->)\s*+){0,3}+(?:<!doctype html|<html)",
    re.IGNORECASE | re.DOTALL,
)
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]{0,200}>\s*+)?+(?:(?><!--.{0,2000}?-->)\s*+){0,3}+"
    rb"<(?:rss|feed|rdf:rdf|opml|urlset)\b|(?:\xef\xbb\xbf)?\s*+\{(?=.{0,2000}https://jsonfeed\.org/)",
    re.IGNORECASE | re.DOTALL,
)


def read_article(
    source: bytes,
    *,
    name: str,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
) -> Article:
    """Return the article in the bytes of a text, a page, a document or an e-mail.

    ``name`` is that of the file; its stem becomes the article's id. What is given of date and publisher
    goes before what a page says of itself; a date of the page that no article can have as of ``today``
    is none. Raises :class:`ArticleError` with what to do.
    """
    if date_published and (fault := find_fault(date_published, today)):
        raise ArticleError(fault)
    told = Told(date_published=date_published, publisher=publisher, today=today)
    return check_fields(_make_article(source, name, told))


def read_files(
    source: bytes, *, name: str, told: Told | None = None
) -> Iterator[Article | Skipped]:
    """Yield the articles in the bytes of a file of any kind; ``name`` is that of the file."""
    yield from _read_stream(BytesIO(source), name, told or Told(), Manifest())


def read_path(
    path: Path,
    *,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
    columns: Mapping[str, str] | None = None,
    read_feed: Callable[[bytes, str], Iterable[Article | Skipped]] | None = None,
) -> Iterator[Article | Skipped]:
    """Yield the articles of a file, or of a folder and those below it, by name.

    A file ``manifest.json`` in a folder tells title, publisher, date and more of the files beside it;
    what is given here goes before it. ``columns`` and ``read_feed`` are those of :class:`Told`. In a
    folder, hidden files and those of kinds that hold no article are passed over. What cannot be read, or
    has a date that no article can have as of ``today``, is skipped with the reason. Only regular files
    are read, and in a folder none that a link leads out to.
    """
    told = Told(
        date_published=date_published,
        publisher=publisher,
        today=today,
        columns=columns or {},
        read_feed=read_feed,
    )
    try:
        if path.is_dir():
            yield from _read_folder(path, told)
        else:
            yield from _read_file(path, told, _find_manifest(path.parent, path.parent))
    except OSError as error:
        yield Skipped(_name_path(path), _tell_closed(error))


def _read_folder(folder: Path, told: Told) -> Iterator[Article | Skipped]:
    """Yield the articles of a folder and of those below it, each folder with its own manifest."""
    manifests: dict[Path, Manifest] = {}
    found = False
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        manifest = manifests.get(path.parent) or _find_manifest(path.parent, folder)
        manifests[path.parent] = manifest
        if not (_find_suffix(path.name) in KNOWN or path.name in manifest.named):
            continue
        found = True
        if _leads_out(path, folder):
            yield Skipped(_name_path(path), LINKED)
        else:
            yield from _read_file(path, told, manifest)
    for place, manifest in manifests.items():
        for name in manifest.named:
            if not (place / name).is_file():
                found = True
                yield Skipped(
                    _name_path(place / name),
                    "The manifest names it, but there is no such file beside it.",
                )
    if not found:
        yield Skipped(_name_path(folder), "There is no file in it that may hold an article.")


def _read_file(path: Path, told: Told, manifest: Manifest) -> Iterator[Article | Skipped]:
    try:
        _check_regular(path)
        with path.open("rb") as stream:
            yield from _read_stream(stream, _name_path(path), told, manifest)
    except OSError as error:
        yield Skipped(_name_path(path), _tell_closed(error))
    except ArticleError as error:
        yield Skipped(_name_path(path), str(error))


def _read_stream(
    stream: BinaryIO, name: str, told: Told, manifest: Manifest
) -> Iterator[Article | Skipped]:
    """Yield the articles of a file, read as what its first bytes and its name say that it is."""
    head = stream.read(_HEAD)
    stream.seek(0)
    kind = _find_kind(name, head)
    try:
        if kind in LINES:
            yield from read_lines(
                split_lines(stream),
                date_published=told.date_published,
                publisher=told.publisher,
                today=told.today,
                columns=told.columns,
            )
        elif kind in TABLES:
            yield from read_rows(split_lines(stream), name, told)
        elif kind == WARC:
            yield from _read_warc(stream, name, told)
        elif kind == ZIP:
            yield from _read_zip(_read_bytes(stream, LARGEST_ARCHIVE), name, told)
        elif kind in FEEDS:
            yield from _read_feed(_read_bytes(stream), name, told)
        else:
            short = PurePosixPath(name.replace(os.sep, "/")).name
            source = _read_bytes(stream)
            article = _make_article(
                source, short, replace(told, date_published=None, publisher=None)
            )
            fields = manifest.find_fields(short)
            yield tell_article(describe_article(article, fields), told)
    except ArticleError as error:
        yield Skipped(name, str(error))


def _find_suffix(name: str) -> str:
    """Return what the end of a name says of its kind, in small letters; ``.warc.gz`` is a WARC."""
    lower = name.lower()
    return WARC if lower.endswith(".warc.gz") else PurePosixPath(lower).suffix


def _find_kind(name: str, head: bytes) -> str:
    """Return what a file is, as a suffix: its first bytes go before its name where they are plain."""
    suffix = _find_suffix(name)
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if suffix in DOCUMENTS | {".docx"}:
            return suffix
        # Office documents are archives too, and say so in their first file.
        is_office = b"[Content_Types].xml" in head or b"mimetypeapplication/" in head
        return (".docx" if b"word/" in head else ".odt") if is_office else ZIP
    if head.startswith(b"WARC/") or _inflate(head).startswith(b"WARC/"):
        return WARC
    if suffix in PLAIN | MARKUP | FEEDS | {"", ".json"} and _FEED.match(head):
        return ".xml"
    return suffix


def _inflate(head: bytes) -> bytes:
    """Return the first few bytes of what is packed with gzip, nothing for anything else."""
    if not head.startswith(b"\x1f\x8b"):
        return b""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 16)
    except zlib.error:
        return b""


def _make_article(source: bytes, name: str, told: Told) -> Article:
    """Return the one article of a file, with a date and publisher where they are told or it says them."""
    path = PurePosixPath(name.replace(os.sep, "/"))
    kind = _find_kind(name, source[:_HEAD])
    identity = _name_path(path.stem) or hashlib.sha256(source).hexdigest()[:20]
    if kind in PARSERS:
        return _fill_article(identity, read_document(source, kind), told)
    text = decode_text(source)
    if kind in DOCUMENTS:
        msg = f"A file of the kind {kind} is not read. {SAVE}"
        raise ArticleError(msg)
    if kind in MARKUP or _TAG.match(text):
        return _fill_article(identity, read_webpage(text), told)
    if not text.strip():
        msg = "There is no text in it. Give a file that holds an article."
        raise ArticleError(msg)
    heading = _HEADING.match(text) if kind == ".md" else None
    return Article(
        id=identity,
        text=text,
        title=heading[1].strip() if heading else None,
        publisher=told.publisher,
        date_published=told.date_published,
        date_basis=DateBasis.STATED if told.date_published else DateBasis.UNKNOWN,
    )


def _fill_article(identity: str, found: Mapping[str, str | None], told: Told) -> Article:
    """Return an article of what a page or document says of itself."""
    stated = told.date_published or read_date(found["date"])
    if stated and find_fault(stated, told.today):
        stated = None
    return Article(
        id=identity,
        text=found["text"] or "",
        title=found["title"],
        url=found["url"],
        publisher=told.publisher or found["sitename"],
        date_published=stated,
        date_basis=DateBasis.STATED if stated else DateBasis.UNKNOWN,
    )


def _read_zip(source: bytes, name: str, told: Told) -> Iterator[Article | Skipped]:
    manifests: dict[PurePosixPath, Manifest] = {}
    found = False
    for entry in list_entries(source):
        path = PurePosixPath(entry.name)
        manifest = manifests.get(path.parent, Manifest())
        if path.name == MANIFEST and not entry.reason:
            manifests[path.parent] = read_manifest(entry.content, f"{name}/{path}")
        elif _find_suffix(path.name) in KNOWN or path.name in manifest.named:
            found = True
            shown = f"{name}/{path}"
            if entry.reason:
                yield Skipped(shown, entry.reason)
            elif _find_kind(path.name, entry.content[:_HEAD]) in {ZIP, WARC}:
                yield Skipped(shown, "It is an archive in an archive. Give it by itself.")
            else:
                yield from _read_stream(BytesIO(entry.content), shown, told, manifest)
    if not found:
        yield Skipped(name, "There is no file in it that may hold an article.")


def _read_warc(stream: BinaryIO, name: str, told: Told) -> Iterator[Article | Skipped]:
    listed = list_pages(stream, name)
    while group := list(islice(listed, _BATCH)):
        pages = [page for page in group if isinstance(page, Page)]
        yield from (page for page in group if isinstance(page, Skipped))
        told_of = read_webpages([page.markup for page in pages]) if pages else []
        for page, found in zip(pages, told_of, strict=True):
            try:
                if isinstance(found, ArticleError):
                    raise found
                yield tell_article(_make_page(page, found, told), told)
            except ArticleError as error:
                yield Skipped(page.url or name, str(error))


def _make_page(page: Page, found: Mapping[str, str | None], told: Told) -> Article:
    """Return the article of a page of a WARC; without a date of its own, the day it was fetched stands in."""
    made = hashlib.sha256(f"{page.url}\n{found['text']}".encode()).hexdigest()[:20]
    article = replace(_fill_article(made, found, replace(told, publisher=None)), url=page.url)
    fetched = read_date(page.day)
    if article.date_published or not fetched:
        return article
    note = "The page states no date, so the day on which it was fetched stands in for it."
    return replace(article, date_published=fetched, date_basis=DateBasis.INFERRED, date_note=note)


def _read_feed(source: bytes, name: str, told: Told) -> Iterator[Article | Skipped]:
    if told.read_feed is None:
        msg = "It is a feed or a list of feeds. Give it to python -m geo ingest."
        raise ArticleError(msg)
    for article in told.read_feed(source, name):
        try:
            yield tell_article(article, told) if isinstance(article, Article) else article
        except ArticleError as error:
            yield Skipped(name, str(error))


def _leads_out(path: Path, folder: Path) -> bool:
    """Return whether a path, its links followed, lies outside a folder."""
    try:
        return not path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # A link that leads nowhere leads to no file of others; opening it tells what is wrong.
        return False


def _check_regular(path: Path) -> None:
    """Raise :class:`ArticleError` for what is no file; to read a pipe or device might never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        msg = "It is a pipe or device, not a file. Save its text in a file, or give - for standard input."
        raise ArticleError(msg)


def _read_bytes(stream: BinaryIO, largest: int | None = None) -> bytes:
    """Return what a file holds; raises :class:`ArticleError` where it is too large."""
    largest = largest or LARGEST_FILE
    # The size that the system tells may be wrong: the file may grow while it is read.
    content = stream.read(largest + 1)
    if len(content) > largest:
        msg = f"The file is larger than {largest:,} bytes, so it is no article."
        raise ArticleError(msg)
    return content


def _tell_closed(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such file."
    return f"It cannot be opened: {error.strerror}."


def _name_path(path: Path | str) -> str:
    """Return a path as Unicode; what a file system holds beside it becomes the replacement character."""
    return os.fsencode(path).decode("utf-8", "replace")


def _find_manifest(folder: Path, named: Path) -> Manifest:
    """Return the manifest of a folder; ``named`` is the folder out of which no link may lead."""
    path = folder / MANIFEST
    if not path.is_file():
        return Manifest()
    if _leads_out(path, named):
        return Manifest(fault=f"{_name_path(path)}: {LINKED}")
    try:
        with path.open("rb") as stream:
            return read_manifest(_read_bytes(stream), _name_path(path))
    except ArticleError as error:
        return Manifest(fault=f"{_name_path(path)}: {error}")
