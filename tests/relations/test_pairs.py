"""Pairs of a sentence: which countries are parties, and what the encoder is given of them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from geo.edition import read_headline
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article, SentenceKind
from geo.relations.pairs import (
    FURTHER,
    LEAST_CONFIDENCE,
    MARKS,
    MOST_CONTEXT,
    MOST_PAIRS,
    ONE,
    OTHER,
    MarkedPair,
    list_crowded,
    list_pairs,
)


def read(text: str, title: str | None = None) -> list[MarkedPair]:
    article = Article(id="test", text=text, title=title)
    sentences = split_sentences(text)
    mentions = find_mentions(article, sentences, load_gazetteer())
    return list(list_pairs(text, sentences, mentions, read_headline(article)))


def name(pairs: list[MarkedPair]) -> list[str]:
    return [f"{pair.one}-{pair.other}" for pair in pairs]


def test_each_two_countries_of_a_sentence_are_a_pair_and_the_first_named_comes_first() -> None:
    pairs = read("Peru and Chile signed a treaty with Bolivia.")
    assert name(pairs) == ["PER-CHL", "PER-BOL", "CHL-BOL"]


def test_parties_are_marked_apart_from_further_countries() -> None:
    (first, *_) = read("Peru and Chile signed a treaty with Bolivia.")
    assert first.text == (f"{ONE} Peru and {OTHER} Chile signed a treaty with {FURTHER} Bolivia.")


def test_a_mention_of_both_parties_has_both_marks() -> None:
    pairs = read("Peru and Chile met. Both countries signed a treaty.")
    assert pairs[-1].text == f"{ONE} {OTHER} Both countries signed a treaty."


def test_the_sentence_before_and_the_headline_give_parties_and_context() -> None:
    pairs = read("Chile closed the border on Monday. Peru protested.", "Bolivia looks on")
    assert name(pairs) == ["CHL-BOL", "PER-CHL", "PER-BOL"]
    assert pairs[1].other_span is None
    assert (
        pairs[1].context
        == f"{FURTHER} Bolivia looks on . {OTHER} Chile closed the border on Monday."
    )


def test_the_innermost_topic_is_the_headline_of_an_item_without_a_title() -> None:
    item = Article(id="item", text="Peru protested.", topics=("Fishing", "Chile and the sea"))
    headline = read_headline(item)
    assert headline is not None
    assert headline.text == "Chile and the sea"
    assert [mention.country for mention in headline.mentions] == ["CHL"]
    titled = read_headline(replace(item, title="Bolivia looks on"))
    assert titled is not None
    assert titled.text == "Bolivia looks on"


def test_a_topic_gives_a_party_beside_one_country_and_none_beside_two() -> None:
    def name_pairs(text: str) -> list[str]:
        article = Article(id="item", text=text, topics=("Chile and the sea",))
        sentences = split_sentences(text)
        mentions = find_mentions(article, sentences, load_gazetteer())
        return name([*list_pairs(text, sentences, mentions, read_headline(article))])

    assert name_pairs("Peru protested.") == ["PER-CHL"]
    assert name_pairs("Peru protested in Bolivia.") == ["PER-BOL"]


def test_a_country_named_two_sentences_before_is_no_party_for_the_encoder_cannot_see_it() -> None:
    pairs = read("Chile closed the border. It rained. Peru protested.")
    assert name(pairs) == []


def test_a_sentence_without_a_name_speaks_of_the_two_named_just_before() -> None:
    pairs = read("Chile and Peru sent ministers. The talks lasted two days.")
    assert name(pairs) == ["CHL-PER", "CHL-PER"]
    assert (pairs[1].one_span, pairs[1].other_span) == (None, None)


def test_context_gives_at_most_so_many_parties() -> None:
    pairs = read("Chile, Bolivia, Brazil, Ecuador and Uruguay met. Peru stayed away from it all.")
    assert len([pair for pair in pairs if pair.one == "PER"]) == MOST_CONTEXT == 3


def test_a_long_list_is_read_to_a_limit_and_the_sentence_is_told() -> None:
    text = "Peru, Chile, Bolivia, Brazil, Ecuador, Uruguay, Colombia, Mexico and Cuba voted."
    article = Article(id="test", text=text)
    sentences = split_sentences(text)
    mentions = find_mentions(article, sentences, load_gazetteer())
    assert len(read(text)) == MOST_PAIRS == 28
    assert list(list_crowded(sentences, mentions)) == [(sentences[0], 9)]


def test_an_unsure_mention_is_no_party() -> None:
    assert LEAST_CONFIDENCE == 0.5
    assert read("Police met ethnic Albanians in Serbia.") == []


def test_headings_and_boilerplate_have_no_pairs() -> None:
    pairs = read(
        "Chile and Peru sent ministers to the border.\n\n(Reporting by A in Lima and Quito)"
    )
    assert all(pair.sentence.kind is SentenceKind.BODY for pair in pairs)


def test_marks_in_a_text_count_as_white_space() -> None:
    (pair,) = read(f"Peru {ONE}accused{OTHER} Chile.")
    assert pair.text == f"{ONE} Peru accused {OTHER} Chile."


@given(
    st.lists(
        st.sampled_from(["Peru", "Chile", " ", "\n", "attacked", "’s", "Chad", ONE, "\u00a0", "."]),
        max_size=20,
    )
)
def test_origins_lead_from_the_marked_text_to_the_article(words: list[str]) -> None:
    text = "Peru met Chile" + " ".join(words)
    for pair in read(text):
        assert len(pair.text) == len(pair.origins)
        for letter, origin in zip(pair.text, pair.origins, strict=True):
            assert origin == -1 or text[origin] == letter
        marks = [letter for letter in pair.text if letter in MARKS]
        assert len(marks) <= len(words) + 2
