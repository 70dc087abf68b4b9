"""The ledger: what it settles at once is what the rules settle pair by pair and day by day."""

import itertools
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.records import CountryCode, Evidence, Interval, Modality, State, Turn
from geo.states.ledger import Ledger, Settled, compare_states, join_intervals, list_turns
from geo.states.settling import load_rules, settle_states
from tests.states.test_settling import CHAD, DAY, EGYPT, SUDAN, later, make

SPAN = st.integers(-500, 0).map(later)
EVIDENCE = st.lists(
    st.builds(
        make,
        st.sampled_from(State),
        SPAN,
        article=st.sampled_from("abcdef"),
        words=st.sampled_from(
            ("one", "two", "three", "A severed ties with B.", "They restore relations.")
        ),
        modality=st.sampled_from((Modality.ASSERTED, Modality.ASSERTED, *Modality)),
        confidence=st.sampled_from((0.35, 0.6, 0.83, 0.95)),
        pair=st.sampled_from(((CHAD, SUDAN), (SUDAN, CHAD), (SUDAN, EGYPT))),
        period=st.none() | SPAN.map(lambda day: (day - timedelta(days=90), day)),
    ),
    max_size=16,
).map(lambda held: [piece for piece in held if piece.ends <= piece.date_published])
DAYS = st.integers(-620, 300).map(later)


@settings(max_examples=300, deadline=None)
@given(EVIDENCE, DAYS, DAYS)
def test_it_settles_what_the_rules_settle(
    evidence: list[Evidence], as_of: date, known_on: date
) -> None:
    ledger = Ledger(evidence)
    expected = settle_states(evidence, as_of=as_of, known_on=known_on)
    settled = ledger.settle(as_of=as_of, known_on=known_on)
    assert settled.states == {each.pair: each.state for each in expected}
    assert settled.contested == {each.pair for each in expected if each.contested}
    own = ledger.settle(as_of=as_of, known_on=known_on, country=EGYPT)
    assert own.states == {pair: value for pair, value in settled.states.items() if EGYPT in pair}
    for each in expected:
        assert ledger.settle_pair(each.pair, as_of=as_of, known_on=known_on) == each


@settings(max_examples=150, deadline=None)
@given(EVIDENCE, st.randoms())
def test_intervals_follow_each_other_and_hold_the_state_of_each_day(
    evidence: list[Evidence], random
) -> None:
    until = later(100)
    ledger = Ledger(random.sample(evidence, len(evidence)))
    for pair in ledger.pairs:
        found = ledger.trace(pair, until=until)
        for one, other in itertools.pairwise(found):
            assert one.until == other.since
            assert one.since < other.since
            assert one.value != other.value
        if found:
            assert found[-1].until is None
            assert found[0].value is not None
        assert all(hit.ending in load_rules() for hit in found)
        assert all((hit.ending == "holds") is (hit.until is None) for hit in found)
        begins = [each.begins for each in ledger.list_evidence(pair)]
        days = {random.choice(begins) + timedelta(days=random.randint(-3, 300)) for _ in range(8)}
        for day in sorted({*begins, *days, *(hit.since for hit in found)}):
            if day > until:
                continue
            state = ledger.settle_pair(pair, as_of=day, known_on=until)
            held = [
                hit for hit in found if hit.since <= day and (hit.until is None or day < hit.until)
            ]
            assert [piece.value for piece in held] in ([[state.state]] if state else [[None], []])


def test_a_history_tells_why_each_state_ended() -> None:
    ledger = Ledger(
        [
            make(State.TALKS),
            make(State.DISPUTE, later(5)),
            make(State.WAR, later(10)),
            make(State.TRUCE, later(20)),
            make(State.TIES, later(40), words="They signed a peace treaty."),
            make(State.HOSTILE, later(90), words="A put a tariff on B."),
        ]
    )
    found = ledger.trace((SUDAN, CHAD), until=later(1000))
    assert [(hit.value, hit.ending) for hit in found] == [
        (State.TALKS, "contradicted"),
        (State.DISPUTE, "superseded"),
        (State.WAR, "ended by an event"),
        (State.TRUCE, "ended by an event"),
        (State.TIES, "contradicted"),
        (State.HOSTILE, "holds"),
    ]
    days = [DAY, later(5), later(10), later(20), later(40), later(90)]
    assert [hit.since for hit in found] == days


def test_a_gap_in_the_evidence_is_an_interval_of_its_own() -> None:
    found = Ledger([make(State.TALKS), make(State.TALKS, later(500))]).trace(
        (SUDAN, CHAD), until=later(510)
    )
    assert [(hit.value, hit.ending) for hit in found] == [
        (State.TALKS, "expired"),
        (None, "evidence found"),
        (State.TALKS, "holds"),
    ]


def test_what_was_not_known_yet_is_no_history() -> None:
    ledger = Ledger([make(State.WAR, later(20), period=(DAY, DAY))])
    assert ledger.trace((SUDAN, CHAD), until=later(30), known_on=later(19)) == []
    (held,) = ledger.trace((SUDAN, CHAD), until=later(20))
    assert (held.value, held.since) == (State.WAR, DAY)


def test_denials_alone_make_no_history() -> None:
    denial = make(State.WAR, modality=Modality.DENIED)
    assert Ledger([denial]).trace((SUDAN, CHAD), until=later(9)) == []


def test_an_empty_ledger_settles_nothing() -> None:
    ledger = Ledger([])
    assert ledger.settle(as_of=DAY).states == {}
    assert ledger.settle(as_of=DAY, country=CHAD).states == {}
    assert ledger.trace((SUDAN, CHAD), until=DAY) == []
    assert ledger.first is None


def test_joined_intervals_skip_days_without_change() -> None:
    values = {DAY: None, later(1): State.TIES, later(2): State.TIES, later(3): None}
    found = join_intervals(values, values.__getitem__, lambda old, new: f"{old} {new}")
    assert found == [
        Interval(value=State.TIES, since=later(1), until=later(3), ending="ties None"),
        Interval(value=None, since=later(3), until=None, ending="holds"),
    ]


TOGO = CountryCode("TGO")
BEFORE = Settled(
    {
        (EGYPT, SUDAN): State.TIES,
        (EGYPT, TOGO): State.DISPUTE,
        (EGYPT, CHAD): State.TALKS,
        (SUDAN, CHAD): State.TALKS,
        (SUDAN, TOGO): State.TIES,
    },
    frozenset(),
)
AFTER = Settled(
    {
        (EGYPT, SUDAN): State.DISPUTE,
        (EGYPT, TOGO): State.TIES,
        (EGYPT, CHAD): State.TALKS,
        (CHAD, TOGO): State.WAR,
        (SUDAN, TOGO): State.TIES,
    },
    frozenset({(EGYPT, CHAD)}),
)


def test_each_pair_is_told_once_the_worst_turn_first() -> None:
    changes = compare_states(BEFORE, AFTER)
    assert [(change.turn, change.pair) for change in changes] == [
        (Turn.WORSENED, (EGYPT, SUDAN)),
        (Turn.CONTESTED, (EGYPT, CHAD)),
        (Turn.IMPROVED, (EGYPT, TOGO)),
        (Turn.NEW, (CHAD, TOGO)),
        (Turn.GONE, (SUDAN, CHAD)),
        (Turn.SAME, (SUDAN, TOGO)),
    ]
    assert (changes[0].before, changes[0].after) == (State.TIES, State.DISPUTE)
    assert (changes[3].before, changes[4].after) == (None, None)


def test_a_map_compared_with_itself_has_no_change() -> None:
    assert {compare_state.turn for compare_state in compare_states(AFTER, AFTER)} == {Turn.SAME}


def test_turns_are_told_toward_one_country() -> None:
    turns = list_turns(compare_states(BEFORE, AFTER), EGYPT)
    assert turns == {SUDAN: "worsened", CHAD: "contested", TOGO: "improved"}
