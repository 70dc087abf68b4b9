"""Pages: the article of a page arrives with its date, its address and its letters."""

from datetime import date

import pytest
from answering import give, lead, serve

from geo.errors import ArticleError, FetchError
from geo.records import DateBasis, Outcome
from geo.sources.fetching import Client, Fetched
from geo.sources.pages import decode_page, fetch_page

TODAY = date(2026, 9, 20)
PAGE = """<!DOCTYPE html><html><head><title>Norway recalls its envoy</title>
<meta property="article:published_time" content="{day}T08:00:00Z">
<meta property="og:site_name" content="Harbor News"></head><body><article>
<h1>Norway recalls its envoy</h1>
<p>Norway recalled its ambassador from Sweden on Monday, the ministry in Oslo said in a statement.</p>
<p>Sweden called the step “regrettable” and said that it would answer in the coming days, near Malmö.</p>
</article></body></html>"""


def fetch(answers: dict, path: str = "/"):
    with serve(answers) as server:
        client = Client(allowed=frozenset({server.place}), pause=0)
        return fetch_page(server.name(path), client, today=TODAY), server.name()


def test_a_page_becomes_an_article() -> None:
    page = give(200, PAGE.format(day="2026-09-18").encode(), "text/html; charset=utf-8")
    article, root = fetch({"/": lead("/envoy"), "/envoy": page})
    assert article.title == "Norway recalls its envoy"
    assert "“regrettable”" in article.text
    assert article.publisher == "Harbor News"
    assert article.date_published == date(2026, 9, 18)
    assert article.date_basis is DateBasis.STATED
    assert article.url == article.source == f"{root}envoy"


def test_a_date_that_no_article_can_have_is_none() -> None:
    page = give(200, PAGE.format(day="2099-01-01").encode(), "text/html")
    article, _ = fetch({"/": page})
    assert article.date_published is None


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(FetchError) as raised:
        fetch({"/": give(200, b"%PDF-1.7", "application/pdf")})
    assert raised.value.outcome is Outcome.WRONG_KIND
    with pytest.raises(ArticleError):
        fetch({"/": give(200, b"%PDF-1.7", "text/html")})


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/html; charset=windows-1251", "windows-1251"),
        ("text/html; charset=zlib", "utf-8"),
        ("text/html; charset=none-such", "utf-8"),
        ("text/html; charset=utf-8", "windows-1252"),
        ("text/html", "windows-1252"),
    ],
)
def test_letters_arrive_whatever_charset_is_told(kind: str, charset: str) -> None:
    text = "Встреча в Осло" if charset == "windows-1251" else "A meeting in Malmö in the spring"
    fetched = Fetched("https://a.example/", 200, {"content-type": kind}, text.encode(charset))
    assert decode_page(fetched) == text
