"""Rules: the tables by which evidence settles, and the figures that stand in none of them.

``standing.csv`` tells how long each state holds, ``endings.csv`` what ends what, both with a reason a row,
and ``rules.csv`` what the name of each rule means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from geo.errors import DataError
from geo.paths import DATA
from geo.records import State
from geo.tables import BARS, name_place, read_table

COOPERATIVE = frozenset(
    {State.TRUCE, State.TALKS, State.PLEDGED, State.TIES, State.PARTNERS, State.ALLIED}
)
STATES = tuple(State)
ORDER = {state: place for place, state in enumerate(State)}
# Evidence read with less confidence is a weak hint, which carries and ends nothing.
WEAK = 0.6
# Confidence from which a map of what is surely read shows evidence.
SURE = 0.8
# What a merely possible statement counts for beside an asserted one.
POSSIBLE_SHARE = 0.5
# Days that are "the last weeks".
RECENT = 60
# Days of the week that decides between fighting and a truce, and of the silence that confirms one.
WEEK, QUIET = 7, 3
# Articles from which on a state is told by several.
SEVERAL = 3
# Articles of fighting that end a truce: one may be a breach that it outlives, or be misread.
TWICE = 2
# A pair is contested where, of the last weeks, the other side has at least this share of articles.
CONTESTED_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A row of ``standing.csv``: what kind a state is, and how long evidence of it holds.

    Fewer than ``SEVERAL`` articles hold for ``once_days`` after the last of them, more for
    ``several_days``, which is also the longest silence within one run of evidence.
    """

    state: State
    group: Literal["force", "coercion", "pause", "bond", "word"]
    once_days: int
    several_days: int
    ages_from: Literal["deed", "report"]
    reason: str

    def __post_init__(self) -> None:
        if not 1 < self.once_days <= self.several_days:
            msg = "once_days, several_days must rise from 2"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A row of ``endings.csv``: quotes of which states, in which words, end which others.

    Where ``words`` are given the quote holds one of them, and one of ``about``. It takes so many
    ``articles`` since the other state was last told.
    """

    name: str
    states: Annotated[frozenset[State], BARS]
    words: Annotated[frozenset[str], BARS] = frozenset()
    about: Annotated[frozenset[str], BARS] = frozenset()
    ends: Annotated[frozenset[State], BARS]
    articles: int
    reason: str

    def __post_init__(self) -> None:
        if self.states & self.ends or bool(self.words) is not bool(self.about):
            msg = "a state ends others than itself, and words and about go together"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    rule: str
    meaning: str


@lru_cache(maxsize=1)
def load_standings(folder: Path = DATA / "states") -> Mapping[State, Standing]:
    """Read how long evidence of each state holds; raises :class:`DataError` where a row is wrong."""
    path = folder / "standing.csv"
    standings = {standing.state: standing for standing in read_table(path, Standing, key=["state"])}
    if missing := [state for state in State if state not in standings]:
        msg = f"{name_place(path)} has no row for {missing[0]}"
        raise DataError(msg)
    return standings


@lru_cache(maxsize=1)
def load_endings(folder: Path = DATA / "states") -> tuple[Ending, ...]:
    """Read what ends what; raises :class:`DataError` where a row is wrong."""
    return tuple(read_table(folder / "endings.csv", Ending, key=["name"]))


@lru_cache(maxsize=1)
def load_rules(folder: Path = DATA / "states") -> Mapping[str, str]:
    """Read what each rule means, by its name; raises :class:`DataError` where a row is wrong."""
    rows = read_table(folder / "rules.csv", _Meaning, key=["rule"])
    return {row.rule: row.meaning for row in rows}


def is_cooperative(state: State) -> bool:
    """Say on which side a state is: cooperation, or conflict."""
    return state in COOPERATIVE
