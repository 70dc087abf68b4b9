"""Reading: files, folders and JSON lines become articles, and what cannot be read is skipped with why.

A text is taken as it stands: only a byte order mark is left out, and line ends stay as they are (CRLF
counts as two), so that offsets count the code points of the text as it was given. Of a page of HTML the
article is taken, and offsets count in that. Every text that leaves here is valid Unicode.
"""

import codecs
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from geo.errors import ArticleError
from geo.reading.provenance import read_provenance
from geo.reading.webpage import read_webpage
from geo.records import Article, DateBasis

PLAIN = frozenset({".txt", ".md"})
MARKUP = frozenset({".html", ".htm"})
LINES = frozenset({".jsonl"})
# Documents that may hold an article and are not read, so that a folder does not pass over them in silence.
DOCUMENTS = frozenset({".doc", ".docx", ".eml", ".epub", ".mhtml", ".odt", ".pdf", ".rtf"})
MANIFEST = "manifest.json"
# A line of JSON longer than this is no article; the longest novels have 3 MB.
LARGEST_LINE = 20_000_000
# Bytes of a file that is read whole; the files of JSON lines are read a line at a time.
LARGEST_FILE = 20_000_000
# The most characters of what is told of an article. Addresses are as long as browsers take them.
LONGEST = {
    "id": 256,
    "url": 2048,
    "title": 500,
    "publisher": 200,
    "license": 200,
    "credit": 200,
    "source": 2048,
}
# An article is no older than the telegraph. It may be dated a little ahead of the reader's day, for that
# begins elsewhere hours before, and a paper of the weekend is out on Friday.
EARLIEST, AHEAD = date(1850, 1, 1), timedelta(days=2)
LINKED = "It is a link that leads out of the folder. Copy the file into the folder."
SAVE = "Save the article as txt, md or html."
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The fields of an article that are texts.
_TEXTS = (
    *("id", "text", "title", "url", "publisher", "language"),
    *("date_note", "license", "credit", "source"),
)
_HEADING = re.compile(r"\A\s*# +(.+)$", re.MULTILINE)
_TAG = re.compile(
    # Nothing is taken back, or a page of comments alone would be tried in every way of cutting them.
    r"\s*+(?:<\?xml[^>]{0,200}>\s*+)?+(?:(?><!--.{0,2000}?-->)\s*+){0,3}+(?:<!doctype html|<html)",
    re.IGNORECASE | re.DOTALL,
)
# Characters that are not seen and turn or break the words around them: a right-to-left override makes
# "moc.swen" of one publisher the name of another.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=", re.IGNORECASE)
# The share of ASCII from which on a text that is not UTF-8 is taken for Windows-1252, the encoding in
# which English was written before it (and the default of browsers for English).
_MOSTLY_ASCII = 0.8
_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """The name of a source that gave no article, and the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What the manifest of a folder, where there is one, tells of the files beside it."""

    folder: Path
    named: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fault: str | None = None

    def find_fields(self, name: str) -> Mapping[str, Any]:
        """Return what is told of a file; raises :class:`ArticleError` where the manifest is broken."""
        if self.fault:
            raise ArticleError(self.fault)
        # What an article says is in its file, and never in the manifest.
        return {**self.named.get(name, {}), "text": None}


def read_article(
    source: bytes,
    *,
    name: str,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
) -> Article:
    """Return the article in the bytes of a text, Markdown or HTML file.

    ``name`` is that of the file; its stem becomes the article's id. What is given of date and publisher
    goes before what a page says of itself; a date of the page that no article can have as of ``today``
    is none. Raises :class:`ArticleError` with what to do.
    """
    return _check_fields(_read_source(source, name, date_published, publisher, today))


def _read_source(
    source: bytes,
    name: str,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
) -> Article:
    if date_published and (fault := find_fault(date_published, today)):
        raise ArticleError(fault)
    path = Path(name)
    suffix = path.suffix.lower()
    text = decode_text(source)
    if suffix in DOCUMENTS:
        msg = f"A file of the kind {suffix} is not read. {SAVE}"
        raise ArticleError(msg)
    identity = _name_path(path.stem) or hashlib.sha256(source).hexdigest()[:20]
    if suffix in MARKUP or _TAG.match(text):
        found = read_webpage(text)
        stated = date_published or _read_date(found["date"])
        if stated and find_fault(stated, today):
            stated = None
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
    heading = _HEADING.match(text) if suffix == ".md" else None
    return Article(
        id=identity,
        text=text,
        title=heading[1].strip() if heading else None,
        publisher=publisher,
        date_published=date_published,
        date_basis=DateBasis.STATED if date_published else DateBasis.UNKNOWN,
    )


def _check_fields(article: Article) -> Article:
    """Return an article whose title and publisher are words alone.

    Raises :class:`ArticleError` where a field is too long to be what it is called.
    """
    for name, longest in LONGEST.items():
        if len(getattr(article, name) or "") > longest:
            msg = f"The {name} is longer than {longest:,} characters."
            raise ArticleError(msg)
    return replace(
        article, title=drop_unseen(article.title), publisher=drop_unseen(article.publisher)
    )


def drop_unseen(name: str | None) -> str | None:
    """Return a title or publisher without what is not seen, ``None`` where nothing is left."""
    return _CONTROL.sub("", name or "").strip() or None


def find_fault(day: date, today: date | None) -> str | None:
    """Return why no article can have been published on a day, ``None`` where one can.

    One date far ahead would move the whole map there, where nothing else holds any more. Without
    ``today`` nothing lies in the future.
    """
    if day < EARLIEST:
        return f"The date {day} lies before {EARLIEST.year}; give the day of publication."
    if today and day - today > AHEAD:
        return f"The date {day} lies in the future; give the day of publication."
    return None


def decode_text(source: bytes) -> str:
    """Return bytes as text: by byte order mark, as UTF-8, or in the encoding that fits best.

    Raises :class:`ArticleError` where they are no text.
    """
    for magic, kind in _BINARY:
        if source.startswith(magic):
            msg = f"This is {kind}, not text. {SAVE}"
            raise ArticleError(msg)
    text = _decode(source)
    if text is None or "\0" in text:
        msg = f"This is no text. {SAVE}"
        raise ArticleError(msg)
    return text


def _decode(source: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKS if source.startswith(mark)), "utf-8")
    try:
        return source.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in source or not encoding.startswith("utf-8"):
            return None
    patched = source.decode(encoding, "replace")
    broken = patched.count("\ufffd")
    beyond = sum(1 for letter in patched if letter > "\x7f") - broken
    if broken < beyond:
        # UTF-8 in which some bytes are lost, as at the end of a text that was cut.
        return patched
    if not _DECLARED.search(source, 0, 2000):
        high = len(source.translate(None, bytes(range(128))))
        if high <= len(source) * (1 - _MOSTLY_ASCII):
            try:
                return source.decode("windows-1252")
            except UnicodeDecodeError:
                pass
    from charset_normalizer import from_bytes

    best = from_bytes(source).best()
    return str(best) if best else None


def read_path(
    path: Path,
    *,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
) -> Iterator[Article | Skipped]:
    """Yield the articles of a file, of a file of JSON lines, or of a folder and those below it, by name.

    A file ``manifest.json`` in a folder tells title, publisher, date and more of the files beside it;
    what is given here goes before it. In a folder, hidden files and those of kinds that hold no article
    are passed over. What cannot be read, or has a date that no article can have as of ``today``, is
    skipped with the reason. Only regular files are read, and in a folder none that a link leads out to.
    """
    try:
        if path.is_dir():
            yield from _read_folder(path, date_published, publisher, today)
        elif path.suffix.lower() in LINES:
            _check_regular(path)
            with path.open("rb") as stream:
                lines = split_lines(stream)
                yield from read_lines(
                    lines, date_published=date_published, publisher=publisher, today=today
                )
        else:
            manifest = _read_manifest(path.parent, path.parent)
            yield _read_file(path, manifest, date_published, publisher, today)
    except OSError as error:
        yield Skipped(_name_path(path), _tell_closed(error))
    except ArticleError as error:
        yield Skipped(_name_path(path), str(error))


def _read_folder(
    folder: Path, date_published: date | None, publisher: str | None, today: date | None
) -> Iterator[Article | Skipped]:
    """Yield the articles of a folder and of those below it, each folder with its own manifest."""
    manifests: dict[Path, _Manifest] = {}
    found = False
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        manifest = manifests.get(path.parent) or _read_manifest(path.parent, folder)
        manifests[path.parent] = manifest
        suffix = path.suffix.lower()
        known = suffix in LINES | PLAIN | MARKUP | DOCUMENTS or path.name in manifest.named
        if known and _leads_out(path, folder):
            found = True
            yield Skipped(_name_path(path), LINKED)
        elif suffix in LINES:
            found = True
            yield from read_path(
                path, date_published=date_published, publisher=publisher, today=today
            )
        elif known:
            found = True
            yield _read_file(path, manifest, date_published, publisher, today)
    for manifest in manifests.values():
        for name in manifest.named:
            if not (manifest.folder / name).is_file():
                found = True
                yield Skipped(
                    _name_path(manifest.folder / name),
                    "The manifest names it, but there is no such file beside it.",
                )
    if not found:
        yield Skipped(_name_path(folder), "There is no txt, md, html or jsonl file in it.")


def _read_file(
    path: Path,
    manifest: _Manifest,
    date_published: date | None,
    publisher: str | None,
    today: date | None,
) -> Article | Skipped:
    try:
        article = _read_source(_read_bytes(path), path.name, today=today)
        article = _describe(article, manifest.find_fields(path.name))
        return _tell(article, date_published, publisher, today)
    except OSError as error:
        return Skipped(_name_path(path), _tell_closed(error))
    except ArticleError as error:
        return Skipped(_name_path(path), str(error))


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


def _read_bytes(path: Path) -> bytes:
    """Return what a file holds; raises :class:`ArticleError` where it is no file or too large."""
    _check_regular(path)
    with path.open("rb") as stream:
        # The size that the system tells may be wrong: the file may grow while it is read.
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        msg = f"The file is larger than {LARGEST_FILE:,} bytes, so it is no article."
        raise ArticleError(msg)
    return content


def _tell_closed(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such file."
    return f"It cannot be opened: {error.strerror}."


def _name_path(path: Path | str) -> str:
    """Return a path as Unicode; what a file system holds beside it becomes the replacement character."""
    return os.fsencode(path).decode("utf-8", "replace")


def _tell(
    article: Article, date_published: date | None, publisher: str | None, today: date | None
) -> Article:
    """Return an article with what the reader tells of it, before all that it says itself.

    Raises :class:`ArticleError` where it then has a date that no article can have, or a field that is
    too long.
    """
    if date_published:
        stated = DateBasis.STATED
        article = replace(article, date_published=date_published, date_basis=stated, date_note=None)
    if article.date_published and (fault := find_fault(article.date_published, today)):
        raise ArticleError(fault)
    article = replace(article, publisher=publisher) if publisher else article
    return _check_fields(article)


def split_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; one that is too long is cut, so that it takes no memory."""
    while line := stream.readline(LARGEST_LINE + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(LARGEST_LINE + 1)
        yield line


def read_lines(
    lines: Iterable[bytes],
    *,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
) -> Iterator[Article | Skipped]:
    """Yield an article for each JSON line that is not empty; a wrong one is skipped with the reason."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number, date_published, publisher, today)


def _read_line(
    line: bytes,
    number: int,
    date_published: date | None,
    publisher: str | None,
    today: date | None,
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
    shown = identity if _is_unicode(identity) and len(identity) <= LONGEST["id"] else name
    if not isinstance(fields.get("text"), str):
        return Skipped(shown, "The field text is missing; it must be a text.")
    try:
        article = _describe(Article(id=name, text=""), fields | {"id": identity})
        return _tell(article, date_published, publisher, today)
    except ArticleError as error:
        return Skipped(shown, str(error))


def _describe(article: Article, fields: Mapping[str, Any]) -> Article:
    """Return an article with what a manifest or a JSON line tells of it."""
    told: dict[str, Any] = {}
    for name in _TEXTS:
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            msg = f"The field {name} must be a text or null."
            raise ArticleError(msg)
        if value and not _is_unicode(value):
            msg = f"The field {name} holds half of a surrogate pair."
            raise ArticleError(msg)
        if value:
            told[name] = value
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
    return replace(article, **told | read_provenance(fields))


def _read_date(stated: object) -> date | None:
    """Return the day of a date or of a date and time in ISO 8601, ``None`` for anything else."""
    if not isinstance(stated, str) or not re.match(r"\d{4}-\d\d-\d\d(?:[T ]|$)", stated):
        return None
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return None


def _is_unicode(text: str) -> bool:
    """Return whether a text can be written in UTF-8, which half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_manifest(folder: Path, named: Path) -> _Manifest:
    """Return the manifest of a folder; a broken one tells so when it is asked of a file.

    ``named`` is the folder that the reader named, out of which no link may lead.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return _Manifest(folder)
    try:
        if _leads_out(path, named):
            return _Manifest(folder, fault=f"{_name_path(path)}: {LINKED}")
        entries = json.loads(_read_bytes(path).decode())["articles"]
        return _Manifest(folder, {str(entry["file"]): entry for entry in entries})
    except (ValueError, KeyError, TypeError, RecursionError):
        fault = (
            f"{_name_path(path)} is no manifest: it must be a JSON object with a list “articles”, "
            "each with the name of its “file”."
        )
        return _Manifest(folder, fault=fault)
