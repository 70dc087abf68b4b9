"""Stretches: how a pair stood on every day as it was known on that day, so that any map is a look-up.

The rules are those of :mod:`geo.states.course`, which is asked on each day on which something can change.
"""

from collections.abc import Sequence
from typing import NamedTuple

from geo.records import Evidence
from geo.states.course import Course, list_turning_days
from geo.states.rows import Row, make_rows

# After the last day of the calendar.
NEVER = 2**31 - 1


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


def follow_pair(evidence: Sequence[Evidence]) -> list[Stretch]:
    """Return the stretches of a pair, from all of its evidence as ``sort_evidence`` sorts it.

    On each day counts what had been published and had begun by it. What was published late comes before
    what was told already, so the course is followed anew from its start.
    """
    rows = make_rows(evidence)[0]
    arrivals = sorted((max(row.begins, row.published), place) for place, row in enumerate(rows))
    days = sorted({*list_turning_days(rows, NEVER), *(day for day, _ in arrivals)})
    course, arrived, last = Course(), 0, -1
    told: list[int] = []
    found: list[Stretch] = []
    for day in days:
        new = []
        while arrived < len(arrivals) and arrivals[arrived][0] <= day:
            new.append(arrivals[arrived][1])
            arrived += 1
        if not arrived:
            continue
        new.sort()
        if new and new[0] < last:
            told = sorted([*told, *new])
            course, new = Course(), told
        else:
            told += new
        for place in new:
            course.tell(rows[place])
        last = told[-1]
        _note_day(found, course, day)
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
