"""What changed: the map of two days side by side, or the difference, and each change with its quotes."""

from collections.abc import Iterable
from datetime import timedelta

import streamlit as st

from geo.languages import say as _
from geo.map.lenses import mark_view, view_changes, view_focus
from geo.map.palette import MENTIONED, load_palette
from geo.records import Pair, RelationState, Turn
from geo.states.ledger import Change, compare_states, list_turns
from geo.web import address, controls, frame
from geo.web.changed import (
    TurnRows,
    count_changes,
    describe_changes,
    describe_changes_head,
    list_changes,
)
from geo.web.context import Context, Scope
from geo.web.downloads import show_exports
from geo.web.known import load_known, load_ledger, load_states, make_context
from geo.web.map_words import name_mentioned
from geo.web.rendering import render
from geo.web.share import show_share
from geo.web.words import write_date, write_title

SHOWS = {"difference": "The difference", "both": "Both maps"}
# Days before the newest article with which it is compared at first.
BEFORE = timedelta(days=30)
# Changes that the page lists with their quotes; the others it lists alone.
MOST_TOLD = 60

address.keep_focus()
frame.open_page("pages/compare.py")
known, problems = load_known()
palette = load_palette()
if not {"focus", "to"} & {*st.query_params}:
    # Who comes from the map compares what was on it.
    kept = st.session_state.get("map_url", {})
    held = (("focus", "focus"), ("to", "as_of"), ("borders", "borders"))
    st.query_params.update(
        st.session_state.get("compare_url", {})
        | {field: kept[name] for field, name in held if name in kept}
    )
asked = st.query_params.to_dict()
ledger = load_ledger(known)
later, wrong = address.read_day(asked.get("to"), address.find_newest(known))
problems += wrong
earlier, wrong = address.read_day(asked.get("from"), max(later - BEFORE, address.FIRST_DAY))
problems += wrong
if earlier > later:
    problems.append(_("The first day is later than the second, so the two have been swapped."))
    earlier, later = later, earlier
focus, wrong = address.read_country(asked.get("focus"))
problems += wrong
country, wrong = address.read_country(asked.get("country"))
problems += wrong
focus = focus or known.find_focus()
chosen = asked.get("show", "difference")
if chosen not in SHOWS:
    problems.append(_("Choose one of: {listed}.", listed=", ".join(SHOWS)))
    chosen = "difference"
borders, wrong = address.read_borders(asked.get("borders"))
problems += wrong
context = make_context()
address.keep_clock(**{"from": earlier, "to": later})

days = (earlier, later)
whole = [ledger.settle(as_of=day) for day in days]
changes = [change for change in compare_states(*whole) if change.turn is not Turn.SAME]
turns = list_turns(compare_states(*whole), focus)
frame.show("head.html", head=describe_changes_head(changes, days, focus, context))
frame.show_problems(problems)

with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    controls.show_options(SHOWS, "show", chosen)
    controls.choose_focus(ledger, focus, context)
    for field, label, day in (("from", "From", earlier), ("to", "To", later)):
        st.date_input(
            _(label),
            min_value=address.FIRST_DAY,
            max_value=address.LAST_DAY,
            format="YYYY-MM-DD",
            width=150,
            key=field,
            on_change=address.bind_widget(field, day),
        )
    query = address.join_query(
        {"from": earlier, "to": later, "focus": focus, "show": chosen, "borders": borders}
    )
    span = _("{first} to {last}", first=write_date(earlier), last=write_date(later))
    title = f"{_('What changed')}, {span}"
    frame.name_page(title)
    show_share(title, later, query, map_key="difference")
# The menu leads back here to the same days.
st.session_state["compare_url"] = {"from": earlier.isoformat(), "show": chosen}

mentions = [known.count_mentions(as_of=day) for day in days]
difference = name_mentioned(view_changes(turns, mentions[1], palette, focus), context)
if chosen == "difference":
    left, right = st.columns([1.8, 1], gap="medium")
    with left, st.container(key="map-side"):
        controls.show_map(
            difference,
            country,
            key="difference",
            on_click=lambda code: address.write_choice("country", code),
            borders=borders,
        )
        controls.show_key(difference, context)
        controls.show_borders(borders)
else:
    # Both maps open on the same part of the world.
    views = [
        name_mentioned(
            mark_view(
                view_focus(one.states, named, palette, focus),
                load_states(ledger, (focus,), as_of=day, known_on=day)[0],
                one.contested,
            ),
            context,
        )
        for day, one, named in zip(days, whole, mentions, strict=True)
    ]
    near = {code for view in views for code, value in view.values.items() if value != MENTIONED}
    for column, day, view in zip(st.columns(2), days, views, strict=True):
        with column:
            frame.show("title.html", title=write_date(day))
            controls.show_map(
                view,
                country,
                key=f"map-{day}",
                on_click=lambda code: address.write_choice("country", code),
                near=near | ({focus} if focus else set()),
                borders=borders,
            )
            controls.show_key(view, context)
    controls.show_borders(borders)
    right = st.container(key="reading")

shown = [change for change in changes if country is None or country in change.pair]


def tell_states(
    changes: Iterable[Change],
) -> dict[Pair, tuple[RelationState | None, RelationState | None]]:
    """Return how the pairs of some changes stood on both days, with their quotes."""
    return {
        change.pair: (
            ledger.settle_pair(change.pair, as_of=earlier),
            ledger.settle_pair(change.pair, as_of=later),
        )
        for change in changes
    }


def describe_shown(listed: Iterable[Change], context: Context) -> list[TurnRows]:
    """Return what became of all pairs in view, those listed with their quotes."""
    return describe_changes(shown, tell_states(listed), days, context)


with right:
    controls.choose_country(
        known, country, _("All countries; choose one, or click the map"), context
    )
    frame.show("changes.html", turns=describe_shown(shown[:MOST_TOLD], context))
show_exports(
    difference,
    lambda: [state for both in tell_states(shown).values() for state in both if state],
    lambda context: render("changes.html", turns=describe_shown(shown, context)),
    lambda: list_changes(shown, context),
    Scope(
        title=write_title(_("What changed"), count_changes(shown, palette)),
        as_of=later,
        known_on=later,
        borders=borders,
        query=query,
        since=earlier,
    ),
    context,
)
