"""Reading: files, folders and JSON lines become articles, and what cannot be read is skipped with why.

A text is taken as it stands: only a byte order mark is left out, and line ends stay as they are, so
that offsets count the code points of the text as it was given. Of a page of HTML the article is taken.
"""

import codecs
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from geo.errors import ArticleError
from geo.records import Article, DateBasis
from geo.webpage import read_webpage

PLAIN, MARKUP, LINES = (
    frozenset({".txt", ".md"}),
    frozenset({".html", ".htm"}),
    frozenset({".jsonl"}),
)
MANIFEST = "manifest.json"
# A line of JSON longer than this is no article; the longest novels have 3 MB.
LARGEST_LINE = 20_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADING = re.compile(r"\A\s*# +(.+)$", re.MULTILINE)
_TAG = re.compile(rb"\A\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html)", re.IGNORECASE)
_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Hold the name of a source that gave no article, and the reason."""

    name: str
    reason: str


def read_article(
    source: bytes,
    *,
    name: str,
    date_published: date | None = None,
    publisher: str | None = None,
) -> Article:
    """Return the article in the bytes of a text, Markdown or HTML file.

    ``name`` is that of the file; its stem becomes the article's id. What is given of date and publisher
    goes before what a page says of itself. Raises :class:`ArticleError` with what to do.
    """
    path = Path(name)
    text = decode_text(source)
    identity = path.stem or hashlib.sha256(source).hexdigest()[:20]
    basis = DateBasis.STATED if date_published else DateBasis.UNKNOWN
    if path.suffix.lower() in MARKUP or _TAG.match(source):
        found = read_webpage(text)
        stated = date_published or _read_date(found["date"])
        return Article(
            id=identity,
            text=found["text"] or "",
            title=found["title"],
            url=found["url"],
            publisher=publisher or found["sitename"],
            date_published=stated,
            date_basis=DateBasis.STATED if stated else DateBasis.UNKNOWN,
        )
    if not text.strip():
        msg = "There is no text in it. Give a file that holds an article."
        raise ArticleError(msg)
    heading = _HEADING.match(text) if path.suffix.lower() == ".md" else None
    return Article(
        id=identity,
        text=text,
        title=heading[1].strip() if heading else None,
        publisher=publisher,
        date_published=date_published,
        date_basis=basis,
    )


def decode_text(source: bytes) -> str:
    """Return bytes as text: by byte order mark, as UTF-8, or in the encoding that fits best.

    Raises :class:`ArticleError` where they are no text.
    """
    for magic, kind in _BINARY:
        if source.startswith(magic):
            msg = f"This is {kind}, not text. Save the article as txt, md or html."
            raise ArticleError(msg)
    text = _decode(source)
    if text is None or "\0" in text:
        msg = "This is no text. Save the article as txt, md or html in UTF-8."
        raise ArticleError(msg)
    return text


def _decode(source: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKS if source.startswith(mark)), "utf-8")
    try:
        return source.decode(encoding)
    except UnicodeDecodeError:
        pass
    if b"\0" in source:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(source).best()
    return str(best) if best else None


def read_path(
    path: Path, *, date_published: date | None = None, publisher: str | None = None
) -> Iterator[Article | Skipped]:
    """Yield the articles of a file, of a file of JSON lines, or of a folder and those below it, by name.

    A file ``manifest.json`` in a folder tells title, publisher, date and more of the files beside it;
    what is given here goes before it. In a folder, files of other kinds are no articles. A path that
    does not exist is skipped with the reason.
    """
    if path.is_dir():
        for each in sorted(each for each in path.rglob("*") if each.is_file()):
            if each.suffix.lower() in PLAIN | MARKUP | LINES:
                yield from read_path(each, date_published=date_published, publisher=publisher)
        return
    try:
        if path.suffix.lower() in LINES:
            with path.open("rb") as lines:
                yield from read_lines(lines, date_published=date_published, publisher=publisher)
            return
        described = _read_manifest(path.parent / MANIFEST).get(path.name, {})
        article = read_article(path.read_bytes(), name=path.name)
        article = _describe(article, described)
    except FileNotFoundError:
        yield Skipped(str(path), "There is no such file.")
    except OSError as error:
        yield Skipped(str(path), f"It cannot be opened: {error.strerror}.")
    except ArticleError as error:
        yield Skipped(str(path), str(error))
    else:
        if date_published:
            article = replace(
                article,
                date_published=date_published,
                date_basis=DateBasis.STATED,
                date_note=None,
            )
        yield replace(article, publisher=publisher or article.publisher)


def read_lines(
    lines: Iterable[bytes], *, date_published: date | None = None, publisher: str | None = None
) -> Iterator[Article | Skipped]:
    """Yield an article for each JSON line that is not empty; a wrong one is skipped with the reason."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number, date_published, publisher)


def _read_line(
    line: bytes, number: int, date_published: date | None, publisher: str | None
) -> Article | Skipped:
    name = f"line {number}"
    if len(line) > LARGEST_LINE:
        return Skipped(name, f"The line is longer than {LARGEST_LINE:,} bytes.")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return Skipped(name, "The line is no JSON object.")
    if not isinstance(fields, dict):
        return Skipped(name, "The line is no JSON object.")
    identity = fields.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity:
        return Skipped(name, "The field id is missing; it must be a text.")
    if not isinstance(fields.get("text"), str):
        return Skipped(identity, "The field text is missing; it must be a text.")
    try:
        fields["text"].encode("utf-8")
        article = _describe(Article(id=identity, text=fields["text"]), fields)
    except UnicodeEncodeError:
        return Skipped(identity, "The field text holds half of a surrogate pair.")
    except ArticleError as error:
        return Skipped(identity, str(error))
    if date_published:
        article = replace(article, date_published=date_published, date_basis=DateBasis.STATED)
    return replace(article, publisher=publisher or article.publisher)


def _describe(article: Article, fields: Mapping[str, Any]) -> Article:
    """Return an article with what a manifest or a JSON line tells of it."""
    told: dict[str, Any] = {}
    for field in ("title", "url", "publisher", "language", "date_note", "license"):
        value = fields.get(field)
        if value is not None and not isinstance(value, str):
            msg = f"The field {field} must be a text or null."
            raise ArticleError(msg)
        if value:
            told[field] = value
    stated = fields.get("date_published")
    if stated is not None:
        day = _read_date(stated)
        if day is None:
            msg = (
                f"The field date_published must be a date as YYYY-MM-DD, not {str(stated)[:40]!r}."
            )
            raise ArticleError(msg)
        told |= {"date_published": day, "date_basis": DateBasis.STATED}
    if "date_basis" in fields:
        try:
            told["date_basis"] = DateBasis(fields["date_basis"])
        except ValueError as error:
            listed = ", ".join(DateBasis)
            msg = f"The field date_basis must be one of {listed}."
            raise ArticleError(msg) from error
    return replace(article, **told)


def _read_date(stated: object) -> date | None:
    """Return the day of a date or of a date and time in ISO 8601, ``None`` for anything else."""
    if not isinstance(stated, str) or not re.match(r"\d{4}-\d\d-\d\d(?:[T ]|$)", stated):
        return None
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return None


def _read_manifest(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return what a manifest tells of each file by its name; nothing where there is no manifest."""
    if not path.is_file():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["articles"]
        return {str(entry["file"]): entry for entry in entries}
    except (ValueError, KeyError, TypeError) as error:
        msg = (
            f"{path} is no manifest: it must be a JSON object with a list “articles”, "
            "each with the name of its “file”."
        )
        raise ArticleError(msg) from error
