"""The store: extractions in a folder of Parquet segments that are written once and never changed.

A segment's name is a hash of what it holds, so that writing the same again changes nothing, and it is
moved into place only when it is whole: a crash leaves the store as it was.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from geo.errors import StoreError
from geo.records import Extraction
from geo.serial import find_optional, list_fields, read_record, strip_name, write_record

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"


def append_extractions(extractions: Iterable[Extraction], folder: Path) -> Path | None:
    """Write the extractions whose article the folder does not hold yet; return the new segment.

    Returns ``None`` where nothing is new. Raises :class:`StoreError` where the folder cannot be written
    or an id stands for another text already.
    """
    known = dict(list_articles(folder))
    new: dict[str, Extraction] = {}
    for each in extractions:
        article = each.article
        held = known.get(article.id)
        if held is not None and held != article.content_hash:
            msg = f"An article with the id “{article.id}” and another text is in the store already."
            raise StoreError(msg)
        if held is None:
            known[article.id] = article.content_hash
            new[article.id] = each
    if not new:
        return None
    rows = [write_record(new[each]) for each in sorted(new)]
    content = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    name = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    path = folder / f"articles.{name}{SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_segment(rows, path)
    except OSError as error:
        msg = f"The store in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error
    return path


def read_extractions(*folders: Path) -> tuple[Extraction, ...]:
    """Return all extractions of some folders, by folder and article; the first of an id is kept.

    A folder that does not exist holds none. Raises :class:`StoreError` that names a segment which cannot
    be read and what to do.
    """
    found: dict[str, Extraction] = {}
    for folder in folders:
        held = [
            read_record(Extraction, row)
            for path in _list_segments(folder)
            for row in _read_segment(path, None)
        ]
        for each in sorted(held, key=lambda one: one.article.id):
            found.setdefault(each.article.id, each)
    return tuple(found.values())


def list_articles(folder: Path) -> Mapping[str, str]:
    """Return the SHA-256 of the text of each article in a folder, by its id."""
    return {
        row["article"]["id"]: hashlib.sha256(
            row["article"]["text"].encode("utf-8", "surrogatepass")
        ).hexdigest()
        for path in _list_segments(folder)
        for row in _read_segment(path, ["article"])
    }


def _list_segments(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def _write_segment(rows: list[dict[str, Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _make_type(kind)) for name, kind in list_fields(Extraction).items()])
    table = pa.Table.from_pylist([_place_dates(row) for row in rows], schema=schema)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as sink:
            pq.write_table(table, sink, compression="zstd")
            sink.flush()
            os.fsync(sink.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _place_dates(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose article has its day as a date, for Parquet has a type for it."""
    stated = row["article"]["date_published"]
    day = date.fromisoformat(stated) if stated else None
    return {**row, "article": {**row["article"], "date_published": day}}


def _read_segment(path: Path, columns: list[str] | None) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows: list[dict[str, Any]] = pq.read_table(path, columns=columns).to_pylist()
    except (pa.ArrowException, OSError) as error:
        msg = (
            f"The segment {path} cannot be read. Move it out of the folder, and ingest its articles "
            "again if you still have them."
        )
        raise StoreError(msg) from error
    return rows


def _make_type(kind: Any) -> "pa.DataType":
    import pyarrow as pa

    kind = find_optional(strip_name(kind)) or strip_name(kind)
    if is_dataclass(kind):
        return pa.struct([(name, _make_type(each)) for name, each in list_fields(kind).items()])  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return pa.list_(_make_type(get_args(kind)[0]))
    if kind is date:
        return pa.date32()
    simple = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    return pa.string() if issubclass(kind, StrEnum) else simple[kind]
