"""Lines: the articles in JSON lines and in tables of CSV, one at a time."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, BinaryIO

from geo.errors import ArticleError
from geo.reading.encodings import is_unicode
from geo.reading.fields import LONGEST, TEXTS, Told, describe_article, tell_article
from geo.records import Article, Skipped

# A line of JSON longer than this is no article; the longest novels have 3 MB.
LARGEST_LINE = 20_000_000
# A row of a table is held as cells, which take more memory than their bytes.
LARGEST_ROW, MOST_COLUMNS = 4_000_000, 1000
DELIMITERS = ",;\t"
# The fields of an article that a column may hold.
COLUMNS = (*TEXTS, "date_published", "date_basis", "revision")


def split_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; one that is too long is cut, so that it takes no memory."""
    while line := stream.readline(LARGEST_LINE + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(LARGEST_LINE + 1)
        yield line


def read_columns(text: str) -> dict[str, str]:
    """Return the columns that hold fields of an article: ``text=body,date_published=date``.

    Raises :class:`ArticleError` where a field is none that a column may hold.
    """
    columns = {}
    for part in text.split(","):
        name, _, column = (piece.strip() for piece in part.partition("="))
        if name not in COLUMNS or not column:
            msg = (
                f"“{part.strip()}” names no column. Write FIELD=COLUMN with one of the fields "
                f"{', '.join(COLUMNS)}."
            )
            raise ArticleError(msg)
        columns[name] = column
    return columns


def read_lines(
    lines: Iterable[bytes],
    *,
    date_published: date | None = None,
    publisher: str | None = None,
    today: date | None = None,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Article | Skipped]:
    """Yield an article for each JSON line that is not empty; a wrong one is skipped with the reason.

    ``columns`` names, for fields of an article, the fields of the lines that hold them.
    """
    told = Told(
        date_published=date_published, publisher=publisher, today=today, columns=columns or {}
    )
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number, told)


def _read_line(line: bytes, number: int, told: Told) -> Article | Skipped:
    name = f"line {number}"
    if len(line) > LARGEST_LINE:
        return Skipped(name, f"The line is longer than {LARGEST_LINE:,} bytes.")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return Skipped(name, "The line is no JSON object.")
    if not isinstance(fields, dict):
        return Skipped(name, "The line is no JSON object.")
    fields |= {held: fields.get(column) for held, column in told.columns.items()}
    identity = fields.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity:
        return Skipped(name, "The field id is missing; it must be a text.")
    return _make_article(fields | {"id": identity}, name, told)


def _make_article(fields: Mapping[str, Any], name: str, told: Told) -> Article | Skipped:
    identity = fields["id"]
    shown = identity if is_unicode(identity) and len(identity) <= LONGEST["id"] else name
    if not isinstance(fields.get("text"), str):
        return Skipped(shown, "The field text is missing; it must be a text.")
    try:
        return tell_article(describe_article(Article(id=name, text=""), fields), told)
    except ArticleError as error:
        return Skipped(shown, str(error))


def read_rows(lines: Iterable[bytes], name: str, told: Told) -> Iterator[Article | Skipped]:
    """Yield an article for each row of a table of CSV whose first row names the columns.

    Columns that are named like no field of an article are passed over. A row without an id gets one
    from its address and text. Cells are parted by commas, semicolons or tabs. ``name`` is that of the
    file, under which it is told why nothing can be read.
    """
    try:
        rows = _split_rows(lines)
        _, head = next(rows, (0, []))
        places = _find_places(head, told.columns)
        for number, row in rows:
            fields = {held: row[at] for held, at in places.items() if at < len(row) and row[at]}
            if fields:
                words = f"{fields.get('url', '')}\n{fields.get('text', '')}"
                made = hashlib.sha256(words.encode()).hexdigest()[:20]
                yield _make_article({"id": made, **fields}, f"line {number}", told)
    except (ArticleError, csv.Error) as error:
        yield Skipped(name, str(error) if isinstance(error, ArticleError) else _tell_broken(error))


def _find_places(head: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Return in which column each field of an article stands; raises :class:`ArticleError`."""
    if len(head) > MOST_COLUMNS:
        msg = f"The table has more than {MOST_COLUMNS:,} columns."
        raise ArticleError(msg)
    named = {title.strip().casefold(): at for at, title in reversed([*enumerate(head)])}
    wanted = {field: columns.get(field, field) for field in COLUMNS}
    for field in ("text", *columns):
        if wanted[field].casefold() not in named:
            listed = ", ".join(title.strip()[:40] for title in head[:20]) or "none"
            msg = (
                f"The table has no column {wanted[field]}; its columns are {listed}. Rename the "
                "right one, or name it as in --columns text=body,date_published=date."
            )
            raise ArticleError(msg)
    return {
        field: named[column.casefold()]
        for field, column in wanted.items()
        if column.casefold() in named
    }


def _split_rows(lines: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table, each with the number of its last line."""
    size = 0

    def decode() -> Iterator[str]:
        nonlocal size
        for line in lines:
            # A quote that is opened and never closed would take in the rest of the file.
            size += len(line)
            if size > LARGEST_ROW:
                msg = f"A row of the table is longer than {LARGEST_ROW:,} bytes; is a quote left open?"
                raise ArticleError(msg)
            yield _decode_line(line)

    texts = decode()
    first = next(texts, "").removeprefix("\ufeff")
    csv.field_size_limit(LARGEST_ROW)
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], texts), delimiter=delimiter)
    for row in reader:
        size = 0
        yield reader.line_num, row


def _decode_line(line: bytes) -> str:
    if b"\0" in line:
        msg = "The table is no text in UTF-8. Save it as CSV in UTF-8."
        raise ArticleError(msg)
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("windows-1252", "replace")


def _tell_broken(error: csv.Error) -> str:
    return f"It is no table of CSV: {error}."
