"""Accords: each country's place in a named pact, from sentences and over time."""

from datetime import date, timedelta

import pytest

from geo.accords import settle_accords
from geo.edition import extract_article
from geo.records import AccordEvidence, AccordPlace, Article, CountryCode, Modality, Place, Quote

DAY = date(2024, 3, 1)


def read(text: str) -> set[str]:
    extraction = extract_article(Article(id="test", text=text, date_published=DAY))
    return {
        f"{each.country} {each.place.value} {each.modality.value}" for each in extraction.accords
    }


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        (
            "Norway and Sweden signed the Harbor Treaty.",
            {"NOR member asserted", "SWE member asserted"},
        ),
        (
            "The Harbor Treaty was signed by Norway and Sweden.",
            {"NOR member asserted", "SWE member asserted"},
        ),
        ("Norway plans to join the Harbor Pact.", {"NOR pledged asserted"}),
        ("Norway will sign the Harbor Treaty.", {"NOR pledged asserted"}),
        ("Norway refused to sign the Harbor Treaty.", {"NOR refuses asserted"}),
        ("Norway will not join the Harbor Pact.", {"NOR refuses asserted"}),
        ("Norway may join the Harbor Pact.", {"NOR joining possible"}),
        ("Norway is joining the Harbor Pact.", {"NOR joining asserted"}),
        ("Norway threatened to leave the Harbor Pact.", {"NOR left possible"}),
        ("Norway has left the Harbor Pact.", {"NOR left asserted"}),
        ("Ministers of Norway met on the day of the Harbor Treaty.", set()),
        ("Norway praised the Harbor Treaty.", set()),
        ("The Norwegian firm signed the Harbor Treaty.", set()),
    ],
)
def test_sentence_tells_the_place(sentence: str, places: set[str]) -> None:
    assert read(sentence) == places


def test_a_region_does_not_say_which_of_its_countries_joined() -> None:
    assert read("Central Asian nations joined the Harbor Pact.") == set()


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
