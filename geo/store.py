"""The store: extractions in a folder of Parquet segments that are written once and never changed.

A segment is named for the SHA-256 of its bytes, so that writing the same again changes nothing and a byte
that turned on the disk is an error, never a wrong quote. It is moved into place only when it is whole: a
crash leaves the store as it was.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from geo.errors import StoreError
from geo.records import Extraction
from geo.tables import make_adapter

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
# Stands beside the fields of an extraction, so that what is held is known without reading the texts.
CONTENT_HASH = "content_hash"
# Articles that are read at once; with their mentions about 30 MB.
ROWS = 1000
_NAME = re.compile(r"articles\.([0-9a-f]{20})\.parquet")


def write_record(record: Any) -> Any:
    """Return a record as dictionaries, lists, texts and numbers; a date as YYYY-MM-DD."""
    kind: Any = type(record)
    return make_adapter(kind).dump_python(record, mode="json")


def append_extractions(
    extractions: Iterable[Extraction], folder: Path, *, known: Mapping[str, str] | None = None
) -> Path | None:
    """Write the extractions whose article the folder does not hold yet; return the new segment.

    ``known`` is what :func:`list_articles` tells of the folder, where the caller has it already. Returns
    ``None`` where nothing is new. Raises :class:`StoreError` where the folder cannot be written or an id
    stands for another text already.
    """
    stored = list_articles(folder) if known is None else known
    new: dict[str, Extraction] = {}
    for extraction in extractions:
        article = extraction.article
        there = stored.get(article.id)
        if there is None:
            there = new.setdefault(article.id, extraction).article.content_hash
        if there != article.content_hash:
            msg = f"An article with the id “{article.id}” and another text is in the store already."
            raise StoreError(msg)
    return _write_segment([new[identity] for identity in sorted(new)], folder) if new else None


def read_extractions(*folders: Path) -> tuple[Extraction, ...]:
    """Return all extractions of some folders, by folder and article.

    Of an id in several folders the last one counts, so that a reader's own store goes before the seeds.
    A folder that does not exist holds none. Raises :class:`StoreError` that names a segment which cannot
    be read and what to do.
    """
    adapter = make_adapter(Extraction)
    found: dict[str, Extraction] = {}
    for folder in folders:
        held: dict[str, Extraction] = {}
        for path in _list_segments(folder):
            with _name_damage(path):
                for row in _read_rows(path):
                    extraction: Extraction = adapter.validate_python(row)
                    # Two writers at once may both have stored an article.
                    held.setdefault(extraction.article.id, extraction)
        found |= dict(sorted(held.items()))
    return tuple(found.values())


def list_articles(*folders: Path) -> dict[str, str]:
    """Return the SHA-256 of the text of each article in some folders, by its id; no text is read."""
    found: dict[str, str] = {}
    for folder in folders:
        for path in _list_segments(folder):
            with _name_damage(path):
                for row in _read_rows(path, ["article.id", CONTENT_HASH]):
                    found.setdefault(row["article"]["id"], row[CONTENT_HASH])
    return found


def _list_segments(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def _read_rows(path: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = path.read_bytes()
    named = _NAME.fullmatch(path.name)
    if named and named[1] != _name_content(content):
        msg = "the bytes are not those that the name was made of"
        raise ValueError(msg)
    segment = pq.ParquetFile(pa.BufferReader(content))
    for batch in segment.iter_batches(batch_size=ROWS, columns=columns):
        yield from batch.to_pylist()


@contextmanager
def _name_damage(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or foreign segment raises into an error that names it."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, KeyError, OSError, TypeError, ValueError) as error:
        msg = (
            f"The segment {path} cannot be read. Move it out of the folder, and ingest its articles "
            "again if you still have them."
        )
        raise StoreError(msg) from error


def _name_content(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]


def _write_segment(extractions: Sequence[Extraction], folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(CONTENT_HASH, pa.string()), *_make_type(Extraction)])
    adapter = make_adapter(Extraction)
    rows = [
        {CONTENT_HASH: extraction.article.content_hash, **adapter.dump_python(extraction)}
        for extraction in extractions
    ]
    try:
        table = pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError as error:
        msg = "A text with half of a surrogate pair is no Unicode and cannot be stored."
        raise StoreError(msg) from error
    try:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        content = sink.getvalue().to_pybytes()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"articles.{_name_content(content)}{SUFFIX}"
        _place_file(content, path)
    except OSError as error:
        msg = f"The store in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error
    return path


def _place_file(content: bytes, path: Path) -> None:
    """Write a file so that it is there whole or not at all, whenever the machine stops."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    if hasattr(os, "O_DIRECTORY"):
        # The new name itself is on the disk only when its folder is.
        listing = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(listing)
        finally:
            os.close(listing)


def _make_type(kind: Any) -> "pa.DataType":
    """Return the type of a column that holds values of a type of the records."""
    import pyarrow as pa

    inner = get_args(kind)
    if get_origin(kind) is UnionType:
        return _make_type(inner[0])
    if get_origin(kind) is tuple:
        return pa.list_(_make_type(inner[0]))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return pa.struct([(field.name, _make_type(hints[field.name])) for field in fields(kind)])
    simple = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
    }
    # A code or the word of a vocabulary is a text.
    return simple.get(kind, pa.string())
