"""Try your own text: paste or upload an article and see what Entente reads in it."""

from datetime import date

import streamlit as st

from geo.edition import gather_accord_evidence, gather_evidence
from geo.errors import ArticleError
from geo.languages import say as _
from geo.map.lenses import count_mentions, find_focus, mark_view, view_focus
from geo.map.palette import load_palette
from geo.reading.files import AHEAD
from geo.records import Extraction, Quote
from geo.states.accords import settle_accords
from geo.states.settling import settle_states
from geo.web import address, controls, frame
from geo.web.article import describe_article, list_left_out, list_said
from geo.web.context import Context
from geo.web.country import describe_country
from geo.web.known import find_namings, make_context
from geo.web.links import name_anchor
from geo.web.map_words import describe_lede, describe_overview, name_mentioned, write_summary
from geo.web.own_text import LONGEST_TEXT, extract_text, make_article
from geo.web.words import Head, count


def link_inside(_article: str, quote: Quote) -> str:
    """Return the address of a quote in the text below on the same page."""
    return f"#{name_anchor(quote.start_char, quote.end_char)}"


def show_form(today: date) -> None:
    """Show where a text is given; what is read in it stays for this visit."""
    with st.form("own", border=False):
        pasted = st.text_area(
            _("Text of the article"), height=170, key="own_text", max_chars=LONGEST_TEXT
        )
        upload = st.file_uploader(
            _("Or a file (txt, md or html)"), type=["txt", "md", "html", "htm"]
        )
        with st.container(horizontal=True):
            title = st.text_input(_("Title (optional)"), key="own_title", max_chars=300)
            publisher = st.text_input(_("Publisher (optional)"), key="own_publisher", max_chars=120)
            day = st.date_input(
                _("Published (optional)"),
                value=None,
                min_value=address.FIRST_DAY,
                max_value=today + AHEAD,
                format="YYYY-MM-DD",
                key="own_day",
            )
        sent = st.form_submit_button(_("Read it"))
    if not sent:
        return
    st.session_state.pop("own_extraction", None)
    try:
        article = make_article(
            pasted,
            (upload.name, upload.getvalue()) if upload else None,
            title=title,
            publisher=publisher,
            day=day,
            today=today,
        )
        with st.spinner(
            _("Reading. The first text takes a few seconds more, to load the language model.")
        ):
            extraction = extract_text(article)
    except ArticleError as error:
        frame.show_notice(str(error))
        return
    if extraction.skipped:
        frame.show_notice(_("This text cannot be read: {reason}", reason=extraction.skipped))
        return
    st.session_state["own_extraction"] = extraction
    st.session_state.pop("own_country", None)
    st.session_state.pop("own_focus", None)


def show_left_out(extraction: Extraction, context: Context) -> None:
    """Show what was read and not counted, where there is any."""
    if lines := list_left_out(extraction, context):
        frame.show("title.html", title=_("What was left out"))
        frame.show("left_out.html", lines=lines)


frame.open_page("pages/add.py")
today = date.today()  # noqa: DTZ011 - the reader's own day, told on the page
frame.show(
    "head.html",
    head=Head(
        title=_("Try your own text"),
        text=_(
            "Paste or upload an article in English. It is read in memory for this visit only: "
            "nothing is stored, and nobody else sees it."
        ),
    ),
)
show_form(today)
extraction = st.session_state.get("own_extraction")
if extraction is None:
    st.stop()

evidence = gather_evidence([extraction])
context = make_context(link_quote=link_inside)
as_of = extraction.article.date_published or today
states = settle_states(evidence, as_of=as_of)
places = settle_accords(gather_accord_evidence([extraction]), as_of=as_of)
mentions = count_mentions([extraction], as_of=as_of)
if not mentions:
    frame.show_notice(
        _("No country is named in this text, so there is nothing to put on a map."), kind="hint"
    )
    show_left_out(extraction, context)
    st.stop()
pairs = sorted({code for state in states for code in state.pair}, key=context.name)
if st.session_state.get("own_focus") not in pairs:
    st.session_state["own_focus"] = find_focus(evidence)
focus = st.session_state["own_focus"]
settled = {state.pair: state.state for state in states}
view = name_mentioned(
    mark_view(
        view_focus(settled, mentions, load_palette(), focus),
        states,
        [state.pair for state in states if state.contested],
    ),
    context,
)

subject, said = write_summary(view, states, context)
if not focus:
    subject = _("{countries} named", countries=count(len(mentions), "country", "countries"))
frame.show("head.html", head=describe_lede(subject, said, _("your text"), as_of=as_of, newest=None))
if extraction.article.date_note:
    frame.show("note.html", text=extraction.article.date_note)

left, right = st.columns([1.8, 1], gap="medium")
with left:
    controls.show_map(
        view,
        st.session_state.get("own_country"),
        key="own_map",
        near=pairs,
        on_click=lambda code: st.session_state.update(own_country=code),
    )
    controls.show_key(view, context)
with right:
    if pairs:
        st.selectbox(_("Focus"), pairs, format_func=context.name, key="own_focus")
    named = sorted(mentions, key=context.name)
    chosen = st.session_state.get("own_country")
    st.selectbox(
        _("Country"),
        named if chosen is None or chosen in named else [*named, chosen],
        format_func=context.name,
        index=None,
        placeholder=_("Choose a country, or click the map"),
        label_visibility="collapsed",
        key="own_country",
    )
    if country := st.session_state.get("own_country"):
        found = find_namings(extraction, country)
        told = describe_country(country, states, places, found, view, context)
        frame.show("country.html", country=told)
    else:
        overview = describe_overview(states, places, view, context)
        frame.show("overview.html", overview=overview)

left, right = st.columns([1.25, 1], gap="large")
with left:
    frame.show("title.html", title=_("The text as it was read"))
    frame.show("key.html")
    frame.show("article.html", article=describe_article(extraction, context))
with right:
    frame.show("title.html", title=_("Relations found"))
    frame.show("said.html", quotes=list_said(extraction, context))
    show_left_out(extraction, context)
