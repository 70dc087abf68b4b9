"""The map and what chooses it: the two days, the borders, the focus and the country."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import streamlit as st
from streamlit_folium import st_folium

from geo.languages import say as _
from geo.map.atlas import VIEWS, load_places, load_views
from geo.map.drawing import draw_map, draw_push
from geo.map.lenses import Lens, View
from geo.mentions.gazetteer import load_gazetteer
from geo.records import CountryCode
from geo.states.ledger import Ledger
from geo.web.address import (
    FIRST_DAY,
    LAST_DAY,
    bind_widget,
    hold_widget,
    write_choice,
    write_day,
)
from geo.web.context import Context
from geo.web.frame import show
from geo.web.known import Known, list_countries
from geo.web.map_words import list_legend, list_undrawn

# The two clocks, and what they are told by.
CLOCKS = {
    "As of": "The day whose states are shown.",
    "Known on": "What was published later is left out. A later day than the first adds what came to be "
    "known of it afterwards.",
}
# Steps in which the whole time is played, and seconds between them.
PLAY_STEPS, PLAY_SECONDS = 40, 0.9


def show_clock(as_of: date, known_on: date) -> None:
    """Show the two dates: of which day the map is, and what was published by when."""
    for (label, told), field, value, write in zip(
        CLOCKS.items(),
        ("as_of", "known_on"),
        (as_of, known_on),
        (write_day, lambda day: write_choice("known_on", day)),
        strict=True,
    ):
        hold_widget(field, value)
        st.date_input(
            _(label),
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY-MM-DD",
            width=140,
            key=field,
            help=_(told),
            on_change=lambda field=field, write=write: write(st.session_state[field]),
        )


def show_slider(as_of: date, known: Known, first: date | None, today: date) -> None:
    """Show the time as a slider that can be played, and the ways to the newest article and to today."""
    if first is None or known.find_newest(today) is None:
        return
    first, last = max(min(first, as_of), FIRST_DAY), max(today, as_of)
    if first >= last:
        return
    playing = bool(st.session_state.get("playing"))
    with st.container(horizontal=True, vertical_alignment="center", key="time"):
        st.button(
            _("Pause" if playing else "Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            key="play",
            on_click=_turn_play,
            args=(first if as_of >= last else None,),
        )
        hold_widget("slider", as_of, first, last)
        st.slider(
            _("Day of the map"),
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            label_visibility="collapsed",
            key="slider",
            on_change=_take_slider,
        )
        st.button(
            _("Newest"),
            key="newest",
            on_click=lambda: write_day(None),
            help=_("The date of the newest article"),
        )
        st.button(
            _("Today"),
            key="today",
            on_click=lambda: write_day(today),
            help=_("What still holds today of what was read, and what has expired since"),
        )
    if playing:
        st.session_state["fresh"] = True
        _play(first, last)


def _take_slider() -> None:
    st.session_state["playing"] = False
    write_day(st.session_state["slider"])


def _turn_play(start: date | None) -> None:
    st.session_state["playing"] = not st.session_state.get("playing")
    if st.session_state["playing"] and start:
        write_day(start)


@st.fragment(run_every=PLAY_SECONDS)
def _play(first: date, last: date) -> None:
    """Go one step on, each time but the first that this is run."""
    if st.session_state.pop("fresh", False):
        return
    step = timedelta(days=max(1, round((last - first).days / PLAY_STEPS)))
    day = min(st.session_state["clock"]["as_of"] + step, last)
    write_day(day)
    if day == last:
        st.session_state["playing"] = False
    st.rerun(scope="app")


def show_borders(borders: str) -> None:
    """Show which view of the borders the map has, to be changed."""
    views = load_views()
    write = bind_widget("borders", borders)
    st.selectbox(
        _("Borders"),
        list(views),
        format_func=lambda view: _("Borders: {label}", label=_(views[view].in_sentence)),
        label_visibility="collapsed",
        width=340,
        key="borders",
        on_change=write,
    )


def show_weak(*, is_shown: bool) -> None:
    """Show the switch for quotes that were read too unsurely to count; none of them ever colors the map."""
    hold_widget("weak", is_shown)
    st.toggle(
        _("Show weak hints"),
        key="weak",
        on_change=lambda: write_choice("weak", "1" if st.session_state["weak"] else None),
        help=_("Quotes that were read too unsurely to color the map, listed with those set aside."),
    )


def show_map(
    view: View,
    selected: CountryCode | None,
    *,
    key: str = "map",
    on_click: Callable[[CountryCode], None] | None = None,
    arcs: Mapping[CountryCode, str] = MappingProxyType({}),
    near: Iterable[CountryCode] = (),
    borders: str = VIEWS[0],
) -> None:
    """Show a view on the map; ``on_click`` is given the code of a country that is clicked.

    ``arcs`` holds how others stand toward the selected country, ``near`` the countries that the map
    opens on, ``borders`` the view of the borders.
    """

    def take_click() -> None:
        clicked = st.session_state.get(key)
        code = clicked.get("code") if isinstance(clicked, dict) else None
        if on_click and isinstance(code, str) and code in load_gazetteer().countries:
            on_click(CountryCode(code))

    st_folium(
        draw_map(),
        key=key,
        height=440,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=draw_push(
            view.values,
            view.swatches,
            focus=view.subject,
            selected=selected,
            contested=view.contested,
            faint=view.faint,
            arcs=arcs,
            near=near,
            borders=borders,
        ),
        on_change=take_click,
    )


def show_options(options: Mapping[Lens, str] | Mapping[str, str], key: str, value: str) -> None:
    """Show what a page can show, each option by its label, to choose one from."""
    st.segmented_control(
        _("Show"),
        list(options),
        format_func={str(option): _(label) for option, label in options.items()}.__getitem__,
        required=True,
        key=key,
        on_change=bind_widget(key, value),
    )


def choose_focus(ledger: Ledger, focus: CountryCode | None, context: Context) -> None:
    """Show the countries that evidence tells of, and the focus, to choose the focus from."""
    told = ledger.list_countries() | ({focus} if focus else set())
    st.selectbox(
        _("Focus"),
        sorted(told, key=context.name),
        format_func=context.name,
        width=200,
        key="focus",
        on_change=bind_widget("focus", focus),
    )


def choose_country(
    known: Known, country: CountryCode | None, placeholder: str, context: Context
) -> None:
    """Show the list of countries, the twin of a click on the map for who has no mouse."""
    st.selectbox(
        _("Country"),
        list_countries(known),
        format_func=context.name,
        index=None,
        placeholder=placeholder,
        label_visibility="collapsed",
        key="country",
        on_change=bind_widget("country", country),
    )


def show_key(view: View, context: Context) -> None:
    """Show the legend of a view, and the countries with evidence that the map does not draw."""
    drawn = {code for code, place in load_places().items() if place.drawn_as != "none"}
    show("legend.html", legend=list_legend(view, context))
    if listed := list_undrawn(view, drawn, context):
        show("note.html", text=_("Not on the map: {listed}.", listed=listed))
