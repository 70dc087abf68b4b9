"""The map: choose a lens, click a country, read the sentences that color it."""

from datetime import date

import streamlit as st

from geo.languages import say as _
from geo.map.atlas import load_views
from geo.map.lenses import Lens, list_accords, list_arcs
from geo.web import address, controls, frame
from geo.web.changed import list_gone
from geo.web.country import describe_country
from geo.web.downloads import show_exports
from geo.web.known import list_mentions
from geo.web.map_words import describe_lede, describe_overview, list_values
from geo.web.rendering import render
from geo.web.shown import Shown, load_shown
from geo.web.words import count, write_date

SORTS = {"worst": "Worst first", "told": "Most reported first", "name": "By name"}
LENSES = {
    Lens.FOCUS: "Toward a country",
    Lens.ACCORD: "In an accord",
}

menu = frame.open_page("app.py")


@st.fragment
def show_page() -> None:
    """Show all below the menu, which a choice draws anew without the rest."""
    frame.speak()
    today = date.today()  # noqa: DTZ011 - the reader's own day
    shown = load_shown(st.query_params.to_dict(), today)
    address.keep_choice()
    address.keep_clock(as_of=shown.choice.as_of, known_on=shown.choice.known_on)
    # What stands above the map is filled after it: the map takes longest to be shown, so it is sent first.
    head = st.container(key="lede" if frame.is_embedded() else "head")
    with head:
        show_lede(shown)
    show_reading(shown)
    with head:
        frame.show_problems(shown.problems)
        show_hints(shown)
        if not frame.is_embedded():
            show_controls(shown)
            controls.show_slider(shown.choice.as_of, shown.known, shown.ledger.first, today)
    borders = load_views()[shown.choice.borders]
    if frame.is_embedded():
        frame.show("return.html", query=address.write_query(shown.choice), borders=borders)
        return
    # Outside of what a click draws anew, since it is long and stays as it is.
    controls.show_borders(shown.choice.borders)
    show_downloads(shown)
    frame.show("colophon.html", borders=borders)


def show_lede(shown: Shown) -> None:
    """Show the sentence above the map."""
    lede = describe_lede(
        *shown.summary,
        as_of=shown.choice.as_of,
        known_on=shown.choice.known_on,
        newest=shown.newest,
        articles=shown.read,
    )
    frame.show("head.html", head=lede)


@st.fragment
def show_reading(shown: Shown) -> None:
    """Show the map and the panel, which a click on a country draws anew without the rest of the page."""
    frame.speak()
    country, _wrong = address.read_country(st.query_params.get("country"))
    own, left_out = shown.load_states(shown.choice.focus, country)
    is_arced = shown.choice.lens is Lens.FOCUS and country != shown.choice.focus
    left, right = st.columns([1.8, 1], gap="medium")
    with left, st.container(key="map-side"):
        controls.show_map(
            shown.view,
            country,
            on_click=lambda code: address.write_choice("country", code),
            arcs=list_arcs(own, country) if is_arced else {},
            borders=shown.choice.borders,
        )
        controls.show_key(shown.view, shown.context)
    with right:
        placeholder = _("Choose a country, or click the map")
        controls.choose_country(shown.known, country, placeholder, shown.context)
        if country:
            named = list_mentions(shown.known, country, shown.choice.as_of)
            told = describe_country(country, own, shown.places, named, shown.view, shown.context)
            frame.show("country.html", country=told)
        elif shown.known.extractions:
            overview = describe_overview(
                shown.states, shown.places, shown.view, shown.context, shown.choice.sort
            )
            frame.show("overview.html", overview=overview)
        if left_out := max(shown.left_out, left_out):
            more = _(
                "{pairs} more are on the map; choose a country to read its quotes.",
                pairs=count(left_out, "pair"),
            )
            frame.show("note.html", text=more)
        gone = list_gone(shown.list_gone(), shown.context, shown.choice.focus)
        frame.show("gone.html", gone=gone, newest=shown.newest)
    address.keep_choice()


def show_hints(shown: Shown) -> None:
    """Show why the map has less color than one may expect."""
    if not shown.known.extractions:
        frame.show_notice(
            _(
                "No report has been read yet, so no country has a color. You can try a text of "
                "your own."
            ),
            kind="hint",
        )
    elif not shown.read and shown.ledger.first:
        frame.show_notice(
            _(
                "No article had been published by this day, so no country has a color. The first "
                "quote is of {day}; “Newest” leads to the newest article.",
                day=write_date(shown.ledger.first),
            ),
            kind="hint",
        )


def show_controls(shown: Shown) -> None:
    """Show what chooses the lens, its subject, the two days and the quotes."""
    choice = shown.choice
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        controls.show_options(LENSES, "lens", choice.lens)
        if choice.lens is Lens.FOCUS:
            controls.choose_focus(shown.ledger, choice.focus, shown.context)
        elif choice.lens is Lens.ACCORD:
            st.selectbox(
                _("Accord"),
                list_accords(shown.places),
                width=260,
                key="accord",
                on_change=address.bind_widget("accord", choice.accord),
            )
        controls.show_clock(choice.as_of, choice.known_on)
        if choice.lens is Lens.FOCUS:
            st.selectbox(
                _("Sort the list"),
                list(SORTS),
                format_func=lambda sort: _(SORTS[sort]),
                width=180,
                key="sort",
                on_change=address.bind_widget("sort", choice.sort),
            )
            controls.show_weak(is_shown=choice.weak)


def show_downloads(shown: Shown) -> None:
    """Show the map as a table, and what can be taken away."""
    show_exports(
        shown.view,
        shown.list_told,
        lambda context: render(
            "overview.html",
            overview=describe_overview(
                shown.list_states(), shown.places, shown.view, context, shown.choice.sort
            ),
        ),
        lambda: list_values(shown.view, shown.states, shown.places, shown.context, shown.mentions),
        shown.scope,
        shown.context,
    )


show_page()
if menu:
    with menu:
        frame.show_languages()
