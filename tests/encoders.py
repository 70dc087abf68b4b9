"""Small encoders for tests: one of random weights, and one that answers by the words it is told."""

from collections.abc import Sequence

import numpy as np

from geo.relations.encoder import CONTROLS, HEADS, INSIDE, MOST_PIECES, Encoder
from geo.relations.inferences import NOTHING, list_answers

WIDTH = 2 * HEADS
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def make_encoder(words: Sequence[str], statements: Sequence[str] = (NOTHING,)) -> Encoder:
    """Return an encoder of one layer with random weights, which knows words and all letters."""
    random = np.random.default_rng(1)
    answers = list_answers(statements)
    pieces = dict.fromkeys([*CONTROLS, *words, *LETTERS, *(INSIDE + each for each in LETTERS)])

    def draw(*shape: int) -> np.ndarray:
        return (random.normal(size=shape) * 0.2).astype(np.float32)

    parameters = {
        "words": draw(len(pieces), WIDTH),
        "positions": draw(MOST_PIECES, WIDTH),
        "answer": draw(4 * WIDTH, len(answers)),
        "answer bias": draw(len(answers)),
    }
    for name in ("first", "0 mixed", "0 lowered"):
        parameters |= {f"{name} gain": draw(WIDTH) + 1, f"{name} bias": draw(WIDTH)}
    for name, wide, high in (("mix", 1, 3), ("out", 1, 1), ("up", 1, 4), ("down", 4, 1)):
        parameters |= {f"0 {name}": draw(wide * WIDTH, high * WIDTH)}
        parameters |= {f"0 {name} bias": draw(high * WIDTH)}
    return Encoder({each: n for n, each in enumerate(pieces)}, answers, parameters)


class WordEncoder:
    """Add up the log-odds that the words of a sentence give to answers, as a test sets them."""

    def __init__(self, statements: Sequence[str]) -> None:
        """Take what can be stated; no word counts until a test says so."""
        self.answers = list_answers(statements)
        # Log-odds by word and answer; the word "" is in every sentence.
        self.odds: dict[str, dict[str, float]] = {}

    def mask(self, words: Sequence[str], *_: object) -> Sequence[str]:
        """Return the words as they are."""
        return words

    def weigh(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the sums, of shape (sentences, answers)."""
        return np.array(
            [
                [
                    sum(self.odds.get(word, {}).get(answer, 0.0) for word in ("", *words))
                    for answer in self.answers
                ]
                for words in sentences
            ]
        )
