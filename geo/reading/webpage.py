"""Web pages: the article inside a page of HTML, read by trafilatura in a process of its own.

Pages come from outside and can be built to take all time or memory, so the reading runs in a child that
may be killed: ``python -m geo.reading.webpage`` takes the page on standard input and prints one JSON object.
"""

import json
import subprocess
import sys
from collections.abc import Mapping

from geo.errors import ArticleError
from geo.paths import ROOT

# A page of 2 MB takes about one second; the child's import takes one more.
SECONDS = 20
# Address space of the child: trafilatura and lxml need about 250 MB with a large page.
BYTES = 1_500_000_000
FIELDS = ("title", "date", "sitename", "url", "text")


def read_webpage(markup: str) -> Mapping[str, str | None]:
    """Return a page's title, date (YYYY-MM-DD), sitename, url and text, ``None`` for what it lacks.

    Raises :class:`ArticleError` where no article is found or the page takes too long.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "geo.reading.webpage"],
            input=markup.encode("utf-8", "replace"),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            # Python looks for modules in the folder where it runs before any other.
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired as error:
        msg = f"The page takes longer than {SECONDS} seconds to read. Paste the article's text."
        raise ArticleError(msg) from error
    if done.returncode != 0:
        msg = "The page cannot be read as HTML. Paste the article's text instead."
        raise ArticleError(msg)
    found: Mapping[str, str | None] = json.loads(done.stdout)
    if not found["text"]:
        msg = "No article was found in this page. Paste the article's text instead."
        raise ArticleError(msg)
    return found


def main() -> int:
    """Read a page from standard input and print its fields as JSON."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from trafilatura import bare_extraction

    markup = sys.stdin.buffer.read().decode("utf-8")
    document = bare_extraction(markup, with_metadata=True, include_comments=False)
    found = {name: getattr(document, name, None) or None for name in FIELDS}
    if found["text"]:
        # One line is one block of the page, and an empty line is what parts paragraphs.
        found["text"] = found["text"].replace("\n", "\n\n")
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
