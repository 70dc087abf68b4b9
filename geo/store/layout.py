"""Layout: the columns of a segment, and records made of plain values and the other way round."""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from geo.errors import StoreError
from geo.records import Extraction
from geo.tables import make_adapter

if TYPE_CHECKING:
    import pyarrow as pa

# Stands beside the fields of an extraction, so that what is held is known without reading the texts.
CONTENT_HASH = "content_hash"
# The layout that this program writes, kept in the segment. A column that an older one lacks reads as
# its default, and one that only a newer one has is passed over.
SCHEMA_VERSION = 3

Builder = Callable[[Any], Any]


def write_record(record: Any) -> Any:
    """Return a record as dictionaries, lists, texts and numbers; a date as YYYY-MM-DD."""
    kind: Any = type(record)
    return make_adapter(kind).dump_python(record, mode="json")


def make_table(extractions: Iterable[Extraction]) -> "pa.Table":
    """Return extractions as a table in the layout of a segment.

    Raises :class:`StoreError` where a text is no Unicode.
    """
    import pyarrow as pa

    adapter = make_adapter(Extraction)
    rows = [
        {CONTENT_HASH: extraction.article.content_hash, **adapter.dump_python(extraction)}
        for extraction in extractions
    ]
    try:
        return pa.Table.from_pylist(rows, schema=make_schema())
    except UnicodeEncodeError as error:
        msg = "A text with half of a surrogate pair is no Unicode and cannot be stored."
        raise StoreError(msg) from error


@lru_cache(maxsize=1)
def make_schema() -> "pa.Schema":
    """Return the columns of a segment: the fields of an extraction, and the hash of its text."""
    import pyarrow as pa

    return pa.schema([(CONTENT_HASH, pa.string()), *_make_type(Extraction)])


@lru_cache(maxsize=64)
def make_builder(kind: Any) -> Builder:
    """Return what makes a record of a type out of plain values.

    A field that is null has its default. What breaks the type raises ``KeyError``, ``TypeError`` or
    ``ValueError``.
    """
    inner = get_args(kind)
    if get_origin(kind) is UnionType:
        build = make_builder(inner[0])
        return lambda value: None if value is None else build(value)
    if get_origin(kind) is tuple:
        build = make_builder(inner[0])
        return lambda value: tuple(map(build, value))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = [
            (
                field.name,
                make_builder(hints[field.name]),
                field.default is not MISSING or field.default_factory is not MISSING,
            )
            for field in fields(kind)
        ]
        make: Any = kind
        return lambda value: make(
            **{
                name: build(value[name])
                for name, build, has_default in parts
                if not has_default or value[name] is not None
            }
        )
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return lambda value: value


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


def make_columns(kind: Any) -> str:
    """Return the type that SQL has for values of a type of the records."""
    inner = get_args(kind)
    if get_origin(kind) is UnionType:
        return make_columns(inner[0])
    if get_origin(kind) is tuple:
        return f"{make_columns(inner[0])}[]"
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        held = (f'"{field.name}" {make_columns(hints[field.name])}' for field in fields(kind))
        return f"STRUCT({', '.join(held)})"
    simple = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", date: "DATE"}
    return simple.get(kind, "VARCHAR")
