"""Try your own text: paste or upload an article and see what Entente reads in it."""

from datetime import date

import streamlit as st

from geo.errors import ArticleError
from geo.languages import say
from geo.map.lenses import count_mentions, find_focus, mark_view, view_focus
from geo.map.palette import load_palette
from geo.reading.files import AHEAD
from geo.records import Quote
from geo.states.accords import settle_accords
from geo.states.settling import settle_states
from geo.web import panel, ui


def link_inside(_: str, quote: Quote) -> str:
    """Return the address of a quote in the text below on the same page."""
    return f"#{panel.name_anchor(quote.start_char, quote.end_char)}"


ui.open_page("pages/add.py")
today = date.today()  # noqa: DTZ011 - the reader's own day, told on the page
ui.show(
    panel.fill(
        '<header class="e-lede"><h1>{title}</h1><p>{text}</p></header>',
        title=say("Try your own text"),
        text=say(
            "Paste or upload an article in English. It is read in memory for this visit only: "
            "nothing is stored, and nobody else sees it."
        ),
    )
)

with st.form("own", border=False):
    pasted = st.text_area(say("Text of the article"), height=170, key="own_text")
    upload = st.file_uploader(say("Or a file (txt, md or html)"), type=["txt", "md", "html", "htm"])
    with st.container(horizontal=True):
        title = st.text_input(say("Title (optional)"), key="own_title", max_chars=300)
        publisher = st.text_input(say("Publisher (optional)"), key="own_publisher", max_chars=120)
        day = st.date_input(
            say("Published (optional)"),
            value=None,
            min_value=ui.FIRST_DAY,
            max_value=today + AHEAD,
            format="YYYY-MM-DD",
            key="own_day",
        )
    sent = st.form_submit_button(say("Read it"))

if sent:
    st.session_state.pop("own_extraction", None)
    try:
        article = ui.make_article(
            pasted,
            (upload.name, upload.getvalue()) if upload else None,
            title=title,
            publisher=publisher,
            day=day,
            today=today,
        )
        with st.spinner(
            say("Reading. The first text takes a few seconds more, to load the language model.")
        ):
            extraction = ui.extract_text(article)
        if extraction.skipped:
            ui.show(
                panel.write_notice(
                    say("This text cannot be read: {reason}", reason=extraction.skipped)
                )
            )
        else:
            st.session_state["own_extraction"] = extraction
            st.session_state.pop("own_country", None)
            st.session_state.pop("own_focus", None)
    except ArticleError as error:
        ui.show(panel.write_notice(str(error)))

extraction = st.session_state.get("own_extraction")
if extraction is None:
    st.stop()

known = ui.make_known([extraction])
speech = ui.make_speech(known, link_quote=link_inside)
as_of = extraction.article.date_published or today
states = settle_states(known.evidence, as_of=as_of)
places = settle_accords(known.accord_evidence, as_of=as_of)
mentions = count_mentions(known.extractions, as_of=as_of)
if not mentions:
    ui.show(
        panel.write_notice(
            say("No country is named in this text, so there is nothing to put on a map."),
            kind="hint",
        )
    )
    ui.show(panel.write_left_out(extraction, speech))
    st.stop()
pairs = sorted({code for state in states for code in state.pair}, key=speech.name)
if st.session_state.get("own_focus") not in pairs:
    st.session_state["own_focus"] = find_focus(known.evidence)
focus = st.session_state["own_focus"]
settled = {state.pair: state.state for state in states}
view = mark_view(
    view_focus(settled, mentions, load_palette(), focus),
    states,
    [state.pair for state in states if state.contested],
)

subject, said = panel.write_summary(view, states, speech, mentions=mentions)
ui.show(
    panel.write_lede(
        subject
        if focus
        else say("{countries} named", countries=panel.count(len(mentions), "country", "countries")),
        said,
        as_of=as_of,
        newest=None,
        articles=1,
    )
)
if article_note := extraction.article.date_note:
    ui.show(panel.fill('<p class="e-note">{text}</p>', text=article_note))

left, right = st.columns([1.8, 1], gap="medium")
with left:
    ui.show_map(
        view,
        st.session_state.get("own_country"),
        key="own_map",
        near=pairs,
        on_click=lambda code: st.session_state.update(own_country=code),
    )
    ui.show_key(view, speech)
with right:
    if pairs:
        st.selectbox(say("Focus"), pairs, format_func=speech.name, key="own_focus")
    named = sorted(mentions, key=speech.name)
    chosen = st.session_state.get("own_country")
    st.selectbox(
        say("Country"),
        named if chosen is None or chosen in named else [*named, chosen],
        format_func=speech.name,
        index=None,
        placeholder=say("Choose a country, or click the map"),
        label_visibility="collapsed",
        key="own_country",
    )
    if country := st.session_state.get("own_country"):
        found = ui.list_mentions(known, country, as_of)
        ui.show(panel.write_country(country, states, places, found, view, speech))
    else:
        ui.show(panel.write_overview(states, places, mentions, view, speech))

left, right = st.columns([1.25, 1], gap="large")
with left:
    ui.show(panel.fill("<h2 class='e-title'>{title}</h2>", title=say("The text as it was read")))
    ui.show(panel.write_key())
    ui.show(panel.write_article(extraction, speech))
with right:
    ui.show(panel.fill("<h2 class='e-title'>{title}</h2>", title=say("Relations found")))
    ui.show(panel.write_relations(extraction, speech))
    ui.show(panel.fill("<h2 class='e-title'>{title}</h2>", title=say("What was left out")))
    ui.show(panel.write_left_out(extraction, speech))
