"""Exports: a map and its evidence as files that others read without Entente.

Every value from outside goes through :func:`escape_value`, which knows what each form takes for more than
text. The page of :func:`write_page` holds all that it needs and opens without a network.
"""

import base64
import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import escape
from string import Template
from typing import Any

from geo.languages import find_language, say
from geo.map.atlas import export_geojson, geometry_name, load_places, load_views
from geo.map.lenses import Lens, View
from geo.paths import STATIC
from geo.records import (
    AccordEvidence,
    AccordPlace,
    AccordState,
    CountryCode,
    DateBasis,
    Evidence,
    Quote,
    Relation,
    RelationState,
)
from geo.states.settling import weigh_evidence
from geo.store import write_record
from geo.web.panel import (
    Html,
    Speech,
    check_link,
    explain_reason,
    fill,
    join,
    link_to_words,
    list_evidence,
    name_basis,
    name_modality,
    write_borders,
    write_colophon,
    write_date,
    write_legend,
    write_return,
)

# What a report holds the quotes of: pairs, or places in an accord.
Told = RelationState | AccordState


class Form(StrEnum):
    """Name the forms of text that an export is written in."""

    CSV = "csv"
    HTML = "html"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Hold what an export is of: its title in words, its days, and the address of the map.

    ``since`` is the earlier day where two are compared.
    """

    title: str
    as_of: date
    known_on: date
    borders: str
    query: str
    since: date | None = None

    @property
    def note(self) -> str:
        """Return the days and the borders in words."""
        if self.since:
            days = say(
                "{first} and {last}, each as it was known on its day.",
                first=write_date(self.since),
                last=write_date(self.as_of),
            )
        else:
            days = self._tell_clocks()
        borders = say("Borders: {label}.", label=say(load_views()[self.borders].in_sentence))
        return f"{days} {borders}"

    def _tell_clocks(self) -> str:
        return say(
            "As of {day}, from articles published by {known}.",
            day=write_date(self.as_of),
            known=write_date(self.known_on),
        )


# A cell that begins so, after spaces or in full width, is run as a formula by spreadsheets (CWE-1236).
_FORMULA = re.compile(r"\s*[=+\-@|＝＋－＠]|[\t\r\n]")
# What CommonMark 0.31 takes for more than text, and the pipes and dollars of its common extensions.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&^=:])")


def escape_value(value: Any, form: Form) -> Any:
    """Return a value as a form shows it as plain text: no formula, no tag, no markup."""
    if form is Form.CSV:
        return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
    text = " ".join(str(value).split()) if form is Form.MARKDOWN else str(value)
    if form is Form.HTML:
        return escape(text, quote=True)
    return _MARKUP.sub(r"\\\1", "".join(each for each in text if each.isprintable()))


def write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> str:
    """Return rows as CSV (RFC 4180) in which no cell can be taken for a formula."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns or (list(rows[0]) if rows else []))
    writer.writeheader()
    for row in rows:
        writer.writerow({key: escape_value(value, Form.CSV) for key, value in row.items()})
    return lines.getvalue()


def write_lines(told: Iterable[Told], scope: Scope, speech: Speech) -> str:
    """Return each quote as a JSON line: what it says, its source, and what it weighs for a state."""
    lines = []
    for state in told:
        about = {
            "as_of": state.as_of.isoformat(),
            "known_on": scope.known_on.isoformat(),
            "borders": scope.borders,
        }
        quotes = (
            _list_places(state, speech)
            if isinstance(state, AccordState)
            else _list_relations(state)
        )
        lines += [json.dumps(about | each, ensure_ascii=False) for each in quotes]
    return "".join(f"{line}\n" for line in lines)


def write_geojson(rows: Iterable[Mapping[str, Any]], view: View, scope: Scope) -> str:
    """Return all countries with their outlines, each with its value and what its row holds."""
    told = {
        CountryCode(row["Code"]): {
            key.lower().replace(" ", "_"): value for key, value in row.items()
        }
        for row in rows
        if "Code" in row
    }
    drawn = {*load_places(), *view.values}
    return export_geojson(
        {code: {"state": view.find_value(code)} | told.get(code, {}) for code in drawn},
        view=scope.borders,
        days={"as_of": scope.as_of.isoformat(), "known_on": scope.known_on.isoformat()},
    )


def write_markdown(told: Iterable[Told], scope: Scope, speech: Speech) -> str:
    """Return a report of every quote, for and against and set aside, as Markdown (CommonMark)."""
    address = check_link(scope.query)
    shown = f"<{address}>" if address else _plain(scope.query)
    lines = [f"# {_plain(scope.title)}", "", _plain(scope.note), "", f"{say('Map')}: {shown}", ""]
    for state in told:
        if isinstance(state, AccordState):
            lines += _report_place(state, scope, speech)
        else:
            lines += _report_pair(state, scope, speech)
    return "\n".join(lines)


def write_page(view: View, panel: Html, scope: Scope, speech: Speech) -> str:
    """Return the map with its panel as one page of HTML that opens without a network."""
    from geo.map.drawing import draw_push, write_options

    read = {
        name: (STATIC / name).read_text(encoding="utf-8")
        for name in ("leaflet.js", "leaflet.css", "map.js", "map.css", "page.css")
    }
    geometry = gzip.compress((STATIC / geometry_name()).read_bytes(), mtime=0)
    push = draw_push(
        view.values,
        view.swatches,
        focus=view.subject,
        contested=view.contested,
        faint=view.faint,
        near=view.values if view.lens is Lens.PAIR else (),
        borders=scope.borders,
    )
    lede = fill(
        '<header class="e-lede"><h1>{title}</h1><p>{note}</p></header>',
        title=scope.title,
        note=scope.note,
    )
    return Template((STATIC / "export.html").read_text(encoding="utf-8")).substitute(
        language=find_language(),
        title=escape_value(scope.title, Form.HTML),
        style="\n".join(read[name] for name in ("leaflet.css", "map.css", "page.css")),
        lede=lede,
        legend=write_legend(view, speech),
        panel=panel,
        colophon=join(
            (
                write_return(scope.query, load_views()[scope.borders]),
                write_borders(speech),
                write_colophon(load_views()[scope.borders]),
            )
        ),
        leaflet=read["leaflet.js"],
        script=read["map.js"],
        geometry=json.dumps(base64.b64encode(geometry).decode()),
        options=write_options("data:,", _read_names()),
        push=push.content,
    )


def _read_names() -> Mapping[str, str]:
    """Return what the map calls countries and disputed areas in the reader's language."""
    path = STATIC / "names" / f"{find_language()}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _list_relations(state: RelationState) -> Iterator[dict[str, Any]]:
    for each in weigh_evidence(list_evidence(state), as_of=state.as_of):
        held = each.evidence
        yield {
            "pair": "-".join(state.pair),
            "settled": state.state.value,
            "weight": round(each.weight, 6),
            "weighed_by": each.rule,
            "date_published": held.date_published.isoformat(),
            "date_basis": held.date_basis.value,
            "publisher": held.publisher,
            "title": held.title,
            "url": check_link(held.url),
            "relation": write_record(held.relation),
        }


def _list_places(state: AccordState, speech: Speech) -> Iterator[dict[str, Any]]:
    for each in (*state.supporting, *state.others):
        article = speech.articles.get(each.place.article_id)
        yield {
            "accord": state.accord,
            "country": state.country,
            "settled": state.place.value,
            "date_published": each.date_published.isoformat(),
            "date_basis": article.date_basis.value if article else None,
            "publisher": each.publisher,
            "title": article.title if article else None,
            "url": check_link(article.url) if article else None,
            "place": write_record(each.place),
        }


def _plain(value: object) -> str:
    return str(escape_value(value, Form.MARKDOWN))


def _report_pair(state: RelationState, scope: Scope, speech: Speech) -> list[str]:
    one, other = (speech.name(each) for each in state.pair)
    contested = f", {say('contested')}" if state.contested else ""
    lines = _head_section(
        f"{one} – {other}: {speech.palette.states[state.state].label}{contested}",
        state,
        scope,
        [explain_reason(state).removesuffix(".")],
    )
    for each in weigh_evidence(list_evidence(state), as_of=state.as_of):
        held, relation = each.evidence, each.evidence.relation
        direction = "→" if relation.directed else "↔"
        facts = [
            f"{speech.name(relation.actor)} {direction} {speech.name(relation.recipient)}: "
            + speech.palette.states[relation.state].label,
            *_name_reading(relation),
            f"{say('Weight')} {each.weight:.2f} ({say(each.rule)})",
        ]
        lines += _report_quote(held, relation.quote, held.date_basis, held.url, facts)
    return lines


def _report_place(state: AccordState, scope: Scope, speech: Speech) -> list[str]:
    places = speech.palette.places
    lines = _head_section(
        f"{speech.name(state.country)}, {state.accord}: {places[state.place].label}",
        state,
        scope,
        [],
    )
    for each in (*state.supporting, *state.others):
        article = speech.articles.get(each.place.article_id)
        basis = article.date_basis if article else DateBasis.STATED
        facts = [places[each.place.place].label, *_name_reading(each.place)]
        lines += _report_quote(
            each, each.place.quote, basis, article.url if article else None, facts
        )
    return lines


def _head_section(title: str, state: Told, scope: Scope, told: Iterable[str]) -> list[str]:
    """Return the title of a pair or a place, and since when and why it is so."""
    facts = [
        *([say("As of {day}", day=write_date(state.as_of))] if state.as_of != scope.as_of else []),
        say("since {day}", day=write_date(state.since)),
        *told,
        say("Rule: {rule}", rule=say(state.rule)),
    ]
    return [f"## {_plain(title)}", "", _plain(" · ".join(facts)), ""]


def _name_reading(read: Relation | AccordPlace) -> list[str]:
    """Return how a quote was read, in words."""
    speaker = read.attributed_to if isinstance(read, Relation) else None
    return [
        name_modality(read.modality),
        say("condition: {words}", words=read.condition) if read.condition else "",
        say("according to {who}", who=speaker) if speaker else "",
        say("read from “{cue}”", cue=read.cue),
    ]


def _report_quote(
    held: Evidence | AccordEvidence,
    quote: Quote,
    basis: DateBasis,
    url: str | None,
    facts: Iterable[str],
) -> list[str]:
    """Return a quote with its source, a link to its words there, and what it was read as."""
    link = check_link(url)
    publisher = held.publisher or say("Publisher not known")
    source = f"{publisher}, {write_date(held.date_published)}{name_basis(basis)}"
    address = f" <{link_to_words(link, quote.exact)}>" if link else ""
    return [
        f"> {_plain(quote.exact)}",
        ">",
        f"> {_plain(source)}{address}",
        "",
        f"- {_plain(' · '.join(fact for fact in facts if fact))}",
        "",
    ]
