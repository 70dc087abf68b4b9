"""Draw the pictures of the docs: ``make screenshots``.

A picture that looks like the one before is not replaced, so that git keeps no copies that tell nothing.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

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
    ("article", "/article?article=000_b3ad6da954708b77", DESKTOP, False),
    ("pair", "/pair?pair=ARM-AZE", DESKTOP, True),
    ("german", "/?lang=de&country=SAU", DESKTOP, True),
    ("compare", "/compare", DESKTOP, True),
    ("method", "/method", DESKTOP, False),
    ("phone", "/", PHONE, True),
    ("phone-dark", "/?country=SAU", PHONE | {"color_scheme": "dark"}, True),
)
# A picture that is larger than this, in bytes, makes a clone slow.
LARGEST = 400_000
# A pixel differs from this step of a color channel on; two runs draw the edges of letters a little
# differently. A picture has changed if this share of its pixels differs.
LEAST_STEP = 24
LEAST_SHARE = 0.001


def measure_change(old: Path, new: Path) -> float:
    """Return the share of pixels in which two pictures differ: 1 without an old one or if sizes differ."""
    if not old.is_file():
        return 1.0
    with Image.open(old) as before, Image.open(new) as after:
        if before.size != after.size:
            return 1.0
        steps = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
    red, green, blue = steps.split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    differing = sum(largest.histogram()[LEAST_STEP:])
    return differing / (largest.width * largest.height)


def main(folder: Path) -> int:
    """Write the pictures that have changed into a folder; return 1 where one is too large."""
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
            target, drawn = folder / f"{name}.png", Path(place) / f"{name}.png"
            with visit_app(browser, address, **device) as visit:
                (visit.open_map if has_map else visit.open)(path)
                visit.settle()
                visit.page.screenshot(path=drawn, animations="disabled")
                visit.check()
            share, size = measure_change(target, drawn), drawn.stat().st_size
            changed = share >= LEAST_SHARE
            if changed:
                shutil.copyfile(drawn, target)
            print(f"{target}: {'drawn anew' if changed else 'kept'}, {share:.2%} differ")
            if changed and size > LARGEST:
                large.append(target.name)
    if large:
        print(f"Larger than {LARGEST:,} bytes: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs")))
