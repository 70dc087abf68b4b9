"""Refresh: the news of a deployment is followed by one process, the newest day first.

A round asks every source once. Of a source of days the last week goes first, then the other sources, then
what is older, so that the map fills from today on backwards. What a round has reached is written down, and
a round that was broken off goes on from there. While a visitor's own text is read nothing is begun.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from geo.errors import BadDate
from geo.ingest import Batch, Tally, check_writable, choose_articles, describe_tally
from geo.ingest import list_articles as list_all
from geo.paths import NEWS_SEGMENTS, ROOT, SEED_SEGMENTS, find_store
from geo.records import Article, Skipped
from geo.settings import Settings, read_settings
from geo.sources import wikipedia
from geo.sources.feeds import Validators
from geo.sources.fetching import make_owner_client
from geo.sources.listing import is_source
from geo.store.locks import READING, REFRESHING, hold_lock, is_taken
from geo.store.segments import list_articles as list_stored
from geo.store.status import MOST_TOLD, Status, Trouble, read_status, write_status
from geo.terminal import hear_signals, make_plain
from geo.workers import count_cores, extract_apart

# Days that are asked first, and those whose pages may still be edited and are asked in every round.
FIRST_DAYS, EDITED_DAYS = 7, 35
# Days of one step; what is read of it is in the store before it counts as reached.
STEP_DAYS = 40
# Articles under way for each worker, so that a pause is one soon.
AHEAD = 2
# Seconds between two segments, so that the map fills while one looks, and two notes of how far it is.
WRITING, NOTING = 15.0, 2.0
# Seconds between two looks at whether to go on.
ROUND = 0.2
# Time after which a round that found no source at all is tried again; it doubles each time.
RETRY = timedelta(minutes=5)
# Niceness of who reads the news: pages are served first.
NICE = 5
OTHER = "other reasons"
TOO_OLD = "It was published before ENTENTE_SINCE."
BUSY = "The news of this store is followed by another process already."


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a source that is read at once; ``reaches`` is the first of its days where it has days.

    With the one that ``closes`` all is read that has come since the last round.
    """

    source: str
    asked: str
    reaches: date | None = None
    closes: bool = False


def run_watch(options: argparse.Namespace, is_orphan: Callable[[], bool] = lambda: False) -> int:
    """Follow the news until the program is asked to end; 1 says that another process follows it."""
    folder = options.store or find_store()
    settings = read_settings()
    if options.sources:
        settings = replace(settings, sources=tuple(options.sources))
    check_writable(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder, REFRESHING) as is_held:
        if not is_held:
            print(BUSY, file=sys.stderr)
            return 1
        with hear_signals() as is_asked:
            follow_news(folder, settings, lambda: is_asked() or is_orphan(), options.workers)
    return 0


def plan_steps(settings: Settings, status: Status, today: date) -> Iterator[Step]:
    """Yield what a round asks: the last days of each source, sources without days, and what is older."""
    older: list[Step] = []
    for source in settings.sources:
        steps = _plan_days(source, settings, status, today) if wikipedia.is_source(source) else []
        if not steps:
            yield Step(source, source)
        for number, step in enumerate(steps):
            if number:
                older.append(step)
            else:
                yield step
    yield from older


def _plan_days(source: str, settings: Settings, status: Status, today: date) -> list[Step]:
    """Return the steps of a source of days; none where it names no days, which its reader tells."""
    try:
        named = wikipedia.read_days(source, today)
    except BadDate:
        return []
    days = [day for day in named if settings.since is None or day >= settings.since]
    if not days:
        return []
    reached, followed = status.reached.get(source), status.followed.get(source)
    edited = followed - timedelta(days=EDITED_DAYS) if reached and followed else None
    # What was never read goes down from today; after that come the new days and those edited since.
    fresh = [day for day in days if edited is None or day >= edited]
    left = [day for day in days if edited and reached and day < min(edited, reached)]
    first, rest = fresh[:FIRST_DAYS], fresh[FIRST_DAYS:]
    parts = [part for part in (first, *_cut_days(rest)) if part]
    closing = len(parts) if edited else 1
    parts += _cut_days(left)
    return [
        Step(source, f"{wikipedia.PREFIX}{part[-1]}..{part[0]}", part[-1], number == closing)
        for number, part in enumerate(parts, start=1)
    ]


def _cut_days(days: Sequence[date]) -> list[Sequence[date]]:
    return [days[place : place + STEP_DAYS] for place in range(0, len(days), STEP_DAYS)]


def follow_news(
    folder: Path, settings: Settings, is_stopped: Callable[[], bool], workers: int
) -> None:
    """Read the sources round by round until the program is asked to end.

    The next round is kept in the status, so that a program that is started again does not ask the sources
    again before their time.
    """
    failed = 0
    # A feed that has not changed since the last round is not sent again.
    validators: dict[str, Validators] = {}
    while not is_stopped():
        status = read_status(folder) or Status()
        if (status.sources, status.since) != (settings.sources, settings.since):
            reached = {
                source: day for source, day in status.reached.items() if source in settings.sources
            }
            # With another first day what was reached is not all any more.
            same = settings.since == status.since
            status = Status(reached=reached if same else {}, followed=status.followed)
        if status.next_run is None or status.next_run <= _now():
            status = replace(status, sources=settings.sources, since=settings.since)
            refresh = Refresh(folder, settings, status, is_stopped, validators)
            refresh.run(workers)
            failed = failed + 1 if refresh.is_lost else 0
            wait = (
                min(settings.pause, RETRY * 2 ** min(failed - 1, 10)) if failed else settings.pause
            )
            if is_stopped():
                return
            refresh.finish(wait)
            print(describe_tally(refresh.tally), flush=True)
            publish_documents(folder, is_stopped)
        time.sleep(ROUND)


def publish_documents(folder: Path, is_stopped: Callable[[], bool]) -> None:
    """Write the documents anew, in a process that gives its memory back; that they fail ends nothing."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "geo", "publish", "--store", str(folder.absolute())],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            if is_stopped():
                process.terminate()
            time.sleep(ROUND)


class Refresh:
    """One round: what it asks, and how far it is."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        status: Status,
        is_stopped: Callable[[], bool],
        validators: MutableMapping[str, Validators] | None = None,
    ) -> None:
        """Take what the last round told; nothing is asked yet."""
        self._folder, self._settings, self._is_stopped = folder, settings, is_stopped
        self._today = datetime.now().astimezone().date()
        stored = list_stored(SEED_SEGMENTS, NEWS_SEGMENTS, folder)
        self.tally = Tally(known=dict(stored), revisions=dict(stored.revisions))
        self._batch = Batch(folder, stored, WRITING)
        self._troubles: dict[str, str] = {}
        self._given = self._taken = 0
        # Steps that were given out, with how many articles were before their end.
        self._marks: deque[tuple[int, Step]] = deque()
        self._client = make_owner_client()
        self._validators = {} if validators is None else validators
        # What is read now is told by the thread that asks for it; all else of the status by the other.
        self._reading: str | None = None
        self._status = replace(status, began=_now(), next_run=None)
        self._noted = 0.0
        self._steps = list(plan_steps(settings, status, self._today))

    @property
    def is_lost(self) -> bool:
        """Whether no source gave anything."""
        asked = {step.source for step in self._steps}
        return bool(asked) and asked <= self._troubles.keys()

    def run(self, workers: int) -> None:
        """Ask all sources and store what is new; what was read is kept, whatever ends the round."""
        articles = choose_articles(self._list_articles(), self.tally, self._today)
        try:
            for extraction in extract_apart(self._count(articles), workers, self._go_on, AHEAD):
                self._taken += 1
                self.tally.count(extraction)
                if not extraction.skipped:
                    self._batch.add(extraction)
        finally:
            self._batch.write()
            # Of a round that was stopped, what is read came without its order.
            if not self._is_stopped():
                self._reach()

    def finish(self, wait: timedelta) -> None:
        """Tell that the round is over, and that the next one begins after some time."""
        now = _now()
        succeeded = self._status.succeeded if self.is_lost else now
        self._status = replace(self._status, succeeded=succeeded, next_run=now + wait)
        self._reading = None
        self._note()

    def _list_articles(self) -> Iterator[Article | Skipped]:
        for step in self._steps:
            if step.source in self._troubles:
                continue
            self._reading = step.asked
            for article in self._ask(step):
                yield article
                while is_taken(self._folder, READING) and not self._is_stopped():
                    time.sleep(ROUND)
                if self._is_stopped():
                    return
            if step.source not in self._troubles:
                self._marks.append((self._given, step))

    def _ask(self, step: Step) -> Iterator[Article | Skipped]:
        """Yield what a step gives; that a source gives nothing is noted."""
        told: dict[str, Any] = {}
        if is_source(step.asked):
            told = {"client": self._client, "validators": self._validators}
        for article in list_all([step.asked], today=self._today, **told):
            if isinstance(article, Article):
                published, since = article.date_published, self._settings.since
                is_old = since and published and published < since
                yield Skipped(article.id, TOO_OLD) if is_old else article
            elif article.name == step.asked:
                self._troubles[step.source] = article.reason
            elif is_source(article.name) and " " not in article.name:
                self._troubles[article.name] = article.reason
            else:
                yield article

    def _count(self, articles: Iterable[Article | Skipped]) -> Iterator[Article | Skipped]:
        for article in articles:
            self._given += 1
            yield article

    def _go_on(self) -> bool:
        self._batch.write_due()
        if self._marks and self._marks[0][0] <= self._taken:
            self._batch.write()
            self._reach()
        if time.monotonic() - self._noted >= NOTING:
            self._note()
        return not self._is_stopped()

    def _reach(self) -> None:
        """Write down which steps are in the store."""
        while self._marks and self._marks[0][0] <= self._taken:
            _, step = self._marks.popleft()
            if step.reaches is None:
                continue
            followed = self._status.followed
            if step.closes:
                followed = followed | {step.source: self._today}
            before = self._status.reached.get(step.source, step.reaches)
            reached = self._status.reached | {step.source: min(before, step.reaches)}
            self._status = replace(self._status, reached=reached, followed=followed)
        self._note()

    def _note(self) -> None:
        self._noted = time.monotonic()
        failing = [
            Trouble(source=make_plain(source)[:200], reason=make_plain(reason)[:300])
            for source, reason in self._troubles.copy().items()
        ]
        skipped = Counter(make_plain(skipped.reason)[:300] for skipped in self.tally.skipped)
        told = dict(skipped.most_common(MOST_TOLD))
        if left := skipped.total() - sum(told.values()):
            told[OTHER] = left
        self._status = replace(
            self._status,
            reading=self._reading,
            new=self.tally.new,
            there=self.tally.there,
            relations=self.tally.relations,
            failing=tuple(failing[:MOST_TOLD]),
            skipped=told,
        )
        write_status(self._status, self._folder)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def main() -> int:
    """Follow the news for the app that started this process, for as long as it lives."""
    parent = os.getppid()
    os.nice(NICE)
    options = argparse.Namespace(
        store=None,
        sources=[],
        # One core is left to who looks at the map.
        workers=max(1, count_cores() - 1),
    )
    with suppress(KeyboardInterrupt):
        return run_watch(options, lambda: os.getppid() != parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
