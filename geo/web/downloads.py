"""Downloads: the map as a table, and the files that a reader can take away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urljoin

import streamlit as st
from markupsafe import Markup

from geo.languages import choose_language, find_language
from geo.languages import say as _
from geo.map.lenses import View
from geo.web.address import hold_widget, write_choice
from geo.web.context import Context, Scope, Told
from geo.web.exports import (
    write_csv,
    write_frame,
    write_geojson,
    write_lines,
    write_page,
    write_sheet,
)
from geo.web.frame import find_address
from geo.web.report import write_markdown
from geo.web.words import Row

# A file to take away: what its button says, the end of its name, its type, and what writes it.
File = tuple[str, str, str, Callable[[], str | bytes]]


def show_exports(
    view: View | None,
    told: Callable[[], Iterable[Told]],
    panel: Callable[[Context], Markup],
    rows: Callable[[], list[Row]],
    scope: Scope,
    context: Context,
) -> None:
    """Show a map as a table with the same filters, and what can be taken away, where asked for.

    Without a ``view`` what is shown is a table already, which is not shown again.
    What is taken away leads back to the app by whole addresses.
    """
    shown = st.query_params.get("table") == "1"
    hold_widget("table", shown)
    st.toggle(
        _("Downloads" if view is None else "Table and downloads"),
        key="table",
        on_change=lambda: write_choice("table", "1" if st.session_state["table"] else None),
    )
    if not shown:
        return
    listed = rows()
    if view is not None:
        table = [{_(name): value for name, value in row.items()} for row in listed]
        st.dataframe(
            table, hide_index=True, width="stretch", placeholder="", alt=_("The map as a table")
        )
    name = f"entente-{scope.as_of}"
    scope = replace(scope, query=urljoin(find_address(), scope.query))
    away = _lead_back(context)
    with st.container(horizontal=True, key="exports"):
        for label, suffix, kind, write in _list_files(view, told, panel, listed, scope, away):
            st.download_button(
                _(label),
                _speak_later(write),
                file_name=f"{name}.{suffix}",
                mime=kind,
                on_click="ignore",
                key=suffix,
            )


def _list_files(
    view: View | None,
    told: Callable[[], Iterable[Told]],
    panel: Callable[[Context], Markup],
    rows: list[Row],
    scope: Scope,
    away: Context,
) -> Iterator[File]:
    """Yield the files of a view, or of a table that is no map."""
    days = {
        **({"From": scope.since.isoformat()} if scope.since else {}),
        "As of": scope.as_of.isoformat(),
        "Known on": scope.known_on.isoformat(),
        "Borders": scope.borders,
    }
    yield "CSV", "csv", "text/csv", lambda: write_csv([row | days for row in rows])
    if view is not None:
        kind = "application/geo+json"
        yield "GeoJSON", "geojson", kind, lambda: write_geojson(rows, view, scope)
        kind = "application/geopackage+sqlite3"
        yield "GeoPackage", "gpkg", kind, lambda: write_frame(rows, view, scope, "gpkg")
        kind = "application/vnd.apache.parquet"
        yield "GeoParquet", "parquet", kind, lambda: write_frame(rows, view, scope, "parquet")
    yield "Quotes, JSON lines", "jsonl", "application/jsonl", lambda: write_lines(told(), scope)
    yield (
        "Report, Markdown",
        "md",
        "text/markdown",
        lambda: write_markdown(told(), scope, away),
    )
    if view is None:
        yield "Table, HTML", "html", "text/html", lambda: write_sheet(panel(away), scope)
    else:
        yield (
            "Map and quotes, HTML",
            "html",
            "text/html",
            lambda: write_page(view, panel(away), scope, away),
        )


def _speak_later(write: Callable[[], str | bytes]) -> Callable[[], str | bytes]:
    """Return what writes a file in the language of this run, outside of it, when a reader asks for it."""
    language = find_language()

    def write_spoken() -> str | bytes:
        choose_language(language)
        return write()

    return write_spoken


def _lead_back(context: Context) -> Context:
    """Return a context whose links lead to this app from wherever they are read."""
    root = urljoin(find_address(), ".")
    link_pair = context.link_pair
    return replace(
        context,
        root=root,
        link_quote=lambda article, quote: root + context.link_quote(article, quote),
        link_pair=(lambda state: root + link_pair(state)) if link_pair else None,
    )
