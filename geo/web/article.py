"""An article as rows: its title, its text with what was read in it, and what was left out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from geo.languages import say as _
from geo.map.palette import Swatch
from geo.records import (
    AccordPlace,
    Extraction,
    Modality,
    Quote,
    Relation,
    SentenceKind,
    Span,
)
from geo.relations.pairs import MOST_PAIRS, list_crowded
from geo.states.rules import WEAK
from geo.store.queries import Listing
from geo.web.context import Context
from geo.web.links import name_anchor
from geo.web.marks import Mark, Piece, cut_pieces, mark_relation, mark_words
from geo.web.quotes import explain_names
from geo.web.sentences import write_place, write_relation
from geo.web.words import (
    QUOTE_ONLY,
    Head,
    count,
    end_sentence,
    explain_basis,
    name_license,
    name_modality,
    shorten,
    write_date,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A quote with its surroundings, of an article that may be shown no further."""

    anchor: str
    prefix: str
    exact: str
    suffix: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article's text in pieces, or its excerpts where it may be shown no further."""

    pieces: Sequence[Piece] = ()
    excerpts: Sequence[Excerpt] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a quote says: its swatch, the sentence that it was read as, and how it was read."""

    swatch: Swatch
    sentence: str
    facts: str
    how: Sequence[str] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSaid:
    """A quote of an article with all that was read from it."""

    anchor: str
    pieces: Sequence[Piece]
    said: Sequence[Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article in the list of articles."""

    id: str
    title: str
    publisher: str
    day: str
    found: str


def find_title(extraction: Extraction) -> str:
    """Return an article's title, its first sentence where it has none, or its id."""
    article = extraction.article
    first = next(
        (
            article.text[sentence.start_char : sentence.end_char]
            for sentence in extraction.sentences
            if sentence.is_evidence
        ),
        article.text,
    )
    return article.title or shorten(first) or article.id


def describe_article_head(extraction: Extraction) -> Head:
    """Return an article's title, publisher, date with where it comes from, link and license."""
    article = extraction.article
    day = write_date(article.date_published) if article.date_published else _("No date known")
    facts = [
        article.publisher or _("Publisher not known"),
        day,
    ]
    if article.license:
        named = name_license(article.credit, article.license) or article.license
        facts.append(_("License: {license}", license=named))
    basis = explain_basis(article.date_basis)
    note = " ".join(filter(None, [basis, end_sentence(article.date_note or "")])) if basis else ""
    return Head(
        title=find_title(extraction),
        text=" · ".join(facts),
        url=article.url,
        note=note,
    )


def list_articles(listings: Iterable[Listing]) -> list[ArticleRow]:
    """Return articles with what was found in them or why they were skipped."""
    rows = []
    for listing in listings:
        day = write_date(listing.day) if listing.day else _("no date")
        found = (
            _("skipped: {reason}", reason=listing.skipped)
            if listing.skipped
            else f"{count(listing.relations, 'relation')}, {count(listing.mentions, 'mention')}"
        )
        rows.append(
            ArticleRow(
                id=listing.id,
                title=listing.title or shorten(listing.first) or listing.id,
                publisher=listing.publisher or _("publisher not known"),
                day=day,
                found=found,
            )
        )
    return rows


def describe_article(
    extraction: Extraction, context: Context, *, chosen: Span | None = None
) -> ArticleText:
    """Return an article's text with what was read marked; a part of it is ``chosen`` by a link.

    Of an article whose license is ``quote-only``, only the quotes with their surroundings are shown.
    """
    if extraction.article.license == QUOTE_ONLY:
        return ArticleText(excerpts=_list_excerpts(extraction, chosen))
    return ArticleText(pieces=_cut_article(extraction, context, chosen))


def _cut_article(extraction: Extraction, context: Context, chosen: Span | None) -> list[Piece]:
    """Return an article's text, every line of it, with mentions, quotes and what is left out marked."""
    marks: list[Mark] = []
    for sentence in extraction.sentences:
        if not sentence.is_evidence:
            is_heading = sentence.kind is SentenceKind.HEADING
            marks.append(
                Mark(
                    start_char=sentence.start_char,
                    end_char=sentence.end_char,
                    kind=f"e-{sentence.kind.value}",
                    hint=_("Heading, no evidence" if is_heading else "No evidence"),
                )
            )
    marks += [
        Mark(start_char=start, end_char=end, kind="e-said", anchor=name_anchor(start, end))
        for start, end in sorted(
            {(quote.start_char, quote.end_char) for quote in _list_quotes(extraction)}
        )
    ]
    for mention in extraction.mentions:
        hint = f"{context.name(mention.country)} ({_(mention.kind.value)})"
        marks.append(
            Mark(
                start_char=mention.start_char,
                end_char=mention.end_char,
                kind="e-mention" if mention.counted else "e-uncounted",
                hint=hint if mention.counted else _("Not counted: {hint}", hint=hint),
            )
        )
    if chosen:
        marks.append(Mark(start_char=chosen[0], end_char=chosen[1], kind="e-chosen"))
    return cut_pieces(extraction.article.text, marks)


def _list_excerpts(extraction: Extraction, chosen: Span | None) -> list[Excerpt]:
    """Return the quotes of an article in the order of its text, each with its surroundings."""
    text = extraction.article.text
    return [
        Excerpt(
            anchor=name_anchor(quote.start_char, quote.end_char),
            prefix=_trim_start(quote.prefix, text[: quote.start_char - len(quote.prefix)][-1:]),
            exact=quote.exact,
            suffix=_trim_end(quote.suffix, text[quote.end_char + len(quote.suffix) :][:1]),
            is_chosen=chosen == (quote.start_char, quote.end_char),
        )
        for quote in sorted(_list_quotes(extraction), key=attrgetter("start_char"))
    ]


def list_said(extraction: Extraction, context: Context) -> list[QuoteSaid]:
    """Return every quote of an article in the order of its text, with all that was read from it."""
    marks: dict[Quote, list[Mark]] = defaultdict(list)
    said: dict[Quote, list[Said]] = defaultdict(list)
    for relation in extraction.relations:
        swatch = context.palette.states[relation.state]
        marks[relation.quote] += mark_relation(relation)
        tone = "pale" if relation.confidence < WEAK else ""
        if relation.modality in {Modality.DENIED, Modality.PAST}:
            tone = "hollow"
        said[relation.quote].append(
            Said(
                swatch,
                write_relation(relation, context),
                _tell_certainty(relation),
                [
                    _tell_cue(relation),
                    *(end_sentence(reason) for reason in explain_names(relation, context)),
                ],
                tone,
            )
        )
    for place in extraction.accords:
        swatch = context.palette.places[place.place]
        marks[place.quote] += mark_words(place.quote, place.cue)
        sentence = write_place(place, context)
        said[place.quote].append(Said(swatch, sentence, _tell_certainty(place), [_tell_cue(place)]))
    return [
        QuoteSaid(
            anchor=name_anchor(quote.start_char, quote.end_char),
            pieces=cut_pieces(quote.exact, marks[quote], start_char=quote.start_char),
            said=_tell_once(said[quote]),
        )
        for quote in sorted(said, key=attrgetter("start_char", "end_char"))
    ]


def list_left_out(extraction: Extraction, context: Context) -> list[str]:
    """Return what was not read or not counted: pairs of crowded sentences, names inside others, headings."""
    text = extraction.article.text
    crowded = [
        _(
            "This sentence names {number} countries; {most} pairs of them were read: {sentence}",
            number=number,
            most=MOST_PAIRS,
            sentence=shorten(text[sentence.start_char : sentence.end_char]),
        )
        for sentence, number in list_crowded(extraction.sentences, extraction.mentions)
    ]
    names = [
        _(
            "“{words}” for {country}: inside another name",
            words=mention.text,
            country=context.name(mention.country),
        )
        for mention in extraction.mentions
        if not mention.counted
    ]
    lines = [
        f"{_(sentence.kind.value.capitalize())}: "
        + shorten(text[sentence.start_char : sentence.end_char])
        for sentence in extraction.sentences
        if not sentence.is_evidence
    ]
    return crowded + names + lines


def _list_quotes(extraction: Extraction) -> set[Quote]:
    relations = {relation.quote for relation in extraction.relations}
    return relations | {place.quote for place in extraction.accords}


def _tell_certainty(read: Relation | AccordPlace) -> str:
    """Return how firmly a quote says it, under which condition, and according to whom."""
    speaker = read.attributed_to if isinstance(read, Relation) else None
    facts = [
        name_modality(read.modality),
        _("condition: {words}", words=read.condition) if read.condition else "",
        _("according to {who}", who=speaker) if speaker else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _tell_cue(read: Relation | AccordPlace) -> str:
    return _("The key words are “{cue}”.", cue=read.cue)


def _tell_once(said: Sequence[Said]) -> list[Said]:
    """Return what a quote says, with how it was read told once for those that were read alike."""
    return [
        replace(one, facts="", how=()) if other and _is_alike(one, other) else one
        for one, other in zip(said, [*said[1:], None], strict=True)
    ]


def _is_alike(one: Said, other: Said) -> bool:
    return (one.facts, one.how) == (other.facts, other.how)


def _trim_start(words: str, before: str) -> str:
    """Return what surrounds a quote with an ellipsis for what stands before it, and no half of a word."""
    if not before:
        return words
    is_cut = before.strip() and words[:1].strip()
    return "… " + (re.sub(r"^\S+", "", words) if is_cut else words).lstrip()


def _trim_end(words: str, after: str) -> str:
    """Return what surrounds a quote with an ellipsis for what stands after it, and no half of a word."""
    if not after:
        return words
    is_cut = after.strip() and words[-1:].strip()
    return (re.sub(r"\S+$", "", words) if is_cut else words).rstrip() + " …"
