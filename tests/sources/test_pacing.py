"""Pacing: when a host may be asked again."""

import time
from email.utils import formatdate

import pytest

from geo.errors import FetchError
from geo.records import Outcome
from geo.sources import pacing
from geo.sources.pacing import Pacing, read_wait


@pytest.mark.parametrize(
    ("told", "wait"),
    [("120", 120.0), (" 0 ", 0.0), ("9" * 400, 999_999_999.0), ("-5", None), ("1.5", None)],
)
def test_a_wait_in_seconds_is_read(told: str, wait: float | None) -> None:
    assert read_wait(told) == wait


@pytest.mark.parametrize(
    "told", [None, "", "soon", "²", "Mon, 99 Foo 2026", "Mon, 1 Jan 99999 0:0 GMT"]
)
def test_what_is_no_wait_is_none(told: str | None) -> None:
    assert read_wait(told) is None


def test_a_wait_until_a_date_is_read() -> None:
    now = time.time()
    assert read_wait(formatdate(now + 60, usegmt=True)) == pytest.approx(60, abs=2)
    # Without a zone it is universal time, as the standard has it.
    assert read_wait(formatdate(now + 60)) == pytest.approx(60, abs=2)
    assert read_wait(formatdate(now - 60, usegmt=True)) == 0


def test_who_waits_too_long_for_a_turn_is_told() -> None:
    turns = Pacing(0, 0.05, time.sleep)
    turns.enter("news.example")
    with pytest.raises(FetchError) as raised:
        turns.enter("news.example")
    assert raised.value.outcome is Outcome.BUSY
    assert turns.enter("other.example") < 0.05
    turns.leave("news.example")
    assert turns.enter("news.example") < 0.05


def test_hosts_that_are_free_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "MOST_GATES", 10)
    turns = Pacing(0, 1, time.sleep)
    turns.hold("resting.example", 1000)
    for number in range(100):
        turns.enter(f"{number}.example")
        turns.leave(f"{number}.example")
    assert len(turns._gates) <= 12
    with pytest.raises(FetchError):
        turns.enter("resting.example")
