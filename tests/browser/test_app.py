"""The app in a real browser: what a reader sees, clicks, types and reads."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from browser.conftest import Visit
from playwright.sync_api import expect

HOSTILE = (
    "Norway attacked Sweden <script>window.pwned=1</script><img src=x onerror=window.pwned=1>, "
    "said [a man](javascript:window.pwned=1) in Oslo."
)


def read_query(visit: Visit) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visit.page.url).query)


@pytest.mark.parametrize(
    ("code", "name", "quote"),
    [
        (
            "AZE",
            "Azerbaijan",
            "all countries in Central Asia have had long-standing relations with Israel",
        ),
        (
            "SAU",
            "Saudi Arabia",
            "it will not recognize Israel until Israel acknowledges a Palestinian State",
        ),
        (
            "BHR",
            "Bahrain",
            "signed between Israel, the United Arab Emirates (UAE), Bahrain, Morocco, and Sudan",
        ),
    ],
)
def test_a_click_on_a_country_lists_its_quotes(
    visit: Visit, code: str, name: str, quote: str
) -> None:
    visit.open().click_country(code)
    shown = visit.read_panel(name)
    assert quote in " ".join(shown.split())
    assert "Reuters" in shown
    assert read_query(visit)["country"] == [code]
    assert visit.failures == []


def test_the_map_is_colored_and_its_legend_says_how(visit: Visit) -> None:
    visit.open()
    drawn = {code: visit.find_value(code) for code in ("SAU", "AZE", "RUS", "BRA", "ISR")}
    assert drawn == {
        "SAU": "refuses",
        "AZE": "ties",
        "RUS": "mentioned",
        "BRA": "none",
        "ISR": "focus",
    }
    for words in ("At war", "Refuses", "Ties", "Named, no relation found", "No evidence"):
        expect(visit.page.get_by_text(words, exact=True).first).to_be_visible()


def test_nothing_is_asked_of_another_host(visit: Visit) -> None:
    visit.open().click_country("AZE")
    visit.read_panel("Azerbaijan")
    hosts = {urlsplit(each).netloc for each in visit.requests if each.startswith(("http", "ws"))}
    assert hosts == {urlsplit(visit.address).netloc}
    assert visit.failures == []


def test_a_click_keeps_the_view_and_sends_no_shapes_again(visit: Visit) -> None:
    visit.open()
    frame = visit.find_map()
    frame.locator(".leaflet-control-zoom-in").click()
    visit.page.wait_for_timeout(600)
    before = frame.evaluate("document.querySelector('path[data-code=SAU]').getAttribute('d')")
    visit.requests.clear()
    visit.click_country("SAU")
    visit.read_panel("Saudi Arabia")
    after = visit.find_map().evaluate(
        "document.querySelector('path[data-code=SAU]').getAttribute('d')"
    )
    assert after == before
    assert not [each for each in visit.requests if "/static/world" in each]


def test_a_pair_is_read_from_both_countries(visit: Visit) -> None:
    words = "The U.S. and Armenia have strong ties"
    visit.open("/?country=ARM")
    assert words in visit.read_panel("Armenia")
    visit.open("/?country=USA")
    assert words in visit.read_panel("United States")


def test_a_country_is_chosen_by_keyboard(visit: Visit) -> None:
    visit.open()
    visit.find_map()
    box = visit.page.get_by_role("combobox", name=re.compile("^(Selected .*)?.*Country"))
    box.first.focus()
    visit.page.keyboard.type("Bahr")
    visit.page.keyboard.press("Enter")
    assert "Abraham Accords" in visit.read_panel("Bahrain")
    assert read_query(visit)["country"] == ["BHR"]


def test_lens_and_focus_are_kept_in_the_address(visit: Visit) -> None:
    visit.open()
    visit.find_map()
    visit.page.get_by_text("In an accord", exact=True).click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Abraham Accords")
    assert read_query(visit)["lens"] == ["accord"]
    assert visit.find_value("KAZ") == "approached"
    visit.page.get_by_text("Mentions", exact=True).click()
    visit.page.wait_for_url("**lens=mentions*")
    expect(visit.find_map().locator("path[data-code=RUS]").first).to_have_attribute(
        "data-value", "once"
    )


def test_an_address_opens_cold_on_the_same_view(visit: Visit) -> None:
    visit.open("/?lens=focus&focus=AZE&country=ARM&as_of=2025-08-01")
    assert "at odds" in visit.read_panel("Armenia")
    assert visit.find_value("ARM") == "dispute"
    visit.open("/?as_of=2025-07-01")
    expect(visit.page.get_by_role("heading", level=1)).to_be_visible()
    assert visit.find_value("SAU") == "none"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("country=Atlantis", "No country is called “Atlantis”"),
        ("as_of=2025-13-01", "is no date"),
        ("lens=weather", "There is no lens “weather”"),
        ("accord=Nowhere%20Pact", "No evidence names an accord"),
        ("focus=%3Cscript%3Ewindow.pwned%3D1%3C%2Fscript%3E", "No country is called"),
    ],
)
def test_a_wrong_address_is_told_and_the_map_still_works(
    visit: Visit, query: str, message: str
) -> None:
    visit.open(f"/?{query}")
    expect(visit.page.get_by_text(message).first).to_be_visible()
    assert visit.find_value("SAU") == "refuses"
    assert visit.page.evaluate("window.pwned") is None
    assert visit.page.get_by_text("Traceback").count() == 0


def test_a_quote_leads_to_its_place_in_the_article(visit: Visit) -> None:
    visit.open("/?country=SAU")
    visit.read_panel("Saudi Arabia")
    visit.page.get_by_role("link", name="In the article").first.click()
    marked = visit.page.locator("mark, [id]").filter(has_text="The Kingdom has said repeatedly")
    expect(marked.first).to_be_in_viewport()
    expect(visit.page.get_by_text("Global anger has been sparked").first).to_be_attached()


@pytest.mark.parametrize("path", ["/article", "/add", "/method"])
def test_every_page_opens_cold_and_asks_no_other_host(visit: Visit, path: str) -> None:
    visit.open(path)
    expect(visit.page.get_by_role("heading", level=1).first).to_be_visible()
    hosts = {urlsplit(each).netloc for each in visit.requests if each.startswith(("http", "ws"))}
    assert hosts == {urlsplit(visit.address).netloc}
    assert visit.failures == []


def test_own_text_is_read_marked_and_mapped(visit: Visit) -> None:
    visit.open("/add")
    visit.page.get_by_label("Text of the article").fill(
        "Norway signed a fishing pact with Sweden. Denmark was not there."
    )
    visit.page.get_by_role("button", name="Read").click()
    expect(visit.page.get_by_text("Norway").last).to_be_visible()
    expect(
        visit.find_map().locator("path[data-code=SWE], path[data-code=NOR]").first
    ).to_be_attached()
    found = visit.page.locator("table", has_text="Quote")
    expect(found).to_contain_text("Norway signed a fishing pact with Sweden.")
    expect(found).to_contain_text("Ties")
    expect(visit.page.locator("mark", has_text="Denmark").first).to_be_attached()


def test_hostile_text_stays_text(visit: Visit) -> None:
    visit.open("/add")
    visit.page.get_by_label("Text of the article").fill(HOSTILE)
    visit.page.get_by_role("button", name="Read").click()
    expect(visit.page.get_by_text("<script>window.pwned=1</script>").first).to_be_visible()
    assert visit.page.evaluate("window.pwned") is None
    assert visit.page.locator("a[href^='javascript:']").count() == 0


def test_a_file_that_is_no_text_is_refused_with_what_to_do(visit: Visit) -> None:
    visit.open("/add")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": "paper.txt", "mimeType": "text/plain", "buffer": b"%PDF-1.7 \x00\x01"}
    )
    expect(visit.page.get_by_text("paper.txt")).to_be_visible()
    visit.page.get_by_role("button", name="Read").click()
    expect(visit.page.get_by_text("This is a PDF, not text.").first).to_be_visible()
    assert visit.page.get_by_text("Traceback").count() == 0


@pytest.mark.parametrize("path", ["/?country=SAU", "/article", "/add", "/method"])
def test_nothing_overflows_on_a_phone(phone: Visit, path: str) -> None:
    phone.open(path)
    expect(phone.page.get_by_role("heading", level=1).first).to_be_visible()
    if "country" in path:
        phone.find_map()
    wide = phone.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= 360
