"""A reader's own text: from what is pasted or uploaded to an extraction."""

import gc
from dataclasses import replace
from datetime import date
from threading import Lock

import streamlit as st

from geo.edition import extract_article
from geo.errors import ArticleError
from geo.languages import say as _
from geo.reading.files import read_article
from geo.records import Article, DateBasis, Extraction

# Bytes of a file and characters of a text that the page reads; a long article has 60,000.
LARGEST_SOURCE, LONGEST_TEXT = 2_000_000, 200_000


@st.cache_resource(show_spinner=False)
def _hold_turn() -> Lock:
    return Lock()


def extract_text(article: Article) -> Extraction:
    """Extract one article; one at a time in the process, since each takes a core for itself."""
    with _hold_turn():
        extraction = extract_article(article)
    _freeze_model()
    return extraction


@st.cache_resource(show_spinner=False)
def _freeze_model() -> None:
    """Take the language model out of garbage collection, once it is loaded."""
    gc.collect()
    gc.freeze()


def make_article(
    pasted: str,
    upload: tuple[str, bytes] | None,
    *,
    title: str,
    publisher: str,
    day: date | None,
    today: date,
) -> Article:
    """Return an article from a reader's own text or file, which is a name and its bytes.

    Raises :class:`ArticleError` with what to do where both or neither are given, the text is too long
    or too short, the bytes are no text, or no article can have the day. Without a date, today's stands
    in and says so.
    """
    if bool(pasted.strip()) == bool(upload):
        msg = _(
            "Both a text and a file are given. Take one of them away."
            if upload
            else "There is no text yet. Paste an article or choose a file first."
        )
        raise ArticleError(msg)
    name, source = upload or ("pasted.txt", pasted.encode("utf-8", "replace"))
    if len(source) > LARGEST_SOURCE:
        msg = _(
            "This is longer than {most} kB. Paste the part that you want read.",
            most=f"{LARGEST_SOURCE // 1000:,}",
        )
        raise ArticleError(msg)
    article = read_article(source, name=name, date_published=day, today=today)
    if not article.text.strip():
        msg = _("No text was found in this file. Paste the article's text instead.")
        raise ArticleError(msg)
    if len(article.text) > LONGEST_TEXT:
        msg = _(
            "This text has {number} characters, and {most} can be read at once. Paste the part that "
            "you want read.",
            number=f"{len(article.text):,}",
            most=f"{LONGEST_TEXT:,}",
        )
        raise ArticleError(msg)
    published = day or article.date_published
    basis, note = article.date_basis, article.date_note
    if day:
        basis, note = DateBasis.STATED, None
    elif published is None:
        basis, note = (
            DateBasis.INFERRED,
            _("No date was given, so the day of reading stands in for it."),
        )
    return replace(
        article,
        title=title.strip() or article.title,
        publisher=publisher.strip() or article.publisher,
        date_published=published or today,
        date_basis=basis,
        date_note=note,
    )
