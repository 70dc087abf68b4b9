"""States: what a pair's evidence adds up to, and that it can be done again by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from geo.states.rules import WEAK, load_rules, load_standings
from geo.states.settling import settle_states, weigh_evidence

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


def told(state: State, *days: int, **more: object) -> list[Evidence]:
    """Return an article for each of some days."""
    return [make(state, later(day), **more) for day in days]  # type: ignore[arg-type]


def test_single_quote_carries_its_state() -> None:
    state = settle(make(State.TIES))
    assert (state.state, state.rule, state.since, state.contested) == (
        State.TIES,
        "stands",
        DAY,
        False,
    )


def test_fighting_goes_before_ties_told_in_the_background() -> None:
    state = settle(make(State.WAR), make(State.TIES))
    assert (state.state, state.rule, state.runner_up) == (State.WAR, "fighting", State.TIES)
    assert state.contested
    assert [held.relation.state for held in state.opposing] == [State.TIES]


def test_the_reason_holds_the_articles_that_decided() -> None:
    reason = settle(*told(State.WAR, -3, -2), make(State.TIES, modality=Modality.POSSIBLE)).reason
    assert "Articles: 2 for war, 0.5 for ties." in reason


def test_of_equal_words_the_worse_are_shown() -> None:
    state = settle(make(State.DISPUTE), make(State.TALKS))
    assert (state.state, state.rule, state.contested) == (State.DISPUTE, "words", True)


# Wars and truces ---------------------------------------------------------------------------------


def test_a_truce_ends_the_war_of_the_weeks_before() -> None:
    held = [*told(State.WAR, *range(-60, -9, 3)), *told(State.TRUCE, -8)]
    state = settle(*held, as_of=later(0))
    assert (state.state, state.rule, state.since) == (State.TRUCE, "truce holds", later(-8))
    assert len(state.aside) == len(held) - 1


def test_one_truce_among_daily_fighting_ends_nothing() -> None:
    held = [*told(State.WAR, *range(-20, 1)), make(State.TRUCE, later(-1))]
    state = settle(*held)
    assert (state.state, state.since) == (State.WAR, later(-20))


def test_a_truce_outlives_breaches_that_fewer_articles_tell() -> None:
    held = [
        *told(State.WAR, *range(-40, 0)),
        *told(State.TRUCE, 0, 3, 4, 6, 7),
        *told(State.WAR, 5, 8),
    ]
    assert settle(*held, as_of=later(9)).state is State.TRUCE


def test_fighting_told_again_ends_the_truce() -> None:
    held = [*told(State.TRUCE, 0, 1), *told(State.WAR, 30, 31)]
    assert settle(*held, as_of=later(29)).state is State.TRUCE
    state = settle(*held, as_of=later(31))
    assert (state.state, state.since) == (State.WAR, later(30))


def test_a_peace_treaty_ends_war_and_truce() -> None:
    peace = make(State.TIES, later(20), words="They signed a peace treaty.")
    held = [*told(State.WAR, 0, 1, 2), make(State.TRUCE, later(10)), peace]
    state = settle(*held, as_of=later(20))
    assert (state.state, state.supporting) == (State.TIES, (peace,))
    assert len(state.aside) == 4


def test_a_war_does_not_become_hostile_or_talks_by_arithmetic() -> None:
    held = [
        *told(State.WAR, -30, -20, -10),
        *told(State.HOSTILE, *range(-9, 0)),
        *told(State.TALKS, -4, 0),
    ]
    assert settle(*held).state is State.WAR


def test_one_attack_gives_way_to_several_that_tell_of_peace_since() -> None:
    attack = make(State.WAR, later(-20))
    assert settle(attack, *told(State.TALKS, -3, -2)).state is State.WAR
    assert settle(attack, *told(State.TALKS, -3, -2, -1)).state is State.TALKS


def test_age_ends_no_war_that_several_tell_of_and_hides_one_told_once() -> None:
    once, several = (
        load_standings()[State.WAR].once_days,
        load_standings()[State.WAR].several_days,
    )
    held = told(State.WAR, 0)
    assert [settle(*held, as_of=later(day)).aged for day in (once, once + 1)] == [False, True]
    assert settle(*held, as_of=later(several)).state is State.WAR
    assert settle_states(held, as_of=later(several + 1)) == ()
    held = told(State.WAR, -2, -1, 0)
    state = settle(*held, as_of=later(3000))
    assert (state.state, state.aged, state.reported) == (State.WAR, True, DAY)


@pytest.mark.parametrize(("days", "term"), [((-2, -1, 0), "once"), ((-60, -30, 0), "several")])
def test_words_go_before_a_war_once_nobody_tells_of_it_for_its_term(
    days: tuple[int, ...], term: str
) -> None:
    standing = load_standings()[State.WAR]
    last = standing.once_days if term == "once" else standing.several_days
    held = told(State.WAR, *days)
    shown = [
        settle(*held, *told(State.TALKS, day), as_of=later(day)).state for day in (last, last + 1)
    ]
    assert shown == [State.WAR, State.TALKS]


def test_a_verdict_on_an_ally_does_not_outweigh_a_war() -> None:
    held = [*told(State.ALLIED, *range(-200, 0, 20)), *told(State.WAR, -5, -4)]
    assert settle(*held).state is State.WAR


# What stands -------------------------------------------------------------------------------------


def test_an_alliance_stands_through_a_quarrel_and_through_the_years() -> None:
    held = told(State.ALLIED, -900, -800, -700)
    state = settle(*held)
    assert (state.state, state.rule, state.since) == (State.ALLIED, "stands", later(-900))
    assert "Last told 700 days before." in state.reason
    assert settle(*held, *told(State.DISPUTE, -3, -1)).state is State.ALLIED
    assert settle(*held, *told(State.DISPUTE, -3, -2, -1)).state is State.DISPUTE


def test_a_hostility_stands_through_a_visit_and_not_through_several() -> None:
    held = told(State.HOSTILE, -300, -250, -200)
    assert settle(*held, *told(State.TALKS, -2)).state is State.HOSTILE
    state = settle(*held, *told(State.TALKS, -20, -9, -2))
    assert (state.state, state.rule) == (State.TALKS, "told by several")


def test_a_hostility_that_one_article_tells_of_gives_way_to_two_of_talks_after_it() -> None:
    deed = make(State.HOSTILE, later(-30))
    assert settle(deed, *told(State.TALKS, -40, -9)).state is State.HOSTILE
    assert settle(deed, *told(State.TALKS, -9, -2)).state is State.TALKS
    assert (
        settle(deed, *told(State.HOSTILE, -29), *told(State.TALKS, -9, -2)).state is State.HOSTILE
    )


def test_a_cut_of_long_ago_told_again_is_no_deed_of_these_weeks() -> None:
    long_ago = (later(-9000), later(-9000))
    state = settle(make(State.HOSTILE, period=long_ago))
    assert (state.state, state.rule, state.since, state.dated) == (
        State.HOSTILE,
        "stands",
        later(-9000),
        True,
    )


def test_one_report_of_fighting_overturns_no_bond_that_more_tell_of() -> None:
    allies = told(State.ALLIED, -5, -4)
    assert settle(*allies, make(State.WAR)).state is State.ALLIED
    assert settle(*allies, *told(State.WAR, -1, 0)).state is State.WAR
    assert settle(*allies[1:], make(State.WAR)).state is State.WAR


def test_a_quarrel_goes_before_mere_ties() -> None:
    held = told(State.TIES, -300, -200, -100)
    assert settle(*held, make(State.DISPUTE)).state is State.DISPUTE
    assert settle(*held, make(State.TALKS)).state is State.TIES
    assert settle(*held, make(State.DISPUTE), as_of=later(90)).state is State.TIES


def test_a_hostile_deed_goes_before_ties_at_once_and_before_an_alliance_when_told_twice() -> None:
    tariff = make(State.HOSTILE, later(-2), words="A put a tariff on B.")
    assert settle(*told(State.TIES, -90, -80), tariff).rule == "grave deed"
    allied = told(State.ALLIED, -90, -80)
    assert settle(*allied, tariff).state is State.ALLIED
    assert settle(*allied, tariff, make(State.HOSTILE)).state is State.HOSTILE
    both = (*allied, tariff, make(State.HOSTILE))
    assert settle(*both, as_of=later(400)).state is State.HOSTILE
    assert settle(*both, *told(State.ALLIED, 61), as_of=later(61)).state is State.ALLIED


@pytest.mark.parametrize(
    "words", ["A severs diplomatic relations with B.", "A expelled the ambassador of B."]
)
def test_cut_ties_and_expelled_envoys_end_ties(words: str) -> None:
    before = told(State.TIES, -400, -40, -4)
    state = settle(*before, make(State.HOSTILE, words=words))
    assert (state.state, state.aside) == (State.HOSTILE, tuple(before))
    kept = settle(*before, make(State.HOSTILE, words="A put sanctions on B."))
    assert (kept.state, set(kept.opposing)) == (State.HOSTILE, set(before))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.TIES, "A lifted its sanctions on B."),
        (State.PLEDGED, "A and B agree to restore relations."),
    ],
)
def test_what_is_lifted_or_restored_ends_a_hostility(state: State, words: str) -> None:
    before = told(State.HOSTILE, -40, -30, -20)
    found = settle(*before, make(state, words=words))
    assert (found.state, found.aside) == (state, tuple(before))


def test_a_hostility_that_several_tell_of_gives_way_to_two_articles_of_a_deal_weeks_later() -> None:
    before = told(State.HOSTILE, -140, -130, -120)
    assert settle(*before, *told(State.TIES, -5)).state is State.HOSTILE
    assert settle(*before, *told(State.TIES, -5, -4)).state is State.TIES
    assert settle(*before[2:], *told(State.TIES, -5)).state is State.TIES


def test_a_deal_does_not_go_before_a_hostile_deed_of_the_last_weeks() -> None:
    before = told(State.HOSTILE, -40, -30)
    assert settle(*before, *told(State.TIES, -5, -4)).state is State.HOSTILE


def test_a_hostile_deed_and_a_quarrel_go_before_an_alliance() -> None:
    allied = told(State.ALLIED, -90, -80)
    assert settle(*allied, *told(State.HOSTILE, -2)).state is State.ALLIED
    assert (
        settle(*allied, *told(State.HOSTILE, -2), *told(State.DISPUTE, -4)).state is State.HOSTILE
    )


def test_two_hostile_deeds_after_a_truce_go_before_it() -> None:
    held = [make(State.WAR, later(-30)), *told(State.TRUCE, -20, -19)]
    assert settle(*held, *told(State.HOSTILE, -9)).state is State.TRUCE
    assert settle(*held, *told(State.HOSTILE, -9, -8)).state is State.HOSTILE


def test_refusal_pledge_and_recognition_follow_each_other() -> None:
    steps = (
        make(State.REFUSES),
        make(State.PLEDGED, later(30)),
        make(State.TIES, later(60)),
    )
    shown = [settle(*steps, as_of=later(days)).state for days in (0, 30, 60)]
    assert shown == [State.REFUSES, State.PLEDGED, State.TIES]


# What counts, and what is set aside --------------------------------------------------------------


def test_a_weak_hint_carries_nothing_and_ends_nothing() -> None:
    hint = make(State.TRUCE, later(5), confidence=WEAK - 0.01)
    assert settle_states([hint], as_of=later(5)) == ()
    state = settle(make(State.WAR), hint, as_of=later(9))
    assert (state.state, state.aside) == (State.WAR, (hint,))
    rules = {one.evidence: one.rule for one in weigh_evidence([hint], as_of=later(9))}
    assert rules == {hint: "weak hint"}


def test_what_is_only_possible_ends_nothing_and_goes_behind_facts() -> None:
    maybe = make(State.TRUCE, later(5), modality=Modality.POSSIBLE)
    assert settle(make(State.WAR), maybe, as_of=later(9)).state is State.WAR
    maybe = make(State.WAR, modality=Modality.POSSIBLE)
    assert settle(maybe, make(State.TALKS)).state is State.TALKS
    assert settle(maybe).state is State.WAR


def test_since_is_the_first_day_of_the_unbroken_run() -> None:
    gap = load_standings()[State.DISPUTE].several_days
    held = told(State.DISPUTE, -3 * gap, -gap - 20, -20, 0)
    state = settle(*held)
    assert state.since == later(-gap - 20)
    assert state.aside == (held[0],)


def test_a_deed_counts_from_its_own_day_when_that_was_known() -> None:
    told = make(State.WAR, later(20), period=(DAY, DAY))
    assert settle_states([told], as_of=later(10)) == ()
    (then,) = settle_states([told], as_of=later(10), known_on=later(20))
    assert (then.state, then.since, then.dated) == (State.WAR, later(20), False)
    assert settle_states([told], as_of=later(-1), known_on=later(20)) == ()


def test_deeds_age_from_their_day_and_relations_from_the_report_of_them() -> None:
    long_ago = (later(-300), later(-300))
    talks = make(State.TALKS, period=long_ago)
    assert weigh_evidence([talks], as_of=DAY)[0].rule == "too old"
    ties = make(State.TIES, period=long_ago)
    assert weigh_evidence([ties], as_of=DAY)[0].rule == "counts"
    state = settle(ties)
    assert (state.since, state.dated, state.reported) == (later(-300), True, DAY)


def test_possible_counts_for_half() -> None:
    (held,) = weigh_evidence([make(State.TIES, modality=Modality.POSSIBLE)], as_of=DAY)
    assert held.weight == 0.5


@pytest.mark.parametrize("modality", [Modality.DENIED, Modality.PAST])
def test_denied_and_past_carry_nothing_and_are_kept(modality: Modality) -> None:
    aside = make(State.WAR, modality=modality)
    assert settle_states([aside], as_of=DAY) == ()
    assert settle(make(State.TIES), aside).aside == (aside,)


def test_an_article_counts_once_for_a_state() -> None:
    loud = [make(State.TALKS, article="one", words=f"sentence {at}") for at in range(9)]
    state = settle(*loud, make(State.DISPUTE, article="two"))
    assert state.state is State.DISPUTE
    assert len(state.opposing) == len(loud)


def test_same_words_in_two_articles_count_once_from_the_first() -> None:
    copies = [
        make(State.TALKS, later(day), article=str(day), words="They met.", publisher=f"Paper {day}")
        for day in range(-50, 0, 10)
    ]
    state = settle(*copies, make(State.DISPUTE, article="other"))
    assert state.state is State.DISPUTE
    rules = [one.rule for one in weigh_evidence(copies, as_of=later(-9))]
    assert rules == ["counts", *["repeats"] * 4]
    assert settle(*copies, as_of=later(-1)).aged


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
    assert [state.pair for state in states] == [(EGYPT, SUDAN), (SUDAN, CHAD)]


EVIDENCE = st.lists(
    st.builds(
        make,
        st.sampled_from(State),
        st.integers(-400, 0).map(later),
        article=st.sampled_from("abcdef"),
        words=st.sampled_from(
            ("one", "two", "three", "A severed ties with B.", "They restore relations.")
        ),
        modality=st.sampled_from((*[Modality.ASSERTED] * 4, *Modality)),
        confidence=st.sampled_from((0.3, 0.6, 0.9)),
        pair=st.sampled_from(((CHAD, SUDAN), (SUDAN, CHAD), (SUDAN, EGYPT))),
    ),
    max_size=20,
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
    added = [held for held in more if held.date_published > known_on]
    assert settle_states([*evidence, *added], as_of=DAY, known_on=known_on) == settle_states(
        evidence, as_of=DAY, known_on=known_on
    )


@settings(max_examples=100, deadline=None)
@given(EVIDENCE, EVIDENCE)
def test_what_is_set_aside_changes_no_state(evidence: list[Evidence], more: list[Evidence]) -> None:
    added = [
        held
        for held in more
        if held.relation.modality in {Modality.DENIED, Modality.PAST}
        or held.relation.confidence < WEAK
    ]
    plain = {state.pair: state.state for state in settle_states(evidence, as_of=DAY)}
    assert plain == {
        state.pair: state.state for state in settle_states([*evidence, *added], as_of=DAY)
    }


@settings(max_examples=100, deadline=None)
@given(EVIDENCE)
def test_every_piece_of_evidence_of_a_pair_is_listed_once(evidence: list[Evidence]) -> None:
    for state in settle_states(evidence, as_of=DAY):
        listed = [*state.supporting, *state.opposing, *state.aside]
        held = [one for one in evidence if one.relation.pair == state.pair]
        assert sorted(one.relation.id for one in listed) == sorted(
            piece.relation.id for piece in held
        )
        assert all(one.relation.state is state.state for one in state.supporting)
        assert state.rule in load_rules()
        assert state.since <= min(held.date_published for held in state.supporting)
        assert state.dated or state.since in {held.date_published for held in state.supporting}
        assert state.reported == max(held.date_published for held in state.supporting)


@pytest.mark.parametrize(("confidence", "count"), [(0.6, 1), (0.59, 0)])
def test_a_weak_hint_alone_carries_no_state(confidence: float, count: int) -> None:
    assert len(settle_states([make(State.TIES, confidence=confidence)], as_of=DAY)) == count


@pytest.mark.parametrize(("days", "state"), [(6, State.WAR), (7, State.TRUCE)])
def test_a_week_decides_between_fighting_and_a_truce(days: int, state: State) -> None:
    held = [*told(State.WAR, -42, -41, -40, -days), *told(State.TRUCE, 0)]
    assert settle(*held, as_of=later(1)).state is state
