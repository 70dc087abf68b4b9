"""A country as rows: each pair with its quotes, its places in accords, and where it is named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.languages import say as _
from geo.map.lenses import Lens, View, is_pale
from geo.map.palette import Swatch
from geo.records import (
    AccordState,
    CountryCode,
    Evidence,
    RelationState,
)
from geo.states.ledger import trace_place
from geo.states.settling import Weighed, is_cooperative
from geo.store.queries import Namings
from geo.web.context import Context
from geo.web.quotes import (
    MentionRows,
    QuoteGroup,
    QuoteRow,
    describe_mentions,
    describe_place_quote,
    describe_quote,
    group_quotes,
    weigh_quotes,
)
from geo.web.sentences import write_place, write_state
from geo.web.timeline import Years
from geo.web.words import count, end_sentence, explain_reason, write_date, write_time

# Pairs of a country that are open at first, and how many may be open all together.
OPEN_AT_FIRST, MOST_OPEN = 3, 6
# How the chip is drawn of what the map draws paler.
PALE = "pale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A pair or a place in an accord: what it is, why, and every quote for, against and set aside.

    ``best`` is the quote that is shown first, ``rival`` the best one of the other side where the pair is
    contested; ``data`` are the attributes by which the page's scripts find it.
    """

    data: Mapping[str, str]
    title: str
    label: str
    swatch: Swatch
    is_open: bool
    sentence: str
    facts: Sequence[str]
    rule: str
    groups: Sequence[QuoteGroup]
    tone: str = ""
    best: QuoteRow | None = None
    contested: str = ""
    rival: QuoteRow | None = None
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
    tone: str
    sections: Sequence[Section]
    note: str
    mentions: MentionRows | None
    years: Years | None = None


def describe_country(
    country: CountryCode,
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    mentions: Namings,
    view: View,
    context: Context,
    *,
    opened: str | None = None,
    years: Years | None = None,
) -> CountryRows:
    """Return all that is known of a country, its pair with the focus first.

    ``opened`` is a pair, two codes with a hyphen, whose quotes are open from the start, ``years`` how its
    pairs stood before.
    """
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
            is_open=number < OPEN_AT_FIRST
            or len(own) <= MOST_OPEN
            or "-".join(state.pair) == opened,
        )
        for number, state in enumerate(own)
    ]
    sections = [*accords, *pairs] if view.lens is Lens.ACCORD else [*pairs, *accords]
    note = ""
    if not sections:
        note = _(
            "Reports mention this country, but none says how it stands toward another."
            if mentions.times
            else "No article up to this date mentions this country. That says nothing about where it stands."
        )
    return CountryRows(
        code=country,
        name=context.name(country),
        years=years,
        label=_label_country(country, own, held, view, context),
        swatch=view.swatches[view.find_value(country)],
        tone=PALE if country in view.faint else "",
        sections=sections,
        note=note,
        mentions=describe_mentions(mentions, context, is_open=not sections)
        if mentions.times
        else None,
    )


def _label_country(
    country: CountryCode,
    own: Iterable[RelationState],
    held: Iterable[AccordState],
    view: View,
    context: Context,
) -> str:
    """Return as a sentence what the color of a country on the map says."""
    if view.lens is Lens.ACCORD:
        for place in held:
            if place.accord == view.accord:
                return end_sentence(write_place(place, context))
    elif country != view.subject:
        for state in own:
            if view.subject in state.pair:
                return end_sentence(write_state(state, context, seen_from=country))
    return view.swatches[view.find_value(country)].label


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
    contested, rival = "", find_rival(state)
    if rival:
        word = context.palette.states[rival.relation.state].word
        contested = _("Contested: other reports say {rival}", rival=word)
    weighed = weigh_quotes(state)
    others = [evidence for evidence in state.opposing if evidence is not rival]
    pair = "-".join(state.pair)
    return Section(
        data={"data-pair": pair, "data-countries": pair},
        title=f"{context.name(one)} – {context.name(other)}",
        label=swatch.label,
        swatch=swatch,
        is_open=is_open,
        sentence=end_sentence(write_state(state, context, seen_from=seen_from)),
        facts=[
            write_time(state),
            _("{quotes} for it", quotes=count(len(state.supporting), "quote")),
            count(state.publishers, "independent source"),
        ],
        rule=_(state.rule),
        groups=[
            group_quotes(title, group, state, context, weighed)
            for title, group in (
                (_("More quotes"), state.supporting[1:]),
                (_("These say otherwise"), others),
                (_("Set aside"), _show_aside(state, context, weighed)),
            )
            if group
        ],
        tone=PALE if is_pale(state) else "",
        best=describe_quote(
            state.supporting[0],
            context,
            weighed=weighed.get(state.supporting[0].relation.id),
        ),
        contested=contested,
        rival=describe_quote(rival, context, with_state=True) if rival else None,
        reason=explain_reason(state),
        link=context.link_pair(state) if context.link_pair else "",
    )


def find_rival(state: RelationState) -> Evidence | None:
    """Return the best quote of the other side, conflict or cooperation, of a contested pair."""
    if not state.contested:
        return None
    side = is_cooperative(state.state)
    return next(
        (
            evidence
            for evidence in state.opposing
            if is_cooperative(evidence.relation.state) is not side
        ),
        None,
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
        sentence=end_sentence(write_place(state, context)),
        facts=[
            write_time(state),
            _("{quotes} for it", quotes=count(len(state.supporting), "quote")),
        ],
        rule=_(state.rule),
        best=describe_place_quote(state.supporting[0], state, context),
        groups=[
            QuoteGroup(title, [describe_place_quote(place, state, context) for place in group])
            for title, group in (
                (_("More quotes"), state.supporting[1:]),
                (_("Other quotes"), state.others),
            )
            if group
        ],
        before=_("Before: {told}", told=_(", then ").join(before)) if before else "",
    )


def find_other(state: RelationState, country: CountryCode | None) -> CountryCode:
    """Return the other country of a pair."""
    one, other = state.pair
    return other if one == country else one
