"""Relation states: what the evidence of each pair adds up to as of a date, by rules done by hand.

Two clocks run. ``as_of`` asks what was true on a day: a quote counts from the first day that it tells
of, which is that of the deed where the text says when and that of its article where not. ``known_on``
asks what was known on a day: what was published later is left out.

Each quote has a weight: its confidence, times one half if it is only possible, times the weight of its
state, halved with each half-life. Words and deeds age from the day of the deed, what lasts (relations,
alliances, sanctions) from the day of the report that still speaks of it. An article counts once for a
state, and the same words in several articles count once. The state with the most weight is shown. The
figures stand in ``data/states/standing.csv``, what ends what in ``data/states/endings.csv``, each with its
reason, and the rules in ``data/states/rules.csv``.

Like the hostility levels of the Militarized Interstate Disputes data (Palmer and others 2022) they rank
deeds above words; like PLOVER they tell what is said from what is done; like the peace scale of Goertz,
Diehl and Balas (2016) they hold a state until something ends it. Unlike the Goldstein scale (1992), they
never add a friendly deed to a hostile one.
"""

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from geo.errors import DataError
from geo.paths import DATA
from geo.records import Evidence, Modality, Pair, RelationState, State

COOPERATIVE = frozenset(
    {State.TRUCE, State.TALKS, State.PLEDGED, State.TIES, State.PARTNERS, State.ALLIED}
)
ORDER = {state: place for place, state in enumerate(State)}
# What a merely possible statement counts for beside an asserted one.
POSSIBLE_SHARE = 0.5
# A pair is contested where the other side carries at least this share of the winner's weight.
CONTESTED_SHARE = 0.5
# Below this confidence a quote does not end what others say.
ENDING_CONFIDENCE = 0.6
DEED, REPORT = "deed", "report"
# Decimals at which two weights are the same.
PLACES = 6
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold one row of ``standing.csv``: how much evidence of a state weighs and how long it holds."""

    weight: float
    half_life_days: int
    holds_days: int
    ages_from: str
    reason: str

    def find_base(self, evidence: Evidence) -> date:
        """Return the day from which a quote ages."""
        return evidence.ends if self.ages_from == DEED else evidence.date_published


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Hold one row of ``endings.csv``: quotes of which state, in which words, end which others.

    Without words every quote of the state does.
    """

    name: str
    states: frozenset[State]
    words: frozenset[str]
    ends: frozenset[State]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Hold a piece of evidence with its weight, and the rule of ``rules.csv`` that gave it."""

    evidence: Evidence
    weight: float
    rule: str

    @property
    def counts(self) -> bool:
        """Say whether it stands for or against; one that is set aside does neither."""
        return self.rule in {"counts", "repeats"}


@lru_cache(maxsize=1)
def load_standings(folder: Path = DATA / "states") -> Mapping[State, Standing]:
    """Read what each state's evidence weighs; raises :class:`DataError` where a row is missing or wrong."""
    standings: dict[State, Standing] = {}
    with (folder / "standing.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                standing = Standing(
                    weight=float(row["weight"]),
                    half_life_days=int(row["half_life_days"]),
                    holds_days=int(row["holds_days"]),
                    ages_from=row["ages_from"],
                    reason=row["reason"],
                )
                state = State(row["state"])
            except (KeyError, ValueError) as error:
                msg = f"data/states/standing.csv line {number}: {error}"
                raise DataError(msg) from error
            if standing.weight <= 0 or not 0 < standing.half_life_days <= standing.holds_days:
                msg = f"data/states/standing.csv line {number}: weight and days must be positive"
                raise DataError(msg)
            if standing.ages_from not in {DEED, REPORT}:
                msg = f"data/states/standing.csv line {number}: ages_from is {DEED} or {REPORT}"
                raise DataError(msg)
            standings[state] = standing
    if missing := [each for each in State if each not in standings]:
        msg = f"data/states/standing.csv has no row for {missing[0]}"
        raise DataError(msg)
    return standings


@lru_cache(maxsize=1)
def load_endings(folder: Path = DATA / "states") -> tuple[Ending, ...]:
    """Read what ends what; raises :class:`DataError` where a row is wrong."""
    found = []
    with (folder / "endings.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                ending = Ending(
                    name=row["name"],
                    states=frozenset(State(each) for each in row["state"].split("|")),
                    words=frozenset(each for each in row["words"].split("|") if each),
                    ends=frozenset(State(each) for each in row["ends"].split("|")),
                    reason=row["reason"],
                )
            except (KeyError, ValueError) as error:
                msg = f"data/states/endings.csv line {number}: {error}"
                raise DataError(msg) from error
            found.append(ending)
    return tuple(found)


@lru_cache(maxsize=1)
def load_rules(folder: Path = DATA / "states") -> Mapping[str, str]:
    """Read what each rule means, by its name."""
    with (folder / "rules.csv").open(encoding="utf-8", newline="") as lines:
        return {row["rule"]: row["meaning"] for row in csv.DictReader(lines)}


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
        for pair, held in groupby(known, key=lambda each: each.relation.pair)
    )
    return tuple(each for each in settled if each is not None)


def select_evidence(
    evidence: Iterable[Evidence], as_of: date, known_on: date | None = None
) -> Iterator[Evidence]:
    """Yield what was known on one day, the same one unless told, of what had begun on another."""
    last = known_on or as_of
    return (each for each in evidence if each.date_published <= last and each.begins <= as_of)


def settle_pair(pair: Pair, held: Sequence[Evidence], *, as_of: date) -> RelationState | None:
    """Return one pair's state from its evidence; ``None`` where none of it counts.

    ``held`` is what :func:`select_evidence` lets through.
    """
    weighed = weigh_evidence(held, as_of=as_of)
    weights: defaultdict[State, list[float]] = defaultdict(list)
    for each in weighed:
        if each.counts:
            weights[each.evidence.relation.state].append(each.weight)
    if not weights:
        return None
    # The exact sum does not depend on the order of its parts.
    totals = {state: round(math.fsum(parts), PLACES) for state, parts in weights.items()}
    ranked = sorted(totals, key=lambda state: (-totals[state], ORDER[state]))
    state = ranked[0]
    runner_up = ranked[1] if len(ranked) > 1 else None
    supporting = [each for each in weighed if each.counts and each.evidence.relation.state is state]
    opposing = [
        each for each in weighed if each.counts and each.evidence.relation.state is not state
    ]
    if runner_up is None:
        rule = "unopposed"
    elif totals[state] == totals[runner_up]:
        rule = "worse of equals"
    else:
        rule = "outweighs"
    other_side = sum(
        weight
        for each, weight in totals.items()
        if is_cooperative(each) is not is_cooperative(state)
    )
    strongest = max(each.evidence.relation.confidence for each in supporting)
    share = totals[state] / (sum(totals.values()) or 1)
    return RelationState(
        pair=pair,
        state=state,
        as_of=as_of,
        since=min(each.evidence.begins for each in supporting),
        rule=rule,
        reason=_write_reason(state, runner_up, totals, rule),
        contested=other_side > 0 and other_side >= CONTESTED_SHARE * totals[state],
        publishers=len({_find_voice(each.evidence) for each in supporting}),
        confidence=round(strongest * share, 3),
        supporting=_list_heaviest_first(supporting),
        opposing=_list_heaviest_first(opposing),
        aside=tuple(each.evidence for each in weighed if not each.counts),
        runner_up=runner_up,
    )


def is_cooperative(state: State) -> bool:
    """Say on which side a state is: cooperation, or conflict."""
    return state in COOPERATIVE


def weigh_evidence(held: Iterable[Evidence], *, as_of: date) -> tuple[Weighed, ...]:
    """Return one pair's evidence, each piece with its weight as of a date and the rule that gave it."""
    standings = load_standings()
    ordered = sorted(held, key=sort_evidence)
    ended: dict[State, date] = {}
    for each in ordered:
        base = standings[each.relation.state].find_base(each)
        for state in find_ended(each):
            ended[state] = max(ended.get(state, date.min), base)
    weighed = [_weigh(each, standings[each.relation.state], ended, as_of) for each in ordered]
    said: set[tuple[State, str]] = set()
    final: dict[int, Weighed] = {}
    for at in sorted(range(len(weighed)), key=lambda at: rank_evidence(weighed[at].evidence)):
        one = weighed[at]
        if one.counts:
            keys = {(one.evidence.relation.state, each) for each in name_sources(one.evidence)}
            if keys & said:
                one = Weighed(evidence=one.evidence, weight=0.0, rule="repeats")
            said |= keys
        final[at] = one
    return tuple(final[at] for at in range(len(weighed)))


def find_ended(evidence: Evidence) -> frozenset[State]:
    """Return the states that a quote brings to an end, by the rows of ``endings.csv``."""
    relation = evidence.relation
    if relation.modality is not Modality.ASSERTED or relation.confidence < ENDING_CONFIDENCE:
        return frozenset()
    return frozenset(state for row in find_endings(evidence) for state in row.ends)


def find_endings(evidence: Evidence) -> list[Ending]:
    """Return the rows of ``endings.csv`` that a quote's state and words fit."""
    relation = evidence.relation
    rows = [each for each in load_endings() if relation.state in each.states]
    if any(each.words for each in rows):
        said = frozenset(_WORD.findall(relation.cue.casefold()))
        rows = [each for each in rows if not each.words or each.words & said]
    return rows


def rank_evidence(evidence: Evidence) -> tuple[int, float, str, int, str]:
    """Return by what the quotes of a state are ranked, so that of repeated ones the first counts.

    The newest goes first, then the one read most surely.
    """
    relation = evidence.relation
    base = load_standings()[relation.state].find_base(evidence)
    sure = relation.confidence * find_share(relation.modality)
    return (-base.toordinal(), -sure, relation.article_id, relation.quote.start_char, relation.id)


def name_sources(evidence: Evidence) -> tuple[str, str]:
    """Return the two things that count once for a state: an article, and words wherever they stand."""
    relation = evidence.relation
    words = " ".join(relation.quote.exact.casefold().split())
    return f"article {relation.article_id}", f"words {words}"


def find_share(modality: Modality) -> float:
    """Return what a quote of some modality counts for beside an asserted one."""
    match modality:
        case Modality.ASSERTED:
            return 1.0
        case Modality.POSSIBLE:
            return POSSIBLE_SHARE
        case _:
            return 0.0


def _weigh(
    evidence: Evidence, standing: Standing, ended: Mapping[State, date], as_of: date
) -> Weighed:
    relation = evidence.relation
    base = standing.find_base(evidence)
    age = max(0, (as_of - base).days)
    rule = "counts"
    if relation.modality in {Modality.DENIED, Modality.PAST}:
        rule = relation.modality.value
    elif age > standing.holds_days:
        rule = "too old"
    elif base < ended.get(relation.state, date.min):
        rule = "ended"
    if rule != "counts":
        return Weighed(evidence=evidence, weight=0.0, rule=rule)
    fresh = 0.5 ** (age / standing.half_life_days)
    weight = relation.confidence * find_share(relation.modality) * standing.weight * fresh
    return Weighed(evidence=evidence, weight=weight, rule=rule)


def _write_reason(
    state: State, runner_up: State | None, totals: Mapping[State, float], rule: str
) -> str:
    words = load_rules()[rule]
    if runner_up is None:
        return f"{words} Weight: {totals[state]:.2f} for {state.value}."
    return (
        f"{words} Weight: {totals[state]:.2f} for {state.value}, "
        f"{totals[runner_up]:.2f} for {runner_up.value}."
    )


def _list_heaviest_first(weighed: Iterable[Weighed]) -> tuple[Evidence, ...]:
    return tuple(each.evidence for each in sorted(weighed, key=lambda each: -each.weight))


def _find_voice(evidence: Evidence) -> str:
    return evidence.publisher or f"article {evidence.relation.article_id}"


def sort_evidence(evidence: Evidence) -> tuple[Pair, date, str, int, str]:
    """Return by what evidence is ordered, whatever the order in which it came."""
    relation = evidence.relation
    return (
        relation.pair,
        evidence.date_published,
        relation.article_id,
        relation.quote.start_char,
        relation.id,
    )
