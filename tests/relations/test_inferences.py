"""Inferences: what a sentence most likely says of two countries, where no cue says it."""

import pytest
from encoders import WordEncoder

from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article, Event, Modality, State
from geo.relations import inferences
from geo.relations.clauses import Clauses, parse_clauses
from geo.relations.cues import load_lexicon
from geo.relations.encoder import split_word
from geo.relations.inferences import (
    NOTHING,
    Likelihood,
    Link,
    Way,
    choose_words,
    count_statements,
    list_answers,
    load_encoder,
    mask_link,
    read_likelihood,
    weigh_links,
)
from geo.relations.parser import load_parser
from geo.relations.reader import RelationReader, find_relations

ANSWERS = list_answers(
    ("dispute ACCUSE", "dispute PROTEST", NOTHING, "partners AID", "talks CONSULT", "war ASSAULT")
)


FORWARD = {f"{state} {Way.FORWARD}": 9.0 for state in State}


def read_clauses(text: str) -> Clauses:
    article = Article(id="test", text=text)
    sentences = split_sentences(text)
    mentions = find_mentions(article, sentences, load_gazetteer())
    (clauses,) = parse_clauses(article, sentences, mentions, load_lexicon(), load_parser())
    return clauses


def find_link(text: str) -> tuple[Clauses, Link]:
    clauses = read_clauses(text)
    (link,) = RelationReader(clauses).links.values()
    return clauses, link


@pytest.mark.parametrize(
    ("text", "head", "actor", "recipient"),
    [
        ("Norway mailed crates to Chad.", "mailed", "NOR", "TCD"),
        ("Crates were mailed to Chad by Norway.", "mailed", "NOR", "TCD"),
        ("Norway's affection for Chad grew.", "affection", "NOR", "TCD"),
        ("Norway, which mailed crates to Chad, was silent.", "mailed", "NOR", "TCD"),
    ],
)
def test_a_link_is_the_word_that_joins_actor_and_recipient(
    text: str, head: str, actor: str, recipient: str
) -> None:
    _, link = find_link(text)
    assert (link.head.text, link.actor.country, link.recipient.country) == (head, actor, recipient)


def test_names_that_no_grammar_joins_are_linked_where_their_ways_up_meet() -> None:
    _, link = find_link("Norwegian and Chadian engineers mend the pump.")
    assert (link.head.text, link.rule, link.directed) == ("engineers", "side by side", False)


def test_countries_that_merely_stand_together_have_no_relation() -> None:
    clauses = read_clauses("It rained in Norway, and the sun shone on Chad.")
    assert find_relations([clauses]) == ()


def test_a_long_list_of_names_is_no_link() -> None:
    clauses = read_clauses("Potatoes grow in Norway, Chad, Fiji, Peru and Togo.")
    assert RelationReader(clauses).links == {}


def test_a_link_is_masked_in_its_sentence() -> None:
    clauses, link = find_link("Norway's navy lent old boats to Chad.")
    encoder = load_encoder()
    masked = mask_link(clauses, link, encoder)
    words = ["[unused1]", "'s", "navy", "[unused4]", "lent", "old", "boats", "to", "[unused2]", "."]
    assert masked.pieces == (
        encoder.pieces["[CLS]"],
        *(
            piece
            for word in words
            for piece in (
                [encoder.pieces[word]] if word.startswith("[") else split_word(word, encoder.pieces)
            )
        ),
        encoder.pieces["[SEP]"],
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Norway mailed crates to Chad.", ["mailed", "crates", "to"]),
        ("Norway shipped off crates to Chad.", ["shipped", "off", "crates"]),
        ("Norway's affection for Chad grew.", ["affection", "for"]),
    ],
)
def test_the_words_of_a_link_are_those_by_which_grammar_joins_its_names(
    text: str, words: list[str]
) -> None:
    assert [each.text for each in choose_words(*find_link(text))] == words


def read_odds(**odds: float) -> Likelihood:
    """Return the likelihood of log-odds by answer, with one line for a blank in its name.

    Each state goes forward unless its odds say otherwise.
    """
    told = FORWARD | {name.replace("_", " "): each for name, each in odds.items()}
    assert told.keys() <= set(ANSWERS)
    return read_likelihood([told.get(each, 0.0) for each in ANSWERS], ANSWERS)


def test_the_likeliest_state_is_said_where_it_is_likely_enough() -> None:
    likely = read_odds(partners_AID=6, war_ASSAULT=1, partners_backward=20, denied=1)
    inference = likely.infer()
    assert inference is not None
    assert (inference.event, inference.state) == (Event.AID, State.PARTNERS)
    assert (inference.way, inference.modality) == (Way.BACKWARD, Modality.DENIED)
    way = likely.ways[State.PARTNERS, Way.BACKWARD]
    assert inference.probability == likely.sum_states()[State.PARTNERS] * way
    assert read_odds(partners_AID=1, war_ASSAULT=1).infer() is None


def test_each_state_has_a_way_of_its_own() -> None:
    odds = {"partners_forward": 9.0, "war_backward": 20.0}
    one, other = read_odds(partners_AID=9, **odds).infer(), read_odds(war_ASSAULT=9, **odds).infer()
    assert one is not None
    assert other is not None
    assert (one.way, other.way) == (Way.FORWARD, Way.BACKWARD)


def test_the_roots_of_a_state_count_together() -> None:
    likely = read_odds(dispute_ACCUSE=5, dispute_PROTEST=5.1, nothing=2)
    inference = likely.infer()
    assert inference is not None
    assert inference.event is Event.PROTEST
    assert inference.probability == pytest.approx(likely.sum_states()[State.DISPUTE], rel=0.01)


def test_a_known_state_is_not_inferred_again() -> None:
    assert read_odds(partners_AID=5, war_ASSAULT=3).infer({State.PARTNERS}) is None
    second = read_odds(war_ASSAULT=6).infer({State.PARTNERS})
    assert second is not None
    assert second.state is State.WAR


def test_how_likely_a_state_has_to_be_can_be_told() -> None:
    even = read_odds(war_ASSAULT=6, partners_AID=6)
    assert even.infer() is None
    assert even.infer(least=0.4) is not None


def test_nothing_is_weighed_where_nothing_is_linked() -> None:
    assert weigh_links([]) == []


def test_a_cue_goes_before_what_is_inferred() -> None:
    clauses = read_clauses("Norway sent grenades and rice to Chad, and it bombed Sudan.")
    rules = {(each.actor, each.recipient): each.rule for each in find_relations([clauses])}
    assert not rules["NOR", "TCD"].startswith("weighed")


@pytest.fixture
def odds(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, float]]:
    """Let the program weigh these words, which a test may change, and no others."""
    encoder = WordEncoder(ANSWERS[: count_statements(ANSWERS)])
    encoder.odds[""] = dict(FORWARD)
    monkeypatch.setattr(inferences, "load_encoder", lambda: encoder)
    return encoder.odds


def test_a_pair_that_a_cue_reads_has_a_second_state_where_it_is_likely(
    odds: dict[str, dict[str, float]],
) -> None:
    clauses = read_clauses("Norway met Chad and mailed it crates.")
    assert {each.state for each in find_relations([clauses])} == {State.TALKS}
    odds["crates"] = {"partners AID": 9.0, "talks CONSULT": 7.0}
    states = {each.state for each in find_relations([clauses])}
    assert states == {State.TALKS, State.PARTNERS}


def test_what_a_cue_reads_is_left_out_where_it_is_most_unlikely(
    odds: dict[str, dict[str, float]],
) -> None:
    clauses = read_clauses("Norway bombed Chad.")
    odds[""][NOTHING] = 3.0
    assert [each.state for each in find_relations([clauses])] == [State.WAR]
    odds["bombed"] = {NOTHING: 9.0}
    assert find_relations([clauses]) == ()


def test_another_state_takes_the_place_of_what_is_left_out(
    odds: dict[str, dict[str, float]],
) -> None:
    # As likely as that nothing is said: too little without a cue.
    odds["crates"] = {NOTHING: 9.0, "partners AID": 9.0}
    assert find_relations([read_clauses("Norway mailed crates to Chad.")]) == ()
    (relation,) = find_relations([read_clauses("Norway bombed Chad with crates.")])
    assert relation.state is State.PARTNERS


def test_what_is_inferred_has_the_way_and_modality_of_the_sentence(
    odds: dict[str, dict[str, float]],
) -> None:
    odds["crates"] = {"partners AID": 9.0}
    odds["may"] = {"possible": 1.0}
    odds["swapped"] = {"partners mutual": 20.0, "past": 1.0}
    for text, directed, modality in (
        ("Norway forwarded crates to Chad.", True, Modality.ASSERTED),
        ("Norway may forward crates to Chad.", True, Modality.POSSIBLE),
        ("Norway swapped crates with Chad.", False, Modality.PAST),
    ):
        (relation,) = find_relations([read_clauses(text)])
        assert (relation.state, relation.modality) == (State.PARTNERS, modality)
        assert (relation.actor, relation.directed) == ("NOR", directed)
        assert relation.rule.startswith("weighed sentence")


def test_a_state_whose_way_is_open_is_not_said(odds: dict[str, dict[str, float]]) -> None:
    odds["crates"] = {"partners AID": 9.0}
    assert len(find_relations([read_clauses("Norway forwarded crates to Chad.")])) == 1
    odds["forwarded"] = {"partners backward": 9.0}
    assert find_relations([read_clauses("Norway forwarded crates to Chad.")]) == ()


def test_talks_between_an_actor_and_a_recipient_are_the_actors(
    odds: dict[str, dict[str, float]],
) -> None:
    odds["crates"] = {"talks CONSULT": 9.0, "talks mutual": 20.0}
    for text, directed in (
        ("Norway mailed crates to Chad.", True),
        ("Norwegian and Chadian crates broke.", False),
    ):
        (relation,) = find_relations([read_clauses(text)])
        assert (relation.state, relation.directed) == (State.TALKS, directed)
