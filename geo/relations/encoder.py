"""Encoder: what a sentence says of two marked countries, weighed by a fitted language model.

The model is all-mpnet-base-v2 (Song and others 2020, Reimers and Gurevych 2019), cut to its lower layers,
fitted to news that was labelled by reading (``geo/tools/training.py``) and run by onnxruntime. For a
marked pair it gives, for each of the ten states on its own, a probability that the sentence says so; for
each state also who acts, how firmly the text stands behind it, the PLOVER root of the deed, and how much
each word weighed. The files ``model.onnx`` and ``tokenizer.json`` are replaced together.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import DataError
from geo.paths import DATA
from geo.records import Event, Modality, State
from geo.relations.pairs import ONE, OTHER, MarkedPair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER = DATA / "relations"
# Word pieces of one input, and of them for the context before the sentence.
MOST_PIECES = 176
MOST_CONTEXT_PIECES = 64
# Pieces kept before the first party where a sentence is longer than the input.
LEAD = 40
START, PADDING, END = 0, 1, 2


class Way(StrEnum):
    """Who acts: the party named first, the other one, or both."""

    FORWARD = "forward"
    BACKWARD = "backward"
    MUTUAL = "mutual"


# The order of the model's answers.
STATES = tuple(State)
WAYS = tuple(Way)
MODALITIES = tuple(Modality)
EVENTS = tuple(Event)


@dataclass(frozen=True, slots=True)
class Frame:
    """One input of the model: its word pieces, the places of the parties' marks, and the sentence's span.

    ``offsets`` holds for each piece of the sentence its span in the marked text.
    """

    pieces: tuple[int, ...]
    one: tuple[int, ...]
    other: tuple[int, ...]
    start: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the model finds that a sentence says of a pair: a state, how probable, and how it is said.

    ``words`` are spans in the marked text, the one that weighed most first.
    """

    state: State
    probability: float
    way: Way
    modality: Modality
    event: Event
    words: tuple[tuple[int, int], ...]


class Encoder:
    """A loaded model with its tokenizer."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load both files; raises :class:`DataError` where one is missing or does not fit."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One thread: articles are read by several processes or beside visitors, and threads of one
        # pass would fight over the same cores.
        options.intra_op_num_threads = int(os.environ.get("ENTENTE_THREADS", "1"))
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        # Processors without VNNI instructions would add the eight-bit products with saturation, and the
        # model would find nothing. https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
        options.add_session_config_entry("session.x64quantprecision", "1")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            msg = f"{folder}: the model cannot be loaded: {error}"
            raise DataError(msg) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._one = self._tokenizer.token_to_id(ONE)
        self._other = self._tokenizer.token_to_id(OTHER)

    def frame(self, text: str, context: str) -> Frame:
        """The input for a marked sentence and its marked context."""
        return make_frame(self._tokenizer, text, context)

    def weigh(self, pairs: Iterable[MarkedPair], least: float) -> Iterator[list[Judgment]]:
        """For each pair the states that are at least so probable, in the order of the pairs.

        What reads the same, as the members of one region do, is weighed once. Inputs are run one by one:
        with eight bits, what else stands in a batch would change the answer.
        """
        held: dict[tuple[str, str], list[Judgment]] = {}
        for pair in pairs:
            read = pair.text, pair.context
            if read not in held:
                held[read] = self._judge(self.frame(*read), least)
            yield held[read]

    def _judge(self, frame: Frame, least: float) -> list[Judgment]:
        outputs: list[Any] = self._session.run(None, stack_frames([frame]))
        states, ways, modalities, events, weights = (output[0] for output in outputs)
        return [
            Judgment(
                state=state,
                probability=float(states[number]),
                way=WAYS[int(ways[number].argmax())],
                modality=MODALITIES[int(modalities[number].argmax())],
                event=EVENTS[int(events[number].argmax())],
                words=_rank_words(frame, weights[number]),
            )
            for number, state in enumerate(STATES)
            if states[number] >= least
        ]


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The model that the program ships."""
    return Encoder()


def make_frame(tokenizer: Any, text: str, context: str) -> Frame:
    """The input for a marked sentence and its marked context, at most :data:`MOST_PIECES` long."""
    one, other = tokenizer.token_to_id(ONE), tokenizer.token_to_id(OTHER)
    told = tokenizer.encode(text, add_special_tokens=False)
    pieces, offsets = list(told.ids), list(told.offsets)
    room = MOST_PIECES - 4
    if len(pieces) > room:
        marked = next((at for at, piece in enumerate(pieces) if piece in {one, other}), 0)
        begin = max(0, min(marked - LEAD, len(pieces) - room))
        pieces, offsets = pieces[begin : begin + room], offsets[begin : begin + room]
    around: list[int] = []
    if context:
        around = tokenizer.encode(context, add_special_tokens=False).ids
        room = max(0, min(MOST_CONTEXT_PIECES, MOST_PIECES - 4 - len(pieces)))
        around = around[len(around) - room :] if room else []
    start = len(around) + 3

    def find(mark: int) -> tuple[int, ...]:
        inside = [start + at for at, piece in enumerate(pieces) if piece == mark]
        return tuple(inside or [1 + at for at, piece in enumerate(around) if piece == mark] or [0])

    return Frame(
        pieces=(START, *around, END, END, *pieces, END),
        one=find(one),
        other=find(other),
        start=start,
        offsets=tuple(offsets),
    )


def stack_frames(frames: Sequence[Frame]) -> "dict[str, NDArray[np.int64] | NDArray[np.float32]]":
    """The arrays of a batch: ``pieces`` and four weights of the same shape, (frames, longest)."""
    import numpy as np

    longest = max(len(frame.pieces) for frame in frames)
    shape = len(frames), longest
    pieces = np.full(shape, PADDING, np.int64)
    mask, one, other, inside = (np.zeros(shape, np.float32) for _ in range(4))
    for at, frame in enumerate(frames):
        pieces[at, : len(frame.pieces)] = frame.pieces
        mask[at, : len(frame.pieces)] = 1
        one[at, list(frame.one)] = 1 / len(frame.one)
        other[at, list(frame.other)] = 1 / len(frame.other)
        inside[at, frame.start : frame.start + len(frame.offsets)] = 1
    return {"pieces": pieces, "mask": mask, "one": one, "other": other, "inside": inside}


def _rank_words(frame: Frame, weights: "NDArray[np.float32]") -> tuple[tuple[int, int], ...]:
    """Spans of the pieces of the sentence, by falling weight."""
    own = weights[frame.start : frame.start + len(frame.offsets)]
    return tuple(frame.offsets[at] for at in (-own).argsort(kind="stable")[:8].tolist())
