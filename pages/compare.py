"""What changed: the map of two days side by side, or the difference, and each change with its quotes."""

from collections.abc import Iterable
from datetime import timedelta

import streamlit as st

from geo.languages import say
from geo.map.lenses import count_mentions, find_focus, mark_view, view_changes, view_focus
from geo.map.palette import MENTIONED, load_palette
from geo.records import Pair, RelationState, Turn
from geo.states.ledger import Change, compare_states, list_turns
from geo.web import panel, ui
from geo.web.exports import Scope

SHOWS = {"difference": "The difference", "both": "Both maps"}
# Days before the newest article with which it is compared at first.
BEFORE = timedelta(days=30)
# Changes that the page lists with their quotes; the others it lists alone.
MOST_TOLD = 60

ui.open_page("pages/compare.py")
known = ui.load_known()
palette = load_palette()
asked = st.query_params.to_dict()
ledger = ui.load_ledger(known)
problems: list[str] = []
later, wrong = ui.read_day(asked.get("to"), ui.find_newest(known))
problems += wrong
earlier, wrong = ui.read_day(asked.get("from"), max(later - BEFORE, ui.FIRST_DAY))
problems += wrong
if earlier > later:
    problems.append(
        say("The first day is after the second one, so they are shown the other way around.")
    )
    earlier, later = later, earlier
focus, wrong = ui.read_country(asked.get("focus"))
problems += wrong
country, wrong = ui.read_country(asked.get("country"))
problems += wrong
focus = focus or find_focus(known.evidence)
show = asked.get("show", "difference")
if show not in SHOWS:
    problems.append(say("What can be shown is: {listed}.", listed=", ".join(SHOWS)))
    show = "difference"
borders, wrong = ui.read_borders(asked.get("borders"))
problems += wrong
speech = ui.make_speech(known)
ui.keep_clock(**{"from": earlier, "to": later})

days = (earlier, later)
whole = [ledger.settle(as_of=day) for day in days]
changes = [each for each in compare_states(*whole) if each.turn is not Turn.SAME]
turns = list_turns(compare_states(*whole), focus)
ui.show(panel.write_changes_head(changes, days, focus, speech))
ui.show_problems(problems)

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    ui.show_options(SHOWS, "show", show)
    ui.choose_focus(ledger, focus, speech)
    for field, label, day in (("from", "From", earlier), ("to", "To", later)):
        st.date_input(
            say(label),
            min_value=ui.FIRST_DAY,
            max_value=ui.LAST_DAY,
            format="YYYY-MM-DD",
            width=150,
            key=field,
            on_change=ui.bind_widget(field, day),
        )

mentions = [count_mentions(known.extractions, as_of=day) for day in days]
difference = view_changes(turns, mentions[1], palette, focus)
if show == "difference":
    left, right = st.columns([1.8, 1], gap="medium")
    with left, st.container(key="map-side"):
        ui.show_map(
            difference,
            country,
            key="difference",
            on_click=lambda code: ui.write_choice("country", code),
            borders=borders,
        )
        ui.show_key(difference, speech)
        ui.show_borders(borders, speech)
else:
    # Both maps open on the same part of the world.
    views = [
        mark_view(
            view_focus(one.states, named, palette, focus),
            ui.load_states(ledger, ui.Choice(as_of=day, known_on=day), (focus,))[0],
            one.contested,
        )
        for day, one, named in zip(days, whole, mentions, strict=True)
    ]
    near = {code for view in views for code, value in view.values.items() if value != MENTIONED}
    for column, day, view in zip(st.columns(2), days, views, strict=True):
        with column:
            ui.show(panel.fill("<h2 class='e-title'>{day}</h2>", day=panel.write_date(day)))
            ui.show_map(
                view,
                country,
                key=f"map-{day}",
                on_click=lambda code: ui.write_choice("country", code),
                near=near | ({focus} if focus else set()),
                borders=borders,
            )
            ui.show_key(view, speech)
    ui.show_borders(borders, speech)
    right = st.container(key="reading")

shown = [each for each in changes if country is None or country in each.pair]


def tell_states(
    changes: Iterable[Change],
) -> dict[Pair, tuple[RelationState | None, RelationState | None]]:
    """Return how the pairs of some changes stood on both days, with their quotes."""
    return {
        each.pair: (
            ledger.settle_pair(each.pair, as_of=earlier),
            ledger.settle_pair(each.pair, as_of=later),
        )
        for each in changes
    }


with right:
    ui.choose_country(known, country, say("All countries; choose one, or click the map"), speech)
    ui.show(panel.write_changes(shown, tell_states(shown[:MOST_TOLD]), days, speech))
ui.show_exports(
    difference,
    lambda: [state for each in tell_states(shown).values() for state in each if state],
    lambda speech: panel.write_changes(shown, tell_states(shown), days, speech),
    lambda: panel.list_changes(shown, speech),
    Scope(
        title=panel.write_title(say("What changed"), panel.count_changes(shown, palette)),
        as_of=later,
        known_on=later,
        borders=borders,
        query=ui.join_query(
            {"from": earlier, "to": later, "focus": focus, "show": show, "borders": borders}
        ),
        since=earlier,
    ),
    speech,
)
