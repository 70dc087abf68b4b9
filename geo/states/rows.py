"""Rows: the evidence of a pair as numbers, and what is set aside before anything is settled."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from geo.records import Evidence, Modality
from geo.states.rules import (
    ORDER,
    POSSIBLE_SHARE,
    STATES,
    WEAK,
    Ending,
    load_endings,
    load_standings,
)

_WORD = re.compile(r"\w+")
_ASIDE = {modality.value: modality.value for modality in (Modality.DENIED, Modality.PAST)}


class Told(NamedTuple):
    """One piece of evidence as plain values, as far as the rules ask for it.

    Days are ordinals of the calendar; ``state`` and ``modality`` are words of their vocabularies, ``words``
    those of the quote and ``story`` the signature of the article.
    """

    published: int
    begins: int
    ends: int
    state: str
    modality: str
    confidence: float
    cue: str
    words: str
    article: str
    story: Sequence[int] | None


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


def make_rows(evidence: Iterable[Evidence]) -> tuple[list[Row], dict[int, str]]:
    """Return the rows of a pair's evidence by the day they begin, and the rule of what is set aside.

    ``evidence`` is sorted by :func:`geo.states.settling.sort_evidence`.
    """
    return number_rows(map(_take_values, evidence))


def number_rows(told: Iterable[Told]) -> tuple[list[Row], dict[int, str]]:
    """Return the rows of plain values, as :func:`make_rows` does of the evidence that has them."""
    figures = _load_figures()
    rows, aside = [], {}
    sources: dict[tuple[int, bool, str], int] = {}
    for number, held in enumerate(told):
        published, begins, ends, state, modality, confidence, cue, words, article, story = held
        if modality in _ASIDE:
            aside[number] = _ASIDE[modality]
            continue
        if confidence < WEAK:
            aside[number] = "weak hint"
            continue
        place, is_deed, fitting = figures[state]
        is_asserted = modality == Modality.ASSERTED.value
        # An article, and words wherever they stand, count once for a state.
        names = (
            (place, True, article),
            (place, False, " ".join(words.casefold().split())),
        )
        own = [sources.setdefault(name, len(sources)) for name in names]
        if story:
            # So does a story, which near copies share in part; its numbers are negative.
            own += [-1 - band * len(ORDER) - place for band in story]
        rows.append(
            Row(
                begins,
                max(begins, ends if is_deed else published),
                published,
                place,
                1.0 if is_asserted else POSSIBLE_SHARE,
                confidence,
                _find_endings(fitting, f"{cue} {words}") if is_asserted else (),
                tuple(own),
                number,
            )
        )
    # On one day what is worse is told first, so that a truce ends the fighting of its own day.
    rows.sort(key=lambda row: (row.begins, row.state, row.number))
    return rows, aside


def _take_values(evidence: Evidence) -> Told:
    relation = evidence.relation
    return Told(
        evidence.date_published.toordinal(),
        evidence.begins.toordinal(),
        evidence.ends.toordinal(),
        relation.state.value,
        relation.modality.value,
        relation.confidence,
        relation.cue,
        relation.quote.exact,
        relation.article_id,
        evidence.signature,
    )


@lru_cache(maxsize=1)
def _load_figures() -> dict[str, tuple[int, bool, tuple[tuple[int, Ending], ...]]]:
    """Return of each state its place, whether it ages from its deed, and the endings that it can be."""
    standings, endings = load_standings(), tuple(enumerate(load_endings()))
    return {
        state.value: (
            ORDER[state],
            standings[state].ages_from == "deed",
            tuple((number, ending) for number, ending in endings if state in ending.states),
        )
        for state in STATES
    }


def _find_endings(fitting: Sequence[tuple[int, Ending]], text: str) -> tuple[int, ...]:
    """Return the places of the rows of ``endings.csv`` that words fit; what is only possible ends nothing."""
    if not any(ending.words for _, ending in fitting):
        return tuple(number for number, _ in fitting)
    said = frozenset(_WORD.findall(text.casefold()))
    return tuple(
        number
        for number, ending in fitting
        if not ending.words or (ending.words & said and ending.about & said)
    )
