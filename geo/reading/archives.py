"""Archives: the files in a zip and the pages in a WARC, unpacked a part at a time in a child.

Nothing is written to the disk, and no name in an archive is taken for a path.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from geo.errors import ArticleError
from geo.reading.child import read_apart
from geo.reading.encodings import decode_markup
from geo.records import Skipped

# Bytes of a zip, of all that it holds when unpacked, and of one file in it; files in it; and how many
# times larger than packed a file may be. News as text packs to a third or a fifth.
LARGEST_ARCHIVE, LARGEST_CONTENT, LARGEST_ENTRY = 100_000_000, 100_000_000, 20_000_000
MOST_ENTRIES, HIGHEST_RATIO = 1000, 100
# Bytes that a child hands back at once.
PART = 8_000_000
# Bytes of a WARC that a child is given at once; a record must fit in.
SLICE = 16_000_000
# Of 469 real news pages the largest has 2.9 MB.
LARGEST_PAGE = 4_000_000
LEADS_OUT = "Its name leads out of the archive."
ENDED = "The archive ended early: its last record is cut off. What stands before it was read."


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a zip: its name and bytes, or the reason why it is not read."""

    name: str
    content: bytes
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of HTML in a WARC, with its address and the day (YYYY-MM-DD) on which it was fetched."""

    url: str
    day: str
    markup: str


def list_entries(source: bytes) -> Iterator[Entry]:
    """Yield the files of a zip, each manifest before all others and the rest by name.

    Hidden files and folders are passed over. Raises :class:`ArticleError` where the archive is damaged
    or holds more than the limits allow.
    """
    if len(source) > LARGEST_ARCHIVE:
        msg = f"The archive is larger than {LARGEST_ARCHIVE:,} bytes. Give it in parts."
        raise ArticleError(msg)
    start: int | None = 0
    while start is not None:
        found = read_apart(parse_zip, source, start=str(start))
        for name, content, reason in found["entries"]:
            yield Entry(name, b64decode(content), reason)
        start = found["next"]


def parse_zip(source: bytes, *, start: str) -> dict[str, Any]:
    """Return the files of a zip from a number on, and the number of the next; to be run in a child alone.

    A file is a list of its name, its bytes in base64 and, where it is not read, the reason.
    """
    from zipfile import BadZipFile, ZipFile

    with ZipFile(BytesIO(source)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check_size(len(infos), sum(info.file_size for info in infos))
        infos.sort(key=lambda info: (not info.filename.endswith("manifest.json"), info.filename))
        entries: list[tuple[str, str, str | None]] = []
        size = 0
        for number, info in enumerate(infos[int(start) :], start=int(start)):
            name = info.filename.encode("utf-8", "replace").decode()
            reason = _refuse(info)
            hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
            if hidden and reason != LEADS_OUT:
                continue
            content = b""
            if reason is None:
                try:
                    with archive.open(info) as stream:
                        content = stream.read(LARGEST_ENTRY + 1)
                except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
                    reason = "It is damaged in the archive."
            entries.append((name, b64encode(content).decode(), reason))
            size += len(content)
            if size >= PART and number + 1 < len(infos):
                return {"entries": entries, "next": number + 1}
    return {"entries": entries, "next": None}


def _check_size(entries: int, size: int) -> None:
    if entries > MOST_ENTRIES:
        msg = f"The archive holds more than {MOST_ENTRIES:,} files. Give it in parts."
        raise ArticleError(msg)
    if size > LARGEST_CONTENT:
        msg = f"The archive holds more than {LARGEST_CONTENT:,} bytes. Give it in parts."
        raise ArticleError(msg)


def _refuse(info: Any) -> str | None:
    """Return why a file of a zip is not read, ``None`` where it is."""
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name.partition("/")[0] or ".." in name.split("/"):
        return LEADS_OUT
    # The upper half holds the mode that Unix gives a file; 0o120000 is a link.
    if info.external_attr >> 16 & 0o170000 == 0o120000:
        return "It is a link, not a file."
    if info.flag_bits & 1:
        return "It is locked with a password. Save it without one."
    if info.file_size > LARGEST_ENTRY:
        return f"The file is larger than {LARGEST_ENTRY:,} bytes, so it is no article."
    if info.file_size > HIGHEST_RATIO * info.compress_size:
        return f"It unpacks to more than {HIGHEST_RATIO} times its size, so it is no article."
    return None


def list_pages(stream: BinaryIO, name: str) -> Iterator[Page | Skipped]:
    """Yield the pages of HTML that a WARC holds as responses; ``name`` is that of the archive.

    It is read a slice at a time, whatever its size. One that ends early or is damaged says so after the
    pages that stand before.
    """
    held = b""
    while True:
        held += stream.read(SLICE - len(held))
        if not held:
            return
        whole = len(held) < SLICE
        try:
            found = read_apart(parse_warc, held)
        except ArticleError as error:
            yield Skipped(name, str(error))
            return
        for page in found["pages"]:
            yield Page(**page)
        for url, reason in found["skipped"]:
            yield Skipped(url, reason)
        if not found["read"]:
            late = f"A record is damaged or larger than {SLICE:,} bytes, so the rest is not read."
            yield Skipped(name, ENDED if whole and not found["damaged"] else late)
            return
        held = held[found["read"] :]


def parse_warc(source: bytes) -> dict[str, Any]:
    """Return the pages in the whole records of a slice of a WARC; to be run in a child alone.

    ``read`` is how many bytes those take, and ``damaged`` says whether what follows is no record.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    pages: list[dict[str, str]] = []
    skipped: list[tuple[str, str]] = []
    read, size, damaged = 0, 0, False
    archive = ArchiveIterator(BytesIO(source))
    try:
        for record in archive:
            page, reason = _read_record(record)
            archive.read_to_end()
            # The library takes a record that is cut off for a whole one, and one without a length too.
            if getattr(record.raw_stream, "limit", 1):
                break
            read = archive.offset
            if reason:
                skipped.append((record.rec_headers.get_header("WARC-Target-URI") or "", reason))
            elif page:
                pages.append(page)
                size += len(page["markup"])
            if size >= PART:
                break
    except (ArchiveLoadFailed, OSError, ValueError):
        damaged = True
    return {"pages": pages, "skipped": skipped, "read": read, "damaged": damaged}


def _read_record(record: Any) -> tuple[dict[str, str] | None, str | None]:
    """Return the page of a record, or why it is not read; neither for what is no page."""
    if record.rec_type != "response" or record.http_headers is None:
        return None, None
    kind = record.http_headers.get_header("Content-Type") or ""
    if not record.http_headers.get_statuscode().startswith("2") or "html" not in kind:
        return None, None
    content = record.content_stream().read(LARGEST_PAGE + 1)
    if len(content) > LARGEST_PAGE:
        return None, f"The page is larger than {LARGEST_PAGE:,} bytes."
    try:
        markup = decode_markup(content, kind)
    except ArticleError as error:
        return None, str(error)
    headers = record.rec_headers
    told = {
        "url": headers.get_header("WARC-Target-URI") or "",
        "day": (headers.get_header("WARC-Date") or "")[:10],
    }
    return {**told, "markup": markup.encode("utf-8", "replace").decode()}, None
