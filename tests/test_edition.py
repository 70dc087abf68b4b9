"""Edition: the stages in their order, and what one article can and cannot do to the others."""

import os
import subprocess
import sys
from datetime import date

import pytest

from geo.edition import extract_article, extract_articles, gather_accord_evidence, gather_evidence
from geo.paths import ROOT
from geo.records import Article, Skipped

TEXT = "Norway and Sweden signed the Harbor Treaty."


def test_an_article_yields_mentions_relations_and_places() -> None:
    extraction = extract_article(Article(id="one", text=TEXT))
    assert {mention.country for mention in extraction.mentions} == {"NOR", "SWE"}
    assert {relation.pair for relation in extraction.relations} == {("NOR", "SWE")}
    assert {accord.country for accord in extraction.accords} == {"NOR", "SWE"}
    assert extraction.skipped is None


def test_an_article_that_cannot_be_read_keeps_its_place_and_its_reason() -> None:
    articles = [
        Article(id="one", text=TEXT),
        Skipped(name="two", reason="It is no text."),
        Article(id="three", text=" \n"),
        Article(id="four", text="Norwegen und Schweden", language="de"),
        Article(id="five", text=TEXT, language="en-GB"),
    ]
    found = list(extract_articles(articles))
    assert [hit.article.id for hit in found] == ["one", "two", "three", "four", "five"]
    assert [bool(hit.skipped) for hit in found] == [False, True, True, True, False]
    assert "“de”" in (found[3].skipped or "")


@pytest.mark.parametrize("text", ["x" * 200_000, "word {" * 40_000])
def test_a_run_without_sentences_is_no_article(text: str) -> None:
    extraction = extract_article(Article(id="one", text=text))
    assert "without the end of a sentence" in (extraction.skipped or "")
    assert extraction.relations == ()


def test_the_same_article_reads_the_same_in_every_process() -> None:
    line = b'{"id": "one", "text": "Chad condemned Sudan over the price of onions."}'
    printed = {
        subprocess.run(
            [sys.executable, "-m", "geo", "extract", "-"],
            input=line,
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in (1, 2)
    }
    assert len(printed) == 1
    assert b"condemned" in printed.pop()


def test_evidence_needs_a_date() -> None:
    dated = extract_article(
        Article(id="one", text=TEXT, date_published=date(2024, 3, 1), publisher="The Harbor")
    )
    undated = extract_article(Article(id="two", text=TEXT))
    (evidence,) = gather_evidence([dated, undated])
    assert (evidence.relation.article_id, evidence.publisher) == ("one", "The Harbor")
    assert {evidence.place.article_id for evidence in gather_accord_evidence([dated, undated])} == {
        "one"
    }


def test_a_text_in_another_language_is_set_aside_where_it_states_none() -> None:
    text = (
        "Norwegen hat am Montag seinen Botschafter aus Schweden abberufen. Die Regierung in Stockholm "
        "nannte den Schritt bedauerlich und kündigte eine Antwort für die kommenden Tage an."
    )
    reason = extract_article(Article(id="a", text=text)).skipped
    assert reason is not None
    assert reason.startswith("The text looks to be in “de”; only English is read.")
    assert extract_article(Article(id="a", text=text, language="en")).skipped is None
