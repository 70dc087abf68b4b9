"""Time the map in a real browser beside a bare button and beside folium.Choropleth, in one run.

Times are those of the page itself: from navigation to a map that is colored (or a button that is
drawn), and from the press of the mouse to the answer in the page. ``cold`` is the first visit after
the server starts, ``warm`` a later one with an empty browser cache. Ratios are to the bare page of
the same run; they hold on other machines, and milliseconds do not.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

LOADS = 4
CLICKS = 12
PATIENCE = 60_000
COUNTRIES = ("SAU", "AZE", "KAZ", "IRN", "SDN", "RUS")
# Budgets as ratios to the bare page: to a colored map, and from a click to its quotes.
BUDGETS = {"map": 1.3, "click": 1.8}
# Runs in the page before its own scripts: notes when it is shown, when the mouse goes down in it or in
# its frame, and when the answer is there, on one clock.
WATCH = """
(() => {
  if (window !== window.top) return;
  const now = () => performance.timeOrigin + performance.now();
  const look = () => {
    if (!window.shownAt && (%s)()) window.shownAt = performance.now();
    if (!window.shownAt) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.answer = (condition) => {
    window.answeredAt = null;
    for (const each of [window, document.querySelector("iframe")?.contentWindow]) {
      each?.addEventListener("mousedown", () => { window.pressed = now(); }, { capture: true, once: true });
    }
    const test = new Function(`return ${condition}`);
    new MutationObserver((_, observer) => {
      if (!window.answeredAt && test()) { window.answeredAt = now(); observer.disconnect(); }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  };
})();
"""
FRAME = "document.querySelector('iframe')?.contentDocument"
ANSWER = "document.querySelector('[data-testid=stMarkdownContainer] p')?.innerText"


@dataclass(frozen=True, slots=True)
class Design:
    """Hold a page to time: its script, when it counts as shown, and how it is clicked."""

    name: str
    script: Path
    shown: str
    click: Callable[["Page", int], str]


@dataclass(slots=True)
class Timing:
    """Hold what was measured of a design: milliseconds, and bytes of one visit."""

    cold: float = 0.0
    warm: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    http: int = 0
    socket: int = 0
    click_socket: list[int] = field(default_factory=list)


def find_country(page: "Page", number: int) -> str:
    """Move the mouse to a country of our map; return what is true once its quotes are there."""
    from tests.browser.visiting import FIND_PLACE

    code = COUNTRIES[number % len(COUNTRIES)]
    shape = page.frame_locator("iframe").locator(f'path[data-code="{code}"]').first
    move_mouse(page, shape.evaluate(FIND_PLACE))
    return f"document.querySelector('.e-panel[data-country={code}]')"


def find_shape(page: "Page", number: int) -> str:
    """Move the mouse to a large shape of the other map; return what is true once it is answered."""
    from tests.browser.visiting import FIND_PLACE

    before = page.evaluate(f"() => {ANSWER}")
    shapes = page.frame_locator("iframe").locator("path.leaflet-interactive")
    places = shapes.evaluate_all(
        f"""all => all.map((shape) => [shape, shape.getBoundingClientRect()])
        .sort(([, one], [, other]) => other.width * other.height - one.width * one.height)
        .slice(0, 30).map(([shape]) => ({FIND_PLACE})(shape)).filter(Boolean).slice(0, 6)"""
    )
    move_mouse(page, places[number % len(places)])
    return f"{ANSWER} !== {before!r}"


def find_button(page: "Page", number: int) -> str:
    """Move the mouse to the button; return what is true once it is answered."""
    box = page.get_by_role("button", name="Press").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return f"[...document.querySelectorAll('p')].some(p => p.innerText === 'answer {number + 1}')"


def move_mouse(page: "Page", place: dict[str, float]) -> None:
    """Move the mouse to a place in the map's frame."""
    box = page.locator("iframe").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])


DESIGNS = (
    Design(
        "bare button",
        ROOT / "benchmarks/peers/button.py",
        "() => document.querySelector('[data-testid=stButton] button')",
        find_button,
    ),
    Design(
        "Entente",
        ROOT / "app.py",
        f"() => {FRAME}?.querySelectorAll('path[data-value]').length > 200",
        find_country,
    ),
    Design(
        "folium.Choropleth",
        ROOT / "benchmarks/peers/choropleth.py",
        f"() => {FRAME}?.querySelectorAll('path.leaflet-interactive').length > 200",
        find_shape,
    ),
)


def answer_hosts(route: "Route") -> None:
    """Answer for other hosts at once: Leaflet from here, and nothing for the rest."""
    url = route.request.url
    if url.startswith("http://localhost"):
        route.continue_()
    elif url.endswith(("leaflet.js", "leaflet.css")):
        route.fulfill(path=ROOT / "static" / url.rsplit("/", 1)[1])
    else:
        route.fulfill(body="")


def time_visit(browser: "Browser", address: str, design: Design, timing: Timing) -> float:
    """Visit a page with an empty cache, click, add what was measured; return the time to the map."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH % design.shown)
    if design.name != "Entente":
        page.route("**/*", answer_hosts)
    seen: dict[str, int] = {"http": 0, "socket": 0, "runs": 0}

    def take(payload: bytes | str) -> None:
        data = payload if isinstance(payload, bytes) else payload.encode()
        seen["socket"] += len(data)
        seen["runs"] += ForwardMsg.FromString(data).HasField("script_finished")

    def add_bytes(event: dict[str, Any]) -> None:
        seen["http"] += int(event["encodedDataLength"])

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    network = context.new_cdp_session(page)
    network.on("Network.loadingFinished", add_bytes)
    network.send("Network.enable")
    page.goto(address)
    page.wait_for_function("() => window.shownAt")
    shown = float(page.evaluate("() => window.shownAt"))
    page.wait_for_load_state("networkidle")
    timing.http, timing.socket = seen["http"], seen["socket"]
    for number in range(CLICKS):
        condition = design.click(page, number)
        before, runs = seen["socket"], seen["runs"]
        page.evaluate("condition => window.answer(condition)", condition)
        page.mouse.down()
        page.mouse.up()
        page.wait_for_function("() => window.answeredAt")
        timing.clicks.append(float(page.evaluate("() => window.answeredAt - window.pressed")))
        while seen["runs"] == runs:
            page.wait_for_timeout(20)
        page.wait_for_timeout(100)
        timing.click_socket.append(seen["socket"] - before)
    context.close()
    return shown


def time_design(browser: "Browser", design: Design) -> Timing:
    """Serve a design and time its visits."""
    from tests.browser.serving import serve_app

    timing = Timing()
    with (
        tempfile.TemporaryDirectory() as place,
        serve_app(Path(place) / "store", design.script) as address,
    ):
        timing.cold = time_visit(browser, address, design, timing)
        timing.clicks.clear()
        timing.click_socket.clear()
        timing.warm = [time_visit(browser, address, design, timing) for _ in range(LOADS)]
    return timing


def write_table(timings: dict[str, Timing]) -> str:
    """Return the figures as a table with their ratios to the bare page."""
    base = timings[DESIGNS[0].name]
    lines = [
        f"{'':18} {'cold ms':>8} {'warm ms':>8} {'ratio':>6} {'click ms':>9} {'worst':>6} {'ratio':>6} "
        f"{'http kB':>8} {'socket kB':>10} {'a click kB':>11}"
    ]
    for name, each in timings.items():
        warm, click = statistics.median(each.warm), statistics.median(each.clicks)
        lines.append(
            f"{name:18} {each.cold:8.0f} {warm:8.0f} {warm / statistics.median(base.warm):6.2f} "
            f"{click:9.0f} {max(each.clicks):6.0f} {click / statistics.median(base.clicks):6.2f} "
            f"{each.http / 1000:8.0f} {each.socket / 1000:10.1f} "
            f"{statistics.median(each.click_socket) / 1000:11.1f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table, and whether our map is within its budgets."""
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright

    from tests.browser.visiting import open_browser

    with sync_playwright() as playwright, open_browser(playwright) as browser:
        timings = {design.name: time_design(browser, design) for design in DESIGNS}
    print(write_table(timings))
    base, ours = timings[DESIGNS[0].name], timings["Entente"]
    ratios = {
        "map": statistics.median(ours.warm) / statistics.median(base.warm),
        "click": statistics.median(ours.clicks) / statistics.median(base.clicks),
    }
    for name, budget in BUDGETS.items():
        verdict = "within" if ratios[name] <= budget else "over"
        print(f"{name}: {ratios[name]:.2f} times the bare page, {verdict} the budget of {budget}")


if __name__ == "__main__":
    main()
