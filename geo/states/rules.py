"""Rules: the tables by which evidence settles, and the figures that stand in none of them.

``standing.csv`` tells how long each state holds, ``endings.csv`` what ends what, both with a reason a row,
and ``rules.csv`` what the name of each rule means.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo.errors import DataError
from geo.paths import DATA
from geo.records import Evidence, State

COOPERATIVE = frozenset(
    {State.TRUCE, State.TALKS, State.PLEDGED, State.TIES, State.PARTNERS, State.ALLIED}
)
STATES = tuple(State)
ORDER = {state: place for place, state in enumerate(State)}
# Evidence read with less confidence is a weak hint, which carries and ends nothing.
WEAK = 0.6
# One article alone that was read with less confidence carries its state for half the time.
SURE = 0.8
# What a merely possible statement counts for beside an asserted one.
POSSIBLE_SHARE = 0.5
# Days that are "the last weeks".
RECENT = 60
# Days of the week that decides between fighting and a truce, and of the silence that confirms one.
WEEK, QUIET = 7, 3
# Articles from which on a state is told by several.
SEVERAL = 3
# A pair is contested where, of the last weeks, the other side has at least this share of articles.
CONTESTED_SHARE = 0.5
DEED, REPORT = "deed", "report"
GROUPS = ("force", "coercion", "pause", "bond", "word")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A row of ``standing.csv``: what kind a state is, and how long evidence of it holds.

    Fewer than ``SEVERAL`` articles hold for ``once_days`` after the last of them, more for
    ``several_days``, which is also the longest silence within one run of evidence.
    """

    group: str
    once_days: int
    several_days: int
    ages_from: str
    reason: str

    def find_base(self, evidence: Evidence) -> date:
        """Day from which a quote ages."""
        return evidence.ends if self.ages_from == DEED else evidence.date_published


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A row of ``endings.csv``: quotes of which states, in which words, end which others.

    Where ``words`` are given the quote holds one of them, and one of ``about``. It takes so many
    ``articles`` since the other state was last told.
    """

    name: str
    states: frozenset[State]
    words: frozenset[str]
    about: frozenset[str]
    ends: frozenset[State]
    articles: int
    reason: str


@lru_cache(maxsize=1)
def load_standings(folder: Path = DATA / "states") -> Mapping[State, Standing]:
    """Read how long evidence of each state holds; raises :class:`DataError` where a row is wrong."""
    standings: dict[State, Standing] = {}
    with (folder / "standing.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                standing = Standing(
                    group=row["group"],
                    once_days=int(row["once_days"]),
                    several_days=int(row["several_days"]),
                    ages_from=row["ages_from"],
                    reason=row["reason"],
                )
                state = State(row["state"])
            except (KeyError, ValueError) as error:
                msg = f"data/states/standing.csv line {number}: {error}"
                raise DataError(msg) from error
            if not 1 < standing.once_days <= standing.several_days:
                msg = f"data/states/standing.csv line {number}: once_days, several_days must rise from 2"
                raise DataError(msg)
            if standing.ages_from not in {DEED, REPORT}:
                msg = f"data/states/standing.csv line {number}: ages_from is {DEED} or {REPORT}"
                raise DataError(msg)
            if standing.group not in GROUPS:
                msg = f"data/states/standing.csv line {number}: group is one of {', '.join(GROUPS)}"
                raise DataError(msg)
            standings[state] = standing
    if missing := [state for state in State if state not in standings]:
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
                    states=frozenset(State(code) for code in row["state"].split("|")),
                    words=frozenset(word for word in row["words"].split("|") if word),
                    about=frozenset(word for word in row["about"].split("|") if word),
                    ends=frozenset(State(code) for code in row["ends"].split("|")),
                    articles=int(row["articles"]),
                    reason=row["reason"],
                )
            except (KeyError, ValueError) as error:
                msg = f"data/states/endings.csv line {number}: {error}"
                raise DataError(msg) from error
            if ending.states & ending.ends or bool(ending.words) is not bool(ending.about):
                msg = (
                    f"data/states/endings.csv line {number}: a state ends others than itself, and "
                    "words and about go together"
                )
                raise DataError(msg)
            found.append(ending)
    return tuple(found)


@lru_cache(maxsize=1)
def load_rules(folder: Path = DATA / "states") -> Mapping[str, str]:
    """Read what each rule means, by its name."""
    with (folder / "rules.csv").open(encoding="utf-8", newline="") as lines:
        return {row["rule"]: row["meaning"] for row in csv.DictReader(lines)}


def is_cooperative(state: State) -> bool:
    """Say on which side a state is: cooperation, or conflict."""
    return state in COOPERATIVE
