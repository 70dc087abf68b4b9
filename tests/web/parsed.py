"""HTML as a reader meets it: its tags, its links, its text, and what is marked in it."""

import html
import re
from html.parser import HTMLParser

from geo.web.rendering import load_environment


class Parsed(HTMLParser):
    """Collect the tags, attributes and text of some HTML."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(str(content))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def line(self) -> str:
        """The text as a page shows it, without what stands between its parts."""
        return "".join(part.strip() for part in self.text.split("\n"))


def find_marks(content: str, kind: str) -> list[str]:
    """Return the texts that are marked with a class."""
    found = re.findall(r'<mark class="([^"]*)"[^>]*>(.*?)</mark>', content, re.DOTALL)
    return [html.unescape(text) for kinds, text in found if kind in kinds.split()]


def write_part(name: str, *values: object) -> str:
    """Return a part that several templates share, filled with values."""
    parts = load_environment().get_template("parts.html").module
    return str(getattr(parts, name)(*values))
