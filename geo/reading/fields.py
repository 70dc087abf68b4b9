"""Fields: what is told of an article beside its text, checked, and what the reader tells before it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from geo.errors import ArticleError
from geo.reading.encodings import is_unicode
from geo.reading.provenance import read_provenance
from geo.records import Article, DateBasis, Skipped

# The most characters of what is told of an article. Addresses are as long as browsers take them.
LONGEST = {
    "id": 256,
    "url": 2048,
    "title": 500,
    "publisher": 200,
    "license": 200,
    "credit": 200,
    "source": 2048,
}
# An article is no older than the telegraph. It may be dated a little ahead of the reader's day, for that
# begins elsewhere hours before, and a paper of the weekend is out on Friday.
EARLIEST, AHEAD = date(1850, 1, 1), timedelta(days=2)
# The fields of an article that are texts.
TEXTS = (
    *("id", "text", "title", "url", "publisher", "language"),
    *("date_note", "license", "credit", "source"),
)
# Characters that are not seen and turn or break the words around them: a right-to-left override makes
# "moc.swen" of one publisher the name of another.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a reader tells of sources.

    The date and the publisher go before what an article says itself. ``columns`` names, for fields of an
    article, the columns that hold them. ``read_feed`` makes articles of the bytes of a feed and its name.
    """

    date_published: date | None = None
    publisher: str | None = None
    today: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    read_feed: Callable[[bytes, str], Iterable[Article | Skipped]] | None = None


def tell_article(article: Article, told: Told) -> Article:
    """Return an article with what the reader tells of it, before all that it says itself.

    Raises :class:`ArticleError` where it then has a date that no article can have, or a field that is
    too long.
    """
    if told.date_published:
        stated = DateBasis.STATED
        article = replace(
            article, date_published=told.date_published, date_basis=stated, date_note=None
        )
    if article.date_published and (fault := find_fault(article.date_published, told.today)):
        raise ArticleError(fault)
    return check_fields(replace(article, publisher=told.publisher or article.publisher))


def check_fields(article: Article) -> Article:
    """Return an article whose title and publisher are words alone.

    Raises :class:`ArticleError` where a field is too long to be what it is called.
    """
    for name, longest in LONGEST.items():
        if len(getattr(article, name) or "") > longest:
            msg = f"The {name} is longer than {longest:,} characters."
            raise ArticleError(msg)
    return replace(
        article, title=drop_unseen(article.title), publisher=drop_unseen(article.publisher)
    )


def drop_unseen(name: str | None) -> str | None:
    """Return a title or publisher without what is not seen, ``None`` where nothing is left."""
    return _CONTROL.sub("", name or "").strip() or None


def find_fault(day: date, today: date | None) -> str | None:
    """Return why no article can have been published on a day, ``None`` where one can.

    One date far ahead would move the whole map there, where nothing else holds any more. Without
    ``today`` nothing lies in the future.
    """
    if day < EARLIEST:
        return f"The date {day} lies before {EARLIEST.year}; give the day of publication."
    if today and day - today > AHEAD:
        return f"The date {day} lies in the future; give the day of publication."
    return None


def describe_article(article: Article, fields: Mapping[str, Any]) -> Article:
    """Return an article with what a manifest, a JSON line or a row of a table tells of it.

    Raises :class:`ArticleError` that names a wrong field.
    """
    told: dict[str, Any] = {}
    for name in TEXTS:
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            msg = f"The field {name} must be a text or null."
            raise ArticleError(msg)
        if value and not is_unicode(value):
            msg = f"The field {name} holds half of a surrogate pair."
            raise ArticleError(msg)
        if value:
            told[name] = value
    stated = fields.get("date_published")
    if stated is not None:
        day = read_date(stated)
        if day is None:
            msg = (
                f"The field date_published must be a date as YYYY-MM-DD, not {str(stated)[:40]!r}."
            )
            raise ArticleError(msg)
        told |= {"date_published": day, "date_basis": DateBasis.STATED}
    if "date_basis" in fields:
        try:
            told["date_basis"] = DateBasis(fields["date_basis"])
        except ValueError as error:
            listed = ", ".join(DateBasis)
            msg = f"The field date_basis must be one of {listed}."
            raise ArticleError(msg) from error
    return replace(article, **told | read_provenance(fields))


def read_date(stated: object) -> date | None:
    """Return the day of a date or of a date and time in ISO 8601, ``None`` for anything else."""
    if not isinstance(stated, str) or not re.match(r"\d{4}-\d\d-\d\d(?:[T ]|$)", stated):
        return None
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return None
