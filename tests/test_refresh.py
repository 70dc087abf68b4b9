"""Refresh: the newest days first, one process a store, nothing lost, and all of it told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from answering import give
from portal import Portal, serve_portal

from geo.paths import ROOT
from geo.refresh import (
    FIRST_DAYS,
    TOO_OLD,
    Refresh,
    Step,
    follow_news,
    plan_steps,
    publish_documents,
)
from geo.settings import Settings
from geo.store.locks import READING, REFRESHING, hold_lock, is_taken
from geo.store.segments import read_extractions
from geo.store.status import Status, read_status

TODAY = datetime.now().astimezone().date()
WATCH = [sys.executable, "-m", "geo", "ingest", "--watch", "--workers", "1", "--store"]
SOURCE = f"wikipedia:{TODAY - timedelta(days=60)}.."


def find_day(back: int) -> date:
    return TODAY - timedelta(days=back)


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    with serve_portal() as served:
        for name, value in served.settings.items():
            monkeypatch.setenv(name, value)
        yield served


def go_round(folder: Path, settings: Settings, status: Status | None = None) -> Refresh:
    """Go through one round and return it."""
    asked = replace(status or Status(), sources=settings.sources)
    refresh = Refresh(folder, settings, asked, lambda: False)
    refresh.run(1)
    refresh.finish(settings.pause)
    return refresh


def list_days(folder: Path) -> list[str]:
    """Return the day of each article of a store."""
    return sorted(str(found.article.date_published) for found in read_extractions(folder))


# Steps ----------------------------------------------------------------------------------------------


def test_the_last_week_is_first_and_what_is_older_comes_after_the_other_sources() -> None:
    settings = Settings(sources=("wikipedia:2002-01-01..", "feeds:"))
    week, feeds, *older = plan_steps(settings, Status(), date(2026, 9, 20))
    assert week.asked == "wikipedia:2026-09-14..2026-09-20"
    assert week.closes
    assert feeds == Step("feeds:", "feeds:")
    assert older[0].asked == "wikipedia:2026-08-05..2026-09-13"
    assert older[-1].reaches == date(2002, 1, 1)
    assert not any(step.closes for step in older)
    assert len(older) == 226


def test_a_round_goes_on_where_the_last_one_was_broken_off() -> None:
    settings = Settings(sources=("wikipedia:2026-01-01..",))
    status = Status(
        reached={settings.sources[0]: date(2026, 3, 1)},
        followed={settings.sources[0]: date(2026, 9, 18)},
    )
    asked = [step.asked for step in plan_steps(settings, status, date(2026, 9, 20))]
    assert asked == [
        "wikipedia:2026-09-14..2026-09-20",
        "wikipedia:2026-08-14..2026-09-13",
        "wikipedia:2026-01-20..2026-02-28",
        "wikipedia:2026-01-01..2026-01-19",
    ]


def test_days_that_were_missed_are_read_before_they_count_as_followed() -> None:
    settings = Settings(sources=("wikipedia:2026-01-01..",))
    status = Status(
        reached={settings.sources[0]: date(2026, 1, 1)},
        followed={settings.sources[0]: date(2026, 6, 1)},
    )
    steps = [*plan_steps(settings, status, date(2026, 9, 20))]
    assert [step.closes for step in steps] == [False, False, False, False, True]
    assert steps[-1].reaches == date(2026, 4, 27)


def test_no_day_before_the_first_that_is_wanted_is_asked() -> None:
    settings = Settings(since=date(2026, 9, 1))
    steps = [*plan_steps(settings, Status(), date(2026, 9, 20))]
    assert [step.reaches for step in steps] == [date(2026, 9, 14), date(2026, 9, 1)]


# A round --------------------------------------------------------------------------------------------


def test_a_round_stores_what_is_new_and_the_next_one_nothing(
    tmp_path: Path, portal: Portal
) -> None:
    portal.write(find_day(0), "Chad slept.", "Mali slept.")
    portal.write(find_day(50), "Chad rose.")
    first = go_round(tmp_path, Settings(sources=(SOURCE,)))
    assert first.tally.new == 3
    assert list_days(tmp_path) == [str(find_day(50)), str(find_day(0)), str(find_day(0))]
    assert [len(titles) for titles in portal.asked] == [FIRST_DAYS, 40, 14]
    status = read_status(tmp_path)
    assert status
    assert status.reached == {SOURCE: find_day(60)}
    assert status.followed == {SOURCE: TODAY}
    assert (status.new, status.there, status.reading, status.failing) == (3, 0, None, ())
    assert status.succeeded
    assert status.next_run == status.succeeded + Settings().pause
    segments = sorted(tmp_path.glob("*.parquet"))
    portal.asked.clear()
    second = go_round(tmp_path, Settings(sources=(SOURCE,)), status)
    assert (second.tally.new, second.tally.there) == (0, 2)
    assert sorted(tmp_path.glob("*.parquet")) == segments
    # Days whose pages nobody edits any more are not asked again.
    assert [len(titles) for titles in portal.asked] == [7, 29]


def test_a_failing_source_is_told_and_holds_up_no_other(tmp_path: Path, portal: Portal) -> None:
    feed = portal.server.name("/feed.xml")
    portal.server.answers["/feed.xml"] = give(410)
    portal.write(find_day(0), "Chad slept.")
    settings = Settings(sources=(feed, "wikipedia:never", SOURCE), since=find_day(3))
    refresh = go_round(tmp_path, settings)
    assert refresh.tally.new == 1
    assert not refresh.is_lost
    status = read_status(tmp_path)
    assert status
    told = {trouble.source: trouble.reason for trouble in status.failing}
    assert told.keys() == {feed, "wikipedia:never"}
    assert "names no days" in told["wikipedia:never"]
    assert status.reached == {SOURCE: find_day(3)}


def test_what_is_older_than_wanted_is_counted_with_the_reason(
    tmp_path: Path, portal: Portal
) -> None:
    item = "<item><title>Chad slept</title><pubDate>Mon, 02 Jan 2012 10:00:00 GMT</pubDate></item>"
    body = f"<rss version='2.0'><channel><title>Old</title>{item}</channel></rss>".encode()
    portal.server.answers["/feed.xml"] = give(200, body, "application/rss+xml")
    settings = Settings(sources=(portal.server.name("/feed.xml"),), since=find_day(30))
    assert go_round(tmp_path, settings).tally.new == 0
    status = read_status(tmp_path)
    assert status
    assert status.skipped == {TOO_OLD: 1}


def test_without_a_network_the_rest_is_not_asked_and_the_next_round_is_soon(
    tmp_path: Path, portal: Portal
) -> None:
    portal.status = 404

    def is_over() -> bool:
        told = read_status(tmp_path)
        return told is not None and told.next_run is not None

    follow_news(tmp_path, Settings(sources=(SOURCE,)), is_over, 1)
    status = read_status(tmp_path)
    assert status
    assert status.next_run
    assert status.began
    assert len(portal.asked) == 1
    assert status.succeeded is None
    assert status.next_run - status.began < timedelta(minutes=15)
    assert [trouble.source for trouble in status.failing] == [SOURCE]
    assert status.reached == {}


def test_the_documents_for_programs_are_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTENTE_OUT", str(tmp_path / "out"))
    publish_documents(tmp_path / "store", lambda: False)
    assert (tmp_path / "out" / "index.json").is_file()


# Processes ------------------------------------------------------------------------------------------


def start_watch(folder: Path, *sources: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*WATCH, str(folder), *sources],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(folder: Path, articles: int, process: "subprocess.Popen[str]") -> None:
    """Return when a store holds as many articles; fails where the process ends before."""
    while len(read_extractions(folder)) < articles:
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)


def test_of_two_processes_one_follows_the_news_and_ends_cleanly_when_asked(
    tmp_path: Path, portal: Portal
) -> None:
    portal.write(TODAY, "Chad slept.")
    with start_watch(tmp_path, f"wikipedia:{TODAY}") as first:
        wait_for(tmp_path, 1, first)
        with start_watch(tmp_path, f"wikipedia:{TODAY}") as second:
            _, told = second.communicate()
        assert second.returncode == 1
        assert "followed by another process already" in told
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate()
    assert first.returncode == 128 + signal.SIGTERM
    assert err == "python -m geo: stopped.\n"
    assert out in {"", "1 new with 0 relations, 0 already there, 0 skipped.\n"}
    with hold_lock(tmp_path, REFRESHING) as is_held:
        assert is_held


def test_a_process_that_is_killed_loses_nothing_that_was_stored(
    tmp_path: Path, portal: Portal
) -> None:
    for back in range(60):
        portal.write(find_day(back), *(f"Chad slept {hour} hours." for hour in range(3)))
    with start_watch(tmp_path, SOURCE) as process:
        wait_for(tmp_path, 21, process)
        process.kill()
        process.wait()
    held = {found.article.id for found in read_extractions(tmp_path)}
    status = read_status(tmp_path)
    assert status
    refresh = go_round(tmp_path, Settings(sources=(SOURCE,)), status)
    assert len(read_extractions(tmp_path)) == 180
    assert {found.article.id for found in read_extractions(tmp_path)} > held
    assert refresh.tally.new == 180 - len(held)


def test_while_a_visitors_text_is_read_nothing_is_begun(tmp_path: Path, portal: Portal) -> None:
    portal.write(TODAY, *(f"Chad slept {hour} hours." for hour in range(40)))
    with start_watch(tmp_path, f"wikipedia:{TODAY}") as process:
        while not (tmp_path / REFRESHING).exists():
            assert process.poll() is None
            time.sleep(0.05)
        with hold_lock(tmp_path, READING, shared=True) as is_held:
            assert is_held
            while not portal.asked:
                time.sleep(0.05)
            time.sleep(5)
            assert len(read_extractions(tmp_path)) < 10
        wait_for(tmp_path, 40, process)
        process.terminate()
        process.communicate()


def test_who_was_started_by_an_app_ends_with_it(tmp_path: Path, portal: Portal) -> None:
    portal.write(TODAY, "Chad slept.")
    start = (
        "import subprocess, sys;"
        "print(subprocess.Popen([sys.executable, '-m', 'geo.refresh'],"
        " stdout=subprocess.DEVNULL).pid, flush=True);"
        "sys.stdin.read()"
    )
    environment = os.environ | {
        "ENTENTE_STORE": str(tmp_path),
        "ENTENTE_SOURCES": f"wikipedia:{TODAY}",
    }
    with subprocess.Popen(
        [sys.executable, "-c", start],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout
        assert int(app.stdout.readline())
        while not is_taken(tmp_path, REFRESHING):
            assert app.poll() is None
            time.sleep(0.1)
        app.kill()
    while is_taken(tmp_path, REFRESHING):
        time.sleep(0.1)
