"""Time the map in a real browser beside a bare button and what one would draw a map with, in one run.

Times are those of the page itself: from navigation to a map that is colored (or a button that is
drawn), and from the press of the mouse to the answer in the page, or to the map that another focus has
colored. ``cold`` is the first visit after the server starts, ``warm`` a later one with an empty browser
cache. All pages are served side by side and visited in turn, so that what else the machine does falls on
each alike. Bytes are those on the wire from the server, counted between it and the browser. Memory is
what the server's process holds with one session and with 25. Ratios are to the bare page of the same run;
they hold on other machines, and milliseconds do not. A canvas does not tell when it is painted, so
pydeck's map counts as shown when its canvas is there. A click that is not answered in time is counted as
lost, and a page that fails is told with its reason. Plotly is installed by pip for the run and forgotten
afterwards.
"""

import json
import math
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

LOADS = 4
CLICKS = 6
FOCUSES = 4
SESSIONS = 25
# Milliseconds that a page may take to be shown, and a click to be answered.
PATIENCE, ANSWERED = 40_000, 8_000
# Seconds after which no further round of visits begins.
LONGEST = 300
PLOTLY = "plotly==7.1.0"
# Milliseconds that the mouse rests on a shape of a peer before it is pressed, as a hand would.
HOVER = 300
# Algeria, Saudi Arabia, Kazakhstan, Russia, Brazil, Australia: latitude and longitude.
DECK_PLACES = ((28, 3), (24, 45), (48, 67), (60, 100), (-10, -52), (-25, 135))
COUNTRIES = ("SAU", "AZE", "KAZ", "IRN", "SDN", "RUS")
# Budgets: ratios to the bare page to a colored map, and to its click from a click to the quotes and from
# a choice to another focus; and the kilobytes of a click.
BUDGETS = {"map": 1.3, "click": 1.8, "focus": 2.0, "kB a click": 12.0}
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
  let asked = 0;
  window.answer = (condition) => {
    window.answeredAt = null;
    asked += 1;
    const own = asked;
    for (const each of [window, document.querySelector("iframe")?.contentWindow]) {
      each?.addEventListener("mousedown", () => { window.pressed = now(); }, { capture: true, once: true });
    }
    const test = new Function(`return ${condition}`);
    // What was asked before is no answer to what is asked now.
    const look = () => {
      if (own === asked && !window.answeredAt && test()) window.answeredAt = now();
      return own !== asked || window.answeredAt;
    };
    new MutationObserver((_, observer) => {
      if (look()) observer.disconnect();
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    // What changes in a frame is seen at the next picture that the browser draws.
    const watch = () => {
      if (!look()) requestAnimationFrame(watch);
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
    click: Callable[["Page", int], str]
    focus: Callable[["Page", int], str] | None = None


@dataclass(slots=True)
class Timing:
    """Hold what was measured of a design: milliseconds, bytes on the wire, and megabytes."""

    cold: float = 0.0
    warm: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    lost: int = 0
    failure: str = ""
    focuses: list[float] = field(default_factory=list)
    load_bytes: list[int] = field(default_factory=list)
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
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
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


def find_path(page: "Page", number: int) -> str:
    """Move the mouse to a large shape of Plotly's map; return what is true once it is answered."""
    before = page.evaluate(f"() => {ANSWER}")
    places = page.evaluate(
        """() => [...document.querySelectorAll(".choroplethlayer path")]
        .map((shape) => [shape, shape.getBoundingClientRect()])
        .sort(([, one], [, other]) => other.width * other.height - one.width * one.height)
        .slice(0, 6).map(([shape, box]) => {
          const turn = shape.getScreenCTM().inverse();
          for (let step = 0; step < 400; step += 1) {
            const [x, y] = [box.left + (box.width * (step % 20)) / 20, box.top + (box.height * step) / 400];
            if ([[0, 0], [4, 0], [-4, 0], [0, 4], [0, -4]].every(([right, down]) =>
              shape.isPointInFill(new DOMPoint(x + right, y + down).matrixTransform(turn)))) return { x, y };
          }
          return null;
        }).filter(Boolean)"""
    )
    place = places[number % len(places)]
    page.mouse.move(place["x"], place["y"])
    page.wait_for_timeout(HOVER)
    return f"{ANSWER} !== {before!r}"


def find_pixel(page: "Page", number: int) -> str:
    """Move the mouse to where pydeck draws a large country; return what is true once it is answered."""
    before = page.evaluate(f"() => {ANSWER}")
    box = page.locator("canvas").last.bounding_box()
    assert box is not None
    lat, lon = DECK_PLACES[number % len(DECK_PLACES)]
    # The view that the script asks for, in Web Mercator: a world of 1024 pixels.
    north, middle = (math.asinh(math.tan(math.radians(degrees))) for degrees in (lat, 25))
    x = box["x"] + box["width"] / 2 + (lon - 15) / 360 * 1024
    y = box["y"] + box["height"] / 2 - (north - middle) / math.tau * 1024
    page.mouse.move(x, y)
    page.wait_for_timeout(HOVER)
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
        told = str(number % 5 + 2)
        choose_focus(page, told)
        said = f"[...document.querySelectorAll('p')].some(p => p.innerText === 'focus {told}')"
        if not colored:
            return said
        before = json.dumps(page.evaluate(f"() => {colored}"))
        return f"{said} && {colored} && {colored} !== {before}"

    return move


PAINTED = f"{FRAME}?.querySelectorAll('path.leaflet-interactive')[12]?.getAttribute('fill')"
FILLED = (
    "[...document.querySelectorAll('.choroplethlayer path')].map(path => path.style.fill).join()"
)


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
        find_path,
        focus_number(FILLED),
    ),
    Design(
        "pydeck",
        ROOT / "benchmarks/peers/pydeck_map.py",
        "() => document.querySelectorAll('canvas').length > 1",
        find_pixel,
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


def press(page: "Page", condition: str) -> float | None:
    """Press the mouse where it stands; return the milliseconds until a condition holds, if it ever does."""
    from playwright.sync_api import TimeoutError as TooLate

    page.evaluate("condition => window.answer(condition)", condition)
    page.mouse.down()
    page.mouse.up()
    try:
        page.wait_for_function("() => window.answeredAt", timeout=ANSWERED)
    except TooLate:
        return None
    return float(page.evaluate("() => window.answeredAt - window.pressed"))


def time_visit(browser: "Browser", meter: Meter, design: Design, timing: Timing | None) -> float:
    """Visit a page with an empty cache; return the time to the map.

    Given a timing, click and choose as well, and add what was measured to it.
    """
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
        last = time.monotonic() + ANSWERED / 1000
        while runs == before and time.monotonic() < last:
            page.wait_for_timeout(20)
        page.wait_for_timeout(200)

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    start = meter.count
    try:
        page.goto(f"http://localhost:{meter.port}")
        page.wait_for_function("() => window.shownAt")
        shown = float(page.evaluate("() => window.shownAt"))
        if timing is None:
            return shown
        page.wait_for_load_state("networkidle")
        # What is drawn last is drawn by then, and the page is at rest.
        page.wait_for_timeout(800)
        timing.load_bytes.append(meter.count - start)
        # A page that has never answered is not asked any more.
        for number in range(CLICKS if timing.clicks or timing.lost < CLICKS else 0):
            condition = design.click(page, number)
            before, start = runs, meter.count
            clicked = press(page, condition)
            if clicked is None:
                timing.lost += 1
                continue
            timing.clicks.append(clicked)
            rest(before)
            timing.click_bytes.append(meter.count - start)
        # A map that is drawn anew in a second run would be taken for the answer to the next press.
        page.wait_for_timeout(1000)
        for number in range(FOCUSES if design.focus else 0):
            assert design.focus
            condition = design.focus(page, number)
            before = runs
            if focused := press(page, condition):
                timing.focuses.append(focused)
            rest(before)
            page.wait_for_timeout(400)
    finally:
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


def fill_sessions(address: str, port: int) -> tuple[float, float]:
    """Open sessions that stay; return the server's megabytes with one and with all of them."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect
    from websockets.typing import Origin

    held = []
    # A session lives in the server, so no browser is needed for it: a run is asked for and waited for.
    start = BackMsg()
    start.rerun_script.query_string = ""
    with ExitStack() as stack:
        for _ in range(SESSIONS):
            socket = stack.enter_context(
                connect(
                    f"{address.replace('http', 'ws', 1)}/_stcore/stream",
                    origin=Origin(address),
                    max_size=None,
                )
            )
            socket.send(start.SerializeToString())
            while True:
                answer = socket.recv(timeout=PATIENCE / 1000)
                if ForwardMsg.FromString(
                    bytes(answer, "utf-8") if isinstance(answer, str) else answer
                ).HasField("script_finished"):
                    break
            held.append(measure_memory(port))
    return held[0], held[-1]


def time_designs(browser: "Browser", designs: Iterable[Design]) -> dict[str, Timing]:
    """Serve designs side by side, visit them in turn, and measure what the sessions of each take."""
    from tests.browser.serving import serve_app

    timings = {design.name: Timing() for design in designs}
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        meters = {}
        for design in designs:
            address = stack.enter_context(serve_app(Path(place) / "store", design.script))
            meters[design.name] = Meter(int(address.rsplit(":", 1)[1]))
        begun = time.monotonic()
        for number in range(LOADS + 1):
            if number > 1 and time.monotonic() - begun > LONGEST:
                print(f"time is up after {number} rounds", file=sys.stderr)
                break
            for design in designs:
                timing = timings[design.name]
                if timing.failure:
                    continue
                print(f"visit {number}: {design.name}", file=sys.stderr, flush=True)
                with note_failure(timing):
                    if number:
                        timing.warm.append(time_visit(browser, meters[design.name], design, timing))
                    else:
                        timing.cold = time_visit(browser, meters[design.name], design, None)
    for design in designs:
        print(f"sessions: {design.name}", file=sys.stderr, flush=True)
        with (
            tempfile.TemporaryDirectory() as place,
            note_failure(timings[design.name]),
            serve_app(Path(place) / "store", design.script) as address,
        ):
            port = int(address.rsplit(":", 1)[1])
            timings[design.name].memory = fill_sessions(address, port)
    return timings


@contextmanager
def note_failure(timing: Timing) -> Iterator[None]:
    """Keep the reason of what fails with its timing, so that the others are timed all the same."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever fails in a peer is a figure of this table
        timing.failure = f"{type(error).__name__}: {str(error).splitlines()[0]}"[:120]
        print(timing.failure, file=sys.stderr)


def write_table(timings: dict[str, Timing]) -> str:
    """Return the figures as a table in Markdown, with their ratios to the bare page."""
    base = timings[DESIGNS[0].name]
    heads = (
        "", "map, cold", "map, warm", "ratio", "click", "worst", "ratio", "no answer", "focus",
        "kB at load", "kB a click", "MB, 1", f"MB, {SESSIONS}",
    )  # fmt: skip
    rows = []
    for name, item in timings.items():
        pressed = len(item.clicks) + item.lost
        rows.append(
            (
                name,
                f"{item.cold:,.0f} ms" if item.cold else "–",
                write_median(item.warm, "{:,.0f} ms"),
                write_ratio(item.warm, base.warm),
                write_median(item.clicks, "{:,.0f} ms"),
                f"{max(item.clicks):,.0f} ms" if item.clicks else "–",
                write_ratio(item.clicks, base.clicks),
                f"{item.lost} of {pressed}",
                write_median(item.focuses, "{:,.0f} ms"),
                write_median([count / 1000 for count in item.load_bytes], "{:,.0f}"),
                write_median([count / 1000 for count in item.click_bytes], "{:,.1f}"),
                *(f"{held:,.0f}" if held else "–" for held in item.memory),
            )
        )
    lines = [" | ".join(row) for row in (heads, ["---"] + ["--:"] * (len(heads) - 1), *rows)]
    failures = [f"{name} failed: {item.failure}" for name, item in timings.items() if item.failure]
    return "\n".join([*(f"| {line} |" for line in lines), *failures])


def write_median(values: Sequence[float], form: str) -> str:
    """Return the median of what was measured, or a dash."""
    return form.format(statistics.median(values)) if values else "–"


def write_ratio(values: Sequence[float], base: Sequence[float]) -> str:
    """Return the ratio of two medians, or a dash."""
    return f"{divide(values, base):.2f}" if values and base else "–"


def divide(values: Sequence[float], base: Sequence[float]) -> float:
    """Return the ratio of two medians."""
    return statistics.median(values) / statistics.median(base)


def describe_machine() -> str:
    """Return what the figures depend on: day, processors, load, and versions."""
    versions = [
        f"{package} {version(package)}" for package in ("streamlit", "folium", "streamlit-folium")
    ]
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{date.today()}, {os.cpu_count()} processors, load {load}; Python "  # noqa: DTZ011
        f"{sys.version.split()[0]}, {', '.join([*versions, PLOTLY.replace('==', ' ')])}, "
        f"pydeck {version('pydeck')}"
    )


def main() -> None:
    """Print the table of all designs, or of those named, and whether our map is within its budgets."""
    chosen = [
        design
        for design in DESIGNS
        if not sys.argv[1:] or design.name in {"bare button", *sys.argv[1:]}
    ]
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright

    from tests.browser.visiting import open_browser

    with (
        tempfile.TemporaryDirectory() as peers,
        sync_playwright() as playwright,
        open_browser(playwright) as browser,
    ):
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-warn-conflicts"]
        # Without it, its own row tells so.
        subprocess.run([*pip, "--target", peers, PLOTLY], check=False)
        os.environ["PYTHONPATH"] = peers
        print(f"Before: {describe_machine()}; Chromium {browser.version}.")
        timings = time_designs(browser, chosen)
    print(write_table(timings))
    print(f"After: load {', '.join(f'{load:.1f}' for load in os.getloadavg())}.")
    if "Entente" not in timings:
        return
    base, ours = timings[DESIGNS[0].name], timings["Entente"]
    if ours.failure or base.failure:
        sys.exit("the map or the bare page could not be timed")
    found = {
        "map": divide(ours.warm, base.warm),
        "click": divide(ours.clicks, base.clicks),
        "focus": divide(ours.focuses, base.clicks),
        "kB a click": max(ours.click_bytes) / 1000,
    }
    for name, budget in BUDGETS.items():
        verdict = "within" if found[name] <= budget else "over"
        print(f"{name}: {found[name]:.2f}, {verdict} the budget of {budget}")


if __name__ == "__main__":
    main()
