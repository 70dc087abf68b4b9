"""Payloads: hostile text in every field stays text on every page, in every file, and in every message.

This reads what is sent with a parser of HTML; tests/browser/test_browser_payloads.py runs it in Chromium.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from lxml import html
from streamlit.testing.v1 import AppTest

from geo.errors import ArticleError
from geo.paths import ROOT
from geo.reading.files import read_article
from geo.reading.lines import read_lines
from geo.records import Skipped
from geo.store.segments import append_extractions
from geo.web import downloads
from geo.web.exports import escape_cell
from geo.web.links import check_link
from geo.web.rendering import render
from tests.security.payloads import DAY, PAYLOADS, make_hostile, make_refused

# fmt: off
ELEMENTS = frozenset({
    "a", "b", "blockquote", "br", "cite", "code", "dd", "details", "div", "dl", "dt", "em", "footer", "h1",
    "h2", "h3", "header", "i", "li", "main", "mark", "nav", "ol", "p", "q", "section", "small", "span",
    "style", "summary", "svg", "table", "tbody", "td", "th", "thead", "tr", "ul",
})
ATTRIBUTES = frozenset({
    "aria-hidden", "aria-label", "aria-pressed", "class", "colspan", "hidden", "href", "id", "lang", "open",
    "rel", "role", "scope", "style", "tabindex", "target", "title",
})
# fmt: on
# Where links lead: to pages of the app, to a part of the same page, and to a checked address.
OWN_LINK = re.compile(r"(?:article\?|pair\?|\.?\?|\./|#|\.$|https://(?!evil\.example/pwned\"))")
CLOCK = {"as_of": DAY.isoformat(), "known_on": DAY.isoformat()}
DAYS = {"from": "2024-01-01", "to": DAY.isoformat()}
# A text that is shown is the stored one, but for what HTML itself cannot hold.
SHOWN = [payload for payload in PAYLOADS if "\0" not in payload]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of hostile articles, read and skipped."""
    folder = tmp_path_factory.mktemp("hostile")
    held = make_hostile()
    refused = (make_refused(extraction, number) for number, extraction in enumerate(held))
    append_extractions([*held, *refused], folder)
    return folder


@pytest.fixture
def taken(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Let the pages read the hostile store, and collect the files that they offer."""
    files: dict[str, str] = {}

    def keep(_label: str, data: object, *, file_name: str, **_told: object) -> bool:
        assert callable(data)
        files[Path(file_name).suffix.removeprefix(".")] = data()
        return False

    monkeypatch.setenv("ENTENTE_STORE", str(store))
    monkeypatch.setattr(st, "download_button", keep)
    monkeypatch.setattr(downloads, "find_address", lambda: "https://map.example/")
    st.cache_resource.clear()
    yield files
    st.cache_resource.clear()


def open_page(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update(params)
    if page != "app.py":
        app.switch_page(page)
        app.query_params.update(params)
    app.run()
    assert not app.exception, app.exception
    return app


def check_html(content: str) -> str:
    """Fail where HTML holds an element, an attribute or a link that is not the app's; return its text."""
    root = html.fragment_fromstring(content, create_parent="main")
    for element in root.iterdescendants():
        assert isinstance(element.tag, str), element
        assert element.tag in ELEMENTS, html.tostring(element)
        names = {name for name in element.attrib if not name.startswith("data-")}
        assert names <= ATTRIBUTES, html.tostring(element)
        assert OWN_LINK.match(element.get("href", "#")), element.get("href")
        for name in ("style", "class"):
            assert "pwned" not in element.get(name, "")
    return str(root.text_content())


def read_page(app: AppTest) -> str:
    """Return the text of a page; fail where a payload is sent in anything but HTML and lists of choices."""
    shown = "\n".join(
        check_html(element.proto.body) for element in app.get("html") if is_text(element)
    )
    for kind in ("markdown", "caption", "text", "error", "warning", "info", "title", "header"):
        assert not [element for element in app.get(kind) if "pwned" in str(element.proto)], kind
    for element in app.get("component_instance"):
        assert "pwned" not in element.proto.json_args
    return shown


def is_text(element: object) -> bool:
    """Return whether HTML is what a template wrote; what asks for files is the app's alone."""
    body = str(element.proto.body)  # type: ignore[attr-defined]
    if "<script" in body or "<style" in body or "<link" in body:
        assert "pwned" not in body
        return False
    return True


def test_there_are_forty_payloads_and_each_has_an_article() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) == len(make_hostile()) == 40


def test_the_map_shows_each_payload_as_the_text_that_is_stored(taken: dict[str, str]) -> None:
    shown = read_page(open_page("app.py", focus="NOR", table="1", **CLOCK))
    assert [payload for payload in SHOWN if payload not in shown] == []
    check_files(taken)


def test_files_of_places_in_accords_and_of_two_days_hold_text_alone(taken: dict[str, str]) -> None:
    read_page(open_page("app.py", lens="accord", accord=PAYLOADS[1], table="1", **CLOCK))
    assert "Malta joined" not in taken["md"]
    check_files(taken, fewest=1)
    read_page(open_page("pages/compare.py", focus="NOR", table="1", **DAYS))
    check_files(taken)


def check_files(taken: dict[str, str], fewest: int = len(SHOWN)) -> None:
    """Fail where one of the files lets a payload out of its text."""
    assert set(taken) == {"csv", "geojson", "gpkg", "parquet", "jsonl", "md", "html"}
    rows = list(csv.reader(io.StringIO(taken["csv"], newline="")))
    assert [cell for row in rows for cell in row if escape_cell(cell) != cell] == []
    json.loads(taken["geojson"])
    lines = [json.loads(line) for line in taken["jsonl"].split("\n") if line]
    titles = {line["title"] for line in lines}
    assert len(titles & {*PAYLOADS}) >= fewest
    assert {line["url"] for line in lines if line["title"] in PAYLOADS} <= {
        None,
        *map(check_link, PAYLOADS),
    }
    assert not re.search(r"(?<!\\)<(?!https?://[^<>\s]*>)", taken["md"])
    assert not re.search(r"(?<!\\)[`\[\]$]", taken["md"])
    check_export(taken["html"])


def check_export(page: str) -> None:
    """Fail where the page that is taken away holds an element that is not its own, or lets others in."""
    root = html.document_fromstring(page)
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert allowed["default-src"] == "'none'"
    assert (allowed["base-uri"], allowed["form-action"]) == ("'none'", "'none'")
    assert "unsafe" not in allowed["script-src"]
    scripts = root.xpath("//script")
    assert len(scripts) == len(allowed["script-src"].split())
    assert not [script for script in scripts if "pwned" in script.text_content()]
    (body,) = root.xpath("//body")
    for script in scripts:
        script.drop_tree()
    check_html(re.sub(r"^<body[^>]*>|</body>\s*$", "", html.tostring(body, encoding="unicode")))


def test_articles_and_what_was_skipped_are_listed_as_text(taken: dict[str, str]) -> None:
    shown = read_page(open_page("pages/article.py"))
    assert taken == {}
    assert "skipped: " in shown


@pytest.mark.parametrize("number", [0, 22, 29, 33, 35, 39])
def test_the_page_of_an_article_shows_it_as_it_is_stored(
    taken: dict[str, str], number: int
) -> None:
    held = make_hostile()[number]
    app = open_page(
        "pages/article.py", article=held.article.id, quote=f"0-{len(held.article.text)}"
    )
    assert taken == {}
    shown = read_page(app)
    assert PAYLOADS[number] in shown or "\0" in PAYLOADS[number]


def test_what_an_address_asks_for_comes_back_as_text(taken: dict[str, str]) -> None:
    names = ("focus", "country", "as_of", "known_on", "lens", "sort", "accord", "borders", "lang")
    for payload in PAYLOADS[::8]:
        read_page(open_page("app.py", **dict.fromkeys(names, payload)))
    assert taken == {}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_of_a_file_and_a_message_stay_text(payload: str) -> None:
    reasons = []
    try:
        reasons.append(read_article(b"%PDF-1.7", name=payload).id)
    except ArticleError as error:
        reasons.append(str(error))
    line = json.dumps({"id": payload, "text": "x", "date_published": payload, payload: payload})
    reasons += [
        told for found in read_lines([line.encode()]) if isinstance(found, Skipped)
        for told in (found.name, found.reason)
    ]  # fmt: skip
    assert len(reasons) == 3
    shown = check_html(render("notices.html", texts=[payload, *reasons], kind="problem"))
    assert payload in shown or "\0" in payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_link_is_one_address_of_the_web_or_none(payload: str) -> None:
    link = check_link(payload)
    assert link is None or re.fullmatch(r"https?://[!#$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]+", link)
