"""Encoder: what a sentence says of two countries whose names are masked in it.

A transformer of a few layers (Vaswani et al. 2017, arranged as BERT by Devlin et al. 2019), small enough
that numpy alone reads with it. Its weights, ``data/relations/encoder.npz``, start from the lower layers of
MiniLM (Wang et al. 2020; all-MiniLM-L6-v2, Apache 2.0) and are fitted by :mod:`geo.tools.training` to
sentences that the project wrote and labeled. Matrices are kept as whole numbers of eight bits, with
a scale for each column, or for each row where it stands for a piece of a word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from geo.errors import DataError
from geo.paths import DATA

# What stands for no piece, a piece unknown, the start, the end, and a word left out; for the actor, the
# recipient and other countries; and before the word that joins the two. MiniLM leaves room for the last four.
PADDING, UNKNOWN, START, END, BLANK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
ACTOR, RECIPIENT, OTHER, JOINT = "[unused1]", "[unused2]", "[unused3]", "[unused4]"
CONTROLS = (PADDING, UNKNOWN, START, END, BLANK, ACTOR, RECIPIENT, OTHER, JOINT)
# How a piece begins that stands inside a word.
INSIDE = "##"
MOST_PIECES = 128
HEADS = 12
# How many sentences are read together: enough to read each weight less often, and not so many that what
# is counted on the way outgrows the processor's cache (measured).
TOGETHER = 4
_EPSILON = 1e-12
_LEVELS = 127
SCALE = " scale"
_RUN = re.compile(r"\w+|[^\w\s]")

Parameters = Mapping[str, Any]


class Masked(NamedTuple):
    """Hold a sentence as numbers of pieces, and where start, actor, recipient and joint stand in it."""

    pieces: tuple[int, ...]
    places: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Encoder:
    """Hold the pieces of which words are made, the answers, and the weights."""

    pieces: Mapping[str, int]
    answers: tuple[str, ...]
    parameters: Parameters

    def mask(
        self,
        words: Sequence[str],
        actor: Collection[int],
        recipient: Collection[int],
        others: Collection[int],
        joint: int,
    ) -> Masked:
        """Return a sentence of words with the names at these places masked and one word marked.

        A name that stands for both countries is masked as both; what is longer than
        :data:`MOST_PIECES` is cut off.
        """
        pieces = [self.pieces[START]]
        places = [0, 0, 0, 0]
        for i, word in enumerate(words):
            if i in actor or i in recipient:
                for place, name, named in ((1, ACTOR, actor), (2, RECIPIENT, recipient)):
                    if i in named:
                        places[place] = places[place] or len(pieces)
                        pieces.append(self.pieces[name])
            elif i in others:
                pieces.append(self.pieces[OTHER])
            else:
                if i == joint:
                    pieces.append(self.pieces[JOINT])
                    places[3] = len(pieces)
                pieces.extend(split_word(word, self.pieces))
        del pieces[MOST_PIECES - 1 :]
        start, one, other, head = (each if each < len(pieces) else 0 for each in places)
        return Masked((*pieces, self.pieces[END]), (start, one, other, head))

    def weigh(self, sentences: Sequence[Masked]) -> Any:
        """Return the log-odds of the answers, up to a constant, of shape (sentences, answers).

        Sentences of about one length are read together, a few at a time.
        """
        odds = np.empty((len(sentences), len(self.answers)), dtype=np.float32)
        order = sorted(range(len(sentences)), key=lambda each: len(sentences[each].pieces))
        for at in range(0, len(order), TOGETHER):
            chosen = order[at : at + TOGETHER]
            odds[chosen] = self._weigh_together([sentences[each] for each in chosen])
        return odds

    def _weigh_together(self, sentences: Sequence[Masked]) -> Any:
        length = max(len(each.pieces) for each in sentences)
        numbers = np.full((len(sentences), length), self.pieces[PADDING])
        for row, each in zip(numbers, sentences, strict=True):
            row[: len(each.pieces)] = each.pieces
        rows = self.parameters["words"][numbers]
        places = np.array([each.places for each in sentences])
        return read_rows(self.parameters, rows, numbers != self.pieces[PADDING], places)


def split_word(word: str, pieces: Mapping[str, int]) -> list[int]:
    """Return the numbers of a word's pieces: the longest that begins what is left of it, again and again."""
    plain = word.lower()
    if plain in pieces:
        return [pieces[plain]]
    decomposed = unicodedata.normalize("NFD", plain)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return [number for run in _RUN.findall(plain) for number in _split_run(run, pieces)]


def _split_run(run: str, pieces: Mapping[str, int]) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(run):
        inside = INSIDE if start else ""
        ends = (end for end in range(len(run), start, -1) if inside + run[start:end] in pieces)
        end = next(ends, None)
        if end is None:
            return [pieces[UNKNOWN]]
        found.append(pieces[inside + run[start:end]])
        start = end
    return found


def read_rows(given: Parameters, rows: Any, there: Any, places: Any, xp: Any = np) -> Any:
    """Return the log-odds of the answers for sentences that are given as rows, one for each piece.

    ``rows`` is of shape (sentences, pieces, width), ``there`` tells pieces from padding, and ``places``
    is of shape (sentences, 4). ``xp`` is numpy, or what counts in its manner.
    """
    count, length, width = rows.shape
    hidden = _normalize(rows + given["positions"][:length], given, "first", xp)
    away = xp.where(there, 0, -1e9).astype(rows.dtype)[:, None, None, :]

    def part(mixed: Any) -> Any:
        """Return rows parted by heads, of shape (parts, sentences, heads, pieces, width of a head)."""
        parted = mixed.reshape(count, mixed.shape[1], -1, HEADS, width // HEADS)
        return parted.transpose(2, 0, 3, 1, 4)

    layers = count_layers(given)
    for layer in range(layers):
        # Only four pieces of a sentence are read in the end, and only they have to pass the last layer.
        last = layer == layers - 1
        asking = xp.take_along_axis(hidden, places[..., None], axis=1) if last else hidden
        mix, bias = given[f"{layer} mix"], given[f"{layer} mix bias"]
        (asked,) = part(asking @ mix[:, :width] + bias[:width])
        offered, held = part(hidden @ mix[:, width:] + bias[width:])
        alike = asked @ offered.transpose(0, 1, 3, 2) * (width // HEADS) ** -0.5 + away
        shares = xp.exp(alike - alike.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        gathered = (shares @ held).transpose(0, 2, 1, 3).reshape(asking.shape)
        gathered = gathered @ given[f"{layer} out"] + given[f"{layer} out bias"]
        hidden = _normalize(asking + gathered, given, f"{layer} mixed", xp)
        raised = hidden @ given[f"{layer} up"] + given[f"{layer} up bias"]
        # The Gaussian error unit as Hendrycks and Gimpel (2016) approximate it.
        raised *= 0.5 + 0.5 * xp.tanh(raised * (0.7978845608 + 0.0356774081 * raised * raised))
        lowered = raised @ given[f"{layer} down"] + given[f"{layer} down bias"]
        hidden = _normalize(hidden + lowered, given, f"{layer} lowered", xp)
    return hidden.reshape(count, -1) @ given["answer"] + given["answer bias"]


def count_layers(given: Parameters) -> int:
    """Return how many layers the weights have."""
    return sum(name.endswith(" mix") for name in given)


def _normalize(rows: Any, given: Parameters, name: str, xp: Any) -> Any:
    centered = rows - rows.mean(axis=-1, keepdims=True)
    spread = xp.sqrt((centered * centered).mean(axis=-1, keepdims=True) + _EPSILON)
    return centered / spread * given[f"{name} gain"] + given[f"{name} bias"]


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """Read the encoder that the program ships."""
    return read_encoder(DATA / "relations" / "encoder.npz")


def read_encoder(path: Path) -> Encoder:
    """Read an encoder from a file; raises :class:`DataError` where it is damaged or lacks something."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        pieces = {str(each): number for number, each in enumerate(held.pop("pieces"))}
        answers = tuple(map(str, held.pop("answers")))
        parameters = dict(_widen(held))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        msg = f"{path.name} cannot be read: {error}; make weights fits it anew"
        raise DataError(msg) from error
    missing = [each for each in CONTROLS if each not in pieces]
    if missing:
        msg = f"{path.name} has no pieces {', '.join(missing)}; make weights fits it anew"
        raise DataError(msg)
    return Encoder(pieces=pieces, answers=answers, parameters=parameters)


def write_encoder(encoder: Encoder, path: Path) -> None:
    """Write an encoder to a file."""
    np.savez_compressed(
        path,
        pieces=np.array(list(encoder.pieces)),
        answers=np.array(encoder.answers),
        **dict(_narrow(encoder.parameters)),
    )


def _narrow(parameters: Parameters) -> Iterator[tuple[str, Any]]:
    for name, figures in parameters.items():
        if figures.ndim < 2:
            yield name, figures
            continue
        # A piece is a row; of what a row is multiplied with, each column is one sum.
        axis = 1 if name == "words" else 0
        scale = np.abs(figures).max(axis=axis, keepdims=True) / np.float32(_LEVELS)
        scale[scale == 0] = 1
        yield name + SCALE, scale
        yield name, np.round(figures / scale).astype(np.int8)


def _widen(held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, figures in held.items():
        if figures.dtype == np.int8:
            yield name, figures * held[name + SCALE]
        elif not name.endswith(SCALE):
            yield name, figures
