"""The articles: what was read, from whom and when, and each article with its quotes in their place."""

import re

import streamlit as st

from geo.languages import say
from geo.web import panel, ui

SCROLL = (
    "<script>setTimeout(() => document.querySelector('mark.e-chosen')"
    "?.scrollIntoView({block: 'center'}), 150)</script>"
)

ui.open_page("pages/article.py")
known = ui.load_known()
speech = ui.make_speech(known)
asked = st.query_params.get("article")
extraction = next((each for each in known.extractions if each.article.id == asked), None)

if asked is None or extraction is None:
    ui.show(
        panel.fill(
            '<header class="e-lede"><h1>{title}</h1><p>{text}</p></header>',
            title=say("Articles"),
            text=say(
                "Everything that the map rests on, newest first, and what was skipped with the reason."
            ),
        )
    )
    if asked is not None:
        ui.show(
            panel.write_notice(
                say("No article has this address. These are the articles read so far.")
            )
        )
    if known.extractions:
        ui.show(panel.write_article_list(known.extractions, panel.link_to_article))
    else:
        ui.show(panel.write_notice(say("No article has been read yet."), kind="hint"))
    st.stop()

chosen = None
span = re.fullmatch(r"(\d{1,9})-(\d{1,9})", st.query_params.get("quote", ""))
if span and int(span[1]) < int(span[2]) <= len(extraction.article.text):
    chosen = (int(span[1]), int(span[2]))

ui.show(panel.write_article_head(extraction))
if chosen is None and "quote" in st.query_params:
    ui.show(
        panel.write_notice(say("The address names no part of this article; the whole is shown."))
    )
if extraction.skipped:
    ui.show(
        panel.write_notice(say("This article was skipped: {reason}", reason=extraction.skipped))
    )
left, right = st.columns([1.25, 1], gap="large")
with left:
    ui.show(panel.write_key())
    ui.show(panel.write_article(extraction, speech, chosen=chosen))
with right:
    ui.show(panel.fill("<h2 class='e-title'>{title}</h2>", title=say("What was read")))
    ui.show(panel.write_relations(extraction, speech))
    ui.show(panel.fill("<h2 class='e-title'>{title}</h2>", title=say("What was left out")))
    ui.show(panel.write_left_out(extraction, speech))
if chosen:
    st.html(SCROLL, unsafe_allow_javascript=True)
