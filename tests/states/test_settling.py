"""States: what a pair's evidence adds up to, and that it can be done again by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.paths import DATA
from geo.records import (
    CountryCode,
    DateBasis,
    Event,
    Evidence,
    Modality,
    Period,
    Quote,
    Relation,
    RelationState,
    State,
)
from geo.states.settling import (
    load_endings,
    load_rules,
    load_standings,
    settle_states,
    weigh_evidence,
)

CHAD, SUDAN, EGYPT = (CountryCode(code) for code in ("TCD", "SDN", "EGY"))
DAY = date(2024, 3, 1)


def make(
    state: State,
    day: date = DAY,
    *,
    article: str | None = None,
    words: str | None = None,
    modality: Modality = Modality.ASSERTED,
    confidence: float = 0.8,
    pair: tuple[CountryCode, CountryCode] = (CHAD, SUDAN),
    publisher: str | None = "The Harbor",
    cue: str = "says",
    period: tuple[date, date] | None = None,
) -> Evidence:
    article = article or f"{state.value}-{day}"
    words = words or f"{article} says {state.value}"
    relation = Relation(
        id=f"{pair[0]}-{pair[1]}-{article}-{state.value}-{words}-{modality.value}-{confidence}-{period}",
        article_id=article,
        actor=pair[0],
        recipient=pair[1],
        directed=True,
        event=Event.COOPERATE,
        state=state,
        modality=modality,
        condition=None,
        accord=None,
        attributed_to=None,
        confidence=confidence,
        cue=cue,
        rule="test",
        quote=Quote(exact=words, start_char=0, end_char=len(words)),
        period=Period(start=period[0], end=period[1], words="then") if period else None,
    )
    return Evidence(
        relation=relation,
        date_published=day,
        date_basis=DateBasis.STATED,
        publisher=publisher,
        title=None,
        url=None,
    )


def settle(*evidence: Evidence, as_of: date = DAY) -> RelationState:
    (state,) = settle_states(evidence, as_of=as_of)
    return state


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def test_single_quote_carries_its_state() -> None:
    state = settle(make(State.TIES))
    assert (state.state, state.rule, state.since, state.contested) == (
        State.TIES,
        "unopposed",
        DAY,
        False,
    )


def test_an_attack_outweighs_ties_told_in_the_background() -> None:
    state = settle(make(State.WAR), make(State.TIES))
    assert (state.state, state.runner_up) == (State.WAR, State.TIES)
    assert state.contested
    assert [each.relation.state for each in state.opposing] == [State.TIES]


def test_reason_holds_the_weights_that_decided() -> None:
    reason = settle(make(State.WAR, confidence=0.8), make(State.TIES, confidence=0.8)).reason
    assert "1.20 for war" in reason
    assert "0.80 for ties" in reason


def test_equal_weights_show_the_worse_state() -> None:
    state = settle(make(State.DISPUTE), make(State.TIES))
    assert (state.state, state.rule) == (State.DISPUTE, "worse of equals")


def test_truce_ends_what_was_reported_of_the_fighting_before_it() -> None:
    before = [make(State.WAR, later(-days)) for days in range(1, 9)]
    state = settle(*before, make(State.TRUCE))
    assert state.state is State.TRUCE
    assert len(state.aside) == len(before)


def test_fighting_after_a_truce_breaks_it() -> None:
    state = settle(make(State.TRUCE), make(State.WAR, later(3)), as_of=later(3))
    assert state.state is State.WAR


def test_refusal_pledge_and_recognition_follow_each_other() -> None:
    steps = (
        make(State.REFUSES),
        make(State.PLEDGED, later(30)),
        make(State.TIES, later(60)),
    )
    shown = [settle(*steps, as_of=later(days)).state for days in (0, 30, 60)]
    assert shown == [State.REFUSES, State.PLEDGED, State.TIES]


def test_cut_ties_are_in_force_no_more_and_sanctions_leave_them() -> None:
    before = make(State.TIES, later(-400), confidence=0.9)
    cut = settle(before, make(State.HOSTILE, cue="severed … ties"))
    assert (cut.state, cut.aside) == (State.HOSTILE, (before,))
    kept = settle(before, make(State.HOSTILE, cue="sanctions"))
    assert (kept.state, kept.opposing) == (State.HOSTILE, (before,))


def test_lifted_sanctions_are_in_force_no_more() -> None:
    before = make(State.HOSTILE, later(-30), cue="imposed … sanctions")
    state = settle(before, make(State.TIES, cue="sanctions"))
    assert (state.state, state.aside) == (State.TIES, (before,))


def test_a_deed_counts_from_its_own_day_when_that_was_known() -> None:
    told = make(State.WAR, later(20), period=(DAY, DAY))
    assert settle_states([told], as_of=later(10)) == ()
    (then,) = settle_states([told], as_of=later(10), known_on=later(20))
    assert (then.state, then.since) == (State.WAR, DAY)
    assert settle_states([told], as_of=later(-1), known_on=later(20)) == ()


def test_deeds_age_from_their_day_and_relations_from_the_report_of_them() -> None:
    long_ago = (later(-300), later(-300))
    talks = make(State.TALKS, period=long_ago)
    assert weigh_evidence([talks], as_of=DAY)[0].rule == "too old"
    ties = make(State.TIES, period=long_ago)
    assert weigh_evidence([ties], as_of=DAY)[0].weight == pytest.approx(0.8)
    assert settle(ties).since == later(-300)


def test_possible_counts_for_half() -> None:
    (held,) = weigh_evidence([make(State.TIES, modality=Modality.POSSIBLE)], as_of=DAY)
    assert held.weight == pytest.approx(0.4)


@pytest.mark.parametrize("modality", [Modality.DENIED, Modality.PAST])
def test_denied_and_past_carry_nothing_and_are_kept(modality: Modality) -> None:
    aside = make(State.WAR, modality=modality)
    assert settle_states([aside], as_of=DAY) == ()
    assert settle(make(State.TIES), aside).aside == (aside,)


def test_evidence_fades_by_half_lives_and_then_expires() -> None:
    standing = load_standings()[State.TALKS]
    held = make(State.TALKS)
    half = weigh_evidence([held], as_of=later(standing.half_life_days))[0]
    assert half.weight == pytest.approx(0.8 * standing.weight / 2)
    gone = weigh_evidence([held], as_of=later(standing.holds_days + 1))[0]
    assert gone.rule == "too old"
    assert settle_states([held], as_of=later(standing.holds_days + 1)) == ()


def test_an_article_counts_once_for_a_state() -> None:
    loud = [make(State.TALKS, article="one", words=f"sentence {at}") for at in range(9)]
    assert settle(*loud, make(State.DISPUTE, article="two")).state is State.DISPUTE


def test_same_words_in_two_articles_count_once() -> None:
    copies = [
        make(State.TALKS, article=str(at), words="They met.", publisher=f"Paper {at}")
        for at in range(9)
    ]
    state = settle(*copies, make(State.DISPUTE, article="other"))
    assert state.state is State.DISPUTE
    assert len(state.opposing) == len(copies)


def test_publishers_are_counted_once_each() -> None:
    held = [make(State.TIES, article=str(at), publisher=name) for at, name in enumerate("AAB")]
    assert settle(*held).publishers == 2


def test_nothing_published_later_is_known() -> None:
    evidence = [make(State.TIES), make(State.WAR, later(5))]
    (then,) = settle_states(evidence, as_of=later(9), known_on=DAY)
    assert then.state is State.TIES
    assert settle_states(evidence, as_of=later(-1)) == ()


def test_pairs_are_settled_apart() -> None:
    states = settle_states(
        [
            make(State.TIES),
            make(State.WAR, pair=(SUDAN, EGYPT)),
            make(State.TALKS, pair=(SUDAN, CHAD)),
        ],
        as_of=DAY,
    )
    assert [each.pair for each in states] == [(EGYPT, SUDAN), (SUDAN, CHAD)]


def test_a_wrong_table_is_told_with_its_line(tmp_path) -> None:
    text = (DATA / "states" / "standing.csv").read_text(encoding="utf-8")
    (tmp_path / "standing.csv").write_text(
        text.replace("dispute,1.0", "dispute,-1"), encoding="utf-8"
    )
    with pytest.raises(DataError, match="line 4"):
        load_standings(tmp_path)
    (tmp_path / "standing.csv").write_text(text.replace("talks,0.8", "pact,0.8"), encoding="utf-8")
    with pytest.raises(DataError, match="line 7"):
        load_standings(tmp_path)
    endings = (DATA / "states" / "endings.csv").read_text(encoding="utf-8")
    (tmp_path / "endings.csv").write_text(endings.replace(",,war,", ",,woe,"), encoding="utf-8")
    with pytest.raises(DataError, match=r"endings.csv line 2"):
        load_endings(tmp_path)


EVIDENCE = st.lists(
    st.builds(
        make,
        st.sampled_from(State),
        st.integers(-400, 0).map(later),
        article=st.sampled_from("abcdef"),
        words=st.sampled_from(("one", "two", "three", "four")),
        modality=st.sampled_from(Modality),
        confidence=st.sampled_from((0.3, 0.6, 0.9)),
        pair=st.sampled_from(((CHAD, SUDAN), (SUDAN, CHAD), (SUDAN, EGYPT))),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(EVIDENCE, st.randoms())
def test_order_of_arrival_makes_no_difference(evidence: list[Evidence], random) -> None:
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert settle_states(shuffled, as_of=DAY) == settle_states(evidence, as_of=DAY)


@settings(max_examples=100, deadline=None)
@given(EVIDENCE, EVIDENCE)
def test_later_articles_change_nothing_that_was_known(
    evidence: list[Evidence], more: list[Evidence]
) -> None:
    known_on = later(-200)
    added = [each for each in more if each.date_published > known_on]
    assert settle_states([*evidence, *added], as_of=DAY, known_on=known_on) == settle_states(
        evidence, as_of=DAY, known_on=known_on
    )


@settings(max_examples=100, deadline=None)
@given(EVIDENCE)
def test_every_piece_of_evidence_of_a_pair_is_listed_once(evidence: list[Evidence]) -> None:
    for state in settle_states(evidence, as_of=DAY):
        listed = [*state.supporting, *state.opposing, *state.aside]
        held = [each for each in evidence if each.relation.pair == state.pair]
        assert sorted(each.relation.id for each in listed) == sorted(
            each.relation.id for each in held
        )
        assert all(each.relation.state is state.state for each in state.supporting)
        assert state.rule in load_rules()
