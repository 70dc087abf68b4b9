"""The map and what chooses it: the two days, the borders, the focus and the country."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

import streamlit as st
from streamlit_folium import st_folium

from geo.languages import say as _
from geo.map.atlas import VIEWS, load_places, load_views
from geo.map.drawing import draw_map, draw_push
from geo.map.lenses import Lens, Line, View
from geo.mentions.gazetteer import load_gazetteer
from geo.records import CountryCode
from geo.store.chronicle import Chronicle
from geo.web.address import (
    ACCORD,
    FIRST_DAY,
    LAST_DAY,
    WORLD,
    Choice,
    bind_widget,
    hold_widget,
    write_choice,
    write_day,
    write_mine,
    write_view,
)
from geo.web.context import Context
from geo.web.frame import show
from geo.web.known import Known, list_countries
from geo.web.legend import list_legend, list_undrawn
from geo.web.search import find_typed, load_other_names
from geo.web.timeline import describe_timeline
from geo.web.visit import ONLY, WITH, find_collection

# The two clocks, and what they are told by.
CLOCKS = {
    "As of": "The day the map shows.",
    "Known on": "Leaves out what was published after this day. A later day than the first adds what "
    "became known afterwards.",
}
SORTED = {"worst": "Worst first", "told": "Most reported first", "name": "By name"}
MINE = {"": "The public news", ONLY: "My articles", WITH: "Both"}
# Steps of whole months in which the time is played, at most so many, and seconds between them.
PLAY_STEPS, PLAY_SECONDS = 60, 0.9
MONTH = 365.2425 / 12


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


def choose_view(
    ledger: Chronicle, choice: Choice, accords: Iterable[str], context: Context
) -> None:
    """Show what the map can show: the pairs of the world, a country in focus, or an accord."""
    told = ledger.list_countries() | ({choice.focus} if choice.focus else set())
    named = [ACCORD + name for name in accords]
    value: str = choice.focus or WORLD
    if choice.lens is Lens.ACCORD and choice.accord:
        value = ACCORD + choice.accord
    hold_widget("focus", value)

    def name_view(view: str) -> str:
        if view == WORLD:
            return _("All countries")
        if view.startswith(ACCORD):
            return _("Accord: {name}", name=view.removeprefix(ACCORD))
        return context.name(CountryCode(view))

    st.selectbox(
        _("Toward"),
        [WORLD, *sorted(told, key=context.name), *named],
        format_func=name_view,
        width=220,
        key="focus",
        on_change=lambda: write_view(st.session_state["focus"]),
    )


def choose_mine(mine: str) -> None:
    """Show whose articles the map is of, where the visit has collected any."""
    if not (mine or find_collection().extractions):
        return
    hold_widget("mine", mine)
    st.selectbox(
        _("Map of"),
        list(MINE),
        format_func=lambda mine: _(MINE[mine]),
        width=170,
        key="mine",
        on_change=lambda: write_mine(st.session_state["mine"] or None),
    )


def show_slider(as_of: date, known: Known, ledger: Chronicle, today: date) -> None:
    """Show the time as a slider from the first evidence to today, and under it where the evidence lies."""
    first = ledger.first
    if first is None or known.find_newest(today) is None:
        return
    first, last = max(min(first, as_of), FIRST_DAY), max(today, as_of)
    if first >= last:
        return
    hold_widget("slider", as_of, first, last)
    with st.container(key="when", gap=None):
        st.slider(
            _("Day of the map"),
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            key="slider",
            on_change=_take_slider,
        )
        show("timeline.html", timeline=describe_timeline(ledger.count_months(), first, last))
    if st.session_state.get("playing"):
        st.session_state["fresh"] = True
        _play(first, last)


def show_more(choice: Choice, first: date | None, today: date) -> None:
    """Show what few readers need: exact days, play, the order of the list, and weak hints."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="clock"):
        show_clock(choice.as_of, choice.known_on)
    playing = bool(st.session_state.get("playing"))
    with st.container(horizontal=True, key="time"):
        st.button(
            _("Pause" if playing else "Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            key="play",
            on_click=_turn_play,
            args=(first if choice.as_of >= today else None,),
        )
        st.button(
            _("Newest"),
            key="newest",
            on_click=lambda: write_day(None),
            help=_("The day of the newest report"),
        )
        st.button(_("Today"), key="today", on_click=lambda: write_day(today))
    if choice.lens is Lens.FOCUS:
        st.selectbox(
            _("Sort the list"),
            list(SORTED),
            format_func=lambda sort: _(SORTED[sort]),
            key="sort",
            on_change=bind_widget("sort", choice.sort),
        )
    hold_widget("weak", choice.weak)
    st.toggle(
        _("Show weak hints"),
        key="weak",
        on_change=lambda: write_choice("weak", "1" if st.session_state["weak"] else None),
        help=_("Quotes too uncertain to color the map, listed with those set aside."),
    )


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
    months = max(1, round((last - first).days / MONTH / PLAY_STEPS))
    step = timedelta(days=round(months * MONTH))
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
        format_func=lambda view: _(views[view].label),
        key="borders",
        on_change=write,
    )


def show_map(
    view: View,
    selected: CountryCode | None,
    *,
    key: str = "map",
    on_click: Callable[[CountryCode], None] | None = None,
    lines: Iterable[Line] = (),
    near: Iterable[CountryCode] = (),
    borders: str = VIEWS[0],
) -> None:
    """Show a view on the map; ``on_click`` is given the code of a country that is clicked.

    ``lines`` are pairs with the state of each, ``near`` the countries that the map opens on, ``borders``
    the view of the borders.
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
            lines=lines,
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


def choose_focus(ledger: Chronicle, focus: CountryCode | None, context: Context) -> None:
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


def search_country(
    known: Known, ledger: Chronicle, country: CountryCode | None, context: Context
) -> None:
    """Show the search, the twin of a click on the map: countries with evidence first, also by other names.

    What is typed is looked up by other names and by how a name begins, and two names open a pair on the map.
    """
    told = ledger.list_countries()
    countries = sorted(
        list_countries(known), key=lambda code: (code not in told, context.name(code))
    )
    hold_widget("country", country)

    def take_search() -> None:
        typed = st.session_state["country"]
        found: Sequence[CountryCode] = ()
        if typed and typed not in countries:
            begun = (
                code
                for code in countries
                if name_fully(code, context).casefold().startswith(typed.casefold())
            )
            found = find_typed(typed) or tuple(begun)[:1]
        if len(found) == 2:
            write_view(found[0])
        write_choice("country", found[-1] if found else typed)

    st.selectbox(
        _("Search"),
        countries,
        format_func=lambda code: name_fully(code, context),
        index=None,
        placeholder=_("Search a country or two, or click the map"),
        label_visibility="collapsed",
        accept_new_options=True,
        key="country",
        on_change=take_search,
    )


def name_fully(code: str, context: Context) -> str:
    """Return the name of a country with the other names that readers search it by."""
    country = CountryCode(code)
    others = ", ".join(load_other_names().get(country, ()))
    return f"{context.name(country)} ({others})" if others else context.name(country)


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
