"""A reader's own text: from what is pasted or uploaded to an extraction."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from threading import Condition

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.errors import ArticleError
from geo.languages import say as _
from geo.paths import find_store
from geo.reading.files import read_article
from geo.records import Article, DateBasis, Extraction
from geo.store.locks import READING, hold_lock
from geo.workers import Worker, WorkerLost

# Bytes of a file and characters of a text that the page reads; a long article has 60,000.
LARGEST_SOURCE, LONGEST_TEXT = 2_000_000, 60_000
# Seconds of computing for a text, and of waiting for it where other programs run.
SECONDS, PATIENCE = 30, 45
# Texts that wait while another one is read.
MOST_WAITING = 3


class Desk:
    """The one worker that reads what visitors give, and the queue before it."""

    def __init__(self) -> None:
        """Start nothing; the worker is started by the first text."""
        self.worker = Worker()
        self._turns: deque[object] = deque()
        self._changed = Condition()

    def read(self, article: Article, look: Callable[[], None]) -> Extraction:
        """Read an article when its turn has come, and ``look`` twice a second until then.

        What ``look`` raises ends the waiting. Raises :class:`ArticleError` where too many wait, or
        where reading takes too long.
        """
        turn = object()
        with self._changed:
            if len(self._turns) > MOST_WAITING:
                msg = _("Several texts are waiting to be read already. Try again in a minute.")
                raise ArticleError(msg)
            self._turns.append(turn)
        try:
            with self._changed:
                while self._turns[0] is not turn:
                    look()
                    self._changed.wait(0.5)
            look()
            # The news waits for the visitor.
            with hold_lock(find_store(), READING, shared=True):
                return self.worker.read(article, SECONDS, PATIENCE)
        except WorkerLost as error:
            msg = _(
                "Reading this text took more than {seconds} seconds or too much memory, so it was stopped. "
                "Paste a part of it.",
                seconds=SECONDS,
            )
            raise ArticleError(msg) from error
        finally:
            with self._changed:
                self._turns.remove(turn)
                self._changed.notify_all()


@lru_cache(maxsize=1)
def hold_desk() -> Desk:
    """The desk of this server."""
    return Desk()


def extract_text(article: Article) -> Extraction:
    """Extract one article in a process of its own; the visit ends where its page was closed before."""
    return hold_desk().read(article, _end_closed_visit)


def _end_closed_visit() -> None:
    context = get_script_run_ctx()
    if context and runtime.exists():
        if not runtime.get_instance().is_active_session(context.session_id):
            st.stop()


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
    return finish_article(article, title=title, publisher=publisher, day=day, today=today)


def finish_article(
    article: Article, *, title: str, publisher: str, day: date | None, today: date
) -> Article:
    """Return an article with what the reader tells of it; raises :class:`ArticleError` as above."""
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
