"""Feeds: each gives articles or says by name why not, and none holds up another."""

import time
from contextlib import ExitStack
from datetime import UTC, date, datetime

import pytest
from answering import Answer, Server, drip, give, lead, serve

from geo.errors import ArticleError
from geo.records import DateBasis, Outcome
from geo.sources import feeds as module
from geo.sources.feeds import Reading, Validators, read_feed, read_feeds
from geo.sources.fetching import Client
from geo.sources.publishers import Feed
from geo.sources.robots import Robots

TODAY = date(2026, 9, 20)


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse without a child, which other tests have; hundreds of them take minutes."""
    monkeypatch.setattr(module, "read_apart", lambda parse, source, **told: parse(source, **told))


def write_item(
    number: int = 1,
    title: str = "Norway meets Sweden",
    text: str = "They met in Oslo.",
    **told: str,
) -> str:
    parts = {
        "link": f"https://news.example/{number}",
        "guid": f"tag:{number}",
        "pubDate": "Fri, 18 Sep 2026 12:00:00 GMT",
        "title": title,
        "description": text,
    } | told
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inside}</item>"


def write_rss(*items: str, title: str = "Harbor News") -> bytes:
    head = f"<title>{title}</title><language>en</language>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def give_feed(*items: str, **headers: str) -> Answer:
    return give(200, write_rss(*items), "application/rss+xml", **headers)


def make_client(*servers: Server, **given) -> Client:
    return Client(allowed=frozenset(server.place for server in servers), pause=0, **given)


def look(answer: Answer, *, feed: Feed | None = None, **given) -> Reading:
    with serve({"/feed": answer}) as server:
        asked = feed or Feed(url=server.name("/feed"))
        return read_feed(asked, make_client(server), today=TODAY, **given)


def test_an_entry_becomes_an_article() -> None:
    reading = look(
        give_feed(write_item(), ETag='"1"', Last_Modified="Fri, 18 Sep 2026 12:00:00 GMT")
    )
    assert reading.outcome is Outcome.FETCHED
    assert reading.validators == Validators(
        etag='"1"', last_modified="Fri, 18 Sep 2026 12:00:00 GMT"
    )
    [article] = reading.articles
    assert article.title == "Norway meets Sweden"
    assert article.text == "They met in Oslo."
    assert article.url == article.source == "https://news.example/1"
    assert article.publisher == "Harbor News"
    assert article.language == "en"
    assert (article.date_published, article.date_basis) == (date(2026, 9, 18), DateBasis.STATED)
    assert article.revision == int(datetime(2026, 9, 18, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "link",
    [
        "https://news.example/1?utm_source=rss&amp;utm_medium=feed",
        "https://news.example:443/1?fbclid=abc",
        "https://NEWS.example/1?",
    ],
)
def test_one_page_has_one_address_whoever_counts_its_clicks(link: str) -> None:
    [article] = look(give_feed(write_item(link=link))).articles
    assert article.url == article.source == "https://news.example/1"


def test_a_feed_is_read_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_apart(parse, *_: object, **__: object) -> None:
        raise ArticleError(parse.__name__)

    monkeypatch.setattr(module, "read_apart", read_apart)
    reading = look(give_feed(write_item()))
    assert (reading.outcome, reading.reason) == (Outcome.NO_FEED, "parse_syndication")


def test_what_the_list_tells_of_a_publisher_goes_before_the_feed() -> None:
    with serve({"/feed": give_feed(write_item())}) as server:
        feed = Feed(url=server.name("/feed"), title="Harbor")
        [article] = read_feed(feed, make_client(server), today=TODAY).articles
    assert article.publisher == "Harbor"


def test_a_feed_that_did_not_change_is_told_by_its_validators() -> None:
    before = Validators(etag='"1"', last_modified="Fri, 18 Sep 2026 12:00:00 GMT")

    def answer(handler) -> None:
        asked = handler.headers
        same = (
            asked["If-None-Match"] == '"1"' and asked["If-Modified-Since"] == before.last_modified
        )
        handler.give(304 if same else 500, kind=None)

    reading = look(answer, validators=before)
    assert (reading.outcome, reading.validators) == (Outcome.UNCHANGED, before)
    assert reading.articles == ()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (give(404), Outcome.MISSING),
        (give(410), Outcome.GONE),
        (give(429, Retry_After="90"), Outcome.BUSY),
        (give(500), Outcome.FAILED),
        (give(403), Outcome.CLOSED),
        (give(200, b"<!DOCTYPE html><html>Log in</html>", "text/html"), Outcome.NO_FEED),
        (give(200, b"", "application/rss+xml"), Outcome.NO_FEED),
        (give(200, b"GIF89a", "image/gif"), Outcome.WRONG_KIND),
        (give(200, b"x" * 5_000_001, "text/xml"), Outcome.TOO_LARGE),
        (lead("http://127.0.0.1/"), Outcome.REFUSED),
        (lead("/feed"), Outcome.REDIRECTS),
    ],
)
def test_each_fault_has_its_name_and_its_reason(answer: Answer, outcome: Outcome) -> None:
    before = Validators(etag='"1"')
    reading = look(answer, validators=before)
    assert reading.outcome is outcome
    assert reading.reason
    assert reading.validators == before
    assert reading.is_over is (outcome is Outcome.GONE)
    assert reading.wait == (90 if outcome is Outcome.BUSY else None)


def test_a_slow_feed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = Client.fetch
    monkeypatch.setattr(Client, "fetch", lambda *a, **k: fetch(*a, **k, deadline=0.3))
    assert look(drip(b"HTTP/1.1 200 OK\r\n", b"X")).outcome is Outcome.SLOW


def test_a_move_for_good_is_told() -> None:
    answers = {"/feed": lead("/new", 301), "/new": give_feed(write_item())}
    with serve(answers) as server:
        feed = Feed(url=server.name("/feed"))
        reading = read_feed(feed, make_client(server), today=TODAY)
        assert reading.moved_to == server.name("/new")
    assert len(reading.articles) == 1


def test_entries_that_are_there_twice_count_once_and_the_newest_first() -> None:
    reading = look(give_feed(write_item(text="New."), write_item(text="Old.")))
    assert [article.text for article in reading.articles] == ["New."]


def test_one_id_for_all_entries_loses_none() -> None:
    items = (write_item(number, guid="same") for number in range(3))
    assert len({article.id for article in look(give_feed(*items)).articles}) == 3


def test_entries_without_link_and_id_are_told_apart_by_their_text() -> None:
    items = [write_item(link="", guid="", text=text) for text in ("One.", "Two.", "One.")]
    reading = look(give_feed(*items))
    assert [article.text for article in reading.articles] == ["One.", "Two."]
    assert {article.url for article in reading.articles} == {None}


def test_the_same_entry_has_the_same_id_and_a_changed_one_another() -> None:
    before, same, after = (
        look(give_feed(write_item(text=text))).articles[0] for text in ("One.", "One.", "Two.")
    )
    assert before.id == same.id != after.id
    assert before.source == after.source


@pytest.mark.parametrize("told", ["", "soon", "Fri, 18 Sep 2099 12:00:00 GMT", "1 Jan 0001"])
def test_a_date_that_is_missing_or_impossible_is_none(told: str) -> None:
    [article] = look(give_feed(write_item(pubDate=told))).articles
    assert article.date_published is None
    assert article.date_basis is DateBasis.UNKNOWN


def test_an_entry_without_a_summary_is_its_headline_and_one_without_both_is_told() -> None:
    reading = look(give_feed(write_item(text=""), write_item(2, title="", text="")))
    assert [article.text for article in reading.articles] == ["Norway meets Sweden"]
    assert [skipped.reason for skipped in reading.skipped] == [
        "The entry has neither title nor text."
    ]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://a@b.example/"]
)
def test_a_link_that_is_none_of_the_web_is_left_out(link: str) -> None:
    [article] = look(give_feed(write_item(link=link))).articles
    assert article.url is None


def test_a_relative_link_belongs_to_the_feed() -> None:
    with serve({"/feed": give_feed(write_item(link="/world/1"))}) as server:
        feed = Feed(url=server.name("/feed"))
        [article] = read_feed(feed, make_client(server), today=TODAY).articles
        assert article.url == server.name("/world/1")


def test_entries_beyond_the_limit_are_told() -> None:
    reading = look(give_feed(*(write_item(number) for number in range(1010))))
    assert len(reading.articles) == 1000
    assert "10 more entries" in reading.skipped[0].reason


def test_a_dead_feed_among_a_hundred_holds_up_no_other() -> None:
    with ExitStack() as stack:
        good = stack.enter_context(serve({"/feed": give_feed(write_item())}))
        hosts = [f"host{number}.example:{good.server_address[1]}" for number in range(99)]
        dead = stack.enter_context(serve({"/feed": drip(b"", b"H")}))
        client = Client(
            allowed=frozenset({*hosts, dead.place}), pause=0, resolve=lambda *_: ["127.0.0.1"]
        )
        listed = [Feed(url=dead.name("/feed")), *(Feed(url=f"http://{h}/feed") for h in hosts)]
        began = time.monotonic()
        alone = [reading.outcome for reading in read_feeds(listed[1:], client, today=TODAY)]
        took = time.monotonic() - began
        began, arrived = time.monotonic(), []
        readings = read_feeds(listed, client, today=TODAY)
        for reading in readings:
            arrived.append(reading.outcome)
            if len(arrived) == 99:
                break
        late = time.monotonic() - began - took
        dead.closing.set()
        readings.close()
    assert alone == arrived == [Outcome.FETCHED] * 99
    assert late < 1


# pages behind entries -----------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><title>Envoy</title></head><body><article><p>Norway recalled its
ambassador from Sweden on Monday, the ministry in Oslo said in a long statement to the press.</p>
<p>Sweden called the step regrettable and said that it would answer in the coming days.</p></article>
</body></html>"""


def follow(robots: Answer, page: Answer) -> tuple[Reading, list[str]]:
    with serve({"/robots.txt": robots, "/world/1": page}) as server:
        server.answers["/feed"] = give_feed(write_item(link="/world/1"))
        client = make_client(server)
        feed = Feed(url=server.name("/feed"))
        reading = read_feed(feed, client, today=TODAY, robots=Robots(client))
        return reading, [path for path, _ in server.asked]


def test_the_page_behind_an_entry_is_read_where_it_is_allowed() -> None:
    reading, _ = follow(give(404), give(200, PAGE.encode(), "text/html"))
    [article] = reading.articles
    assert article.text.startswith("Norway recalled")
    assert article.title == "Norway meets Sweden"
    assert article.date_published == date(2026, 9, 18)


def test_the_page_behind_an_entry_is_not_asked_for_where_it_is_not_allowed() -> None:
    reading, asked = follow(
        give(200, b"User-agent: *\nDisallow: /world"), give(200, PAGE.encode(), "text/html")
    )
    assert [article.text for article in reading.articles] == ["They met in Oslo."]
    assert asked == ["/feed", "/robots.txt"]


def test_an_entry_stays_where_its_page_cannot_be_read() -> None:
    for page in (
        give(500),
        give(200, b"%PDF", "application/pdf"),
        give(200, b"<html>", "text/html"),
    ):
        reading, _ = follow(give(404), page)
        assert [article.text for article in reading.articles] == ["They met in Oslo."]


def test_no_page_is_asked_for_without_the_owners_wish() -> None:
    with serve({"/feed": give_feed(write_item(link="/world/1"))}) as server:
        [reading] = read_feeds([Feed(url=server.name("/feed"))], make_client(server), today=TODAY)
        assert len(reading.articles) == 1
        assert [path for path, _ in server.asked] == ["/feed"]


def test_of_feeds_that_arrive_together_one_waits_for_the_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside: list[int] = []
    most: list[int] = []

    def read_apart(parse, source: bytes, **told: str):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return parse(source, **told)

    monkeypatch.setattr(module, "read_apart", read_apart)
    with ExitStack() as stack:
        servers = [stack.enter_context(serve({"/feed": give_feed(write_item())})) for _ in range(8)]
        listed = [Feed(url=server.name("/feed")) for server in servers]
        assert len([*read_feeds(listed, make_client(*servers), today=TODAY)]) == 8
    assert most == [1] * 8
