"""One pair: how two countries stand, every quote for and against it, and where both are named."""

from dataclasses import replace

import streamlit as st

from geo import panel, ui
from geo.records import pair_of

ui.open_page(ui.PAIR, "Pair")
known = ui.load_known()
speech = ui.make_speech(known)
pair, problems = ui.read_pair(st.query_params.get("pair"))
as_of, late = ui.read_day(st.query_params.get("as_of"), known)
states = ui.load_states(known, as_of)
if pair is None and not problems and states:
    pair = max(states, key=lambda each: len(panel.list_evidence(each))).pair
state = next((each for each in states if each.pair == pair), None)

ui.show(panel.write_pair_head(pair, state, as_of, speech))
ui.show_problems([*problems, *late])


def keep_pair() -> None:
    """Write the two chosen countries to the URL."""
    one, other = st.session_state["one"], st.session_state["other"]
    if one and other:
        ui.write_choice("pair", "-".join(pair_of(one, other)))


countries = ui.list_countries(known)
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    for key, label, value in zip(
        ("one", "other"), ("Country", "Other country"), pair or (None, None), strict=True
    ):
        ui.bind_widget(key, value)
        st.selectbox(
            label,
            countries,
            format_func=speech.name,
            index=None,
            width=260,
            key=key,
            on_change=keep_pair,
        )
    st.date_input(
        "As of",
        min_value=ui.FIRST_DAY,
        max_value=ui.LAST_DAY,
        format="YYYY-MM-DD",
        width=150,
        key="as_of",
        on_change=ui.bind_widget("as_of", as_of),
    )

if pair:
    with st.container(key="reading"):
        if state:
            ui.show(panel.write_pair(state, replace(speech, link_pair=None)))
        together = ui.list_together(known, pair, as_of)
        if together:
            title = "Sentences that name both"
            ui.show(panel.write_mentions(together, speech, title=title, is_open=not state))
        elif not state:
            ui.show(panel.write_notice("No sentence names both by this date.", kind="hint"))
