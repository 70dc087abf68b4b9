"""What changed between two days as rows: how many pairs in which way, and each with its quotes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.languages import say as _
from geo.map.palette import NONE, Palette, Swatch
from geo.records import CountryCode, Pair, RelationState
from geo.states.ledger import Change
from geo.web.context import Context
from geo.web.links import link_to_pair
from geo.web.quotes import MOST_SENTENCES, QuoteGroup, group_quotes, weigh_quotes
from geo.web.words import Head, Row, count, write_date, write_title

# A pair's states on two days.
Both = tuple[RelationState | None, RelationState | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What became of a pair: its state before and after, each with a swatch and a label, and its quotes."""

    pair: str
    turn: str
    title: str
    before: tuple[Swatch, str]
    after: tuple[Swatch, str]
    groups: Sequence[QuoteGroup]
    link: str


@dataclass(frozen=True, slots=True)
class TurnRows:
    """The pairs that changed in the same way."""

    swatch: Swatch
    title: str
    changes: Sequence[ChangeRow]


def describe_changes_head(
    changes: Sequence[Change],
    days: tuple[date, date],
    focus: CountryCode | None,
    context: Context,
) -> Head:
    """Return the title of the page of changes: how many pairs changed in which way, and of the focus."""
    text = _(
        "{first} compared with {last}, each as known on that day.",
        first=write_date(days[0]),
        last=write_date(days[1]),
    )
    if focus is not None:
        own = count_changes((change for change in changes if focus in change.pair), context.palette)
        text += " " + _("For {name}: {said}.", name=context.name_within(focus), said=own)
    return Head(
        title=_("{subject}:", subject=_("What changed")),
        said=count_changes(changes, context.palette),
        text=text,
    )


def count_changes(changes: Iterable[Change], palette: Palette) -> str:
    """Return in words how many pairs changed in which way."""
    turns = Counter(change.turn.value for change in changes)
    parts: list[str] = []
    for code, swatch in palette.changes.items():
        if number := turns[code]:
            said = f"{number:,}" if parts else count(number, "pair")
            parts.append(f"{said} {swatch.phrase}")
    return ", ".join(parts) or _("nothing")


def list_changes(changes: Iterable[Change], context: Context) -> list[Row]:
    """Return what became of pairs between two days as lines of a table, by the names of their countries."""
    states = context.palette.states
    return [
        {
            "Country": context.name(change.pair[0]),
            "Other country": context.name(change.pair[1]),
            "Pair": "-".join(change.pair),
            "Change": context.palette.changes[change.turn].label,
            "Before": states[change.before].label if change.before else None,
            "After": states[change.after].label if change.after else None,
        }
        for change in _sort_changes(changes, context)
    ]


def describe_changes(
    changes: Sequence[Change],
    told: Mapping[Pair, Both],
    days: tuple[date, date],
    context: Context,
) -> list[TurnRows]:
    """Return what became of pairs between two days, each with the quotes of its states on both.

    ``told`` holds a pair's states on the two days; a pair that it lacks is listed without quotes.
    """
    turns = []
    for turn, swatch in context.palette.changes.items():
        group = [change for change in changes if change.turn == turn]
        if group:
            rows = [
                _describe_change(change, told.get(change.pair), days, context)
                for change in _sort_changes(group, context)
            ]
            turns.append(TurnRows(swatch, write_title(swatch.label, f"{len(group):,}"), rows))
    return turns


def list_gone(
    gone: Iterable[Change], context: Context, focus: CountryCode | None
) -> list[tuple[Swatch, str]]:
    """Return the pairs whose evidence has expired, each with the state that it had."""
    return [
        (
            context.palette.states[change.before],
            " – ".join(context.name(country) for country in change.pair if country != focus),
        )
        for change in gone
        if change.before
    ]


def _describe_change(
    change: Change, told: Both | None, days: tuple[date, date], context: Context
) -> ChangeRow:
    states = context.palette.states
    before, after = (
        (states[step or NONE], states[step].label if step else _("No evidence"))
        for step in (change.before, change.after)
    )
    groups = [
        group_quotes(
            f"{write_date(day)}: {states[state.state].label}",
            state.supporting[:MOST_SENTENCES],
            state,
            context,
            weigh_quotes(state),
        )
        for day, state in zip(days, told or (), strict=False)
        if state is not None
    ]
    return ChangeRow(
        pair="-".join(change.pair),
        turn=change.turn,
        title=" – ".join(context.name(country) for country in change.pair),
        before=before,
        after=after,
        groups=groups[::-1],
        link=f"{context.root}{link_to_pair(change.pair, days[1])}",
    )


def _sort_changes(changes: Iterable[Change], context: Context) -> list[Change]:
    return sorted(changes, key=lambda change: [context.name(country) for country in change.pair])
