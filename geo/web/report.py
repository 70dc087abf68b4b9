"""The report: every quote that a map rests on, as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.languages import say as _
from geo.records import AccordPlace, AccordState, Relation, RelationState
from geo.states.settling import Weighed, weigh_evidence
from geo.web.context import Context, Scope, Told
from geo.web.quotes import list_evidence
from geo.web.rendering import render_markdown
from geo.web.sentences import write_relation
from geo.web.words import (
    explain_basis,
    explain_reason,
    name_license,
    name_modality,
    write_date,
    write_time,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuote:
    """A quote with its source, where to find it there, and what it was read as."""

    exact: str
    source: str
    url: str | None
    facts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A pair or a place in an accord: since when and why it is so, and its quotes."""

    title: str
    facts: Sequence[str]
    quotes: Sequence[ReportQuote]


def write_markdown(told: Iterable[Told], scope: Scope, context: Context) -> str:
    """Return a report of every quote, for and against and set aside, as Markdown (CommonMark)."""
    sections = [
        _describe_place(state, scope, context)
        if isinstance(state, AccordState)
        else _describe_pair(state, scope, context)
        for state in told
    ]
    return render_markdown("report.md", scope=scope, sections=sections)


def _describe_pair(state: RelationState, scope: Scope, context: Context) -> ReportSection:
    one, other = (context.name(country) for country in state.pair)
    contested = f", {_('contested')}" if state.contested else ""
    return ReportSection(
        title=f"{one} – {other}: {context.palette.states[state.state].label}{contested}",
        facts=_tell_state(state, scope, [explain_reason(state).removesuffix(".")]),
        quotes=[
            _describe_quote(weighed, context)
            for weighed in weigh_evidence(list_evidence(state), as_of=state.as_of)
        ],
    )


def _describe_quote(weighed: Weighed, context: Context) -> ReportQuote:
    evidence, relation = weighed.evidence, weighed.evidence.relation
    publisher = evidence.publisher or _("Publisher not known")
    day = write_date(evidence.date_published)
    license_ = name_license(evidence.credit, evidence.license)
    return ReportQuote(
        exact=relation.quote.exact,
        source=", ".join(filter(None, [publisher, day, license_])),
        url=evidence.url,
        facts=[
            write_relation(relation, context),
            *_tell_reading(relation),
            *filter(None, [explain_basis(evidence.date_basis)]),
            f"{_('Weight')} {weighed.weight:.2f} ({_(weighed.rule)})",
        ],
    )


def _describe_place(state: AccordState, scope: Scope, context: Context) -> ReportSection:
    labels = context.palette.places
    quotes = []
    for evidence in (*state.supporting, *state.others):
        place = evidence.place
        publisher = evidence.publisher or _("Publisher not known")
        day = write_date(evidence.date_published)
        license_ = name_license(evidence.credit, evidence.license)
        quotes.append(
            ReportQuote(
                exact=place.quote.exact,
                source=", ".join(filter(None, [publisher, day, license_])),
                url=evidence.url,
                facts=[
                    labels[place.place].label,
                    *_tell_reading(place),
                    *filter(None, [explain_basis(evidence.date_basis)]),
                ],
            )
        )
    country = context.name(state.country)
    return ReportSection(
        title=f"{country}, {state.accord}: {labels[state.place].label}",
        facts=_tell_state(state, scope, []),
        quotes=quotes,
    )


def _tell_state(state: Told, scope: Scope, reasons: Iterable[str]) -> list[str]:
    """Return when and why a pair or a place is so."""
    other_day = _("As of {day}", day=write_date(state.as_of))
    return [
        *([other_day] if state.as_of != scope.as_of else []),
        write_time(state),
        *reasons,
        _("Rule: {rule}", rule=_(state.rule)),
    ]


def _tell_reading(read: Relation | AccordPlace) -> list[str]:
    """Return how a quote was read, in words."""
    speaker = read.attributed_to if isinstance(read, Relation) else None
    facts = [
        name_modality(read.modality),
        _("condition: {words}", words=read.condition) if read.condition else "",
        _("according to {who}", who=speaker) if speaker else "",
        _("The key words are “{cue}”.", cue=read.cue).removesuffix("."),
    ]
    return [fact for fact in facts if fact]
