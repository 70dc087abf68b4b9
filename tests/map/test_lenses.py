"""Lenses: which value each country has on the map."""

from datetime import date

from geo.map.lenses import (
    SURE_CONFIDENCE,
    Sift,
    count_mentions,
    find_focus,
    list_accords,
    list_arcs,
    mark_view,
    sift_evidence,
    view_accord,
    view_focus,
)
from geo.map.palette import load_palette
from geo.records import Modality, pair_of
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


def test_the_focus_is_the_country_with_most_evidence() -> None:
    evidence = [make_evidence()]
    assert find_focus(evidence) == BAHRAIN
    ties = make_extraction().relations[0]
    assert find_focus([*evidence, make_evidence(ties)]) == NORWAY
    assert find_focus([]) is None


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


def test_arcs_lead_from_one_country_to_all_that_it_stands_toward() -> None:
    assert list_arcs([make_state()], BAHRAIN) == {NORWAY: "refuses"}
    assert list_arcs([make_state()], MALTA) == {}
