"""Scores: how well the stages read the articles that were written for testing.

Predictions and labels match in a sentence where the quote overlaps the words. Direction, modality and
root are shares of the matches of pair and state, as those of PLOVER's evaluations are; where a sentence is
labeled with one state both ways ("A thanked B for its aid"), the label nearest to the prediction counts.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from geo.edition import extract_article
from geo.records import (
    Event,
    Extraction,
    MentionKind,
    Pair,
    Relation,
    Sentence,
    Span,
    State,
)
from geo.tools.gold import GoldArticle, RelationLabel

# A relation of less confidence counts as not said; all that the stages say counts where nothing is given.
FLOOR = 0.0


@dataclass(slots=True)
class Tally:
    """Counts of what was found rightly, found wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(
        self,
        found: AbstractSet[Hashable],
        labeled: AbstractSet[Hashable],
        optional: AbstractSet[Hashable] = frozenset(),
    ) -> None:
        """Compare two sets; what is optional is neither asked for nor held against."""
        self.right += len(found & labeled)
        self.wrong += len(found - labeled - optional)
        self.missed += len(labeled - found)

    @property
    def precision(self) -> float:
        """Share of the findings that are right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the labels that were found; 1 where there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(slots=True)
class Scores:
    """The tallies of one set, by measure, and which state was read for which in pairs found rightly."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    shares: dict[str, Tally] = field(default_factory=dict)
    confused: Counter[tuple[State, State]] = field(default_factory=Counter)

    def tally(self, measure: str) -> Tally:
        """Return the tally of a measure, made at first use."""
        return self.tallies.setdefault(measure, Tally())

    def share(self, measure: str, *, right: bool) -> None:
        """Count one match that is right or wrong in a further respect."""
        held = self.shares.setdefault(measure, Tally())
        held.right += right
        held.wrong += not right

    def list_figures(self) -> Iterator[tuple[str, float]]:
        """Yield each measure with its figure, between 0 and 1."""
        for measure, tally in self.tallies.items():
            yield f"{measure} precision", tally.precision
            yield f"{measure} recall", tally.recall
            yield f"{measure} F1", tally.f1
        for measure, tally in self.shares.items():
            yield measure, tally.precision


def drop_weak(extraction: Extraction, floor: float = FLOOR) -> Extraction:
    """Return an extraction without the relations of less confidence than the floor."""
    strong = (relation for relation in extraction.relations if relation.confidence >= floor)
    return replace(extraction, relations=tuple(strong))


def score_articles(golds: Iterable[GoldArticle], floor: float = FLOOR) -> Scores:
    """Return the scores of the stages over labeled articles."""
    scores = Scores()
    for gold in golds:
        extraction = drop_weak(extract_article(gold.article), floor)
        score_mentions(gold, extraction, scores)
        if gold.countries is not None:
            continue
        score_relations(gold, extraction, scores)
        score_places(gold, extraction, scores)
    return scores


def score_mentions(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add an article's mentions: by exact slice and country, and the set of its countries.

    Words that stand for a country named elsewhere are scored apart from its names.
    """
    counted = [mention for mention in extraction.mentions if mention.counted]
    if gold.countries is not None:
        scores.tally("countries").add({mention.country for mention in counted}, gold.countries)
        return
    if not gold.mentions:
        return
    apart = {mention.span for mention in gold.mentions if mention.coreference}
    apart |= {
        (mention.start_char, mention.end_char)
        for mention in extraction.mentions
        if mention.kind is MentionKind.COREFERENCE
    }
    labeled = {(mention.country, mention.span) for mention in gold.mentions if mention.counted}
    found = {(mention.country, (mention.start_char, mention.end_char)) for mention in counted}
    scores.tally("mentions").add(
        {key for key in found if key[1] not in apart},
        {key for key in labeled if key[1] not in apart},
    )
    scores.tally("coreference").add(
        {key for key in found if key[1] in apart}, {key for key in labeled if key[1] in apart}
    )
    scores.tally("countries").add({code for code, _ in found}, {code for code, _ in labeled})


def score_relations(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add an article's relations: pairs and states, in the article and in each sentence.

    An optional label is credited where it is found and not missed where it is not.
    """
    labels, found = key_labels(gold, extraction), key_relations(extraction)
    expected = {
        key
        for key, told in labels.items()
        if key in found or not all(label.optional for label in told)
    }
    for state in State:
        scores.tally(f"state {state.value}").add(
            {key for key in found if key[2] is state}, {key for key in expected if key[2] is state}
        )
    scores.tally("pair").add({pair for _, pair, _ in found}, {pair for _, pair, _ in expected})
    scores.tally("pair in sentence").add({key[:2] for key in found}, {key[:2] for key in expected})
    scores.tally("pair and state").add({key[1:] for key in found}, {key[1:] for key in expected})
    scores.tally("pair and state in sentence").add(set(found), expected)
    for key in found.keys() & labels.keys():
        relation = found[key]
        label = find_nearest(labels[key], relation)
        if label.directed:
            scores.share("direction", right=_is_way_right(label, relation))
        scores.share("modality", right=relation.modality is label.modality)
        scores.share("root", right=relation.event is label.event)
    for event in Event:
        scores.tally(f"root {event.value}").add(
            {key[:2] for key, relation in found.items() if relation.event is event},
            {key[:2] for key in expected if any(label.event is event for label in labels[key])},
        )
    for relation in extraction.relations:
        quote = relation.quote
        verbatim = gold.article.text[quote.start_char : quote.end_char] == quote.exact
        scores.share("quote validity", right=verbatim)


def score_places(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add an article's places in accords, by country and place."""
    if gold.places or extraction.accords:
        scores.tally("places in accords").add(
            {(place.country, place.place) for place in extraction.accords},
            {(place.country, place.place) for place in gold.places},
        )


Key = tuple[Span, Pair, State]


def key_labels(gold: GoldArticle, extraction: Extraction) -> dict[Key, list[RelationLabel]]:
    """Return labels by what they are matched by: a sentence may say one state both ways."""
    keyed: dict[Key, list[RelationLabel]] = {}
    for label in gold.relations:
        key = find_sentence(label.span, extraction.sentences), label.pair, label.state
        keyed.setdefault(key, []).append(label)
    return keyed


def find_nearest(labels: Iterable[RelationLabel], relation: Relation) -> RelationLabel:
    """Return the label that a relation comes nearest to: in direction, then modality, then root."""
    return max(
        labels,
        key=lambda label: (
            _is_way_right(label, relation),
            relation.modality is label.modality,
            relation.event is label.event,
        ),
    )


def _is_way_right(label: RelationLabel, relation: Relation) -> bool:
    if not label.directed:
        return not relation.directed
    return relation.directed and relation.actor == label.actor


def key_relations(extraction: Extraction) -> dict[Key, Relation]:
    """Return relations by what they are matched by."""
    return {
        (
            find_sentence(
                (relation.quote.start_char, relation.quote.end_char), extraction.sentences
            ),
            relation.pair,
            relation.state,
        ): relation
        for relation in extraction.relations
    }


def find_sentence(span: Span, sentences: Iterable[Sentence]) -> Span:
    """Return the sentence that a span lies in, the first where it spans several."""
    start, end = span
    return next(
        (
            (sentence.start_char, sentence.end_char)
            for sentence in sentences
            if sentence.start_char < end and start < sentence.end_char
        ),
        span,
    )
