"""A collection: the articles that one visitor has read, and the file in which they are taken along.

It is a value that lives in a visit and nowhere else. A file that is loaded comes from outside: each line
is checked whole, and what a right reading of its text could not hold is left out with the reason.
"""

import json
from collections.abc import Collection as Held
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from geo.errors import ArticleError
from geo.languages import say as _
from geo.reading.lines import read_lines
from geo.records import (
    AccordPlace,
    Article,
    CountryCode,
    Extraction,
    Mention,
    Quote,
    Relation,
    Sentence,
    Skipped,
    Span,
)
from geo.store.layout import write_record
from geo.tables import make_adapter

# Articles of a collection and characters of their texts, which a server holds for each visit.
MOST_ARTICLES, MOST_CHARACTERS = 200, 3_000_000
# Bytes of a file that is loaded; a text takes about three times its length with what was read in it.
LARGEST_FILE = 20_000_000
# Characters of a text and records of an article in such a file.
LONGEST_TEXT, MOST_RECORDS = 60_000, 5_000
LONGEST_WORDS = 2048
# Days that words of a text may stand for.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(2200, 12, 31)
PREFIX = "mine-"


def name_article(article: Article) -> Article:
    """Return an article under the id that it has in a collection, which its text gives.

    No article of the store is called so, and the same text read twice is one article.
    """
    return replace(article, id=f"{PREFIX}{article.content_hash[:16]}")


def name_finding(found: Relation | AccordPlace) -> str:
    """Return the name of a finding, one of its own within an article."""
    if isinstance(found, Relation):
        return found.id
    quote = found.quote
    return f"{found.accord}:{found.country}:{found.place}:{quote.start_char}-{quote.end_char}"


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles with what was read in them, newest last, and the findings that the visitor dismissed.

    A dismissed finding is named by its article's id and its own name.
    """

    extractions: tuple[Extraction, ...] = ()
    dismissed: frozenset[tuple[str, str]] = frozenset()

    def add(self, extraction: Extraction) -> "Collection":
        """Return a collection with another article; one with the same id is replaced.

        Raises :class:`ArticleError` where the collection is full.
        """
        held = self.remove(extraction.article.id)
        size = sum(len(other.article.text) for other in held.extractions)
        if (
            len(held.extractions) >= MOST_ARTICLES
            or size + len(extraction.article.text) > MOST_CHARACTERS
        ):
            msg = _(
                "Your collection is full. It holds {most} articles; remove some of them.",
                most=f"{MOST_ARTICLES:,}",
            )
            raise ArticleError(msg)
        return replace(held, extractions=(*held.extractions, extraction))

    def remove(self, identity: str) -> "Collection":
        """Return a collection without an article and without what was dismissed in it."""
        return Collection(
            tuple(other for other in self.extractions if other.article.id != identity),
            frozenset(finding for finding in self.dismissed if finding[0] != identity),
        )

    def dismiss(self, identity: str, names: Held[str]) -> "Collection":
        """Return a collection in which these findings of an article are dismissed, and no others of it."""
        others = {finding for finding in self.dismissed if finding[0] != identity}
        return replace(self, dismissed=frozenset(others | {(identity, name) for name in names}))

    def find(self, identity: str | None) -> Extraction | None:
        """Return an article as it was read, with what is dismissed; ``None`` where it is not there."""
        return next((one for one in self.extractions if one.article.id == identity), None)

    def list_kept(self) -> tuple[Extraction, ...]:
        """Return the articles without what is dismissed."""
        return tuple(self._keep(extraction) for extraction in self.extractions)

    def _keep(self, extraction: Extraction) -> Extraction:
        gone = {name for identity, name in self.dismissed if identity == extraction.article.id}
        if not gone:
            return extraction
        return replace(
            extraction,
            relations=tuple(one for one in extraction.relations if name_finding(one) not in gone),
            accords=tuple(one for one in extraction.accords if name_finding(one) not in gone),
        )

    def dump(self) -> str:
        """Return the collection as JSON lines, an article a line, without what is dismissed."""
        return "".join(
            json.dumps(write_record(extraction), ensure_ascii=False) + "\n"
            for extraction in self.list_kept()
        )


def load_collection(
    content: bytes, held: Collection, countries: Held[CountryCode], today: date
) -> tuple[Collection, list[Skipped]]:
    """Return a collection with the articles of a file beside those it has, and what was left out.

    Raises :class:`ArticleError` where the file is too large.
    """
    if len(content) > LARGEST_FILE:
        msg = _("The file is larger than {most} MB.", most=LARGEST_FILE // 1_000_000)
        raise ArticleError(msg)
    skipped: list[Skipped] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            held = held.add(read_extraction(line, countries, today))
        except ArticleError as error:
            skipped.append(Skipped(_("line {number}", number=number), str(error)))
    return held, skipped


def is_collection(content: bytes) -> bool:
    """Say whether a file of JSON lines holds a collection, and not plain articles."""
    try:
        first = json.loads(content.lstrip().partition(b"\n")[0])
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and "article" in first


def read_extraction(line: bytes, countries: Held[CountryCode], today: date) -> Extraction:
    """Return the article of a line with what was read in it.

    Raises :class:`ArticleError` where the line is no extraction, or is none of its text.
    """
    try:
        fields = json.loads(line)
        told = fields["article"]
        told_line = json.dumps(told).encode()
        # Half of a surrogate pair is no Unicode, wherever it stands.
        json.dumps(fields, ensure_ascii=False).encode()
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        msg = _("The line is no article of a collection.")
        raise ArticleError(msg) from error
    article = next(read_lines([told_line], today=today))
    if isinstance(article, Skipped):
        raise ArticleError(article.reason)
    if len(article.text) > LONGEST_TEXT:
        msg = _("The text is longer than {most} characters.", most=f"{LONGEST_TEXT:,}")
        raise ArticleError(msg)
    lists = {
        "sentences": Sentence, "mentions": Mention, "relations": Relation, "accords": AccordPlace,
    }  # fmt: skip
    parts = {}
    try:
        for name, kind in lists.items():
            values = fields.get(name, [])
            if not isinstance(values, list) or len(values) > MOST_RECORDS:
                raise TypeError(name)  # noqa: TRY301 - told below with what breaks a type
            held: object = tuple[kind, ...]  # type: ignore[valid-type]
            parts[name] = make_adapter(held).validate_python(values)
    except (ValueError, TypeError, RecursionError) as error:
        msg = _("What was read in it is not written as a collection writes it.")
        raise ArticleError(msg) from error
    extraction = Extraction(article=article, **parts)
    check = _Check(article, countries)
    if not check.is_right(extraction):
        msg = _("What was read in it does not fit its text, so the file was changed or is damaged.")
        raise ArticleError(msg)
    return extraction


@dataclass(frozen=True, slots=True)
class _Check:
    """What must be true of all that was read in an article."""

    article: Article
    countries: Held[CountryCode]

    def is_right(self, extraction: Extraction) -> bool:
        article = extraction.article
        words = (article.language, article.date_note)
        findings: list[Relation | AccordPlace] = [*extraction.relations, *extraction.accords]
        names = [name_finding(one) for one in findings]
        return (
            name_article(article) == article
            and article.date_published is not None
            and self.are_short(*words)
            and len({*names}) == len(names)
            and all(self.lies((one.start_char, one.end_char)) for one in extraction.sentences)
            and all(map(self.is_mention, extraction.mentions))
            and all(map(self.is_relation, extraction.relations))
            and all(map(self.is_place, extraction.accords))
        )

    def lies(self, span: Span | None) -> bool:
        return span is None or 0 <= span[0] < span[1] <= len(self.article.text)

    def are_short(self, *words: str | None) -> bool:
        return all(len(word or "") <= LONGEST_WORDS for word in words)

    def is_mention(self, mention: Mention) -> bool:
        span = mention.start_char, mention.end_char
        return (
            mention.country in self.countries
            and self.lies(span)
            and self.article.text[slice(*span)] == mention.text
            and self.is_share(mention.confidence)
        )

    def is_share(self, value: float) -> bool:
        return isfinite(value) and 0 <= value <= 1

    def is_quote(self, quote: Quote) -> bool:
        text, start, end = self.article.text, quote.start_char, quote.end_char
        return (
            self.lies((start, end))
            and text[start:end] == quote.exact
            and text[:start].endswith(quote.prefix)
            and text[end:].startswith(quote.suffix)
        )

    def is_relation(self, one: Relation) -> bool:
        spans = (*one.cue_spans, one.actor_span, one.recipient_span)
        period = one.period
        return (
            one.article_id == self.article.id
            and one.actor != one.recipient
            and {one.actor, one.recipient} <= {*self.countries}
            and self.is_quote(one.quote)
            and self.is_share(one.confidence)
            and all(map(self.lies, spans))
            and self.are_short(
                one.id, one.condition, one.accord, one.attributed_to, one.cue, one.rule
            )
            and (
                period is None
                or (
                    (FIRST_DAY <= period.start <= period.end <= LAST_DAY)
                    and self.are_short(period.words)
                )
            )
        )

    def is_place(self, one: AccordPlace) -> bool:
        return (
            one.article_id == self.article.id
            and one.country in self.countries
            and self.is_quote(one.quote)
            and self.is_share(one.confidence)
            and self.are_short(one.accord, one.condition, one.cue, one.rule)
        )
