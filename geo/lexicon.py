"""Cues and operators: which words say that a pair stands in a state, and which turn what they say.

A cue names a predicate: the lemmas of its head, the lemmas that must or must not hang on it, the PLOVER
root and the state it is evidence for, and the slots in which its recipient stands. An operator is a
word above a cue on the way to the root ("plans to", "refuses to", "lifted"). Both are tables under
``data/``; each cue carries an example that the tests run.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from geo.errors import DataError
from geo.paths import DATA
from geo.records import Event, Modality, State


class Effect(StrEnum):
    """Name what an operator does to the statement below it."""

    INTEND = "intend"
    AGREE = "agree"
    OFFER = "offer"
    ATTEMPT = "attempt"
    REFUSE = "refuse"
    THREATEN = "threaten"
    END = "end"
    FAIL = "fail"
    CONSIDER = "consider"
    DENY = "deny"
    SUPPRESS = "suppress"
    DEMAND = "demand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Hold one row of ``cues.tsv``.

    ``required`` holds alternatives, each a set of lemmas that must all hang on the head; none are
    needed where it is empty. ``slots`` holds ``obj`` and the prepositions that mark the recipient.
    """

    name: str
    heads: frozenset[str]
    pos: str
    required: tuple[frozenset[str], ...]
    excluded: frozenset[str]
    event: Event
    state: State
    mutual: bool
    slots: frozenset[str]
    confidence: float
    example: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Hold one row of ``operators.tsv``."""

    heads: frozenset[str]
    pos: str
    effect: Effect
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold one row of ``effects.tsv``: what a statement becomes; no state where it is dropped."""

    event: Event | None
    state: State | None
    modality: Modality | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Hold the cues and operators by head lemma and part of speech, and the word classes."""

    cues: tuple[Cue, ...]
    cues_by_head: Mapping[tuple[str, str], tuple[Cue, ...]]
    operators: Mapping[tuple[str, str], Operator]
    outcomes: Mapping[tuple[Effect, State], Outcome]
    words: Mapping[str, frozenset[str]]


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from enumerate(reader, start=2)


def _read_cue(number: int, row: Mapping[str, str]) -> Cue:
    try:
        return Cue(
            name=f"{row['pos'].lower()}:{row['head'].split('|')[0]}:{row['state']}:{number}",
            heads=frozenset(row["head"].split("|")),
            pos=row["pos"],
            required=tuple(frozenset(each.split("+")) for each in row["with"].split("|") if each),
            excluded=frozenset(filter(None, row["without"].split("|"))),
            event=Event(row["event"]),
            state=State(row["state"]),
            mutual=row["mutual"] == "yes",
            slots=frozenset(filter(None, row["slots"].split(","))),
            confidence=float(row["confidence"]),
            example=row["example"],
            expected=row["expected"],
        )
    except (ValueError, KeyError) as error:
        msg = f"data/cues.tsv line {number}: {error}"
        raise DataError(msg) from error


@lru_cache(maxsize=1)
def load_lexicon(folder: Path = DATA) -> Lexicon:
    """Read the tables of cues, operators and word classes.

    Raises :class:`DataError` with the file and line where a row breaks the vocabulary.
    """
    cues = tuple(_read_cue(number, row) for number, row in _read_rows(folder / "cues.tsv"))
    by_head: dict[tuple[str, str], list[Cue]] = {}
    for cue in cues:
        for head in sorted(cue.heads):
            by_head.setdefault((head, cue.pos), []).append(cue)
    operators: dict[tuple[str, str], Operator] = {}
    for number, row in _read_rows(folder / "operators.tsv"):
        try:
            operator = Operator(
                heads=frozenset(row["head"].split("|")),
                pos=row["pos"],
                effect=Effect(row["effect"]),
                reason=row["reason"],
            )
        except ValueError as error:
            msg = f"data/operators.tsv line {number}: {error}"
            raise DataError(msg) from error
        for head in operator.heads:
            operators.setdefault((head, operator.pos), operator)
    outcomes: dict[tuple[Effect, State], Outcome] = {}
    for number, row in _read_rows(folder / "effects.tsv"):
        try:
            outcomes[Effect(row["effect"]), State(row["state"])] = Outcome(
                event=Event(row["event"]) if row["event"] else None,
                state=None if row["to"] == "drop" else State(row["to"]),
                modality=Modality(row["modality"]) if row["modality"] else None,
            )
        except ValueError as error:
            msg = f"data/effects.tsv line {number}: {error}"
            raise DataError(msg) from error
    missing = [(e, s) for e in Effect for s in State if (e, s) not in outcomes]
    if missing:
        msg = f"data/effects.tsv has no row for {missing[0][0]} on {missing[0][1]}"
        raise DataError(msg)
    words: dict[str, set[str]] = {}
    for _, row in _read_rows(folder / "words.tsv"):
        words.setdefault(row["class"], set()).add(row["lemma"])
    return Lexicon(
        cues=cues,
        cues_by_head={key: tuple(found) for key, found in by_head.items()},
        operators=operators,
        outcomes=outcomes,
        words={name: frozenset(found) for name, found in words.items()},
    )
