"""The search of articles: what an address asks for, and the form that writes it there."""

from collections.abc import Mapping

import streamlit as st

from geo.languages import say as _
from geo.map.palette import load_palette
from geo.records import State, pair_of
from geo.store.queries import Search
from geo.web import address
from geo.web.context import Context
from geo.web.known import Known, list_countries

# The fields of an address that hold a search.
FIELDS = ("words", "country", "other", "state", "publisher", "from", "to")
LONGEST_WORDS = 120


def read_search(asked: Mapping[str, str]) -> tuple[Search, list[str]]:
    """Return what a URL searches for, and what of it cannot be searched, in words.

    ``asked`` may hold words, country and other (codes or names), state, publisher, from and to (YYYY-MM-DD).
    """
    problems: list[str] = []
    codes = []
    for field in ("country", "other"):
        code, wrong = address.read_country(asked.get(field))
        problems += wrong
        codes.append(code)
    one, other = codes
    if one and one == other:
        problems.append(_("A pair needs two different countries."))
        other = None
    state = asked.get("state")
    if state is not None and state not in tuple(State):
        listed = ", ".join(State)
        problems.append(
            _(
                "There is no state called “{asked}”. Choose one of: {listed}.",
                asked=address.cut(state),
                listed=listed,
            )
        )
        state = None
    days = []
    for field in ("from", "to"):
        day = address.find_day(asked[field]) if field in asked else None
        if field in asked and day is None:
            problems.append(
                _("“{asked}” is no date as YYYY-MM-DD.", asked=address.cut(asked[field]))
            )
        days.append(day)
    search = Search(
        words=asked.get("words", "")[:LONGEST_WORDS].strip(),
        country=one or other,
        pair=pair_of(one, other) if one and other else None,
        state=State(state) if state else None,
        publisher=asked.get("publisher", "")[:LONGEST_WORDS].strip(),
        since=days[0],
        until=days[1],
    )
    return search, problems


def show_search(search: Search, known: Known, context: Context) -> None:
    """Show the form; what is sent goes into the URL."""
    countries = list_countries(known)
    one, other = search.pair or (search.country, None)
    states = load_palette().states
    sent: dict[str, object] = {}
    with (
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        sent["words"] = st.text_input(_("Words"), search.words, max_chars=LONGEST_WORDS, width=260)
        for field, label, code in (
            ("country", _("Country"), one),
            ("other", _("Other country"), other),
        ):
            sent[field] = st.selectbox(
                label,
                countries,
                index=countries.index(code) if code in countries else None,
                format_func=context.name,
                width=200,
            )
        sent["state"] = st.selectbox(
            _("State"),
            [state.value for state in State],
            index=list(State).index(search.state) if search.state else None,
            format_func=lambda state: states[state].label,
            width=200,
        )
        sent["publisher"] = st.text_input(
            _("Publisher"), search.publisher, max_chars=LONGEST_WORDS, width=200
        )
        for field, label, day in (
            ("from", _("From"), search.since),
            ("to", _("To"), search.until),
        ):
            sent[field] = st.date_input(
                label,
                day,
                min_value=address.FIRST_DAY,
                max_value=address.LAST_DAY,
                format="YYYY-MM-DD",
                width=150,
            )
        is_sent = st.form_submit_button(_("Search"))
    if is_sent:
        for field in FIELDS:
            st.query_params.pop(field, None)
        st.query_params.update({field: str(value) for field, value in sent.items() if value})
        st.rerun()
