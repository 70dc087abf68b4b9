"""A text of a visitor's own: it is read apart, in turn, within limits that are told."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pytest

from geo.edition import extract_article
from geo.errors import ArticleError
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import ROOT
from geo.records import Article
from geo.web import own_text
from geo.web.own_text import LONGEST_TEXT, MOST_WAITING, Desk, make_article

POISON = Path(__file__).parents[1] / "faults" / "poison"
SLEPT = Article(id="own", text="Chad slept.")


def look_on() -> None:
    """See that the visitor is there."""


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(POISON), str(ROOT)]))
    desk = Desk()
    yield desk
    desk.worker.close()


def test_a_text_is_read_in_another_process_that_only_a_text_starts(desk: Desk) -> None:
    assert desk.worker.find_process() is None
    text = "Norway and Sweden signed a pact."
    assert desk.read(Article(id="own", text=text), look_on).relations
    assert desk.worker.find_process() not in {None, os.getpid()}


def test_a_text_that_takes_too_long_is_stopped_and_the_next_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_text, "SECONDS", 1)
    with pytest.raises(ArticleError, match=r"more than 1 seconds.*Paste a part of it"):
        desk.read(Article(id="own", text="LOOP"), look_on)
    assert desk.read(SLEPT, look_on).mentions


def test_three_wait_and_the_next_is_told_that_the_desk_is_busy(desk: Desk) -> None:
    with ThreadPoolExecutor(MOST_WAITING + 1) as pool:
        stalled = Article(id="own", text="STALL")
        reading = [pool.submit(desk.read, stalled, look_on) for _ in range(MOST_WAITING + 1)]
        while len(desk._turns) <= MOST_WAITING:
            time.sleep(0.01)
        with pytest.raises(ArticleError, match="Try again in a minute"):
            desk.read(SLEPT, look_on)
        while desk.worker.find_process() is None:
            time.sleep(0.01)
        desk.worker.close()
        assert all(isinstance(future.exception(), ArticleError) for future in reading)
    assert not desk._turns


def test_a_visitor_who_leaves_while_waiting_is_not_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_text, "PATIENCE", 6)

    def leave() -> None:
        raise KeyError

    with ThreadPoolExecutor() as pool:
        first = pool.submit(desk.read, Article(id="own", text="STALL"), look_on)
        while not desk._turns:
            time.sleep(0.01)
        with pytest.raises(KeyError):
            desk.read(SLEPT, leave)
        assert len(desk._turns) == 1
        assert isinstance(first.exception(), ArticleError)


def test_a_text_that_is_too_long_is_refused() -> None:
    told = {"title": "", "publisher": "", "day": None, "today": date(2024, 5, 17)}
    assert LONGEST_TEXT == 60_000
    assert make_article("Chad " * 12_000, None, **told).text
    with pytest.raises(ArticleError, match="190,000 characters, and 60,000 can be read at once"):
        make_article("Chad " * 38_000, None, **told)


def name_countries(number: int) -> list[str]:
    return [country.name for country in load_gazetteer().countries.values()][:number]


def write_plain(length: int) -> str:
    """Return a text of a length in which each sentence names three countries, as news may."""
    names = cycle(name_countries(60))
    pacts = (
        f"{one}, {next(names)} and {next(names)} signed a pact on fishing in the north."
        for one in names
    )
    return " ".join(islice(pacts, length // 50))[:length]


def measure(text: str) -> float:
    """Return the seconds of computing that a text takes to read."""
    before = time.process_time()
    extract_article(Article(id="own", text=text))
    return time.process_time() - before


COSTLY = {
    "a vote": ", ".join(name_countries(40))
    + " voted against "
    + ", ".join(name_countries(80)[40:])
    + ".",
    "regions": "Gulf states accused Central Asian nations. " * 85,
}


@pytest.mark.parametrize("name", COSTLY)
def test_no_text_costs_many_times_what_a_plain_one_of_its_length_does(name: str) -> None:
    extract_article(Article(id="own", text=write_plain(200)))
    text = COSTLY[name]
    assert measure(text) < 8 * measure(write_plain(len(text)))
