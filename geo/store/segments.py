"""Segments: extractions in a folder of Parquet files that are written once and never changed.

A segment is named for the SHA-256 of its bytes, so that writing the same again changes nothing and a byte
that turned on the disk is an error, never a wrong quote. It is moved into place only when it is whole: a
crash leaves the store as it was.
"""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import StoreError
from geo.records import Article, Extraction
from geo.revisions import Provenance, select_standing
from geo.store.layout import CONTENT_HASH, SCHEMA_VERSION, make_builder, make_schema, make_table

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
_NAME = re.compile(r"articles\.([0-9a-f]{20})\.parquet")


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of a store as it lies in its folder; ``size`` and ``changed`` are -1 where it is no file."""

    path: Path
    size: int
    changed: int


class Holdings(dict[str, str]):
    """What a folder holds: the SHA-256 of the text of each article by its id, and its revision.

    ``segments`` are those that were read for it, ``damaged`` those that could not be.
    """

    def __init__(self, held: Mapping[str, str] | None = None) -> None:
        super().__init__(held or {})
        self.revisions: dict[str, int | None] = {}
        self.segments: set[str] = set()
        self.damaged: set[str] = set()

    def renew(self, folder: Path) -> None:
        """Add what has come to a folder since it was read; a damaged segment is left out."""
        for segment in list_segments(folder):
            if segment.path.name in self.segments:
                continue
            self.segments.add(segment.path.name)
            try:
                table = read_segment(segment.path, [CONTENT_HASH, "article"])
            except StoreError:
                self.damaged.add(segment.path.name)
                continue
            import pyarrow.compute as pc

            for identity, digest, revision in zip(
                pc.struct_field(table["article"], "id").to_pylist(),
                table[CONTENT_HASH].to_pylist(),
                pc.struct_field(table["article"], "revision").to_pylist(),
                strict=True,
            ):
                if identity not in self or _is_later(revision, self.revisions.get(identity)):
                    self[identity], self.revisions[identity] = digest, revision

    def stands(self, article: Article) -> bool:
        """Say whether an article is held, in its revision or a later one.

        Raises :class:`StoreError` where its id stands for another text.
        """
        held = self.get(article.id)
        if held is not None and held != article.content_hash:
            msg = f"An article with the id “{article.id}” and another text is in the store already."
            raise StoreError(msg)
        later = _is_later(article.revision, self.revisions.get(article.id))
        return held is not None and not later

    def add(self, article: Article) -> None:
        """Note that an article is held."""
        self[article.id] = article.content_hash
        self.revisions[article.id] = article.revision


def _is_later(one: int | None, other: int | None) -> bool:
    return one is not None and (other is None or one > other)


def append_extractions(
    extractions: Iterable[Extraction], folder: Path, *, known: Mapping[str, str] | None = None
) -> Path | None:
    """Write the extractions whose article the folder does not hold yet; return the new segment.

    ``known`` is what :func:`list_articles` tells of the folder, where the caller has it already; only
    what came since is read then. One writer at a time lists and writes, so that of two texts with one id
    the second is refused. Returns ``None`` where nothing is new. Raises :class:`StoreError` where the
    folder cannot be written or an id stands for another text already.
    """
    fresh = Holdings()
    wanted: list[Extraction] = []
    for extraction in extractions:
        if not fresh.stands(extraction.article):
            fresh.add(extraction.article)
            wanted.append(extraction)
    if not wanted:
        return None
    stored = known if isinstance(known, Holdings) else Holdings()
    stored.renew(folder)
    if all(stored.stands(extraction.article) for extraction in wanted):
        return None
    with _take_turn(folder):
        stored.renew(folder)
        new = {
            (extraction.article.id, extraction.article.revision or 0): extraction
            for extraction in wanted
            if not stored.stands(extraction.article)
        }
        if not new:
            return None
        path = _write_segment([new[identity] for identity in sorted(new)], folder)
    stored.segments.add(path.name)
    for extraction in new.values():
        stored.add(extraction.article)
    return path


def read_extractions(*folders: Path) -> tuple[Extraction, ...]:
    """Return all extractions of some folders, by folder and article; for small stores.

    Of an id in several folders the last one counts, so that a reader's own store goes before the seeds;
    of a source that was edited its newest revision. A folder that does not exist holds none. Raises
    :class:`StoreError` that names a segment which cannot be read and what to do.
    """
    build = make_builder(Extraction)
    found: dict[str, Extraction] = {}
    seen: set[Provenance] = set()
    for folder in folders:
        held: dict[str, Extraction] = {}
        for segment in list_segments(folder):
            for row in read_segment(segment.path).to_pylist():
                with _name_damage(segment.path):
                    extraction: Extraction = build(row)
                article = extraction.article
                seen.add((article.source, article.revision, article.id))
                # Two writers at once may both have stored an article.
                there = held.get(article.id)
                if there is None or _is_later(article.revision, there.article.revision):
                    held[article.id] = extraction
        found |= dict(sorted(held.items()))
    standing = select_standing(seen)
    return tuple(
        extraction
        for extraction in found.values()
        for article in [extraction.article]
        if (article.source, article.revision, article.id) in standing
    )


def list_articles(*folders: Path) -> Holdings:
    """Return the SHA-256 of the text of each article in some folders, by its id; no text is kept.

    A damaged segment is left out, so that its articles can be read in again.
    """
    found = Holdings()
    for folder in folders:
        found.renew(folder)
    return found


def list_segments(folder: Path) -> list[Segment]:
    """Return the segments of a folder by name, those too that are no files and cannot be read."""
    if not folder.is_dir():
        return []
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX))
    except OSError as error:
        msg = f"The folder of the store cannot be read: {error.strerror or error}."
        raise StoreError(msg) from error
    return [_look_at(path) for path in paths if not path.name.startswith(".")]


def _look_at(path: Path) -> Segment:
    try:
        found = path.stat()
    except OSError:
        return Segment(path, -1, -1)
    if not stat.S_ISREG(found.st_mode):
        return Segment(path, -1, -1)
    return Segment(path, found.st_size, found.st_mtime_ns)


def read_segment(path: Path, columns: Sequence[str] | None = None) -> "pa.Table":
    """Return a segment as a table in the layout of today; columns and fields that it lacks are null.

    Raises :class:`StoreError` that names the segment where it is no file, its bytes are not those that
    its name was made of, or it holds something else than extractions.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _name_damage(path):
        content = _read_bytes(path)
        named = _NAME.fullmatch(path.name)
        if named and named[1] != _name_content(content):
            msg = "the bytes are not those that the name was made of"
            raise ValueError(msg)
        schema = make_schema()
        found = pq.ParquetFile(pa.BufferReader(content)).read(
            columns=None if columns is None else list(columns)
        )
        wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
        for name in (CONTENT_HASH, "article"):
            if name in wanted.names and name not in found.column_names:
                msg = f"it has no column {name}"
                raise ValueError(msg)
        return pa.table(
            {
                field.name: found[field.name].cast(field.type)
                if field.name in found.column_names
                else pa.nulls(found.num_rows, field.type)
                for field in wanted
            },
            schema=wanted,
        )


def _read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file; anything else, such as a pipe, is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            msg = "it is no file"
            raise ValueError(msg)
        return source.read()


@contextmanager
def _take_turn(folder: Path) -> Iterator[None]:
    """Let one writer at a time list what a folder holds and add to it; the folder is made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not hasattr(os, "O_DIRECTORY"):
            yield
            return
        import fcntl

        turn = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        msg = f"The store in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


@contextmanager
def _name_damage(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or foreign segment raises into an error that names it."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, KeyError, OSError, TypeError, ValueError) as error:
        msg = (
            f"The segment {path.name} cannot be read. Move it out of the folder, and ingest its articles "
            "again if you still have them."
        )
        raise StoreError(msg) from error


def _name_content(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]


def _write_segment(extractions: Sequence[Extraction], folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = make_table(extractions)
    table = table.replace_schema_metadata({b"entente.schema": str(SCHEMA_VERSION).encode()})
    try:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        content = sink.getvalue().to_pybytes()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"articles.{_name_content(content)}{SUFFIX}"
        place_file(content, path)
    except OSError as error:
        msg = f"The store in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error
    return path


def place_file(content: bytes, path: Path) -> None:
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
