"""Relations: who stands how toward whom, by the rows of ``cases/relations.tsv``."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.edition import extract_article
from geo.records import Article, Relation, State

CASES = Path(__file__).parents[1] / "cases" / "relations.tsv"
NAMES = ("Israel", "Iran", "Norway", "the United States", "Baku", "Sudan", "Japan", "the Kremlin")
WORDS = (
    "attacked",
    "has ties with",
    "and",
    "said",
    "refused to meet",
    "in talks with",
    "until",
    ".",
)


def read(text: str) -> tuple[Relation, ...]:
    article = Article(id="test", text=text, date_published=date(2025, 8, 1))
    return extract_article(article).relations


def show(relation: Relation) -> str:
    sign = ">" if relation.directed else "="
    pair = f"{relation.actor}{sign}{relation.recipient}"
    return f"{pair} {relation.state} {relation.event} {relation.modality}"


def read_cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case["sentence"][:60])
def test_sentence_is_read_as_its_row_says(case: dict[str, str]) -> None:
    expected = [each for each in case["expected"].split("; ") if each]
    assert sorted(map(show, read(case["sentence"]))) == sorted(expected)


def test_condition_is_kept_in_the_words_of_the_sentence() -> None:
    (relation,) = read("Chad will not open its border with Sudan until Sudan frees its men.")
    assert relation.state is State.REFUSES
    assert relation.condition == "until Sudan frees its men"


def test_speaker_is_kept_unless_it_is_one_of_the_two() -> None:
    (relation,) = read("Two diplomats said that Chad attacked Sudan.")
    assert relation.attributed_to == "Two diplomats"
    (relation,) = read("Chad said that it had recalled its ambassador to Sudan.")
    assert relation.attributed_to is None


def test_spans_point_at_the_words_that_decided() -> None:
    text = "On Monday Chad recalled its ambassador to Sudan."
    (relation,) = read(text)
    assert [text[start:end] for start, end in relation.cue_spans] == ["recalled", "ambassador"]
    assert relation.actor_span is not None
    assert relation.recipient_span is not None
    assert text[slice(*relation.actor_span)] == "Chad"
    assert text[slice(*relation.recipient_span)] == "Sudan"


def test_byline_and_heading_are_no_evidence() -> None:
    text = "It rained.\n\nCHAD ATTACKS SUDAN\n\n(Reporting by A. Writer in Chad; editing in Sudan)"
    assert read(text) == ()


@pytest.mark.parametrize(
    "headline", ["CHAD ATTACKS SUDAN", "Chad Attacks Sudan", "Chad attacks Sudan"]
)
def test_a_headline_above_the_body_is_read_however_it_is_spelled(headline: str) -> None:
    (relation,) = read(f"{headline}\n\nIt rained.")
    assert (relation.actor, relation.recipient, relation.state) == ("TCD", "SDN", State.WAR)
    assert relation.quote.exact == headline
    assert relation.cue.lower() == "attacks"


def test_a_list_of_headlines_is_read_line_by_line() -> None:
    lines = ["Chad attacks Sudan", "Norway recognizes Palestine", "Peru mourns a poet of Chile"]
    assert {each.quote.exact for each in read("\n".join(lines))} == set(lines[:2])


def test_relation_has_the_same_id_in_every_reading() -> None:
    text = "Chad attacked Sudan."
    assert read(text) == read(text)
    assert len({each.id for each in read("Chad attacked Sudan. Chad attacked Sudan again.")}) == 2


def test_very_long_sentence_is_left_out() -> None:
    assert read("Chad attacked Sudan " + "and said more " * 200 + ".") == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(NAMES + WORDS), max_size=25))
def test_every_quote_is_a_slice_and_names_two_countries(words: list[str]) -> None:
    text = " ".join(words)
    for relation in read(text):
        quote = relation.quote
        assert text[quote.start_char : quote.end_char] == quote.exact
        assert relation.actor != relation.recipient
        assert 0 < relation.confidence <= 1
        for start, end in relation.cue_spans:
            assert quote.start_char <= start < end <= quote.end_char
