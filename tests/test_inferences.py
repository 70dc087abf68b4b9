"""Inferences: what a link says by the weights of its words, where no cue reads it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from geo import inferences
from geo.clauses import Clauses, parse_clauses
from geo.errors import DataError
from geo.gazetteer import load_gazetteer
from geo.inferences import (
    Features,
    Link,
    Way,
    Weights,
    describe_link,
    describe_sentence,
    infer_state,
    load_senses,
    load_weights,
    probe_link,
)
from geo.lexicon import load_lexicon
from geo.mentions import find_mentions
from geo.parsing import load_parser
from geo.records import Article, Event, Pair, State
from geo.relations import RelationReader
from geo.sentences import split_sentences

WEIGHTS = Weights(
    answers=((State.PARTNERS, Event.AID), (State.WAR, Event.ASSAULT), None),
    rows={
        "head of give": (3.0, -1.0, 0.0, 1.0, 0.0, 0.0),
        "object grenade": (-1.0, 5.0, 0.0, 0.0, 0.0, 0.0),
        "": (0.0, 0.0, 0.5, 0.0, 0.0, 0.5),
    },
)


def read_clauses(text: str) -> Clauses:
    article = Article(id="test", text=text)
    sentences = split_sentences(text)
    mentions = find_mentions(article, sentences, load_gazetteer())
    (clauses,) = parse_clauses(article, sentences, mentions, load_lexicon(), load_parser())
    return clauses


def find_link(text: str) -> tuple[Clauses, Link]:
    clauses = read_clauses(text)
    (link,) = RelationReader(clauses).find_links().values()
    return clauses, link


def describe(
    clauses: Clauses,
    link: Link,
    states: Sequence[tuple[Pair, State]] = (),
    cued: AbstractSet[int] = frozenset(),
) -> Features:
    probed = probe_link(clauses, link)
    assert probed is not None
    return describe_link(clauses, link, probed[0], describe_sentence(clauses, states, cued))


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
    clauses, link = find_link("Norwegian and Chadian engineers mend the pump.")
    assert (link.head.text, link.rule, link.directed) == ("engineers", "side by side", False)
    features = describe(clauses, link)
    assert {"by side by side", "beside with 0 more", "above mend"} <= features.keys()


def test_countries_that_merely_stand_together_have_no_relation() -> None:
    clauses = read_clauses("It rained in Norway, and the sun shone on Chad.")
    assert RelationReader(clauses).read() == []


def test_a_long_list_of_names_is_no_link() -> None:
    clauses = read_clauses("Potatoes grow in Norway, Chad, Fiji, Peru and Togo.")
    assert RelationReader(clauses).find_links() == {}


def test_what_the_words_above_turn_is_a_feature() -> None:
    clauses, link = find_link("Norway refused to mail crates to Chad.")
    assert f"turned to {State.REFUSES}" in describe(clauses, link)


def test_the_way_is_weighed_too() -> None:
    clauses, link = find_link("Norway donated rice to Chad.")
    rows = {"head donate": (9.0, 0.0, 0.0, 0.0, 2.0, 1.0)}
    inference = infer_state(describe(clauses, link), weights=Weights(WEIGHTS.answers, rows))
    assert inference is not None
    assert inference.way is Way.BACKWARD


def test_features_tell_words_senses_and_roles() -> None:
    clauses, link = find_link("Norway's navy donated old boats to the army of Chad.")
    features = describe(clauses, link)
    assert {
        "head donate",
        "head of give",
        "object boat",
        "head of give slot to of",
        "recipient army",
        "actor navy",
        "modifier old",
    } <= features.keys()
    assert all(
        token is None or clauses.text[token.start : token.end] for token in features.values()
    )


def test_the_likeliest_state_is_said_with_the_words_that_weighed_most() -> None:
    clauses, link = find_link("Norway donated rice to Chad.")
    inference = infer_state(describe(clauses, link), weights=WEIGHTS)
    assert inference is not None
    assert (inference.state, inference.event) == (State.PARTNERS, Event.AID)
    assert inference.probability > inferences.LEAST_PROBABILITY
    assert "donated" in [each.text for each in inference.words]


def test_what_is_no_likelier_than_nothing_is_not_said() -> None:
    clauses, link = find_link("Norway resembles Chad.")
    assert infer_state(describe(clauses, link), weights=WEIGHTS) is None


def test_a_cue_goes_before_a_weight() -> None:
    clauses = read_clauses("Norway sent grenades and rice to Chad, and it bombed Sudan.")
    rules = {(each.actor, each.recipient): each.rule for each in RelationReader(clauses).read()}
    assert not rules["NOR", "TCD"].startswith("weighed")


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[float, ...]]:
    """Let the program read these weights, which a test may change, and no others."""
    rows: dict[str, tuple[float, ...]] = {"": (-3.0, -3.0, 3.0, 0.0, 0.0, 0.5)}
    weights = Weights(answers=WEIGHTS.answers, rows=rows)
    monkeypatch.setattr(inferences, "load_weights", lambda: weights)
    return rows


def test_a_pair_that_a_cue_reads_has_a_second_state_where_it_is_likely(
    fitted: dict[str, tuple[float, ...]],
) -> None:
    clauses = read_clauses("Norway met Chad and mailed it crates.")
    assert {each.state for each in RelationReader(clauses).read()} == {State.TALKS}
    fitted["word crate"] = (9.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    states = {each.state for each in RelationReader(clauses).read()}
    assert states == {State.TALKS, State.PARTNERS}


def test_a_second_reading_says_what_the_weights_find_as_likely_as_not(
    fitted: dict[str, tuple[float, ...]],
) -> None:
    clauses = read_clauses("Norway bombed Chad.")
    assert [each.state for each in RelationReader(clauses).read(again=True)] == []
    fitted["head bomb"] = (0.0, 9.0, 0.0, 0.0, 0.0, 0.0)
    assert [each.state for each in RelationReader(clauses).read(again=True)] == [State.WAR]


def test_what_a_cue_reads_is_left_out_where_the_weights_find_it_most_unlikely(
    fitted: dict[str, tuple[float, ...]],
) -> None:
    clauses = read_clauses("Norway bombed Chad.")
    fitted[""] = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    assert [each.state for each in RelationReader(clauses).read()] == [State.WAR]
    fitted[""] = (-9.0, -9.0, 9.0, 0.0, 0.0, 0.0)
    assert RelationReader(clauses).read() == []


def test_the_words_and_states_around_a_link_are_features() -> None:
    clauses, link = find_link("On Monday Norway, an icy place, mailed crates to Chad.")
    pair = (link.actor.country, link.recipient.country)
    states = [(pair, State.WAR), (("FJI", "TCD"), State.TALKS)]
    assert clauses.syntax.tokens[9].text == "crates"
    features = describe(clauses, link, states, {9})
    assert {
        "word icy",
        "near mail",
        "near crate",
        "said of 2 war",
        "said of 1 talks",
        "countries 2",
        "countries between 0",
        "words between 2",
    } <= features.keys()
    assert "word crate" not in features


def test_the_weights_speak_of_states_and_known_senses() -> None:
    weights = load_weights()
    assert None in weights.answers
    assert {each[0] for each in weights.answers if each} == set(State)
    senses = {sense for found in load_senses().values() for sense in found}
    spoken = {each.removeprefix("head of ") for each in weights.rows if each.startswith("head of ")}
    # A link may be headed by the word "of" itself.
    assert {each.split(" ")[0] for each in spoken} - {"slot"} <= senses


@pytest.mark.parametrize(
    ("row", "message"),
    [("head go\t1", "line 2 has 1 weights"), ("head go\tx\t2", "line 2: could not convert")],
)
def test_a_wrong_weight_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, message: str
) -> None:
    (tmp_path / "weights.tsv").write_text(
        f"feature\tnothing\tties COOPERATE\tforward\tbackward\tmutual\n{row}\n"
    )
    monkeypatch.setattr(inferences, "DATA", tmp_path)
    with pytest.raises(DataError, match=message):
        load_weights.__wrapped__()
