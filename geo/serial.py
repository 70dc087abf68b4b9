"""Plain values: records to dictionaries and back, for JSON lines and for the columns of a segment."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from geo.records import Extraction

Record = TypeVar("Record")


def write_record(record: object) -> Any:
    """Return a record as dictionaries, lists, texts and numbers; a date as YYYY-MM-DD."""
    if is_dataclass(record):
        return {each.name: write_record(getattr(record, each.name)) for each in fields(record)}
    if isinstance(record, tuple):
        return [write_record(each) for each in record]
    if isinstance(record, date):
        return record.isoformat()
    return record.value if isinstance(record, StrEnum) else record


def read_record(kind: type[Record], plain: Mapping[str, Any]) -> Record:
    """Return the record that :func:`write_record` wrote; raises ``KeyError`` or ``ValueError``."""
    return cast("Record", _read_value(kind, plain))


def list_fields(kind: type) -> Mapping[str, Any]:
    """Return the fields of a record with their types."""
    return _find_hints(kind)


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


@lru_cache(maxsize=32)
def _find_hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def find_optional(kind: Any) -> Any | None:
    """Return the type that an optional one has beside ``None``; ``None`` for any other type."""
    if get_origin(kind) in {Union, types.UnionType}:
        return next(each for each in get_args(kind) if each is not type(None))
    return None


def strip_name(kind: Any) -> Any:
    """Return the type that a new name was given to, as ``str`` for a country code."""
    return kind.__supertype__ if isinstance(kind, NewType) else kind


def _read_value(kind: Any, plain: Any) -> Any:
    kind = strip_name(kind)
    if plain is None:
        return None
    if (inner := find_optional(kind)) is not None:
        return _read_value(inner, plain)
    if is_dataclass(kind):
        hints = _find_hints(cast("type", kind))
        return cast("Any", kind)(
            **{name: _read_value(each, plain[name]) for name, each in hints.items()}
        )
    if get_origin(kind) is tuple:
        inner, *_ = get_args(kind)
        return tuple(_read_value(inner, each) for each in plain)
    if kind is date:
        return plain if isinstance(plain, date) else date.fromisoformat(plain)
    return kind(plain) if issubclass(kind, StrEnum) else plain
