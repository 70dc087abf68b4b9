"""The errors that Entente raises on purpose.

::

    EntenteError
    ├── DataError       the project's own tables are wrong: stop
    ├── ArticleError    one article cannot be read: skip it, count it
    ├── UnknownCountry  a country code or name that the gazetteer does not hold
    ├── BadDate         a date that is not written YYYY-MM-DD
    └── StoreError      the store cannot be read or written
"""


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


class StoreError(EntenteError, OSError):
    """The store cannot be read or written; the message says where it lies."""
