"""Lenses: which value each country has on the map."""

from dataclasses import replace
from datetime import date, timedelta

from geo.map.lenses import (
    SURE_CONFIDENCE,
    Sift,
    count_mentions,
    find_focus,
    list_accords,
    list_lines,
    mark_view,
    rank_pairs,
    sift_evidence,
    view_accord,
    view_focus,
    view_world,
)
from geo.map.palette import load_palette
from geo.records import Modality, State, pair_of
from tests.samples import (
    BAHRAIN,
    MALTA,
    NORWAY,
    SWEDEN,
    make_accord_state,
    make_evidence,
    make_extraction,
    make_relation,
    make_state,
    pair_states,
)

DAY = date(2024, 6, 1)


def test_mentions_that_are_not_counted_and_later_articles_do_not_count() -> None:
    extractions = [make_extraction(), make_extraction(id="later", date_published=date(2024, 6, 2))]
    counts = count_mentions(extractions, as_of=DAY)
    assert dict(counts) == {NORWAY: 2, SWEDEN: 1, BAHRAIN: 2}
    assert not count_mentions([make_extraction(date_published=None)], as_of=DAY)


def test_the_focus_is_the_most_told_country_in_the_gravest_state_of_the_last_weeks() -> None:
    refuses = make_evidence()
    assert find_focus([refuses]) == BAHRAIN
    ties = make_extraction().relations[0]
    assert find_focus([refuses, make_evidence(ties)]) == NORWAY
    war = make_relation(id="war", state=State.WAR, actor=MALTA, recipient=SWEDEN)
    more = make_relation(id="more", state=State.DISPUTE, actor=MALTA, recipient=BAHRAIN)
    evidence = [refuses, make_evidence(war), make_evidence(more)]
    assert find_focus(evidence) == MALTA
    assert find_focus([make_evidence(replace(war, confidence=0.5)), refuses]) == BAHRAIN
    assert find_focus([]) is None
    day = refuses.date_published
    old = make_evidence(war, date_published=day - timedelta(days=100))
    assert find_focus([refuses, old]) == BAHRAIN
    assert find_focus([refuses, old], day - timedelta(days=50)) == MALTA


def test_a_sift_lets_through_what_is_asserted_or_surely_read() -> None:
    possible = make_evidence(make_relation(id="possible", modality=Modality.POSSIBLE))
    weak = make_evidence(make_relation(id="weak", confidence=SURE_CONFIDENCE - 0.1))
    sure = make_evidence(make_relation(id="sure", confidence=SURE_CONFIDENCE))
    evidence = (possible, weak, sure)
    assert sift_evidence(evidence, Sift.ALL) == evidence
    assert sift_evidence(evidence, Sift.ASSERTED) == (weak, sure)
    assert sift_evidence(evidence, Sift.SURE) == (sure,)


def test_a_focus_colors_its_pairs_from_either_side_and_tells_named_countries_apart() -> None:
    mentions = count_mentions([make_extraction()], as_of=DAY)
    view = view_focus(pair_states(make_state()), mentions, load_palette(), NORWAY)
    assert dict(view.values) == {BAHRAIN: "refuses", SWEDEN: "mentioned"}
    assert (view.find_value(NORWAY), view.find_value(MALTA)) == ("focus", "none")
    turned = view_focus(pair_states(make_state()), mentions, load_palette(), BAHRAIN)
    assert turned.values[NORWAY] == "refuses"


def test_places_are_shown_for_their_accord_alone() -> None:
    mentions = count_mentions([make_extraction()], as_of=DAY)
    places = [make_accord_state()]
    assert list_accords(places) == ["Harbor Pact"]
    assert view_accord(places, mentions, load_palette(), "Harbor Pact").values[BAHRAIN] == "member"
    assert view_accord(places, mentions, load_palette(), "Other").values[BAHRAIN] == "mentioned"


def test_values_are_counted_without_the_subject() -> None:
    view = view_focus(pair_states(make_state()), {NORWAY: 1, SWEDEN: 1}, load_palette(), NORWAY)
    assert dict(view.count_values()) == {"mentioned": 1, "refuses": 1}


def test_contested_and_faint_states_are_marked_toward_the_subject() -> None:
    state = make_state(confidence=0.3)
    view = view_focus(pair_states(state), {}, load_palette(), NORWAY)
    marked = mark_view(view, [state], [state.pair, pair_of(SWEDEN, MALTA)])
    assert (marked.contested, marked.faint) == ({BAHRAIN}, {BAHRAIN})


def test_lines_lead_from_one_country_to_all_that_it_stands_toward() -> None:
    assert list_lines([make_state()], BAHRAIN) == [(BAHRAIN, NORWAY, "refuses")]
    assert list_lines([make_state()], MALTA) == []


def test_the_worst_pairs_and_the_best_are_ranked_by_state_and_then_by_reports() -> None:
    states = {
        (BAHRAIN, NORWAY): State.HOSTILE,
        (BAHRAIN, SWEDEN): State.WAR,
        (BAHRAIN, MALTA): State.HOSTILE,
        (NORWAY, SWEDEN): State.ALLIED,
        (MALTA, NORWAY): State.TALKS,
    }
    worst, best = rank_pairs(states, {(BAHRAIN, MALTA): 5, (BAHRAIN, NORWAY): 1})
    assert worst == [(BAHRAIN, SWEDEN), (BAHRAIN, MALTA), (BAHRAIN, NORWAY)]
    assert best == [(NORWAY, SWEDEN), (MALTA, NORWAY)]


def test_the_view_of_the_world_counts_its_lines() -> None:
    pair = pair_of(BAHRAIN, NORWAY)
    view = view_world({pair: State.WAR}, [pair], load_palette())
    assert (dict(view.values), dict(view.count_values())) == ({}, {"war": 1})
