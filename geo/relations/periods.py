"""Periods: when a deed took place, where its sentence says so in one way alone.

A day without a year is the latest one before the article; what lies ahead has no period. A sentence that
tells two times leaves open which one is that of the deed, and without a time a deed is dated by its article.
"""

import calendar
import re
from datetime import date, timedelta

from geo.records import Period

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}

_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_LEAD = re.compile(r"(?:the |last |early |late |mid-?|this |past )+")
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({_MONTH_NAMES})\.?"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?)?(?: ?,? (\d{4}))?"
)
_YEAR = re.compile(r"((?:1[5-9]|20)\d\d)")
_AGO = re.compile(rf"(an?|{'|'.join(NUMBERS)}|\d{{1,2}}) ({'|'.join(UNITS)})s? ago")
# Where a sentence tells a time: after a preposition, or by a word that does without one.
_DAY_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:{_DAY_NUMBER} )?(?:{_MONTH_NAMES})\b\.?(?: {_DAY_NUMBER}\b)?(?: ?,? \d{{4}}\b)?"
    rf"|(?:1[5-9]|20)\d\d\b|(?:{'|'.join(_DAYS)})\b"
)
_TIME = re.compile(
    rf"\b(?:(?P<lead>in|on|since|during|from) (?:the |early |late |mid-? ?)?(?P<words>{_DATE})"
    rf"|(?P<bare>yesterday|last (?:week|month|year)|{_AGO.pattern}))\b",
    re.IGNORECASE,
)
# A further year anywhere else leaves open which time is meant.
_ANY_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_AHEAD = re.compile(r"\b(?:will|shall|would|could|might|plans? to|to be)\b", re.IGNORECASE)
# "Their first contact since 2022" tells when it was last so, and not since when it is so.
_AGAIN = re.compile(
    r"\b(?:first|last|only|most|worst|best|(?:larg|bigg|deadli|heavi|high|low|strong|great|clos|fierc)est)"
    r"\b[^.;:]*$",
    re.IGNORECASE,
)


def find_period(sentence: str, published: date | None) -> Period | None:
    """When the deed of a sentence took place; ``None`` where it tells no time, several, or one ahead.

    ``published`` is the day of the article, without which no period is told.
    """
    if published is None or _AHEAD.search(sentence):
        return None
    told = list(_TIME.finditer(sentence))
    if len(told) != 1 or len(_ANY_YEAR.findall(sentence)) > 1:
        return None
    words = told[0]["words"] or told[0]["bare"]
    span = read_period(words.strip(" ,."), published)
    if span is None:
        return None
    since = (told[0]["lead"] or "").casefold() == "since"
    if since and _AGAIN.search(sentence[: told[0].start()]):
        return None
    return Period(start=span[0], end=published if since else span[1], words=told[0].group())


def read_period(words: str, published: date) -> tuple[date, date] | None:
    """Return the first and the last day that some words name, seen from the day of an article.

    ``None`` where they name none, or one after that day; a period that is still going on ends on it.
    """
    text = " ".join(words.casefold().split())
    bare = _LEAD.sub("", text, count=1) if _LEAD.match(text) else text
    span: tuple[date, date] | None = None
    if match := _YEAR.fullmatch(bare):
        year = int(match[1])
        span = date(year, 1, 1), date(year, 12, 31)
    elif match := _MONTH.fullmatch(bare):
        span = _read_month(match, published)
    elif bare in _DAYS:
        day = published - timedelta(days=(published.weekday() - _DAYS[bare]) % 7)
        span = day, day
    elif text == "yesterday":
        span = published - timedelta(days=1), published - timedelta(days=1)
    elif text == "last week":
        monday = published - timedelta(days=published.weekday() + 7)
        span = monday, monday + timedelta(days=6)
    elif text == "last month":
        last = published.replace(day=1) - timedelta(days=1)
        span = last.replace(day=1), last
    elif text == "last year":
        span = date(published.year - 1, 1, 1), date(published.year - 1, 12, 31)
    elif match := _AGO.fullmatch(text):
        number = int(match[1]) if match[1].isdigit() else 1
        number = NUMBERS.index(match[1]) + 1 if match[1] in NUMBERS else number
        middle = published - timedelta(days=number * UNITS[match[2]])
        span = middle, middle
        if match[2] == "year":
            span = date(middle.year, 1, 1), date(middle.year, 12, 31)
        elif match[2] == "month":
            length = calendar.monthrange(middle.year, middle.month)[1]
            span = middle.replace(day=1), middle.replace(day=length)
    if span is None or span[0] > published:
        return None
    return span[0], min(span[1], published)


def _read_month(match: re.Match[str], published: date) -> tuple[date, date] | None:
    month = _MONTHS[match[2]]
    day = match[1] or match[3]
    if match[1] and match[3]:
        return None
    year = int(match[4]) if match[4] else published.year
    try:
        first = date(year, month, int(day or 1))
        if not match[4] and first > published:
            first = first.replace(year=year - 1)
    except ValueError:
        return None
    if day:
        return first, first
    return first, first.replace(day=calendar.monthrange(first.year, month)[1])
