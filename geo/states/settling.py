"""Relation states: what the evidence of each pair adds up to as of a date, by rules done by hand.

Two clocks run. ``as_of`` asks what was true on a day: a quote counts from the first day that it tells
of, which is that of the deed where the text says when and that of its article where not. ``known_on``
asks what was known on a day: what was published later is left out.

The rules in plain words:

1. What is denied or past, or was read with less than ``WEAK`` confidence, is set aside.
2. The same article and the same words count once for a state; what is only possible counts half.
3. Fighting goes before everything until a peace or a truce is told after it. A truce holds where of a week
   more articles tell of it than of fighting, or where nobody tells of fighting for ``QUIET`` days after it;
   fighting that ``TWICE`` articles tell of ends it. One article of fighting alone
   gives way to several of peace after it, and to a bond that more tell of.
4. A truce goes next, until two hostile deeds are told after it.
5. A hostile deed of the last ``RECENT`` days goes before ties; before an alliance or a partnership it takes
   two articles. Hostility that one article alone tells of gives way to more of talks and pledges after it.
6. Alliances, partnerships, ties and hostility stand until something ends them.
7. A quarrel goes before mere ties. Before anything firmer, words go only where ``SEVERAL`` articles of the
   last ``RECENT`` days say so and fewer say otherwise.
8. Where nothing stands the last words are shown, and of equals the worse.
9. Only when something is told is this decided anew. Age makes a state pale and changes none, save that words
   fade, and what was only possible, and fighting that few tell of.
10. What is told anew goes before one or two articles older than a season, and before ``SEVERAL`` older than
   their kind holds.

How long each state holds stands in ``data/states/standing.csv``, what ends what in
``data/states/endings.csv``, each with its reason, and the rules in ``data/states/rules.csv``.

Like the hostility levels of the Militarized Interstate Disputes data (Palmer and others 2022) they rank
deeds above words; like PLOVER they tell what is said from what is done; like the peace scale of Goertz,
Diehl and Balas (2016) they hold a state until something ends it. Unlike the Goldstein scale (1992), they
never add a friendly deed to a hostile one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from geo.records import Evidence, Pair, RelationState, State
from geo.states.course import Course
from geo.states.rows import make_rows
from geo.states.rules import (
    CONTESTED_SHARE,
    COOPERATIVE,
    ORDER,
    POSSIBLE_SHARE,
    RECENT,
    STATES,
    is_cooperative,
    load_endings,
    load_rules,
    load_standings,
)

# What a page asks of the rules it finds here, beside what settles.
__all__ = [
    "CONTESTED_SHARE",
    "COOPERATIVE",
    "POSSIBLE_SHARE",
    "Weighed",
    "is_cooperative",
    "load_endings",
    "load_rules",
    "load_standings",
    "select_evidence",
    "settle_pair",
    "settle_states",
    "sort_evidence",
    "weigh_evidence",
]
COUNTS = frozenset({"counts", "repeats"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A piece of evidence with what it counts for, and the rule of ``rules.csv`` that says so."""

    evidence: Evidence
    weight: float
    rule: str

    @property
    def counts(self) -> bool:
        """Say whether it stands for or against; one that is set aside does neither."""
        return self.rule in COUNTS


def settle_states(
    evidence: Iterable[Evidence], *, as_of: date, known_on: date | None = None
) -> tuple[RelationState, ...]:
    """Return the state of each pair that has one as of a date, sorted by pair.

    ``as_of`` is the day that the states are of; ``known_on``, which defaults to it, leaves out what was
    published later. The order in which the evidence comes makes no difference.
    """
    known = sorted(select_evidence(evidence, as_of, known_on), key=sort_evidence)
    settled = (
        settle_pair(pair, tuple(held), as_of=as_of)
        for pair, held in groupby(known, key=lambda held: held.relation.pair)
    )
    return tuple(state for state in settled if state is not None)


def select_evidence(
    evidence: Iterable[Evidence], as_of: date, known_on: date | None = None
) -> Iterator[Evidence]:
    """Yield what was known on one day, the same one unless told, of what had begun on another."""
    last = known_on or as_of
    return (held for held in evidence if held.date_published <= last and held.begins <= as_of)


def settle_pair(pair: Pair, held: Sequence[Evidence], *, as_of: date) -> RelationState | None:
    """Return one pair's state from its evidence; ``None`` where none of it counts.

    ``held`` is what :func:`select_evidence` lets through.
    """
    ordered, course, aside = _follow(held, as_of)
    chosen = course.choose(as_of.toordinal())
    if chosen is None:
        return None
    day = course.find_day(as_of.toordinal())
    state, rule = STATES[chosen[0]], chosen[1]
    weighed = _weigh_rows(ordered, course, aside, day, chosen[0])
    supporting = [one for one in weighed if one.counts and one.evidence.relation.state is state]
    opposing = [one for one in weighed if one.counts and one.evidence.relation.state is not state]
    counts: defaultdict[State, float] = defaultdict(float)
    for one in weighed:
        counts[one.evidence.relation.state] += one.weight
    others = [found for found in STATES if counts[found] and found is not state]
    runner_up = max(
        others,
        key=lambda found: (course.count_recent(ORDER[found], day), counts[found], -ORDER[found]),
        default=None,
    )
    last = date.fromordinal(course.told[chosen[0]][-1][0])
    starts = [one.evidence.begins for one in supporting if _gives_start(one.evidence)]
    first = min(one.evidence.date_published for one in supporting)
    strongest = max(one.evidence.relation.confidence for one in supporting)
    return RelationState(
        pair=pair,
        state=state,
        as_of=as_of,
        since=min([first, *starts]),
        dated=bool(starts) and min(starts) <= first,
        reported=max(one.evidence.date_published for one in supporting),
        aged=course.is_aged(chosen[0], as_of.toordinal()),
        rule=rule,
        reason=_write_reason(rule, counts, (as_of - last).days),
        contested=course.is_contested(chosen[0], as_of.toordinal()),
        publishers=len({_find_voice(one.evidence) for one in supporting if one.weight}),
        confidence=round(strongest * counts[state] / sum(counts.values()), 3),
        supporting=_list_heaviest_first(supporting),
        opposing=_list_heaviest_first(opposing),
        aside=tuple(one.evidence for one in weighed if not one.counts),
        runner_up=runner_up,
    )


def weigh_evidence(held: Iterable[Evidence], *, as_of: date) -> tuple[Weighed, ...]:
    """Return one pair's evidence, each piece with what it counts for and the rule that says so."""
    ordered, course, aside = _follow(held, as_of)
    chosen = course.choose(as_of.toordinal())
    day = as_of.toordinal()
    if chosen is None:
        return _weigh_rows(ordered, course, aside, day, None)
    return _weigh_rows(ordered, course, aside, course.find_day(day), chosen[0])


def sort_evidence(evidence: Evidence) -> tuple[Pair, date, str, int, str]:
    """Sort key of evidence, whatever the order in which it came."""
    relation = evidence.relation
    return (
        relation.pair,
        evidence.date_published,
        relation.article_id,
        relation.quote.start_char,
        relation.id,
    )


def _follow(held: Iterable[Evidence], as_of: date) -> tuple[list[Evidence], Course, dict[int, str]]:
    ordered = sorted(held, key=sort_evidence)
    rows, aside = make_rows(ordered)
    course, day = Course(), as_of.toordinal()
    for row in rows:
        if row.begins <= day:
            course.tell(row)
    return ordered, course, aside


def _weigh_rows(
    ordered: Sequence[Evidence],
    course: Course,
    aside: Mapping[int, str],
    day: int,
    chosen: int | None,
) -> tuple[Weighed, ...]:
    """Return evidence with what it counts for, once its course was followed up to a day."""
    found: dict[int, tuple[float, str]] = {}
    runs: dict[State, int] = {}
    for state, held in enumerate(course.told):
        if not held:
            continue
        stands = state == chosen or course.count_standing(state, day) > 0
        first = course.find_run(state)
        if stands:
            runs[STATES[state]] = held[first][0]
        for place, (_, share, _, number) in enumerate(held):
            counts = stands and place >= first
            found[number] = (share, "counts") if counts else (0.0, "too old")
    for number in course.repeats:
        start = runs.get(ordered[number].relation.state)
        counts = start is not None and ordered[number].date_published.toordinal() >= start
        found[number] = (0.0, "repeats" if counts else "ended")
    return tuple(
        Weighed(evidence, *found.get(number, (0.0, aside.get(number, "ended"))))
        for number, evidence in enumerate(ordered)
    )


def _write_reason(rule: str, counts: Mapping[State, float], age: int) -> str:
    told = ", ".join(f"{counts[state]:g} for {state.value}" for state in STATES if counts[state])
    last = f" Last told {age} days before." if age > RECENT else ""
    return f"{load_rules()[rule]} Articles: {told}.{last}"


def _list_heaviest_first(weighed: Iterable[Weighed]) -> tuple[Evidence, ...]:
    """Return evidence with the newest first; copies stand behind what counts."""
    ordered = sorted(weighed, key=lambda one: one.evidence.date_published, reverse=True)
    return tuple(one.evidence for one in sorted(ordered, key=lambda one: -one.weight))


def _gives_start(evidence: Evidence) -> bool:
    """Say whether a quote gives the day on which its state began: "since 2014", "signed in 2020"."""
    relation = evidence.relation
    if relation.period is None:
        return False
    lasts = load_standings()[relation.state].group in {"bond", "coercion"}
    return lasts or relation.period.words.casefold().startswith("since")


def _find_voice(evidence: Evidence) -> str:
    return evidence.publisher or f"article {evidence.relation.article_id}"
