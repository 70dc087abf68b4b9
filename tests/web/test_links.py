"""Links: only what is safe is linked, and nothing in an address can leave it."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.paths import ROOT
from geo.web.links import LONGEST_LINK, check_link, find_link, link_to_words
from geo.web.quotes import describe_quote
from tests.samples import make_context, make_evidence
from tests.web.parsed import Parsed, write_part


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://news.example/a?b=c#d", True),
        ("HTTP://news.example", True),
        (" https://news.example ", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://news.example/\nx", False),
        ("data:text/html,x", False),
        ("//news.example/x", False),
        ("/x", False),
        ("https://", False),
        ("https://user@evil.example", False),
        ("https:\\\\evil.example", False),
        ("https://[bad", False),
        ("https://news.example:port/", False),
        ('https://news.example"onmouseover=alert(1)/', False),
        ("https://news.example\u202e.evil/", False),
        (f"https://news.example/{'x' * 2048}", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_links_are_linked(url: str | None, is_safe: bool) -> None:  # noqa: FBT001
    assert (check_link(url) is not None) is is_safe
    row = describe_quote(make_evidence(url=url), make_context())
    shown = Parsed(write_part("quote", row))
    assert len(shown.links) == (2 if is_safe else 1)


@pytest.mark.parametrize(
    ("url", "quote", "expected"),
    [
        ("https://a.example/x", "", "https://a.example/x"),
        (
            "https://a.example/x",
            "A met B, twice.",
            "https://a.example/x#:~:text=A%20met%20B%2C%20twice.",
        ),
        ("https://a.example/x#top", "A-B", "https://a.example/x#top:~:text=A%2DB"),
        (
            "https://a.example/x",
            "one two three four five six seven eight nine ten eleven",
            "https://a.example/x#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven",
        ),
        ("https://a.example/x", "<b>&", "https://a.example/x#:~:text=%3Cb%3E%26"),
    ],
)
def test_a_link_leads_to_the_words_on_the_publishers_page(
    url: str, quote: str, expected: str
) -> None:
    assert link_to_words(url, quote) == expected


@pytest.mark.parametrize(
    ("url", "address", "host"),
    [
        (
            "https://news.example/><script>alert(1)</script>",
            "https://news.example/%3E%3Cscript%3Ealert(1)%3C/script%3E",
            "news.example",
        ),
        (
            "https://news.example/\"?a=<b>#'c'^",
            "https://news.example/%22?a=%3Cb%3E#'c'%5E",
            "news.example",
        ),
        ("https://news.example/a%20b%zz", "https://news.example/a%20b%25zz", "news.example"),
        ("https://news.example/é", "https://news.example/%C3%A9", "news.example"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://аpple.example/", "https://xn--pple-43d.example/", "xn--pple-43d.example"),
        ("https://faß.example", "https://xn--fa-hia.example", "xn--fa-hia.example"),
        ("https://news.example:8080/[1]", "https://news.example:8080/%5B1%5D", "news.example"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x", "2001:db8::1"),
    ],
)
def test_what_has_no_place_in_a_url_is_encoded(url: str, address: str, host: str) -> None:
    link = find_link(url)
    assert link is not None
    assert (link.address, link.host) == (address, host)
    assert check_link(address) == address


@given(st.text(max_size=60), st.text(max_size=30))
def test_an_address_has_only_what_a_url_may_hold(path: str, words: str) -> None:
    link = find_link(f"https://news.example/{path}", words)
    if link:
        assert re.fullmatch(r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*", link.address)
        assert re.search(r"%(?![0-9A-F]{2})", link.address, re.IGNORECASE) is None
        assert link.host == "news.example"


def test_words_that_make_an_address_too_long_are_left_out() -> None:
    url = "https://news.example/x"
    assert link_to_words(url, "é" * LONGEST_LINK) == url
    assert link_to_words(url, "\ud800 a") == f"{url}#:~:text=%3F%20a"


def test_a_template_links_only_to_the_app_and_to_checked_addresses() -> None:
    own = {
        "link.address",  # from the filter "link", in parts.html
        "row.inside",
        "row.link",
        "cell.link",
        "change.link",
        "stripe.link",
        "row.id | link_article",
        "query",
    }
    found = set()
    for path in (ROOT / "geo/web/templates").glob("*"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"""(?:href|src)=["']?\{\{ (.*?) \}\}""", source))
        assert "| safe" not in source, path
        assert html.unescape(source) == source, path
    assert found == own
