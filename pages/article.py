"""The articles: what was read, from whom and when, and each article with its quotes in their place."""

import re

import streamlit as st

from geo.languages import say as _
from geo.store.queries import read_extraction, search_articles
from geo.web import frame
from geo.web.article import (
    describe_article,
    describe_article_head,
    list_articles,
    list_left_out,
    list_said,
)
from geo.web.article_search import read_search, show_search
from geo.web.known import load_known, make_context
from geo.web.visit import find_own
from geo.web.words import Head

# Articles on a page of the list.
MOST_LISTED = 200
# It names the part, since the same script is not run again for another part.
SCROLL = (
    "<script>/* {} */ setTimeout(() => document.querySelector('mark.e-chosen')"
    "?.scrollIntoView({{block: 'center'}}), 150)</script>"
)

frame.open_page("pages/article.py")
known, problems = load_known()
context = make_context()
asked = st.query_params.get("article")
cursor = known.store.cursor()
extraction = None if asked is None else find_own(asked) or read_extraction(cursor, asked)

if asked is None or extraction is None:
    frame.show(
        "head.html",
        head=Head(
            title=_("Articles"),
            text=_("Every article behind the map, newest first, and why some were skipped."),
        ),
    )
    if asked is not None:
        problems.append(
            _("There is no article at this address. These are the articles read so far.")
        )
    search, wrong = read_search(st.query_params.to_dict())
    frame.show_problems([*problems, *wrong])
    if not known.is_empty:
        show_search(search, known, context)
        found, has_more = search_articles(cursor, search, most=MOST_LISTED)
        if found:
            frame.show("articles.html", articles=list_articles(found))
        else:
            frame.show_notice(_("No article that was read fits this search."), kind="hint")
        if has_more:
            frame.show_notice(
                _("The newest {most} are listed; search to find others.", most=MOST_LISTED),
                kind="hint",
            )
    else:
        frame.show_notice(_("No article has been read yet."), kind="hint")
    st.stop()

chosen = None
span = re.fullmatch(r"(\d{1,9})-(\d{1,9})", st.query_params.get("quote", ""))
if span and int(span[1]) < int(span[2]) <= len(extraction.article.text):
    chosen = (int(span[1]), int(span[2]))
if chosen is None and "quote" in st.query_params:
    problems.append(_("The link does not point to a part of this article, so all of it is shown."))
if extraction.skipped:
    problems.append(_("This article was skipped: {reason}", reason=extraction.skipped))

head = describe_article_head(extraction)
frame.name_page(head.title)
frame.show("head.html", head=head)
frame.show_problems(problems)
left, right = st.columns([1.25, 1], gap="large")
with left:
    frame.show("key.html")
    frame.show("article.html", article=describe_article(extraction, context, chosen=chosen))
with right:
    frame.show("title.html", title=_("What was read"))
    frame.show("said.html", quotes=list_said(extraction, context))
    if left_out := list_left_out(extraction, context):
        frame.show("title.html", title=_("What was left out"))
        frame.show("left_out.html", lines=left_out)
if chosen:
    st.html(SCROLL.format(chosen), unsafe_allow_javascript=True)
