"""A served app and a real browser for the tests of this folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from browser.chromium import find_chromium
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, expect, sync_playwright

from geo.paths import ROOT

WAIT = 30_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_app(store: Path) -> Iterator[str]:
    """Serve the app as ``make run`` does, with a store of its own; yield its address."""
    port = find_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    log = store / "app.log"
    sink = log.open("wb")
    server = subprocess.Popen(
        [*command, "--server.address", "localhost", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "ENTENTE_STORE": str(store)},
        stdout=sink,
        stderr=subprocess.STDOUT,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                with urlopen(f"{address}/_stcore/health", timeout=1):
                    break
            except OSError:
                assert server.poll() is None, "the app ended before it answered"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        sink.close()
    assert "Traceback" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve_app(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """Drive one page of the app, and keep what it asks for and what it complains of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.failures: list[str] = []
        page.set_default_timeout(WAIT)
        page.on("request", lambda each: self.requests.append(each.url))
        page.on("requestfailed", lambda each: self.failures.append(each.url))
        page.on(
            "console",
            lambda each: self._complain(each) if each.type == "error" else None,
        )
        page.on("pageerror", lambda each: self.failures.append(str(each)))

    def _complain(self, message: ConsoleMessage) -> None:
        # Opened below the root, Streamlit looks for its server beside the page before it looks above.
        if "/_stcore/" not in message.location.get("url", ""):
            self.failures.append(message.text)

    def open(self, path: str = "/") -> "Visit":
        """Open a path of the app."""
        self.page.goto(self.address + path)
        return self

    def find_map(self) -> Frame:
        """Return the frame of the map once its shapes are drawn."""
        self.page.locator("iframe[title='streamlit_folium.st_folium']").or_(
            self.page.locator("iframe").first
        ).first.wait_for(state="attached")
        deadline = time.monotonic() + WAIT / 1000
        while time.monotonic() < deadline:
            for frame in self.page.frames:
                if frame != self.page.main_frame and frame.locator("[data-ready]").count():
                    return frame
            self.page.wait_for_timeout(50)
        pytest.fail("the map did not draw its shapes")

    def click_country(self, code: str) -> None:
        """Press the mouse where a country is drawn, at a point that belongs to it."""
        frame = self.find_map()
        frame.locator(f"[data-code={code}]").first.wait_for(state="attached")
        spot = frame.evaluate(FIND_SPOT, code)
        assert spot, f"{code} has no point that the mouse can reach"
        element = frame.frame_element()
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        assert box
        self.page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])

    def read_panel(self, country: str) -> str:
        """Return the text of the panel once it is a country's."""
        heading = self.page.locator("h2", has_text=country)
        heading.first.wait_for()
        return self.page.locator("[data-testid=stColumn]").last.inner_text()

    def find_value(self, code: str) -> str | None:
        """Return the value in which a country is drawn."""
        shape = self.find_map().locator(f"path[data-code={code}]").first
        return shape.get_attribute("data-value")


# A point at which the topmost shape is the country's: tried on a grid over its bounds.
FIND_SPOT = """(code) => {
  for (const shape of [...document.querySelectorAll(`[data-code=${code}]`)].reverse()) {
    const box = shape.getBoundingClientRect();
    for (let step = 1; step < 20; step += 1) {
      for (let other = 1; other < 20; other += 1) {
        const x = box.left + (box.width * ((step * 7) % 20)) / 20;
        const y = box.top + (box.height * ((other * 7) % 20)) / 20;
        const top = document.elementFromPoint(x, y);
        if (top && top.getAttribute("data-code") === code) return { x, y };
      }
    }
  }
  return null;
}"""


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    yield Visit(context.new_page(), address)
    context.close()
