"""Training: the weights of the encoder, fitted to sentences that were labelled by reading.

The base is all-mpnet-base-v2, cut to its lower layers. For each pair of countries that a sentence and its
context name, the model learns whether the sentence says each of the ten states, who acts, how firmly and in
which PLOVER root. What a reader marked as optional counts less. The fit is AdamW (Loshchilov and Hutter
2019) with linear decay; probabilities are calibrated on the dev sets by Platt scaling (Platt 1999); the
weights are rounded to eight bits per channel and the vocabulary is cut to what news uses.

``python -m geo.tools.training --base FOLDER`` needs what ``tests/training.txt`` lists, the base model as its
publisher released it, and the texts of the real gold; it writes ``data/relations``.
"""

import argparse
import hashlib
import json
import lzma
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from geo.edition import read_headline
from geo.errors import DataError
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import DATA
from geo.reading.sentences import split_sentences
from geo.records import Modality, Sentence
from geo.relations.encoder import (
    EVENTS,
    MODALITIES,
    STATES,
    WAYS,
    Frame,
    Way,
    make_frame,
    stack_frames,
)
from geo.relations.pairs import MARKS, MarkedPair, list_pairs
from geo.tools.gold import GOLD, TRAINING, GoldArticle, RelationLabel, read_set
from geo.tools.standoff import SHARED, read_labeled, read_real

# The publisher's own file; another one under that name is refused.
BASE_HASH = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
LAYERS = 6
EPOCHS = 3
RATE = 5e-5
# The new layers on top learn faster than those of the base.
HEAD_RATE = 10
WARM_UP = 0.06
# Word pieces of one step.
STEP = 3072
# What an optional label says, and what it weighs beside a firm one.
OPTIONAL, OPTIONAL_WEIGHT = 0.6, 0.4
# What a sentence written for training weighs beside a real one.
WRITTEN_WEIGHT = 0.5
# Written sentences that say something and are fitted to.
MOST_WRITTEN = 1200
SHARES = {"way": 0.3, "modality": 0.3, "event": 0.2}
# How often a word piece stands in the corpus to be kept.
LEAST_USED = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a label says of a pair: place of the state, way, modality and event, and whether optional."""

    state: int
    way: int
    modality: int
    event: int
    optional: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One pair of one sentence with its answers; none where the sentence says nothing of the pair."""

    article: str
    pair: MarkedPair
    frame: Frame
    answers: tuple[Answer, ...]
    weight: float


def make_examples(
    golds: Iterable[GoldArticle], tokenizer: Any, *, weight: float = 1.0
) -> Iterator[Example]:
    """Yield an example for each pair that the stages would read of labelled articles."""
    for gold in golds:
        article = gold.article
        sentences = split_sentences(article.text)
        mentions = find_mentions(article, sentences, load_gazetteer())
        for pair in list_pairs(article.text, sentences, mentions, read_headline(article)):
            labels = [
                label
                for label in gold.relations
                if {label.actor, label.recipient} == {pair.one, pair.other}
                and _find_sentence(sentences, label.span) is pair.sentence
            ]
            yield Example(
                article=article.id,
                pair=pair,
                frame=make_frame(tokenizer, pair.text, pair.context),
                answers=tuple(_answer(label, pair) for label in labels),
                weight=weight,
            )


def _find_sentence(sentences: Sequence[Sentence], span: tuple[int, int]) -> Sentence | None:
    """The sentence that shares most with a span."""
    return max(
        sentences,
        key=lambda sentence: min(span[1], sentence.end_char) - max(span[0], sentence.start_char),
        default=None,
    )


def _answer(label: RelationLabel, pair: MarkedPair) -> Answer:
    way = Way.MUTUAL
    if label.directed:
        way = Way.FORWARD if label.actor == pair.one else Way.BACKWARD
    return Answer(
        state=STATES.index(label.state),
        way=WAYS.index(way),
        modality=MODALITIES.index(label.modality),
        event=EVENTS.index(label.event),
        optional=label.optional,
    )


class Network(nn.Module):
    """The encoder: lower layers of the base, and heads over the parties' marks and the words.

    Each state looks for its own words (attention with a learned question); what it finds there, the two
    marks and the sentence as a whole give its logit, way, modality and event.
    """

    def __init__(self, base: Path, layers: int = LAYERS) -> None:
        """Load the base; raises :class:`DataError` where it is not the publisher's file."""
        from transformers import MPNetModel

        super().__init__()
        found = hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()
        if found != BASE_HASH:
            msg = f"{base}: model.safetensors is not the file that its publisher released"
            raise DataError(msg)
        self.base = MPNetModel.from_pretrained(str(base), add_pooling_layer=False)
        self.base.encoder.layer = self.base.encoder.layer[:layers]
        for module in self.base.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        words = self.base.embeddings.word_embeddings.weight
        words.requires_grad_(requires_grad=False)
        width = words.shape[1]
        self.known = len(words)
        self.marks = nn.Parameter(words.mean(0) + torch.randn(len(MARKS), width) * words.std(0))
        self.questions = nn.Parameter(torch.randn(len(STATES), width) * 0.02)
        self.keys = nn.Linear(width, width)
        self.joint = nn.Sequential(nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(0.1))
        self.state = nn.Linear(width, len(STATES))
        self.told = nn.Parameter(torch.randn(len(STATES), width) * 0.02)
        self.way = nn.Linear(2 * width, len(WAYS))
        self.modality = nn.Linear(2 * width, len(MODALITIES))
        self.event = nn.Linear(2 * width, len(EVENTS))
        self.drop = nn.Dropout(0.1)

    def forward(
        self, pieces: Tensor, mask: Tensor, one: Tensor, other: Tensor, inside: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Logits of states (batch, 10), of what goes with each (batch, 10, n), and weights of words."""
        words = self.base.embeddings.word_embeddings.weight
        embedded = nn.functional.embedding(pieces.clamp(max=self.known - 1), words)
        marked = self.marks[(pieces - self.known).clamp(min=0)]
        embedded = torch.where((pieces >= self.known)[..., None], marked, embedded)
        places = (mask.cumsum(1) * mask).long() + 1
        hidden = self.base(
            inputs_embeds=embedded, position_ids=places, attention_mask=mask
        ).last_hidden_state
        kind = hidden.dtype
        of_one = torch.bmm(one[:, None].to(kind), hidden)[:, 0]
        of_other = torch.bmm(other[:, None].to(kind), hidden)[:, 0]
        joint = self.joint(self.drop(torch.cat([hidden[:, 0], of_one, of_other], -1)))
        asked = torch.matmul(self.keys(hidden), self.questions.T.to(kind)).transpose(1, 2).float()
        asked = asked * (4 / math.sqrt(hidden.shape[-1])) + (1 - inside[:, None]) * -1e4
        weights = asked.softmax(-1)
        read = torch.bmm(weights.to(kind), hidden)
        states = self.state(joint).float() + (self.drop(read) * self.told.to(kind)).sum(-1).float()
        both = torch.cat([joint[:, None].expand(-1, len(STATES), -1), read], -1)
        return (
            states,
            self.way(both).float(),
            self.modality(both).float(),
            self.event(both).float(),
            weights,
        )


def load_tokenizer(base: Path) -> Any:
    """The tokenizer of the base with the marks of parties."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.add_special_tokens(list(MARKS))
    return tokenizer


def make_batches(
    examples: Sequence[Example], size: int, chance: random.Random | None = None
) -> list[list[int]]:
    """Places of examples of like length, at most ``size`` word pieces together; in random order if told."""
    order = list(range(len(examples)))
    if chance:
        chance.shuffle(order)
    batches: list[list[int]] = []
    for begin in range(0, len(order), 1024):
        held = sorted(order[begin : begin + 1024], key=lambda at: len(examples[at].frame.pieces))
        batch: list[int] = []
        for at in held:
            # Lengths are rounded up to sixteen, for each new shape costs a compilation.
            longest = -(-len(examples[at].frame.pieces) // 16) * 16
            if batch and (len(batch) + 1) * longest > size:
                batches.append(batch)
                batch = []
            batch.append(at)
        batches.append(batch)
    if chance:
        chance.shuffle(batches)
    return batches


def _stack(examples: Sequence[Example]) -> list[Tensor]:
    arrays = stack_frames([example.frame for example in examples])
    short = -arrays["pieces"].shape[1] % 16
    return [
        torch.from_numpy(np.pad(array, ((0, 0), (0, short)), constant_values=(name == "pieces")))
        for name, array in arrays.items()
    ]


def measure_loss(answers: Sequence[Tensor], examples: Sequence[Example]) -> Tensor:
    """The loss of a batch: cross entropy of states, and of the rest where a state is said."""
    states, *others = answers
    goal = torch.zeros(len(examples), len(STATES))
    weight = torch.tensor([[example.weight] * len(STATES) for example in examples])
    said: list[tuple[int, Answer]] = []
    for at, example in enumerate(examples):
        for answer in example.answers:
            goal[at, answer.state] = OPTIONAL if answer.optional else 1
            if answer.optional:
                weight[at, answer.state] *= OPTIONAL_WEIGHT
            said.append((at, answer))
    loss = nn.functional.binary_cross_entropy_with_logits(states, goal, weight, reduction="sum")
    if said:
        rows = torch.tensor([at for at, _ in said])
        columns = torch.tensor([answer.state for _, answer in said])
        for logits, (name, share) in zip(others, SHARES.items(), strict=False):
            right = torch.tensor([getattr(answer, name) for _, answer in said])
            loss = loss + share * nn.functional.cross_entropy(
                logits[rows, columns], right, reduction="sum"
            )
    return loss / len(examples)


def fit(network: Network, examples: Sequence[Example], *, epochs: int, seed: int) -> None:
    """Fit a network to examples, in place; prints the loss as it goes."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    heads = [value for name, value in network.named_parameters() if not name.startswith("base.")]
    lower = [value for value in network.base.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": lower, "lr": RATE}, {"params": heads, "lr": RATE * HEAD_RATE}],
        weight_decay=0.01,
    )
    steps = epochs * len(make_batches(examples, STEP))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM_UP * steps), max(0.02, 1 - step / steps))
    )
    done, began = 0, time.monotonic()
    for _ in range(epochs):
        network.train()
        for batch in make_batches(examples, STEP, chance):
            held = [examples[at] for at in batch]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                answers = network(*_stack(held))
            loss = measure_loss(answers, held)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(lower + heads, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            done += 1
            if done % 20 == 0:
                print(f"{done}/{steps} loss {loss.item():.3f} {time.monotonic() - began:.0f} s")


def predict(network: Network, examples: Sequence[Example]) -> Tensor:
    """Logits of the states of each example, of shape (examples, 10)."""
    network.eval()
    logits = torch.zeros(len(examples), len(STATES))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in make_batches(examples, STEP):
            logits[batch] = network(*_stack([examples[at] for at in batch]))[0]
    return logits


def calibrate(logits: Tensor, examples: Sequence[Example]) -> tuple[float, float]:
    """Slope and shift that make the probabilities of a dev set fit its labels best; optional ones aside."""
    goal = torch.zeros_like(logits)
    weight = torch.ones_like(logits)
    for at, example in enumerate(examples):
        for answer in example.answers:
            goal[at, answer.state] = 1
            weight[at, answer.state] = 0 if answer.optional else 1
            if MODALITIES[answer.modality] is Modality.DENIED:
                weight[at, answer.state] = 0
    scale = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([scale], max_iter=100)

    def measure() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(
            logits * scale[0] + scale[1], goal, weight
        )
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        return loss

    optimizer.step(measure)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return float(scale[0]), float(scale[1])


class _Exported(nn.Module):
    """A network as it ships: calibrated probabilities, and an embedding of the words that are kept."""

    def __init__(self, network: Network, kept: Sequence[int], scale: tuple[float, float]) -> None:
        super().__init__()
        words = network.base.embeddings.word_embeddings.weight
        rows = torch.cat([words[list(kept)], network.marks]).detach()
        network.known = len(kept)
        network.base.embeddings.word_embeddings = nn.Embedding.from_pretrained(rows)
        self.network, self.scale = network, scale

    def forward(self, *arrays: Tensor) -> tuple[Tensor, ...]:
        pieces, mask, one, other, inside = arrays
        network = self.network
        # The marks are rows of the embedding here, so that one look-up does for all.
        network.known = 1 << 30
        states, *others = network(pieces, mask, one, other, inside)
        slope, shift = self.scale
        return ((states * slope + shift).sigmoid(), *others)


def list_kept(tokenizer: Any, corpus: Path) -> list[int]:
    """Word pieces that the texts of a corpus use, with all single characters and signs, in order."""
    counts: Counter[int] = Counter()
    for path in sorted(corpus.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                counts.update(tokenizer.encode(json.loads(line)["text"][:20_000]).ids)
    pieces = tokenizer.get_vocab(with_added_tokens=False)
    return [
        at
        for piece, at in sorted(pieces.items(), key=lambda item: item[1])
        if counts[at] >= LEAST_USED
        or len(piece.removeprefix("##")) == 1
        or piece in {"<s>", "<pad>", "</s>", "<unk>", "[UNK]"}
    ]


def write_tokenizer(tokenizer: Any, kept: Sequence[int], path: Path) -> None:
    """Write the tokenizer with the pieces that are kept, numbered anew, and the marks after them."""
    plain = json.loads(tokenizer.to_str())
    names = {at: piece for piece, at in plain["model"]["vocab"].items()}
    plain["model"]["vocab"] = {names[at]: place for place, at in enumerate(kept)}
    places = plain["model"]["vocab"]
    added = [token for token in plain["added_tokens"] if token["content"] in places]
    marks = [token for token in plain["added_tokens"] if token["content"] in MARKS]
    for token in added:
        token["id"] = places[token["content"]]
    for number, token in enumerate(marks):
        token["id"] = len(kept) + number
    plain["added_tokens"] = [*added, *marks]
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")


def export(
    network: Network, tokenizer: Any, kept: Sequence[int], scale: tuple[float, float], folder: Path
) -> None:
    """Write ``model.onnx``, rounded to eight bits per channel, and ``tokenizer.json``."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    exported = _Exported(network, kept, scale).eval()
    inputs = ("pieces", "mask", "one", "other", "inside")
    outputs = ("states", "ways", "modalities", "events", "weights")
    pieces = torch.randint(5, len(kept), (2, 24))
    flat = torch.full((2, 24), 1 / 24)
    ones = torch.ones(2, 24)
    axes = {name: {0: "batch", 1: "length"} for name in inputs}
    axes |= {name: {0: "batch"} for name in outputs} | {"weights": {0: "batch", 2: "length"}}
    full, ready = folder / "full.onnx", folder / "ready.onnx"
    torch.onnx.export(
        exported,
        (pieces, ones, flat, flat, ones),
        str(full),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    quant_pre_process(str(full), str(ready), skip_symbolic_shape=True)
    quantize_dynamic(
        str(ready),
        str(folder / "model.onnx"),
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )
    full.unlink()
    ready.unlink()
    write_tokenizer(tokenizer, kept, folder / "tokenizer.json")


def gather_examples(tokenizer: Any, shared: Path) -> list[Example]:
    """Examples of all real labels that are there to be fitted to, and of written sentences."""
    real = [
        *read_labeled(shared / "gold" / "real" / "items_train.jsonl"),
        *read_real(shared / "corpus", blind=False),
    ]
    written = [gold for name in TRAINING for gold in read_set(GOLD, name)]
    examples = list(make_examples(real, tokenizer))
    said = [
        example
        for example in make_examples(written, tokenizer, weight=WRITTEN_WEIGHT)
        if example.answers
    ]
    chance = random.Random(1)  # noqa: S311 - nothing secret
    return examples + chance.sample(said, min(MOST_WRITTEN, len(said)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the network, calibrate it on the dev sets and write what ships; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m geo.tools.training", description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of corpus and gold")
    parser.add_argument("--out", type=Path, default=DATA / "relations")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--start", type=Path, help="weights of an earlier fit to go on from")
    parser.add_argument("--keep", type=Path, help="where to keep the weights before rounding")
    options = parser.parse_args(arguments)
    tokenizer = load_tokenizer(options.base)
    network = Network(options.base)
    if options.start:
        network.load_state_dict(torch.load(options.start, weights_only=True))
    examples = gather_examples(tokenizer, options.shared)
    print(f"{len(examples)} examples, {sum(bool(held.answers) for held in examples)} say something")
    fit(network, examples, epochs=options.epochs, seed=1)
    if options.keep:
        torch.save(network.state_dict(), options.keep)
    real = options.shared / "gold" / "real"
    dev = [*read_labeled(real / "items_dev.jsonl"), *read_labeled(real / "articles_dev.jsonl")]
    held_out = list(make_examples(dev, tokenizer))
    scale = calibrate(predict(network, held_out), held_out)
    print(f"calibrated with slope {scale[0]:.3f} and shift {scale[1]:.3f}")
    kept = list_kept(tokenizer, options.shared / "corpus")
    export(network, tokenizer, kept, scale, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
