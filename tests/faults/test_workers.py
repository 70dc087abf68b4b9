"""Workers: one article may end or hold up its worker, and takes no other with it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import workers
from geo.edition import extract_articles
from geo.errors import ArticleError
from geo.paths import ROOT
from geo.records import Article, Skipped
from geo.workers import Worker, extract_apart

POISON = Path(__file__).parent / "poison"
SAID = "Chad condemned Sudan on Monday. Norway and Sweden signed a pact."


@pytest.fixture(autouse=True)
def lay_poison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(POISON), str(ROOT)]))


def make_articles(*texts: str) -> list[Article | Skipped]:
    return [Article(id=str(number), text=text) for number, text in enumerate(texts)]


def test_the_number_of_workers_changes_nothing() -> None:
    texts = [f"{SAID} Mali left Niger {number} times." for number in range(9)]
    articles = [*make_articles(*texts, " "), Skipped("gone", "There is no such file.")]
    alone = list(extract_articles(articles))
    assert alone[0].relations
    for number in (1, 3):
        assert list(extract_apart(articles, number)) == alone


def test_what_ends_its_worker_is_set_aside_with_the_reason_and_alone() -> None:
    articles = make_articles(SAID, "POISON", SAID, "FAULT", SAID, "POISON")
    found = list(extract_apart(articles, 2))
    assert [extraction.article.id for extraction in found] == ["0", "1", "2", "3", "4", "5"]
    reasons = [extraction.skipped for extraction in found]
    assert reasons == [
        None,
        workers.LOST,
        None,
        "Reading it failed (KeyError: 'FAULT').",
        None,
        workers.LOST,
    ]
    assert all(found[number].relations for number in (0, 2, 4))


@pytest.mark.parametrize(("text", "patience"), [("STALL", 8), ("LOOP", 500)])
def test_what_holds_up_its_worker_is_given_up(text: str, patience: float) -> None:
    worker = Worker()
    try:
        with pytest.raises(ArticleError, match="longer than 1 seconds, so it was stopped"):
            worker.read(Article(id="a", text=text), 1, patience)
        assert worker.find_process() is None
        assert worker.read(Article(id="b", text="Chad slept."), 60, 600).mentions
    finally:
        worker.close()


def test_a_worker_that_was_killed_while_it_had_nothing_to_do_is_started_again() -> None:
    worker = Worker()
    try:
        worker.read(Article(id="a", text="Chad slept."), 60, 600)
        process = worker.find_process()
        assert process is not None
        os.kill(process, 9)
        while process == worker.find_process() and worker._process.poll() is None:
            pass
        assert worker.read(Article(id="b", text="Chad slept."), 60, 600).mentions
        assert worker.find_process() != process
    finally:
        worker.close()


def test_what_the_articles_raise_is_raised_after_those_before() -> None:
    def break_off() -> Iterator[Article]:
        yield Article(id="a", text="Chad slept.")
        raise OSError(5, "the disk is gone")

    found = extract_apart(break_off(), 2)
    assert next(found).article.id == "a"
    with pytest.raises(OSError, match="the disk is gone"):
        next(found)


def test_little_is_held_however_many_articles_there_are() -> None:
    asked = []

    def list_many() -> Iterator[Article]:
        for number in range(100_000):
            asked.append(number)
            yield Article(id=str(number), text="Chad slept.")

    found = extract_apart(list_many(), 1)
    next(found)
    found.close()
    assert len(asked) <= workers.AHEAD + 4


def test_when_it_is_stopped_what_was_read_is_yielded() -> None:
    stopped = False
    found = extract_apart(make_articles(*[SAID] * 200), 2, lambda: not stopped)
    first = [next(found), next(found)]
    stopped = True
    read = [*first, *found]
    assert [extraction.article.id for extraction in first] == ["0", "1"]
    assert all(extraction.relations for extraction in read)
    assert len(read) <= 2 + 2 * workers.AHEAD + 2
