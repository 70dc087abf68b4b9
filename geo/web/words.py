"""Words: dates, counts, reasons and weights as plain text in the reader's language."""

import re
from dataclasses import dataclass
from datetime import date

from geo.languages import ENGLISH, find_language, load_strings
from geo.languages import say as _
from geo.records import AccordState, DateBasis, Modality, Period, RelationState
from geo.states.rules import load_rules
from geo.states.settling import Weighed

LONGEST_NOTE = 120
# The license of an article of which only quotes may be shown.
QUOTE_ONLY = "quote-only"

MODALITY = {
    Modality.ASSERTED: "",
    Modality.POSSIBLE: "Said to be possible",
    Modality.DENIED: "Denied by the text",
    Modality.PAST: "In the past",
}

BASES = {
    DateBasis.STATED: "",
    DateBasis.INFERRED: "The article does not state its date; it was worked out from what it says.",
    DateBasis.UNKNOWN: "The article does not state its date.",
}

# A line of a table: what its columns hold, ``None`` where there is nothing to tell.
Row = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The title of a page, what is said of it, and what it rests on."""

    title: str
    said: str = ""
    text: str = ""
    url: str | None = None
    note: str = ""


def write_date(day: date) -> str:
    """Return a date in words: 1 August 2025."""
    month = day.strftime("%B")
    return _(
        "1 {month} {year}" if day.day == 1 else "{day} {month} {year}",
        day=day.day,
        month=_(month),
        year=day.year,
    )


def write_month(day: date) -> str:
    """Return the month of a day in words: August 2025."""
    return _("{month} {year}", month=_(day.strftime("%B")), year=day.year)


def write_time(state: RelationState | AccordState) -> str:
    """Return when a state was reported, and since when it holds where a quote says so."""
    first = write_date(state.since)
    if isinstance(state, AccordState):
        return _("first reported {day}", day=first)
    last = write_date(state.reported)
    if state.dated:
        return _("since {first}, last reported {last}", first=write_start(state), last=last)
    if state.since == state.reported:
        return _("reported {day}", day=last)
    return _("first reported {first}, last reported {last}", first=first, last=last)


def write_start(state: RelationState) -> str:
    """Return the first day of a state, or the month or year alone where its quote tells no more."""
    day, month = state.since, state.since.strftime("%B")
    periods = (evidence.relation.period for evidence in state.supporting)
    told = [period.words for period in periods if period and period.start == day]
    if day.day == 1 and not any(re.search(r"\b\d{1,2}\b", words) for words in told):
        if any(month in words for words in told):
            return write_month(day)
        if day.month == 1 and any(str(day.year) in words for words in told):
            return str(day.year)
    return write_date(day)


def write_short(day: date) -> str:
    """Return a date in few words: 1 Aug 2025, with the month whole in other languages than English."""
    return f"{day.day} {day:%b} {day.year}" if find_language() == ENGLISH else write_date(day)


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 quote, 2 quotes."""
    return f"{number:,} {_(one if number == 1 else many or one + 's')}"


def write_title(subject: str, said: str) -> str:
    """Return a subject and what is said of it as one line."""
    return f"{_('{subject}:', subject=subject)} {said}"


def explain_basis(basis: DateBasis) -> str:
    """Return where a date comes from, and nothing where the article states it."""
    return _(BASES[basis]) if BASES[basis] else ""


def name_license(credit: str | None, license_: str | None) -> str:
    """Return whom a license asks to name, and the license; empty where quotes alone are allowed."""
    named = license_ if license_ != QUOTE_ONLY else None
    return ", ".join(filter(None, [credit, named]))


def name_modality(modality: Modality) -> str:
    """Return how certain a text calls what it tells; nothing where it asserts it."""
    return _(MODALITY[modality]) if MODALITY[modality] else ""


def explain_reason(state: RelationState) -> str:
    """Return why a state was settled, with the articles that count for each state, in words."""
    if not load_strings(find_language()):
        return end_sentence(state.reason)
    words = load_rules().get(state.rule, state.reason)
    weights = ", ".join(
        _("{weight} for {state}", weight=weight, state=_(code))
        for weight, code in re.findall(
            r"(?<![\d.])([\d.]++) for (\w++)", state.reason.removeprefix(words)
        )
    )
    return end_sentence(_(words)) + (_(" Articles: {weights}.", weights=weights) if weights else "")


def explain_period(period: Period) -> str:
    """Return the days of a deed with the words that tell them."""
    days = write_date(period.start)
    if period.end != period.start:
        days = _("{first} to {last}", first=days, last=write_date(period.end))
    return _("{days}, from “{words}”", days=days, words=period.words)


def explain_weight(weighed: Weighed) -> str:
    """Return why a quote counts, in words."""
    return _(load_rules()[weighed.rule])


def end_sentence(text: str) -> str:
    """Return a text with a full stop where it ends without one."""
    return text if not text or text[-1] in ".!?" else text + "."


def shorten(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: 4 * LONGEST_NOTE].split())
    if len(line) <= LONGEST_NOTE:
        return line
    # Whole words, unless one alone is too long.
    cut = line[:LONGEST_NOTE]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]) + "…"
