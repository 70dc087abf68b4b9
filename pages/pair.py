"""One pair: how two countries stand and stood, every quote of it, and where both are named."""

from dataclasses import replace

import streamlit as st

from geo.languages import say as _
from geo.map.lenses import view_pair
from geo.map.palette import load_palette
from geo.records import pair_of
from geo.web import address, controls, frame
from geo.web.context import Context, Scope
from geo.web.country import describe_pair
from geo.web.downloads import show_exports
from geo.web.known import (
    list_countries,
    list_together,
    load_known,
    load_ledger,
    make_context,
    settle_interval,
)
from geo.web.pair import describe_history, describe_pair_head, list_history, write_pair
from geo.web.quotes import describe_mentions
from geo.web.rendering import render
from geo.web.share import show_share
from geo.web.words import write_date

frame.open_page(frame.PAIR, "Pair")
known, problems = load_known(st.query_params.get("mine"))
pair, wrong = address.read_pair(st.query_params.get("pair"))
borders, unknown = address.read_borders(st.query_params.get("borders"))
as_of, known_on, late = address.read_clock(st.query_params.to_dict(), known)
context = replace(
    make_context(known_on=known_on, mine=known.mine),
    with_weak=st.query_params.get("weak") == "1",
)
ledger = load_ledger(known)
if pair is None and not wrong and (listed := ledger.list_pairs()):
    pair = max(listed, key=lambda held: listed[held])
state = ledger.settle_pair(pair, as_of=as_of, known_on=known_on) if pair else None
address.keep_clock(as_of=as_of, known_on=known_on)

frame.show("head.html", head=describe_pair_head(pair, state, as_of, known_on, context))
frame.show_problems([*problems, *wrong, *late, *unknown])


def keep_pair() -> None:
    """Write the two chosen countries to the URL."""
    one, other = st.session_state["one"], st.session_state["other"]
    if one and other:
        address.write_choice("pair", "-".join(pair_of(one, other)))


countries = list_countries(known)
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    for key, label, value in zip(
        ("one", "other"), ("Country", "Other country"), pair or (None, None), strict=True
    ):
        address.bind_widget(key, value)
        st.selectbox(
            _(label),
            countries,
            format_func=context.name,
            index=None,
            width=260,
            key=key,
            on_change=keep_pair,
        )
    controls.show_clock(as_of, known_on)
    if pair:
        title = write_pair(pair, state, context)
        query = address.join_query(
            {
                "pair": "-".join(pair),
                "as_of": as_of,
                "known_on": known_on,
                "borders": borders,
                "mine": known.mine,
            }
        )
        frame.name_page(f"{title}, {write_date(as_of)}")
        show_share(title, as_of, query, map_key="pair-map")

if pair:
    view = view_pair(pair, state, load_palette())
    history = ledger.trace(pair, until=as_of, known_on=known_on)
    told = [
        settle_interval(ledger, pair, interval, as_of=as_of, known_on=known_on)
        for interval in history
    ]

    def describe_all(context: Context, *, with_bar: bool = True) -> dict[str, object]:
        """Return the pair with its quotes of today and of its history, and with a bar of its years."""
        alone = replace(context, link_pair=None)
        return {
            "pair": describe_pair(state, alone) if state else None,
            "history": describe_history(history, told, as_of, alone) if history else None,
            "with_bar": with_bar,
        }

    left, right = st.columns([1.2, 1], gap="large")
    with right:
        controls.show_map(view, None, key="pair-map", near=pair, borders=borders)
        controls.show_key(view, context)
        if history:
            frame.show("title.html", title=_("How they stood over time"))
            frame.show("bar.html", history=describe_history(history, told, as_of, context))
        controls.show_borders(borders)
    with left, st.container(key="reading"):
        frame.show("pair.html", **describe_all(context, with_bar=False))
        together = list_together(known, pair, as_of)
        if together.times:
            mentions = describe_mentions(
                together, context, title=_("Sentences that name both"), is_open=not state
            )
            frame.show("mentions.html", mentions=mentions)
        elif not state:
            frame.show_notice(_("No sentence up to this date names both countries."), kind="hint")
    show_exports(
        view,
        lambda: [settled for settled in told if settled],
        lambda context: render("pair.html", **describe_all(context)),
        lambda: list_history(history, pair, context),
        Scope(
            title=title,
            as_of=as_of,
            known_on=known_on,
            borders=borders,
            query=query,
        ),
        context,
    )
