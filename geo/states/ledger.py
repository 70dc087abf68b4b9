"""The ledger: all evidence in columns, so that the map of any day is settled at once.

It gives what :func:`geo.states.settling.settle_pair` gives, for many pairs or many days in one sweep; the
panel shows the weights of a single pair, which anyone can add up. Days are counted from the start of our
era, as :meth:`datetime.date.toordinal` counts them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
from geo.states.settling import (
    CONTESTED_SHARE,
    ORDER,
    PLACES,
    find_ended,
    find_share,
    is_cooperative,
    load_standings,
    name_sources,
    rank_evidence,
    select_evidence,
    settle_pair,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATES = tuple(State)
WIDTH = len(STATES)
# Days of a pair that are weighed in one sweep; with a thousand quotes they take 8 MB.
SWEEP = 1024


@dataclass(frozen=True, slots=True)
class Settled:
    """Hold how some pairs stand: for each its state, and whether it is contested."""

    states: Mapping[Pair, State]
    contested: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hold evidence as columns, sorted by pair and then by rank, newest first."""

    pair: "NDArray[np.int64]"
    state: "NDArray[np.int64]"
    begins: "NDArray[np.int64]"
    base: "NDArray[np.int64]"
    published: "NDArray[np.int64]"
    strength: "NDArray[np.float64]"
    article: "NDArray[np.int64]"
    words: "NDArray[np.int64]"

    def take(self, at: "NDArray[np.int64]") -> "_Rows":
        return _Rows(*(getattr(self, name)[at] for name in self.__slots__))


class Ledger:
    """Answer how pairs stood on any day, as known on any day."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        """Take the evidence in any order; the same evidence gives the same answers."""
        import numpy as np

        standings = load_standings()
        held = sorted(evidence, key=lambda each: (each.relation.pair, rank_evidence(each)))
        self.evidence: tuple[Evidence, ...] = tuple(held)
        self.pairs: tuple[Pair, ...] = tuple(dict.fromkeys(each.relation.pair for each in held))
        self._number = {pair: number for number, pair in enumerate(self.pairs)}
        numbers = [self._number[each.relation.pair] for each in held]
        bases = [standings[each.relation.state].find_base(each).toordinal() for each in held]
        states = [ORDER[each.relation.state] for each in held]
        articles: dict[tuple[int, int, str], int] = {}
        words: dict[tuple[int, int, str], int] = {}
        sources: tuple[list[int], list[int]] = ([], [])
        for number, state, each in zip(numbers, states, held, strict=True):
            for seen, column, name in zip(
                (articles, words), sources, name_sources(each), strict=True
            ):
                column.append(seen.setdefault((number, state, name), len(seen)))
        whole = np.int64
        self._rows = _Rows(
            pair=np.array(numbers, whole),
            state=np.array(states, whole),
            begins=np.array([each.begins.toordinal() for each in held], whole),
            base=np.array(bases, whole),
            published=np.array([each.date_published.toordinal() for each in held], whole),
            strength=np.array(
                [
                    each.relation.confidence
                    * find_share(each.relation.modality)
                    * standings[each.relation.state].weight
                    for each in held
                ],
                np.float64,
            ),
            article=np.array(sources[0], whole),
            words=np.array(sources[1], whole),
        )
        self._sources = len(articles), len(words)
        self._half_life = np.array([standings[each].half_life_days for each in STATES], np.float64)
        self._holds = np.array([standings[each].holds_days for each in STATES], whole)
        self._cooperative = np.array([is_cooperative(each) for each in STATES])
        # Which evidence ends which state: row, and the state that it ends, by rising day.
        ends = [
            (bases[at], at, ORDER[state])
            for at, each in enumerate(held)
            for state in find_ended(each)
        ]
        ends.sort()
        self._ender = np.array([at for _, at, _ in ends], whole)
        self._ended = np.array([state for *_, state in ends], whole)

    @cached_property
    def first(self) -> date | None:
        """Return the day on which the first evidence was published; ``None`` without any."""
        return min((each.date_published for each in self.evidence), default=None)

    def settle(
        self, *, as_of: date, known_on: date | None = None, country: CountryCode | None = None
    ) -> Settled:
        """Return how all pairs stand, or those of one country."""
        import numpy as np

        at = self._find_rows(country)
        rows = self._rows if at is None else self._rows.take(at)
        if not len(rows.pair):
            return Settled({}, frozenset())
        known = (known_on or as_of).toordinal()
        day = as_of.toordinal()
        counts = self._find_counting(rows, day, known)
        total = self._weigh(rows, counts, np.array([day]))[0]
        shown, winner, contested = self._choose(total)
        pairs = [self.pairs[number] for number in np.unique(rows.pair)]
        return Settled(
            {pairs[number]: STATES[winner[number]] for number in np.flatnonzero(shown).tolist()},
            frozenset(pairs[number] for number in np.flatnonzero(contested).tolist()),
        )

    def list_evidence(self, pair: Pair) -> Sequence[Evidence]:
        """Return all evidence of a pair, whenever published."""
        span = self._spans.get(pair)
        return self.evidence[span] if span else ()

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
        return [each for each in self.pairs if country in each]

    def trace(self, pair: Pair, *, until: date, known_on: date | None = None) -> list[Interval]:
        """Return how a pair stood from its first evidence to a day, as known on a day.

        ``known_on`` defaults to ``until``. The intervals follow each other without a gap: where nothing
        counts any more, one has no state.
        """
        import numpy as np

        if pair not in self._spans:
            return []
        if len(self.pairs) > 1:
            # What other pairs have would be swept again for each day.
            return Ledger(self.list_evidence(pair)).trace(pair, until=until, known_on=known_on)
        rows = self._rows
        known, last = (known_on or until).toordinal(), until.toordinal()
        seen = rows.published <= known
        if not seen.any() or int(rows.begins[seen].min()) > last:
            return []
        first = int(rows.begins[seen].min())
        # Which quotes count changes on these days alone; between them their weights fade.
        turns = np.unique(
            np.concatenate(
                [
                    rows.begins[seen],
                    rows.base[seen] + self._holds[rows.state[seen]] + 1,
                ]
            )
        )
        starts = turns[(turns >= first) & (turns <= last)]
        winners = []
        for start, end in zip(starts, [*starts[1:].tolist(), last + 1], strict=True):
            counts = self._find_counting(rows, int(start), known)
            for day in range(int(start), int(end), SWEEP):
                days = np.arange(day, min(day + SWEEP, int(end)))
                total = self._weigh(rows, counts, days)[:, 0]
                shown, winner, _ = self._choose(total)
                winners.append(np.where(shown, winner, -1))
        return self._join_days(np.concatenate(winners), first, known)

    def _join_days(
        self,
        winners: "NDArray[np.int64]",
        first: int,
        known: int,
    ) -> list[Interval]:
        import numpy as np

        values = [None if each < 0 else STATES[each] for each in winners.tolist()]
        edges = [0, *(np.flatnonzero(np.diff(winners)) + 1).tolist()]
        found = []
        for start, stop in zip(edges, [*edges[1:], None], strict=True):
            day = None if stop is None else date.fromordinal(first + stop)
            ending = "holds"
            if day is not None and stop is not None:
                ending = self._name_ending(values[start], values[stop], day, known)
            since = date.fromordinal(first + start)
            found.append(Interval(value=values[start], since=since, until=day, ending=ending))
        # Evidence that never counts, as a denial, starts no history.
        return found[1:] if found and found[0].value is None else found

    def _name_ending(
        self,
        old: State | None,
        new: State | None,
        day: date,
        known: int,
    ) -> str:
        """Return the rule that tells why a state ended on a day."""
        if old is None:
            return "evidence found"
        begun = [
            each
            for each in self.evidence
            if each.begins == day and each.date_published.toordinal() <= known
        ]
        if any(old in find_ended(each) for each in begun):
            return "ended by an event"
        if new is None or not any(each.relation.state is new for each in begun):
            return "expired"
        return "superseded" if is_cooperative(old) is is_cooperative(new) else "contradicted"

    @cached_property
    def _spans(self) -> Mapping[Pair, slice]:
        import numpy as np

        edges = np.searchsorted(self._rows.pair, np.arange(len(self.pairs) + 1)).tolist()
        return {
            pair: slice(edges[number], edges[number + 1]) for number, pair in enumerate(self.pairs)
        }

    @cached_property
    def _by_country(self) -> dict[CountryCode, "NDArray[np.int64]"]:
        return {}

    def _find_rows(self, country: CountryCode | None) -> "NDArray[np.int64] | None":
        import numpy as np

        if country is None:
            return None
        if country not in self._by_country:
            spans = [self._spans[each] for each in self.list_pairs(country)]
            found = [np.arange(each.start, each.stop) for each in spans]
            self._by_country[country] = np.concatenate(found) if found else np.array([], np.int64)
        return self._by_country[country]

    def _find_counting(self, rows: _Rows, day: int, known: int) -> "NDArray[np.int64]":
        """Return the places of the rows that count as of a day and do not repeat another."""
        import numpy as np

        all_rows = self._rows
        begun = (rows.published <= known) & (rows.begins <= day)
        counts = begun & (rows.strength > 0) & (day - rows.base <= self._holds[rows.state])
        in_force = (all_rows.published[self._ender] <= known) & (
            all_rows.begins[self._ender] <= day
        )
        if in_force.any():
            ended = np.zeros(len(self.pairs) * WIDTH, np.int64)
            enders = self._ender[in_force]
            # They come by rising day, and of several the last one stays.
            ended[all_rows.pair[enders] * WIDTH + self._ended[in_force]] = all_rows.base[enders]
            counts &= rows.base >= ended[rows.pair * WIDTH + rows.state]
        found = np.flatnonzero(counts)
        fresh = np.ones(len(found), bool)
        for column, size in zip((rows.article, rows.words), self._sources, strict=True):
            first = np.empty(size, np.int64)
            keys = column[found]
            first[keys[::-1]] = found[::-1]
            fresh &= first[keys] == found
        return found[fresh]

    def _weigh(
        self, rows: _Rows, counts: "NDArray[np.int64]", days: "NDArray[np.int64]"
    ) -> "NDArray[np.float64]":
        """Return the weight of each state of each pair on some days; -1 for one without a quote."""
        import numpy as np

        numbers, place = np.unique(rows.pair, return_inverse=True)
        group = place[counts] * WIDTH + rows.state[counts]
        size = len(numbers) * WIDTH
        state, base, strength = rows.state[counts], rows.base[counts], rows.strength[counts]
        there = np.bincount(group, minlength=size) > 0
        totals = np.empty((len(days), size))
        for number, day in enumerate(days.tolist()):
            age = np.maximum(0, day - base)
            weights = strength * 0.5 ** (age / self._half_life[state])
            totals[number] = np.bincount(group, weights, minlength=size)
        return np.where(there, np.round(totals, PLACES), -1.0).reshape(
            len(days), len(numbers), WIDTH
        )

    def _choose(
        self, total: "NDArray[np.float64]"
    ) -> "tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.bool_]]":
        """Return for each row of weights whether it has a state, which, and whether it is contested."""
        import numpy as np

        # The states stand from worst to best, and of equals the first is taken.
        winner = np.argmax(total, axis=-1)
        best = np.max(total, axis=-1)
        weights = np.maximum(total, 0)
        friendly = weights[..., self._cooperative].sum(axis=-1)
        hostile = weights[..., ~self._cooperative].sum(axis=-1)
        other = np.where(self._cooperative[winner], hostile, friendly)
        shown = best >= 0
        return shown, winner, shown & (other > 0) & (other >= CONTESTED_SHARE * best)


def trace_place(state: AccordState) -> list[Interval]:
    """Return how a country's place in an accord went up to the state's day, by the evidence it holds."""
    held = [*state.supporting, *state.others]

    def settle(day: date) -> Place | None:
        found = settle_accords(held, as_of=day)
        return found[0].place if found else None

    days = (each.date_published for each in held)
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
    """Hold a pair's states on two maps and what that is called; ``None`` where it had none."""

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
    return tuple(sorted(changes, key=lambda each: (order[each.turn], each.pair)))


def list_turns(changes: Iterable[Change], focus: CountryCode | None) -> Mapping[CountryCode, str]:
    """Return the turn of each country toward one."""
    return {
        other if one == focus else one: each.turn.value
        for each in changes
        for one, other in [each.pair]
        if focus in each.pair
    }


def _name_turn(pair: Pair, before: Settled, after: Settled) -> Turn:
    old, new = before.states.get(pair), after.states.get(pair)
    if old is None:
        return Turn.NEW
    if new is None:
        return Turn.GONE
    if old is not new:
        return Turn.WORSENED if ORDER[new] < ORDER[old] else Turn.IMPROVED
    return Turn.CONTESTED if pair in after.contested - before.contested else Turn.SAME
