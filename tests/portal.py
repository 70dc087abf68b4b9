"""A wiki on this machine that holds days of a portal, as quick as a test needs it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qs, urlsplit

from answering import Answer, Handler, Server, serve

from geo.sources.wikipedia import name_page


@dataclass
class Portal:
    """The pages of days, each a revision and its items; ``asked`` are the titles of each request."""

    server: Server
    pages: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    status: int = 200

    @property
    def settings(self) -> dict[str, str]:
        """The environment in which this wiki is asked."""
        return {
            "ENTENTE_WIKIPEDIA": self.server.name("/api.php"),
            "ENTENTE_ALLOW_HOSTS": self.server.place,
        }

    def write(self, day: date, *items: str, revision: int = 1) -> None:
        self.pages[name_page(day)] = (revision, items)

    def answer(self, handler: Handler) -> None:
        titles = parse_qs(urlsplit(handler.path).query)["titles"][0].split("|")
        self.asked.append(titles)
        pages = [self._show(title) for title in titles if title in self.pages]
        body = json.dumps({"query": {"pages": pages}}).encode()
        handler.give(self.status, body, "application/json")

    def _show(self, title: str) -> Mapping[str, object]:
        revision, items = self.pages[title]
        text = "{{Current events|year=2026|month=1|day=1|content=\n%s\n}}"
        content = text % "\n".join(f"* {item}" for item in items)
        return {
            "title": title,
            "fullurl": self.server.name(f"/wiki/{title.replace(' ', '_')}"),
            "revisions": [{"revid": revision, "slots": {"main": {"content": content}}}],
        }


class _Answers(dict[str, Answer]):
    """The wiki at every address, save those that a test gives an answer of their own."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self._portal = portal

    def get(self, path: str, default: object = None) -> Answer | None:  # type: ignore[override]
        del default
        return super().get(path) or (self._portal.answer if path.startswith("/api.php?") else None)


@contextmanager
def serve_portal() -> Iterator[Portal]:
    with serve() as server:
        portal = Portal(server)
        server.answers = _Answers(portal)
        yield portal
