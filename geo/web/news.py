"""News: the process that follows it for this server, and what the map's page tells of it."""

import subprocess
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import streamlit as st

from geo.errors import BadSetting
from geo.languages import say as _
from geo.paths import NEWS_SEGMENTS, ROOT, find_store
from geo.settings import follows_news, read_settings
from geo.store.locks import REFRESHING, is_taken
from geo.store.segments import list_segments
from geo.store.status import Status, read_status
from geo.web import frame
from geo.web.words import write_date

# Seconds before a process that has ended is started again.
REST = 600.0
# Seconds between two looks at what has come, while news is read.
LOOK = "10s"
# The map is drawn anew with so many more articles, and with half as many more as there are.
MORE, SHARE = 10, 1.5


class Follower:
    """The process that follows the news for this server; it ends with it."""

    def __init__(self) -> None:
        """Start nothing; the first visit does."""
        self._process: subprocess.Popen[bytes] | None = None
        self._started: float | None = None
        self._turn = Lock()

    def start(self) -> None:
        """Start the process, unless one follows the news for this store or was started a while ago."""
        with self._turn:
            if self._process and self._process.poll() is None:
                return
            if self._started is not None and time.monotonic() - self._started < REST:
                return
            self._started = time.monotonic()
            if not is_taken(find_store(), REFRESHING):
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "geo.refresh"],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    # Python looks for modules in the folder where it runs before any other.
                    cwd=ROOT,
                )

    def is_running(self) -> bool:
        """Say whether the process runs that this server started."""
        with self._turn:
            return self._process is not None and self._process.poll() is None


@lru_cache(maxsize=1)
def hold_follower() -> Follower:
    """The follower of this server."""
    return Follower()


@dataclass(frozen=True, slots=True)
class News:
    """What is told of the news: a line, and behind it rows of a name and a text."""

    line: str
    rows: tuple[tuple[str, str], ...] = ()
    is_read: bool = False


def show_news() -> None:
    """Show how the news is followed, in a line under the map; the first visit starts it."""
    if follows_news():
        hold_follower().start()
    news = None if frame.is_embedded() else find_news()
    if news is None:
        return
    if not news.is_read:
        frame.show("news.html", news=news)
        return
    status = read_status(find_store())
    seen = status.new if status else 0
    st.fragment(_show_coming, run_every=LOOK)(seen)


def _show_coming(seen: int) -> None:
    """Show the line while news is read, and draw the map anew when there is much more of it."""
    frame.speak()
    news, status = find_news(), read_status(find_store())
    if news:
        frame.show("news.html", news=news)
    if status and (not news or not news.is_read or status.new >= max(seen * SHARE, seen + MORE)):
        st.rerun(scope="app")


def find_news() -> News | None:
    """Return what is to be told of the news; ``None`` where nobody follows it."""
    status = read_status(find_store())
    if status is None and not follows_news():
        return None
    try:
        read_settings()
    except BadSetting as error:
        return News(_("The news is not followed: {error}", error=error))
    has_news = any(list_segments(folder) for folder in (NEWS_SEGMENTS, find_store()))
    is_followed = hold_follower().is_running() or is_taken(find_store(), REFRESHING)
    return describe_news(status, has_news=has_news, is_followed=is_followed)


def describe_news(status: Status | None, *, has_news: bool, is_followed: bool) -> News:
    """Return what a status tells; without news the map shows the seed alone."""
    if status is None and is_followed:
        return News(_("The news is being fetched for the first time."), is_read=True)
    if status is None:
        return News(_tell(Status(), has_news=has_news))
    failing = tuple((trouble.source, trouble.reason) for trouble in status.failing)
    skipped = tuple((f"{number:,}", reason) for reason, number in status.skipped.items())
    rows = [
        (
            _("Read"),
            _(
                "{new} new articles with {relations} relations, {there} that were there",
                new=f"{status.new:,}",
                relations=f"{status.relations:,}",
                there=f"{status.there:,}",
            ),
        )
    ]
    times = ((_("Last success"), status.succeeded), (_("Next check"), status.next_run))
    rows += [(name, f"{write_date(at)}, {at:%H:%M} UTC") for name, at in times if at]
    if status.reading:
        rows.append((_("Now"), status.reading))
    rows += [(_("Skipped: {number}", number=number), reason) for number, reason in skipped]
    rows += [(_("Failing: {source}", source=source), reason) for source, reason in failing]
    is_read = status.next_run is None and is_followed
    if is_read:
        line = _("News is being read: {new} new articles so far.", new=f"{status.new:,}")
    else:
        line = _tell(status, has_news=has_news)
    return News(line, tuple(rows), is_read=is_read)


def _tell(status: Status, *, has_news: bool) -> str:
    if not has_news:
        return _("No news could be fetched; this map shows a demonstration.")
    if status.succeeded is None or (status.began and status.succeeded < status.began):
        return _("No news could be fetched this time; the map shows what was read before.")
    line = _("News was last fetched on {day}.", day=write_date(status.succeeded))
    if status.failing:
        return f"{line} {_('Some sources are failing.')}"
    return line
