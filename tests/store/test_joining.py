"""What a visit has collected beside a store: the same answers as of one store of both."""

from dataclasses import replace
from datetime import date

import pytest

from geo.mentions.gazetteer import load_gazetteer
from geo.records import Extraction, State
from geo.store import queries
from geo.store.cache import Store
from geo.store.chronicle import Chronicle
from geo.store.joining import Joined
from geo.store.queries import Search
from tests.samples import (
    BAHRAIN,
    NORWAY,
    SWEDEN,
    hold,
    make_article,
    make_extraction,
    make_relation,
)

DAY = date(2024, 6, 1)


def make_own() -> Extraction:
    """Return an article of a visit, in which Norway and Bahrain quarrel with Sweden."""
    told = make_extraction()
    identity = "mine-1"
    quarrels = tuple(
        make_relation(
            identity,
            id=f"r-{one}",
            actor=one,
            recipient=SWEDEN,
            state=State.DISPUTE,
            condition=None,
        )
        for one in (NORWAY, BAHRAIN)
    )
    article = make_article(id=identity, date_published=DAY)
    return replace(told, article=article, relations=quarrels)


def join(store: Store, *, with_shared: bool) -> Joined:
    return Joined(store, [make_own()], load_gazetteer().countries, with_shared=with_shared)


def answer(store: Store) -> tuple[object, ...]:
    """Return what pages ask of a store."""
    chronicle = Chronicle(store)
    cursor = store.cursor()
    clock = {"as_of": DAY, "known_on": DAY}
    return (
        chronicle.settle(**clock),
        chronicle.settle(as_of=date(2024, 5, 20), known_on=DAY),
        list(chronicle.settle_pairs(None, **clock)),
        chronicle.list_pairs(),
        chronicle.list_pairs(SWEDEN),
        chronicle.first,
        chronicle.trace((NORWAY, SWEDEN), until=DAY),
        queries.find_focus(cursor),
        queries.find_basis(cursor, DAY),
        queries.count_mentions(cursor, as_of=DAY),
        queries.list_named(cursor),
        queries.read_namings(cursor, NORWAY, DAY, most=9),
        queries.read_together(cursor, (NORWAY, SWEDEN), DAY, most=9),
        queries.read_extraction(cursor, "mine-1"),
        {str(place) for place in queries.read_accords(cursor, DAY)},
        {one.id for one in queries.search_articles(cursor, Search(), most=9)[0]},
    )


@pytest.mark.parametrize("with_shared", [True, False])
def test_a_joined_store_answers_as_one_store_of_the_same_articles(with_shared: bool) -> None:  # noqa: FBT001
    shared = make_extraction()
    whole = hold([shared, make_own()] if with_shared else [make_own()])
    assert answer(join(hold([shared]), with_shared=with_shared)) == answer(whole)


def test_the_shared_store_and_its_cursors_never_meet_what_was_collected() -> None:
    store = hold([make_extraction()])
    before = answer(store)
    joined = join(store, with_shared=True)
    held = joined.cursor()
    assert queries.count_articles(held) == 2
    assert answer(store) == before
    tables = store.cursor().execute("SELECT table_name FROM duckdb_tables()").fetchall()
    views = (
        store.cursor()
        .execute("SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal")
        .fetchall()
    )
    assert not [name for (name,) in tables + views if name.startswith("own_")]


def test_an_empty_store_adds_nothing() -> None:
    joined = join(hold([]), with_shared=True)
    assert answer(joined) == answer(hold([make_own()]))
