"""Visit the app as a reader does: with a mouse, a keyboard or a finger, and keep what it asked for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Page,
    Playwright,
    WebSocket,
)
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.chromium import find_chromium

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
# Streamlit looks for its server below the path of a deep link before it finds it at the root.
PROBES = ("/_stcore/health", "/_stcore/host-config")
# Milliseconds that any single step may take where others have the machine; most take a hundredth.
PATIENCE = 120_000
FRESH = "() => !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
STILL = "() => !document.getAnimations().some(each => each instanceof CSSTransition)"
PAINT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Finds a place on the screen where a shape, and nothing above it, is drawn.
FIND_PLACE = """
(shape) => {
  const box = shape.getBoundingClientRect();
  const steps = 24;
  let best = null;
  for (let row = 1; row < steps; row += 1) {
    for (let column = 1; column < steps; column += 1) {
      const x = box.left + (box.width * column) / steps;
      const y = box.top + (box.height * row) / steps;
      if (document.elementFromPoint(x, y) === shape) {
        const off = Math.hypot(column - steps / 2, row - steps / 2);
        if (!best || off < best.off) best = { x, y, off };
      }
    }
  }
  return best;
}
"""


@contextmanager
def open_browser(playwright: Playwright) -> Iterator[Browser]:
    """Yield a headless Chromium."""
    browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=list(ARGUMENTS))
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Visit:
    """Hold a page with what it asked for, what failed, and what came over its websocket."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    runs: int = 0
    received: int = 0

    def __post_init__(self) -> None:
        """Listen to the page from its first request on."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "requestfailed",
            lambda request: (
                None
                if request.failure == "net::ERR_ABORTED"
                else self.failures.append(f"{request.url}: {request.failure}")
            ),
        )
        self.page.on(
            "response",
            lambda answer: (
                self.failures.append(f"{answer.url}: {answer.status}")
                if answer.status >= 400 and not answer.url.endswith(PROBES)
                else None
            ),
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.errors.append(message.text)
                if message.type == "error"
                and not str(message.location.get("url", "")).endswith(PROBES)
                else None
            ),
        )
        self.page.on("websocket", self._listen)
        self.page.on("dialog", self._dismiss)

    def _listen(self, socket: WebSocket) -> None:
        def take(payload: bytes | str) -> None:
            data = payload if isinstance(payload, bytes) else payload.encode()
            self.received += len(data)
            if ForwardMsg.FromString(data).HasField("script_finished"):
                self.runs += 1

        socket.on("framereceived", take)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def check(self) -> None:
        """Fail where a request left for another host, something failed, or a script complained."""
        assert self.foreign == []
        assert self.failures == []
        assert self.errors == []
        assert self.dialogs == []

    @property
    def foreign(self) -> list[str]:
        """Return the requests to another host than the app's."""
        own = urlsplit(self.address).netloc
        return [
            request
            for request in self.requests
            if urlsplit(request).scheme not in ("data", "blob", "about")
            and urlsplit(request).netloc != own
        ]

    @property
    def frame(self) -> FrameLocator:
        """Return the frame of the map."""
        return self.page.frame_locator("iframe[src*='st_folium']")

    def open(self, path: str = "/") -> None:
        """Open a path of the app and wait until its page is drawn."""
        self.page.goto(self.address + path)
        self.wait_for_page()

    def wait_for_page(self) -> None:
        """Wait until a page that was asked for is drawn."""
        self.page.get_by_role("heading", level=1).first.wait_for()
        self.wait_for_run()

    def open_map(self, path: str = "/") -> None:
        """Open a path of the app and wait until its map is colored."""
        self.open(path)
        self.wait_for_map()

    def wait_for_run(self) -> None:
        """Wait until the run that has begun is over, and all that it sent is painted."""
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_function(FRESH)
        self.page.evaluate(PAINT)

    def wait_for_map(self) -> None:
        """Wait until the outlines are drawn and have a value."""
        self.page.locator("iframe").first.wait_for()
        self.frame.locator("[data-ready]").wait_for()
        self.frame.locator("path[data-value]").first.wait_for(state="attached")

    def settle(self) -> None:
        """Wait until the fonts are there, nothing is stale, and all of it is painted."""
        self.page.wait_for_function("() => document.fonts.status === 'loaded'")
        self.page.wait_for_function(FRESH)
        self.page.evaluate(PAINT)

    def change_scheme(self, scheme: Literal["light", "dark"]) -> None:
        """Change between day and night, and wait until page and maps have followed."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function(
            "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme",
            arg=scheme,
        )
        for number in range(self.page.locator("iframe").count()):
            frame = self.page.frame_locator(f"iframe >> nth={number}")
            frame.locator(f"html[data-theme={scheme}]").wait_for()
        self.wait_for_run()
        self.page.wait_for_function(STILL)

    def find_place(self, country: str) -> tuple[float, float]:
        """Return where on the screen a country is drawn, by looking at what is drawn there."""
        self.page.locator("iframe").first.scroll_into_view_if_needed()
        shapes = self.frame.locator(f'path[data-code="{country}"]')
        for number in reversed(range(shapes.count())):
            found = shapes.nth(number).evaluate(FIND_PLACE)
            if found:
                frame = self.page.locator("iframe").first.bounding_box()
                assert frame is not None
                return frame["x"] + found["x"], frame["y"] + found["y"]
        msg = f"{country} is not to be seen on the map"
        raise AssertionError(msg)

    def click_on_map(self, country: str) -> None:
        """Click a country on the map with the mouse."""
        self.page.mouse.click(*self.find_place(country))

    def click_country(self, country: str) -> None:
        """Click a country on the map with the mouse, and wait for its panel."""
        self.click_on_map(country)
        self.wait_for_panel(country)

    def wait_for_panel(self, country: str) -> None:
        """Wait until the panel tells of a country and nothing more of the page is to come."""
        self.page.locator(f'.e-panel[data-country="{country}"]').wait_for()
        self.wait_for_run()

    def wait_for_heading(self, name: str) -> None:
        """Wait until a heading begins so and nothing more of the page is to come."""
        self.page.get_by_role("heading", name=re.compile(rf"^{re.escape(name)}\b")).first.wait_for()
        self.wait_for_run()

    def wait_for_opacity(self, country: str, *, faint: bool) -> None:
        """Wait until a country is drawn faintly, or no longer is."""
        self.page.wait_for_function(
            "([country, faint]) => { const shape = document.querySelector('iframe').contentDocument"
            ".querySelector(`path[data-code='${country}']`);"
            " return (Number(shape.getAttribute('fill-opacity') ?? 1) < 0.3) === faint; }",
            arg=[country, faint],
        )

    def list_values(self) -> dict[str, str]:
        """Return the value of each country that the map draws."""
        pairs = self.frame.locator("path[data-code]").evaluate_all(
            "shapes => shapes.map(shape => [shape.dataset.code, shape.dataset.value])"
        )
        return dict(pairs)

    def list_quotes(self, within: str = ".e-panel") -> list[str]:
        """Return the texts of the quotes in a part of the page, opened or not."""
        return self.page.locator(f"{within} .e-quote > p:not(.e-who)").all_text_contents()

    def measure_map(self) -> dict[str, float]:
        """Return where some far countries are drawn, which tells zoom and center."""
        box = self.frame.locator('path[data-code="RUS"]').first.evaluate(
            "shape => { const {x, y, width, height} = shape.getBoundingClientRect();"
            " return {x, y, width, height}; }"
        )
        return {key: round(value, 1) for key, value in box.items()}


@contextmanager
def open_context(browser: Browser, **device: Any) -> Iterator[BrowserContext]:
    """Yield a context with nothing stored, with a screen of 1280 by 800 pixels unless told."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | device))
    try:
        yield context
    finally:
        context.close()


@contextmanager
def open_page(context: BrowserContext, address: str) -> Iterator[Visit]:
    """Yield a visit on a page of its own."""
    page = context.new_page()
    try:
        yield Visit(page=page, address=address)
    finally:
        page.close()


@contextmanager
def visit_app(browser: Browser, address: str, **device: Any) -> Iterator[Visit]:
    """Yield a visit by a reader of whom nothing is stored."""
    with open_context(browser, **device) as context, open_page(context, address) as visit:
        yield visit
