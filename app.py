"""The map: choose a country, click another, read the sentences that color it."""

from datetime import date

import streamlit as st

from geo.languages import say as _
from geo.map.atlas import load_views
from geo.map.lenses import Lens, list_accords, list_lines
from geo.web import address, controls, frame
from geo.web.changed import list_gone
from geo.web.country import describe_country
from geo.web.downloads import show_exports
from geo.web.known import list_mentions
from geo.web.map_words import describe_lede, describe_overview, list_told, list_values
from geo.web.news import show_news
from geo.web.rendering import render
from geo.web.share import show_share
from geo.web.shown import Shown, load_shown
from geo.web.timeline import describe_years
from geo.web.words import count, write_date

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
    frame.name_page(f"{shown.summary[0]}, {write_date(shown.choice.as_of)}")
    with head:
        show_lede(shown)
    show_reading(shown)
    frame.show("told.html", told=list_told(shown.states, shown.view, shown.context))
    borders = load_views()[shown.choice.borders]
    with head:
        frame.show_problems(shown.problems)
        show_hints(shown)
        if not frame.is_embedded():
            show_controls(shown)
    if frame.is_embedded():
        frame.show("return.html", query=address.write_query(shown.choice), borders=borders)
        return
    # Outside of what a click draws anew, since it is long and stays as it is.
    show_downloads(shown)
    frame.show("colophon.html", borders=borders, basis=shown.scope.basis)


def show_lede(shown: Shown) -> None:
    """Show the sentence above the map."""
    lede = describe_lede(
        *shown.summary,
        shown.scope.basis,
        as_of=shown.choice.as_of,
        known_on=shown.choice.known_on,
        newest=shown.newest,
    )
    frame.show("head.html", head=lede)


@st.fragment
def show_reading(shown: Shown) -> None:
    """Show the map and the panel, which a click on a country draws anew without the rest of the page."""
    frame.speak()
    country, _wrong = address.read_country(st.query_params.get("country"))
    own, left_out = shown.load_states(shown.choice.focus, country)
    lines = shown.view.lines
    if country and shown.choice.lens is not Lens.ACCORD and country != shown.choice.focus:
        lines = list_lines(own, country)
    left, right = st.columns([1.8, 1], gap="medium")
    with left, st.container(key="map-side"):
        controls.show_map(
            shown.view,
            country,
            on_click=lambda code: address.write_choice("country", code),
            lines=lines,
            borders=shown.choice.borders,
        )
        controls.show_key(shown.view, shown.context)
        show_news()
    with right:
        controls.search_country(shown.known, shown.ledger, country, shown.context)
        if country:
            named = list_mentions(shown.known, country, shown.choice.as_of)
            told = describe_country(
                country,
                own,
                shown.places,
                named,
                shown.view,
                shown.context,
                opened=st.query_params.get("open"),
                years=describe_years(
                    country,
                    shown.ledger.list_stretches(country),
                    shown.ledger.list_pairs(country),
                    shown.choice.as_of,
                    shown.context,
                ),
            )
            frame.show("country.html", country=told)
        elif not shown.known.is_empty:
            overview = describe_overview(
                shown.states,
                shown.places,
                shown.view,
                shown.context,
                shown.choice.sort,
                opened=st.query_params.get("open"),
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
    if shown.known.is_empty:
        frame.show_notice(
            _(
                "No report has been read yet, so no country has a color. You can try a text of "
                "your own."
            ),
            kind="hint",
        )
    elif not shown.basis.reports and shown.ledger.first:
        frame.show_notice(
            _(
                "No report goes back this far, so no country has a color. The first quote is from {day}.",
                day=write_date(shown.ledger.first),
            ),
            kind="hint",
        )


def show_controls(shown: Shown) -> None:
    """Show what chooses the view and the day, everything else behind one button, and where to begin."""
    choice = shown.choice
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        controls.choose_view(shown.ledger, choice, list_accords(shown.places), shown.context)
        controls.choose_mine(choice.mine)
        controls.show_slider(choice.as_of, shown.known, shown.ledger, shown.today)
        with st.popover(_("More"), key="more"):
            controls.show_more(choice, shown.ledger.first, shown.today)
            frame.show_languages(whole=False)
            controls.show_borders(choice.borders)
        show_share(shown.summary[0], choice.as_of, shown.scope.query)
    examples = (
        (_("Who is at war?"), {"lens": "world"}),
        (_("How does the world stand toward Russia?"), {"focus": "RUS"}),
        (_("Armenia and Azerbaijan, 2020 to today"), {"pair": "ARM-AZE"}),
    )
    frame.show(
        "examples.html",
        examples=[
            (question, ("pair" if "pair" in fields else ".") + address.join_query(fields))
            for question, fields in examples
        ],
    )


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
