"""The ledger: the evidence of all pairs in rows, so that the map of any day is settled at once.

The rules are those of :mod:`geo.states.settling`, which also explains a single pair.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from geo.records import (
    AccordState,
    CountryCode,
    Evidence,
    Interval,
    Pair,
    Place,
    RelationState,
    State,
    Turn,
)
from geo.states.accords import settle_accords
from geo.states.course import Course, list_turning_days
from geo.states.rows import Row, make_rows
from geo.states.rules import ORDER, STATES, is_cooperative, load_endings
from geo.states.settling import select_evidence, settle_pair, sort_evidence


@dataclass(frozen=True, slots=True)
class Settled:
    """How some pairs stand: for each its state, whether it is contested, and whether it is aged.

    ``told`` is how many quotes each rests on, so that what age alone changed is told from what a quote did.
    """

    states: Mapping[Pair, State]
    contested: frozenset[Pair]
    aged: frozenset[Pair] = frozenset()
    told: Mapping[Pair, int] = field(default_factory=dict)


class Ledger:
    """How pairs stood on any day, as known on any day."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        """Take the evidence in any order; the same evidence gives the same answers."""
        held = sorted(evidence, key=sort_evidence)
        self._held: dict[Pair, tuple[Evidence, ...]] = {
            pair: tuple(own) for pair, own in groupby(held, key=lambda one: one.relation.pair)
        }
        self._rows: dict[Pair, list[Row]] = {
            pair: make_rows(own)[0] for pair, own in self._held.items()
        }
        self.pairs: tuple[Pair, ...] = tuple(self._held)

    @cached_property
    def first(self) -> date | None:
        """Day on which the first evidence was published; ``None`` without any."""
        days = (one.date_published for held in self._held.values() for one in held)
        return min(days, default=None)

    def settle(
        self, *, as_of: date, known_on: date | None = None, country: CountryCode | None = None
    ) -> Settled:
        """Return how all pairs stand, or those of one country."""
        day, known = as_of.toordinal(), (known_on or as_of).toordinal()
        states: dict[Pair, State] = {}
        contested, aged, told = set(), set(), {}
        for pair, rows in self._rows.items():
            if country is not None and country not in pair:
                continue
            course, number = Course(), 0
            for row in rows:
                if row[0] > day:
                    break
                if row[2] <= known:
                    course.tell(row)
                    number += 1
            chosen = course.choose(day)
            if chosen is not None:
                states[pair], told[pair] = STATES[chosen[0]], number
                if course.is_contested(chosen[0], day):
                    contested.add(pair)
                if course.is_aged(chosen[0], day):
                    aged.add(pair)
        return Settled(states, frozenset(contested), frozenset(aged), told)

    def list_evidence(self, pair: Pair) -> Sequence[Evidence]:
        """Return all evidence of a pair, whenever published."""
        return self._held.get(pair, ())

    def settle_pair(
        self, pair: Pair, *, as_of: date, known_on: date | None = None
    ) -> RelationState | None:
        """Return one pair's state with its quotes; ``None`` where it has none."""
        held = tuple(select_evidence(self.list_evidence(pair), as_of, known_on))
        return settle_pair(pair, held, as_of=as_of)

    def list_countries(self) -> set[CountryCode]:
        """Return the countries that have any evidence."""
        return {code for pair in self.pairs for code in pair}

    def list_pairs(self, country: CountryCode) -> list[Pair]:
        """Return the pairs of a country that have any evidence, in their order."""
        return [pair for pair in self.pairs if country in pair]

    def trace(self, pair: Pair, *, until: date, known_on: date | None = None) -> list[Interval]:
        """Return how a pair stood from its first evidence to a day, as known on a day.

        ``known_on`` defaults to ``until``. The intervals follow each other without a gap: where nothing
        counts any more, one has no state.
        """
        known = (known_on or until).toordinal()
        rows = [row for row in self._rows.get(pair, ()) if row.published <= known]
        return trace_rows(rows, until)


def trace_rows(rows: Sequence[Row], until: date) -> list[Interval]:
    """Return how a pair stood from its first row to a day.

    The intervals follow each other without a gap: where nothing counts any more, one has no state.
    """
    course, number = Course(), 0
    found: list[Interval] = []
    value: State | None = None
    for day in list_turning_days(rows, until.toordinal()):
        begun = []
        while number < len(rows) and rows[number].begins <= day:
            course.tell(rows[number])
            begun.append(rows[number])
            number += 1
        chosen = course.choose(day)
        new = STATES[chosen[0]] if chosen else None
        # Evidence that never counts starts no history.
        if new is value:
            continue
        since = date.fromordinal(day)
        if found:
            ending = _name_ending(value, new, begun)
            found[-1] = replace(found[-1], until=since, ending=ending)
        found.append(Interval(value=new, since=since, until=None, ending="holds"))
        value = new
    return found


def _name_ending(old: State | None, new: State | None, begun: Sequence[Row]) -> str:
    """Return the rule that tells why a state ended on a day, from the rows that begin on it."""
    if old is None:
        return "evidence found"
    endings = load_endings()
    is_force = {old, new} == {State.WAR, State.TRUCE}
    if is_force or any(old in endings[number].ends for row in begun for number in row.endings):
        return "ended by an event"
    if new is None or not any(row.state == ORDER[new] for row in begun):
        return "expired"
    return "superseded" if is_cooperative(old) is is_cooperative(new) else "contradicted"


def trace_place(state: AccordState) -> list[Interval]:
    """Return how a country's place in an accord went up to the state's day, by the evidence it holds."""
    held = [*state.supporting, *state.others]

    def settle(day: date) -> Place | None:
        found = settle_accords(held, as_of=day)
        return found[0].place if found else None

    days = (evidence.date_published for evidence in held)
    return join_intervals(days, settle, lambda _old, _new: "told otherwise")


def join_intervals(
    days: Iterable[date],
    settle: Callable[[date], Any],
    name_ending: Callable[[Any, Any], str],
) -> list[Interval]:
    """Return the intervals between some days, on which alone a value can change.

    ``settle`` gives the value of a day, ``name_ending`` why one value gave way to another.
    """
    found: list[Interval] = []
    for day in sorted(set(days)):
        value = settle(day)
        if found and found[-1].value == value:
            continue
        if found:
            last = found.pop()
            found.append(
                Interval(
                    value=last.value,
                    since=last.since,
                    until=day,
                    ending=name_ending(last.value, value),
                )
            )
        if found or value is not None:
            found.append(Interval(value=value, since=day, until=None, ending="holds"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A pair's states on two maps and what that is called; ``None`` where it had none."""

    pair: Pair
    turn: Turn
    before: State | None
    after: State | None


def compare_states(before: Settled, after: Settled) -> tuple[Change, ...]:
    """Return what became of each pair that has a state on either map, by turn and then by pair."""
    changes = [
        Change(
            pair=pair,
            turn=_name_turn(pair, before, after),
            before=before.states.get(pair),
            after=after.states.get(pair),
        )
        for pair in {*before.states, *after.states}
    ]
    order = {turn: place for place, turn in enumerate(Turn)}
    return tuple(sorted(changes, key=lambda change: (order[change.turn], change.pair)))


def list_turns(changes: Iterable[Change], focus: CountryCode | None) -> Mapping[CountryCode, str]:
    """Return the turn of each country toward one."""
    return {
        other if one == focus else one: change.turn.value
        for change in changes
        for one, other in [change.pair]
        if focus in change.pair
    }


def _name_turn(pair: Pair, before: Settled, after: Settled) -> Turn:
    old, new = before.states.get(pair), after.states.get(pair)
    if old is None:
        return Turn.NEW
    if new is None:
        return Turn.GONE
    # What only faded is no change: no quote tells of one.
    if old is not new and before.told.get(pair, -1) == after.told.get(pair):
        return Turn.SAME
    if old is not new:
        return Turn.WORSENED if ORDER[new] < ORDER[old] else Turn.IMPROVED
    return Turn.CONTESTED if pair in after.contested - before.contested else Turn.SAME
