"""Sentences: a state with its verb and the direction of its quotes, and no state left without one."""

from pathlib import Path

import pytest

from geo.errors import DataError
from geo.languages import choose_language
from geo.records import CountryCode, Place, State
from geo.web.sentences import load_sentences, write_relation, write_state
from tests.samples import BAHRAIN, NORWAY, make_context, make_evidence, make_relation, make_state

AMERICA = CountryCode("USA")


def test_each_state_and_place_has_a_sentence() -> None:
    assert len(load_sentences()) == len(State) + len(Place)


def test_one_that_alone_acts_is_named_first_from_wherever_the_pair_is_seen() -> None:
    for country in (None, BAHRAIN, NORWAY):
        said = write_state(make_state(), make_context(), seen_from=country)
        assert said == "Bahrain says no to Norway"


def test_two_that_act_alike_are_told_from_the_country_that_is_read() -> None:
    quotes = tuple(
        make_evidence(make_relation(id=actor, actor=actor, recipient=other))
        for actor, other in ((BAHRAIN, NORWAY), (NORWAY, BAHRAIN))
    )
    state = make_state(state=State.WAR, supporting=quotes)
    assert write_state(state, make_context(), seen_from=NORWAY) == "Norway is at war with Bahrain"
    both = make_state(state=State.REFUSES, supporting=quotes)
    assert write_state(both, make_context()) == "Bahrain and Norway say no to each other"


def test_a_name_has_its_article_in_english_alone() -> None:
    relation = make_relation(actor=AMERICA, recipient=NORWAY, state=State.PARTNERS)
    assert write_relation(relation, make_context()) == "The United States supports Norway"
    choose_language("de")
    try:
        assert write_relation(relation, make_context()) == "United States unterstützt Norway"
    finally:
        choose_language("en")


def test_a_table_that_lacks_a_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sentences.csv"
    path.write_text("kind,code,sentence,act\nstate,peace,{one} and {other},\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"missing or not known: .*state peace"):
        load_sentences(path)
