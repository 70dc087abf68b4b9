"""The map: choose a lens, click a country, read the sentences that color it."""

import streamlit as st

from geo import panel, ui
from geo.lenses import (
    Lens,
    Sift,
    count_mentions,
    list_accords,
    view_accord,
    view_focus,
    view_mentions,
)
from geo.palette import load_palette

SIFTS = {Sift.ALL: "All", Sift.ASSERTED: "Asserted", Sift.SURE: "Asserted, surely read"}
LENSES = {Lens.FOCUS: "Toward a country", Lens.ACCORD: "In an accord", Lens.MENTIONS: "Mentions"}

ui.open_page("app.py")
known = ui.load_known()
speech = ui.make_speech(known)
palette = load_palette()

# The accords that a URL may name depend on its date, so the date is read first.
asked = st.query_params.to_dict()
day, _ = ui.read_day(asked.get("as_of"), known)
places = ui.load_accords(known, day)
choice, problems = ui.read_choice(asked, known, list_accords(places))
states = ui.load_states(known, choice.as_of, choice.sift)
mentions = count_mentions(known.extractions, as_of=choice.as_of)
ui.keep_choice()

match choice.lens:
    case Lens.FOCUS:
        view = view_focus(states, mentions, palette, choice.focus)
    case Lens.ACCORD:
        view = view_accord(places, mentions, palette, choice.accord)
    case Lens.MENTIONS:
        view = view_mentions(mentions, palette)

read = sum(
    1
    for each in known.extractions
    if each.article.date_published and each.article.date_published <= choice.as_of
)
ui.show(
    panel.write_lede(
        *panel.write_summary(view, states, speech, mentions=mentions),
        as_of=choice.as_of,
        newest=known.newest,
        articles=read,
    )
)
ui.show_problems(problems)
if not known.extractions:
    ui.show(
        panel.write_notice(
            "No article has been read yet, so no country has a color. Add articles with "
            "python -m geo ingest, or try a text of your own.",
            kind="hint",
        )
    )

if choice.sift is not Sift.ALL and choice.lens is Lens.FOCUS:
    ui.show(
        panel.write_notice(
            "Some quotes are left out by choice, so a country may be shown as named without "
            "a relation although a quote tells of one. “All” brings them back.",
            kind="hint",
        )
    )

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    st.segmented_control(
        "Show",
        list(LENSES),
        format_func=LENSES.__getitem__,
        required=True,
        key="lens",
        on_change=ui.bind_widget("lens", choice.lens),
    )
    if choice.lens is Lens.FOCUS:
        known_pairs = {code for state in states for code in state.pair} | {choice.focus}
        st.selectbox(
            "Focus",
            sorted((code for code in known_pairs if code), key=speech.name),
            format_func=speech.name,
            width=220,
            key="focus",
            on_change=ui.bind_widget("focus", choice.focus),
        )
    elif choice.lens is Lens.ACCORD:
        st.selectbox(
            "Accord",
            list_accords(places),
            width=260,
            key="accord",
            on_change=ui.bind_widget("accord", choice.accord),
        )
    st.date_input(
        "As of",
        min_value=ui.FIRST_DAY,
        max_value=ui.LAST_DAY,
        format="YYYY-MM-DD",
        width=150,
        key="as_of",
        on_change=ui.bind_widget("as_of", choice.as_of),
    )
    if choice.lens is Lens.FOCUS:
        st.selectbox(
            "Quotes",
            list(SIFTS),
            format_func=SIFTS.__getitem__,
            width=190,
            key="sift",
            on_change=ui.bind_widget("sift", choice.sift),
            help="Asserted leaves out what the text calls possible; surely read leaves out what was "
            "read with a confidence below 0.7 as well.",
        )

left, right = st.columns([1.8, 1], gap="medium")
with left, st.container(key="map-side"):
    ui.show_map(view, choice.country, on_click=lambda code: ui.write_choice("country", code))
    ui.show_key(view, speech)
with right:
    st.selectbox(
        "Country",
        ui.list_countries(known),
        format_func=speech.name,
        index=None,
        placeholder="Choose a country, or click the map",
        label_visibility="collapsed",
        key="country",
        on_change=ui.bind_widget("country", choice.country),
    )
    if choice.country:
        named = ui.list_mentions(known, choice.country, choice.as_of)
        ui.show(panel.write_country(choice.country, states, places, named, view, speech))
    elif known.extractions:
        ui.show(panel.write_overview(states, places, mentions, view, speech))

ui.show(panel.write_table(panel.list_values(view, states, speech, mentions)))
ui.show(panel.write_colophon())
