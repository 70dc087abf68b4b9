"""Documents: real text is counted by pair and state of a document, and confidence against the labels."""

from dataclasses import replace

import pytest
from readings import LABEL, TEXT, count, make_extraction, make_relation

from geo.records import (
    Article,
    CountryCode,
    Extraction,
    Mention,
    MentionKind,
    Modality,
    Relation,
    State,
)
from geo.tools.documents import (
    Bin,
    Read,
    measure_reliability,
    score_agreement,
    score_documents,
    write_curve,
)
from geo.tools.gold import GoldArticle, RelationLabel

TIES = make_relation("NOR", "SWE", State.TIES)


def read(labels: list[RelationLabel], relations: list[Relation]) -> Read:
    gold = GoldArticle(article=Article(id="a", text=TEXT), relations=tuple(labels))
    return gold, make_extraction(*relations)


def test_a_label_counts_once_for_each_pair_and_state() -> None:
    scores = score_documents([read([LABEL, LABEL], [TIES, replace(TIES, id="other"), TIES])])
    assert count(scores.tally("pair and state")) == (1, 0, 0)
    assert count(scores.tally("pair")) == (1, 0, 0)
    assert count(scores.tally("state ties")) == (1, 0, 0)


def test_an_optional_label_is_neither_asked_for_nor_held_against() -> None:
    optional = replace(LABEL, optional=True)
    for relations in ([], [TIES]):
        scores = score_documents([read([optional], relations)])
        for measure in ("pair", "pair and state", "state ties"):
            assert count(scores.tally(measure)) == (0, 0, 0)
        assert "silent where nothing is said" not in scores.shares


def test_another_state_of_the_pair_is_wrong_and_told_as_confused() -> None:
    talks = make_relation("NOR", "SWE", State.TALKS)
    scores = score_documents([read([LABEL], [talks])])
    assert count(scores.tally("pair")) == (1, 0, 0)
    assert count(scores.tally("pair and state")) == (0, 1, 1)
    assert count(scores.tally("state talks")) == (0, 1, 0)
    assert count(scores.tally("state ties")) == (0, 0, 1)
    assert scores.confused == {(State.TIES, State.TALKS): 1}


def test_what_is_denied_takes_no_part() -> None:
    denied = replace(LABEL, modality=Modality.DENIED)
    said = replace(TIES, modality=Modality.DENIED)
    scores = score_documents([read([denied], [said])])
    assert count(scores.tally("pair")) == (0, 0, 0)
    assert count(scores.shares["silent where nothing is said"]) == (1, 0, 0)


def test_silence_is_kept_or_broken() -> None:
    scores = score_documents([read([], []), read([], [TIES])])
    assert count(scores.shares["silent where nothing is said"]) == (1, 1, 0)
    assert count(scores.tally("pair")) == (0, 1, 0)


def test_modality_and_direction_are_shares_of_what_is_matched() -> None:
    label = replace(LABEL, directed=True)
    back = make_relation("SWE", "NOR", State.TIES, modality=Modality.POSSIBLE)
    scores = score_documents([read([label], [TIES, back])])
    assert count(scores.shares["modality"]) == (1, 1, 0)
    assert count(scores.shares["direction"]) == (1, 1, 0)
    assert "direction" not in score_documents([read([LABEL], [TIES])]).shares


def test_countries_are_counted_without_the_optional_ones() -> None:
    codes = [CountryCode(code) for code in ("NOR", "SWE", "FIN", "GBR")]
    gold = GoldArticle(
        article=Article(id="a", text=TEXT),
        countries=frozenset({codes[0], CountryCode("PER")}),
        optional_countries=frozenset({codes[1]}),
    )
    mentions = tuple(
        Mention(
            country=code,
            text="x",
            kind=MentionKind.NAME,
            start_char=0,
            end_char=1,
            counted=code != codes[3],
        )
        for code in codes
    )
    extraction = Extraction(article=gold.article, mentions=mentions)
    assert count(score_documents([(gold, extraction)]).tally("countries")) == (1, 1, 1)


def test_readers_agree_where_neither_is_sure() -> None:
    war = replace(LABEL, state=State.WAR)
    optional = replace(LABEL, optional=True)
    scores = score_agreement([([LABEL], [LABEL]), ([LABEL], [war]), ([LABEL], [optional])])
    assert count(scores.tally("pair")) == (2, 0, 0)
    assert count(scores.tally("pair and state")) == (1, 1, 1)


def test_confidence_is_compared_with_the_share_that_is_right() -> None:
    def say(state: State, confidence: float) -> Relation:
        return make_relation("NOR", "SWE", state, confidence=confidence)

    documents = [
        read([LABEL], [say(State.TIES, 0.92), say(State.TIES, 0.3), say(State.WAR, 0.94)]),
        read([], [say(State.TIES, 1.0)]),
        read([replace(LABEL, optional=True)], [say(State.TIES, 0.2)]),
        read([LABEL], [say(State.TIES, 0.55)]),
    ]
    assert measure_reliability(documents) == [
        Bin(stated=0.55, right=1.0, number=1),
        Bin(stated=pytest.approx((0.92 + 0.94 + 1) / 3), right=pytest.approx(1 / 3), number=3),
    ]
    lines = {line.split()[0]: line.split()[1:] for line in write_curve(documents)}
    assert lines["0.00"] == ["0.500", "1.000", "0.667"]
    assert lines["0.60"] == ["0.333", "0.500", "0.400"]
