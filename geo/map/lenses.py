"""Lenses: which value each country has on the map, from the states and places as of a date.

``focus`` shows how each country stands toward one, ``world`` the worst and the best pairs as lines,
``accord`` each country's place in one named pact, ``pair`` two countries alone, ``change`` what became of
how each stands between two days. A value is the code of a swatch of :mod:`geo.map.palette`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from geo.map.palette import FOCUS, MENTIONED, NONE, Palette, Swatch
from geo.records import (
    AccordState,
    CountryCode,
    Evidence,
    Extraction,
    Modality,
    Pair,
    RelationState,
    State,
)
from geo.states.rules import RECENT, WEAK, is_cooperative


class Lens(StrEnum):
    """What the colors of the map tell."""

    FOCUS = "focus"
    WORLD = "world"
    ACCORD = "accord"
    CHANGE = "change"
    PAIR = "pair"


# What the map's own page offers; changes and pairs have pages of their own.
MAP_LENSES = (Lens.FOCUS, Lens.WORLD, Lens.ACCORD)


class Sift(StrEnum):
    """Which evidence the map counts: all, what the text asserts, or what was surely read."""

    ALL = "all"
    ASSERTED = "asserted"
    SURE = "sure"


# The confidence from which a relation counts as surely read.
SURE_CONFIDENCE = 0.8
# The confidence of a state below which its color is lighter.
FAINT_CONFIDENCE = 0.5
# Pairs that the view of the world draws from either end.
WORST_PAIRS, BEST_PAIRS = 15, 10

# A line on the map: two countries, and the state in which they stand.
Line = tuple[CountryCode, CountryCode, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a map shows: a swatch code for each country that has a value, and the swatches.

    ``subject`` is the focus of the lens ``focus``, else ``None``; ``accord`` the pact of the lens
    ``accord``, else ``None``; ``lines`` are the pairs of the lens ``world``.
    """

    lens: Lens
    values: Mapping[CountryCode, str]
    swatches: Mapping[str, Swatch]
    subject: CountryCode | None = None
    accord: str | None = None
    lines: Sequence[Line] = ()
    contested: frozenset[CountryCode] = frozenset()
    faint: frozenset[CountryCode] = frozenset()

    def find_value(self, country: CountryCode) -> str:
        """Return the swatch code of a country, ``focus`` for the subject, ``none`` without a value."""
        return FOCUS if country == self.subject else self.values.get(country, NONE)

    def count_values(self) -> Mapping[str, int]:
        """Return how many countries have each value, leaving the subject out; of the world how many lines."""
        if self.lens is Lens.WORLD:
            return Counter(value for _, _, value in self.lines)
        return Counter(value for country, value in self.values.items() if country != self.subject)


def count_mentions(extractions: Iterable[Extraction], *, as_of: date) -> Mapping[CountryCode, int]:
    """Return how often each country is named in articles published on or before a date.

    Mentions inside the name of a company, team or law are not counted, nor are articles without a date.
    """
    counts: Counter[CountryCode] = Counter()
    for extraction in extractions:
        published = extraction.article.date_published
        if published is not None and published <= as_of:
            counts.update(mention.country for mention in extraction.mentions if mention.counted)
    return counts


def sift_evidence(evidence: Iterable[Evidence], sift: Sift) -> tuple[Evidence, ...]:
    """Return the evidence that a sift lets through, in its order."""
    return tuple(
        held
        for held in evidence
        if sift is Sift.ALL
        or (
            held.relation.modality is Modality.ASSERTED
            and (sift is Sift.ASSERTED or held.relation.confidence >= SURE_CONFIDENCE)
        )
    )


def find_focus(evidence: Iterable[Evidence], as_of: date | None = None) -> CountryCode | None:
    """Return the country that opens: of those in the gravest state of the last weeks the most told.

    What is not asserted, or is a weak hint, opens nothing. The last weeks end on ``as_of``, or with the
    newest evidence before it; of equals the one in more relations goes first, then the first by code.
    """
    held = [one for one in evidence if as_of is None or one.date_published <= as_of]
    last = max((one.date_published for one in held), default=date.min).toordinal()
    told: dict[State, Counter[CountryCode]] = {state: Counter() for state in State}
    named: Counter[CountryCode] = Counter()
    for one in held:
        named.update(one.relation.pair)
        is_firm = one.relation.modality is Modality.ASSERTED and one.relation.confidence >= WEAK
        if is_firm and last - one.date_published.toordinal() <= RECENT:
            told[one.relation.state].update(one.relation.pair)
    counts = next((counter for counter in told.values() if counter), named)
    return min(counts, key=lambda code: (-counts[code], -named[code], code)) if counts else None


def rank_pairs(
    states: Mapping[Pair, State], told: Mapping[Pair, int]
) -> tuple[Sequence[Pair], Sequence[Pair]]:
    """Return the worst pairs and the best, each side from its end; of one state the most told first."""
    order = {state: place for place, state in enumerate(State)}
    sides: tuple[list[Pair], list[Pair]] = ([], [])
    for pair, state in states.items():
        sides[is_cooperative(state)].append(pair)
    worst = sorted(sides[0], key=lambda pair: (order[states[pair]], -told.get(pair, 0), pair))
    best = sorted(sides[1], key=lambda pair: (-order[states[pair]], -told.get(pair, 0), pair))
    return worst[:WORST_PAIRS], best[:BEST_PAIRS]


def view_world(states: Mapping[Pair, State], pairs: Iterable[Pair], palette: Palette) -> View:
    """Return the view in which some pairs are lines; no country has a color of its own."""
    lines = [(*pair, states[pair].value) for pair in pairs]
    return View(lens=Lens.WORLD, values={}, swatches=palette.states, lines=lines)


def view_focus(
    states: Mapping[Pair, State],
    mentions: Mapping[CountryCode, int],
    palette: Palette,
    focus: CountryCode | None,
) -> View:
    """Return the view in which each country has its state toward the focus."""
    values = dict.fromkeys(mentions, MENTIONED)
    for (one, other), state in states.items():
        if focus in (one, other):
            values[other if one == focus else one] = state.value
    if focus is not None:
        values.pop(focus, None)
    return View(lens=Lens.FOCUS, values=values, swatches=palette.states, subject=focus)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pair stands, in as much as a cell of a matrix shows: ``pale`` where the map draws it paler."""

    state: State
    contested: bool
    pale: bool


def is_pale(state: RelationState) -> bool:
    """Say whether a state is drawn paler: it rests on little, or nobody has told of it for long."""
    return state.aged or state.confidence < FAINT_CONFIDENCE


def mark_view(view: View, states: Iterable[RelationState], contested: Iterable[Pair]) -> View:
    """Return a view with what is contested or told faintly toward its subject marked."""

    def toward(pair: Pair) -> list[CountryCode]:
        return [code for code in pair if code != view.subject] if view.subject in pair else []

    return replace(
        view,
        contested=frozenset(code for pair in contested for code in toward(pair)),
        faint=frozenset(code for state in states if is_pale(state) for code in toward(state.pair)),
    )


def list_lines(states: Iterable[RelationState], country: CountryCode | None) -> list[Line]:
    """Return how one country and each other stand toward each other, as lines from the one."""
    return [
        (one, other, state.state.value) if one == country else (other, one, state.state.value)
        for state in states
        for one, other in [state.pair]
        if country in state.pair
    ]


def view_changes(
    turns: Mapping[CountryCode, str],
    mentions: Mapping[CountryCode, int],
    palette: Palette,
    focus: CountryCode | None,
) -> View:
    """Return the view in which each country has what became of its state toward the focus."""
    values = {**dict.fromkeys(mentions, MENTIONED), **turns}
    if focus is not None:
        values.pop(focus, None)
    return View(lens=Lens.CHANGE, values=values, swatches=palette.changes, subject=focus)


def view_pair(pair: Pair, state: RelationState | None, palette: Palette) -> View:
    """Return the view of two countries alone."""
    value = state.state.value if state else NONE
    return View(
        lens=Lens.PAIR,
        values=dict.fromkeys(pair, value),
        swatches=palette.states,
        contested=frozenset(pair if state and state.contested else ()),
        faint=frozenset(pair if state and is_pale(state) else ()),
    )


def view_accord(
    places: Iterable[AccordState],
    mentions: Mapping[CountryCode, int],
    palette: Palette,
    accord: str | None,
) -> View:
    """Return the view in which each country has its place in one accord."""
    values = dict.fromkeys(mentions, MENTIONED)
    values.update({place.country: place.place.value for place in places if place.accord == accord})
    return View(lens=Lens.ACCORD, values=values, swatches=palette.places, accord=accord)


def list_accords(places: Iterable[AccordState]) -> Sequence[str]:
    """Return the accords that have a place, those with most countries first, then by name."""
    counts = Counter(place.accord for place in places)
    return sorted(counts, key=lambda name: (-counts[name], name))
