"""The seed article from end to end: every plain relation, no false one, the right states and places."""

from dataclasses import replace

import pytest

from geo.edition import extract_article, gather_accord_evidence, gather_evidence
from geo.paths import SEED_SEGMENTS, SEEDS
from geo.reading.files import read_path
from geo.records import Article, Extraction, Place, SentenceKind, State
from geo.states.accords import settle_accords
from geo.states.settling import settle_states
from geo.store.segments import read_extractions
from geo.tools.gold import GOLD, GoldArticle, read_gold

COUNTRIES = {
    *("ARE", "ARM", "AZE", "BHR", "CAN", "FRA", "GBR", "IRN", "ISR", "KAZ"),
    *("KGZ", "MAR", "PSE", "RUS", "SAU", "SDN", "TJK", "TKM", "USA", "UZB"),
}
SETTLED = {
    "AZE-ISR": State.TIES,
    "ISR-SAU": State.REFUSES,
    "ISR-PSE": State.WAR,
    "CAN-PSE": State.PLEDGED,
    "FRA-PSE": State.PLEDGED,
    "GBR-PSE": State.PLEDGED,
    "ARE-ISR": State.TIES,
    "BHR-ISR": State.TIES,
    "ISR-MAR": State.TIES,
    "ISR-SDN": State.TIES,
    "AZE-USA": State.TALKS,
    "ISR-KAZ": State.TIES,
}
# What the reader does not find of what is plain; a list that only grows shorter.
MISSED = {("ARM", "AZE", State.DISPUTE), ("ARM", "USA", State.PARTNERS)}
PLACES = {
    "ISR": Place.MEMBER,
    "ARE": Place.MEMBER,
    "BHR": Place.MEMBER,
    "MAR": Place.MEMBER,
    "SDN": Place.MEMBER,
    "AZE": Place.JOINING,
    "KAZ": Place.APPROACHED,
    "USA": Place.SPONSOR,
}


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    (article,) = read_path(SEEDS)
    assert isinstance(article, Article)
    return extract_article(article)


@pytest.fixture(scope="module")
def gold() -> GoldArticle:
    return read_gold(GOLD / "seed.txt")


def test_every_plain_relation_is_found_with_an_overlapping_quote(
    extraction: Extraction, gold: GoldArticle
) -> None:
    missed = {
        (*label.pair, label.state)
        for label in gold.relations
        if not label.optional
        and not any(
            (relation.pair, relation.state) == (label.pair, label.state)
            and relation.quote.start_char < label.span[1]
            and label.span[0] < relation.quote.end_char
            for relation in extraction.relations
        )
    }
    assert missed == MISSED


def test_found_relations_have_the_labeled_modality_direction_and_condition(
    extraction: Extraction, gold: GoldArticle
) -> None:
    for label in gold.relations:
        for relation in extraction.relations:
            overlaps = (
                relation.quote.start_char < label.span[1]
                and label.span[0] < relation.quote.end_char
            )
            if overlaps and (relation.pair, relation.state) == (label.pair, label.state):
                assert relation.modality is label.modality
                assert relation.condition == label.condition
                assert not label.directed or relation.actor == label.actor


def test_countries_named_together_have_no_relation(extraction: Extraction) -> None:
    pairs = {relation.pair for relation in extraction.relations}
    assert not pairs & {("AZE", "RUS"), ("AZE", "IRN"), ("IRN", "RUS")}


def test_unanswered_requests_headings_and_byline_are_no_evidence(extraction: Extraction) -> None:
    text = extraction.article.text
    kinds = {
        text[sentence.start_char : sentence.end_char].strip(): sentence.kind
        for sentence in extraction.sentences
    }
    assert kinds["Latest News"] is SentenceKind.HEADING
    assert kinds["OBSTACLES REMAINS"] is SentenceKind.HEADING
    byline = text.index("(Reporting and editing by")
    assert all(mention.end_char <= byline for mention in extraction.mentions)
    for said in (*extraction.relations, *extraction.accords):
        assert "Requests for comment" not in said.quote.exact
        assert said.quote.end_char <= byline


def test_countries_are_those_that_the_article_names(extraction: Extraction) -> None:
    assert {mention.country for mention in extraction.mentions if mention.counted} == COUNTRIES


def test_every_quote_is_verbatim(extraction: Extraction) -> None:
    text = extraction.article.text
    for said in (*extraction.relations, *extraction.accords):
        quote = said.quote
        assert text[quote.start_char : quote.end_char] == quote.exact
        assert text[: quote.start_char].endswith(quote.prefix)
        assert text[quote.end_char :].startswith(quote.suffix)


def test_pairs_settle(extraction: Extraction) -> None:
    day = extraction.article.date_published
    assert day is not None
    states = {
        "-".join(state.pair): state
        for state in settle_states(gather_evidence([extraction]), as_of=day)
    }
    assert {pair: states[pair].state for pair in SETTLED} == SETTLED
    assert states["ARM-AZE"].state is State.TALKS


def test_places_in_the_accord_settle(extraction: Extraction) -> None:
    day = extraction.article.date_published
    assert day is not None
    places = settle_accords(gather_accord_evidence([extraction]), as_of=day)
    assert {place.accord for place in places} == {"Abraham Accords"}
    assert {place.country: place.place for place in places} == PLACES


def test_the_committed_segment_is_what_the_stages_read_today(extraction: Extraction) -> None:
    # Rounded weights give slightly other probabilities on other processors.
    def forget(read: Extraction) -> Extraction:
        plain = (replace(relation, confidence=0.0) for relation in read.relations)
        return replace(read, relations=tuple(plain))

    (held,) = read_extractions(SEED_SEGMENTS)
    assert forget(held) == forget(extraction)
    for old, new in zip(held.relations, extraction.relations, strict=True):
        assert old.confidence == pytest.approx(new.confidence, abs=0.03)
