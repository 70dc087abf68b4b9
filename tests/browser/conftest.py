"""One server for each worker, one browser for each file, and a reader for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from samples import make_article, make_relation

from geo.records import Event, Extraction, State
from geo.store.segments import append_extractions
from tests.browser.serving import serve_app
from tests.browser.visiting import Visit, open_browser, open_context, open_page


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


@pytest.fixture(scope="session")
def quarrel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an app that holds a second article, of a dispute beside the seed's talks."""
    folder = tmp_path_factory.mktemp("quarrel") / "store"
    relation = make_relation(
        "quarrel",
        actor="ARM",
        recipient="AZE",
        state=State.DISPUTE,
        event=Event.ACCUSE,
        condition=None,
    )
    article = make_article(id="quarrel", date_published=date(2025, 7, 31))
    append_extractions([Extraction(article=article, relations=(relation,))], folder)
    with serve_app(folder) as served:
        yield served


@pytest.fixture(scope="module")
def find_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return what finds the context of a device.

    Readers with the same device share a context, and so the files of the program that it has loaded;
    Streamlit tells their visits apart by their pages.
    """
    contexts: dict[str, BrowserContext] = {}
    with ExitStack() as stack:

        def find(**device: Any) -> BrowserContext:
            key = repr(sorted(device.items()))
            if key not in contexts:
                contexts[key] = stack.enter_context(open_context(browser, **device))
            return contexts[key]

        yield find


@pytest.fixture
def welcome(
    find_context: Callable[..., BrowserContext], address: str
) -> Iterator[Callable[..., Visit]]:
    """Return what lets a new reader in; at the end no request may have left, failed or run amok."""
    visits: list[Visit] = []
    with ExitStack() as stack:

        def let_in(**device: Any) -> Visit:
            visit = stack.enter_context(open_page(find_context(**device), address))
            visits.append(visit)
            return visit

        yield let_in
    for visit in visits:
        visit.check()


@pytest.fixture
def contested(find_context: Callable[..., BrowserContext], quarrel: str) -> Iterator[Visit]:
    """Return a reader of the app whose articles disagree on Armenia and Azerbaijan."""
    with open_page(find_context(), quarrel) as visit:
        yield visit
    visit.check()


@pytest.fixture
def visit(welcome: Callable[..., Visit]) -> Visit:
    return welcome()
