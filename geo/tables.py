"""Tables of data: each row of a CSV or TSV file becomes a record, and a wrong cell is named by its place.

A row type is a dataclass whose fields have the names of the columns that it needs; other columns are for
people. An empty cell has the default of its field, and a field without a default must be filled. CSV
follows RFC 4180; in TSV a cell ends at the next tab and quotes mean nothing.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from geo.errors import DataError
from geo.paths import ROOT

Row = TypeVar("Row")
# Of a field that is a tuple or set, for a cell that lists its values: Annotated[tuple[int, ...], BARS].
BARS = BeforeValidator(lambda cell: cell.split("|") if isinstance(cell, str) else cell)
COMMAS = BeforeValidator(lambda cell: cell.split(",") if isinstance(cell, str) else cell)
Words = Annotated[tuple[str, ...], BARS]


@lru_cache(maxsize=64)
def make_adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what makes records of a type out of plain values, and the other way round."""
    return TypeAdapter(kind)


def read_table(
    path: Path, row: type[Row], *, key: Sequence[str] = (), given: Any = None
) -> list[Row]:
    """Return the rows of a table as records of a type, in the order of the file.

    No two may be the same in the fields of ``key``. ``given`` reaches validators of the row type as
    their context. Raises :class:`DataError` that names file, line and column.
    """
    adapter: TypeAdapter[Row] = make_adapter(cast("Any", row))
    names = [field.name for field in fields(row)]  # type: ignore[arg-type]  # a dataclass
    records: list[Row] = []
    seen = set()
    for line, cells in read_cells(path, names):
        filled = {name: cells[name] for name in names if cells[name]}
        try:
            record = adapter.validate_python(filled, context=given)
        except ValidationError as error:
            raise DataError(_describe_error(error, path, line)) from error
        if key:
            held = tuple(getattr(record, name) for name in key)
            if held in seen:
                msg = f"{name_place(path, line, *key)}: {' '.join(map(str, held))!r} is given twice"
                raise DataError(msg)
            seen.add(held)
        records.append(record)
    return records


def read_cells(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a table that has the columns, as texts by column, with the number of its line."""
    form: dict[str, Any] = (
        {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if path.suffix == ".tsv" else {}
    )
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines, strict=True, **form)
            header = next(reader, [])
            missing = [column for column in columns if column not in header]
            if missing or len({*header}) < len(header):
                fault = "is missing" if missing else "is given twice"
                msg = f"{name_place(path, 1, *(missing or header))} {fault}"
                raise DataError(msg)
            line = reader.line_num + 1
            for row in reader:
                if len(row) != len(header) and row:
                    msg = f"{name_place(path, line)}: {len(row)} cells in {len(header)} columns"
                    raise DataError(msg)
                if row:
                    yield line, dict(zip(header, row, strict=True))
                line = reader.line_num + 1
    except (OSError, UnicodeError, csv.Error) as error:
        msg = f"{name_place(path)} cannot be read: {error}"
        raise DataError(msg) from error


def name_place(path: Path, line: int | None = None, *columns: str) -> str:
    """Return where something stands, as ``data/map/states.csv line 4, column weight``."""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    place = name.as_posix() if line is None else f"{name.as_posix()} line {line}"
    return f"{place}, column {', '.join(columns)}" if columns else place


def _describe_error(error: ValidationError, path: Path, line: int) -> str:
    """Return the place and the reason of the first fault that was found in a row."""
    fault = error.errors(include_url=False)[0]
    place = name_place(path, line, *map(str, fault["loc"][:1]))
    if fault["type"] == "missing":
        return f"{place}: must be filled"
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {reason}, not {fault['input']!r}" if fault["loc"] else f"{place}: {reason}"
