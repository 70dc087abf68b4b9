"""Scores: what is found rightly, found wrongly and missed is counted as the labels say."""

from dataclasses import replace

import pytest
from readings import LABEL, TEXT, count, make_extraction, make_relation

from geo.records import Article, Relation, State
from geo.tools.gold import GoldArticle, RelationLabel
from geo.tools.scores import Scores, Tally, drop_weak, find_nearest, score_relations


def score(*relations: Relation, labels: tuple[RelationLabel, ...] = (LABEL,)) -> Scores:
    scores = Scores()
    gold = GoldArticle(article=Article(id="a", text=TEXT), relations=labels)
    score_relations(gold, make_extraction(*relations), scores)
    return scores


def test_a_relation_is_right_in_the_sentence_of_its_label() -> None:
    scores = score(make_relation("SWE", "NOR", State.TIES))
    assert count(scores.tally("pair and state in sentence")) == (1, 0, 0)
    scores = score(make_relation("SWE", "NOR", State.TIES, sentence=1))
    assert count(scores.tally("pair and state in sentence")) == (0, 1, 1)
    assert count(scores.tally("pair and state")) == (1, 0, 0)


def test_another_state_is_wrong_and_its_label_missed() -> None:
    scores = score(make_relation("NOR", "SWE", State.WAR))
    assert count(scores.tally("pair and state")) == (0, 1, 1)
    assert count(scores.tally("pair")) == (1, 0, 0)
    assert count(scores.tally("state war")) == (0, 1, 0)


def test_an_optional_label_is_credited_and_not_missed() -> None:
    optional = (replace(LABEL, optional=True),)
    assert count(score(labels=optional).tally("pair")) == (0, 0, 0)
    found = score(make_relation("NOR", "SWE", State.TIES), labels=optional)
    assert count(found.tally("pair")) == (1, 0, 0)


def test_direction_is_that_of_the_nearest_label() -> None:
    forth = replace(LABEL, directed=True)
    back = replace(forth, actor=LABEL.recipient, recipient=LABEL.actor)
    relation = make_relation("SWE", "NOR", State.TIES, directed=True)
    assert find_nearest([forth, back], relation) == back
    assert count(score(relation, labels=(forth, back)).shares["direction"]) == (1, 0, 0)
    assert count(score(relation, labels=(forth,)).shares["direction"]) == (0, 1, 0)


def test_a_quote_that_is_not_verbatim_is_told() -> None:
    relation = make_relation("NOR", "SWE", State.TIES)
    shifted = replace(relation, quote=replace(relation.quote, start_char=1))
    assert count(score(relation, shifted).shares["quote validity"]) == (1, 1, 0)


@pytest.mark.parametrize(("floor", "kept"), [(0.0, 2), (0.5, 2), (0.51, 1), (1.0, 0)])
def test_what_is_below_the_floor_is_not_said(floor: float, kept: int) -> None:
    weak = make_relation("NOR", "SWE", State.TIES, confidence=0.5)
    extraction = make_extraction(weak, replace(weak, confidence=0.9))
    assert len(drop_weak(extraction, floor).relations) == kept


def test_a_tally_of_nothing_is_whole() -> None:
    tally = Tally()
    assert (tally.precision, tally.recall, tally.f1) == (1, 1, 1)
    tally.add({1, 2, 3}, {1, 4}, {3})
    assert count(tally) == (1, 1, 1)
    assert (tally.precision, tally.recall, tally.f1) == (0.5, 0.5, 0.5)
