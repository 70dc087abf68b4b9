"""The news in a real browser: a first visit sees the map fill while it looks."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from portal import serve_portal

from geo.mentions.gazetteer import load_gazetteer
from tests.browser.serving import serve_app
from tests.browser.visiting import open_page

TODAY = datetime.now().astimezone().date()
# More than it takes for the map to be drawn anew.
SANCTIONED = ("BRA", "CHL", "COL", "ECU", "IND", "JPN", "KEN", "MEX", "MLI", "PER", "SWE", "TUR")


def test_a_first_visit_sees_the_map_fill_with_the_news(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    find_context: Callable[..., BrowserContext],
) -> None:
    countries = load_gazetteer().countries
    with serve_portal() as portal:
        for name, value in portal.settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ENTENTE_REFRESH", "on")
        monkeypatch.setenv("ENTENTE_SOURCES", f"wikipedia:{TODAY - timedelta(days=3)}..")
        for back in range(4):
            portal.write(
                TODAY - timedelta(days=back),
                *(
                    f"Norway imposes sanctions on {countries[code].name}."
                    for code in SANCTIONED[back::4]
                ),
            )
        with (
            serve_app(tmp_path / "store") as address,
            open_page(find_context(), address) as visit,
        ):
            visit.open_map("/?focus=NOR")
            expect(visit.page.locator(".e-lede")).to_contain_text(
                re.compile(r"12 countries hostile"), timeout=120_000
            )
            visit.wait_for_map()
            drawn = visit.list_values()
            assert {code for code in drawn if drawn[code] == "hostile"} == set(SANCTIONED)
            expect(visit.page.locator(".e-lede")).to_contain_text("reports")
            visit.check()
