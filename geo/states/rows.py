"""Rows: the evidence of a pair as numbers, and what is set aside before anything is settled."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from geo.records import Evidence, Modality, State
from geo.states.rules import ORDER, POSSIBLE_SHARE, WEAK, load_endings, load_standings

_WORD = re.compile(r"\w+")


class Row(NamedTuple):
    """One piece of evidence that counts, as numbers; days are ordinals of the calendar.

    ``base`` is the day from which it ages, ``state`` the place of its state, ``share`` one or one half,
    ``endings`` the places of the endings that its words fit, ``sources`` the numbers of its article,
    its words and its story, which count once for a state, and ``number`` its place in the evidence.
    """

    begins: int
    base: int
    published: int
    state: int
    share: float
    confidence: float
    endings: tuple[int, ...]
    sources: tuple[int, ...]
    number: int


def make_rows(evidence: Sequence[Evidence]) -> tuple[list[Row], dict[int, str]]:
    """Return the rows of a pair's evidence by the day they begin, and the rule of what is set aside.

    ``evidence`` is sorted by :func:`sort_evidence`.
    """
    standings = load_standings()
    rows, aside = [], {}
    sources: dict[tuple[State, str], int] = {}
    for number, held in enumerate(evidence):
        relation = held.relation
        if relation.modality in {Modality.DENIED, Modality.PAST}:
            aside[number] = relation.modality.value
        elif relation.confidence < WEAK:
            aside[number] = "weak hint"
        else:
            names = ((relation.state, name) for name in name_sources(held))
            base = max(held.begins, standings[relation.state].find_base(held))
            rows.append(
                Row(
                    begins=held.begins.toordinal(),
                    base=base.toordinal(),
                    published=held.date_published.toordinal(),
                    state=ORDER[relation.state],
                    share=POSSIBLE_SHARE if relation.modality is Modality.POSSIBLE else 1.0,
                    confidence=relation.confidence,
                    endings=find_endings(held),
                    sources=(
                        *(sources.setdefault(name, len(sources)) for name in names),
                        *number_bands(held),
                    ),
                    number=number,
                )
            )
    # On one day what is worse is told first, so that a truce ends the fighting of its own day.
    rows.sort(key=lambda row: (row.begins, row.state, row.number))
    return rows, aside


def name_sources(evidence: Evidence) -> tuple[str, str]:
    """Return two things that count once for a state: an article, and words wherever they stand."""
    relation = evidence.relation
    words = " ".join(relation.quote.exact.casefold().split())
    return f"article {relation.article_id}", f"words {words}"


def number_bands(evidence: Evidence) -> list[int]:
    """Return the third thing that counts once for a state, a story, which near copies share in part.

    The numbers are negative, and those of sources are not.
    """
    state = ORDER[evidence.relation.state]
    return [-1 - band * len(ORDER) - state for band in evidence.signature]


def find_endings(evidence: Evidence) -> tuple[int, ...]:
    """Return the places of the rows of ``endings.csv`` that a quote fits; possible ones end nothing."""
    relation = evidence.relation
    if relation.modality is not Modality.ASSERTED or relation.confidence < WEAK:
        return ()
    fitting = [
        (number, ending)
        for number, ending in enumerate(load_endings())
        if relation.state in ending.states
    ]
    if any(ending.words for _, ending in fitting):
        said = frozenset(_WORD.findall(f"{relation.cue} {relation.quote.exact}".casefold()))
        fitting = [
            (number, ending)
            for number, ending in fitting
            if not ending.words or (ending.words & said and ending.about & said)
        ]
    return tuple(number for number, _ in fitting)
