"""Tables: rows become records, and whatever is wrong in a file is named by its line and column."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import AfterValidator, ValidationInfo

from geo.errors import DataError
from geo.paths import DATA
from geo.records import State
from geo.tables import BARS, COMMAS, Words, name_place, read_cells, read_table


def check_known(code: str, info: ValidationInfo) -> str:
    if info.context and code not in info.context:
        msg = "the country is not known"
        raise ValueError(msg)
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    name: str
    weight: float
    country: Annotated[str, AfterValidator(check_known)] = ""
    words: Words = ()
    numbers: Annotated[frozenset[int], COMMAS] = frozenset()
    states: Annotated[tuple[State, ...], BARS] = ()
    opened: date | None = None
    large: bool = False

    def __post_init__(self) -> None:
        if self.name == "Atlantis":
            msg = "the sea has it"
            raise ValueError(msg)


HEADER = "name,weight,country,words,numbers,states,opened,large,note\n"


def write(folder: Path, text: str, suffix: str = "csv") -> Path:
    path = folder / f"ports.{suffix}"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_have_the_types_of_the_fields(tmp_path: Path) -> None:
    row = 'Oslo,.5,NOR,"a|b c","3,1",war|ties,2024-05-01,yes,for people\n'
    assert read_table(write(tmp_path, HEADER + row), Port) == [
        Port(
            name="Oslo",
            weight=0.5,
            country="NOR",
            words=("a", "b c"),
            numbers=frozenset({1, 3}),
            states=(State.WAR, State.TIES),
            opened=date(2024, 5, 1),
            large=True,
        )
    ]


def test_an_empty_cell_has_the_default(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}Oslo,1,,,,,,,\n\nBergen,2,,,,,,,\n")
    assert read_table(path, Port) == [Port(name="Oslo", weight=1), Port(name="Bergen", weight=2)]


def test_quotes_mean_nothing_in_tsv(tmp_path: Path) -> None:
    path = write(tmp_path, (HEADER + 'The "Oslo",1,,,,,,,\n').replace(",", "\t"), "tsv")
    assert [port.name for port in read_table(path, Port)] == ['The "Oslo"']


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ("Oslo,heavy,,,,,,,", "line 3, column weight", "valid number.*, not 'heavy'"),
        (",1,,,,,,,", "line 3, column name", "must be filled"),
        ("Oslo,1,XXX,,,,,,", "line 3, column country", "not known, not 'XXX'"),
        ("Oslo,1,,,,peace,,,", "line 3, column states", "'peace'"),
        ('Oslo,1,,,"1,b",,,,', "line 3, column numbers", "'b'"),
        ("Oslo,1,,,,,2024-02-30,,", "line 3, column opened", "'2024-02-30'"),
        ("Oslo,1,,,,,,perhaps,", "line 3, column large", "'perhaps'"),
        ("Atlantis,1,,,,,,,", "line 3", "the sea has it"),
        ("Bergen,1,,,,,,,", "line 3, column name", "'Bergen' is given twice"),
        ("Oslo,1,,,,,,,,", "line 3", "10 cells in 9 columns"),
        ("Oslo,1", "line 3", "2 cells in 9 columns"),
        ('Oslo,1,,,,,,,"', "cannot be read", ""),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, place: str, reason: str) -> None:
    path = write(tmp_path, f"{HEADER}Bergen,1,NOR,,,,,,\n{row}\n")
    with pytest.raises(DataError, match=rf"ports\.csv {place}.*{reason}"):
        read_table(path, Port, key=["name"], given={"NOR"})


def test_a_line_is_counted_past_cells_of_several_lines(tmp_path: Path) -> None:
    path = write(tmp_path, f'{HEADER}Oslo,1,,,,,,,"two\nlines"\nBergen,b,,,,,,,\n')
    with pytest.raises(DataError, match="line 4, column weight"):
        read_table(path, Port)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace("weight", "wait"), "line 1, column weight is missing"),
        ("", "line 1, column name, weight, country.* is missing"),
        (HEADER.replace("note", "name"), "line 1, column name, .* is given twice"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, header: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read_table(write(tmp_path, header), Port)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv cannot be read"):
        read_table(tmp_path / "none.csv", Port)
    path = tmp_path / "latin.csv"
    path.write_bytes(HEADER.encode() + b"K\xf8ln,1,,,,,,,\n")
    with pytest.raises(DataError, match=r"latin\.csv cannot be read"):
        read_table(path, Port)


def test_cells_are_texts_as_they_stand(tmp_path: Path) -> None:
    assert list(read_cells(write(tmp_path, "a,b\n x ,\n"), ["a"])) == [(2, {"a": " x ", "b": ""})]


def test_a_table_of_the_project_is_named_from_its_root() -> None:
    assert name_place(DATA / "map" / "a.csv", 4, "b") == "data/map/a.csv line 4, column b"
    assert re.fullmatch(r"data/map/a\.csv", name_place(DATA / "map" / "a.csv"))
