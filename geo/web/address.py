"""The address of a page: the one place where a reader's choice lives.

Widgets and clicks write to it, and every run reads it and checks it again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from geo.errors import UnknownCountry
from geo.languages import ENGLISH, find_language
from geo.languages import say as _
from geo.map.atlas import VIEWS
from geo.map.groups import MOST_COUNTRIES, load_groups, load_neighbors
from geo.map.lenses import MAP_LENSES, Lens
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.fields import EARLIEST
from geo.records import CountryCode, Pair, pair_of
from geo.web.known import Known
from geo.web.words import write_date

# What a widget of the date takes.
FIRST_DAY, LAST_DAY = EARLIEST, date(2100, 12, 31)
LONGEST_SHOWN = 40
# How the list beside the map is sorted: by state from worst to best, by reports, by name.
SORTS = ("worst", "told", "name")
# What the map shows where that is no focus: the pairs of the world, or an accord by its name.
WORLD, ACCORD = "world", "accord:"
# By which an address names the countries of a matrix; the first that is there counts.
MEMBERS = ("countries", "neighbors", "group")
# Parts of a list that are read, and faults in it that are told.
MOST_PARTS, MOST_TOLD = 2 * MOST_COUNTRIES, 3
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader has chosen, checked: every value is one that the map can show."""

    lens: Lens = Lens.FOCUS
    focus: CountryCode | None = None
    as_of: date
    known_on: date
    country: CountryCode | None = None
    accord: str | None = None
    weak: bool = False
    sort: str = SORTS[0]
    borders: str = VIEWS[0]
    mine: str = ""


def read_choice(
    asked: Mapping[str, str], known: Known, accords: Iterable[str]
) -> tuple[Choice, list[str]]:
    """Return the choice that a URL asks for, and what of it cannot be shown, in words.

    ``asked`` holds lens, focus, as_of and known_on (YYYY-MM-DD), country, accord, sort and weak ("1" shows
    weak hints), each of which may be missing or wrong; a wrong one falls back to its default.
    """
    as_of, known_on, problems = read_clock(asked, known)
    choice = Choice(as_of=as_of, known_on=known_on, mine=known.mine)
    if "lens" in asked:
        if asked["lens"] in MAP_LENSES:
            choice = replace(choice, lens=Lens(asked["lens"]))
        else:
            listed = ", ".join(MAP_LENSES)
            problems.append(
                _(
                    "There is no view called “{asked}”. Choose one of: {listed}.",
                    asked=cut(asked["lens"]),
                    listed=listed,
                )
            )
    choice = replace(choice, weak=asked.get("weak") == "1")
    if "sort" in asked:
        if asked["sort"] in SORTS:
            choice = replace(choice, sort=asked["sort"])
        else:
            problems.append(
                _(
                    "The list cannot be sorted by “{asked}”. Choose one of: {listed}.",
                    asked=cut(asked["sort"]),
                    listed=", ".join(SORTS),
                )
            )
    borders, wrong = read_borders(asked.get("borders"))
    choice = replace(choice, borders=borders)
    problems += wrong
    for field in ("focus", "country"):
        if field in asked:
            code, unknown = _read_country(asked[field])
            problems += unknown
            if code:
                choice = (
                    replace(choice, focus=code)
                    if field == "focus"
                    else replace(choice, country=code)
                )
    if choice.lens is Lens.WORLD:
        choice = replace(choice, focus=None)
    elif choice.focus is None:
        choice = replace(choice, focus=known.find_focus(as_of))
    listed_accords = list(accords)
    choice = replace(choice, accord=listed_accords[0] if listed_accords else None)
    if "accord" in asked:
        if asked["accord"] in listed_accords:
            choice = replace(choice, accord=asked["accord"])
        else:
            problems.append(
                _(
                    "No report up to this date mentions an accord called “{asked}”.",
                    asked=cut(asked["accord"]),
                )
            )
    return choice, problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The countries of a matrix, and the field of :data:`MEMBERS` with the value that names them."""

    field: str
    value: str
    countries: tuple[CountryCode, ...]


def read_members(asked: Mapping[str, str], default: str) -> tuple[Members, list[str]]:
    """Return the countries that a URL asks for, of a group by ``default``, and what is wrong.

    ``asked`` may hold countries (codes with hyphens), neighbors (a country, which is one of them) or
    group (the code of a group).
    """
    groups = load_groups()
    fallback = Members(field="group", value=default, countries=groups[default].members)
    field = next((field for field in MEMBERS if field in asked), None)
    if field is None:
        return fallback, []
    if field == "group":
        if asked[field] in groups:
            return replace(fallback, value=asked[field], countries=groups[asked[field]].members), []
        return fallback, [
            _(
                "There is no group called “{asked}”. Choose one of: {listed}.",
                asked=cut(asked[field]),
                listed=", ".join(groups),
            )
        ]
    if field == "neighbors":
        code, problems = _read_country(asked[field])
        if code is None:
            return fallback, problems
        return Members(
            field=field, value=code, countries=(code, *load_neighbors().get(code, ()))
        ), []
    return _read_list(asked[field])


def _read_list(asked: str) -> tuple[Members, list[str]]:
    """Return the countries of a list with hyphens, no more than a matrix holds, and what is wrong."""
    found: dict[CountryCode, None] = {}
    problems: list[str] = []
    for part in asked.split("-", MOST_PARTS)[:MOST_PARTS]:
        code, wrong = _read_country(part) if part.strip() else (None, [])
        problems += wrong if len(problems) < MOST_TOLD else ()
        if code:
            found[code] = None
    countries = tuple(found)
    if len(countries) > MOST_COUNTRIES:
        problems.append(
            _(
                "A matrix shows at most {most} countries. These are the first {most}.",
                most=MOST_COUNTRIES,
            )
        )
        countries = countries[:MOST_COUNTRIES]
    return Members(field="countries", value="-".join(countries), countries=countries), problems


def write_members(field: str, value: str) -> None:
    """Put into the URL which countries a matrix has; ``field`` is one of :data:`MEMBERS`."""
    for other in MEMBERS:
        if other != field:
            st.query_params.pop(other, None)
    write_choice(field, value)


def write_choice(field: str, value: str | date | None) -> None:
    """Put one field of the choice into the URL; ``None`` takes it out.

    The two clocks go with it, so that the link shows the same when later articles have come.
    """
    clock: dict[str, date] = st.session_state.get("clock", {})
    written: dict[str, str | date] = {
        name: day for name, day in clock.items() if name not in st.query_params
    }
    if value is not None:
        written[field] = value
    _write_params(written)
    if value is None:
        st.query_params.pop(field, None)
    if field in {"country", "focus"}:
        st.query_params.pop("open", None)


def write_view(view: str) -> None:
    """Put into the URL what the map shows: ``WORLD``, the code of a focus, or ``ACCORD`` with a name."""
    for field in ("lens", "focus", "accord"):
        st.query_params.pop(field, None)
    if view == WORLD:
        write_choice("lens", Lens.WORLD)
    elif view.startswith(ACCORD):
        write_choice("lens", Lens.ACCORD)
        write_choice("accord", view.removeprefix(ACCORD))
    else:
        write_choice("focus", view)


def write_mine(mine: str | None) -> None:
    """Put into the URL which articles of the visit count, with the day and the focus that fit them."""
    for field in ("lens", "focus", "accord", "country", "as_of", "known_on"):
        st.query_params.pop(field, None)
    st.session_state.pop("clock", None)
    write_choice("mine", mine)


def write_day(day: date | None) -> None:
    """Put the day into the URL; what is known goes with it where it was the same day.

    ``None`` takes both out, so that the map is that of the newest article again.
    """
    clock: dict[str, date] = st.session_state.get("clock", {})
    if day is None:
        for name in clock:
            st.query_params.pop(name, None)
        return
    together = clock["known_on"] == clock["as_of"]
    _write_params({"as_of": day, "known_on": day if together else clock["known_on"]})


def _write_params(values: Mapping[str, str | date]) -> None:
    """Write to the URL at once, so that no half of a change is ever seen."""
    if values:
        st.query_params.update(
            {
                name: value.isoformat() if isinstance(value, date) else str(value)
                for name, value in values.items()
            }
        )


def write_query(choice: Choice) -> str:
    """Return the query of the address that shows the same map again, after later articles too."""
    fields = {field: getattr(choice, field) for field in Choice.__slots__}
    plain = {
        "weak": "1" if choice.weak else "",
        "sort": choice.sort if choice.sort != SORTS[0] else "",
    }
    return join_query(fields | plain)


def join_query(fields: Mapping[str, object]) -> str:
    """Return the query of an address from its fields, without empty ones, and with the language."""
    spoken = {} if find_language() == ENGLISH else {"lang": find_language()}
    return "?" + urlencode({name: str(value) for name, value in fields.items() if value} | spoken)


def keep_choice() -> None:
    """Remember the URL of the map, so that the menu leads back to the same view."""
    st.session_state["map_url"] = dict(st.query_params)


def keep_focus() -> None:
    """Remember the focus that another page's URL names, so that the menu leads to the map of it."""
    focus, kept = st.query_params.get("focus"), st.session_state.get("map_url", {})
    if focus and focus != kept.get("focus"):
        left = {
            name: value
            for name, value in kept.items()
            if name not in {"lens", "accord", "country", "open"}
        }
        st.session_state["map_url"] = left | {"focus": focus}


def keep_clock(**days: date) -> None:
    """Remember which days a page shows, so that the links that are made from it hold them."""
    st.session_state["clock"] = days


def hold_widget(field: str, value: object, *of: object) -> None:
    """Give a widget its value, unless it is the same widget as before and has it.

    A widget is another one on another page, and where what it is made ``of`` differs. What is given anew
    is drawn anew by the browser, though it is the same.
    """
    held: dict[str, tuple[object, ...]] = st.session_state.setdefault("held", {})
    widget = (st.session_state["page"], *of)
    if st.session_state.get(field) != value or held.get(field) != widget:
        st.session_state[field] = value
        held[field] = widget


def bind_widget(field: str, value: object) -> Callable[[], None]:
    """Give a widget its value from the choice; return what writes a change back to the URL."""
    hold_widget(field, value)
    return lambda: write_choice(field, st.session_state[field])


def read_day(asked: str | None, default: date) -> tuple[date, list[str]]:
    """Return the day that a URL asks for, or its default, and what is wrong."""
    if asked is None:
        return default, []
    day = find_day(asked)
    if day is not None:
        return day, []
    problem = _(
        "“{asked}” is not a date from {first} to {last} written as YYYY-MM-DD. The day shown is {day}.",
        asked=cut(asked),
        first=FIRST_DAY.year,
        last=LAST_DAY.year,
        day=write_date(default),
    )
    return default, [problem]


def read_clock(asked: Mapping[str, str], known: Known) -> tuple[date, date, list[str]]:
    """Return the day that a URL asks for, the day whose knowledge counts, and what is wrong.

    The first is that of the newest article unless told, the second is the first.
    """
    as_of, problems = read_day(asked.get("as_of"), find_newest(known))
    known_on, wrong = read_day(asked.get("known_on"), as_of)
    return as_of, known_on, [*problems, *wrong]


def find_newest(known: Known) -> date:
    """Return the day of the newest article, or today where there is none."""
    today = date.today()  # noqa: DTZ011 - the reader's own day
    return known.find_newest(today) or today


def read_borders(asked: str | None) -> tuple[str, list[str]]:
    """Return the view of the borders that a URL asks for, and what is wrong with it."""
    if asked is None or asked in VIEWS:
        return asked or VIEWS[0], []
    return VIEWS[0], [
        _(
            "There is no view of the borders called “{asked}”. Choose one of: {listed}.",
            asked=cut(asked),
            listed=", ".join(VIEWS),
        )
    ]


def read_pair(asked: str | None) -> tuple[Pair | None, list[str]]:
    """Return the pair that a URL asks for as two codes with a hyphen, and what is wrong with it."""
    if asked is None:
        return None, []
    parts = asked.split("-")
    if len(parts) != 2:
        problem = _(
            "“{asked}” is not a pair. Write two codes with a hyphen, such as AZE-ISR.",
            asked=cut(asked),
        )
        return None, [problem]
    (one, wrong), (other, worse) = (_read_country(part) for part in parts)
    if not one or not other:
        return None, [*wrong, *worse]
    if one == other:
        return None, [_("A pair needs two different countries.")]
    return pair_of(one, other), []


def read_country(asked: str | None) -> tuple[CountryCode | None, list[str]]:
    """Return the country that a URL asks for, ``None`` for none, and what is wrong with it."""
    return (None, []) if asked is None else _read_country(asked)


def _read_country(asked: str) -> tuple[CountryCode | None, list[str]]:
    try:
        return load_gazetteer().find_country(asked[: 4 * LONGEST_SHOWN]), []
    except UnknownCountry:
        problem = _(
            "No country is called “{asked}”. Use a three-letter code such as AZE or an "
            "English name, or choose from the list.",
            asked=cut(asked),
        )
        return None, [problem]


def find_day(text: str) -> date | None:
    """Return the day that a text is, as YYYY-MM-DD within the days that can be shown."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def cut(text: str) -> str:
    """Return a value of an address as a message shows it."""
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
