"""Lenses: which value each country has on the map, from the states, places and mentions as of a date.

``focus`` shows how each country stands toward one, ``mentions`` how often each is named, ``accord``
each country's place in one named pact, ``change`` what became of how each stands between two days. A
value is the code of a swatch of :mod:`geo.palette`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from geo.palette import FOCUS, MENTIONED, NONE, Palette, Swatch
from geo.records import (
    AccordState,
    CountryCode,
    Evidence,
    Extraction,
    Modality,
    Pair,
    State,
)


class Lens(StrEnum):
    """Name what the colors of the map tell."""

    FOCUS = "focus"
    MENTIONS = "mentions"
    ACCORD = "accord"
    CHANGE = "change"


# What the map's own page offers; changes have a page for their two days.
MAP_LENSES = (Lens.FOCUS, Lens.ACCORD, Lens.MENTIONS)


class Sift(StrEnum):
    """Name which evidence the map counts: all, what the text asserts, or what was surely read."""

    ALL = "all"
    ASSERTED = "asserted"
    SURE = "sure"


# The confidence from which a relation counts as surely read.
SURE_CONFIDENCE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Hold what a map shows: a swatch code for each country that has a value, and the swatches.

    ``subject`` is the focus of the lens ``focus``, else ``None``; ``accord`` the pact of the lens
    ``accord``, else ``None``.
    """

    lens: Lens
    values: Mapping[CountryCode, str]
    swatches: Mapping[str, Swatch]
    subject: CountryCode | None = None
    accord: str | None = None

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
            counts.update(each.country for each in extraction.mentions if each.counted)
    return counts


def sift_evidence(evidence: Iterable[Evidence], sift: Sift) -> tuple[Evidence, ...]:
    """Return the evidence that a sift lets through, in its order."""
    return tuple(
        each
        for each in evidence
        if sift is Sift.ALL
        or (
            each.relation.modality is Modality.ASSERTED
            and (sift is Sift.ASSERTED or each.relation.confidence >= SURE_CONFIDENCE)
        )
    )


def find_focus(evidence: Iterable[Evidence]) -> CountryCode | None:
    """Return the country in most relations, the first by code where several are; ``None`` for none."""
    counts: Counter[CountryCode] = Counter()
    for each in evidence:
        counts.update(each.relation.pair)
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


def view_mentions(mentions: Mapping[CountryCode, int], palette: Palette) -> View:
    """Return the view in which each country has a step for how often it is named."""
    swatches = {**palette.counts, NONE: palette.states[NONE]}
    values = {code: palette.grade_count(count) for code, count in mentions.items() if count}
    return View(lens=Lens.MENTIONS, values=values, swatches=swatches)


def view_accord(
    places: Iterable[AccordState],
    mentions: Mapping[CountryCode, int],
    palette: Palette,
    accord: str | None,
) -> View:
    """Return the view in which each country has its place in one accord."""
    values = dict.fromkeys(mentions, MENTIONED)
    values.update({each.country: each.place.value for each in places if each.accord == accord})
    return View(lens=Lens.ACCORD, values=values, swatches=palette.places, accord=accord)


def list_accords(places: Iterable[AccordState]) -> Sequence[str]:
    """Return the accords that have a place, those with most countries first, then by name."""
    counts = Counter(each.accord for each in places)
    return sorted(counts, key=lambda name: (-counts[name], name))
