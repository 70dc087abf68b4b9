"""Find the Chromium that the browser tests drive: Debian's, or the one that Playwright downloads."""

import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HELP = (
    "No Chromium was found. Install Debian's as root (apt-get install chromium), or where "
    "Playwright's own can be reached run: .venv/bin/python -m playwright install chromium"
)


def find_chromium() -> Path:
    """Return the path of the browser; raises ``FileNotFoundError`` with what to do where none is."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.is_file():
        raise FileNotFoundError(HELP)
    return path


if __name__ == "__main__":
    try:
        print(find_chromium())
    except FileNotFoundError as error:
        sys.exit(str(error))
