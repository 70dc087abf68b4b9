"""A country: every pair from both sides, the focus first, and what no evidence says."""

import re

from geo.map.lenses import view_focus
from geo.map.palette import load_palette
from geo.records import State
from geo.store.queries import Namings
from geo.web.country import describe_country, describe_pair, find_rival
from geo.web.known import find_namings
from geo.web.rendering import render
from tests.samples import (
    BAHRAIN,
    LINES,
    MALTA,
    NORWAY,
    SWEDEN,
    make_context,
    make_evidence,
    make_extraction,
    make_relation,
    make_state,
    pair_states,
)
from tests.web.parsed import Parsed, write_part

NOWHERE = Namings(0, 0, 0, ())


def write_country(*values: object) -> str:
    """Return a country as HTML."""
    return render("country.html", country=describe_country(*values, make_context()))  # type: ignore[arg-type]


def test_a_pair_is_told_from_both_countries() -> None:
    view = view_focus(pair_states(make_state()), {}, load_palette(), NORWAY)
    for country, title in ((BAHRAIN, "Bahrain – Norway"), (NORWAY, "Norway – Bahrain")):
        shown = Parsed(write_country(country, [make_state()], [], NOWHERE, view))
        assert title in shown.text
        assert "Bahrain says no to Norway." in shown.text
        assert LINES[2] in shown.text


def test_supporting_quotes_come_before_those_against_and_those_set_aside() -> None:
    ids = ("r-for", "r-against", "r-aside")
    one, two, three = (make_evidence(make_relation(id=code)) for code in ids)
    state = make_state(supporting=(one,), opposing=(two,), aside=(three,))
    shown = write_part("section", describe_pair(state, make_context()))
    assert re.findall(r'data-relation="([^"]*)"', shown) == list(ids)
    assert "Contested" not in shown


def test_a_contested_pair_names_the_other_side_with_its_best_quote() -> None:
    same = make_evidence(make_relation(id="r-same", state=State.HOSTILE))
    other = make_evidence(make_relation(id="r-other", state=State.TALKS))
    state = make_state(opposing=(same, other), contested=True, runner_up=State.HOSTILE)
    assert find_rival(state) is other
    shown = write_part("section", describe_pair(state, make_context()))
    assert "Contested: other reports say in talks" in shown
    assert shown.index('data-relation="r-other"') < shown.index('data-relation="r-same"')
    assert shown.count('data-relation="r-other"') == 1


def test_a_quote_stands_before_what_was_made_of_it() -> None:
    shown = write_part("section", describe_pair(make_state(), make_context()))
    assert shown.index("<blockquote") < shown.index("independent source") < shown.index("Rule:")


def test_what_the_map_draws_paler_has_a_paler_chip() -> None:
    for state, is_pale in (
        (make_state(), False),
        (make_state(confidence=0.3), True),
        (make_state(aged=True), True),
    ):
        shown = write_part("section", describe_pair(state, make_context()))
        assert ("e-pale" in shown) is is_pale


def test_the_focus_pair_comes_first() -> None:
    ties = make_extraction().relations[0]
    states = [
        make_state(),
        make_state(pair=(NORWAY, SWEDEN), state=State.TIES, supporting=(make_evidence(ties),)),
    ]
    for focus, first in ((SWEDEN, "NOR-SWE"), (BAHRAIN, "BHR-NOR")):
        view = view_focus(pair_states(*states), {}, load_palette(), focus)
        shown = write_country(NORWAY, states, [], NOWHERE, view)
        assert re.findall(r'data-pair="([^"]*)"', shown)[0] == first


def test_named_without_a_relation_and_no_evidence_are_told_apart() -> None:
    extraction = make_extraction()
    view = view_focus({}, {SWEDEN: 1}, load_palette(), NORWAY)
    named = find_namings([extraction], SWEDEN)
    shown = write_country(SWEDEN, [], [], named, view)
    assert "but none says how it stands" in shown
    assert LINES[1] in Parsed(shown).text
    shown = write_country(MALTA, [], [], NOWHERE, view)
    assert "No article up to this date mentions this country" in shown
