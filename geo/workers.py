"""Workers: articles are read in processes of their own, several at a time, each with a deadline.

A worker is started when there is something to read, loads the model once and reads one article after the
other, each by itself, so that the number of workers changes nothing in what is read. What kills or holds
up a worker is one article, and the others are read by the next.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any, cast

from geo.errors import ArticleError, EntenteError
from geo.paths import ROOT
from geo.records import Article, Extraction, Skipped

# A deadline no article comes near: the densest text takes a second of computing for 400 characters.
LEAST_SECONDS, CHARACTERS_A_SECOND = 60.0, 100
# What computes so long takes longer by the clock where other programs run, and a worker has to start.
CLOCK_SHARE, STARTING = 4, 60.0
# Articles, and characters of them, that are under way for each worker and in all.
AHEAD, MOST_CHARACTERS = 16, 20_000_000
# Seconds between two looks at whether to go on.
ROUND = 0.2
LATE = "Reading it took longer than {seconds:.0f} seconds, so it was stopped."
LOST = "Reading it ended the process that read it; it may need more memory than there is."


class WorkerLost(ArticleError):  # noqa: N818 - reads as a sentence where it is raised
    """An article ended the process that read it, or took longer than it may."""


@dataclass(slots=True)
class Worker:
    """A process that reads articles, started by the first one and again after it was lost."""

    _process: "subprocess.Popen[bytes] | None" = None
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, article: Article, seconds: float, patience: float) -> Extraction:
        """Return what an article says, within seconds of computing and of waiting for it.

        Raises :class:`WorkerLost` where it takes longer or ends the process, and what
        :func:`geo.edition.extract_article` raises on purpose.
        """
        process = self._start()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(patience, give_up)
        timer.daemon = True
        timer.start()
        try:
            given, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            pickle.dump((article, seconds), given)
            given.flush()
            found: Extraction | EntenteError = pickle.load(answers)  # noqa: S301 - our own process
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._end(process)
            stopped = late.is_set() or process.returncode == -_find_signal("SIGXCPU")
            raise WorkerLost(LATE.format(seconds=seconds) if stopped else LOST) from error
        finally:
            timer.cancel()
        if isinstance(found, EntenteError):
            raise found
        return found

    def close(self) -> None:
        """End the process; what it reads at the moment is lost, and it is not started again."""
        with self._lock:
            self._closed = True
            process = self._process
        if process:
            self._end(process)

    def find_process(self) -> int | None:
        """The number of the process, ``None`` where none runs."""
        return self._process.pid if self._process else None

    def _start(self) -> "subprocess.Popen[bytes]":
        if (lost := self._process) and lost.poll() is not None:
            self._end(lost)
        with self._lock:
            if self._closed:
                raise WorkerLost(LOST)
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "geo.workers"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    # Python looks for modules in the folder where it runs before any other.
                    cwd=ROOT,
                    # One thread, for the cores are shared out among the workers.
                    env={**os.environ, "ENTENTE_THREADS": "1", "OMP_NUM_THREADS": "1"},
                    # Ctrl-C ends the program, which ends its workers.
                    start_new_session=True,
                )
            return self._process

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            # What was not sent any more cannot be flushed.
            with suppress(OSError):
                cast("IO[bytes]", stream).close()
        with self._lock:
            if self._process is process:
                self._process = None


def count_cores() -> int:
    """The number of cores that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def extract_apart(
    articles: Iterable[Article | Skipped],
    number: int,
    go_on: Callable[[], bool] = lambda: True,
    ahead: int = AHEAD,
) -> Iterator[Extraction]:
    """Yield the extraction of each article in order, as ``extract_articles`` does, by some workers.

    An article that a worker is lost to, or that takes too long, is skipped with the reason. The articles
    are asked for in a thread beside this one, ``ahead`` for each worker. ``go_on`` is asked several times
    a second; when it says no, what has been read is yielded and the rest is left. Raises what the articles
    raise, once those before are yielded.
    """
    crew = _Crew(number, ahead)
    feeder = threading.Thread(target=crew.feed, args=(articles,), daemon=True)
    feeder.start()
    try:
        while go_on():
            future = crew.take_next(ROUND)
            if future is None:
                return
            if isinstance(future, Future):
                yield future.result()
        yield from crew.list_finished()
    finally:
        crew.close()


class _Crew:
    """Some workers, and what they were given and not yet asked for, in order."""

    def __init__(self, number: int, ahead: int) -> None:
        self._workers = [Worker() for _ in range(number)]
        # The one that was used last goes first, so that few articles start few processes.
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(number)
        self._given: queue.Queue[Future[Extraction] | None] = queue.Queue(ahead * number)
        self._first: Future[Extraction] | None = None
        self._characters = 0
        self._room = threading.Condition()
        self._closed = False

    def feed(self, articles: Iterable[Article | Skipped]) -> None:
        """Give out the articles, and an exception that they raise in its place."""
        try:
            for article in articles:
                if self._closed:
                    return
                self._give(article)
        except BaseException as error:  # noqa: BLE001 - it is raised where the results are asked for
            failed: Future[Extraction] = Future()
            failed.set_exception(error)
            self._put(failed)
        else:
            self._put(None)

    def take_next(self, seconds: float) -> "Future[Extraction] | bool | None":
        """The next article's future when it is done, ``False`` when it is not, ``None`` after the last."""
        try:
            if self._first is None:
                self._first = self._given.get(timeout=seconds)
        except queue.Empty:
            return False
        if self._first is None:
            return None
        if not wait([self._first], timeout=seconds).done:
            return False
        future, self._first = self._first, None
        return future

    def list_finished(self) -> Iterator[Extraction]:
        """Yield what has been read and not been asked for."""
        futures = [self._first] if self._first else []
        while not self._given.empty():
            if (future := self._given.get()) is not None:
                futures.append(future)
        for future in futures:
            if future.done() and not future.exception():
                yield future.result()

    def close(self) -> None:
        """End the workers and what they read."""
        self._closed = True
        with self._room:
            self._room.notify_all()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _give(self, article: Article | Skipped) -> None:
        if isinstance(article, Skipped):
            told: Future[Extraction] = Future()
            told.set_result(_skip(Article(id=article.name, text=""), article.reason))
            self._put(told)
            return
        size = len(article.text)
        with self._room:
            while self._characters and self._characters + size > MOST_CHARACTERS:
                self._room.wait()
                if self._closed:
                    return
            self._characters += size
        try:
            self._put(self._threads.submit(self._read, article))
        except RuntimeError:
            if not self._closed:
                raise

    def _put(self, future: "Future[Extraction] | None") -> None:
        while not self._closed:
            try:
                self._given.put(future, timeout=ROUND)
            except queue.Full:
                continue
            return

    def _read(self, article: Article) -> Extraction:
        seconds = LEAST_SECONDS + len(article.text) / CHARACTERS_A_SECOND
        worker = self._idle.get()
        try:
            return worker.read(article, seconds, seconds * CLOCK_SHARE + STARTING)
        except ArticleError as error:
            return _skip(article, str(error))
        finally:
            self._idle.put(worker)
            with self._room:
                self._characters -= len(article.text)
                self._room.notify_all()


def _skip(article: Article, reason: str) -> Extraction:
    return Extraction(article=article, skipped=reason)


def _find_signal(name: str) -> int:
    import signal

    return int(getattr(signal, name, 0))


def main() -> int:
    """Read articles from standard input and answer each on standard output, until there are no more."""
    from geo.edition import extract_article

    given = sys.stdin.buffer
    # What a library prints is no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            article, seconds = pickle.load(given)  # noqa: S301 - from the program that started this one
        except EOFError:
            return 0
        _limit_computing(seconds)
        found: Any
        try:
            found = extract_article(article)
        except EntenteError as error:
            found = error
        except Exception as error:  # noqa: BLE001 - one article must not end the others
            found = _skip(article, f"Reading it failed ({type(error).__name__}: {error}).")
        pickle.dump(found, answers)
        answers.flush()
        del article, found


def _limit_computing(seconds: float) -> None:
    """Let the system kill this process after some more seconds of computing."""
    if sys.platform != "win32":
        import resource

        spent = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        limit = int(spent.ru_utime + spent.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


if __name__ == "__main__":
    sys.exit(main())
