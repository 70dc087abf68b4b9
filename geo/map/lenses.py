"""Lenses: which value each country has on the map, from the states, places and mentions as of a date.

``focus`` shows how each country stands toward one, ``accord`` each country's place in one named pact,
``pair`` two countries alone, ``change`` what became of how each stands between two days. A value is the
code of a swatch of :mod:`geo.map.palette`.
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


class Lens(StrEnum):
    """What the colors of the map tell."""

    FOCUS = "focus"
    ACCORD = "accord"
    CHANGE = "change"
    PAIR = "pair"


# What the map's own page offers; changes and pairs have pages of their own.
MAP_LENSES = (Lens.FOCUS, Lens.ACCORD)


class Sift(StrEnum):
    """Which evidence the map counts: all, what the text asserts, or what was surely read."""

    ALL = "all"
    ASSERTED = "asserted"
    SURE = "sure"


# The confidence from which a relation counts as surely read.
SURE_CONFIDENCE = 0.8
# The confidence of a state below which its color is lighter.
FAINT_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a map shows: a swatch code for each country that has a value, and the swatches.

    ``subject`` is the focus of the lens ``focus``, else ``None``; ``accord`` the pact of the lens
    ``accord``, else ``None``.
    """

    lens: Lens
    values: Mapping[CountryCode, str]
    swatches: Mapping[str, Swatch]
    subject: CountryCode | None = None
    accord: str | None = None
    contested: frozenset[CountryCode] = frozenset()
    faint: frozenset[CountryCode] = frozenset()

    def find_value(self, country: CountryCode) -> str:
        """Return the swatch code of a country, ``focus`` for the subject, ``none`` without a value."""
        return FOCUS if country == self.subject else self.values.get(country, NONE)

    def count_values(self) -> Mapping[str, int]:
        """Return how many countries have each value, leaving the subject out."""
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


def find_focus(evidence: Iterable[Evidence]) -> CountryCode | None:
    """Return the country in most relations, the first by code where several are; ``None`` for none."""
    counts: Counter[CountryCode] = Counter()
    for held in evidence:
        counts.update(held.relation.pair)
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


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


def mark_view(view: View, states: Iterable[RelationState], contested: Iterable[Pair]) -> View:
    """Return a view with what is contested or told faintly toward its subject marked."""

    def toward(pair: Pair) -> list[CountryCode]:
        return [code for code in pair if code != view.subject] if view.subject in pair else []

    return replace(
        view,
        contested=frozenset(code for pair in contested for code in toward(pair)),
        faint=frozenset(
            code
            for state in states
            if state.confidence < FAINT_CONFIDENCE
            for code in toward(state.pair)
        ),
    )


def list_arcs(
    states: Iterable[RelationState], country: CountryCode | None
) -> dict[CountryCode, str]:
    """Return how each other country stands toward one."""
    return {
        other if one == country else one: state.state.value
        for state in states
        for one, other in [state.pair]
        if country in state.pair
    }


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
        faint=frozenset(pair if state and state.confidence < FAINT_CONFIDENCE else ()),
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
