"""Relation states: what the evidence of each pair adds up to as of a date, by rules done by hand.

Two clocks run. ``as_of`` asks what was true on a day: a quote counts from the first day that it tells
of, which is that of the deed where the text says when and that of its article where not. ``known_on``
asks what was known on a day: what was published later is left out.

The rules in plain words:

1. What is denied or past, or was read with less than ``WEAK`` confidence, is set aside.
2. The same article and the same words count once for a state; what is only possible counts half.
3. Fighting goes before everything until a peace or a truce is told after it, or nobody tells of it. A truce
   holds where of a week more articles tell of it than of fighting, or where nobody tells of fighting for
   ``QUIET`` days after it; fighting told again ends it.
4. A truce goes next, until two hostile deeds are told after it.
5. A hostile deed of the last ``RECENT`` days goes before all words, and before ties; before an alliance or a
   partnership it takes two articles.
6. Alliances, partnerships, ties and hostility stand until something ends them. Age makes them pale only.
7. A quarrel goes before mere ties. Before anything firmer, words go only where ``SEVERAL`` articles of the
   last ``RECENT`` days say so and fewer say otherwise.
8. Where nothing stands the last words are shown, and of equals the worse.
9. One or two articles carry a state for a season, ``SEVERAL`` for as long as its kind holds; one alone that
   was read unsurely carries it for half the season.

How long each state holds stands in ``data/states/standing.csv``, what ends what in
``data/states/endings.csv``, each with its reason, and the rules in ``data/states/rules.csv``.

Like the hostility levels of the Militarized Interstate Disputes data (Palmer and others 2022) they rank
deeds above words; like PLOVER they tell what is said from what is done; like the peace scale of Goertz,
Diehl and Balas (2016) they hold a state until something ends it. Unlike the Goldstein scale (1992), they
never add a friendly deed to a hostile one.
"""

import csv
import re
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from geo.errors import DataError
from geo.paths import DATA
from geo.records import Evidence, Modality, Pair, RelationState, State

COOPERATIVE = frozenset(
    {State.TRUCE, State.TALKS, State.PLEDGED, State.TIES, State.PARTNERS, State.ALLIED}
)
STATES = tuple(State)
ORDER = {state: place for place, state in enumerate(State)}
# Evidence read with less confidence is a weak hint, which carries and ends nothing.
WEAK = 0.5
# One article alone that was read with less confidence carries its state for half the time.
SURE = 0.7
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
COUNTS = frozenset({"counts", "repeats"})
_COOPERATIVE = frozenset(ORDER[state] for state in COOPERATIVE)
_WORD = re.compile(r"\w+")
_WAR, _HOSTILE, _DISPUTE, _REFUSES, _TRUCE, _TALKS, _PLEDGED, _TIES, _PARTNERS, _ALLIED = range(
    len(STATES)
)
# The words of either side: of equals the first is shown.
_AGAINST, _FOR = (_DISPUTE, _REFUSES), (_PLEDGED, _TALKS)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A piece of evidence with what it counts for, and the rule of ``rules.csv`` that says so."""

    evidence: Evidence
    weight: float
    rule: str

    @property
    def counts(self) -> bool:
        """Say whether it stands for or against; one that is set aside does neither."""
        return self.rule in COUNTS


# Tables ------------------------------------------------------------------------------------------


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


# The evidence of a pair in columns ---------------------------------------------------------------


class Row(NamedTuple):
    """One piece of evidence that counts, as numbers; days are ordinals of the calendar.

    ``base`` is the day from which it ages, ``state`` the place of its state, ``share`` one or one half,
    ``endings`` the places of the endings that its words fit, ``number`` its place in the evidence.
    """

    begins: int
    base: int
    published: int
    state: int
    share: float
    confidence: float
    endings: tuple[int, ...]
    number: int


def make_rows(evidence: Sequence[Evidence]) -> tuple[list[Row], dict[int, str]]:
    """Return the rows of a pair's evidence by the day they begin, and the rule of the other evidence.

    ``evidence`` is sorted by :func:`sort_evidence`. Of what repeats itself the first counts.
    """
    standings = load_standings()
    rows, others = [], {}
    said: set[tuple[State, str]] = set()
    for number, held in enumerate(evidence):
        relation = held.relation
        if relation.modality in {Modality.DENIED, Modality.PAST}:
            others[number] = relation.modality.value
            continue
        if relation.confidence < WEAK:
            others[number] = "weak hint"
            continue
        keys = {(relation.state, source) for source in name_sources(held)}
        if keys & said:
            others[number] = "repeats"
        said |= keys
        if number in others:
            continue
        rows.append(
            Row(
                begins=held.begins.toordinal(),
                base=max(held.begins, standings[relation.state].find_base(held)).toordinal(),
                published=held.date_published.toordinal(),
                state=ORDER[relation.state],
                share=POSSIBLE_SHARE if relation.modality is Modality.POSSIBLE else 1.0,
                confidence=relation.confidence,
                endings=find_endings(held),
                number=number,
            )
        )
    # On one day what is worse is told first, so that a truce ends the fighting of its own day.
    rows.sort(key=lambda row: (row.begins, row.state, row.number))
    return rows, others


def find_endings(evidence: Evidence) -> tuple[int, ...]:
    """Return the places of the rows of ``endings.csv`` that a quote fits; possible ones end nothing."""
    relation = evidence.relation
    if relation.modality is not Modality.ASSERTED or relation.confidence < WEAK:
        return ()
    fitting = [
        (number, ending)
        for number, ending in enumerate(load_endings())
        if relation.state in ending.states
    ]
    if any(ending.words for _, ending in fitting):
        said = frozenset(_WORD.findall(f"{relation.cue} {relation.quote.exact}".casefold()))
        fitting = [
            (number, ending)
            for number, ending in fitting
            if not ending.words or (ending.words & said and ending.about & said)
        ]
    return tuple(number for number, _ in fitting)


# The engine --------------------------------------------------------------------------------------


class Course:
    """What is told of one pair, followed through time: what stands, and what was ended.

    Rows are told in their order; after those that begin up to a day, :meth:`choose` says how the pair
    stands on it. It is the only place where the rules are carried out.
    """

    __slots__ = ("_ended", "_figures", "_fought", "_paused", "_since", "told")

    def __init__(self) -> None:
        self._figures = _load_figures()
        # The rows of each state that nothing has ended, by their base.
        self.told: list[list[tuple[int, float, float, int, int]]] = [[] for _ in STATES]
        self._ended = [0] * len(STATES)
        # The articles of an ending since the state that it ends was last told.
        self._since: dict[tuple[int, int], int] = {}
        # The days on which fighting and a truce were told as facts.
        self._fought: list[int] = []
        self._paused: list[int] = []

    def tell(self, row: Row) -> None:
        """Add a row, and carry out what it ends."""
        _, base, _, state, share, confidence, endings, number = row
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
            insort(self.told[state], (base, share, confidence, row.begins, number))
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
        if lead > 0 or (paused >= fought and day - paused >= QUIET):
            self._end(_WAR, paused)
            self._fought = self._fought[bisect_right(self._fought, paused) :]
            return True
        if fought > paused:
            self._end(_TRUCE, fought)
        return False

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
        number, sure = 0.0, 0.0
        for base, share, confidence, *_ in reversed(held):
            if number >= SEVERAL or later - base > gap:
                break
            later = base
            number += share
            sure = max(sure, confidence)
        once = self._figures.once[state]
        if number < SEVERAL and age > (once if number > 1 or sure >= SURE else once // 2):
            return 0.0
        return number

    def count_recent(self, state: int, day: int) -> float:
        """Return how many articles of the last weeks tell of a state."""
        number = 0.0
        for base, share, *_ in reversed(self.told[state]):
            if day - base > RECENT:
                break
            number += share
        return number

    def is_contested(self, state: int, day: int) -> bool:
        """Say whether the other side has its share of the articles of the last weeks."""
        sides = {True: 0.0, False: 0.0}
        for place in range(len(STATES)):
            if self.count_standing(place, day):
                sides[place in _COOPERATIVE] += self.count_recent(place, day)
        own, other = sides[state in _COOPERATIVE], sides[state not in _COOPERATIVE]
        return other > 0 and other >= CONTESTED_SHARE * own

    def count_since(self, state: int, day: int) -> float:
        """Return how many articles tell of a state after a day."""
        return sum(share for base, share, *_ in self.told[state] if base > day)

    def choose(self, day: int) -> tuple[int, str] | None:
        """Return the state that is shown on a day and the rule that says so; ``None`` if none is."""
        truce = self.settle_force(day)
        told = self.told
        numbers = [self.count_standing(state, day) for state in range(len(STATES))]
        # What is only possible is shown where nothing is told as a fact.
        least = 1.0 if max(numbers) >= 1 else POSSIBLE_SHARE
        stands = [number >= least for number in numbers]
        if not any(stands):
            return None
        recent = [
            self.count_recent(state, day) if stands[state] else 0.0 for state in range(len(STATES))
        ]
        if stands[_WAR] and not (truce and stands[_TRUCE]):
            # One article may be misread; several that tell of peace since then go before it.
            since = told[_WAR][-1][0]
            peaceful = (self.count_since(state, since) for state in _COOPERATIVE if stands[state])
            if numbers[_WAR] > 1 or sum(peaceful) < SEVERAL:
                return _WAR, "fighting"
        hostile = recent[_HOSTILE]
        if stands[_TRUCE] and (
            not stands[_HOSTILE] or self.count_since(_HOSTILE, told[_TRUCE][-1][0]) < 2
        ):
            return _TRUCE, "truce holds"
        firm = next((state for state in (_ALLIED, _PARTNERS) if numbers[state] > 1), None)
        bonds = [state for state in (_ALLIED, _PARTNERS, _TIES) if stands[state]]
        if hostile >= (1 if firm is None else 2):
            standing, rule = _HOSTILE, "grave deed"
        elif firm is not None:
            standing, rule = firm, "stands"
        elif stands[_HOSTILE] and all(
            told[state][-1][0] <= told[_HOSTILE][-1][0] for state in bonds
        ):
            standing, rule = _HOSTILE, "stands"
        elif bonds:
            standing, rule = bonds[0], "stands"
        else:
            standing, rule = None, "words"
        against = recent[_DISPUTE] + recent[_REFUSES]
        friendly = recent[_PLEDGED] + recent[_TALKS]
        if standing == _HOSTILE:
            if friendly >= SEVERAL and friendly > against + hostile:
                return self._choose_words(_FOR, recent), "told by several"
        elif standing is not None and firm is None:
            if against > max(friendly, recent[standing]) or (against and against == friendly):
                return self._choose_words(_AGAINST, recent), "words"
        elif standing is not None:
            if against >= SEVERAL and against > recent[_PARTNERS] + recent[_ALLIED]:
                return self._choose_words(_AGAINST, recent), "told by several"
        elif against or friendly:
            side = _AGAINST if against >= friendly else _FOR
            return self._choose_words(side, recent), "words"
        else:
            left = [state for state in (*_AGAINST, *_FOR) if stands[state]]
            return max(left, key=lambda state: told[state][-1][0]), "old words"
        return standing, rule

    def _choose_words(self, side: tuple[int, int], recent: Sequence[float]) -> int:
        # Python's max returns the first of equals, which are those that say more.
        return max(side, key=lambda state: recent[state])


def _count_after(days: Sequence[int], day: int) -> int:
    return len(days) - bisect_right(days, day)


def list_turning_days(rows: Iterable[Row], last: int) -> list[int]:
    """Return the days up to a last one on which alone a pair's state can change, in order."""
    figures = _load_figures()
    found: set[int] = set()
    for row in rows:
        once, several = figures.once[row.state], figures.several[row.state]
        found.add(row.begins)
        found |= {row.base + days + 1 for days in (QUIET - 1, RECENT, once // 2, once, several)}
    return sorted(day for day in found if day <= last)


# What callers ask --------------------------------------------------------------------------------


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
        for pair, held in groupby(known, key=lambda held: held.relation.pair)
    )
    return tuple(state for state in settled if state is not None)


def select_evidence(
    evidence: Iterable[Evidence], as_of: date, known_on: date | None = None
) -> Iterator[Evidence]:
    """Yield what was known on one day, the same one unless told, of what had begun on another."""
    last = known_on or as_of
    return (held for held in evidence if held.date_published <= last and held.begins <= as_of)


def settle_pair(pair: Pair, held: Sequence[Evidence], *, as_of: date) -> RelationState | None:
    """Return one pair's state from its evidence; ``None`` where none of it counts.

    ``held`` is what :func:`select_evidence` lets through.
    """
    ordered, course, rules = _follow(held, as_of)
    day = as_of.toordinal()
    chosen = course.choose(day)
    if chosen is None:
        return None
    state, rule = STATES[chosen[0]], chosen[1]
    weighed = _weigh_rows(ordered, course, rules, day)
    supporting = [one for one in weighed if one.counts and one.evidence.relation.state is state]
    opposing = [one for one in weighed if one.counts and one.evidence.relation.state is not state]
    counts: defaultdict[State, float] = defaultdict(float)
    for one in weighed:
        counts[one.evidence.relation.state] += one.weight
    others = [found for found in STATES if counts[found] and found is not state]
    runner_up = max(
        others,
        key=lambda found: (course.count_recent(ORDER[found], day), counts[found], -ORDER[found]),
        default=None,
    )
    last = date.fromordinal(course.told[chosen[0]][-1][0])
    strongest = max(one.evidence.relation.confidence for one in supporting)
    return RelationState(
        pair=pair,
        state=state,
        as_of=as_of,
        since=min(one.evidence.begins for one in supporting),
        rule=rule,
        reason=_write_reason(rule, counts, (as_of - last).days),
        contested=course.is_contested(chosen[0], day),
        publishers=len({_find_voice(one.evidence) for one in supporting}),
        confidence=round(strongest * counts[state] / sum(counts.values()), 3),
        supporting=_list_heaviest_first(supporting),
        opposing=_list_heaviest_first(opposing),
        aside=tuple(one.evidence for one in weighed if not one.counts),
        runner_up=runner_up,
    )


def is_cooperative(state: State) -> bool:
    """Say on which side a state is: cooperation, or conflict."""
    return state in COOPERATIVE


def weigh_evidence(held: Iterable[Evidence], *, as_of: date) -> tuple[Weighed, ...]:
    """Return one pair's evidence, each piece with what it counts for and the rule that says so."""
    ordered, course, rules = _follow(held, as_of)
    course.settle_force(as_of.toordinal())
    return _weigh_rows(ordered, course, rules, as_of.toordinal())


def name_sources(evidence: Evidence) -> tuple[str, str]:
    """Return the two things that count once for a state: an article, and words wherever they stand."""
    relation = evidence.relation
    words = " ".join(relation.quote.exact.casefold().split())
    return f"article {relation.article_id}", f"words {words}"


def sort_evidence(evidence: Evidence) -> tuple[Pair, date, str, int, str]:
    """Sort key of evidence, whatever the order in which it came."""
    relation = evidence.relation
    return (
        relation.pair,
        evidence.date_published,
        relation.article_id,
        relation.quote.start_char,
        relation.id,
    )


def _follow(held: Iterable[Evidence], as_of: date) -> tuple[list[Evidence], Course, dict[int, str]]:
    ordered = sorted(held, key=sort_evidence)
    rows, rules = make_rows(ordered)
    course, day = Course(), as_of.toordinal()
    for row in rows:
        if row.begins <= day:
            course.tell(row)
    return ordered, course, rules


def _weigh_rows(
    ordered: Sequence[Evidence], course: Course, rules: Mapping[int, str], day: int
) -> tuple[Weighed, ...]:
    """Return evidence with what it counts for, once its course was followed up to a day."""
    found: dict[int, tuple[float, str]] = {}
    runs: dict[State, int] = {}
    for state, held in enumerate(course.told):
        if not held:
            continue
        stands = course.count_standing(state, day) > 0
        first = course.find_run(state)
        if stands:
            runs[STATES[state]] = held[first][0]
        for place, (_, share, _, _, number) in enumerate(held):
            counts = stands and place >= first
            found[number] = (share, "counts") if counts else (0.0, "too old")
    weighed = []
    for number, evidence in enumerate(ordered):
        weight, rule = found.get(number, (0.0, rules.get(number, "ended")))
        if rule == "repeats":
            start = runs.get(evidence.relation.state)
            if start is None or evidence.date_published.toordinal() < start:
                rule = "ended"
        weighed.append(Weighed(evidence=evidence, weight=weight, rule=rule))
    return tuple(weighed)


def _write_reason(rule: str, counts: Mapping[State, float], age: int) -> str:
    told = ", ".join(f"{counts[state]:g} for {state.value}" for state in STATES if counts[state])
    last = f" Last told {age} days before." if age > RECENT else ""
    return f"{load_rules()[rule]} Articles: {told}.{last}"


def _list_heaviest_first(weighed: Iterable[Weighed]) -> tuple[Evidence, ...]:
    """Return evidence with the newest first; copies stand behind what counts."""
    ordered = sorted(weighed, key=lambda one: one.evidence.date_published, reverse=True)
    return tuple(one.evidence for one in sorted(ordered, key=lambda one: -one.weight))


def _find_voice(evidence: Evidence) -> str:
    return evidence.publisher or f"article {evidence.relation.article_id}"
