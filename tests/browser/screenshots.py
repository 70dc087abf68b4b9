"""Draw the pictures of the docs: ``make screenshots``."""

import sys
import tempfile
from pathlib import Path

from browser.chromium import find_chromium
from browser.conftest import FLAGS, Visit, serve_app
from playwright.sync_api import sync_playwright

PICTURES = (
    ("map", "/?country=SAU", (1280, 860), "light"),
    ("map-dark", "/?country=SAU", (1280, 860), "dark"),
    ("accord", "/?lens=accord&country=KAZ", (1280, 860), "light"),
    ("phone", "/?country=AZE", (390, 844), "light"),
)


def main(folder: Path) -> int:
    """Write each picture as a PNG file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as store, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for address in serve_app(Path(store)):
            for name, path, (width, height), scheme in PICTURES:
                page = chromium.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                visit = Visit(page, address).open(path)
                visit.find_map()
                page.locator("h2").first.wait_for()
                # The fonts and the last rerun settle after the shapes are drawn.
                page.wait_for_timeout(1500)
                page.screenshot(path=folder / f"{name}.png")
                print(folder / f"{name}.png")
                page.close()
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
