"""Stretches: what they hold of a day is what the rules settle of it."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.records import Evidence, State
from geo.states.rows import make_rows
from geo.states.rules import STATES
from geo.states.settling import select_evidence, settle_pair, sort_evidence
from geo.states.stretches import NEVER, follow_pair
from tests.states.test_ledger import EVIDENCE
from tests.states.test_settling import CHAD, DAY, SUDAN, later, make


def look_up(evidence: list[Evidence], day: date) -> tuple[State, bool, str] | None:
    held = sorted(evidence, key=sort_evidence)
    at = day.toordinal()
    found = [one for one in follow_pair(make_rows(held)[0]) if one.since <= at < one.until]
    assert len(found) <= 1
    return (STATES[found[0].state], found[0].contested, found[0].rule) if found else None


@settings(max_examples=400, deadline=None)
@given(EVIDENCE, st.lists(st.integers(-620, 900), min_size=4, max_size=9))
def test_a_day_is_settled_as_the_rules_settle_it(evidence: list[Evidence], days: list[int]) -> None:
    for pair in {one.relation.pair for one in evidence}:
        own = [one for one in evidence if one.relation.pair == pair]
        ends = [(one.date_published, one.begins) for one in own]
        near = [
            day + timedelta(days=step) for both in ends for day in both for step in (-1, 0, 1, 3)
        ]
        for day in {*map(later, days), *near}:
            state = settle_pair(pair, tuple(select_evidence(own, day)), as_of=day)
            told = (state.state, state.contested, state.rule) if state else None
            assert look_up(own, day) == told, day


@settings(max_examples=200, deadline=None)
@given(EVIDENCE, st.integers(-560, 60), st.data())
def test_going_on_from_a_day_gives_what_following_anew_does(
    evidence: list[Evidence], day: int, data: st.DataObject
) -> None:
    own = [one for one in evidence if one.relation.pair == (SUDAN, CHAD)]
    since = later(day).toordinal()
    # What comes and what goes was known on no day before.
    kept = [
        one
        for one in own
        if max(one.begins, one.date_published).toordinal() < since or data.draw(st.booleans())
    ]
    before, whole = (
        follow_pair(make_rows(sorted(held, key=sort_evidence))[0]) for held in (kept, own)
    )
    rows = make_rows(sorted(own, key=sort_evidence))[0]
    spanning = [one for one in before if one.since < since <= one.until]
    found = [one for one in before if one.until < since]
    found += follow_pair(rows, since, spanning[0] if spanning else None)
    assert found == whole


def test_what_comes_late_again_and_again_is_told_in_its_order() -> None:
    days = random.Random(5).sample(range(400), 300)
    evidence = [
        make(STATES[day % len(STATES)], later(401 + at), period=(later(day), later(day)))
        for at, day in enumerate(days)
    ]
    for day in range(401, 701, 23):
        state = settle_pair(
            (CHAD, SUDAN), tuple(select_evidence(evidence, later(day))), as_of=later(day)
        )
        assert state is not None
        assert look_up(evidence, later(day)) == (state.state, state.contested, state.rule)


def test_stretches_follow_each_other_and_the_last_is_open() -> None:
    evidence = [make(State.TIES), make(State.WAR, later(5)), make(State.TRUCE, later(30))]
    held = sorted(random.Random(3).sample(evidence, 3), key=sort_evidence)
    found = follow_pair(make_rows(held)[0])
    assert [one.until for one in found[:-1]] == [one.since for one in found[1:]]
    assert found[0].since == DAY.toordinal()
    assert found[-1].until == NEVER or found[-1].rule


def test_what_is_published_late_counts_from_its_publication() -> None:
    late = make(State.WAR, later(20), period=(DAY, DAY))
    assert look_up([late], later(19)) is None
    assert look_up([late], later(20)) is not None


def test_no_evidence_has_no_stretch() -> None:
    assert follow_pair([]) == []
