"""Cues and operators: which words say that a pair stands in a state, and which turn what they say.

A cue names a predicate: the lemmas of its head, the lemmas that must or must not hang on it, the PLOVER
root it is evidence for, and the slots in which its recipient stands. The cues of each state are a table
of their own under ``data/relations/cues/``, where ``@weapon`` stands for each word of that class in
``words.tsv``. An operator is a word above a cue on the way to the root ("plans to", "refuses to",
"lifted"). Each cue carries an example that says what it should, and may carry one that says nothing of
the kind; the tests read them all.
"""

import csv
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
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
    """Hold one row of a table of cues.

    ``required`` holds alternatives; each asks for one lemma of every set in it to hang on the head, and
    nothing is asked where there is none. ``slots`` holds ``obj`` and the prepositions that mark the
    recipient. ``counterexample`` is a sentence that is no evidence for the state, or empty.
    """

    name: str
    heads: frozenset[str]
    pos: str
    required: tuple[tuple[frozenset[str], ...], ...]
    excluded: frozenset[str]
    event: Event
    state: State
    mutual: bool
    slots: frozenset[str]
    confidence: float
    example: str
    expected: str
    counterexample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Hold one row of ``operators.tsv``; ``required`` and ``excluded`` words hang on its head."""

    heads: frozenset[str]
    pos: str
    required: frozenset[str]
    excluded: frozenset[str]
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
    operators: Mapping[tuple[str, str], tuple[Operator, ...]]
    outcomes: Mapping[tuple[Effect, State], Outcome]
    words: Mapping[str, frozenset[str]]


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from enumerate(reader, start=2)


def _expand(term: str, words: Mapping[str, AbstractSet[str]]) -> frozenset[str]:
    """Return the lemmas that one term stands for: itself, or those of the class that it names."""
    return frozenset(words[term[1:]]) if term.startswith("@") else frozenset({term})


def _join(terms: str, words: Mapping[str, AbstractSet[str]]) -> frozenset[str]:
    return frozenset().union(*(_expand(each, words) for each in terms.split("|") if each))


def _read_required(
    terms: str, words: Mapping[str, AbstractSet[str]]
) -> tuple[tuple[frozenset[str], ...], ...]:
    """Return the alternatives of a cell: single words are one, and each ``word+word`` is one more."""
    alternatives = [each for each in terms.split("|") if each]
    single = "|".join(each for each in alternatives if "+" not in each)
    joined = [each.split("+") for each in alternatives if "+" in each]
    return (
        *(((_join(single, words),),) if single else ()),
        *(tuple(_expand(part, words) for part in parts) for parts in joined),
    )


def _read_cue(
    path: Path, number: int, row: Mapping[str, str], words: Mapping[str, AbstractSet[str]]
) -> Cue:
    try:
        return Cue(
            name=f"{row['pos'].lower()}:{row['head'].split('|')[0]}:{path.stem}:{number}",
            heads=_join(row["head"], words),
            pos=row["pos"],
            required=_read_required(row["with"], words),
            excluded=_join(row["without"], words),
            event=Event(row["event"]),
            state=State(path.stem),
            mutual=row["mutual"] == "yes",
            slots=frozenset(filter(None, row["slots"].split(","))),
            confidence=float(row["confidence"]),
            example=row["example"],
            expected=row["expected"],
            counterexample=row["counterexample"],
        )
    except (ValueError, KeyError, AttributeError) as error:
        msg = f"data/relations/cues/{path.name} line {number}: {error}"
        raise DataError(msg) from error


@lru_cache(maxsize=1)
def load_lexicon(folder: Path = DATA / "relations") -> Lexicon:
    """Read the tables of cues, operators and word classes.

    Raises :class:`DataError` with the file and line where a row breaks the vocabulary.
    """
    words: dict[str, set[str]] = {}
    for _, row in _read_rows(folder / "words.tsv"):
        words.setdefault(row["class"], set()).add(row["lemma"])
    tables = [folder / "cues" / f"{state}.tsv" for state in State]
    cues = tuple(
        _read_cue(path, number, row, words) for path in tables for number, row in _read_rows(path)
    )
    by_head: dict[tuple[str, str], list[Cue]] = {}
    for cue in cues:
        for head in sorted(cue.heads):
            by_head.setdefault((head, cue.pos), []).append(cue)
    operators: dict[tuple[str, str], tuple[Operator, ...]] = {}
    for number, row in _read_rows(folder / "operators.tsv"):
        try:
            operator = Operator(
                heads=frozenset(row["head"].split("|")),
                pos=row["pos"],
                required=_join(row["with"], words),
                excluded=_join(row["without"], words),
                effect=Effect(row["effect"]),
                reason=row["reason"],
            )
        except ValueError as error:
            msg = f"data/relations/operators.tsv line {number}: {error}"
            raise DataError(msg) from error
        for head in operator.heads:
            key = head, operator.pos
            operators[key] = (*operators.get(key, ()), operator)
    outcomes: dict[tuple[Effect, State], Outcome] = {}
    for number, row in _read_rows(folder / "effects.tsv"):
        try:
            outcomes[Effect(row["effect"]), State(row["state"])] = Outcome(
                event=Event(row["event"]) if row["event"] else None,
                state=None if row["to"] == "drop" else State(row["to"]),
                modality=Modality(row["modality"]) if row["modality"] else None,
            )
        except ValueError as error:
            msg = f"data/relations/effects.tsv line {number}: {error}"
            raise DataError(msg) from error
    missing = [(e, s) for e in Effect for s in State if (e, s) not in outcomes]
    if missing:
        msg = f"data/relations/effects.tsv has no row for {missing[0][0]} on {missing[0][1]}"
        raise DataError(msg)
    return Lexicon(
        cues=cues,
        cues_by_head={key: tuple(found) for key, found in by_head.items()},
        operators=operators,
        outcomes=outcomes,
        words={name: frozenset(found) for name, found in words.items()},
    )
