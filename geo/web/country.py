"""A country as rows: each pair with its quotes, its places in accords, and where it is named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.languages import say as _
from geo.map.lenses import Lens, View
from geo.map.palette import FOCUS, MENTIONED, NONE, Swatch
from geo.records import (
    AccordState,
    CountryCode,
    Evidence,
    RelationState,
)
from geo.states.ledger import trace_place
from geo.states.settling import Weighed
from geo.store.queries import Namings
from geo.web.context import Context
from geo.web.quotes import (
    MentionRows,
    QuoteGroup,
    describe_mentions,
    describe_place_quote,
    group_quotes,
    weigh_quotes,
)
from geo.web.words import count, explain_reason, write_date, write_time

# Pairs of a country that are open at first, and how many may be open all together.
OPEN_AT_FIRST, MOST_OPEN = 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A pair or a place in an accord: what it is, why, and every quote for, against and set aside.

    ``data`` are the attributes by which the page's scripts find it.
    """

    data: Mapping[str, str]
    title: str
    label: str
    swatch: Swatch
    is_open: bool
    facts: Sequence[str]
    rule: str
    groups: Sequence[QuoteGroup]
    contested: str = ""
    before: str = ""
    reason: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRows:
    """All that is known of a country; ``note`` says why where that is nothing."""

    code: CountryCode
    name: str
    label: str
    swatch: Swatch
    sections: Sequence[Section]
    note: str
    mentions: MentionRows | None


def describe_country(
    country: CountryCode,
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    mentions: Namings,
    view: View,
    context: Context,
) -> CountryRows:
    """Return all that is known of a country, its pair with the focus first."""
    own = [state for state in states if country in state.pair]
    own.sort(
        key=lambda state: (
            view.subject not in state.pair,
            context.palette.states[state.state].order,
            context.name(find_other(state, country)),
        )
    )
    held = sorted(
        (place for place in places if place.country == country),
        key=lambda place: (place.accord != view.accord, place.accord),
    )
    accords = [describe_place(place, context) for place in held]
    pairs = [
        describe_pair(
            state,
            context,
            seen_from=country,
            is_open=number < OPEN_AT_FIRST or len(own) <= MOST_OPEN,
        )
        for number, state in enumerate(own)
    ]
    sections = [*accords, *pairs] if view.lens is Lens.ACCORD else [*pairs, *accords]
    note = ""
    if not sections:
        note = _(
            "The news names this country, and no sentence was found that says how it stands "
            "toward another."
            if mentions.times
            else "No article read up to this date names this country. That says nothing "
            "about how it stands."
        )
    return CountryRows(
        code=country,
        name=context.name(country),
        label=_label_country(country, view, context),
        swatch=view.swatches[view.find_value(country)],
        sections=sections,
        note=note,
        mentions=describe_mentions(mentions, context, is_open=not sections)
        if mentions.times
        else None,
    )


def _label_country(country: CountryCode, view: View, context: Context) -> str:
    """Return in words what the color of a country on the map says."""
    value = view.find_value(country)
    label = view.swatches[value].label
    if view.subject is not None and value not in {FOCUS, NONE, MENTIONED}:
        return _("{label}, toward {name}", label=label, name=context.name(view.subject))
    if view.lens is Lens.ACCORD and value not in {MENTIONED, NONE}:
        return f"{label}, {view.accord}"
    return label


def describe_pair(
    state: RelationState,
    context: Context,
    *,
    seen_from: CountryCode | None = None,
    is_open: bool = True,
) -> Section:
    """Return a pair: its state, how that was settled, and every quote for, against and set aside."""
    one, other = state.pair
    if seen_from == other:
        one, other = other, one
    swatch = context.palette.states[state.state]
    contested = _("Contested") if state.contested else ""
    if state.contested and state.runner_up:
        rival = context.palette.states[state.runner_up].word
        contested = _("Contested; others say {rival}", rival=rival)
    weighed = weigh_quotes(state)
    pair = "-".join(state.pair)
    return Section(
        data={"data-pair": pair, "data-countries": pair},
        title=f"{context.name(one)} – {context.name(other)}",
        label=swatch.label,
        swatch=swatch,
        is_open=is_open,
        facts=[
            write_time(state),
            _("{quotes} for it", quotes=count(len(state.supporting), "quote")),
            count(state.publishers, "publisher"),
        ],
        rule=_(state.rule),
        groups=[
            group_quotes(title, group, state, context, weighed)
            for title, group in (
                ("", state.supporting),
                (_("These say otherwise"), state.opposing),
                (_("Set aside"), _show_aside(state, context, weighed)),
            )
            if group
        ],
        contested=contested,
        reason=explain_reason(state),
        link=context.link_pair(state) if context.link_pair else "",
    )


def _show_aside(
    state: RelationState, context: Context, weighed: Mapping[str, Weighed]
) -> list[Evidence]:
    """Return what the rules leave out; weak hints only where the reader asked for them."""
    return [
        evidence
        for evidence in state.aside
        if context.with_weak or weighed[evidence.relation.id].rule != "weak hint"
    ]


def describe_place(
    state: AccordState, context: Context, *, by_country: bool = False, is_open: bool = True
) -> Section:
    """Return a country's place in an accord with its quotes, under the name of one or the other."""
    swatch = context.palette.places[state.place]
    before = [
        _(
            "{label} from {day}",
            label=context.palette.places[interval.value].label,
            day=write_date(interval.since),
        )
        for interval in trace_place(state)[:-1]
        if interval.value
    ]
    return Section(
        data={"data-accord": state.accord, "data-countries": state.country},
        title=context.name(state.country) if by_country else state.accord,
        label=swatch.label,
        swatch=swatch,
        is_open=is_open,
        facts=[
            write_time(state),
            _("{quotes} for it", quotes=count(len(state.supporting), "quote")),
        ],
        rule=_(state.rule),
        groups=[
            QuoteGroup(title, [describe_place_quote(place, state, context) for place in group])
            for title, group in (("", state.supporting), (_("Other quotes"), state.others))
            if group
        ],
        before=_("Before: {told}", told=_(", then ").join(before)) if before else "",
    )


def find_other(state: RelationState, country: CountryCode | None) -> CountryCode:
    """Return the other country of a pair."""
    one, other = state.pair
    return other if one == country else one
