"""Examples: short histories of a pair, made up, that show how the rules settle it.

They stand in ``data/states/worked.csv`` with the state that each step leaves. The method page shows them,
and a test does them again.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo.errors import DataError
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
from geo.states.settling import settle_states

# With what confidence every quote of an example was read.
CONFIDENCE = 0.8
_PAIR = CountryCode("AAA"), CountryCode("BBB")
# The root of an example plays no part in how it settles.
_EVENT = Event.COOPERATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Hold one step of an example: a day, the quote that came with it, and what is shown then.

    A step without a quote only lets time pass.
    """

    day: date
    evidence: Evidence | None
    shown: State | None
    contested: bool


@lru_cache(maxsize=1)
def load_examples(folder: Path = DATA / "states") -> Mapping[str, Sequence[Step]]:
    """Read the steps of each example by its name; raises :class:`DataError` where a row is wrong."""
    examples: dict[str, list[Step]] = {}
    with (folder / "worked.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                step = Step(
                    day=date.fromisoformat(row["day"]),
                    evidence=_make_evidence(row, number) if row["state"] else None,
                    shown=State(row["shown"]) if row["shown"] else None,
                    contested=row["contested"] == "yes",
                )
            except (KeyError, ValueError) as error:
                msg = f"data/states/worked.csv line {number}: {error}"
                raise DataError(msg) from error
            examples.setdefault(row["example"], []).append(step)
    return examples


def settle_steps(steps: Sequence[Step]) -> list[RelationState | None]:
    """Return the state after each step, from all quotes up to it."""
    settled: list[RelationState | None] = []
    for number, step in enumerate(steps, start=1):
        held = [each.evidence for each in steps[:number] if each.evidence]
        found = settle_states(held, as_of=step.day)
        settled.append(found[0] if found else None)
    return settled


def _make_evidence(row: Mapping[str, str], number: int) -> Evidence:
    words = row["words"]
    return Evidence(
        relation=Relation(
            id=f"example-{number}",
            article_id=f"example-{number}",
            actor=_PAIR[0],
            recipient=_PAIR[1],
            directed=True,
            event=_EVENT,
            state=State(row["state"]),
            modality=Modality(row["modality"]),
            condition=None,
            accord=None,
            attributed_to=None,
            confidence=CONFIDENCE,
            cue=row["cue"],
            rule="example",
            quote=Quote(exact=words, start_char=0, end_char=len(words)),
        ),
        date_published=date.fromisoformat(row["day"]),
        date_basis=DateBasis.STATED,
        publisher=row["publisher"],
        title=None,
        url=None,
    )
