"""Share: the link of what a page shows, the code that embeds it, a picture, and how it is cited."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode, urljoin

import streamlit as st
from markupsafe import escape

from geo.languages import say as _
from geo.web import frame
from geo.web.words import write_date

# Pixels of a frame that holds a map and its panel.
FRAME_HEIGHT = 720
_NUMBER = r"-?\d{1,4}(?:\.\d{1,2})?"
_HELD = {
    "at": re.compile(rf"{_NUMBER}_{_NUMBER}_{_NUMBER}"),
    "only": re.compile(r"[a-z]{2,12}"),
    "open": re.compile(r"[A-Z]{3}-[A-Z]{3}"),
}


def show_share(title: str, day: date, query: str, *, map_key: str | None = "map") -> None:
    """Show what a view is passed on by, once it is asked for.

    ``query`` is that of an address that shows the same after later articles too; what the script of the map
    that has the key ``map_key`` holds goes with it, and a page without one has no picture.
    """
    sharing = st.popover(_("Share"), key="share", on_change="rerun")
    told = st.session_state.get(map_key) if map_key else None
    held = told.get("held") if isinstance(told, dict) else None
    if not sharing.open:
        return
    link = urljoin(frame.find_address(), query + write_held(held))
    with sharing:
        for label, text in list_forms(title, day, link):
            frame.show("note.html", text=label)
            st.code(text, language=None, wrap_lines=True)
        if map_key:
            frame.show("picture.html")


def list_forms(title: str, day: date, link: str) -> Iterator[tuple[str, str]]:
    """Yield the forms in which a view is passed on: what each is called, and its text."""
    yield _("Link"), link
    embedded = f"{link}{'&' if '?' in link else '?'}embed=true"
    yield (
        _("Embed"),
        f'<iframe src="{escape(embedded)}" title="{escape(title)}" width="100%" '
        f'height="{FRAME_HEIGHT}" style="border:0" loading="lazy"></iframe>',
    )
    yield (
        _("Cite"),
        _(
            "“{title}”, {day}. Entente, {link} (MIT License; quotes belong to their publishers).",
            title=title,
            day=write_date(day),
            link=link,
        ),
    )


def write_held(asked: object) -> str:
    """Return, as the end of a query, what the map's script tells that it holds in the address.

    That is the part of the world (``at``), the value that the legend shows alone (``only``) and the pair
    whose quotes are open (``open``); what has not their form is left out.
    """
    told = asked if isinstance(asked, dict) else {}
    held = {
        field: told[field]
        for field, form in _HELD.items()
        if isinstance(told.get(field), str) and form.fullmatch(told[field])
    }
    return f"&{urlencode(held)}" if held else ""
