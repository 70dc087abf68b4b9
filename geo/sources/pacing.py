"""Pacing: whose turn it is to ask a host something, and when it may be asked again."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from geo.errors import FetchError
from geo.records import Outcome

# Hosts that are remembered; those that are free again are forgotten first.
MOST_GATES = 10_000


@dataclass(slots=True)
class _Gate:
    """One host: who is inside or waits, when it may be asked again, and until when it asks for rest."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0
    opens: float = 0.0
    rests: float = 0.0


class Pacing:
    """Let in one request at a time of each host, ``pause`` seconds after the last one."""

    def __init__(self, pause: float, longest: float, sleep: Callable[[float], None]) -> None:
        self._pause, self._longest, self._sleep = pause, longest, sleep
        self._gates: dict[str, _Gate] = {}
        self._lock = threading.Lock()

    def enter(self, host: str) -> float:
        """Wait for the turn at a host and return the seconds that it took; :meth:`leave` must follow.

        Raises :class:`FetchError` where it takes longer than ``longest``, or the host rests.
        """
        began = time.monotonic()
        with self._lock:
            if len(self._gates) > MOST_GATES:
                self._forget(began)
            gate = self._gates.setdefault(host, _Gate())
            gate.waiting += 1
        if not gate.lock.acquire(timeout=self._longest):
            self._step_back(gate)
            raise FetchError(Outcome.BUSY, f"Too much is asked of the host {host} already.")
        now = time.monotonic()
        if gate.rests - now > self._longest:
            gate.lock.release()
            self._step_back(gate)
            wait = gate.rests - now
            msg = f"The host {host} asks for rest; it is asked again in {wait:,.0f} seconds."
            raise FetchError(Outcome.BUSY, msg, wait=wait)
        left = max(gate.opens, gate.rests) - now
        if left > 0:
            self._sleep(left)
        return time.monotonic() - began

    def leave(self, host: str) -> None:
        """Give the turn to the next."""
        gate = self._gates[host]
        gate.opens = time.monotonic() + self._pause
        gate.lock.release()
        self._step_back(gate)

    def hold(self, host: str, seconds: float) -> None:
        """Let a host rest for some seconds from now."""
        with self._lock:
            gate = self._gates.setdefault(host, _Gate())
            gate.rests = max(gate.rests, time.monotonic() + seconds)

    def _step_back(self, gate: _Gate) -> None:
        with self._lock:
            gate.waiting -= 1

    def _forget(self, now: float) -> None:
        self._gates = {
            host: gate
            for host, gate in self._gates.items()
            if gate.waiting or max(gate.opens, gate.rests) > now
        }


def read_wait(told: str | None) -> float | None:
    """Return the seconds of a header ``Retry-After``, a number or a date; ``None`` for anything else."""
    text = (told or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
