"""Plain values: records to dictionaries and back, for JSON lines and for the columns of a segment."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from geo.records import Extraction

Record = TypeVar("Record")
_PLAIN = frozenset({str, int, float, bool, type(None)})


def write_record(record: Any) -> Any:
    """Return a record as dictionaries, lists, texts and numbers; a date as YYYY-MM-DD."""
    kind: Any = type(record)
    if kind in _PLAIN:
        return record
    if kind is tuple:
        return [write_record(each) for each in record]
    if isinstance(record, StrEnum):
        return record.value
    if isinstance(record, date):
        return record.isoformat()
    return {name: write_record(getattr(record, name)) for name in list_fields(kind)}


def read_record(kind: type[Record], plain: Mapping[str, Any]) -> Record:
    """Return the record that :func:`write_record` wrote; raises ``KeyError`` or ``ValueError``."""
    return cast("Record", _make_reader(cast("Any", kind))(plain))


@lru_cache(maxsize=32)
def list_fields(kind: Any) -> Mapping[str, Any]:
    """Return the fields of a record with their types."""
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def write_extraction(extraction: Extraction) -> dict[str, Any]:
    """Return an extraction as ``python -m geo extract`` prints it: an article's id and what it says."""
    plain = write_record(extraction)
    return {
        "id": extraction.article.id,
        "skipped": extraction.skipped,
        "mentions": plain["mentions"],
        **{
            name: [
                {key: value for key, value in each.items() if key != "article_id"}
                for each in plain[name]
            ]
            for name in ("relations", "accords")
        },
    }


def find_optional(kind: Any) -> Any | None:
    """Return the type that an optional one has beside ``None``; ``None`` for any other type."""
    if get_origin(kind) in {Union, types.UnionType}:
        return next(each for each in get_args(kind) if each is not type(None))
    return None


def strip_name(kind: Any) -> Any:
    """Return the type that a new name was given to, as ``str`` for a country code."""
    return kind.__supertype__ if isinstance(kind, NewType) else kind


@lru_cache(maxsize=64)
def _make_reader(kind: Any) -> Callable[[Any], Any]:
    """Return what reads a value of a type; it is made once, for a store has millions of values."""
    kind = make = strip_name(kind)
    if (inner := find_optional(kind)) is not None:
        read = _make_reader(inner)
        return lambda plain: None if plain is None else read(plain)
    if is_dataclass(kind):
        readers = [(name, _make_reader(each)) for name, each in list_fields(make).items()]
        # What was written before a field was there has its default.
        absent = {each.name: each.default for each in fields(make) if each.default is not MISSING}
        return lambda plain: make(
            **{
                name: read(plain[name]) if name in plain or name not in absent else absent[name]
                for name, read in readers
            }
        )
    if get_origin(kind) is tuple:
        read = _make_reader(get_args(kind)[0])
        return lambda plain: tuple(map(read, plain))
    if kind is date:
        return lambda plain: plain if isinstance(plain, date) else date.fromisoformat(plain)
    return kind if issubclass(kind, StrEnum) else lambda plain: plain
