"""Examples: short histories of a pair, made up, that show how the rules settle it.

They stand in ``data/states/worked.csv`` with the state that each step leaves. The method page shows them,
and a test does them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo.paths import DATA
from geo.records import (
    CountryCode,
    DateBasis,
    Event,
    Evidence,
    Modality,
    Quote,
    Relation,
    RelationState,
    State,
)
from geo.states.rules import SURE
from geo.states.settling import settle_states
from geo.tables import read_table

_PAIR = CountryCode("AAA"), CountryCode("BBB")
# The root of an example plays no part in how it settles.
_EVENT = Event.COOPERATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an example: a day, the quote that came with it, and what is shown then.

    A step without a quote only lets time pass.
    """

    day: date
    evidence: Evidence | None
    shown: State | None
    contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of ``worked.csv``; one without a state has no quote."""

    example: str
    day: date
    publisher: str | None = None
    state: State | None = None
    modality: Modality = Modality.ASSERTED
    cue: str = ""
    words: str = ""
    shown: State | None = None
    contested: bool


@lru_cache(maxsize=1)
def load_examples(folder: Path = DATA / "states") -> Mapping[str, Sequence[Step]]:
    """Read the steps of each example by its name; raises :class:`DataError` where a row is wrong."""
    examples: dict[str, list[Step]] = {}
    for number, row in enumerate(read_table(folder / "worked.csv", _Row), start=2):
        step = Step(
            day=row.day,
            evidence=_make_evidence(row, row.state, number) if row.state else None,
            shown=row.shown,
            contested=row.contested,
        )
        examples.setdefault(row.example, []).append(step)
    return examples


def settle_steps(steps: Sequence[Step]) -> list[RelationState | None]:
    """Return the state after each step, from all quotes up to it."""
    settled: list[RelationState | None] = []
    for number, step in enumerate(steps, start=1):
        held = [told.evidence for told in steps[:number] if told.evidence]
        found = settle_states(held, as_of=step.day)
        settled.append(found[0] if found else None)
    return settled


def _make_evidence(row: _Row, state: State, number: int) -> Evidence:
    return Evidence(
        relation=Relation(
            id=f"example-{number}",
            article_id=f"example-{number}",
            actor=_PAIR[0],
            recipient=_PAIR[1],
            directed=True,
            event=_EVENT,
            state=state,
            modality=row.modality,
            condition=None,
            accord=None,
            attributed_to=None,
            confidence=SURE,
            cue=row.cue,
            rule="example",
            quote=Quote(exact=row.words, start_char=0, end_char=len(row.words)),
        ),
        date_published=row.day,
        date_basis=DateBasis.STATED,
        publisher=row.publisher,
        title=None,
        url=None,
    )
