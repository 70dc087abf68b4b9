"""Addresses of a visitor: a page or a feed is read, and each failure is told."""

from datetime import date

import pytest

from geo.errors import ArticleError
from geo.sources.fetching import Client
from geo.web.own_addresses import MOST_ENTRIES, fetch_articles, hold_client, list_addresses
from tests.answering import Server, give, serve

TODAY = date(2026, 9, 18)
PAGE = b"<html><title>Pact</title><p>Norway signed a fishing pact with Sweden on Monday.</p></html>"
ITEM = "<item><title>Norway thanked Sweden, {0}</title><link>https://news.example/{0}</link></item>"
FEED = "<rss><channel><title>The Fjord</title>{}</channel></rss>"
LIST = '<opml version="2.0"><body><outline type="rss" xmlUrl="{}"/></body></opml>'


def make_client(server: Server) -> Client:
    return Client(allowed=frozenset({server.place}), pause=0)


@pytest.mark.parametrize(
    ("pasted", "addresses"),
    [
        (" https://a.example/b ", ["https://a.example/b"]),
        (
            "https://a.example\nhttp://b.example https://a.example",
            ["https://a.example", "http://b.example"],
        ),
        ("See https://a.example", []),
        ("ftp://a.example", []),
        ("javascript:alert(1)", []),
        ("", []),
    ],
)
def test_a_text_of_addresses_alone_is_no_text(pasted: str, addresses: list[str]) -> None:
    assert list_addresses(pasted) == addresses


def test_a_page_gives_its_article() -> None:
    with serve({"/a": give(200, PAGE, "text/html")}) as server:
        (article,), skipped = fetch_articles(server.name("/a"), make_client(server), TODAY)
    assert "Norway signed a fishing pact with Sweden on Monday." in article.text
    assert article.url == server.name("/a")
    assert skipped == ()


def test_a_feed_gives_its_first_entries_and_tells_of_the_others() -> None:
    entries = "".join(ITEM.format(number) for number in range(MOST_ENTRIES + 5))
    with serve({"/f": give(200, FEED.format(entries).encode(), "text/xml")}) as server:
        articles, skipped = fetch_articles(server.name("/f"), make_client(server), TODAY)
        assert [path for path, _ in server.asked] == ["/f"]
    assert [article.title for article in articles][:2] == [
        "Norway thanked Sweden, 0",
        "Norway thanked Sweden, 1",
    ]
    assert len(articles) == MOST_ENTRIES
    assert [left.reason for left in skipped] == ["20 of its 25 entries are read."]


def test_a_list_of_feeds_leads_nowhere() -> None:
    with serve() as server:
        server.answers["/l"] = give(200, LIST.format(server.name("/f")).encode(), "text/xml")
        with pytest.raises(ArticleError, match="It is no feed"):
            fetch_articles(server.name("/l"), make_client(server), TODAY)
        assert [path for path, _ in server.asked] == ["/l"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (give(404), "nothing at this address"),
        (give(403), "does not give it to us"),
        (give(500), "has a fault"),
        (give(200, b"GIF89a", "image/gif"), "which is not read"),
        (give(302, Location="http://10.0.0.1/"), "not on the public internet"),
    ],
)
def test_a_failure_says_what_is_wrong(answer, message: str) -> None:
    with serve({"/a": answer}) as server, pytest.raises(ArticleError, match=message):
        fetch_articles(server.name("/a"), make_client(server), TODAY)


def test_without_a_network_the_visitor_is_told_so() -> None:
    client = Client(resolve=lambda _host, _port: ())
    with pytest.raises(
        ArticleError, match=r"news\.example is not found\. This server may have no network"
    ):
        fetch_articles("https://news.example/a", client, TODAY)


def test_a_visitor_reaches_no_place_that_the_owner_lets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve({"/a": give(200, PAGE, "text/html")}) as server:
        monkeypatch.setenv("ENTENTE_ALLOW_HOSTS", server.place)
        hold_client.cache_clear()
        with pytest.raises(ArticleError, match="is not opened"):
            fetch_articles(server.name("/a"), hold_client(), TODAY)
        assert server.asked == []
