"""The other pages in a real browser: articles, a reader's own text, and text that means harm."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from geo.records import Extraction
from geo.store.segments import append_extractions
from tests.browser.serving import serve_app
from tests.browser.visiting import Visit, visit_app
from tests.samples import HOSTILE, LINES, make_extraction, make_place, make_relation, quote_line

OWN = "Norway signed a fishing pact with Sweden. Denmark was not there."
HARM = (
    f"Norway attacked Sweden {HOSTILE}, said a man in Oslo.\n\n"
    "[a man](javascript:window.top.pwned=1) ![x](https://evil.example/x.png) :red[no] $a$ `b`\n\n"
    "\N{RIGHT-TO-LEFT OVERRIDE}France thanked Italy.\N{POP DIRECTIONAL FORMATTING}\n"
)
PWNED = "() => window.pwned ?? null"
MEASURE = (
    "shape => { const {x, y, width, height} = shape.getBoundingClientRect();"
    " return [x, y, width, height].map(Math.round); }"
)


def read_own(visit: Visit, text: str) -> None:
    """Paste a text and have it read."""
    visit.open("/add")
    visit.page.get_by_label("Text of the article").fill(text)
    visit.page.get_by_role("button", name="Read it").click()
    visit.wait_for_heading("The text as it was read")


def test_a_quote_leads_to_its_place_in_the_article(visit: Visit) -> None:
    visit.open_map("/?country=SAU")
    visit.page.get_by_role("link", name="In the article").first.click()
    chosen = visit.page.locator("mark.e-chosen")
    chosen.first.wait_for()
    visit.page.wait_for_function(
        "() => { const {top, bottom} = document.querySelector('mark.e-chosen')"
        ".getBoundingClientRect(); return top > 100 && bottom < 700; }"
    )
    said = "".join(chosen.all_text_contents())
    assert said.startswith("The Kingdom has said repeatedly that it will not recognize Israel")
    assert "Global anger has been sparked" in visit.page.locator(".e-text").inner_text()


def test_the_interface_and_the_map_speak_the_chosen_language(visit: Visit) -> None:
    visit.open_map("/?lang=de&country=AZE")
    heading = visit.page.get_by_role("heading", level=1)
    assert heading.inner_text().startswith("Wie Länder zu Israel stehen: 1 Land im Krieg")
    assert visit.page.get_by_role("link", name="Karte", exact=True).is_visible()
    shape = visit.frame.locator("path[aria-label^='Saudi-Arabien']").first
    shape.wait_for(state="attached")
    shape.dispatch_event("click")
    visit.wait_for_heading("Saudi-Arabien")
    assert visit.page.locator(".e-quote p[lang=en]").first.is_visible()
    link = visit.page.get_by_role("link", name="Nur dieses Paar").first.get_attribute("href")
    assert link is not None
    assert "lang=de" in link
    visit.page.get_by_role("link", name="Was sich änderte").click()
    visit.wait_for_heading("Was sich änderte")
    assert "lang=de" in visit.page.url


def test_a_language_is_chosen_from_the_menu(visit: Visit) -> None:
    visit.open_map("/?country=SAU")
    visit.page.get_by_role("combobox", name="Language").click()
    visit.page.get_by_role("option", name="Français").click()
    visit.wait_for_heading("Arabie saoudite")
    assert "lang=fr" in visit.page.url


def test_a_language_without_a_file_has_names_of_countries(visit: Visit) -> None:
    visit.open_map("/?lang=tr&country=SAU")
    visit.wait_for_heading("Suudi Arabistan")
    assert visit.page.get_by_text("Names of countries are in the language you chose").is_visible()


def test_an_unknown_language_is_told_and_english_shown(visit: Visit) -> None:
    visit.open_map("/?lang=xx")
    assert visit.page.get_by_text("There is no language “xx”").is_visible()
    assert visit.page.get_by_role("link", name="Map", exact=True).is_visible()


def test_each_quote_of_an_article_leads_to_its_place_in_the_text(visit: Visit) -> None:
    visit.open("/article")
    visit.page.get_by_role("link", name=re.compile("Sources say that Trump")).click()
    link = visit.page.get_by_role("link", name="In the text").last
    link.click()
    anchor = link.get_attribute("href")
    assert anchor is not None
    visit.page.wait_for_function(
        "name => { const {top} = document.getElementById(name).getBoundingClientRect();"
        " return top >= -5 && top < 800; }",
        arg=anchor.removeprefix("#"),
    )


def test_the_menu_leads_back_to_the_same_map(visit: Visit) -> None:
    visit.open_map("/?lens=accord&country=BHR")
    visit.page.get_by_role("link", name="Method").click()
    visit.wait_for_heading("How a sentence becomes a color")
    visit.page.get_by_role("link", name="Map").click()
    visit.wait_for_panel("BHR")
    visit.wait_for_map()
    assert visit.list_values()["BHR"] == "member"


def test_a_text_of_ones_own_is_read_marked_and_mapped_for_this_visit_only(
    welcome: Callable[..., Visit], store: Path
) -> None:
    visit = welcome()
    read_own(visit, OWN)
    assert visit.page.locator(".e-text").text_content() == OWN
    marked = visit.page.locator(".e-text mark.e-mention").all_text_contents()
    assert marked == ["Norway", "Sweden", "Denmark"]
    said = visit.page.locator(".e-quotes").inner_text()
    assert "Norway signed a fishing pact with Sweden." in said
    assert "has ties with Sweden" in said
    visit.wait_for_map()
    values = visit.list_values()
    assert {code for code in values if values[code] != "none"} == {"NOR", "SWE", "DNK"}
    assert values["DNK"] == "mentioned"
    visit.click_country("SWE")
    assert visit.list_quotes() == ["Norway signed a fishing pact with Sweden."] * 2
    # Links within the app, and the way back, are of the same visit.
    for link, heading in (
        ("Map", "How countries stand toward Israel"),
        ("Who is at war?", "The world"),
        ("Armenia and Azerbaijan, 2020 to today", "Armenia"),
    ):
        visit.page.get_by_role("link", name=link, exact=True).first.click()
        visit.wait_for_heading(heading)
    visit.page.go_back()
    visit.wait_for_heading("The world")
    visit.page.get_by_role("link", name="Try your own text").click()
    visit.wait_for_heading("My collection")
    assert visit.list_values()["SWE"] != "none"
    # The map of the news can be of the collection alone, with all that can be taken away.
    visit.page.get_by_role("link", name="The same map with all its views").click()
    visit.wait_for_heading("How countries stand toward Norway")
    visit.page.get_by_text("Table and downloads").click()
    for name in ("CSV", "GeoPackage", "Quotes, JSON lines", "Report, Markdown"):
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name=name).click()
        assert b"Sweden" in Path(download.value.path()).read_bytes()
    # The list of choices closes where the page scrolls, which it has far to do from the downloads.
    box = visit.page.get_by_role("combobox", name="Map of")
    box.scroll_into_view_if_needed()
    visit.settle()
    box.click()
    visit.page.get_by_role("option", name="Both").click()
    visit.page.wait_for_url(re.compile("mine=with"))
    visit.wait_for_run()
    # Another tab of the same reader's browser is a visit of its own, as a stranger's is.
    stranger = welcome()
    stranger.open("/add")
    assert stranger.page.locator(".e-text").count() == 0
    stranger.open_map("/?mine=only&focus=NOR")
    assert stranger.list_values()["SWE"] == "none"
    # The refresher's lock is an empty file.
    assert [path.name for path in store.iterdir() if path.read_bytes()] == []


def test_harmful_text_of_ones_own_stays_text(visit: Visit) -> None:
    read_own(visit, HARM)
    assert visit.page.locator(".e-text").text_content() == HARM
    assert visit.page.evaluate(PWNED) is None
    assert visit.page.locator("a[href^='javascript' i], .stMain img").count() == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("paper.txt", b"%PDF-1.7 \x00\x01", "It cannot be read; it is damaged."),
        ("paper.md", bytes(range(256)) * 8, "Save the article as txt, md or html"),
        ("paper.txt", b"", "no text"),
    ],
)
def test_a_file_that_is_no_article_is_refused_with_what_to_do(
    visit: Visit, name: str, content: bytes, message: str
) -> None:
    visit.open("/add")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    visit.page.get_by_text(name).wait_for()
    visit.page.get_by_role("button", name="Read it").click()
    visit.page.get_by_role("alert").filter(has_text=message).wait_for()


def test_a_page_of_html_that_means_harm_is_read_as_text(visit: Visit) -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES[1:4])
    source = (
        f"<html><head><title>{HOSTILE}</title><script>window.top.pwned=1</script></head><body><article>"
        f"<h1>Harbor</h1>{body}<img src='https://evil.example/x.png' onerror='window.top.pwned=1'>"
        "</article></body></html>"
    )
    visit.open("/add")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": "page.html", "mimeType": "text/html", "buffer": source.encode()}
    )
    visit.page.get_by_text("page.html").wait_for()
    visit.page.get_by_role("button", name="Read it").click()
    visit.page.locator(".e-text").wait_for()
    assert LINES[1] in visit.page.locator(".e-text").inner_text()
    assert visit.page.evaluate(PWNED) is None


def test_harmful_articles_in_the_store_stay_text_on_every_page(
    browser: Browser, tmp_path: Path
) -> None:
    line = LINES[2]
    relation = make_relation(
        HOSTILE, id=HOSTILE, condition=HOSTILE, attributed_to=HOSTILE, accord=HOSTILE, cue=HOSTILE,
        rule=HOSTILE, quote=quote_line(line),
    )  # fmt: skip
    held = make_extraction(
        id=HOSTILE, title=HOSTILE, publisher=HOSTILE, url="javascript:window.top.pwned=1",
        date_note=HOSTILE, license=HOSTILE,
    )  # fmt: skip
    place = replace(make_place(HOSTILE), accord=HOSTILE, cue=HOSTILE)
    harmful = replace(held, relations=(relation,), accords=(place,))
    skipped = Extraction(article=replace(held.article, id="s", text="s"), skipped=HOSTILE)
    append_extractions([harmful, skipped], tmp_path / "store")
    with serve_app(tmp_path / "store") as address, visit_app(browser, address) as visit:
        visit.open_map("/?focus=BHR&country=NOR&as_of=2024-06-01")
        visit.wait_for_panel("NOR")
        assert line in visit.list_quotes()
        assert HOSTILE in visit.page.locator(".e-panel").inner_text()
        visit.open_map("/?lens=accord&country=BHR")
        visit.page.get_by_text("In the article").first.click()
        visit.page.locator("mark.e-chosen").first.wait_for()
        visit.open("/article")
        visit.page.get_by_text("skipped:").wait_for()
        visit.open("/pair?pair=BHR-NOR&as_of=2024-06-01")
        visit.page.locator(".e-quote").first.wait_for()
        assert visit.page.evaluate(PWNED) is None
        assert visit.page.locator("a[href^='javascript' i], .stMain img").count() == 0
        visit.check()


def test_a_damaged_segment_is_told_and_the_seed_is_still_shown(
    browser: Browser, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / f"articles.{'0' * 20}.parquet").write_bytes(b"PAR1 not a segment PAR1")
    with serve_app(store) as address, visit_app(browser, address) as visit:
        visit.open_map("/?country=SAU")
        visit.page.get_by_role("alert").filter(has_text="cannot be read").wait_for()
        assert visit.list_values()["SAU"] == "refuses"
        visit.check()


def test_two_days_are_compared_on_one_map_or_two(visit: Visit) -> None:
    visit.open("/compare?from=2025-07-01&to=2025-08-01")
    visit.wait_for_map()
    assert visit.list_values()["SAU"] == "new"
    visit.click_on_map("SAU")
    visit.page.wait_for_url("**country=SAU**")
    visit.wait_for_run()
    quote = visit.page.locator('.e-panel [data-pair="ISR-SAU"]')
    quote.locator("summary").first.click()
    assert "will not recognize Israel" in quote.inner_text()
    visit.page.get_by_text("Both maps").click()
    visit.page.wait_for_function("() => document.querySelectorAll('iframe').length === 2")
    visit.page.frame_locator("iframe >> nth=1").locator("path[data-value=refuses]").first.wait_for(
        state="attached"
    )


def test_the_maps_of_two_days_show_the_same_part_of_the_world(visit: Visit) -> None:
    visit.open("/compare?from=2025-07-01&to=2025-08-01&show=both")
    places = []
    for number in (0, 1):
        frame = visit.page.frame_locator(f"iframe >> nth={number}")
        frame.locator("[data-ready]").wait_for()
        places.append(frame.locator('path[data-code="SAU"]').first.evaluate(MEASURE))
    assert places[0] == places[1]


def test_the_map_of_a_pair_opens_on_its_countries_and_moves_to_the_next_pair(visit: Visit) -> None:
    visit.open("/pair?pair=ARM-AZE")
    visit.wait_for_map()
    width = visit.page.locator("iframe").first.evaluate("frame => frame.clientWidth")
    boxes = [
        visit.frame.locator(f'path[data-code="{code}"]').first.evaluate(MEASURE)
        for code in ("ARM", "AZE")
    ]
    left = min(x for x, *_ in boxes)
    right = max(x + wide for x, _, wide, _ in boxes)
    assert left >= 0
    assert right <= width
    assert right - left > width / 5
    shape = visit.frame.locator('path[data-code="ARM"]').first
    assert shape.get_attribute("data-value") == "talks"
    other = visit.page.get_by_role("combobox", name="Other country")
    other.fill("Kazakhstan")
    other.press("Enter")
    visit.page.wait_for_url("**pair=ARM-KAZ**")
    visit.frame.locator('path[data-code="AZE"][data-value=none]').first.wait_for(state="attached")
    visit.page.wait_for_function(
        "() => { const {left, right} = document.querySelector('iframe').contentDocument"
        ".querySelector('path[data-code=KAZ]').getBoundingClientRect();"
        " return left >= 0 && right <= document.querySelector('iframe').clientWidth; }"
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/pair?pair=ISR-SAU&table=1&borders=un_members", "will not recognize Israel"),
        ("/compare?from=2025-07-01&table=1&borders=un_members", "will not recognize Israel"),
        ("/?lens=accord&table=1&borders=un_members", "had contacted officials"),
    ],
)
def test_every_view_can_be_taken_away_with_its_quotes(visit: Visit, path: str, words: str) -> None:
    visit.open(path)
    visit.page.locator("[data-testid=stDataFrame]").wait_for()
    for label in (
        "CSV",
        "GeoJSON",
        "Quotes, JSON lines",
        "Report, Markdown",
        "Map and quotes, HTML",
    ):
        with visit.page.expect_download() as told:
            visit.page.get_by_role("button", name=label, exact=True).click()
        taken = Path(told.value.path()).read_text(encoding="utf-8")
        assert "un_members" in taken or "as most UN members hold" in taken
        if label not in {"CSV", "GeoJSON"}:
            assert words in re.sub(r"<[^>]*>", "", taken)


def test_what_is_taken_away_is_in_the_language_of_the_page(visit: Visit) -> None:
    visit.open_map("/?table=1&lang=de")
    for suffix in ("md", "html"):
        with visit.page.expect_download() as told:
            visit.page.locator(f".st-key-{suffix} button").click()
        taken = Path(told.value.path()).read_text(encoding="utf-8").replace("\\", "")
        assert "Grenzen: wie tatsächlich beherrscht" in taken
        assert "lang=de" in taken
        assert "As of" not in taken


def test_a_day_before_all_articles_says_so_and_leads_to_the_newest(visit: Visit) -> None:
    visit.open_map("/?as_of=1900-01-01")
    visit.page.get_by_text("No report goes back this far").wait_for()
    visit.page.get_by_text("The first quote is from 1 August 2025").wait_for()
    visit.page.get_by_role("button", name="More").click()
    visit.page.get_by_role("button", name="Newest").click()
    visit.frame.locator('path[data-code="SAU"][data-value=refuses]').first.wait_for(
        state="attached"
    )


def test_the_captions_of_disputed_areas_speak_the_chosen_language(visit: Visit) -> None:
    visit.open_map("/?lang=de&focus=RUS")
    crimea = visit.frame.locator("path[data-piece=B89]").first
    told = crimea.get_attribute("aria-label") or ""
    assert "Krim. Von Russland verwaltet; von der Ukraine beansprucht" in told
    assert "schraffiert: umstrittenes Land" in visit.page.locator(".e-legend").inner_text()
    visit.open("/method?lang=de")
    basis = visit.page.get_by_role("cell").filter(has_text="Resolution 68/262")
    assert "Resolution 68/262 der Generalversammlung (2014)" in basis.first.inner_text()


def test_a_quote_leads_out_to_its_words_and_a_license_may_allow_quotes_alone(
    browser: Browser, tmp_path: Path
) -> None:
    held = make_extraction(license="quote-only")
    append_extractions([held], tmp_path / "store")
    with serve_app(tmp_path / "store") as address, visit_app(browser, address) as visit:
        visit.open_map("/?focus=BHR&country=NOR&as_of=2024-06-01")
        visit.wait_for_panel("NOR")
        link = visit.page.get_by_role("link", name="news.example").first
        assert (link.get_attribute("href") or "").startswith(
            "https://news.example/harbor#:~:text=" + quote(LINES[2].split()[0])
        )
        assert "noopener" in (link.get_attribute("rel") or "")
        visit.page.get_by_role("link", name="In the article").first.click()
        visit.page.get_by_text("The license of this article allows quotes only").wait_for()
        visit.wait_for_run()
        shown = visit.page.locator(".stMain").inner_text()
        assert LINES[2] in shown
        assert LINES[4] not in shown
        visit.check()


def test_the_history_of_a_pair_holds_the_quotes_of_each_interval(visit: Visit) -> None:
    visit.open("/pair?pair=ISR-PSE&as_of=2026-08-01")
    interval = visit.page.locator('[data-interval="2025-08-01"]')
    interval.locator("summary").first.click()
    assert "blockade of aid" in interval.inner_text()
    assert "It has not been repeated for so long" in interval.inner_text()


def test_a_path_that_no_page_has_says_so_above_the_map(visit: Visit) -> None:
    visit.open_map("/nonsense")
    assert visit.page.get_by_text("There is no page “nonsense”.").is_visible()
    # Streamlit says the same in the browser's console.
    visit.errors.clear()
    visit.open_map("/")
    assert visit.page.get_by_text("There is no page").count() == 0


def test_a_cell_of_a_matrix_leads_to_the_quotes_of_its_pair(visit: Visit) -> None:
    visit.open("/matrix?countries=ISR-SAU-AZE&table=1")
    page = visit.page
    heads = page.locator(".e-matrix th[scope=col]").all_text_contents()
    assert heads == ["Azerbaijan", "Israel", "Saudi Arabia"]
    assert page.locator(".e-matrix tbody tr").count() == 3
    cells = page.locator(".e-matrix [data-pair='ISR-SAU'] a")
    assert cells.count() == 2
    assert {*cells.all_inner_texts()} == {cells.first.inner_text()}
    with page.expect_download() as told:
        page.get_by_role("button", name="Table, HTML", exact=True).click()
    taken = Path(told.value.path()).read_text(encoding="utf-8")
    assert f"{visit.address}/pair?pair=ISR-SAU" in taken
    with page.expect_download() as told:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert "ISR-SAU" in Path(told.value.path()).read_text(encoding="utf-8")
    cells.first.click()
    page.wait_for_url("**pair=ISR-SAU**")
    visit.wait_for_page()
    assert any("will not recognize Israel" in quote for quote in visit.list_quotes("body"))
    visit.check()


def test_a_stripe_of_the_years_leads_to_the_quotes_of_its_turning_point(visit: Visit) -> None:
    visit.open("/pair?pair=ARM-AZE&as_of=2026-06-01")
    visit.wait_for_map()
    stripes = visit.page.locator(".e-bar a")
    assert stripes.count() > 1
    opened = visit.page.locator(".e-history > details").last
    assert opened.get_attribute("open") is None
    stripes.first.click()
    visit.page.locator(".e-history > details[open] blockquote").first.wait_for()
    assert opened.get_attribute("open") is not None


def test_a_country_shows_its_pairs_over_the_years(visit: Visit) -> None:
    visit.open_map("/?country=SAU")
    visit.page.locator(".e-years > summary").click()
    stripe = visit.page.locator(".e-track a").first
    assert stripe.get_attribute("href") == "pair?pair=ISR-SAU&as_of=2025-08-01"
    stripe.click()
    visit.wait_for_heading("Saudi Arabia says no to Israel")
