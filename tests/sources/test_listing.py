"""Listing: what a reader may name as a source, and what comes of it."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from answering import give, serve
from test_feeds import PAGE, write_item, write_rss

from geo.__main__ import main
from geo.errors import ArticleError
from geo.records import Article, DateBasis, Skipped
from geo.sources import listing
from geo.sources.fetching import Client
from geo.sources.listing import is_source, list_articles, read_feed
from geo.sources.publishers import Feed, load_feeds, write_opml

if TYPE_CHECKING:
    from geo.sources.feeds import Validators

TODAY = date(2026, 9, 20)
RSS = give(200, write_rss(write_item(), write_item(2, text="Another.")), "text/xml")


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("https://news.example/feed", True),
        ("HTTP://news.example", True),
        ("feeds:", True),
        ("mine.OPML", True),
        ("wikipedia:2026-09-18", True),
        ("news.txt", False),
        ("-", False),
        ("feeds", False),
    ],
)
def test_sources_of_the_network_are_known(source: str, known: bool) -> None:  # noqa: FBT001
    assert is_source(source) is known


def test_an_address_may_be_a_feed_a_page_a_list_or_nothing() -> None:
    with serve({"/feed": RSS, "/page": give(200, PAGE.encode(), "text/html")}) as server:
        text = write_opml([Feed(url=server.name("/feed"), title="Harbor")], "Mine")
        server.answers["/list"] = give(200, text.encode(), "text/x-opml")
        server.answers["/none"] = give(200, b"words", "text/plain")
        client = Client(allowed=frozenset({server.place}), pause=0)
        found = {
            path: [*list_articles(server.name(path), today=TODAY, client=client)]
            for path in ("/feed", "/page", "/list", "/none", "/lost")
        }
    assert [article.text for article in found["/feed"]] == ["They met in Oslo.", "Another."]
    assert found["/page"][0].text.startswith("Norway recalled")
    assert {article.publisher for article in found["/list"]} == {"Harbor"}
    assert all(isinstance(found[path][0], Skipped) for path in ("/none", "/lost"))
    assert "HTTP 404" in found["/lost"][0].reason


def test_days_of_wikipedia_are_asked_of_the_wiki_that_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENTENTE_WIKIPEDIA", "https://127.0.0.1:9/api.php")
    (closed,) = list_articles("wikipedia:2026-09-18", today=TODAY, client=Client())
    assert isinstance(closed, Skipped)
    assert closed.name == "wikipedia:2026-09-18..2026-09-18"
    assert "not opened" in closed.reason
    (wrong,) = list_articles("wikipedia:yesterday", today=TODAY, client=Client())
    assert isinstance(wrong, Skipped)
    assert "names no days" in wrong.reason


def test_what_the_reader_tells_goes_before_what_a_feed_says() -> None:
    with serve({"/feed": RSS}) as server:
        client = Client(allowed=frozenset({server.place}), pause=0)
        day = date(2026, 9, 1)
        told = {"publisher": "Mine", "date_published": day}
        for article in list_articles(server.name("/feed"), today=TODAY, client=client, **told):
            assert isinstance(article, Article)
            assert (article.publisher, article.date_published) == ("Mine", day)
            assert article.date_basis is DateBasis.STATED


def test_the_reviewed_list_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve({"/feed": RSS}) as server:
        monkeypatch.setattr(listing, "load_feeds", lambda: (Feed(url=server.name("/feed")),))
        client = Client(allowed=frozenset({server.place}), pause=0)
        assert len([*list_articles("feeds:", today=TODAY, client=client)]) == 2
    assert len(load_feeds()) > 100


def test_a_dead_feed_and_a_move_are_told(tmp_path: Path) -> None:
    with serve({"/feed": RSS, "/dead": give(410)}) as server:
        server.answers["/old"] = give(301, Location="/feed")
        path = tmp_path / "mine.opml"
        path.write_text(write_opml([Feed(url=server.name(p)) for p in ("/old", "/dead")], "Mine"))
        client = Client(allowed=frozenset({server.place}), pause=0)
        found = [*list_articles(str(path), today=TODAY, client=client)]
        told = {skipped.name: skipped.reason for skipped in found if isinstance(skipped, Skipped)}
        assert "gone for good" in told[server.name("/dead")]
        assert server.name("/feed") in told[server.name("/old")]
        assert len(found) == 4


@pytest.mark.parametrize(("content", "reason"), [(None, "no such file"), ("words", "no XML")])
def test_a_list_that_is_none_is_told(content: str | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.opml"
    if content:
        path.write_text(content)
    [skipped] = list_articles(str(path), today=TODAY)
    assert reason in skipped.reason


def test_a_feed_is_ingested_twice_and_stored_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve({"/feed": RSS}) as server:
        monkeypatch.setenv("ENTENTE_ALLOW_HOSTS", server.place)
        for _ in range(2):
            assert main(["ingest", "--store", str(tmp_path), server.name("/feed")]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2 new")
    assert second.startswith("0 new")
    assert "2 already there" in second


def test_a_feed_that_has_not_changed_since_the_last_look_gives_nothing() -> None:
    asked: list[str | None] = []

    def answer(handler: Any) -> None:
        asked.append(handler.headers["If-None-Match"])
        if asked[-1] == '"1"':
            handler.give(304, kind=None)
        else:
            give(200, write_rss(write_item()), "text/xml", ETag='"1"')(handler)

    with serve({"/feed": answer, "/other": answer}) as server:
        text = write_opml([Feed(url=server.name("/other"), title="Harbor")], "Mine")
        server.answers["/list"] = give(200, text.encode(), "text/x-opml")
        client = Client(allowed=frozenset({server.place}), pause=0)
        known: dict[str, Validators] = {}
        looks = [
            [
                len(
                    [
                        *list_articles(
                            server.name(path), today=TODAY, client=client, validators=known
                        )
                    ]
                )
                for path in ("/feed", "/list")
            ]
            for _ in range(3)
        ]
    assert looks == [[1, 1], [0, 0], [0, 0]]
    assert asked == [None, None, *['"1"'] * 4]


def test_a_feed_in_a_file_gives_its_entries() -> None:
    found = list(
        read_feed(write_rss(write_item(), write_item(2, text="Another.")), "a/b", today=TODAY)
    )
    assert [article.text for article in found if isinstance(article, Article)][1] == "Another."
    assert len(found) == 2


def test_a_list_of_feeds_in_a_file_is_followed() -> None:
    with serve({"/feed": RSS}) as server:
        client = Client(allowed=frozenset({server.place}), pause=0)
        source = write_opml([Feed(url=server.name("/feed"), title="Harbor")], "Mine").encode()
        found = list(read_feed(source, "mine.xml", today=TODAY, client=client))
    assert [article.publisher for article in found if isinstance(article, Article)] == [
        "Harbor"
    ] * 2


def test_a_file_that_is_no_feed_says_so() -> None:
    with pytest.raises(ArticleError, match="no feed"):
        list(read_feed(b"<urls/>", "mine.xml", today=TODAY))
