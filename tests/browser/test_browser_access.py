"""The app for those who use a keyboard, a phone or a screen reader, by day and by night."""

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.visiting import PHONE, Visit

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def test_the_keyboard_reaches_the_quotes_and_their_links(visit: Visit) -> None:
    visit.open_map("/?country=SAU")
    visit.page.locator(".e-panel summary").first.focus()
    reached = set()
    for _ in range(6):
        reached.add(visit.page.evaluate("() => document.activeElement.innerText"))
        visit.page.keyboard.press("Tab")
    assert {"In the article", "How this was read"} <= reached


def test_the_keyboard_reaches_the_first_quote_in_ten_stops(visit: Visit) -> None:
    visit.open_map("/?country=SAU")
    stops = 0
    while visit.page.evaluate("() => document.activeElement.innerText") != "Skip to the quotes":
        visit.page.keyboard.press("Tab")
        stops += 1
        assert stops <= 4
    visit.page.keyboard.press("Enter")
    while not visit.page.evaluate("() => Boolean(document.activeElement.closest('.e-quote'))"):
        visit.page.keyboard.press("Tab")
        stops += 1
        assert stops <= 10


def test_less_motion_is_kept_where_the_system_asks_for_it(welcome: Callable[..., Visit]) -> None:
    visit = welcome(reduced_motion="reduce")
    visit.open_map()
    visit.page.get_by_role("button", name="More").click()
    visit.page.get_by_role("button", name="Newest").wait_for()
    assert not visit.page.get_by_role("button", name="Play").is_visible()
    assert visit.frame.locator("body").evaluate("() => map._zoomAnimated") is False


def test_the_bars_under_the_slider_are_told_in_words(visit: Visit) -> None:
    visit.open_map()
    bars = visit.page.get_by_role("img", name="most of them in August 2025")
    box = bars.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert box["height"] > 8


def test_the_keyboard_passes_the_map_in_a_few_steps(visit: Visit) -> None:
    visit.open_map()
    visit.page.get_by_role("button", name="More").focus()
    search = visit.page.get_by_role("combobox", name="Search")
    steps = 0
    while not search.evaluate("field => field === document.activeElement"):
        visit.page.keyboard.press("Tab")
        steps += 1
        assert steps < 20


@pytest.mark.parametrize("path", ["/?country=AZE", "/?lens=accord", "/?lang=de&table=1",
    "/?embed=true", "/method", "/article", "/add", "/article?article=000_b3ad6da954708b77",
    "/pair?pair=ARM-AZE&table=1", "/compare?show=both&table=1&lang=fr",
    "/matrix?group=nato&table=1"])  # fmt: skip
def test_nothing_runs_over_the_edge_of_a_narrow_phone(
    welcome: Callable[..., Visit], path: str
) -> None:
    visit = welcome(**(PHONE | {"viewport": {"width": 360, "height": 740}}))
    visit.open(path)
    if path.startswith("/?"):
        visit.wait_for_map()
        visit.page.locator(".e-panel").wait_for()
    wide = visit.page.evaluate(
        "() => [document.documentElement, document.querySelector('.stMain')]"
        ".map(part => part.scrollWidth - part.clientWidth)"
    )
    assert wide == [0, 0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_screen_of_a_phone_holds_what_it_is_the_sentence_and_the_whole_map(
    welcome: Callable[..., Visit], scheme: str
) -> None:
    screen = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    visit = welcome(**(PHONE | screen))
    visit.open_map()
    visit.settle()
    for part in (".e-brand span", ".e-lede h1", "iframe"):
        box = visit.page.locator(part).first.bounding_box()
        assert box is not None
        assert box["height"] > 0
        assert box["y"] >= 0
        # The buttons of the map stand in a strip under it.
        strip = 38 if part == "iframe" else 0
        assert box["y"] + box["height"] - strip <= 740
    assert box["height"] - strip >= 740 / 2


@pytest.mark.parametrize(
    "path",
    [
        "/?country=SAU&table=1",
        "/?lens=accord&country=KAZ",
        "/compare?show=both",
        "/article",
        "/article?article=000_b3ad6da954708b77",
        "/pair?pair=ARM-AZE",
        "/matrix?neighbors=AZE&table=1",
        "/add",
        "/method",
        "/?lang=de&country=SAU",
        "/?as_of=1900-01-01",
        "/?embed=true&borders=un_members",
        "/compare?from=2012-01-01&table=1",
        "/pair?pair=ARM-AZE&table=1&lang=fr",
    ],
)
def test_no_page_has_a_serious_fault_of_accessibility_by_day_or_night(
    visit: Visit, path: str
) -> None:
    visit.open(path)
    if path.startswith(("/?", "/compare", "/pair")):
        visit.page.frame_locator("iframe >> nth=0").locator("[data-ready]").wait_for()
    for scheme in ("light", "dark"):
        visit.change_scheme(scheme)
        visit.settle()
        # By night only colors are others.
        rules = ["color-contrast", "link-in-text-block"] if scheme == "dark" else None
        assert (scheme, list_faults(visit, rules)) == (scheme, [])


def list_faults(visit: Visit, rules: list[str] | None = None) -> list[tuple[str, str, str]]:
    """Return the serious faults of a page and its frames: rule, impact and the start of the element.

    With ``rules`` only these are asked.
    """
    faults = []
    for frame in visit.page.frames:
        frame.evaluate(AXE)
        found = frame.evaluate(
            "async rules => (await axe.run(rules ? {runOnly: rules} : {})).violations", rules
        )
        faults += [
            (fault["id"], fault["impact"], fault["nodes"][0]["html"][:200])
            for fault in found
            if fault["impact"] in {"serious", "critical"}
        ]
    return faults
