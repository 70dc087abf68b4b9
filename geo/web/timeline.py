"""Time as one looks at it: where the evidence lies, and how pairs stood over the years."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from geo.languages import say as _
from geo.map.palette import Swatch
from geo.records import CountryCode, Pair, State
from geo.web.context import Context
from geo.web.links import link_to_pair
from geo.web.words import count, write_date, write_month

# Units of the height of a bar, and the least that one month with any evidence has.
TALLEST, SHORTEST = 20, 2
# Years that are written under the bars, and the share of the width that keeps one off either end.
MOST_YEARS, MARGIN = 7, 4
# Pairs of a country whose years are shown.
MOST_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A year under the bars, and where it begins, in percent of the width."""

    label: str
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Where the evidence lies: a mask of bars as the URI of an SVG image, years, and the same in words."""

    image: str
    ticks: Sequence[Tick]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripe:
    """Days on which a pair stood in one state: where they lie in percent, and a link to their quotes."""

    swatch: Swatch
    left: float
    width: float
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class StripeRow:
    """A pair of a country over the years."""

    name: str
    stripes: Sequence[Stripe]


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """The pairs of a country over the years, with the years written under them."""

    rows: Sequence[StripeRow]
    ticks: Sequence[Tick]


def describe_timeline(months: Mapping[date, int], first: date, last: date) -> Timeline:
    """Return where quotes lie between two days; ``months`` counts them by the first day of a month."""
    span = max(1, (last - first).days)
    told = {month: number for month, number in sorted(months.items()) if month <= last}
    most = max(told.values(), default=1)
    path = ""
    for month, number in told.items():
        left = max(0, (month - first).days)
        right = min(span, (_next_month(month) - first).days)
        if right > left:
            height = max(SHORTEST, round(TALLEST * number / most, 1))
            path += f"M{left},{TALLEST}v-{height:g}h{right - left}v{height:g}z"
    label = ""
    if told:
        peak = max(told, key=lambda month: told[month])
        label = _(
            "{quotes} from {first} to {last}, most of them in {month} ({most})",
            quotes=count(sum(told.values()), "quote"),
            first=write_month(min(told)),
            last=write_month(max(told)),
            month=write_month(peak),
            most=f"{most:,}",
        )
    return Timeline(image=_draw_bars(path, span), ticks=list_ticks(first, last), label=label)


def _draw_bars(path: str, days: int) -> str:
    """Return an image that is stretched to the width of the slider; a page colors it by its theme."""
    image = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {days} {TALLEST}'"
        f" preserveAspectRatio='none'><path d='{path}'/></svg>"
    )
    return "data:image/svg+xml," + quote(image, safe="")


def list_ticks(first: date, last: date) -> list[Tick]:
    """Return the years that begin between two days, as many as there is room for."""
    span = max(1, (last - first).days)
    step = max(1, -(-(last.year - first.year) // MOST_YEARS))
    lefts = (
        (year, round(100 * (date(year, 1, 1) - first).days / span, 2))
        for year in range(first.year + 1, last.year + 1)
        if year % step == 0
    )
    return [Tick(str(year), left) for year, left in lefts if MARGIN <= left <= 100 - MARGIN]


def describe_years(
    country: CountryCode,
    stretches: Iterable[tuple[Pair, State, date, date | None]],
    told: Mapping[Pair, int],
    until: date,
    context: Context,
) -> Years | None:
    """Return how the pairs of a country stood up to a day, those most told of first; ``None`` without any.

    ``stretches`` are a pair's states with the first day and the first day no more, in their order;
    ``told`` is how many quotes a pair has.
    """
    courses: dict[Pair, list[tuple[State, date, date]]] = {}
    for pair, state, since, ended in stretches:
        if since > until:
            continue
        end = min(ended or until + timedelta(days=1), until + timedelta(days=1))
        course = courses.setdefault(pair, [])
        if course and course[-1][0] is state and course[-1][2] == since:
            course[-1] = (state, course[-1][1], end)
        else:
            course.append((state, since, end))
    if not courses:
        return None
    first = min(course[0][1] for course in courses.values())
    shown = sorted(courses, key=lambda pair: (-told.get(pair, 0), pair))[:MOST_PAIRS]
    return Years(
        rows=[
            StripeRow(
                context.name(pair[1] if pair[0] == country else pair[0]),
                [
                    _describe_stripe(pair, *stretch, (first, until), context)
                    for stretch in courses[pair]
                ],
            )
            for pair in shown
        ],
        ticks=list_ticks(first, until),
    )


def _describe_stripe(
    pair: Pair, state: State, since: date, ended: date, span: tuple[date, date], context: Context
) -> Stripe:
    whole = (span[1] - span[0]).days + 1
    swatch = context.palette.states[state]
    last = write_date(ended - timedelta(days=1))
    days = _("{first} to {last}", first=write_date(since), last=last)
    return Stripe(
        swatch=swatch,
        left=round(100 * (since - span[0]).days / whole, 2),
        width=round(100 * (ended - since).days / whole, 2),
        title=f"{swatch.label}, {days}",
        link=f"{context.root}{link_to_pair(pair, since)}",
    )


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
