"""Draw the pictures of the docs: ``make screenshots``."""

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
# Name, address, device, and whether the page has a map.
PICTURES: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    ("map", "/?country=SAU", DESKTOP, True),
    ("map-dark", "/?country=SAU", DESKTOP | {"color_scheme": "dark"}, True),
    ("accord", "/?lens=accord&country=KAZ", DESKTOP, True),
    ("mentions", "/?lens=mentions", DESKTOP, True),
    ("article", "/article?article=000_b3ad6da954708b77", DESKTOP, False),
    ("pair", "/pair?pair=ARM-AZE", DESKTOP, True),
    ("german", "/?lang=de&country=SAU", DESKTOP, True),
    ("tension", "/?lens=tension&country=AZE", DESKTOP, True),
    ("compare", "/compare", DESKTOP, True),
    ("method", "/method", DESKTOP, False),
    ("phone", "/", PHONE, True),
    ("phone-dark", "/?country=SAU", PHONE | {"color_scheme": "dark"}, True),
)
# A picture that is larger than this, in bytes, makes a clone slow.
LARGEST = 400_000


def main(folder: Path) -> int:
    """Write each picture as a PNG file into a folder; return 1 where one is too large."""
    sys.path.insert(0, str(ROOT))
    from playwright.sync_api import sync_playwright

    from tests.browser.serving import serve_app
    from tests.browser.visiting import open_browser, visit_app

    folder.mkdir(parents=True, exist_ok=True)
    large = []
    with (
        tempfile.TemporaryDirectory() as place,
        serve_app(Path(place) / "store") as address,
        sync_playwright() as playwright,
        open_browser(playwright) as browser,
    ):
        for name, path, device, has_map in PICTURES:
            target = folder / f"{name}.png"
            with visit_app(browser, address, **device) as visit:
                (visit.open_map if has_map else visit.open)(path)
                visit.settle()
                visit.page.screenshot(path=target, animations="disabled")
                visit.check()
            print(f"{target}: {target.stat().st_size:,} bytes")
            if target.stat().st_size > LARGEST:
                large.append(target.name)
    if large:
        print(f"Larger than {LARGEST:,} bytes: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs")))
