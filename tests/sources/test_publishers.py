"""Publishers: the reviewed list, and lists from elsewhere and for elsewhere."""

from pathlib import Path

import pytest

from geo.errors import ArticleError, DataError
from geo.mentions.gazetteer import load_gazetteer
from geo.records import PublisherKind
from geo.sources import publishers
from geo.sources.addresses import PORTS, read_address
from geo.sources.publishers import (
    Feed,
    load_feeds,
    load_publishers,
    make_feeds,
    read_opml,
    write_opml,
)


def test_reviewed_feeds_are_of_many_countries_and_kinds() -> None:
    feeds = load_feeds()
    assert {feed.country for feed in feeds} <= set(load_gazetteer().countries)
    assert len({feed.country for feed in feeds}) >= 40
    assert {feed.kind for feed in feeds} == set(PublisherKind)
    both = ({"RUS", "UKR"}, {"ISR", "PSE", "IRN"}, {"IND", "PAK"}, {"CHN", "TWN"}, {"ARM", "AZE"})
    for sides in both:
        assert sides <= {feed.country for feed in feeds}


def test_reviewed_addresses_are_plain_addresses_of_the_web() -> None:
    for feed in load_feeds():
        address = read_address(feed.url)
        assert address.port == PORTS[address.scheme]
        assert address.url == feed.url


def test_a_publisher_has_one_row() -> None:
    assert len(load_publishers()) == len(load_feeds())
    assert load_publishers()["TASS"].kind is PublisherKind.STATE
    assert load_publishers()["TASS"].country == "RUS"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "names no feed"),
        ('<outline xmlUrl="https://a.example/" country="FRA" kind="secret"/>', "secret"),
        ("<outline", "no XML"),
    ],
)
def test_a_wrong_list_of_our_own_stops_the_program(
    body: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(f"<opml><body>{body}</body></opml>")
    monkeypatch.setattr(publishers, "REVIEWED", path)
    with pytest.raises(DataError, match=reason):
        load_feeds.__wrapped__()


def test_a_list_is_written_and_read_again() -> None:
    feeds = (
        Feed(url="https://a.example/?a=1&b=2", title='A "&" <b>\n\x01', language="en"),
        Feed(url="https://b.example/", country="FRA", kind="state"),
    )
    text = write_opml(feeds, "Mine & <others>")
    one, other = read_opml(text.encode())
    assert one == Feed(url=feeds[0].url, title='A "&" <b>\ufffd\ufffd', language="en")
    assert other == Feed(url=feeds[1].url, title=feeds[1].url, country="FRA", kind="state")


def test_a_list_names_each_feed_once_and_not_too_many() -> None:
    outline = {"xmlUrl": "https://a.example/", "text": "A"}
    assert make_feeds([outline, outline]) == (Feed(url="https://a.example/", title="A"),)
    with pytest.raises(ArticleError, match="in parts"):
        make_feeds({"xmlUrl": f"https://a.example/{number}"} for number in range(1001))
    with pytest.raises(ArticleError, match="names no feed"):
        make_feeds([])
