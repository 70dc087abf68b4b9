"""The map in a real browser: it is colored, it is clicked, and the quotes of the seed are read."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from geo.edition import gather_evidence
from geo.map.atlas import load_places
from geo.map.lenses import count_mentions, find_focus, view_focus
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import SEED_SEGMENTS, SEEDS
from geo.records import CountryCode, Extraction, RelationState
from geo.states.rules import WEAK
from geo.states.settling import settle_states
from geo.store.segments import read_extractions
from tests.browser.serving import serve_app
from tests.browser.visiting import PHONE, Visit, open_context, open_page
from tests.samples import pair_states

SEED = (SEEDS / "000_b3ad6da954708b77.txt").read_text(encoding="utf-8")
READ = {
    "AZE": "Azerbaijan, and all countries in Central Asia have had long-standing relations with Israel.",
    "SAU": (
        "The Kingdom has said repeatedly that it will not recognize Israel until Israel acknowledges "
        "a Palestinian State."
    ),
    "BHR": (
        "Original Abraham Accords - signed between Israel, the United Arab Emirates (UAE), Bahrain, "
        "Morocco, and Sudan – were centered around restoration of ties."
    ),
}
LABELS = {
    "AZE": "Azerbaijan has ties with Israel.",
    "SAU": "Saudi Arabia says no to Israel.",
    "BHR": "Bahrain has ties with Israel.",
}
NAMES = {"AZE": "Azerbaijan", "SAU": "Saudi Arabia", "BHR": "Bahrain"}


@cache
def read_seed() -> tuple[Extraction, ...]:
    """Return what is committed of the seed article."""
    return read_extractions(SEED_SEGMENTS)


@cache
def settle_seed() -> tuple[RelationState, ...]:
    """Return the states of the seed as of its day."""
    evidence = gather_evidence(read_seed())
    return settle_states(evidence, as_of=max(piece.date_published for piece in evidence))


def test_each_country_is_colored_as_its_quotes_say(visit: Visit) -> None:
    seed = read_seed()
    evidence = gather_evidence(seed)
    day = max(piece.date_published for piece in evidence)
    mentions = count_mentions(seed, as_of=day)
    view = view_focus(
        pair_states(*settle_seed()),
        mentions,
        load_palette(),
        find_focus(evidence),
    )
    visit.open_map()
    drawn = visit.list_values()
    expected = {code: view.find_value(code) for code in drawn}
    assert drawn == expected
    assert {"focus", "refuses", "ties", "war", "mentioned", "none"} <= set(drawn.values())
    assert set(view.values) <= set(drawn)
    for value in ("refuses", "ties", "mentioned", "none"):
        code = next(each for each in drawn if drawn[each] == value)
        shape = visit.frame.locator(f'path[data-code="{code}"]').first
        assert shape.get_attribute("fill") == f"url(#swatch-{value})"
        fill = visit.frame.locator(f"#swatch-{value} rect").get_attribute("fill")
        assert fill == load_palette().states[value].color
    mentioned, none = (
        visit.frame.locator(f"#swatch-{each} path").get_attribute("d")
        for each in ("mentioned", "none")
    )
    assert mentioned
    assert not none
    legend = visit.page.locator(".e-legend").inner_text()
    for words in ("Focus: Israel", "Refuses", "Mentioned, nothing about Israel", "No evidence"):
        assert words in legend


def test_the_first_screen_holds_all_parts_and_bahrain_as_a_point_to_hit(visit: Visit) -> None:
    assert load_places()["BHR"].marker  # type: ignore[index]
    visit.open_map()
    point = visit.frame.locator(".leaflet-points-pane path[data-code='BHR']").bounding_box()
    assert point is not None
    assert min(point["width"], point["height"]) >= 10
    for part in (".e-lede h1", ".st-key-controls", "iframe", ".e-legend", ".e-panel h2"):
        box = visit.page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800


def test_a_click_on_the_map_opens_the_quotes(visit: Visit) -> None:
    visit.open_map()
    for country in READ:
        visit.click_country(country)
        check_panel(visit, country)


def check_panel(visit: Visit, country: str) -> None:
    """Check that the panel, the address and the map show a country of the seed."""
    assert visit.page.locator(".e-panel h2").inner_text() == NAMES[country]
    assert LABELS[country] in visit.page.locator(".e-panel .e-head").inner_text()
    quotes = visit.list_quotes()
    assert READ[country] in quotes
    assert all(quote in SEED for quote in quotes)
    assert re.search(rf"[?&]country={country}\b", visit.page.url)
    assert (
        visit.page.get_by_role("combobox", name="Search").input_value().startswith(NAMES[country])
    )
    shape = visit.frame.locator(f'path[data-code="{country}"][data-selected]')
    shape.first.wait_for(state="attached")
    first = visit.page.locator(".e-panel .e-quote", has_text=READ[country]).first
    assert first.locator("mark.e-cue").first.is_visible()
    assert "Reuters · 1 August 2025" in first.inner_text()
    first.get_by_text("How this was read").click()
    assert "Key words" in first.inner_text()


def test_a_click_takes_one_run_and_few_bytes_and_keeps_the_view(visit: Visit) -> None:
    visit.open_map()
    visit.page.mouse.move(500, 400)
    visit.frame.get_by_role("button", name="Zoom in").click()
    visit.page.wait_for_function(
        "start => document.querySelector('iframe').contentDocument"
        ".querySelector('path[data-code=\"RUS\"]').getBoundingClientRect().width > start + 5",
        arg=visit.measure_map()["width"] * 0.9,
    )
    visit.frame.locator(".leaflet-zoom-anim").wait_for(state="detached")
    visit.frame.locator("body").evaluate("() => { window.sameFrame = true; }")
    before, runs, received = visit.measure_map(), visit.runs, visit.received
    visit.click_country("MAR")
    assert visit.runs - runs == 1
    assert visit.received - received <= 18_000
    assert visit.measure_map() == before
    assert visit.frame.locator("body").evaluate("() => window.sameFrame === true")
    assert sum(url.split("?")[0].endswith(".json") for url in visit.requests) <= 2


def test_what_is_sent_is_compressed_on_its_way(address: str) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.putrequest("GET", "/_stcore/stream")
    for name, value in {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Sec-WebSocket-Extensions": "permessage-deflate",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 101
    assert "permessage-deflate" in answer.headers["Sec-WebSocket-Extensions"]
    connection.close()


def test_panning_the_map_takes_no_run(visit: Visit) -> None:
    visit.open_map()
    before, runs = visit.measure_map(), visit.runs
    box = visit.page.locator("iframe").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x - 90, y, steps=6)
    visit.page.mouse.up()
    assert visit.measure_map() != before
    visit.wait_for_heading("All on this map")
    assert visit.runs == runs


def test_the_slider_steps_by_key_and_recolors_the_map_in_place(visit: Visit) -> None:
    visit.open_map()
    visit.frame.locator("body").evaluate("() => { window.sameFrame = true; }")
    before, asked = visit.measure_map(), len(visit.requests)
    assert visit.list_values()["PSE"] == "war"
    visit.page.get_by_role("slider", name="Day of the map").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_url("**/?*as_of=2025-08-02*")
    assert "known_on=2025-08-02" in visit.page.url
    visit.page.get_by_role("button", name="More").click()
    visit.page.get_by_role("button", name="Today").click()
    visit.page.get_by_text("Shown on 1 August 2025, not reported since").wait_for()
    visit.frame.locator('path[data-code="PSE"][data-value=mentioned]').first.wait_for(
        state="attached"
    )
    visit.wait_for_run()
    assert visit.measure_map() == before
    assert visit.frame.locator("body").evaluate("() => window.sameFrame === true")
    assert not any(".json" in url for url in visit.requests[asked:])
    visit.page.get_by_role("button", name="Newest").click()
    visit.page.wait_for_url(re.compile(r"/(\?(?!.*as_of).*)?$"))


def test_the_time_plays_by_itself_until_it_is_paused(visit: Visit) -> None:
    visit.open_map()
    visit.page.get_by_role("button", name="More").click()
    visit.page.get_by_role("button", name="Play").click()
    visit.page.wait_for_url("**/?*as_of=*")
    first = visit.page.url
    visit.page.wait_for_function("first => location.href !== first", arg=first)
    visit.page.get_by_role("button", name="Pause").click()
    visit.page.get_by_role("button", name="Play").wait_for()
    visit.page.wait_for_timeout(300)
    stopped = visit.page.url
    visit.page.wait_for_timeout(2500)
    assert visit.page.url == stopped


def test_the_evidence_of_a_pair_is_the_same_from_both_sides(visit: Visit) -> None:
    visit.open_map()
    relations = []
    for country in ("AZE", "ARM"):
        visit.click_country(country)
        pair = visit.page.locator('.e-panel [data-pair="ARM-AZE"]')
        relations.append(
            pair.locator("[data-relation]").evaluate_all("all => all.map(e => e.dataset.relation)")
        )
    assert relations[0] == relations[1]
    seed = {
        relation.id
        for held in read_seed()
        for relation in held.relations
        if relation.pair == ("ARM", "AZE") and relation.confidence >= WEAK
    }
    assert set(relations[0]) == seed
    pair.get_by_role("link", name="This pair alone").click()
    visit.wait_for_heading("Armenia is in talks with Azerbaijan")
    assert visit.page.locator("[data-relation]").count() == len(seed)


def test_a_country_is_chosen_by_keyboard_alone(visit: Visit) -> None:
    visit.open_map()
    visit.page.get_by_role("combobox", name="Search").focus()
    visit.page.keyboard.type("Bahr")
    visit.page.get_by_role("option", name="Bahrain").wait_for()
    visit.page.keyboard.press("Enter")
    visit.wait_for_panel("BHR")
    assert READ["BHR"] in visit.list_quotes()
    visit.frame.locator('path[data-code="BHR"][data-selected]').first.wait_for(state="attached")


def choose_view(visit: Visit, name: str) -> None:
    """Choose what the map shows from its list."""
    visit.page.get_by_role("combobox", name="Toward").click()
    visit.page.get_by_role("option", name=name, exact=True).click()


@pytest.mark.parametrize(
    ("typed", "fields"), [("Burma", "country=MMR"), ("Israel Armenia", "focus=ISR&country=ARM")]
)
def test_a_search_takes_other_names_and_pairs(visit: Visit, typed: str, fields: str) -> None:
    visit.open_map()
    visit.page.get_by_role("combobox", name="Search").click()
    visit.page.keyboard.type(typed)
    visit.page.keyboard.press("Enter")
    visit.wait_for_panel(fields[-3:])
    for part in fields.split("&"):
        assert part in visit.page.url


def test_a_pointer_on_a_country_reads_its_best_quote(visit: Visit) -> None:
    visit.open_map()
    visit.page.mouse.move(*visit.find_place("KAZ"))
    told = visit.frame.locator(".leaflet-tooltip")
    told.locator("q").wait_for()
    assert told.inner_text().splitlines()[:2] == ["Kazakhstan", "toward Israel: ties"]
    assert "Reuters, 1 Aug 2025, 1 source" in told.inner_text()


def test_lens_and_focus_recolor_the_same_map(visit: Visit) -> None:
    visit.open_map()
    visit.frame.locator("body").evaluate("() => { window.sameFrame = true; }")
    choose_view(visit, "Accord: Abraham Accords")
    visit.frame.locator('path[data-code="BHR"][data-value="member"]').first.wait_for(
        state="attached"
    )
    visit.wait_for_run()
    assert visit.list_values()["USA"] == "sponsor"
    assert "Abraham Accords" in visit.page.locator(".e-lede").inner_text()
    assert "lens=accord" in visit.page.url
    choose_view(visit, "All countries")
    visit.frame.locator("path.arc-PSE").first.wait_for(state="attached")
    choose_view(visit, "Palestine")
    visit.frame.locator('path[data-code="CAN"][data-value="pledged"]').first.wait_for(
        state="attached"
    )
    assert visit.frame.locator("body").evaluate("() => window.sameFrame === true")


def test_deep_links_open_on_a_server_that_nobody_visited(browser: Browser, tmp_path: Path) -> None:
    links = {
        "/?lens=focus&focus=AZE&country=ARM&as_of=2025-09-01": "Armenia – Azerbaijan",
        "/article?article=000_b3ad6da954708b77&quote=1142-1254": "The text belongs to its publisher",
        "/pair?pair=ISR-SAU&as_of=2025-08-01": "Saudi Arabia says no to Israel",
        "/add": "Try your own text",
        "/method": "How a sentence becomes a color",
    }
    with (
        serve_app(tmp_path / "store") as address,
        open_context(browser) as context,
        ExitStack() as stack,
    ):
        visits = [stack.enter_context(open_page(context, address)) for _ in links]
        # All at once, so that each is among the first.
        for visit, path in zip(visits, links, strict=True):
            visit.page.goto(address + path, wait_until="commit")
        for visit, words in zip(visits, links.values(), strict=True):
            visit.wait_for_page()
            visit.page.get_by_text(words).first.wait_for()
            visit.page.get_by_role("link", name="Method").wait_for()
            named = visit.page.locator(".st-key-menu a").all_inner_texts()
            assert [name for name in named if name != "Skip to the quotes"] == [
                "Map", "Matrix", "What changed", "Articles", "Try your own text", "Method",
            ]  # fmt: skip
        first = visits[0]
        first.wait_for_map()
        first.wait_for_panel("ARM")
        values = first.list_values()
        assert (values["AZE"], values["ARM"]) == ("focus", "talks")
        assert "1 September 2025" in first.page.locator(".e-lede").inner_text()
        for visit in visits:
            visit.check()


def test_wrong_values_in_the_address_get_messages_and_the_map_works(visit: Visit) -> None:
    visit.open_map("/?lens=love&focus=Narnia&as_of=soon&country=<script>alert(1)</script>")
    shown = visit.page.get_by_role("alert").all_inner_texts()
    assert len(shown) == 4
    for words in ("“love”", "“Narnia”", "“soon”", "“<script>alert(1)</script>”"):
        assert any(words in each for each in shown)
    visit.click_country("SAU")
    assert READ["SAU"] in visit.list_quotes()


def test_the_map_stays_in_view_beside_a_long_panel(visit: Visit) -> None:
    visit.open_map("/?country=AZE")
    visit.page.locator(".e-panel .e-quote").last.scroll_into_view_if_needed()
    box = visit.page.locator("iframe").first.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100


def test_a_finger_on_a_phone_is_led_to_the_quotes(welcome: Callable[..., Visit]) -> None:
    visit = welcome(**PHONE)
    visit.open_map()
    visit.page.locator("iframe").first.scroll_into_view_if_needed()
    visit.page.touchscreen.tap(*visit.find_place("SDN"))
    visit.wait_for_panel("SDN")
    strip = visit.frame.locator(".entente-strip")
    assert "Sudan" in strip.inner_text()
    said, world = strip.bounding_box(), visit.frame.locator(".entente-bar").bounding_box()
    assert said is not None
    assert world is not None
    assert world["y"] + world["height"] <= said["y"]
    visit.frame.get_by_role("button", name="Read the quotes").tap()
    visit.page.wait_for_function(
        "() => document.querySelector('.e-panel').getBoundingClientRect().top < 200"
    )
    assert READ["BHR"] in visit.list_quotes()


def test_a_finger_beside_the_point_of_a_small_state_means_it(
    welcome: Callable[..., Visit],
) -> None:
    visit = welcome(**PHONE)
    visit.open_map()
    visit.page.locator("iframe").first.scroll_into_view_if_needed()
    x, y = visit.find_place("BHR")
    visit.page.touchscreen.tap(x - 9, y + 3)
    visit.wait_for_panel("BHR")


def test_a_search_brings_the_main_part_of_a_country_into_view(visit: Visit) -> None:
    visit.open_map("/?focus=ISR")
    for country in ("FJI", "KIR", "NOR", "NZL", "RUS", "USA"):
        search_country(visit, country)


def search_country(visit: Visit, country: str) -> None:
    """Search a country and check that the middle of the map shows its main part."""
    field = visit.page.get_by_role("combobox", name="Search")
    field.click()
    field.fill(load_gazetteer().countries[CountryCode(country)].name)
    field.press("Enter")
    visit.wait_for_panel(country)
    visit.page.wait_for_function(
        "() => { const map = document.querySelector('iframe').contentDocument;"
        " return !map.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim'); }"
    )
    visit.page.wait_for_timeout(600)
    box = visit.page.locator("iframe").first.bounding_box()
    assert box is not None
    x, y = visit.find_place(country)
    assert box["x"] + 20 < x < box["x"] + box["width"] - 20
    assert box["y"] + 20 < y < box["y"] + box["height"] - 20


def test_what_is_contested_is_striped_and_the_legend_shows_it_or_what_is_lighter_alone(
    contested: Visit,
) -> None:
    contested.open_map("/?focus=AZE")
    shape = contested.frame.locator('path[data-code="ARM"]').first
    assert shape.get_attribute("fill") == "url(#swatch-dispute-contested)"
    assert "contested" in (shape.get_attribute("aria-label") or "")
    assert "striped: contested" in contested.page.locator(".e-legend").inner_text()
    contested.page.locator(".e-legend [data-value=contested]").click()
    contested.wait_for_opacity("ISR", faint=True)
    contested.wait_for_opacity("ARM", faint=False)
    contested.page.locator(".e-legend [data-value=faint]").focus()
    contested.page.keyboard.press("Enter")
    faint = contested.frame.locator("path[fill-opacity='0.55']")
    faint.first.wait_for(state="attached")
    assert faint.count() >= int(
        contested.page.locator(".e-legend [data-value=faint] b").inner_text()
    )
    contested.wait_for_opacity("ISR", faint=True)


def test_the_dark_theme_reaches_the_map(welcome: Callable[..., Visit]) -> None:
    visit = welcome(color_scheme="dark")
    visit.open_map("/?country=SAU")
    visit.frame.locator("html[data-theme=dark]").wait_for()
    swatch = load_palette().states["ties"]
    assert visit.frame.locator("#swatch-ties rect").get_attribute("fill") == swatch.color_dark
    chip = visit.page.locator(".e-legend .e-chip").first
    background = chip.evaluate("chip => getComputedStyle(chip).backgroundColor")
    focus = load_palette().states["focus"].color_dark
    assert background == f"rgb({', '.join(str(int(focus[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_outlines_that_cannot_be_loaded_are_told_and_the_list_still_works(
    welcome: Callable[..., Visit],
) -> None:
    visit = welcome()
    visit.page.route("**/world.*.json", lambda route: route.fulfill(status=503))
    visit.open()
    note = visit.frame.get_by_role("alert")
    note.wait_for()
    assert "could not be loaded" in note.inner_text()
    visit.page.get_by_role("combobox", name="Search").focus()
    visit.page.keyboard.type("Bahr")
    visit.page.get_by_role("option", name="Bahrain").wait_for()
    visit.page.keyboard.press("Enter")
    visit.wait_for_panel("BHR")
    assert visit.failures
    assert all("/world." in failure for failure in visit.failures)
    visit.failures.clear()
    visit.errors.clear()


def test_the_legend_shows_one_value_alone_until_it_is_pressed_again(visit: Visit) -> None:
    visit.open_map()
    runs = visit.runs
    entry = visit.page.locator(".e-legend [data-value=ties]")
    entry.click()
    assert entry.get_attribute("aria-pressed") == "true"
    visit.wait_for_opacity("SAU", faint=True)
    visit.wait_for_opacity("MAR", faint=False)
    entry.press("Enter")
    assert entry.get_attribute("aria-pressed") == "false"
    visit.wait_for_opacity("SAU", faint=False)
    assert visit.runs == runs


def test_lines_lead_from_a_country_to_all_that_it_stands_toward(visit: Visit) -> None:
    visit.open_map()
    visit.click_country("AZE")
    visit.frame.locator("path.arc-ARM").wait_for(state="attached")
    arcs = visit.frame.locator("path[class*=arc-]")
    assert arcs.count() == len(
        {country for state in settle_seed() if "AZE" in state.pair for country in state.pair}
        - {"AZE"}
    )


def test_a_small_country_that_is_chosen_from_the_list_is_brought_near(visit: Visit) -> None:
    visit.open_map()
    shape = visit.frame.locator('path[data-code="LUX"]').first
    measure = "shape => shape.getBoundingClientRect().width"
    before = shape.evaluate(measure)
    field = visit.page.get_by_role("combobox", name="Search")
    field.click()
    field.fill("Luxembourg")
    field.press("Enter")
    visit.wait_for_panel("LUX")
    visit.page.wait_for_function(
        "least => document.querySelector('iframe').contentDocument"
        ".querySelector('path[data-code=\"LUX\"]').getBoundingClientRect().width > least",
        arg=2 * before,
    )


def test_all_that_can_be_taken_away_holds_the_evidence(visit: Visit) -> None:
    visit.open_map("/?table=1")
    visit.page.locator("[data-testid=stDataFrame]").hover()
    visit.page.get_by_role("button", name="Fullscreen").wait_for()
    assert visit.page.get_by_role("button", name="Download as CSV").count() == 0
    words = "will not recognize Israel"
    for label in ("CSV", "GeoJSON", "Quotes, JSON lines", "Report, Markdown"):
        with visit.page.expect_download() as told:
            visit.page.get_by_role("button", name=label, exact=True).click()
        assert words in Path(told.value.path()).read_text(encoding="utf-8")
    with visit.page.expect_download() as told:
        visit.frame.get_by_role("button", name="PNG").click()
    picture = Path(told.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 50_000


def test_the_map_as_one_page_works_without_a_server(browser: Browser, visit: Visit) -> None:
    visit.open_map("/?table=1")
    with visit.page.expect_download() as told:
        visit.page.get_by_role("button", name="Map and quotes, HTML").click()
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        folder = Path(told.value.path()).parent
        target = folder / "map.html"
        told.value.save_as(target)
        page.goto(target.as_uri())
        page.locator("[data-ready]").wait_for()
        page.locator('path[data-code="SAU"][data-value=refuses]').first.wait_for(state="attached")
        pair = page.locator("details[data-pair=ISR-SAU]")
        assert pair.get_attribute("open") is None
        page.locator('path[data-code="SAU"]').first.click()
        page.locator("details[data-pair=ISR-SAU][open]").wait_for()
        inside = pair.get_by_role("link", name="In the article").first.get_attribute("href")
        assert (inside or "").startswith(f"{visit.address}/article?article=")
        assert "as controlled on the ground" in page.locator(".e-lede").inner_text()
        back = page.get_by_role("link", name="Open this map in Entente").get_attribute("href")
        assert (back or "").startswith(f"{visit.address}/?")
        assert (
            "will not recognize Israel" in page.locator("details[data-pair=ISR-SAU]").inner_text()
        )
        assert errors == []
        assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
    finally:
        context.close()


def test_an_embedded_map_has_no_menu_and_leads_back(visit: Visit) -> None:
    visit.open_map("/?embed=true&focus=AZE&country=ARM")
    assert visit.page.locator(".st-key-menu").count() == 0
    assert visit.page.locator(".st-key-controls").count() == 0
    visit.wait_for_panel("ARM")
    link = visit.page.get_by_role("link", name="Open this map in Entente")
    assert "focus=AZE" in (link.get_attribute("href") or "")
    assert "known_on=2025-08-01" in (link.get_attribute("href") or "")
    assert visit.page.get_by_text("Borders: as controlled on the ground.").is_visible()


def test_a_view_of_the_borders_moves_the_color_and_not_the_evidence(visit: Visit) -> None:
    visit.open_map("/?focus=RUS")
    crimea = visit.frame.locator("path[data-piece=B89]").first
    assert crimea.get_attribute("data-code") == "RUS"
    caption = visit.frame.locator(".entente-borders")
    assert caption.inner_text() == "Borders: as controlled on the ground."
    assert "claimed by Ukraine" in (crimea.get_attribute("aria-label") or "")
    quotes, asked = visit.list_quotes(), len(visit.requests)
    visit.page.get_by_role("button", name="More").click()
    visit.page.get_by_role("combobox", name="Borders").click()
    visit.page.get_by_role("option", name="As most UN members hold").click()
    visit.page.wait_for_url("**borders=un_members**")
    visit.frame.locator("path[data-piece=B89][data-code=UKR]").first.wait_for(state="attached")
    visit.wait_for_run()
    cyprus = visit.frame.locator('path[data-code="XNC"]')
    assert cyprus.count() == 1
    assert caption.inner_text() == "Borders: as most UN members hold."
    assert visit.list_quotes() == quotes
    assert not any(".json" in url for url in visit.requests[asked:])
    assert "as most UN members hold" in visit.page.locator(".e-source").inner_text()
