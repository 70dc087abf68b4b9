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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import escape
from string import Template
from typing import Any

from geo.atlas import export_geojson, geometry_name, load_places, load_views
from geo.languages import find_language, say
from geo.lenses import Lens, View
from geo.panel import (
    Html,
    Speech,
    check_link,
    explain_reason,
    fill,
    join,
    link_to_words,
    list_evidence,
    name_modality,
    write_borders,
    write_colophon,
    write_date,
    write_legend,
    write_return,
)
from geo.paths import STATIC
from geo.records import CountryCode, RelationState
from geo.serial import write_record
from geo.states import weigh_evidence


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


def write_lines(states: Iterable[RelationState], scope: Scope) -> str:
    """Return each quote of some states as a JSON line: its relation, its source and what it weighs."""
    lines = []
    for state in states:
        for each in weigh_evidence(list_evidence(state), as_of=state.as_of):
            held = each.evidence
            lines.append(
                json.dumps(
                    {
                        "pair": "-".join(state.pair),
                        "settled": state.state.value,
                        "as_of": state.as_of.isoformat(),
                        "known_on": scope.known_on.isoformat(),
                        "borders": scope.borders,
                        "weight": round(each.weight, 6),
                        "weighed_by": each.rule,
                        "date_published": held.date_published.isoformat(),
                        "date_basis": held.date_basis.value,
                        "publisher": held.publisher,
                        "title": held.title,
                        "url": check_link(held.url),
                        "relation": write_record(held.relation),
                    },
                    ensure_ascii=False,
                )
            )
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


def write_markdown(states: Iterable[RelationState], scope: Scope, speech: Speech) -> str:
    """Return a report of every quote, for and against and set aside, as Markdown (CommonMark)."""

    def plain(value: object) -> str:
        return str(escape_value(value, Form.MARKDOWN))

    address = check_link(scope.query)
    shown = f"<{address}>" if address else plain(scope.query)
    lines = [f"# {plain(scope.title)}", "", plain(scope.note), "", f"{say('Map')}: {shown}", ""]
    for state in states:
        one, other = (speech.name(each) for each in state.pair)
        label = speech.palette.states[state.state].label
        contested = f", {say('contested')}" if state.contested else ""
        told = [
            *(
                [say("As of {day}", day=write_date(state.as_of))]
                if state.as_of != scope.as_of
                else []
            ),
            say("since {day}", day=write_date(state.since)),
            explain_reason(state).removesuffix("."),
            say("Rule: {rule}", rule=say(state.rule)),
        ]
        lines += [
            f"## {plain(f'{one} – {other}: {label}{contested}')}",
            "",
            plain(" · ".join(told)),
            "",
        ]
        for each in weigh_evidence(list_evidence(state), as_of=state.as_of):
            held, relation = each.evidence, each.evidence.relation
            link = check_link(held.url)
            publisher = held.publisher or say("Publisher not known")
            source = f"{publisher}, {write_date(held.date_published)}"
            direction = "→" if relation.directed else "↔"
            facts = [
                f"{speech.name(relation.actor)} {direction} {speech.name(relation.recipient)}: "
                + speech.palette.states[relation.state].label,
                name_modality(relation.modality),
                relation.condition and say("condition: {words}", words=relation.condition),
                relation.attributed_to and say("according to {who}", who=relation.attributed_to),
                say("read from “{cue}”", cue=relation.cue),
                f"{say('Weight')} {each.weight:.2f} ({say(each.rule)})",
            ]
            address = f" <{link_to_words(link, relation.quote.exact)}>" if link else ""
            lines += [
                f"> {plain(relation.quote.exact)}",
                ">",
                f"> {plain(source)}{address}",
                "",
                f"- {plain(' · '.join(fact for fact in facts if fact))}",
                "",
            ]
    return "\n".join(lines)


def write_page(view: View, panel: Html, scope: Scope, speech: Speech) -> str:
    """Return the map with its panel as one page of HTML that opens without a network."""
    from geo.drawing import draw_push, write_options

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
