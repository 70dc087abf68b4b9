"""The map: choose a lens, click a country, read the sentences that color it."""

import math
from datetime import date

import streamlit as st

from geo.languages import say
from geo.map.atlas import load_views
from geo.map.lenses import (
    Lens,
    Sift,
    count_mentions,
    list_accords,
    list_arcs,
    mark_view,
    view_accord,
    view_focus,
    view_mentions,
    view_tension,
)
from geo.map.palette import load_palette
from geo.records import RelationState, Turn
from geo.states.ledger import compare_states
from geo.web import panel, ui
from geo.web.exports import Scope

SIFTS = {Sift.ALL: "All", Sift.ASSERTED: "Asserted", Sift.SURE: "Asserted, surely read"}
LENSES = {
    Lens.FOCUS: "Toward a country",
    Lens.ACCORD: "In an accord",
    Lens.TENSION: "Tension",
    Lens.MENTIONS: "Mentions",
}

menu = ui.open_page("app.py")


@st.fragment
def show_page() -> None:
    """Show all below the menu, which a choice draws anew without the rest."""
    ui.speak()
    known = ui.load_known()
    palette = load_palette()
    today = date.today()  # noqa: DTZ011 - the reader's own day
    newest = known.find_newest(today)
    # The accords that a URL may name depend on its dates, so these are read first.
    asked = st.query_params.to_dict()
    as_of, known_on, _ = ui.read_clock(asked, known)
    places = ui.load_accords(known, as_of, known_on)
    choice, problems = ui.read_choice(asked, known, list_accords(places))
    speech = ui.make_speech(known, known_on=choice.known_on)
    # What is left out is chosen where states are shown, and counts nowhere else.
    is_sifted = choice.lens in (Lens.FOCUS, Lens.TENSION)
    ledger = ui.load_ledger(known, choice.sift if is_sifted else Sift.ALL)
    mentions = count_mentions(known.extractions, as_of=choice.as_of)
    ui.keep_choice()
    ui.keep_clock(as_of=choice.as_of, known_on=choice.known_on)

    settled = ledger.settle(
        as_of=choice.as_of,
        known_on=choice.known_on,
        country=None if choice.lens is Lens.TENSION else choice.focus,
    )
    states, left_out = ui.load_states(ledger, choice, (choice.focus,))
    match choice.lens:
        case Lens.ACCORD:
            view = view_accord(places, mentions, palette, choice.accord)
        case Lens.MENTIONS:
            view = view_mentions(mentions, palette)
        case Lens.TENSION:
            view = view_tension(settled.states, mentions, palette)
        case _:
            view = view_focus(settled.states, mentions, palette, choice.focus)
            view = mark_view(view, states, settled.contested)

    read = sum(
        1
        for each in known.extractions
        if each.article.date_published and each.article.date_published <= choice.known_on
    )
    summary = panel.write_summary(view, states, speech, mentions=mentions)
    # What stands above the map is filled after it: the map takes longest to be shown, so it is sent first.
    head = st.container(key="lede" if ui.is_embedded() else "head")
    with head:
        ui.show(
            panel.write_lede(
                *summary,
                as_of=choice.as_of,
                known_on=choice.known_on,
                newest=newest,
                articles=read,
            )
        )

    def show_controls() -> None:
        """Show what chooses the lens, its subject, the two days and the quotes."""
        with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
            ui.show_options(LENSES, "lens", choice.lens)
            if choice.lens is Lens.FOCUS:
                ui.choose_focus(ledger, choice.focus, speech)
            elif choice.lens is Lens.ACCORD:
                st.selectbox(
                    say("Accord"),
                    list_accords(places),
                    width=260,
                    key="accord",
                    on_change=ui.bind_widget("accord", choice.accord),
                )
            ui.show_clock(choice)
            if is_sifted:
                st.selectbox(
                    say("Quotes"),
                    list(SIFTS),
                    format_func=lambda sift: say(SIFTS[sift]),
                    width=180,
                    key="sift",
                    on_change=ui.bind_widget("sift", choice.sift),
                    help=say(
                        "Asserted leaves out what the text calls possible; surely read leaves out what was "
                        "read with a confidence below 0.7 as well."
                    ),
                )

    @st.fragment
    def show_reading() -> None:
        """Show the map and the panel, which a click on a country draws anew without the rest of the page."""
        ui.speak()
        country, _ = ui.read_country(st.query_params.get("country"))
        own, left_own = ui.load_states(ledger, choice, (choice.focus, country))
        left, right = st.columns([1.8, 1], gap="medium")
        with left, st.container(key="map-side"):
            ui.show_map(
                view,
                country,
                on_click=lambda code: ui.write_choice("country", code),
                arcs=list_arcs(own, country)
                if choice.lens is Lens.FOCUS and country != choice.focus
                else {},
                borders=choice.borders,
            )
            ui.show_key(view, speech)
        with right:
            ui.choose_country(known, country, say("Choose a country, or click the map"), speech)
            if country:
                named = ui.list_mentions(known, country, choice.as_of)
                ui.show(panel.write_country(country, own, places, named, view, speech))
            elif known.extractions:
                ui.show(panel.write_overview(states, places, mentions, view, speech))
            if left_out or left_own:
                ui.show(
                    panel.fill(
                        '<p class="e-note">{text}</p>',
                        text=say(
                            "{pairs} more are on the map; choose a country to read its quotes.",
                            pairs=panel.count(max(left_out, left_own), "pair"),
                        ),
                    )
                )
            if choice.lens is Lens.FOCUS and newest and choice.as_of > newest:
                before = ledger.settle(as_of=newest, country=choice.focus)
                gone = [each for each in compare_states(before, settled) if each.turn is Turn.GONE]
                ui.show(panel.write_gone(gone, newest, speech, choice.focus))
        ui.keep_choice()

    show_reading()
    with head:
        ui.show_problems(problems)
        if not known.extractions:
            ui.show(
                panel.write_notice(
                    say(
                        "No article has been read yet, so no country has a color. Add articles with "
                        "python -m geo ingest, or try a text of your own."
                    ),
                    kind="hint",
                )
            )
        elif not read and ledger.first:
            ui.show(
                panel.write_notice(
                    say(
                        "No article had been published by this day, so no country has a color. The first "
                        "quote is of {day}; “Newest” leads to the newest article.",
                        day=panel.write_date(ledger.first),
                    ),
                    kind="hint",
                )
            )
        if choice.sift is not Sift.ALL and is_sifted:
            ui.show(
                panel.write_notice(
                    say(
                        "Some quotes are left out by choice, so a country may be shown as named without "
                        "a relation although a quote tells of one. “All” brings them back."
                    ),
                    kind="hint",
                )
            )
        if not ui.is_embedded():
            show_controls()
            ui.show_slider(choice, known, ledger.first, today)
    if ui.is_embedded():
        ui.show(panel.write_return(ui.write_query(choice), load_views()[choice.borders]))
        return
    # Outside of what a click draws anew, since it is long and stays as it is.
    ui.show_borders(choice.borders, speech)

    def list_told() -> tuple[RelationState, ...]:
        """Return the pairs whose quotes the view rests on, all of them, however many there are."""
        of_focus = choice.lens in (Lens.FOCUS, Lens.ACCORD)
        countries = (choice.focus,) if of_focus else ledger.list_countries()
        return ui.load_states(ledger, choice, countries, most=math.inf)[0]

    ui.show_exports(
        view,
        lambda: (
            [each for each in places if each.accord == choice.accord]
            if choice.lens is Lens.ACCORD
            else list_told()
        ),
        lambda speech: panel.write_overview(list_told(), places, mentions, view, speech),
        lambda: panel.list_values(view, states, places, speech, mentions),
        Scope(
            title=panel.write_title(*summary),
            as_of=choice.as_of,
            known_on=choice.known_on,
            borders=choice.borders,
            query=ui.write_query(choice),
        ),
        speech,
    )
    ui.show(panel.write_colophon(load_views()[choice.borders]))


show_page()
if menu:
    with menu:
        ui.show_languages()
