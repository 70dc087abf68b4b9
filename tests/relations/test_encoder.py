"""The encoder: what it is given, what it answers, and that the same is weighed once."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from geo.errors import DataError
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article, State
from geo.relations.encoder import (
    END,
    FOLDER,
    LEAD,
    MOST_CONTEXT_PIECES,
    MOST_PIECES,
    PADDING,
    START,
    Encoder,
    Way,
    load_encoder,
    stack_frames,
)
from geo.relations.pairs import ONE, OTHER, MarkedPair, list_pairs


def read(text: str) -> list[MarkedPair]:
    sentences = split_sentences(text)
    mentions = find_mentions(Article(id="test", text=text), sentences, load_gazetteer())
    return list(list_pairs(text, sentences, mentions))


def test_a_frame_holds_context_and_sentence_with_the_places_of_the_marks() -> None:
    frame = load_encoder().frame(f"{ONE} Peru met {OTHER} Chile", "Before it")
    assert frame.pieces[0] == START
    assert frame.pieces[frame.start - 2 : frame.start] == (END, END)
    assert frame.pieces[-1] == END
    assert frame.one == (frame.start,)
    assert frame.other == (frame.start + 3,)


def test_the_pieces_around_a_text_are_those_of_the_tokenizer() -> None:
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    assert [tokenizer.id_to_token(at) for at in (START, PADDING, END)] == ["<s>", "<pad>", "</s>"]


def test_a_party_named_in_the_context_alone_is_found_there() -> None:
    frame = load_encoder().frame(f"{ONE} Peru protested", f"{OTHER} Chile closed the border")
    assert frame.other == (1,)


def test_long_sentences_and_contexts_are_cut_around_the_parties() -> None:
    words = "word " * 400
    frame = load_encoder().frame(f"{words}{ONE} Peru met {OTHER} Chile {words}", words)
    assert (MOST_PIECES, MOST_CONTEXT_PIECES, LEAD) == (176, 64, 40)
    assert len(frame.pieces) <= MOST_PIECES
    assert frame.one[0] - frame.start == LEAD
    short = load_encoder().frame(f"{ONE} Peru met {OTHER} Chile", words)
    assert short.start == MOST_CONTEXT_PIECES + 3


def test_a_batch_is_padded_and_its_weights_add_up_to_one() -> None:
    encoder = load_encoder()
    frames = [encoder.frame(f"{ONE} Peru met {OTHER} Chile" + more, "") for more in ("", " in May")]
    arrays = stack_frames(frames)
    assert arrays["pieces"][0, -1] == PADDING
    assert np.allclose(arrays["one"].sum(1), 1)
    assert arrays["mask"].sum() == sum(len(frame.pieces) for frame in frames)


def test_plain_sentences_are_read() -> None:
    encoder = load_encoder()
    said = {
        "Peru's army attacked Chile on Monday.": (State.WAR, Way.FORWARD),
        "Peru condemned Chile's decision.": (State.DISPUTE, Way.FORWARD),
        "Peru was condemned by Chile.": (State.DISPUTE, Way.BACKWARD),
        "Peru imposed sanctions on Chile.": (State.HOSTILE, Way.FORWARD),
        "Peru and Chile signed a ceasefire.": (State.TRUCE, Way.MUTUAL),
    }
    for sentence, (state, way) in said.items():
        (judgments,) = encoder.weigh(read(sentence), 0.5)
        assert state in {judgment.state for judgment in judgments}, sentence
        assert {judgment.way for judgment in judgments if judgment.state is state} == {way}


def test_eight_bits_are_multiplied_without_overflow_on_any_processor() -> None:
    options = load_encoder()._session.get_session_options()
    assert options.get_session_config_entry("session.x64quantprecision") == "1"


def test_two_countries_that_are_merely_listed_have_nothing() -> None:
    (judgments,) = load_encoder().weigh(read("Rain fell in Peru and in Chile on Monday."), 0.5)
    assert judgments == []


def test_what_reads_the_same_is_weighed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = load_encoder()
    judged: list[object] = []
    held = encoder._judge
    monkeypatch.setattr(
        encoder, "_judge", lambda frame, least: judged.append(frame) or held(frame, least)
    )
    pairs = read("Central Asian nations accused Gulf states of meddling.")
    assert len(pairs) > 20
    assert len(list(encoder.weigh(pairs, 0.5))) == len(pairs)
    assert len(judged) < len(pairs) / 4


def test_answers_do_not_depend_on_what_else_is_weighed() -> None:
    encoder = load_encoder()
    sentences = [f"Peru {verb} Chile." for verb in ("attacked", "praised", "left", "met with")]
    alone = [next(encoder.weigh(read(sentence), 0.3)) for sentence in sentences]
    pairs = [pair for sentence in sentences for pair in read(sentence)]
    assert list(encoder.weigh(pairs, 0.3)) == alone


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be loaded"):
        Encoder(tmp_path)
