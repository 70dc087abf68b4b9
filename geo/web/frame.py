"""The frame of every page: set-up, menu, language, and how content is shown."""

import gc
import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.languages import (
    ENGLISH,
    choose_language,
    find_language,
    load_languages,
    load_strings,
)
from geo.languages import say as _
from geo.map.drawing import list_files
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import STATIC
from geo.web.address import cut, hold_widget, write_choice
from geo.web.rendering import render

# Seconds after which what was frozen is looked through again.
THAW = 300
PAGES = {
    "app.py": "Map",
    "pages/matrix.py": "Matrix",
    "pages/compare.py": "What changed",
    "pages/article.py": "Articles",
    "pages/add.py": "Try your own text",
    "pages/method.py": "Method",
}
HOME = "app.py"
# The page that is prose, and that no file translates.
PROSE = "pages/method.py"
# Told where countries have names in a language and the interface has not.
ONLY_NAMES = (
    "Names of countries are in the language you chose; the words around them are in English."
)
TAGLINE = "How countries stand toward each other, in the words of the news"
# A page that others link to, and that the menu does not list.
PAIR = "pages/pair.py"


def open_page(page: str, title: str | None = None) -> DeltaGenerator | None:
    """Set up a page and draw the menu, which is returned; ``page`` is its path from the root. Call it first.

    A page that :data:`PAGES` does not list needs a title for the browser's tab. That of the map adds the
    list of languages to its menu itself, once the map is on its way.
    """
    unknown = speak()
    if page == HOME and (path := _find_path()):
        unknown.append(_("There is no page “{path}”. This is the map.", path=cut(path)))
    st.session_state["page"] = page
    st.set_page_config(
        page_title=f"{_(title or PAGES[page])} · Entente",
        page_icon=str(STATIC / "icon.svg"),
        layout="wide",
    )
    st.html(render("style.html", digest=_find_style()))
    urls = list_files() if page == HOME else ()
    st.html(render("scripts.html", urls=urls), unsafe_allow_javascript=True)
    if is_embedded():
        freeze_memory()
        return None
    menu = st.container(horizontal=True, vertical_alignment="center", key="menu", gap="small")
    with menu:
        show("brand.html", tagline=_(TAGLINE), skip=page in {HOME, PAIR})
        spoken = {} if find_language() == ENGLISH else {"lang": find_language()}
        for path, label in PAGES.items():
            kept = st.session_state.get("map_url", {}) if path == HOME else {}
            fields = {name: value for name, value in kept.items() if name != "lang"} | spoken
            st.page_link(path, label=_(label), query_params=fields)
        if page != HOME:
            show_languages()
    show_problems(unknown)
    if find_language() != ENGLISH and not load_strings(find_language()):
        show_notice(ONLY_NAMES, kind="hint")
    elif find_language() != ENGLISH and page == PROSE:
        show_notice(_("This page is in English only."), kind="hint")
    freeze_memory()
    return menu


def name_page(title: str) -> None:
    """Name the view that a page shows in the browser's tab; ``title`` is plain text."""
    st.set_page_config(page_title=f"{title} – Entente")


def find_address() -> str:
    """Return the whole address of the page that is open; empty where nobody visits it."""
    url = st.context.url or ""
    return url if not url or urlsplit(url).path else f"{url}/"


def _find_path() -> str:
    """Return the path that was asked for below the app's own address; empty for the map."""
    path = urlsplit(st.context.url or "").path.strip("/")
    return path.removeprefix(str(st.get_option("server.baseUrlPath")).strip("/")).strip("/")


def speak() -> list[str]:
    """Take the language that the URL asks for, English by default; return what is wrong with it.

    A fragment calls it too, since it is run without the rest of its page.
    """
    asked = st.query_params.get("lang", ENGLISH)
    if asked in load_languages():
        choose_language(asked)
        return []
    choose_language(ENGLISH)
    listed = ", ".join(load_languages())
    return [f"There is no language “{cut(asked)}”; there are {listed}."]


def show_languages(*, whole: bool = True) -> None:
    """Show the languages of the ``whole`` interface, or all in which countries have names, to choose one."""
    names, chosen = load_languages(), find_language()
    key = "lang" if whole else "names"
    listed = [
        code for code in names if not whole or code in (ENGLISH, chosen) or load_strings(code)
    ]
    hold_widget(key, chosen)
    st.selectbox(
        _("Language" if whole else "Names of countries in"),
        listed,
        format_func=names.__getitem__,
        label_visibility="collapsed" if whole else "visible",
        width=130 if whole else "stretch",
        key=key,
        on_change=lambda: write_choice(
            "lang", None if st.session_state[key] == ENGLISH else st.session_state[key]
        ),
    )


def is_embedded() -> bool:
    """Say whether the page is shown inside another one (``?embed=true``), where only the map counts."""
    return bool(st.context.is_embedded)


@st.cache_resource(show_spinner=False)
def _find_style() -> str:
    """Return the digest of the pages' style, by which a browser loads it once and not once for each run."""
    return hashlib.sha256((STATIC / "page.css").read_bytes()).hexdigest()[:12]


@st.cache_resource(show_spinner=False, ttl=THAW)
def freeze_memory() -> None:
    """Take what the process holds out of garbage collection, anew now and then.

    Streamlit collects all generations after every run, which costs 70 to 80 ms with these imports
    and 0.01 ms once they are frozen. What is frozen is never given back, and what a visit held at that
    moment would outlive it, so all is thawed and collected first.
    """
    load_gazetteer()
    load_palette()
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def show(template: str, /, **values: object) -> None:
    """Show a template filled with values; an empty one takes no room."""
    content = render(template, **values).strip()
    if content and load_strings(find_language()):
        content = render("spoken.html", content=content)
    written = str(content)
    if is_embedded():
        # The frame that holds the page is small, and belongs to another one.
        written = written.replace('target="_self"', 'target="_blank" rel="noopener"')
    if written:
        st.html(written)


def show_notice(text: str, *, kind: str = "problem") -> None:
    """Show a message to the reader; ``kind`` is problem or hint."""
    show("notices.html", texts=[text], kind=kind)


def show_problems(problems: Iterable[str]) -> None:
    """Show what of an address cannot be shown, in one place."""
    show("notices.html", texts=list(problems), kind="problem")
