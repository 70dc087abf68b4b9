"""Relation states: what the evidence of each pair adds up to as of a date, by rules done by hand.

Each quote has a weight: its confidence, times one half if it is only possible, times the weight of its
state, halved with each half-life since it was published. An article counts once for a state, and the
same words in several articles count once. The state with the most weight is shown. The figures stand
in ``data/standing.csv`` with their reasons and the rules in ``data/rules.csv``. Like the hostility
levels of the Militarized Interstate Disputes data, they rank deeds above words; unlike them and the
Goldstein scale, they never add a friendly deed to a hostile one.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold one row of ``standing.csv``: how much evidence of a state weighs and how long it holds."""

    weight: float
    half_life_days: int
    holds_days: int
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
def load_standings(folder: Path = DATA) -> Mapping[State, Standing]:
    """Read what each state's evidence weighs; raises :class:`DataError` where a row is missing or wrong."""
    standings: dict[State, Standing] = {}
    with (folder / "standing.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                standing = Standing(
                    weight=float(row["weight"]),
                    half_life_days=int(row["half_life_days"]),
                    holds_days=int(row["holds_days"]),
                    ends=frozenset(State(each) for each in row["ends"].split("|") if each),
                    reason=row["reason"],
                )
                state = State(row["state"])
            except (KeyError, ValueError) as error:
                msg = f"data/standing.csv line {number}: {error}"
                raise DataError(msg) from error
            if standing.weight <= 0 or not 0 < standing.half_life_days <= standing.holds_days:
                msg = f"data/standing.csv line {number}: weight and days must be positive"
                raise DataError(msg)
            standings[state] = standing
    if missing := [each for each in State if each not in standings]:
        msg = f"data/standing.csv has no row for {missing[0]}"
        raise DataError(msg)
    return standings


@lru_cache(maxsize=1)
def load_rules(folder: Path = DATA) -> Mapping[str, str]:
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
    last = min(as_of, known_on or as_of)
    known = sorted((each for each in evidence if each.date_published <= last), key=_sort_evidence)
    settled = (
        settle_pair(pair, tuple(held), as_of=as_of)
        for pair, held in groupby(known, key=lambda each: each.relation.pair)
    )
    return tuple(each for each in settled if each is not None)


def settle_pair(pair: Pair, held: Sequence[Evidence], *, as_of: date) -> RelationState | None:
    """Return one pair's state from its evidence; ``None`` where none of it counts."""
    weighed = weigh_evidence(held, as_of=as_of)
    totals: defaultdict[State, float] = defaultdict(float)
    for each in weighed:
        if each.counts:
            totals[each.evidence.relation.state] += each.weight
    if not totals:
        return None
    ranked = sorted(totals, key=lambda state: (-round(totals[state], 6), ORDER[state]))
    state = ranked[0]
    runner_up = ranked[1] if len(ranked) > 1 else None
    supporting = [each for each in weighed if each.counts and each.evidence.relation.state is state]
    opposing = [
        each for each in weighed if each.counts and each.evidence.relation.state is not state
    ]
    if runner_up is None:
        rule = "unopposed"
    elif round(totals[state], 6) == round(totals[runner_up], 6):
        rule = "worse of equals"
    else:
        rule = "outweighs"
    other_side = sum(
        weight
        for each, weight in totals.items()
        if (each in COOPERATIVE) is not (state in COOPERATIVE)
    )
    strongest = max(each.evidence.relation.confidence for each in supporting)
    share = totals[state] / sum(totals.values())
    return RelationState(
        pair=pair,
        state=state,
        as_of=as_of,
        since=min(each.evidence.date_published for each in supporting),
        rule=rule,
        reason=_write_reason(state, runner_up, totals, rule),
        contested=other_side >= CONTESTED_SHARE * totals[state],
        publishers=len({_find_voice(each.evidence) for each in supporting}),
        confidence=round(strongest * share, 3),
        supporting=_list_heaviest_first(supporting),
        opposing=_list_heaviest_first(opposing),
        aside=tuple(each.evidence for each in weighed if not each.counts),
        runner_up=runner_up,
    )


def weigh_evidence(held: Iterable[Evidence], *, as_of: date) -> tuple[Weighed, ...]:
    """Return one pair's evidence, each piece with its weight as of a date and the rule that gave it."""
    standings = load_standings()
    ordered = sorted(held, key=_sort_evidence)
    ended: dict[State, date] = {}
    for each in ordered:
        relation = each.relation
        if relation.modality is Modality.ASSERTED and relation.confidence >= ENDING_CONFIDENCE:
            for state in standings[relation.state].ends:
                ended[state] = max(ended.get(state, date.min), each.date_published)
    weighed = [_weigh(each, standings[each.relation.state], ended, as_of) for each in ordered]
    said: set[tuple[State, str]] = set()
    final: dict[int, Weighed] = {}
    strongest = sorted(range(len(weighed)), key=lambda at: (-weighed[at].weight, at))
    for at in strongest:
        one = weighed[at]
        relation = one.evidence.relation
        keys = {
            (relation.state, f"article {relation.article_id}"),
            (relation.state, f"words {' '.join(relation.quote.exact.casefold().split())}"),
        }
        if one.counts and keys & said:
            one = Weighed(evidence=one.evidence, weight=0.0, rule="repeats")
        if one.counts:
            said |= keys
        final[at] = one
    return tuple(final[at] for at in range(len(weighed)))


def _weigh(
    evidence: Evidence, standing: Standing, ended: Mapping[State, date], as_of: date
) -> Weighed:
    relation = evidence.relation
    age = (as_of - evidence.date_published).days
    rule = "counts"
    if relation.modality in {Modality.DENIED, Modality.PAST}:
        rule = relation.modality.value
    elif age > standing.holds_days:
        rule = "expired"
    elif evidence.date_published < ended.get(relation.state, date.min):
        rule = "superseded"
    if rule != "counts":
        return Weighed(evidence=evidence, weight=0.0, rule=rule)
    share = POSSIBLE_SHARE if relation.modality is Modality.POSSIBLE else 1.0
    fresh = 0.5 ** (age / standing.half_life_days)
    weight = round(relation.confidence * share * standing.weight * fresh, 6)
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


def _sort_evidence(evidence: Evidence) -> tuple[Pair, date, str, int, str]:
    relation = evidence.relation
    return (
        relation.pair,
        evidence.date_published,
        relation.article_id,
        relation.quote.start_char,
        relation.id,
    )
