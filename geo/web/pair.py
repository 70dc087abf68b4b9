"""A pair by itself as rows: how two countries stand, and how they stood over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geo.languages import say as _
from geo.map.palette import NONE, Swatch
from geo.records import Interval, Pair, RelationState
from geo.states.settling import load_rules
from geo.web.context import Context
from geo.web.quotes import QuoteGroup, group_quotes, weigh_quotes
from geo.web.sentences import write_state
from geo.web.words import Head, Row, write_date


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow:
    """A stretch of the history of a pair: its share of the bar, why it ended, and its quotes."""

    since: str
    swatch: Swatch
    label: str
    span: str
    share: int
    meaning: str
    is_last: bool
    quotes: QuoteGroup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How a pair stood over time: its intervals, the oldest first, and the days that they span."""

    intervals: Sequence[IntervalRow]
    first: date
    last: date


def describe_pair_head(
    pair: Pair | None,
    state: RelationState | None,
    as_of: date,
    known_on: date,
    context: Context,
) -> Head:
    """Return the title of the page of a pair: its two countries, their state, and the day."""
    if pair is None:
        return Head(
            title=_("How two countries stand"),
            text=_(
                "Choose two countries to read every sentence about how they stand toward each other."
            ),
        )
    return Head(
        title=write_pair(pair, state, context),
        text=_(
            "As of {day}." if known_on == as_of else "As of {day}, as known on {known}.",
            day=write_date(as_of),
            known=write_date(known_on),
        ),
    )


def write_pair(pair: Pair, state: RelationState | None, context: Context) -> str:
    """Return how two countries stand as a sentence."""
    if state is None:
        one, other = (context.name_within(country) for country in pair)
        return _("No report says how {one} and {other} stand", one=one, other=other)
    sentence = write_state(state, context)
    return _("{sentence}, but reports disagree", sentence=sentence) if state.contested else sentence


def describe_history(
    history: Sequence[Interval],
    told: Sequence[RelationState | None],
    until: date,
    context: Context,
) -> History:
    """Return how a pair stood over time, each interval with its quotes.

    ``told`` holds the pair's state on the last day of each interval, ``None`` where it has none.
    """
    whole = max(1, (until - history[0].since).days + 1)
    return History(
        intervals=[
            _describe_interval(interval, state, until, whole, context)
            for interval, state in zip(history, told, strict=True)
        ],
        first=history[0].since,
        last=until,
    )


def _describe_interval(
    interval: Interval, state: RelationState | None, until: date, whole: int, context: Context
) -> IntervalRow:
    swatch = context.palette.states[interval.value or NONE]
    days = ((interval.until or until + timedelta(days=1)) - interval.since).days
    span = _("from {day}", day=write_date(interval.since))
    meaning = ""
    if interval.until:
        last = write_date(interval.until - timedelta(days=1))
        span = _("{first} to {last}", first=write_date(interval.since), last=last)
        meaning = _("How it ended: {meaning}", meaning=_(load_rules()[interval.ending]))
    quotes = None
    if state and interval.until:
        quotes = group_quotes("", state.supporting, state, context, weigh_quotes(state))
    return IntervalRow(
        since=interval.since.isoformat(),
        swatch=swatch,
        label=swatch.label if interval.value else _("No current evidence"),
        span=span,
        share=max(1, round(1000 * days / whole)),
        meaning=meaning,
        is_last=bool(state) and interval.until is None,
        quotes=quotes,
    )


def list_history(history: Iterable[Interval], pair: Pair, context: Context) -> list[Row]:
    """Return how a pair stood over time as lines of a table, the newest interval first."""
    return [
        {
            "Country": context.name(pair[0]),
            "Other country": context.name(pair[1]),
            "Pair": "-".join(pair),
            "Value": context.palette.states[interval.value or NONE].label,
            "From": interval.since.isoformat(),
            "Until": (interval.until - timedelta(days=1)).isoformat() if interval.until else None,
            "Ended by": _(interval.ending) if interval.until else None,
        }
        for interval in reversed(list(history))
    ]
