"""A map in words: its summary, its legend, its table, and all that it lists."""

import re
from dataclasses import replace
from datetime import date

from geo.map.lenses import count_mentions, view_accord, view_focus
from geo.map.palette import load_palette
from geo.records import State
from geo.web.legend import list_legend, list_undrawn
from geo.web.map_words import (
    Basis,
    describe_overview,
    list_disputes,
    list_values,
    list_views,
    name_mentioned,
    tell_basis,
    write_summary,
)
from geo.web.rendering import render
from tests.samples import (
    BAHRAIN,
    LINES,
    NORWAY,
    SWEDEN,
    make_accord_state,
    make_context,
    make_evidence,
    make_extraction,
    make_relation,
    make_state,
    pair_states,
)
from tests.web.parsed import Parsed

DAY = date(2024, 6, 1)


def test_the_summary_says_the_map_in_words() -> None:
    mentions = count_mentions([make_extraction()], as_of=DAY)
    palette, context = load_palette(), make_context()
    view = view_focus(pair_states(make_state()), mentions, palette, NORWAY)
    assert write_summary(view, [make_state()], context) == (
        "How countries stand toward Norway",
        "1 country refusing (Bahrain, until Norway pays its debts & <fines>)",
    )
    accord = view_accord([make_accord_state()], mentions, palette, "Harbor Pact")
    assert write_summary(accord, [], context) == (
        "Harbor Pact",
        "1 country in it",
    )
    empty = view_focus({}, {}, palette, None)
    assert write_summary(empty, [], context)[1] == "no relation found"


def test_the_legend_names_each_value_with_its_count_and_pattern() -> None:
    view = view_focus(pair_states(make_state()), {SWEDEN: 1}, load_palette(), NORWAY)
    view = name_mentioned(view, make_context())
    legend = render("legend.html", legend=list_legend(view, make_context()))
    assert re.findall(r"<span>(.*?)</span>(?:<b>(.*?)</b>)?", legend) == [
        ("Focus: Norway", ""),
        ("Refuses", "1"),
        ("Mentioned, nothing about Norway", "1"),
        ("No evidence", ""),
        ("hatched: disputed land", ""),
    ]
    assert re.findall(r"e-tile-\w+", legend) == ["e-tile-dots", "e-tile-specks"]
    marked = replace(view, contested=frozenset({BAHRAIN}), faint=frozenset({BAHRAIN}))
    marks = list_legend(marked, make_context())[-3:-1]
    assert [(entry.code, entry.number) for entry in marks] == [("contested", "1"), ("faint", "1")]
    tones = {entry.code: entry.tone for entry in list_legend(marked, make_context())}
    assert (tones["refuses"], tones["mentioned"]) == ("pale", "")


def test_the_views_of_the_borders_are_told_with_sources_where_they_differ_first() -> None:
    shown = Parsed(
        render(
            "disputes.html",
            views=list_views(),
            disputes=list_disputes(make_context()),
        )
    ).text
    assert "Natural Earth 5.1, default point of view and breakaway areas" in shown
    assert "General Assembly resolution 68/262 (2014)" in shown
    assert shown.index("Crimea") < shown.index("Aksai Chin")


def test_a_country_that_the_map_does_not_draw_is_listed() -> None:
    view = view_focus(pair_states(make_state()), {SWEDEN: 1}, load_palette(), NORWAY)
    assert list_undrawn(view, [BAHRAIN], make_context()) == "Sweden (Mentioned, nothing more)"
    assert list_undrawn(view, [BAHRAIN, SWEDEN], make_context()) == ""


def test_the_table_holds_every_country_of_the_map() -> None:
    mentions = count_mentions([make_extraction()], as_of=DAY)
    view = view_focus(pair_states(make_state()), mentions, load_palette(), NORWAY)
    rows = list_values(view, [make_state()], [], make_context(), mentions)
    assert [(row["Country"], row["Value"], row["Quotes"]) for row in rows] == [
        ("Bahrain", "Refuses", 1),
        ("Sweden", "Mentioned, nothing more", 0),
    ]
    accord = view_accord([make_accord_state()], mentions, load_palette(), "Harbor Pact")
    first, *_ = list_values(accord, [], [make_accord_state()], make_context(), mentions)
    assert (first["Country"], first["Value"], first["Quote"]) == ("Bahrain", "Member", LINES[3])


def test_what_a_map_rests_on_is_told_in_words() -> None:
    today, last = date(2024, 6, 2), date(2024, 6, 1)
    one = Basis(reports=1, outlets=1, first=last, last=last, only="The Harbor")
    assert tell_basis(one, today) == "one article by The Harbor of June 2024, as a demonstration"
    more = Basis(reports=30412, outlets=2, first=date(2002, 1, 5), last=last)
    assert tell_basis(more, today) == "30,412 reports of 2 outlets, 2002 to yesterday"
    none = Basis(reports=0, outlets=0, first=None, last=None)
    assert tell_basis(none, today) == "no report has been read"


def test_an_overview_of_each_lens_lists_what_has_a_value() -> None:
    palette, context = load_palette(), make_context()
    mentions = count_mentions([make_extraction()], as_of=DAY)
    states, places = [make_state()], [make_accord_state()]
    views = (
        view_focus(pair_states(*states), mentions, palette, NORWAY),
        view_accord(places, mentions, palette, "Harbor Pact"),
    )
    overviews = [describe_overview(states, places, view, context) for view in views]
    shown = [Parsed(render("overview.html", overview=overview)).line for overview in overviews]
    assert "Norway – BahrainRefuses" in shown[0]
    assert "BahrainMember" in shown[1]


def test_the_list_is_sorted_by_state_by_reports_or_by_name() -> None:
    palette, context = load_palette(), make_context()
    more = make_evidence(make_relation(id="more", state=State.TIES, recipient=SWEDEN))
    told = make_state(pair=(NORWAY, SWEDEN), state=State.TIES, supporting=(more, more))
    states = [make_state(), told]
    view = view_focus(pair_states(*states), {}, palette, NORWAY)

    def list_titles(sort: str) -> list[str]:
        overview = describe_overview(states, [], view, context, sort)
        return [section.title for _, group in overview.groups for section in group]

    assert list_titles("worst") == ["Norway – Bahrain", "Norway – Sweden"]
    assert list_titles("told") == ["Norway – Sweden", "Norway – Bahrain"]
    assert list_titles("name") == ["Norway – Bahrain", "Norway – Sweden"]
