"""What a reader passes on: a link that shows the same map, part of the world, filter and open pair again."""

from collections.abc import Callable

from tests.browser.visiting import Visit


def test_a_shared_link_holds_what_the_reader_did_to_the_map(
    visit: Visit, welcome: Callable[..., Visit]
) -> None:
    visit.open_map("/?focus=ISR")
    assert visit.page.title() == "How countries stand toward Israel, 1 August 2025 – Entente"
    box = visit.page.locator("iframe").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x - 60, y + 20, steps=4)
    visit.page.mouse.up()
    visit.page.locator('.e-legend [data-value="ties"]').click()
    row = visit.page.locator('.e-panel .e-pair[data-pair="ISR-SAU"]')
    row.locator("summary").first.click()
    visit.page.wait_for_url("**open=ISR-SAU**")
    visit.page.get_by_role("button", name="Share").click()
    shared = visit.page.locator(".stPopoverBody code, [data-testid=stPopoverBody] code").first
    shared.wait_for()
    visit.page.wait_for_function(
        "() => document.querySelector('[data-testid=stPopoverBody] code')?.innerText.includes('open=')"
    )
    link = shared.inner_text()
    for part in ("focus=ISR", "as_of=2025-08-01", "at=", "only=ties", "open=ISR-SAU"):
        assert part in link
    with visit.page.expect_download() as picture:
        visit.page.locator("[data-picture]").click()
    assert picture.value.suggested_filename == "entente-map.png"

    other = welcome()
    other.page.goto(link)
    other.wait_for_page()
    other.wait_for_map()
    pressed = other.page.locator('.e-legend [aria-pressed="true"]')
    assert pressed.get_attribute("data-value") == "ties"
    row = other.page.locator('.e-panel .e-pair[data-pair="ISR-SAU"]')
    assert row.get_attribute("open") is not None
    center = "() => map.getCenter().lng.toFixed(0) + ' ' + map.getZoom().toFixed(1)"
    assert other.frame.locator("body").evaluate(center) == visit.frame.locator("body").evaluate(
        center
    )


def test_the_menu_keeps_the_days_of_what_changed_and_the_focus_for_the_map(visit: Visit) -> None:
    visit.open("/compare?from=2025-05-01&to=2025-08-01&focus=SAU")
    menu = visit.page.locator(".st-key-menu")
    menu.get_by_role("link", name="Map", exact=True).click()
    visit.page.get_by_text("How countries stand toward Saudi Arabia").first.wait_for()
    menu.get_by_role("link", name="What changed").click()
    visit.page.wait_for_url("**/compare?**from=2025-05-01**")
    assert "focus=SAU" in visit.page.url


def test_a_click_is_told_to_those_who_hear_the_page(visit: Visit) -> None:
    visit.open_map("/?focus=ISR")
    visit.click_country("SAU")
    voice = visit.frame.get_by_role("status")
    assert "Saudi Arabia, toward Israel: refuses" in voice.inner_text()
