"""Exports: a map and its evidence as files that others read without Entente.

The page of :func:`write_page` holds all that it needs and opens without a network.
"""

import base64
import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from geo.languages import find_language
from geo.map.atlas import export_frame, export_geojson, geometry_name, load_places, load_views
from geo.map.lenses import Lens, View
from geo.paths import STATIC
from geo.records import AccordEvidence, AccordState, CountryCode, Evidence, RelationState
from geo.states.settling import weigh_evidence
from geo.store.layout import write_record
from geo.web.context import Context, Scope, Told
from geo.web.legend import list_legend
from geo.web.links import check_link
from geo.web.quotes import list_evidence
from geo.web.rendering import render
from geo.web.words import Head

# A cell that begins so, after spaces or in full width, is run as a formula by spreadsheets (CWE-1236).
_FORMULA = re.compile(r"(?<!\s)\s*+[=+\-@|＝＋－＠]|[\t\r\n]")


def escape_cell(value: Any) -> Any:
    """Return a value of a table as no spreadsheet takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> str:
    """Return rows as CSV (RFC 4180) in which no cell can be taken for a formula."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns or (list(rows[0]) if rows else []))
    writer.writeheader()
    for row in rows:
        writer.writerow({key: escape_cell(value) for key, value in row.items()})
    return lines.getvalue()


def write_lines(told: Iterable[Told], scope: Scope) -> str:
    """Return each quote as a JSON line: what it says, its source, and what it weighs for a state."""
    lines = []
    for state in told:
        about = {
            "as_of": state.as_of.isoformat(),
            "known_on": scope.known_on.isoformat(),
            "borders": scope.borders,
        }
        quotes = _list_places(state) if isinstance(state, AccordState) else _list_relations(state)
        lines += [json.dumps(about | quote, ensure_ascii=False) for quote in quotes]
    return "".join(f"{line}\n" for line in lines)


def write_geojson(rows: Iterable[Mapping[str, Any]], view: View, scope: Scope) -> str:
    """Return all countries with their outlines, each with its value and what its row holds."""
    return export_geojson(_join_rows(rows, view), view=scope.borders, days=_list_days(scope))


def write_frame(
    rows: Iterable[Mapping[str, Any]], view: View, scope: Scope, kind: Literal["gpkg", "parquet"]
) -> bytes:
    """Return the same as a GeoPackage or as GeoParquet, which a GIS opens as they are."""
    return export_frame(_join_rows(rows, view), kind, view=scope.borders, days=_list_days(scope))


def _list_days(scope: Scope) -> dict[str, str]:
    return {"as_of": scope.as_of.isoformat(), "known_on": scope.known_on.isoformat()}


def _join_rows(
    rows: Iterable[Mapping[str, Any]], view: View
) -> dict[CountryCode, dict[str, object]]:
    """Return for each country that is drawn the code of its value, as on the map, and what its row holds."""
    told = {
        CountryCode(row["Code"]): {
            key.lower().replace(" ", "_"): value for key, value in row.items()
        }
        for row in rows
        if "Code" in row
    }
    drawn = {*load_places(), *view.values}
    return {code: {"state": view.find_value(code)} | told.get(code, {}) for code in drawn}


def write_page(view: View, panel: Markup, scope: Scope, context: Context) -> str:
    """Return the map with its panel as one page of HTML that opens without a network.

    Its Content-Security-Policy lets the browser run the app's own scripts, by their digests, and no other.
    """
    from geo.map.drawing import draw_push, write_options

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
    scripts = (
        _read_own(STATIC / "leaflet.js"),
        render("export_frame.js"),
        _read_own(STATIC / "map.js"),
        render(
            "export_start.js",
            geometry=base64.b64encode(geometry).decode(),
            options=_trust(write_options("data:,", _read_names())),
            push=_trust(push.content),
        ),
    )
    return render(
        "export.html",
        head=Head(title=scope.title, text=scope.note),
        styles=[_read_own(STATIC / name) for name in ("leaflet.css", "map.css", "page.css")],
        legend=list_legend(view, context),
        panel=panel,
        query=scope.query,
        borders=load_views()[scope.borders],
        basis=scope.basis,
        scripts=scripts,
        digests=[_trust(f"'sha256-{_digest(script)}'") for script in scripts],
    )


def write_sheet(panel: Markup, scope: Scope) -> str:
    """Return a table with its words as one page of HTML that opens without a network."""
    return render(
        "sheet.html",
        head=Head(title=scope.title, text=scope.note),
        styles=[_read_own(STATIC / "page.css")],
        panel=panel,
        query=scope.query,
        borders=load_views()[scope.borders],
        basis=scope.basis,
        digests=(),
    )


def _read_own(path: Path) -> Markup:
    """Return a script or a style of the app's own, which stands in the page as it is."""
    return _trust(path.read_text(encoding="utf-8"))


def _trust(text: str) -> Markup:
    """Return what the app has written itself as a part of the page."""
    return Markup(text)  # noqa: S704 - a file of the app's own, or JSON that is safe in a script


def _digest(script: str) -> str:
    """Return the SHA-256 of a script in base64, by which a policy allows it (CSP 3, section 2.3.1)."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _read_names() -> Mapping[str, str]:
    """Return what the map calls countries and disputed areas in the reader's language."""
    path = STATIC / "names" / f"{find_language()}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _list_relations(state: RelationState) -> Iterator[dict[str, Any]]:
    for weighed in weigh_evidence(list_evidence(state), as_of=state.as_of):
        evidence = weighed.evidence
        yield {
            "pair": "-".join(state.pair),
            "settled": state.state.value,
            "weight": round(weighed.weight, 6),
            "weighed_by": weighed.rule,
            **_write_source(evidence),
            "relation": write_record(evidence.relation),
        }


def _list_places(state: AccordState) -> Iterator[dict[str, Any]]:
    for evidence in (*state.supporting, *state.others):
        yield {
            "accord": state.accord,
            "country": state.country,
            "settled": state.place.value,
            **_write_source(evidence),
            "place": write_record(evidence.place),
        }


def _write_source(evidence: Evidence | AccordEvidence) -> dict[str, Any]:
    """Return where and when something was said."""
    return {
        "date_published": evidence.date_published.isoformat(),
        "date_basis": evidence.date_basis.value,
        "publisher": evidence.publisher,
        "title": evidence.title,
        "url": check_link(evidence.url),
        "license": evidence.license,
        "credit": evidence.credit,
    }
