"""The chronicle: what it looks up of the cache is what the rules settle of the evidence."""

import random
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.edition import gather_evidence
from geo.mentions.gazetteer import load_gazetteer
from geo.records import (
    Article,
    CountryCode,
    Extraction,
    Modality,
    Period,
    State,
)
from geo.states.ledger import Ledger
from geo.states.settling import settle_states
from geo.store.cache import open_store
from geo.store.chronicle import Chronicle
from geo.store.queries import find_focus, list_evidence
from geo.store.segments import append_extractions
from tests.samples import hold, make_relation, quote_line
from tests.states.test_settling import later

CHAD, SUDAN, EGYPT = (CountryCode(code) for code in ("TCD", "SDN", "EGY"))
TEXTS = (
    "They met.",
    "A severed ties with B.",
    "They restore relations.",
    "A ceasefire was signed.",
)
TOLD = st.tuples(
    st.sampled_from(State),
    st.sampled_from(((CHAD, SUDAN), (SUDAN, CHAD), (SUDAN, EGYPT))),
    st.sampled_from((Modality.ASSERTED, Modality.ASSERTED, *Modality)),
    st.sampled_from((0.35, 0.6, 0.83, 0.95)),
    st.none() | st.integers(0, 120),
)
ARTICLES = st.lists(
    st.tuples(st.integers(-400, 0), st.sampled_from(TEXTS), st.lists(TOLD, min_size=1, max_size=3)),
    max_size=7,
)
DAYS = st.integers(-520, 300).map(later)


def make_extractions(articles: list[tuple[int, str, list[tuple]]]) -> list[Extraction]:
    found = []
    for number, (day, text, told) in enumerate(articles):
        published = later(day)
        relations = tuple(
            make_relation(
                f"a{number}",
                id=f"a{number}-{place}",
                actor=pair[0],
                recipient=pair[1],
                state=state,
                modality=modality,
                confidence=confidence,
                quote=replace(quote_line(text, text), prefix=""),
                cue=text,
                cue_spans=(),
                actor_span=None,
                recipient_span=None,
                period=None
                if ago is None
                else Period(
                    start=published - timedelta(days=ago),
                    end=published - timedelta(days=ago // 2),
                    words="then",
                ),
            )
            for place, (state, pair, modality, confidence, ago) in enumerate(told)
        )
        article = Article(id=f"a{number}", text=text, date_published=published)
        found.append(Extraction(article=article, relations=relations))
    return found


@settings(max_examples=40, deadline=None)
@given(ARTICLES, st.lists(st.tuples(DAYS, DAYS), min_size=2, max_size=4))
def test_any_day_is_settled_as_the_rules_settle_it(
    articles: list[tuple[int, str, list[tuple]]], days: list[tuple[date, date]]
) -> None:
    extractions = make_extractions(articles)
    evidence = gather_evidence(extractions)
    chronicle, ledger = Chronicle(hold(extractions)), Ledger(evidence)
    for as_of, known_on in [*days, *((day, day) for day, _ in days)]:
        expected = settle_states(evidence, as_of=as_of, known_on=known_on)
        settled = chronicle.settle(as_of=as_of, known_on=known_on)
        assert settled.states == {state.pair: state.state for state in expected}
        assert settled.contested == {state.pair for state in expected if state.contested}
        assert tuple(chronicle.settle_pairs(None, as_of=as_of, known_on=known_on)) == expected
        for pair in ledger.pairs:
            assert chronicle.trace(pair, until=as_of, known_on=known_on) == ledger.trace(
                pair, until=as_of, known_on=known_on
            )
            alone = chronicle.settle_pair(pair, as_of=as_of, known_on=known_on)
            assert alone == next((state for state in expected if state.pair == pair), None)
    assert set(chronicle.list_pairs()) == set(ledger.pairs)
    assert chronicle.first == ledger.first


@settings(max_examples=20, deadline=None)
@given(ARTICLES, DAYS)
def test_the_stretches_of_a_country_are_how_its_pairs_stood_each_day(
    articles: list[tuple[int, str, list[tuple]]], day: date
) -> None:
    extractions = make_extractions(articles)
    chronicle = Chronicle(hold(extractions))
    for country in (CHAD, SUDAN, EGYPT):
        stood = {
            pair: state
            for pair, state, since, ended in chronicle.list_stretches(country)
            if since <= day and (ended is None or day < ended)
        }
        assert stood == chronicle.settle(as_of=day, country=country).states
    told = sum(len(extraction.relations) for extraction in extractions)
    assert sum(chronicle.count_months().values()) == told
    assert all(month.day == 1 for month in chronicle.count_months())


@settings(max_examples=15, deadline=None)
@given(ARTICLES, st.randoms(use_true_random=False), st.lists(DAYS, min_size=2, max_size=4))
def test_what_comes_piece_by_piece_gives_what_all_at_once_does(
    articles: list[tuple[int, str, list[tuple]]], order: random.Random, days: list[date]
) -> None:
    extractions = make_extractions(articles)
    order.shuffle(extractions)
    ledger = Ledger(gather_evidence(extractions))
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENTENTE_CACHE", f"{folder}/cache")
        store = open_store([Path(folder)], load_gazetteer().countries)
        for extraction in extractions:
            append_extractions([extraction], Path(folder))
            store.refresh()
            # Some pairs are asked for in between, and some only in the end.
            Chronicle(store).settle(as_of=days[0], country=order.choice((CHAD, EGYPT, None)))
        for day in days:
            settled, expected = Chronicle(store).settle(as_of=day), ledger.settle(as_of=day)
            assert settled.states == expected.states
            assert settled.contested == expected.contested


def test_evidence_comes_page_by_page_the_newest_first() -> None:
    extractions = make_extractions(
        [
            (-day, TEXTS[0], [(State.TALKS, (CHAD, SUDAN), Modality.ASSERTED, 0.9, None)])
            for day in range(5)
        ]
    )
    store = hold(extractions)
    pages = [
        list_evidence(store.cursor(), (SUDAN, CHAD), most=2, skip=skip) for skip in (0, 2, 4, 6)
    ]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    days = [evidence.date_published for page in pages for evidence in page]
    assert days == sorted(days, reverse=True)


def test_an_empty_store_has_no_state_and_no_focus() -> None:
    store = hold([])
    assert Chronicle(store).settle(as_of=later(0)).states == {}
    assert find_focus(store.cursor()) is None
    assert Chronicle(store).first is None
