"""News: what the line under the map tells, and one process that follows it for a server."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from portal import serve_portal

from geo.store.locks import REFRESHING, hold_lock, is_taken
from geo.store.status import Status, Trouble, read_status
from geo.web.news import Follower, describe_news, find_news
from geo.web.rendering import render

DEMONSTRATION = "No news could be fetched; this map shows a demonstration."
STALE = "No news could be fetched this time; the map shows what was read before."
BEGAN = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
DONE = Status(
    sources=("wikipedia:2002-01-01..",),
    began=BEGAN,
    succeeded=BEGAN + timedelta(minutes=4),
    next_run=BEGAN + timedelta(hours=3),
    new=1200,
    there=3,
    relations=700,
)


def test_a_round_that_is_over_tells_its_day_and_what_it_did() -> None:
    news = describe_news(DONE, has_news=True, is_followed=True)
    assert news.line == "News was last fetched on 20 September 2026."
    assert not news.is_read
    assert news.rows == (
        ("Read", "1,200 new articles with 700 relations, 3 that were there"),
        ("Last success", "20 September 2026, 10:04 UTC"),
        ("Next check", "20 September 2026, 13:00 UTC"),
    )


def test_a_round_that_goes_on_tells_how_far_it_is() -> None:
    status = replace(DONE, next_run=None, reading="wikipedia:2026-09-14..2026-09-20")
    news = describe_news(status, has_news=True, is_followed=True)
    assert news.line == "News is being read: 1,200 new articles so far."
    assert news.is_read
    assert ("Now", "wikipedia:2026-09-14..2026-09-20") in news.rows
    # Where nobody goes on with it, the page does not wait.
    assert not describe_news(status, has_news=True, is_followed=False).is_read


def test_without_a_network_the_map_says_that_it_is_a_demonstration() -> None:
    failing = (Trouble(source="wikipedia:2002-01-01..", reason="No such host."),)
    status = replace(DONE, succeeded=None, failing=failing, new=0)
    news = describe_news(status, has_news=False, is_followed=True)
    assert news.line == DEMONSTRATION
    assert ("Failing: wikipedia:2002-01-01..", "No such host.") in news.rows
    assert describe_news(status, has_news=True, is_followed=True).line == STALE
    assert describe_news(None, has_news=False, is_followed=False).line == DEMONSTRATION
    assert describe_news(None, has_news=False, is_followed=True).is_read


def test_failing_sources_and_skipped_articles_stand_behind_the_line() -> None:
    trouble = Trouble(source="https://a.example/<b>", reason="It is <i>gone</i>.")
    status = replace(DONE, failing=(trouble,), skipped={"It has no text.": 2})
    news = describe_news(status, has_news=True, is_followed=True)
    assert news.line == "News was last fetched on 20 September 2026. Some sources are failing."
    assert ("Skipped: 2", "It has no text.") in news.rows
    page = render("news.html", news=news)
    assert "It is &lt;i&gt;gone&lt;/i&gt;." in page
    assert "<b>" not in page.replace("<summary>", "")


def test_where_nobody_follows_the_news_nothing_is_told() -> None:
    assert find_news() is None


def test_a_wrong_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_REFRESH", "on")
    monkeypatch.setenv("ENTENTE_SINCE", "soon")
    news = find_news()
    assert news
    assert news.line.startswith("The news is not followed: ENTENTE_SINCE is “soon”")


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a store whose news a wiki on this machine has."""
    today = datetime.now().astimezone().date()
    with serve_portal() as portal:
        portal.write(today, "Chad slept.")
        for name, value in portal.settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ENTENTE_STORE", str(tmp_path))
        monkeypatch.setenv("ENTENTE_SOURCES", f"wikipedia:{today}")
        yield tmp_path


def test_the_first_visit_starts_a_process_and_the_second_none(followed: Path) -> None:
    follower = Follower()
    follower.start()
    process = follower._process
    assert process
    try:
        while read_status(followed) is None:
            assert process.poll() is None
            time.sleep(0.1)
        assert follower.is_running()
        follower.start()
        assert follower._process is process
        other = Follower()
        other.start()
        assert other._process is None
    finally:
        process.terminate()
        process.wait()
    assert not follower.is_running()
    assert not is_taken(followed, REFRESHING)


def test_a_process_that_ended_is_not_started_again_at_once(followed: Path) -> None:
    with hold_lock(followed, REFRESHING):
        follower = Follower()
        follower.start()
    follower.start()
    assert follower._process is None
