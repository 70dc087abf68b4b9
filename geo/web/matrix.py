"""A matrix as rows: countries against countries, each cell the state of a pair."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.languages import say as _
from geo.map.lenses import Standing
from geo.map.palette import Swatch
from geo.records import CountryCode, Pair, pair_of
from geo.web.context import Context
from geo.web.country import PALE
from geo.web.links import link_to_pair
from geo.web.words import Head, Row, count, write_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A pair in a matrix: its state, what marks it, and where its quotes are.

    ``is_second`` is true of the half below the diagonal, which says the same again.
    """

    pair: str
    title: str
    swatch: Swatch
    tone: str
    marks: Sequence[str]
    is_contested: bool
    link: str
    is_second: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A country and its cells; ``None`` on the diagonal and where a pair has no state."""

    code: CountryCode
    name: str
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A state in use, and how many pairs are in it."""

    swatch: Swatch
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A matrix: its caption, its rows, whose names are those of the columns too, and its key."""

    caption: str
    rows: Sequence[MatrixRow]
    keys: Sequence[Key]
    pale: int
    contested: int


def describe_matrix(
    countries: Iterable[CountryCode],
    standings: Mapping[Pair, Standing],
    title: str,
    days: tuple[date, date],
    context: Context,
) -> Matrix:
    """Return countries against countries by name; ``days`` are the day shown and the day of knowledge."""
    sorted_codes = sorted(countries, key=context.name)
    rows = [
        MatrixRow(
            code=code,
            name=context.name(code),
            cells=[
                _describe_cell(code, other, standings, days, context, is_second=place < number)
                for place, other in enumerate(sorted_codes)
            ],
        )
        for number, code in enumerate(sorted_codes)
    ]
    counts = Counter(standing.state.value for standing in standings.values())
    return Matrix(
        caption=_("{title}: how each pair stood on {day}", title=title, day=write_date(days[0])),
        rows=rows,
        keys=[
            Key(swatch=swatch, number=counts[code])
            for code, swatch in context.palette.states.items()
            if counts[code]
        ],
        pale=sum(standing.pale for standing in standings.values()),
        contested=sum(standing.contested for standing in standings.values()),
    )


def _describe_cell(
    code: CountryCode,
    other: CountryCode,
    standings: Mapping[Pair, Standing],
    days: tuple[date, date],
    context: Context,
    *,
    is_second: bool,
) -> Cell | None:
    standing = standings.get(pair_of(code, other)) if code != other else None
    if standing is None:
        return None
    pair = pair_of(code, other)
    swatch = context.palette.states[standing.state]
    marks = [_("contested")] if standing.contested else []
    marks += [_("uncertain or not reported lately")] if standing.pale else []
    said = ", ".join([swatch.word, *marks])
    return Cell(
        pair="-".join(pair),
        title=f"{context.name(code)} – {context.name(other)}: {said}",
        swatch=swatch,
        tone=PALE if standing.pale else "",
        marks=marks,
        is_contested=standing.contested,
        link=f"{context.root}{link_to_pair(pair, *days)}",
        is_second=is_second,
    )


def describe_matrix_head(
    title: str,
    standings: Mapping[Pair, Standing],
    countries: int,
    days: tuple[date, date],
    note: str,
    context: Context,
) -> Head:
    """Return the title of a matrix: its countries, how many pairs are in which state, and the day."""
    counts = Counter(standing.state for standing in standings.values())
    said: list[str] = []
    for state in sorted(counts, key=lambda state: context.palette.states[state].order):
        number = f"{counts[state]:,}" if said else count(counts[state], "pair")
        said.append(f"{number} {context.palette.states[state].phrase}")
    text = _(
        "As of {day}." if days[0] == days[1] else "As of {day}, as known on {known}.",
        day=write_date(days[0]),
        known=write_date(days[1]),
    )
    every = countries * (countries - 1) // 2
    told = _(
        "{told} of {pairs} have a state.", told=f"{len(standings):,}", pairs=count(every, "pair")
    )
    return Head(
        title=_("{subject}:", subject=title),
        said=", ".join(said) or _("no relation found"),
        text=" ".join(filter(None, [text, told, note])),
    )


def list_matrix(standings: Mapping[Pair, Standing], context: Context) -> list[Row]:
    """Return the pairs of a matrix as lines of a table, by the names of their countries."""
    rows: list[Row] = [
        {
            "Country": context.name(pair[0]),
            "Other country": context.name(pair[1]),
            "Pair": "-".join(pair),
            "Value": context.palette.states[standing.state].label,
            "Contested": "yes" if standing.contested else "",
            "Uncertain": "yes" if standing.pale else "",
        }
        for pair, standing in standings.items()
    ]
    return sorted(rows, key=lambda row: (str(row["Country"]), str(row["Other country"])))
