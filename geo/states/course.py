"""Course: what is told of one pair, followed through time. The rules are carried out here and nowhere else.

Settling all pairs of a day, tracing one pair through the years and explaining one state are three ways to
follow a course.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.states.rows import Row
from geo.states.rules import (
    CONTESTED_SHARE,
    COOPERATIVE,
    ORDER,
    POSSIBLE_SHARE,
    QUIET,
    RECENT,
    SEVERAL,
    STATES,
    TWICE,
    WEEK,
    load_endings,
    load_standings,
)

_COOPERATIVE = frozenset(ORDER[state] for state in COOPERATIVE)
_WAR, _HOSTILE, _DISPUTE, _REFUSES, _TRUCE, _TALKS, _PLEDGED, _TIES, _PARTNERS, _ALLIED = range(
    len(STATES)
)
# The words of either side: of equals the first is shown.
_AGAINST, _FOR = (_DISPUTE, _REFUSES), (_PLEDGED, _TALKS)
_WORDS = frozenset((*_AGAINST, *_FOR))


@dataclass(frozen=True, slots=True)
class _Figures:
    """The tables as columns by the place of a state, and endings by their own place."""

    once: tuple[int, ...]
    several: tuple[int, ...]
    # How many articles an ending takes, and the places of the states that it ends.
    endings: tuple[tuple[int, tuple[int, ...]], ...]
    # Which endings end a state.
    enders: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=1)
def _load_figures() -> _Figures:
    standings, endings = load_standings(), load_endings()
    return _Figures(
        once=tuple(standings[state].once_days for state in STATES),
        several=tuple(standings[state].several_days for state in STATES),
        endings=tuple(
            (ending.articles, tuple(ORDER[state] for state in STATES if state in ending.ends))
            for ending in endings
        ),
        enders=tuple(
            tuple(number for number, ending in enumerate(endings) if state in ending.ends)
            for state in STATES
        ),
    )


class Course:
    """What is told of one pair, followed through time: what stands, and what was ended.

    Rows are told in their order; after those that begin up to a day, :meth:`choose` says how the pair
    stands on it. It is the only place where the rules are carried out.
    """

    __slots__ = (
        "_days", "_ended", "_figures", "_fought", "_now", "_paused", "_ranked", "_said", "_since",
        "repeats", "told",
    )  # fmt: skip

    def __init__(self) -> None:
        self._figures = _load_figures()
        # The rows of each state that nothing has ended, by their base.
        self.told: list[list[tuple[int, float, int, int]]] = [[] for _ in STATES]
        # The numbers of rows that repeat what was told before.
        self.repeats: list[int] = []
        self._said: set[int] = set()
        self._ended = [0] * len(STATES)
        # The articles of an ending since the state that it ends was last told.
        self._since: dict[tuple[int, int], int] = {}
        # The days on which fighting and a truce were told as facts.
        self._fought: list[int] = []
        self._paused: list[int] = []
        # The days from which what was told counts, and those from which it ages.
        self._days: list[int] = []
        # The states that can be shown on the last day that was asked for, until something is told.
        self._now = -1
        self._ranked: list[tuple[int, str, bool]] = []

    def copy(self) -> "Course":
        """Return a course that was told the same, and goes on by itself."""
        other = Course()
        other.told = [list(held) for held in self.told]
        other.repeats, other._said = list(self.repeats), set(self._said)
        other._ended, other._since = list(self._ended), dict(self._since)
        other._fought, other._paused = list(self._fought), list(self._paused)
        other._days = list(self._days)
        return other

    def tell(self, row: Row) -> None:
        """Add a row, and carry out what it ends."""
        begins, base, _, state, share, _, endings, sources, number = row
        repeats = not self._said.isdisjoint(sources)
        self._said.update(sources)
        if repeats:
            self.repeats.append(number)
            return
        self._now = -1
        insort(self._days, begins)
        if base != begins:
            insort(self._days, base)
        if state in {_WAR, _TRUCE} and share == 1:
            if self._paused and base > max(
                self._paused[-1], self._fought[-1] if self._fought else 0
            ):
                self.settle_force(base)
            insort(self._fought if state == _WAR else self._paused, base)
        since = self._since
        if since:
            for ending in self._figures.enders[state]:
                since.pop((ending, state), None)
        if base > self._ended[state]:
            insort(self.told[state], (base, share, begins, number))
        for ending in endings:
            articles, ends = self._figures.endings[ending]
            for other in ends:
                held = self.told[other]
                if held and held[0][0] <= base:
                    since[ending, other] = since.get((ending, other), 0) + 1
                    if since[ending, other] >= articles:
                        self._end(other, base)
                        del since[ending, other]

    def _end(self, state: int, day: int) -> None:
        self._ended[state] = max(self._ended[state], day)
        self.told[state] = [held for held in self.told[state] if held[0] > day]

    def settle_force(self, day: int) -> bool:
        """Say whether a truce holds on a day; what it ended, or what broke it, is carried out.

        Of the articles of the last week in which either was told more tell of the truce than of fighting,
        or nobody tells of fighting for ``QUIET`` days after a truce.
        """
        if not self._paused:
            return False
        paused, fought = self._paused[-1], self._fought[-1] if self._fought else 0
        week = max(paused, fought) - WEEK
        lead = _count_after(self._paused, week) - _count_after(self._fought, week)
        quiet = paused >= fought and day - paused >= QUIET
        if lead > 0 or quiet or len(self._fought) < TWICE:
            self._end(_WAR, paused)
            self._fought = self._fought[bisect_right(self._fought, paused) :]
            return True
        if fought > paused:
            self._end(_TRUCE, fought)
        return False

    def find_day(self, day: int) -> int:
        """Return the day that decides: the last on which something was told, or silence after a truce.

        Age alone makes a state pale and changes none.
        """
        place = bisect_right(self._days, day)
        last = self._days[place - 1] if place else day
        quiet = self._paused[-1] + QUIET if self._paused else 0
        return quiet if last < quiet <= day else last

    def is_aged(self, state: int, day: int) -> bool:
        """Say whether nobody has told of a state for longer than one article holds."""
        return day - self.told[state][-1][0] > self._figures.once[state]

    def find_run(self, state: int) -> int:
        """Return where the unbroken run of evidence that led to the last of a state's rows begins."""
        held = self.told[state]
        gap = self._figures.several[state]
        first = len(held) - 1
        while first > 0 and held[first][0] - held[first - 1][0] <= gap:
            first -= 1
        return first

    def count_standing(self, state: int, day: int) -> float:
        """Return how many articles make a state stand on a day, of several no more than needed."""
        held = self.told[state]
        if not held:
            return 0.0
        later = held[-1][0]
        age, gap = day - later, self._figures.several[state]
        if age > gap:
            return 0.0
        number = 0.0
        for base, share, *_ in reversed(held):
            if number >= SEVERAL or later - base > gap:
                break
            later = base
            number += share
        once = self._figures.once[state]
        if age <= once:
            return number
        # A few days of fighting are no war of months.
        brief = state == _WAR and held[-1][0] - held[self.find_run(state)][0] < once
        return 0.0 if brief or number < SEVERAL else number

    def count_recent(self, state: int, day: int, *, fresh: bool = False) -> float:
        """Return how many articles of the last weeks tell of a state, or that it began in them."""
        number = 0.0
        for base, share, begins, _ in reversed(self.told[state]):
            if day - base > RECENT:
                break
            if not fresh or day - begins <= RECENT:
                number += share
        return number

    def is_contested(self, state: int, day: int) -> bool:
        """Say whether the other side has its share of the articles of the last weeks."""
        is_own = state in _COOPERATIVE
        if not any(
            held and day - held[-1][0] <= RECENT
            for place, held in enumerate(self.told)
            if (place in _COOPERATIVE) is not is_own
        ):
            return False
        own = other = 0.0
        for place in range(len(STATES)):
            recent = self.count_recent(place, day)
            if recent and self.count_standing(place, day):
                if (place in _COOPERATIVE) is is_own:
                    own += recent
                else:
                    other += recent
        return other > 0 and other >= CONTESTED_SHARE * own

    def count_since(self, state: int, day: int) -> float:
        """Return how many articles tell of a state after a day."""
        return sum(share for base, share, *_ in self.told[state] if base > day)

    def choose(self, day: int) -> tuple[int, str] | None:
        """Return the state that is shown on a day and the rule that says so; ``None`` if none is.

        The last day on which something was told decides. What fades since then gives way to the next.
        """
        now = self.find_day(day)
        if now != self._now:
            self._ranked, self._now = list(self._rank_states(now)), now
        for state, rule, can_age in self._ranked:
            if not (can_age and self.is_aged(state, day)) and not self._has_faded(state, day):
                return state, rule
        return None

    def _has_faded(self, state: int, day: int) -> bool:
        """Say whether words, a few reports of fighting or a mere possibility are too old to be shown."""
        held = self.told[state]
        if day - held[-1][0] <= self._figures.several[state]:
            return False
        few = sum(share for _, share, *_ in held[self.find_run(state) :])
        return state in _WORDS or few < (SEVERAL if state == _WAR else 1)

    def _rank_states(self, now: int) -> Iterator[tuple[int, str, bool]]:
        """Yield the states that can be shown with their rules, the one that goes first before the others.

        ``now`` is the day that decides. The last value says whether one gives way once it has aged, as
        words over what stands do.
        """
        truce = self.settle_force(now)
        told = self.told
        numbers = [self.count_standing(state, now) for state in range(len(STATES))]
        # What is only possible is shown where nothing is told as a fact.
        least = 1.0 if max(numbers) >= 1 else POSSIBLE_SHARE
        stands = [number >= least for number in numbers]
        recent = [
            self.count_recent(state, now) if stands[state] else 0.0 for state in range(len(STATES))
        ]
        if stands[_WAR] and not (truce and stands[_TRUCE]):
            # One article may be misread: a bond that more tell of goes before it, and several of peace.
            since = told[_WAR][-1][0]
            peaceful = (self.count_since(state, since) for state in _COOPERATIVE if stands[state])
            firm = max(numbers[_PARTNERS], numbers[_ALLIED]) > 1
            if numbers[_WAR] > 1 or not (firm or sum(peaceful) >= SEVERAL):
                yield _WAR, "fighting", False
        if stands[_TRUCE] and (
            not stands[_HOSTILE] or self.count_since(_HOSTILE, told[_TRUCE][-1][0]) < TWICE
        ):
            yield _TRUCE, "truce holds", False
        standing, rule = self._choose_standing(numbers, stands, recent, now)
        words = self._choose_words(standing, numbers, recent)
        if words is not None:
            told_by = "words" if numbers[words] < SEVERAL else "told by several"
            yield words, told_by, standing is not None
        if standing is not None:
            yield standing, rule, False
        left = [state for state in range(len(STATES)) if told[state]]
        if left and not any(stands):
            yield max(left, key=lambda state: told[state][-1][0]), "last told", False

    def _choose_standing(
        self, numbers: Sequence[float], stands: Sequence[bool], recent: Sequence[float], now: int
    ) -> tuple[int | None, str]:
        """Return what stands of hostility and the bonds, without what is said beside it."""
        told = self.told
        firm = next((state for state in (_ALLIED, _PARTNERS) if numbers[state] > 1), None)
        bonds = [state for state in (_ALLIED, _PARTNERS, _TIES) if stands[state]]
        deeds = self.count_recent(_HOSTILE, now, fresh=True) if stands[_HOSTILE] else 0
        against = recent[_DISPUTE] + recent[_REFUSES]
        if deeds >= 1 and (firm is None or deeds + against >= TWICE):
            return _HOSTILE, "grave deed"
        if firm is not None:
            return firm, "stands"
        if stands[_HOSTILE]:
            last = told[_HOSTILE][-1][0]
            after = sum(self.count_since(state, last) for state in bonds)
            if after < (TWICE if numbers[_HOSTILE] > 1 else 1):
                return _HOSTILE, "stands"
        return (bonds[0] if bonds else None), "stands"

    def _choose_words(
        self, standing: int | None, numbers: Sequence[float], recent: Sequence[float]
    ) -> int | None:
        """Return the words of the last weeks that go before what stands, if any do."""
        told = self.told
        against = recent[_DISPUTE] + recent[_REFUSES]
        friendly = recent[_PLEDGED] + recent[_TALKS]
        # Python's max returns the first of equals, which are those that say more.
        worse, better = (max(side, key=lambda state: recent[state]) for side in (_AGAINST, _FOR))
        if standing is None:
            return None if not (against or friendly) else worse if against >= friendly else better
        if standing == _HOSTILE and numbers[_HOSTILE] <= 1:
            # What one article tells gives way to more that tell otherwise after it.
            last = told[_HOSTILE][-1][0]
            after = sum(self.count_since(state, last) for state in _FOR if recent[state])
            return better if after > numbers[_HOSTILE] and friendly > against else None
        if standing == _HOSTILE:
            several = friendly >= SEVERAL and friendly > against + recent[_HOSTILE]
            return better if several else None
        if standing != _TIES and numbers[standing] > 1:
            several = against >= SEVERAL and against > recent[_PARTNERS] + recent[_ALLIED]
            return worse if several else None
        # A quarrel goes before mere ties if it was told later or by more articles.
        if not against or against < friendly:
            return None
        last = max(told[state][-1][0] for state in _AGAINST if recent[state])
        return worse if last > told[standing][-1][0] or against > recent[standing] else None


def _count_after(days: Sequence[int], day: int) -> int:
    return len(days) - bisect_right(days, day)


def list_turning_days(rows: Iterable[Row], last: int) -> list[int]:
    """Return the days up to a last one on which alone a pair's state can change, in order.

    Whether a state is contested changes too where evidence is too old to count for either side.
    """
    figures = _load_figures()
    found: set[int] = set()
    for row in rows:
        once, several = figures.once[row.state], figures.several[row.state]
        found |= {row.begins, row.base, row.base + RECENT + 1}
        found |= {row.base + once + 1, row.base + several + 1}
        if row.state == _TRUCE:
            found.add(row.base + QUIET)
    return sorted(day for day in found if day <= last)
