"""The errors that Entente raises on purpose.

::

    EntenteError
    ├── DataError       the project's own tables are wrong: stop
    ├── ArticleError    one article cannot be read: skip it, count it
    ├── UnknownCountry  a country code or name that the gazetteer does not hold
    ├── BadDate         a date that is not written YYYY-MM-DD
    ├── BadSetting      a setting of the environment that cannot be followed
    ├── FetchError      an address cannot be fetched: tell it, go on with the others
    └── StoreError      the store cannot be read or written
"""

from geo.records import Outcome


class EntenteError(Exception):
    """Base class of all errors that Entente raises on purpose."""


class DataError(EntenteError, ValueError):
    """A table under ``data/`` breaks its own rules; the message has file, line and column."""


class ArticleError(EntenteError, ValueError):
    """One article cannot be read; the message says why and what would help."""


class UnknownCountry(EntenteError, KeyError):  # noqa: N818 - reads as a sentence where it is raised
    """A code or name is no country of the gazetteer."""

    def __str__(self) -> str:
        """Return the message without the quotes that ``KeyError`` adds."""
        return str(self.args[0]) if self.args else ""


class BadDate(EntenteError, ValueError):  # noqa: N818 - reads as a sentence where it is raised
    """A text is no calendar date in the form YYYY-MM-DD."""


class BadSetting(EntenteError, ValueError):  # noqa: N818 - reads as a sentence where it is raised
    """A setting of the environment cannot be followed; the message names it and what it may be."""


class StoreError(EntenteError, OSError):
    """The store cannot be read or written; the message says where it lies."""


class FetchError(EntenteError):
    """An address gave nothing; the message says why.

    ``outcome`` names what happened. ``wait`` is the time in seconds after which its server asks to be
    asked again, ``None`` where it says nothing. ``moved_to`` is where it said on the way that the address
    has moved for good.
    """

    def __init__(
        self,
        outcome: Outcome,
        message: str,
        *,
        wait: float | None = None,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.wait = wait
        self.moved_to = moved_to
