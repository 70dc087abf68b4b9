"""Settings: what the owner of a deployment sets in the environment; Streamlit puts its secrets there too."""

import os
import re
from dataclasses import dataclass
from datetime import date, timedelta

from geo.errors import BadSetting

SOURCES = ("wikipedia:2002-01-01..",)
HOURS = 3.0
# A portal that is asked more often has hardly changed.
LEAST_HOURS, MOST_HOURS = 0.25, 24.0 * 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which news is followed, from which day on, and after how many hours it is looked at again."""

    sources: tuple[str, ...] = SOURCES
    since: date | None = None
    pause: timedelta = timedelta(hours=HOURS)


def follows_news() -> bool:
    """Say whether the app follows the news by itself: unless ``ENTENTE_REFRESH`` is ``off``."""
    return os.environ.get("ENTENTE_REFRESH", "").strip().lower() != "off"


def read_settings() -> Settings:
    """Return what ``ENTENTE_SOURCES``, ``ENTENTE_SINCE`` and ``ENTENTE_REFRESH_HOURS`` say.

    Sources are parted by spaces or line ends. Raises :class:`BadSetting` that names what is wrong.
    """
    told = {name: os.environ.get(f"ENTENTE_{name}", "").strip() for name in ("SINCE", "SOURCES")}
    return Settings(
        sources=tuple(dict.fromkeys(told["SOURCES"].split())) or SOURCES,
        since=_read_since(told["SINCE"]) if told["SINCE"] else None,
        pause=_read_hours(os.environ.get("ENTENTE_REFRESH_HOURS", "").strip()),
    )


def _read_since(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    msg = f"ENTENTE_SINCE is “{text[:40]}” and no date; write it as YYYY-MM-DD."
    raise BadSetting(msg)


def _read_hours(text: str) -> timedelta:
    try:
        hours = float(text or HOURS)
    except ValueError:
        hours = 0.0
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        msg = f"ENTENTE_REFRESH_HOURS is “{text[:40]}”; give hours from {LEAST_HOURS} to {MOST_HOURS:.0f}."
        raise BadSetting(msg)
    return timedelta(hours=hours)
