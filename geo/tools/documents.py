"""Documents: how well the stages read real text, counted by what a whole document says.

A label counts once for each pair and state of a document; an optional one is neither asked for nor held
against, and what is denied takes no part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from geo.records import Extraction, Modality, Pair, Relation, State
from geo.tools.gold import GoldArticle, RelationLabel
from geo.tools.scores import Scores, drop_weak

Told = TypeVar("Told", RelationLabel, Relation)
Statement = tuple[Pair, State]
# A labeled document with what was read in it.
Read = tuple[GoldArticle, Extraction]
BINS = 10
FLOORS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of about one confidence: what it is in the mean, what share is right, how many."""

    stated: float
    right: float
    number: int


def list_said(relations: Iterable[Told]) -> dict[Statement, list[Told]]:
    """Return labels or relations by pair and state, without those that are denied."""
    said: dict[Statement, list[Told]] = {}
    for relation in relations:
        if relation.modality is not Modality.DENIED:
            said.setdefault((relation.pair, relation.state), []).append(relation)
    return said


def split_labels(labels: Iterable[RelationLabel]) -> tuple[set[Statement], set[Statement]]:
    """Return the statements that are asked for, and all that are allowed."""
    allowed = list_said(labels)
    needed = list_said(label for label in labels if not label.optional)
    return {*needed}, {*allowed}


def score_documents(documents: Iterable[Read]) -> Scores:
    """Return the scores of what was read in labeled documents."""
    scores = Scores()
    for gold, extraction in documents:
        score_document(gold, extraction, scores)
    return scores


def score_document(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add one document: its pairs, states and countries, and whether silence was kept."""
    needed, allowed = split_labels(gold.relations)
    found = {*list_said(extraction.relations)}
    pairs = {pair for pair, _ in needed}
    scores.tally("pair").add({pair for pair, _ in found}, pairs, {pair for pair, _ in allowed})
    scores.tally("pair and state").add(found, needed, allowed)
    for state in State:
        scores.tally(f"state {state.value}").add(
            {said for said in found if said[1] is state},
            {said for said in needed if said[1] is state},
            allowed,
        )
    if not allowed:
        scores.share("silent where nothing is said", right=not found)
    for pair, state in sorted(found - allowed):
        if pair in pairs:
            # Of several states that the pair was to have, the first by name stands for all.
            scores.confused[min(other for one, other in needed if one == pair), state] += 1
    # Of several labels of one pair and state the last decides on modality and direction.
    labels = {said: told[-1] for said, told in list_said(gold.relations).items()}
    for relation in extraction.relations:
        label = labels.get((relation.pair, relation.state))
        if label:
            scores.share("modality", right=relation.modality is label.modality)
            if label.directed:
                scores.share("direction", right=relation.actor == label.actor)
    optional = gold.optional_countries
    counted = {mention.country for mention in extraction.mentions if mention.counted}
    scores.tally("countries").add(counted - optional, gold.countries or frozenset())


def score_agreement(
    readings: Iterable[tuple[Sequence[RelationLabel], Sequence[RelationLabel]]],
) -> Scores:
    """Return how far two readers of the same documents agree; what one marks optional is left open."""
    scores = Scores()
    for one, other in readings:
        (needed, allowed), (found, permitted) = split_labels(one), split_labels(other)
        for measure, depth in (("pair", 1), ("pair and state", 2)):
            sides = [
                {said[:depth] for said in side} for side in (needed, allowed, found, permitted)
            ]
            tally = scores.tally(measure)
            tally.right += len(sides[0] & sides[2])
            tally.wrong += len(sides[2] - sides[1])
            tally.missed += len(sides[0] - sides[3])
    return scores


# Confidence --------------------------------------------------------------------------------------


def measure_reliability(documents: Iterable[Read]) -> list[Bin]:
    """Return the bins of confidence, from low to high, that hold statements; optional ones are left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for gold, extraction in documents:
        needed, allowed = split_labels(gold.relations)
        sure: dict[Statement, float] = {}
        for relation in extraction.relations:
            if relation.modality is not Modality.DENIED:
                said = relation.pair, relation.state
                sure[said] = max(sure.get(said, 0.0), relation.confidence)
        for said, confidence in sure.items():
            if said in needed or said not in allowed:
                place = min(int(confidence * BINS), BINS - 1)
                bins[place].append((confidence, said in needed))
    return [
        Bin(
            stated=sum(confidence for confidence, _ in held) / len(held),
            right=sum(right for _, right in held) / len(held),
            number=len(held),
        )
        for held in bins
        if held
    ]


def write_curve(documents: Sequence[Read]) -> Iterator[str]:
    """Yield lines: how reliable confidence is, and precision and recall by floor of confidence."""
    yield f"  {'confidence':32}{'stated':>7}{'right':>7}{'number':>8}"
    for one in measure_reliability(documents):
        yield f"  {'':32}{one.stated:7.3f}{one.right:7.3f}{one.number:8d}"
    yield f"  {'floor: pair and state':32}{'P':>7}{'R':>7}{'F1':>7}"
    for floor in FLOORS:
        strong = ((gold, drop_weak(extraction, floor)) for gold, extraction in documents)
        tally = score_documents(strong).tally("pair and state")
        yield f"  {floor:<32.2f}{tally.precision:7.3f}{tally.recall:7.3f}{tally.f1:7.3f}"
