"""Try your own text: paste or upload an article and see what Entente reads in it."""

from datetime import date
from typing import NamedTuple

import streamlit as st

from geo.edition import gather_accord_evidence, gather_evidence
from geo.errors import ArticleError
from geo.languages import say as _
from geo.map.lenses import count_mentions, find_focus, mark_view, view_focus
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.fields import AHEAD
from geo.records import Article, Extraction, Quote
from geo.states.accords import settle_accords
from geo.states.settling import settle_states
from geo.web import address, controls, frame
from geo.web.article import (
    describe_article,
    describe_article_head,
    find_title,
    list_left_out,
    list_said,
)
from geo.web.collection import (
    is_collection,
    load_collection,
    name_article,
)
from geo.web.context import Context
from geo.web.country import describe_country
from geo.web.known import find_namings, make_context
from geo.web.links import name_anchor
from geo.web.map_words import describe_lede, describe_overview, name_mentioned, write_summary
from geo.web.own_addresses import fetch_articles, hold_client, list_addresses
from geo.web.own_text import LONGEST_TEXT, extract_text, finish_article, make_article
from geo.web.visit import ONLY, find_collection, keep_collection, spend_fetch
from geo.web.words import Head, count


def link_inside(article: str, quote: Quote) -> str:
    """Return the address of a quote in the text below, or of its article where none is open."""
    if st.session_state.get("own_opened"):
        return f"#{name_anchor(quote.start_char, quote.end_char)}"
    return f"#{article}"


class Told(NamedTuple):
    """What a reader tells of articles beside their text."""

    title: str
    publisher: str
    day: date | None
    today: date


def show_form(today: date) -> None:
    """Show where a text is given; what is read in it stays for this visit."""
    with st.form("own", border=False):
        pasted = st.text_area(
            _("Text of the article, or addresses of pages and feeds"),
            height=170,
            key="own_text",
            max_chars=LONGEST_TEXT,
        )
        uploads = st.file_uploader(
            _("Or files (txt, md, html, pdf, docx, eml, or a collection that was taken along)"),
            type=["txt", "md", "html", "htm", "pdf", "docx", "eml", "jsonl"],
            accept_multiple_files=True,
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
    given: list[tuple[str, bytes] | str] = list_addresses(pasted) or [pasted]
    if uploads and not pasted.strip():
        given = []
    given += [(upload.name, upload.getvalue()) for upload in uploads]
    told = Told(title if len(given) == 1 else "", publisher, day, today)
    bar = st.progress(0.0)
    added: list[str] = []
    for number, source in enumerate(given, start=1):
        bar.progress(
            (number - 1) / len(given),
            _("Reading {number} of {all}", number=number, all=len(given)),
        )
        is_address = isinstance(source, str) and bool(list_addresses(source))
        name = source if is_address else source[0] if isinstance(source, tuple) else ""
        try:
            if isinstance(source, tuple) and is_collection(source[1]):
                held, skipped = load_collection(
                    source[1], find_collection(), load_gazetteer().countries.keys(), today
                )
                keep_collection(held)
                added += [extraction.article.id for extraction in held.extractions]
                for left in skipped:
                    show_refused(f"{name}, {left.name}", left.reason)
            elif is_address:
                added += add_fetched(name, told)
            else:
                text, upload = ("", source) if isinstance(source, tuple) else (source, None)
                added.append(add_article(make_article(text, upload, **told._asdict())))
        except ArticleError as error:
            if name and (is_address or len(given) > 1):
                show_refused(name, str(error))
            else:
                frame.show_notice(str(error))
    bar.empty()
    st.session_state["own_opened"] = added[0] if len(added) == 1 else None
    for field in ("own_country", "own_focus"):
        st.session_state.pop(field, None)


def add_fetched(url: str, told: Told) -> list[str]:
    """Fetch an address, read what it holds into the collection, and return its ids there.

    Raises :class:`ArticleError` where it gives nothing.
    """
    spend_fetch()
    with st.spinner(_("Fetching {address}", address=address.cut(url))):
        articles, skipped = fetch_articles(url, hold_client(), told.today)
    for left in skipped:
        show_refused(left.name, left.reason)
    if len(articles) > 1:
        told = told._replace(title="")
    added = []
    for article in articles:
        try:
            added.append(add_article(finish_article(article, **told._asdict())))
        except ArticleError as error:
            show_refused(article.title or url, str(error))
    return added


def show_refused(name: str, reason: str) -> None:
    """Tell why a file was not added."""
    frame.show_notice(_("{name} was not added: {reason}", name=name, reason=reason))


def add_article(article: Article) -> str:
    """Read an article into the collection and return its id there; raises :class:`ArticleError`."""
    with st.spinner(
        _("Reading. The first text takes a few seconds more, to load the language model.")
    ):
        extraction = extract_text(name_article(article))
    if extraction.skipped:
        raise ArticleError(_("This text cannot be read: {reason}", reason=extraction.skipped))
    keep_collection(find_collection().add(extraction))
    return extraction.article.id


def remove_opened() -> None:
    """Take the open article out of the collection."""
    opened = st.session_state.pop("own_opened", None)
    if opened:
        keep_collection(find_collection().remove(opened))


def show_collection() -> None:
    """Show what was collected: to open, to remove and to take along."""
    held = find_collection()
    titles = {one.article.id: find_title(one) for one in held.extractions}
    if st.session_state.get("own_opened") not in titles:
        st.session_state["own_opened"] = None
    frame.show("title.html", title=_("My collection"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Open an article"),
            [*titles],
            index=None,
            format_func=lambda identity: titles.get(identity, identity),
            key="own_opened",
        )
        st.button(_("Remove it"), on_click=remove_opened, key="own_remove")
        st.download_button(
            _("Take it along"),
            held.dump,
            file_name="collection.jsonl",
            mime="application/jsonl",
            on_click="ignore",
            key="own_dump",
        )
        st.page_link(
            "app.py", label=_("The same map with all its views"), query_params={"mine": ONLY}
        )


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
            "Paste, fetch or upload articles in English. They are read in memory for this visit only: "
            "nothing is stored, and nobody else sees it."
        ),
    ),
)
show_form(today)
if not find_collection().extractions:
    st.stop()

show_collection()
opened = st.session_state.get("own_opened")
kept = [one for one in find_collection().list_kept() if opened is None or one.article.id == opened]
extraction = kept[0] if opened else None
evidence = gather_evidence(kept)
context = make_context(link_quote=link_inside)
as_of = max((one.article.date_published or today for one in kept), default=today)
states = settle_states(evidence, as_of=as_of)
places = settle_accords(gather_accord_evidence(kept), as_of=as_of)
mentions = count_mentions(kept, as_of=as_of)
if not mentions:
    frame.show_notice(
        _("No country is named in this text, so there is nothing to put on a map."), kind="hint"
    )
    if extraction:
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
if extraction and extraction.article.date_note:
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
        found = find_namings(kept, country)
        told = describe_country(country, states, places, found, view, context)
        frame.show("country.html", country=told)
    else:
        overview = describe_overview(states, places, view, context)
        frame.show("overview.html", overview=overview)

if extraction is None:
    for one in kept:
        frame.show("title.html", title=find_title(one), id=one.article.id)
        frame.show("note.html", text=describe_article_head(one).text)
    st.stop()
left, right = st.columns([1.25, 1], gap="large")
with left:
    frame.show("title.html", title=_("The text as it was read"))
    frame.show("key.html")
    frame.show("article.html", article=describe_article(extraction, context))
with right:
    frame.show("title.html", title=_("Relations found"))
    frame.show("said.html", quotes=list_said(extraction, context))
    show_left_out(extraction, context)
