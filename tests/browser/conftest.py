"""One server and one browser for the browser tests, and a reader for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import serve_app
from tests.browser.visiting import Visit, open_browser, visit_app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, open_browser(playwright) as opened:
        yield opened


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where the served app looks for the reader's own segments: an empty one."""
    return tmp_path_factory.mktemp("app") / "store"


@pytest.fixture(scope="session")
def address(store: Path) -> Iterator[str]:
    with serve_app(store) as served:
        yield served


@pytest.fixture
def welcome(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Return what lets a new reader in; at the end no request may have left, failed or run amok."""
    visits: list[Visit] = []
    with ExitStack() as stack:

        def let_in(**device: Any) -> Visit:
            visit = stack.enter_context(visit_app(browser, address, **device))
            visits.append(visit)
            return visit

        yield let_in
    for visit in visits:
        visit.check()


@pytest.fixture
def visit(welcome: Callable[..., Visit]) -> Visit:
    return welcome()
