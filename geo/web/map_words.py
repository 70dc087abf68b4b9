"""A map in words and rows: its summary, its legend, its table, and all that it shows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo.languages import say as _
from geo.map.atlas import load_disputes, load_views
from geo.map.lenses import Lens, View
from geo.map.palette import FOCUS, MENTIONED, NONE
from geo.records import AccordEvidence, AccordState, CountryCode, Evidence, RelationState, State
from geo.states.settling import is_cooperative
from geo.store.queries import Basis
from geo.web.context import Context
from geo.web.country import Section, describe_pair, describe_place, find_other
from geo.web.links import check_link
from geo.web.quotes import list_evidence
from geo.web.words import (
    Head,
    Row,
    count,
    name_license,
    shorten,
    write_date,
    write_month,
    write_short,
)

# Countries that a summary names one by one in a group.
MOST_NAMED = 2
# States whose summary tells the terms.
_CONDITIONAL = frozenset({State.REFUSES, State.PLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that a map shows, for a reader who has chosen no country yet."""

    title: str
    hint: str
    groups: Sequence[tuple[str, Sequence[Section]]]


def name_mentioned(view: View, context: Context) -> View:
    """Return a view that says of which country nothing is told where another is only mentioned."""
    if view.subject is None:
        return view
    label = _("Mentioned, nothing about {name}", name=context.name_within(view.subject))
    mentioned = replace(view.swatches[MENTIONED], label=label)
    return replace(view, swatches={**view.swatches, MENTIONED: mentioned})


def write_summary(
    view: View, states: Iterable[RelationState], context: Context, *, pairs: int = 0
) -> tuple[str, str]:
    """Return what the map shows in words: its subject and what is said of it.

    ``pairs`` is how many pairs of the world have a state.
    """
    if view.lens is Lens.WORLD:
        number = count(pairs, "pair of countries", "pairs of countries")
        said = _("of {pairs}, these are the worst and the best", pairs=number) if pairs else ""
        return _("The world"), said or _("no relation found")
    said = ", ".join(_count_groups(view, states, context))
    if view.lens is Lens.ACCORD:
        return view.accord or _("No accord named"), said or _("no country's place is known")
    if view.subject is None:
        return _("No country in focus"), said or _("no relation found")
    subject = _("How countries stand toward {name}", name=context.name_within(view.subject))
    return subject, said or _("no relation found")


def _count_groups(view: View, states: Iterable[RelationState], context: Context) -> Iterator[str]:
    """Yield the countries of each value: their number, or names, refusals and pledges with terms."""
    conditions = {
        find_other(state, view.subject): condition
        for state in states
        if view.subject in state.pair and state.state in _CONDITIONAL
        for condition in [_find_condition(state)]
        if condition
    }
    groups: dict[str, list[CountryCode]] = defaultdict(list)
    for country, value in view.values.items():
        groups[value].append(country)
    is_first = True
    for code, swatch in view.swatches.items():
        countries = sorted(groups.get(code, ()), key=context.name)
        if code in {MENTIONED, NONE, FOCUS} or not countries:
            continue
        part = f"{len(countries):,}\N{NO-BREAK SPACE}{swatch.phrase}"
        if is_first:
            part = f"{count(len(countries), 'country', 'countries')} {swatch.phrase}"
        if len(countries) <= MOST_NAMED and code not in {"ties", "member"}:
            named = [
                context.name(country)
                + (f", {conditions[country]}" if country in conditions else "")
                for country in countries
            ]
            part += f" ({_(' and ').join(named)})"
        yield part
        is_first = False


def tell_basis(basis: Basis, today: date) -> str:
    """Return what a map rests on in words, with ``today`` as the reader's own day."""
    if basis.first is None or basis.last is None:
        return _("no report has been read")
    if basis.reports == 1:
        month = write_month(basis.last)
        if not basis.only:
            return _("one article of {month}, as a demonstration", month=month)
        return _(
            "one article by {outlet} of {month}, as a demonstration", outlet=basis.only, month=month
        )
    ages = {0: _("today"), 1: _("yesterday")}
    last = ages.get((today - basis.last).days) or write_date(basis.last)
    is_long = basis.first.year < basis.last.year
    return _(
        "{reports} of {outlets}, {first} to {last}",
        reports=count(basis.reports, "report"),
        outlets=count(basis.outlets, "outlet"),
        first=basis.first.year if is_long else write_date(basis.first),
        last=last,
    )


def describe_lede(
    subject: str,
    said: str,
    basis: str,
    *,
    as_of: date,
    newest: date | None,
    known_on: date | None = None,
) -> Head:
    """Return the sentence above the map, and its day with what the map rests on in words."""
    day = write_date(as_of)
    if known_on and known_on != as_of:
        day = _("{day}, as known on {known}", day=day, known=write_date(known_on))
    elif newest and as_of > newest:
        days = count((as_of - newest).days, "day")
        day = _("{day}, {days} after the newest report", day=day, days=days)
    text = _("{day}. Based on {basis}.", day=day, basis=basis)
    return Head(title=_("{subject}:", subject=subject), said=said, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """What the map says of a country that a pointer rests on: how it stands, and the quote that says so."""

    code: CountryCode
    state: str
    quote: str
    source: str


def list_told(states: Iterable[RelationState], view: View, context: Context) -> list[ToldRow]:
    """Return for each country with a state toward the subject what its tooltip says."""
    rows = []
    for state in states:
        if view.subject is None or view.subject not in state.pair:
            continue
        other = find_other(state, view.subject)
        best = state.supporting[0]
        label = context.palette.states[state.state].word
        marks = [_("contested")] if other in view.contested else []
        marks += [_("uncertain or not reported lately")] if other in view.faint else []
        toward = _("toward {name}: {label}", name=context.name_within(view.subject), label=label)
        source = f"{best.publisher or _('Publisher not known')}, {write_short(best.date_published)}"
        rows.append(
            ToldRow(
                code=other,
                state=", ".join([toward, *marks]),
                quote=shorten(best.relation.quote.exact),
                source=f"{source}, {count(state.publishers, 'source')}",
            )
        )
    return rows


def list_views() -> list[dict[str, str]]:
    """Return what each view of the borders follows, as lines of a table."""
    return [
        {
            _("View"): _(view.label),
            _("What it follows"): _(view.description),
            _("Source"): _(view.source),
        }
        for view in load_views().values()
    ]


def list_disputes(context: Context) -> list[dict[str, str]]:
    """Return every disputed area as a line of a table, where the views differ first."""
    views = load_views()
    areas = sorted(load_disputes(), key=lambda area: len({*area.owners.values()}) == 1)
    return [
        {
            _("Area"): _(area.name),
            _("Who holds and who claims it"): _(area.note),
            **{_(views[view].label): context.name(area.owners[view]) for view in views},
            _("What the second view is based on"): _(area.basis),
        }
        for area in areas
    ]


def list_values(
    view: View,
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    context: Context,
    mentions: Mapping[CountryCode, int],
) -> list[Row]:
    """Return the map as a table in the order of the legend: each country's value, and what it rests on."""
    held = {place.country: place for place in places if place.accord == view.accord}
    toward = {
        find_other(state, view.subject): state for state in states if view.subject in state.pair
    }
    order = {code: number for number, code in enumerate(view.swatches)}
    rows: list[Row] = []
    for country in sorted(
        view.values, key=lambda code: (order[view.values[code]], context.name(code))
    ):
        row: Row = {
            "Country": context.name(country),
            "Code": country,
            "Value": view.swatches[view.values[country]].label,
        }
        if view.lens is Lens.ACCORD:
            place = held.get(country)
            row |= {
                "First reported": place.since.isoformat() if place else None,
                "Quotes": len(place.supporting) + len(place.others) if place else 0,
                "Quote": place.supporting[0].place.quote.exact if place else None,
                "License": _tell_license(place.supporting[0] if place else None),
            }
        elif view.subject is not None:
            state = toward.get(country)
            row |= {
                "Contested": "yes" if country in view.contested else "",
                "Since": state.since.isoformat() if state and state.dated else None,
                "Last reported": state.reported.isoformat() if state else None,
                "Confidence": state.confidence if state else None,
                "Publishers": state.publishers if state else None,
                "Quotes": len(list_evidence(state)) if state else 0,
                "Heaviest quote": state.supporting[0].relation.quote.exact if state else None,
                "License": _tell_license(state.supporting[0] if state else None),
            }
        rows.append(row | {"Times named": mentions.get(country, 0)})
    return rows


def _tell_license(source: Evidence | AccordEvidence | None) -> str | None:
    """Return the license of a quote, whom it asks to name, and the page; ``None`` where none is told."""
    named = name_license(source.credit, source.license) if source else ""
    link = check_link(source.url) if source and named else None
    return ", ".join(filter(None, [named, link])) or None


def describe_overview(
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    view: View,
    context: Context,
    sort: str = "worst",
    *,
    opened: str | None = None,
) -> Overview:
    """Return everything that a view shows, closed but for the pair that is ``opened``.

    ``sort`` is one of ``geo.web.address.SORTS``.
    """
    title = _("All on this map")
    groups: list[tuple[str, list[Section]]]
    match view.lens:
        case Lens.ACCORD:
            groups = [("", _list_places(places, view, context))]
        case Lens.WORLD:
            title = _("The worst and the best")
            groups = _list_sides(states, context, opened)
        case _:
            groups = [("", _list_pairs(states, view, context, sort, opened))]
    is_empty = not any(sections for _title, sections in groups)
    return Overview(title=title, hint=_hint(view, context, is_empty=is_empty), groups=groups)


def _hint(view: View, context: Context, *, is_empty: bool) -> str:
    if is_empty and view.subject:
        return _(
            "No report up to this day says how any country stands toward {name}. Choose "
            "another focus, or a country above.",
            name=context.name_within(view.subject),
        )
    if is_empty:
        return _("There is nothing to show up to this day.")
    if context.root:
        return _("Click a country on the map to open its quotes.")
    return _("Click a country, or choose one above, to read what the news says about it.")


def _list_pairs(
    states: Iterable[RelationState],
    view: View,
    context: Context,
    sort: str,
    opened: str | None,
) -> list[Section]:
    toward = [state for state in states if view.subject in state.pair]
    toward.sort(key=lambda state: context.name(find_other(state, view.subject)))
    if sort == "worst":
        toward.sort(key=lambda state: context.palette.states[state.state].order)
    elif sort == "told":
        toward.sort(key=lambda state: -len(list_evidence(state)))
    return [
        describe_pair(
            state, context, seen_from=view.subject, is_open="-".join(state.pair) == opened
        )
        for state in toward
    ]


def _list_sides(
    states: Iterable[RelationState], context: Context, opened: str | None
) -> list[tuple[str, list[Section]]]:
    """Return the worst pairs and the best, in the order in which they come."""
    sides: tuple[list[Section], list[Section]] = ([], [])
    for state in states:
        is_open = "-".join(state.pair) == opened
        sides[is_cooperative(state.state)].append(describe_pair(state, context, is_open=is_open))
    titled = ((_("Worst"), sides[0]), (_("Best"), sides[1]))
    return [(title, side) for title, side in titled if side]


def _list_places(places: Iterable[AccordState], view: View, context: Context) -> list[Section]:
    held = [place for place in places if place.accord == view.accord]
    held.sort(
        key=lambda place: (context.palette.places[place.place].order, context.name(place.country))
    )
    return [describe_place(place, context, by_country=True, is_open=False) for place in held]


def _find_condition(state: RelationState) -> str | None:
    return next(
        (
            evidence.relation.condition
            for evidence in state.supporting
            if evidence.relation.condition
        ),
        None,
    )
