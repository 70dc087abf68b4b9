"""Status: what the refresher of a store did, does and will do, as a file beside the segments."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from geo.errors import StoreError
from geo.store.segments import place_file
from geo.tables import make_adapter

NAME = "refresh.json"
# Reasons and sources that are told one by one; the file and the page stay short.
MOST_TOLD = 20
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source that gives nothing, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is known of a refresher.

    ``reading`` is the source that is read now, ``next_run`` when the next round begins; one of the two is
    ``None``. ``there``, ``new``, ``relations`` and ``skipped``, a number for each reason, count what the
    last round saw. ``reached`` is the day of each source down to which all is read, and ``followed`` the
    last day on which it was looked at. Times are in UTC.
    """

    sources: tuple[str, ...] = ()
    since: date | None = None
    began: datetime | None = None
    succeeded: datetime | None = None
    next_run: datetime | None = None
    reading: str | None = None
    new: int = 0
    there: int = 0
    relations: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failing: tuple[Trouble, ...] = ()
    reached: dict[str, date] = field(default_factory=dict)
    followed: dict[str, date] = field(default_factory=dict)


def read_status(folder: Path) -> Status | None:
    """Return what the refresher of a store last told; ``None`` where it told nothing that can be read."""
    try:
        path = folder / NAME
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        found: Status = make_adapter(Status).validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found


def write_status(status: Status, folder: Path) -> None:
    """Tell what the refresher does; who reads it sees the old or the new. Raises :class:`StoreError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place_file(make_adapter(Status).dump_json(status, indent=1), folder / NAME)
    except OSError as error:
        msg = f"The store in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error
