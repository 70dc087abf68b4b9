"""Syndication: feeds as they are written, and as they should not be."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo.errors import ArticleError
from geo.reading.child import read_apart
from geo.sources.syndication import (
    MOST_ENTRIES,
    parse_opml,
    parse_syndication,
    read_markup,
    read_moment,
)

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbor &amp; News</title>
<language>en-gb</language>{}</channel></rss>"""
ITEM = """<item><title>Norway &amp;amp; Sweden sign</title><link>https://news.example/1</link>
<guid>tag:1</guid><pubDate>Fri, 18 Sep 2026 23:30:00 -0500</pubDate>
<description>&lt;p&gt;Norway and Sweden &lt;b&gt;signed&lt;/b&gt; it.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;
&lt;script&gt;run()&lt;/script&gt;</description></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbor</title>
<entry><id>tag:1</id><title type="html">Norway &amp;lt; Sweden</title>
<link href="https://news.example/1"/><updated>2026-09-18T12:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">They <i>met</i>.</div></content>
</entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc>
<n:news><n:publication><n:name>Harbor</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2026-09-18</n:publication_date><n:title>Norway meets Sweden</n:title></n:news>
</url><url><loc>https://news.example/about</loc></url></urlset>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Harbor",
    "language": "en",
    "items": [
        {
            "id": "1",
            "url": "https://news.example/1",
            "title": "Norway meets Sweden",
            "content_html": "<p>They met.</p>",
            "date_published": "2026-09-18T12:00:00Z",
        },
        7,
        {"id": 2, "title": ["no text"], "date_published": 5},
    ],
}


def read(text: str | bytes, kind: str = "") -> dict:
    return parse_syndication(text if isinstance(text, bytes) else text.encode(), kind=kind)


def test_rss_is_read() -> None:
    found = read(RSS.format(ITEM))
    assert (found["is"], found["title"], found["language"]) == ("feed", "Harbor & News", "en-gb")
    [entry] = found["entries"]
    assert entry["title"] == "Norway & Sweden sign"
    assert entry["text"] == "Norway and Sweden signed it.\n\nMore."
    assert entry["link"] == "https://news.example/1"
    assert entry["id"] == "tag:1"
    assert read_moment(entry["published"]) == datetime(2026, 9, 19, 4, 30, tzinfo=UTC)
    assert entry["updated"] == ""


def test_atom_is_read() -> None:
    [entry] = read(ATOM)["entries"]
    assert entry["title"] == "Norway < Sweden"
    assert entry["text"] == "They met."
    assert entry["updated"] == "2026-09-18T12:00:00+00:00"


def test_a_news_sitemap_is_read_without_the_pages_that_are_no_news() -> None:
    found = read(SITEMAP)
    assert (found["title"], found["language"]) == ("Harbor", "en")
    [entry] = found["entries"]
    assert entry["title"] == "Norway meets Sweden"
    assert entry["published"] == "2026-09-18"


def test_json_feed_is_read_and_what_is_no_text_left_out() -> None:
    found = read(json.dumps(JSON))
    assert [entry["title"] for entry in found["entries"]] == ["Norway meets Sweden", ""]
    assert found["entries"][0]["text"] == "They met."
    assert found["entries"][1] == dict.fromkeys(found["entries"][0], "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        '{"version": "https://jsonfeed.org/version/1", "items": 3}',
        "plain words",
        "<!DOCTYPE html><html><title>Log in</title></html>",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>',
        "%PDF-1.7",
        "\0\0\0",
    ],
)
def test_what_is_no_feed_is_none(text: str) -> None:
    assert read(text) == {"is": "none"}


@pytest.mark.parametrize(
    ("charset", "declared", "kind"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("windows-1252", "windows-1252", "text/xml"),
        ("windows-1252", "utf-8", "text/xml; charset=windows-1252"),
        # Declared wrongly everywhere: the letters are what they may be, the rest stays.
        ("windows-1252", "utf-8", "text/xml; charset=utf-8"),
        ("utf-16", "utf-16", "text/xml"),
    ],
)
def test_a_charset_that_is_told_wrongly_loses_no_entry(
    charset: str, declared: str, kind: str
) -> None:
    text = RSS.format(ITEM.replace("Norway &", "Côte d’Ivoire &")).replace(
        '"1.0"', f'"1.0" encoding="{declared}"'
    )
    [entry] = read(text.encode(charset), kind)["entries"]
    assert entry["title"].endswith("& Sweden sign")
    if declared == charset or charset in kind:
        assert entry["title"].startswith("Côte d’Ivoire")


def test_no_more_entries_are_read_than_are_wanted() -> None:
    found = read_apart(parse_syndication, RSS.format(ITEM * 10_000).encode())
    assert len(found["entries"]) == MOST_ENTRIES
    assert found["left"] == 9000


def test_a_field_has_a_limit_and_is_unicode() -> None:
    told = dict(JSON, items=[{"id": "x" * 9999, "title": "\ud800\0a", "summary": "y" * 99_999}])
    [entry] = read(json.dumps(told))["entries"]
    assert len(entry["id"]) == 4096
    assert len(entry["text"]) == 20_000
    assert entry["title"] == "?a"


def test_the_last_entry_of_a_feed_that_breaks_off_is_no_trouble() -> None:
    found = read(RSS.format(ITEM * 3)[:-100])
    assert len(found["entries"]) >= 2


LAUGHS = (
    "<!DOCTYPE rss ["
    '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


@pytest.mark.parametrize("form", [RSS, SITEMAP, "<opml><body>{}</body></opml>"])
def test_entities_are_not_laughed_at(form: str) -> None:
    text = form.replace('<?xml version="1.0"?>', "").replace("Norway meets Sweden", "&a11;")
    text = LAUGHS + text.replace("{}", "<item><title>&a11;</title></item>")
    try:
        found = read_apart(parse_syndication, text.encode(), kind="text/xml")
    except ArticleError:
        return
    assert len(json.dumps(found)) < 10_000


@pytest.mark.parametrize("form", [RSS, SITEMAP])
def test_files_of_this_machine_are_not_read(form: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = form.replace('<?xml version="1.0"?>', "").replace("Norway meets Sweden", "a &x; b")
    text = head + text.replace("{}", "<item><title>a &x; b</title></item>")
    try:
        found = read(text)
    except ArticleError:
        return
    assert "secret" not in json.dumps(found)


def test_bytes_are_never_taken_for_an_address_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS.format(ITEM))
    assert read(str(path)) == {"is": "none"}
    assert read(path.as_uri()) == {"is": "none"}


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain & simple, 3 < 5", "plain & simple, 3 < 5"),
        ("a &amp; b", "a & b"),
        ("one<br>two", "one\n\ntwo"),
        ("<p>one</p> <p>two <b>three</b></p>", "one\n\ntwo three"),
        ("a<script>b</script>c<style>d</style>e", "ace"),
        ("a<!-- b -->c", "ac"),
        ("<img src=x onerror=run()>", ""),
        ("", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert read_markup(markup) == text


def test_deep_markup_ends() -> None:
    assert "x" in read_markup("<div>" * 200 + "x")
    read_markup("<div>" * 40_000 + "x")


def test_a_list_of_feeds_is_read() -> None:
    feed = '<outline xmlUrl="https://a.example/" kind="state"/>'
    text = f'<opml><body><outline text="a">{feed}</outline></body></opml>'
    assert read(text)["is"] == "opml"
    assert parse_opml(text.encode()) == [{"xmlUrl": "https://a.example/", "kind": "state"}]
    with pytest.raises(ArticleError, match="no XML"):
        parse_opml(b"feeds")


@pytest.mark.parametrize("told", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_none(told: str) -> None:
    assert read_moment(told) is None
