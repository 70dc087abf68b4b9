"""Web pages: the article inside a page of HTML, read by trafilatura in a child of its own."""

from collections.abc import Mapping

from geo.errors import ArticleError
from geo.reading.child import read_apart

FIELDS = ("title", "date", "sitename", "url", "text")


def read_webpage(markup: str) -> Mapping[str, str | None]:
    """Return a page's title, date (YYYY-MM-DD), sitename, url and text, ``None`` for what it lacks.

    Raises :class:`ArticleError` where no article is found or the page takes too long.
    """
    found: Mapping[str, str | None] = read_apart(parse_webpage, markup.encode("utf-8", "replace"))
    return found


def parse_webpage(source: bytes) -> dict[str, str | None]:
    """Return the fields of a page in UTF-8 as :func:`read_webpage` does; to be run in a child alone."""
    from trafilatura import bare_extraction

    document = bare_extraction(source.decode("utf-8"), with_metadata=True, include_comments=False)
    found = {name: getattr(document, name, None) or None for name in FIELDS}
    if not found["text"]:
        msg = "No article was found in this page. Paste the article's text instead."
        raise ArticleError(msg)
    # One line is one block of the page, and an empty line is what parts paragraphs.
    found["text"] = found["text"].replace("\n", "\n\n")
    return found
