"""Accords: each country's place in a named pact, over time."""

from datetime import date, timedelta

import pytest

from geo.records import AccordEvidence, AccordPlace, CountryCode, Modality, Place, Quote
from geo.states.accords import settle_accords

DAY = date(2024, 3, 1)


def make(place: Place, days: int = 0, modality: Modality = Modality.ASSERTED) -> AccordEvidence:
    return AccordEvidence(
        place=AccordPlace(
            article_id=f"{place.value}{days}",
            accord="Harbor Pact",
            country=CountryCode("NOR"),
            place=place,
            modality=modality,
            condition=None,
            confidence=0.8,
            cue="cue",
            rule="test",
            quote=Quote(exact="words", start_char=0, end_char=5),
        ),
        date_published=DAY + timedelta(days=days),
        publisher=None,
    )


@pytest.mark.parametrize(
    ("evidence", "place"),
    [
        ([make(Place.SPONSOR), make(Place.MEMBER)], Place.MEMBER),
        ([make(Place.MEMBER), make(Place.LEFT, 9)], Place.LEFT),
        ([make(Place.LEFT), make(Place.MEMBER, 9)], Place.MEMBER),
        ([make(Place.MEMBER), make(Place.LEFT)], Place.MEMBER),
        ([make(Place.APPROACHED), make(Place.JOINING)], Place.JOINING),
        ([make(Place.APPROACHED), make(Place.MEMBER, 0, Modality.POSSIBLE)], Place.APPROACHED),
        ([make(Place.JOINING, 0, Modality.POSSIBLE)], Place.JOINING),
    ],
)
def test_places_settle_by_rank_and_membership_by_date(
    evidence: list[AccordEvidence], place: Place
) -> None:
    for order in (evidence, evidence[::-1]):
        (state,) = settle_accords(order, as_of=DAY + timedelta(days=30))
        assert state.place is place
        assert len(state.supporting) + len(state.others) == len(evidence)


def test_what_is_denied_past_or_later_gives_no_place() -> None:
    aside = [make(Place.MEMBER, 0, Modality.DENIED), make(Place.MEMBER, 0, Modality.PAST)]
    assert settle_accords(aside, as_of=DAY) == ()
    assert settle_accords([make(Place.MEMBER, 1)], as_of=DAY) == ()
