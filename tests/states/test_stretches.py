"""Stretches: what they hold of a day is what the rules settle of it."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.records import Evidence, State
from geo.states.rules import STATES
from geo.states.settling import select_evidence, settle_pair, sort_evidence
from geo.states.stretches import NEVER, follow_pair
from tests.states.test_ledger import EVIDENCE
from tests.states.test_settling import DAY, later, make


def look_up(evidence: list[Evidence], day: date) -> tuple[State, bool, str] | None:
    held = sorted(evidence, key=sort_evidence)
    at = day.toordinal()
    found = [one for one in follow_pair(held) if one.since <= at < one.until]
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


def test_stretches_follow_each_other_and_the_last_is_open() -> None:
    evidence = [make(State.TIES), make(State.WAR, later(5)), make(State.TRUCE, later(30))]
    found = follow_pair(sorted(random.Random(3).sample(evidence, 3), key=sort_evidence))
    assert [one.until for one in found[:-1]] == [one.since for one in found[1:]]
    assert found[0].since == DAY.toordinal()
    assert found[-1].until == NEVER or found[-1].rule


def test_what_is_published_late_counts_from_its_publication() -> None:
    late = make(State.WAR, later(20), period=(DAY, DAY))
    assert look_up([late], later(19)) is None
    assert look_up([late], later(20)) is not None


def test_no_evidence_has_no_stretch() -> None:
    assert follow_pair([]) == []
