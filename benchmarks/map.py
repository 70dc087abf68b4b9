"""Time the map in a real browser beside a bare button and what one would draw a map with, in one run.

Times are those of the page itself: from navigation to a map that is colored (or a button that is
drawn), and from the press of the mouse to the answer in the page, or to the map that another focus has
colored. ``cold`` is the first visit after the server starts, ``warm`` a later one with an empty browser
cache. Bytes are those on the wire from the server, counted between it and the browser. Memory is what the
server's process holds with one session and with 25. Ratios are to the bare page of the same run; they
hold on other machines, and milliseconds do not. A canvas does not tell when it is painted, so pydeck's map
counts as shown when its canvas is there. Clicks on the shapes of Plotly and pydeck are not timed. Plotly
is installed by pip for the run and forgotten afterwards.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

LOADS = 4
CLICKS = 12
PATIENCE = 60_000
FOCUSES = 6
SESSIONS = 25
PLOTLY = "plotly==7.1.0"
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
    // What changes in a frame is seen at the next picture that the browser draws.
    const watch = () => {
      if (!window.answeredAt && test()) window.answeredAt = now();
      if (!window.answeredAt) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  };
})();
"""
EMPTY_STYLE = '{"version": 8, "sources": {}, "layers": []}'
EMPTY_TOPOLOGY = json.dumps(
    {
        "type": "Topology",
        "arcs": [],
        "objects": {
            name: {"type": "GeometryCollection", "geometries": []}
            for name in ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
        },
    }
)
FRAME = "document.querySelector('iframe')?.contentDocument"
ANSWER = (
    "[...document.querySelectorAll('p')].find(p => p.innerText.startsWith('answer'))?.innerText"
)


@dataclass(frozen=True, slots=True)
class Design:
    """Hold a page to time: its script, when it counts as shown, and how it is clicked."""

    name: str
    script: Path
    shown: str
    click: Callable[["Page", int], str] | None
    focus: Callable[["Page", int], str] | None = None


@dataclass(slots=True)
class Timing:
    """Hold what was measured of a design: milliseconds, bytes on the wire, and megabytes."""

    cold: float = 0.0
    warm: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    focuses: list[float] = field(default_factory=list)
    load_bytes: int = 0
    click_bytes: list[int] = field(default_factory=list)
    memory: tuple[float, float] = (0.0, 0.0)


class Meter:
    """Stand between a browser and a server, pass all on, and count the bytes that the server sends."""

    def __init__(self, target: int) -> None:
        """Listen on a free port for what is meant for the port ``target``."""
        self.target = target
        self.count = 0
        self.listener = socket.create_server(("localhost", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("localhost", self.target))
            threading.Thread(target=self._pass, args=(browser, server, 0), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, browser, 1), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, share: int) -> None:
        try:
            while data := source.recv(65536):
                self.count += share * len(data)
                sink.sendall(data)
        except OSError:
            pass
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


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


def choose_focus(page: "Page", name: str) -> None:
    """Open the list of focuses and move the mouse to one of them."""
    page.get_by_role("combobox", name="Focus").click()
    option = page.get_by_role("option", name=name, exact=True)
    option.scroll_into_view_if_needed()
    box = option.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def focus_country(page: "Page", number: int) -> str:
    """Move the mouse to another focus of our map; return what is true once it is colored."""
    code, name = (("AZE", "Azerbaijan"), ("ARM", "Armenia"), ("USA", "United States"))[number % 3]
    choose_focus(page, name)
    return f"{FRAME}?.querySelector('path[data-code={code}]')?.dataset.value === 'focus'"


def focus_number(colored: str) -> Callable[["Page", int], str]:
    """Return what moves the mouse to another focus of a peer; ``colored`` gives the color of a shape."""

    def move(page: "Page", number: int) -> str:
        choose_focus(page, str(number % 5 + 2))
        if not colored:
            return f"[...document.querySelectorAll('p')].some(p => p.innerText === 'focus {number % 5 + 2}')"
        before = page.evaluate(f"() => {colored}")
        return f"{colored} && {colored} !== {before!r}"

    return move


PAINTED = f"{FRAME}?.querySelectorAll('path.leaflet-interactive')[12]?.getAttribute('fill')"
FILLED = "document.querySelectorAll('.choroplethlayer path')[12]?.style.fill"


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
        focus_country,
    ),
    Design(
        "folium.Choropleth",
        ROOT / "benchmarks/peers/choropleth.py",
        f"() => {FRAME}?.querySelectorAll('path.leaflet-interactive').length > 200",
        find_shape,
        focus_number(PAINTED),
    ),
    Design(
        "plotly",
        ROOT / "benchmarks/peers/plotly_map.py",
        "() => document.querySelectorAll('.choroplethlayer path').length > 200",
        None,
        focus_number(FILLED),
    ),
    Design(
        "pydeck",
        ROOT / "benchmarks/peers/pydeck_map.py",
        "() => document.querySelectorAll('canvas').length > 1",
        None,
        focus_number(""),
    ),
)


def answer_hosts(route: "Route") -> None:
    """Answer for other hosts at once: Leaflet from here, empty base maps, and nothing for the rest."""
    url = route.request.url
    if url.startswith(("http://localhost", "data:", "blob:")):
        route.continue_()
    elif url.endswith(("leaflet.js", "leaflet.css")):
        route.fulfill(path=ROOT / "static" / url.rsplit("/", 1)[1])
    elif "plot.ly" in url:
        route.fulfill(body=EMPTY_TOPOLOGY, content_type="application/json")
    elif url.endswith("style.json"):
        route.fulfill(body=EMPTY_STYLE, content_type="application/json")
    else:
        route.fulfill(body="")


def press(page: "Page", condition: str) -> float:
    """Press the mouse where it stands; return the milliseconds until a condition holds."""
    page.evaluate("condition => window.answer(condition)", condition)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function("() => window.answeredAt")
    return float(page.evaluate("() => window.answeredAt - window.pressed"))


def time_visit(browser: "Browser", meter: Meter, design: Design, timing: Timing) -> float:
    """Visit a page with an empty cache, click, add what was measured; return the time to the map."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH % design.shown)
    if design.name != "Entente":
        page.route("**/*", answer_hosts)
    runs = 0

    def take(payload: bytes | str) -> None:
        nonlocal runs
        data = payload if isinstance(payload, bytes) else payload.encode()
        runs += ForwardMsg.FromString(data).HasField("script_finished")

    def rest(before: int) -> None:
        while runs == before:
            page.wait_for_timeout(20)
        page.wait_for_timeout(100)

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    start = meter.count
    page.goto(f"http://localhost:{meter.port}")
    page.wait_for_function("() => window.shownAt")
    shown = float(page.evaluate("() => window.shownAt"))
    page.wait_for_load_state("networkidle")
    timing.load_bytes = meter.count - start
    for number in range(CLICKS if design.click else 0):
        assert design.click
        condition = design.click(page, number)
        before, start = runs, meter.count
        timing.clicks.append(press(page, condition))
        rest(before)
        timing.click_bytes.append(meter.count - start)
    for number in range(FOCUSES if design.focus else 0):
        assert design.focus
        condition = design.focus(page, number)
        before = runs
        timing.focuses.append(press(page, condition))
        rest(before)
    context.close()
    return shown


def measure_memory(port: int) -> float:
    """Return the megabytes that the process which serves a port holds (``VmRSS`` of Linux)."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            status = (folder / "status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        if "streamlit" in words and str(port) in words:
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            return int(found[1]) / 1000 if found else 0.0
    return 0.0


def fill_sessions(browser: "Browser", address: str, port: int) -> tuple[float, float]:
    """Open sessions that stay; return the server's megabytes with one and with all of them."""
    contexts = []
    first = 0.0
    for number in range(SESSIONS):
        context = browser.new_context(viewport={"width": 800, "height": 600})
        contexts.append(context)
        page = context.new_page()
        # The session lives in the server; what the browser would draw is left out.
        page.route("**/component/**", lambda route: route.abort())
        page.route("**/*", answer_hosts)
        page.goto(address)
        page.locator("[data-testid=stMain] [data-testid=stElementContainer]").nth(1).wait_for(
            state="attached"
        )
        page.wait_for_timeout(400)
        if number == 0:
            first = measure_memory(port)
    last = measure_memory(port)
    for context in contexts:
        context.close()
    return first, last


def time_design(browser: "Browser", design: Design) -> Timing:
    """Serve a design, time its visits, and measure what its sessions take."""
    from tests.browser.serving import serve_app

    timing = Timing()
    with (
        tempfile.TemporaryDirectory() as place,
        serve_app(Path(place) / "store", design.script) as address,
    ):
        port = int(address.rsplit(":", 1)[1])
        meter = Meter(port)
        timing.cold = time_visit(browser, meter, design, timing)
        for each in (timing.clicks, timing.click_bytes, timing.focuses):
            each.clear()
        timing.warm = [time_visit(browser, meter, design, timing) for _ in range(LOADS)]
        meter.listener.close()
    with (
        tempfile.TemporaryDirectory() as place,
        serve_app(Path(place) / "store", design.script) as address,
    ):
        timing.memory = fill_sessions(browser, address, int(address.rsplit(":", 1)[1]))
    return timing


def write_table(timings: dict[str, Timing]) -> str:
    """Return the figures as a table with their ratios to the bare page."""
    base = timings[DESIGNS[0].name]
    lines = [
        f"{'':18} {'cold ms':>8} {'warm ms':>8} {'ratio':>6} {'click ms':>9} {'worst':>6} {'ratio':>6} "
        f"{'focus ms':>9} {'load kB':>8} {'a click kB':>11} {'MB, 1':>7} {'MB, 25':>7}"
    ]
    for name, each in timings.items():
        warm = statistics.median(each.warm)
        focus = f"{statistics.median(each.focuses):9.0f}" if each.focuses else f"{'-':>9}"
        clicked, sent = f"{'-':>9} {'-':>6} {'-':>6}", f"{'-':>11}"
        if each.clicks:
            click = statistics.median(each.clicks)
            ratio = click / statistics.median(base.clicks)
            clicked = f"{click:9.0f} {max(each.clicks):6.0f} {ratio:6.2f}"
            sent = f"{statistics.median(each.click_bytes) / 1000:11.1f}"
        lines.append(
            f"{name:18} {each.cold:8.0f} {warm:8.0f} {warm / statistics.median(base.warm):6.2f} {clicked} "
            f"{focus} {each.load_bytes / 1000:8.0f} {sent} {each.memory[0]:7.0f} {each.memory[1]:7.0f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table of all designs, or of those named, and whether our map is within its budgets."""
    chosen = [
        each for each in DESIGNS if not sys.argv[1:] or each.name in {"bare button", *sys.argv[1:]}
    ]
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright

    from tests.browser.visiting import open_browser

    with (
        tempfile.TemporaryDirectory() as peers,
        sync_playwright() as playwright,
        open_browser(playwright) as browser,
    ):
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-warn-conflicts",
            "--target",
            peers,
        ]
        subprocess.run([*pip, PLOTLY], check=True)
        os.environ["PYTHONPATH"] = peers
        timings = {}
        for design in chosen:
            print(f"timing {design.name}", file=sys.stderr, flush=True)
            timings[design.name] = time_design(browser, design)
    print(write_table(timings))
    if "Entente" not in timings:
        return
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
