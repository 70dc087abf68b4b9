"""Quotes: who said it, when, where, why, and what it weighs."""

import html
from dataclasses import replace
from datetime import date

import pytest

from geo.records import CountryCode, Modality, Quote
from geo.states.settling import load_rules
from geo.web.country import describe_pair
from geo.web.quotes import describe_quote
from tests.samples import LINES, find_span, make_context, make_evidence, make_relation, make_state
from tests.web.parsed import Parsed, write_part


def test_a_quote_says_who_when_where_and_why() -> None:
    shown = write_part("quote", describe_quote(make_evidence(), make_context()))
    for words in (
        "The Harbor",
        "17 May 2024",
        "17 May 2024",
        "until Norway pays its debts & <fines>",
        "Key words",
        "“not receive”",
        "news.example",
    ):
        assert words in Parsed(shown).text
    start, end = find_span(LINES[2])
    assert f"article?article=harbor-1&quote={start}-{end}" in Parsed(shown).links


def test_a_quote_says_which_region_stands_for_a_country_and_who_is_named_just_before() -> None:
    words = "Central Asian states will not receive Norway."
    relation = make_relation(
        actor=CountryCode("KAZ"),
        quote=Quote(exact=words, start_char=10, end_char=10 + len(words)),
        actor_span=(10, 30),
        recipient_span=None,
        cue_spans=(),
    )
    context = replace(make_context(), names={**make_context().names, relation.actor: "Kazakhstan"})
    shown = Parsed(write_part("quote", describe_quote(make_evidence(relation), context))).text
    assert "Central Asian states includes Kazakhstan" in shown
    assert "Norway is named just before" in shown


@pytest.mark.parametrize(
    ("modality", "words"),
    [
        (Modality.POSSIBLE, "Said to be possible"),
        (Modality.DENIED, "Denied by the text"),
        (Modality.PAST, "In the past"),
    ],
)
def test_modality_is_told_and_gives_the_reason_where_a_quote_is_set_aside(
    modality: Modality, words: str
) -> None:
    evidence = make_evidence(make_relation(modality=modality, attributed_to="The mayor"))
    shown = write_part("quote", describe_quote(evidence, make_context()))
    assert words in shown
    assert "The mayor" in shown
    if modality is not Modality.POSSIBLE:
        aside = write_part("section", describe_pair(make_state(aside=(evidence,)), make_context()))
        assert "Set aside" in aside
        assert load_rules()[modality.value] in html.unescape(aside)


def test_what_a_quote_counts_for_is_told_with_the_reason() -> None:
    relation = make_relation(modality=Modality.POSSIBLE)
    state = make_state(supporting=(make_evidence(relation),), as_of=date(2024, 5, 20))
    shown = Parsed(write_part("section", describe_pair(state, make_context()))).line
    assert f"Counts{load_rules()['counts']}" in shown


def test_a_quote_tells_whom_its_license_asks_to_name_and_leads_to_the_page() -> None:
    credited = make_evidence(
        publisher="Gazette", license="CC BY-SA 4.0", credit="Wikipedia contributors"
    )
    row = describe_quote(credited, make_context())
    assert row.license == "Wikipedia contributors, CC BY-SA 4.0"
    shown = Parsed(write_part("quote", row))
    assert "Gazette · 17 May 2024 · Wikipedia contributors, CC BY-SA 4.0 · " in shown.text
    assert credited.url in [link.partition("#")[0] for link in shown.links]
    hostile = describe_quote(make_evidence(license="<img src=x>"), make_context())
    assert "<img" not in write_part("quote", hostile)


def test_a_quote_of_an_article_that_may_only_be_quoted_names_no_license() -> None:
    assert describe_quote(make_evidence(license="quote-only"), make_context()).license == ""
    assert describe_quote(make_evidence(), make_context()).license == ""
