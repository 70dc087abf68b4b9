"""Hostile articles in a real browser: on the pages and in what is taken away, nothing of them runs."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from geo.store.segments import append_extractions
from tests.browser.serving import serve_app
from tests.browser.visiting import Visit, visit_app
from tests.security.payloads import DAY, PAYLOADS, make_hostile, make_refused

CLOCK = f"as_of={DAY}&known_on={DAY}"
# What a page holds that no page of the app does: a link that runs, and what asks for a file.
FOREIGN = (
    "a[href^='javascript' i], a[href^='data' i], .stMain img, .stMain object, .stMain iframe[srcdoc], "
    ".stMain form[action], base, meta[http-equiv=refresh]"
)


@pytest.fixture(scope="module")
def hostile(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Return a reader of an app whose store holds a hostile article for each payload."""
    folder = tmp_path_factory.mktemp("hostile") / "store"
    held = make_hostile()
    refused = (make_refused(extraction, number) for number, extraction in enumerate(held))
    append_extractions([*held, *refused], folder)
    with serve_app(folder) as address, visit_app(browser, address) as visit:
        yield visit


def check_page(page: Page) -> None:
    """Fail where a payload ran in a frame of the page."""
    for frame in page.frames:
        assert frame.evaluate("() => window.pwned ?? null") is None
    assert page.locator(FOREIGN).count() == 0


def test_the_map_and_its_panel_show_each_payload_as_text(hostile: Visit) -> None:
    hostile.open_map(f"/?focus=NOR&{CLOCK}")
    hostile.page.evaluate(
        "() => document.querySelectorAll('details').forEach(one => one.open = true)"
    )
    quotes = "\n".join(hostile.list_quotes(".stMain"))
    assert [payload for payload in PAYLOADS if "\0" not in payload and payload not in quotes] == []
    check_page(hostile.page)
    hostile.check()


def test_the_page_of_an_article_and_the_list_show_text(hostile: Visit) -> None:
    hostile.open("/article")
    hostile.page.get_by_text("skipped:").first.wait_for()
    check_page(hostile.page)
    for number in (0, 22, 36):
        held = make_hostile()[number].article
        hostile.open(f"/article?article={quote(held.id, safe='')}")
        text = hostile.page.locator(".e-text").text_content()
        assert text == held.text
        check_page(hostile.page)
    hostile.check()


def test_what_is_taken_away_runs_nothing_and_asks_for_nothing(
    hostile: Visit, browser: Browser, tmp_path: Path
) -> None:
    hostile.open_map(f"/?focus=NOR&table=1&{CLOCK}")
    with hostile.page.expect_download() as told:
        hostile.page.get_by_role("button", name="Map and quotes, HTML").click()
    target = tmp_path / "map.html"
    told.value.save_as(target)
    asked: list[str] = []
    wrong: list[str] = []
    refused: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "requestfailed",
        lambda request: refused.append(request.url) if request.failure == "csp" else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    try:
        page.goto(target.as_uri())
        page.locator("[data-ready]").wait_for()
        assert "window.top.pwned=1" in (page.locator("body").text_content() or "")
        check_page(page)
        assert wrong == []
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        # What a payload would do if it got past the templates: the page's policy stops it.
        page.evaluate(
            "() => { const script = document.createElement('script');"
            " script.textContent = 'window.pwned=1'; document.body.append(script);"
            " document.body.insertAdjacentHTML('beforeend',"
            " '<img src=https://evil.example/pwned.png onerror=window.pwned=1>'); }"
        )
        page.wait_for_timeout(200)
        check = "() => window.pwned ?? null"
        assert page.evaluate(check) is None
        assert any("Content Security Policy" in line for line in wrong)
        # Chromium tells what it did not send, and why.
        assert [url for url in asked if "evil.example" in url] == refused
    finally:
        context.close()
