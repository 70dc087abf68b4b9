"""Terminal: what is given on a command line and what is shown beside it."""

import re
from datetime import date

from geo.errors import BadDate


def make_plain(text: str) -> str:
    """Return a text from outside as one line that a terminal shows and does not obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def read_day(text: str) -> date:
    """Return the day that a text names; raises :class:`BadDate`."""
    msg = f"“{text[:40]}” is no date; write it as YYYY-MM-DD."
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise BadDate(msg)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(msg) from error
