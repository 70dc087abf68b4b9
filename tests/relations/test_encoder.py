"""Encoder: words become pieces, names are masked, and what is read does not depend on its neighbors."""

from pathlib import Path

import numpy as np
import pytest
from encoders import make_encoder
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataError
from geo.records import State
from geo.relations.encoder import (
    ACTOR,
    CONTROLS,
    END,
    INSIDE,
    JOINT,
    MOST_PIECES,
    OTHER,
    RECIPIENT,
    START,
    TOGETHER,
    UNKNOWN,
    Encoder,
    Masked,
    load_encoder,
    read_encoder,
    split_word,
    write_encoder,
)
from geo.relations.inferences import NOTHING, count_statements, list_answers, read_answer

PIECES = {each: n for n, each in enumerate([*CONTROLS, "em", "embassy", "##bar", "##go", "s", "."])}


def name_pieces(encoder: Encoder, masked: Masked) -> list[str]:
    names = list(encoder.pieces)
    return [names[each] for each in masked.pieces]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("embassy", ["embassy"]),
        ("Embargo", ["em", "##bar", "##go"]),
        ("émbargo", ["em", "##bar", "##go"]),
        ("s.", ["s", "."]),
        ("emu", [UNKNOWN]),
        ("", []),
    ],
)
def test_a_word_is_made_of_the_longest_pieces(word: str, expected: list[str]) -> None:
    names = list(PIECES)
    assert [names[each] for each in split_word(word, PIECES)] == expected


@given(st.text(max_size=30))
def test_every_word_has_pieces_that_the_encoder_knows(word: str) -> None:
    encoder = load_encoder()
    assert all(0 <= each < len(encoder.pieces) for each in split_word(word, encoder.pieces))


def test_names_are_masked_and_the_word_that_joins_them_is_marked() -> None:
    encoder = make_encoder(["embassy"])
    words = ["Norway", "embassy", "Chad", "Mali"]
    masked = encoder.mask(words, actor=[0], recipient=[2], others=[0, 2, 3], joint=1)
    expected = [START, ACTOR, JOINT, "embassy", RECIPIENT, OTHER, END]
    assert name_pieces(encoder, masked) == expected
    assert masked.places == (0, 1, 4, 3)


def test_a_name_of_both_countries_is_masked_as_both() -> None:
    encoder = make_encoder(["embassy"])
    masked = encoder.mask(["both", "embassy"], actor=[0], recipient=[0], others=[0], joint=1)
    assert name_pieces(encoder, masked) == [START, ACTOR, RECIPIENT, JOINT, "embassy", END]


def test_a_long_sentence_is_cut_off() -> None:
    encoder = make_encoder(["embassy"])
    masked = encoder.mask(
        ["embassy"] * 500 + ["Chad"], actor=[0], recipient=[500], others=(), joint=1
    )
    assert len(masked.pieces) == MOST_PIECES
    assert name_pieces(encoder, masked)[-1] == END
    assert masked.places == (0, 1, 0, 3)


def test_a_sentence_says_the_same_beside_others_of_any_length() -> None:
    encoder = load_encoder()
    sentences = []
    for count in (5, 0, 9, 2, 7, 1, 3):
        words = [*["quietly"] * count, "Norway", "sent", "rice", "to", "Chad", "."]
        actor, recipient = count, count + 4
        joint = count + 1
        sentences.append(encoder.mask(words, [actor], [recipient], [actor, recipient], joint))
    assert len(sentences) > TOGETHER
    alone = np.concatenate([encoder.weigh([each]) for each in sentences])
    np.testing.assert_allclose(encoder.weigh(sentences), alone, atol=1e-3)


def test_what_is_read_does_not_depend_on_which_countries_are_named() -> None:
    encoder = load_encoder()
    one = encoder.mask(["Norway", "bombed", "Chad", "."], [0], [2], [0, 2], 1)
    assert one == encoder.mask(["Peru", "bombed", "Laos", "."], [0], [2], [0, 2], 1)


def test_an_encoder_comes_back_from_its_file_nearly_as_it_was(tmp_path: Path) -> None:
    encoder = make_encoder(["embassy", "gift"], statements=("nothing", "ties COOPERATE"))
    path = tmp_path / "encoder.npz"
    write_encoder(encoder, path)
    again = read_encoder(path)
    assert (again.pieces, again.answers) == (encoder.pieces, encoder.answers)
    assert again.parameters.keys() == encoder.parameters.keys()
    for name, figures in encoder.parameters.items():
        step = np.abs(figures).max() / 127
        np.testing.assert_allclose(again.parameters[name], figures, atol=step / 2 + 1e-6)


@pytest.mark.parametrize("damage", ["half", "words", "piece", "missing"])
def test_a_damaged_file_is_told_with_what_mends_it(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "encoder.npz"
    write_encoder(make_encoder(["embassy"]), path)
    if damage == "half":
        path.write_bytes(path.read_bytes()[:1000])
    elif damage == "missing":
        path.unlink()
    else:
        with np.load(path) as file:
            held = dict(file)
        held.pop("pieces" if damage == "words" else "answers")
        if damage == "piece":
            held |= {"answers": np.array(["nothing"]), "pieces": held["pieces"][2:]}
        np.savez(path, **held)
    with pytest.raises(DataError, match="make weights"):
        read_encoder(path)


def test_the_encoder_of_the_program_answers_with_every_state_and_spells_every_word() -> None:
    encoder = load_encoder()
    statements = encoder.answers[: count_statements(encoder.answers)]
    assert encoder.answers == list_answers(statements)
    assert {read_answer(each)[0] for each in statements if each != NOTHING} == set(State)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    assert {*letters, *(INSIDE + each for each in letters)} <= encoder.pieces.keys()
