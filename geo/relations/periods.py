"""Periods: when a deed that a sentence tells of took place, as the words beside it say.

Only words that hang on the cue or on its verb count: in "said on Tuesday that it attacked" the Tuesday is
that of the saying. A day without a year is the latest one before the article; what lies ahead has no
period. Without such words a deed is dated by its article.
"""

import calendar
import itertools
import re
from collections.abc import Iterator
from datetime import date, timedelta

from geo.records import Period
from geo.relations.grammar import VERBAL, Syntax
from geo.relations.tokens import Token

# What leads from a clause to another one, whose time is its own.
CLAUSES = frozenset({"ccomp", "relcl", "advcl", "acl", "csubj", "parataxis", "conj"})
PREPOSITIONS = frozenset({"in", "on", "since", "during"})
AHEAD = frozenset({"will", "shall", "would", "to"})
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Words on either side of the one that a time hangs on: "two years ago", "March 10, 2023".
REACH = 4
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}

_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_LEAD = re.compile(r"(?:the |last |early |late |mid-?|this |past )+")
_MONTH = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?)?(?: ?,? (\d{4}))?"
)
_YEAR = re.compile(r"((?:1[5-9]|20)\d\d)")
_AGO = re.compile(rf"(an?|{'|'.join(NUMBERS)}|\d{{1,2}}) ({'|'.join(UNITS)})s? ago")


def find_period(syntax: Syntax, token: Token, published: date | None) -> Period | None:
    """Return when the deed of a cue took place; ``None`` where the text does not say or it lies ahead.

    ``token`` is the head of the cue and ``published`` the day of the article, without which no period
    is told.
    """
    if published is None:
        return None
    places = [token]
    if token.pos not in VERBAL:
        for above, dep in syntax.path(token):
            if dep in CLAUSES:
                break
            places.append(above)
            if above.pos in VERBAL:
                break
    if any(_lies_ahead(syntax, each) for each in places if each.pos in VERBAL):
        return None
    for place in places:
        for since, words in _list_phrases(syntax, place):
            if span := read_period(words, published):
                start, end = span
                return Period(start=start, end=published if since else end, words=words)
    return None


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


def _list_phrases(syntax: Syntax, place: Token) -> Iterator[tuple[bool, str]]:
    """Yield the phrases beside a word that may tell a time, and whether each tells a beginning."""
    for child in syntax.children(place):
        if child.dep == "nummod" and child.i < place.i:
            yield False, child.text
        elif child.dep in {"npadvmod", "advmod", "tmod"}:
            yield False, _write(syntax, child)
        elif child.dep == "prep" and child.lemma in PREPOSITIONS:
            for governed in syntax.children(child, "pobj"):
                yield child.lemma == "since", _write(syntax, governed)
                # "in Baku on Tuesday" may hang the day on the city.
                for inner in syntax.children(governed, "prep"):
                    if inner.lemma in PREPOSITIONS:
                        for below in syntax.children(inner, "pobj"):
                            yield inner.lemma == "since", _write(syntax, below)


def _write(syntax: Syntax, token: Token) -> str:
    held = [
        each for each in syntax.subtree(token) if each.dep not in {"prep", "relcl"} or each is token
    ]
    run = [each for each in held if abs(each.i - token.i) <= REACH]
    gaps = [one.end < two.start for one, two in itertools.pairwise(run)]
    return "".join(
        each.text + (" " if gap else "") for each, gap in zip(run, [*gaps, False], strict=True)
    ).strip(" ,")


def _lies_ahead(syntax: Syntax, verb: Token) -> bool:
    helpers = {each.lemma for each in syntax.children(verb, "aux")}
    return bool(helpers & AHEAD) or (verb.tag == "VBG" and "be" in helpers)
