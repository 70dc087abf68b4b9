"""Stretches: how a pair stood on every day as it was known on that day, so that any map is a look-up.

The rules are those of :mod:`geo.states.course`, which is asked on each day on which something can change.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from geo.states.course import Course, list_turning_days
from geo.states.rows import Row

# After the last day of the calendar.
NEVER = 2**31 - 1
# What arrives late mostly begins before few of the rows that were told already.
LATE = 32


class Stretch(NamedTuple):
    """Days on which a pair stood in one state; days are ordinals of the calendar.

    ``state`` is the place of the state, ``until`` the first day on which it no longer held, ``NEVER`` for
    what still holds, and ``rule`` the rule that chose it.
    """

    state: int
    since: int
    until: int
    contested: bool
    rule: str


class _Teller:
    """A course that is told what arrives: mostly in order, and anew from not far back where it is not."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._told: list[int] = []
        # What was told but for the last rows, which something that arrives late may come before.
        self._base, self._count = Course(), 0
        self.course = Course()

    def tell(self, new: Sequence[int]) -> None:
        """Tell the rows at some places, which are in order."""
        told = self._told
        if new and told and new[0] < told[-1]:
            place = bisect_left(told, new[0])
            self._told = told = [*told[:place], *sorted([*told[place:], *new])]
            if place < self._count:
                self._base, self._count = Course(), 0
            self.course, new = self._base.copy(), told[self._count :]
        else:
            told.extend(new)
        for place in new:
            self.course.tell(self._rows[place])
        if len(told) - self._count > 2 * LATE:
            for place in told[self._count : -LATE]:
                self._base.tell(self._rows[place])
            self._count = len(told) - LATE


def follow_pair(rows: Sequence[Row], since: int = 0, held: Stretch | None = None) -> list[Stretch]:
    """Return the stretches of a pair from a day on, from all of its rows as ``make_rows`` sorts them.

    On each day counts what had been published and had begun by it. ``held`` is the stretch before ``since``
    that it goes on, if any, and comes first then.
    """
    arrivals = sorted((max(row.begins, row.published), place) for place, row in enumerate(rows))
    days = {*list_turning_days(rows, NEVER), *(day for day, _ in arrivals), since}
    arrived = bisect_left(arrivals, (since, 0))
    teller = _Teller(rows)
    teller.tell(sorted(place for _, place in arrivals[:arrived]))
    found = [held._replace(until=NEVER)] if held else []
    for day in sorted(day for day in days if day >= since):
        first = arrived
        while arrived < len(arrivals) and arrivals[arrived][0] <= day:
            arrived += 1
        if arrived > first:
            teller.tell(sorted(place for _, place in arrivals[first:arrived]))
        if arrived or found:
            _note_day(found, teller.course, day)
    return found


def settle_rows(rows: Sequence[Row], day: int) -> tuple[int, bool] | None:
    """Return the place of a pair's state on a day and whether it is contested, from what had begun."""
    course = Course()
    for row in rows:
        if row.begins <= day:
            course.tell(row)
    chosen = course.choose(day)
    return None if chosen is None else (chosen[0], course.is_contested(chosen[0], day))


def _note_day(found: list[Stretch], course: Course, day: int) -> None:
    chosen = course.choose(day)
    contested = chosen is not None and course.is_contested(chosen[0], day)
    held = found[-1] if found and found[-1].until == NEVER else None
    if (
        held
        and chosen
        and (held.state, held.contested, held.rule) == (chosen[0], contested, chosen[1])
    ):
        return
    if held:
        found[-1] = held._replace(until=day)
    if chosen:
        found.append(Stretch(chosen[0], day, NEVER, contested, chosen[1]))
