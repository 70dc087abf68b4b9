"""The chronicle: how pairs stood on any day, as known on any day, asked of the cache.

A day as it was known on that day is looked up. Of another day's knowledge only those pairs are settled of
which something was published between the two days.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from geo.records import CountryCode, Evidence, Interval, Pair, RelationState, State
from geo.states.ledger import Settled, trace_rows
from geo.states.rows import make_rows
from geo.states.rules import STATES
from geo.states.settling import settle_pair
from geo.states.stretches import settle_rows
from geo.store import queries
from geo.store.cache import Store


class Chronicle:
    """How the pairs of a store stood."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def first(self) -> date | None:
        """Day on which the first evidence was published; ``None`` without any."""
        return queries.find_first(self._store.cursor())

    def settle(
        self, *, as_of: date, known_on: date | None = None, country: CountryCode | None = None
    ) -> Settled:
        """Return how all pairs stand, or those of one country."""
        self._store.follow(country)
        cursor = self._store.cursor()
        found: dict[Pair, tuple[State, bool]] = queries.read_states(cursor, as_of, country)
        known = known_on or as_of
        if known != as_of:
            late = queries.list_between(cursor, as_of, known, country)
            for pair in late:
                found.pop(pair, None)
            day = as_of.toordinal()
            for pair, evidence in queries.read_evidence(cursor, late, as_of=as_of, known_on=known):
                settled = settle_rows(make_rows(evidence)[0], day)
                if settled:
                    found[pair] = STATES[settled[0]], settled[1]
        return Settled(
            {pair: state for pair, (state, _) in found.items()},
            frozenset(pair for pair, (_, contested) in found.items() if contested),
        )

    def list_countries(self) -> set[CountryCode]:
        """Return the countries that have any evidence."""
        return {code for pair in queries.list_pairs(self._store.cursor()) for code in pair}

    def list_pairs(self, country: CountryCode | None = None) -> dict[Pair, int]:
        """Return the pairs that have evidence, or those of a country, each with how much."""
        return queries.list_pairs(self._store.cursor(), country)

    def list_evidence(self, pair: Pair) -> Sequence[Evidence]:
        """Return all evidence of a pair, whenever published."""
        for _, evidence in queries.read_evidence(self._store.cursor(), [pair]):
            return evidence
        return ()

    def settle_pair(
        self, pair: Pair, *, as_of: date, known_on: date | None = None
    ) -> RelationState | None:
        """Return one pair's state with its quotes; ``None`` where it has none."""
        return next(self.settle_pairs([pair], as_of=as_of, known_on=known_on), None)

    def settle_pairs(
        self, pairs: Iterable[Pair] | None, *, as_of: date, known_on: date | None = None
    ) -> Iterator[RelationState]:
        """Yield the states of some pairs, or of all, with their quotes, by pair."""
        held = queries.read_evidence(
            self._store.cursor(), pairs, as_of=as_of, known_on=known_on or as_of
        )
        for pair, evidence in held:
            state = settle_pair(pair, evidence, as_of=as_of)
            if state:
                yield state

    def list_stretches(self, country: CountryCode) -> list[tuple[Pair, State, date, date | None]]:
        """Return how a country's pairs stood, as known on each day, each state with its first day and end."""
        self._store.follow(country)
        return queries.read_stretches(self._store.cursor(), country)

    def count_months(self) -> dict[date, int]:
        """Return how many quotes were published in each month, by its first day."""
        return queries.count_months(self._store.cursor())

    def trace(self, pair: Pair, *, until: date, known_on: date | None = None) -> list[Interval]:
        """Return how a pair stood from its first evidence to a day, as known on a day.

        ``known_on`` defaults to ``until``.
        """
        held = queries.read_evidence(self._store.cursor(), [pair], known_on=known_on or until)
        for _, evidence in held:
            return trace_rows(make_rows(evidence)[0], until)
        return []
