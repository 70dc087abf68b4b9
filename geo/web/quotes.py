"""Quotes as rows: the words, who says what of whom, the source, and how it was read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from geo.languages import say as _
from geo.mentions.gazetteer import load_gazetteer, split_words
from geo.records import (
    AccordEvidence,
    AccordState,
    DateBasis,
    Evidence,
    Quote,
    Relation,
    RelationState,
)
from geo.states.rules import load_rules
from geo.states.settling import Weighed, weigh_evidence
from geo.store.queries import Namings
from geo.web.context import Context
from geo.web.marks import Mark, Piece, cut_pieces, cut_quote, mark_words
from geo.web.sentences import write_relation
from geo.web.words import (
    count,
    explain_basis,
    explain_period,
    explain_weight,
    name_license,
    name_modality,
    write_date,
)

# Sentences of mentions, and quotes of a change, that a page shows.
MOST_SENTENCES = 12

Note = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow:
    """A quote as a page shows it.

    ``says`` is what it was read as, where that is not told beside it; ``license`` names whom its article's
    license asks to name, and the license; ``notes`` and ``how`` are names with texts; ``inside`` leads to
    the quote in its article here, ``url`` to the page of its publisher, and ``words`` are those to find
    there.
    """

    pieces: Sequence[Piece]
    publisher: str
    day: str
    inside: str
    id: str = ""
    says: str = ""
    license: str = ""
    url: str | None = None
    words: str = ""
    notes: Sequence[Note] = ()
    how: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """Quotes under a title, which may be empty."""

    title: str
    quotes: Sequence[QuoteRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRows:
    """The sentences of some mentions, and how many more there are."""

    title: str
    articles: str
    quotes: Sequence[QuoteRow]
    more: str
    is_open: bool


def list_evidence(state: RelationState) -> tuple[Evidence, ...]:
    """Return all of a pair's evidence, what supports its state first."""
    return (*state.supporting, *state.opposing, *state.aside)


def weigh_quotes(state: RelationState) -> dict[str, Weighed]:
    """Return what each quote of a pair counts for, by the id of its relation."""
    weighed = weigh_evidence(list_evidence(state), as_of=state.as_of)
    return {one.evidence.relation.id: one for one in weighed}


def group_quotes(
    title: str,
    group: Iterable[Evidence],
    state: RelationState,
    context: Context,
    weighed: Mapping[str, Weighed],
) -> QuoteGroup:
    """Return some quotes of a pair; each names its state where that is not the one shown."""
    return QuoteGroup(
        title,
        [
            describe_quote(
                evidence,
                context,
                weighed=weighed.get(evidence.relation.id),
                with_state=evidence.relation.state is not state.state,
            )
            for evidence in group
        ],
    )


def describe_quote(
    evidence: Evidence,
    context: Context,
    *,
    with_state: bool = False,
    weighed: Weighed | None = None,
) -> QuoteRow:
    """Return one quote with the words that carried it, who published it when, and how it was read.

    ``weighed`` is what the quote counts for in the state of its pair.
    """
    relation = evidence.relation
    notes: list[Note] = []
    if weighed and not weighed.counts:
        notes.append((_("Set aside"), _(load_rules()[weighed.rule])))
    elif certainty := name_modality(relation.modality):
        notes.append((_("Certainty"), certainty))
    if relation.condition:
        notes.append((_("Condition"), relation.condition))
    if relation.attributed_to:
        notes.append((_("According to"), relation.attributed_to))
    says = write_relation(relation, context)
    how = [*([] if with_state else [(_("Read as"), says)]), _name_cue(relation.cue)]
    how += [(_("Because"), reason) for reason in explain_names(relation, context)]
    if relation.accord:
        how.append((_("Accord"), relation.accord))
    if relation.period:
        how.append((_("When"), explain_period(relation.period)))
    if weighed and weighed.counts:
        how.append((_("Counts"), explain_weight(weighed)))
    how += _list_basis(evidence.date_basis)
    return QuoteRow(
        id=relation.id,
        says=says if with_state else "",
        pieces=cut_quote(relation),
        notes=notes,
        publisher=evidence.publisher or _("Publisher not known"),
        day=write_date(evidence.date_published),
        license=name_license(evidence.credit, evidence.license),
        url=evidence.url,
        words=relation.quote.exact,
        inside=context.link_quote(relation.article_id, relation.quote),
        how=how,
    )


def describe_place_quote(
    evidence: AccordEvidence, state: AccordState, context: Context
) -> QuoteRow:
    """Return one quote for a country's place in an accord; it names a place that is not the one shown."""
    place = evidence.place
    notes: list[Note] = []
    if certainty := name_modality(place.modality):
        notes.append((_("Certainty"), certainty))
    if place.condition:
        notes.append((_("Condition"), place.condition))
    return QuoteRow(
        says=context.palette.places[place.place].label if place.place is not state.place else "",
        pieces=cut_pieces(
            place.quote.exact,
            mark_words(place.quote, place.cue),
            start_char=place.quote.start_char,
        ),
        notes=notes,
        publisher=evidence.publisher or _("Publisher not known"),
        day=write_date(evidence.date_published),
        license=name_license(evidence.credit, evidence.license),
        url=evidence.url,
        words=place.quote.exact,
        inside=context.link_quote(place.article_id, place.quote),
        how=[_name_cue(place.cue), *_list_basis(evidence.date_basis)],
    )


def describe_mentions(
    namings: Namings,
    context: Context,
    *,
    title: str = "",
    is_open: bool = False,
) -> MentionRows:
    """Return sentences that name countries, each with the names marked and a link to its article.

    Without a ``title`` it says how often the country is named.
    """
    rows: list[QuoteRow] = []
    for naming in namings.newest:
        article, start, end = naming.article, naming.start_char, naming.end_char
        text = article.text[start:end]
        marks = [
            Mark(start_char=first, end_char=last, kind="e-actor") for first, last in naming.names
        ]
        rows.append(
            QuoteRow(
                pieces=cut_pieces(text, marks, start_char=start),
                publisher=article.publisher or _("Publisher not known"),
                day=write_date(article.date_published) if article.date_published else _("no date"),
                license=name_license(article.credit, article.license),
                url=article.url if article.license else None,
                inside=context.link_quote(
                    article.id, Quote(exact=text, start_char=start, end_char=end)
                ),
            )
        )
    left = namings.sentences - len(rows)
    return MentionRows(
        title=title or _("Named {times}", times=count(namings.times, "time")),
        articles=count(namings.articles, "article"),
        quotes=rows,
        more=_("{left} more; the articles show all.", left=count(left, "sentence"))
        if left > 0
        else "",
        is_open=is_open,
    )


def explain_names(relation: Relation, context: Context) -> Iterator[str]:
    """Yield where a country stands that a quote does not name itself: in a region, or just before."""
    regions, quote = load_gazetteer().regions, relation.quote
    for country, span in (
        (relation.actor, relation.actor_span),
        (relation.recipient, relation.recipient_span),
    ):
        if span is None:
            yield _("{country} is named just before the quote", country=context.name(country))
            continue
        words = quote.exact[span[0] - quote.start_char : span[1] - quote.start_char]
        if split_words(words) in regions:
            yield _("{region} includes {country}", region=words, country=context.name(country))


def _name_cue(cue: str) -> Note:
    return _("Key words"), f"“{cue}”"


def _list_basis(basis: DateBasis) -> list[Note]:
    """Return where the date of a quote comes from, and nothing where its article states it."""
    explained = explain_basis(basis)
    return [(_("Date"), explained)] if explained else []
