"""Web pages: the article inside a page of HTML, read by trafilatura in a child of its own."""

import json
from collections.abc import Mapping, Sequence

from geo.errors import ArticleError
from geo.reading.child import read_apart

FIELDS = ("title", "date", "sitename", "url", "text")


def read_webpage(markup: str) -> Mapping[str, str | None]:
    """Return a page's title, date (YYYY-MM-DD), sitename, url and text, ``None`` for what it lacks.

    Raises :class:`ArticleError` where no article is found or the page takes too long.
    """
    found: Mapping[str, str | None] = read_apart(parse_webpage, markup.encode("utf-8", "replace"))
    return found


def read_webpages(markups: Sequence[str]) -> list[Mapping[str, str | None] | ArticleError]:
    """Return of each of a few pages its fields as :func:`read_webpage` does, or why it has no article.

    They share one child; where one of them ends it, each is read by itself.
    """
    try:
        found = read_apart(parse_webpages, json.dumps(list(markups)).encode())
        return [ArticleError(told["error"]) if "error" in told else told for told in found]
    except ArticleError as error:
        if len(markups) == 1:
            return [error]
        return [told for markup in markups for told in read_webpages([markup])]


def parse_webpages(source: bytes) -> list[dict[str, str | None]]:
    """Return the fields of each page of a list in JSON, or its ``error``; to be run in a child alone."""
    found: list[dict[str, str | None]] = []
    for markup in json.loads(source):
        try:
            found.append(parse_webpage(markup.encode("utf-8", "replace")))
        except ArticleError as error:
            found.append({"error": str(error)})
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
