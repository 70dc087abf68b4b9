"""One pair: how two countries stand and stood, every quote of it, and where both are named."""

from dataclasses import replace

import streamlit as st

from geo.languages import say
from geo.map.lenses import view_pair
from geo.map.palette import load_palette
from geo.records import pair_of
from geo.web import panel, ui
from geo.web.exports import Scope

ui.open_page(ui.PAIR, "Pair")
known = ui.load_known()
pair, problems = ui.read_pair(st.query_params.get("pair"))
borders, wrong = ui.read_borders(st.query_params.get("borders"))
as_of, known_on, late = ui.read_clock(st.query_params.to_dict(), known)
choice = ui.Choice(as_of=as_of, known_on=known_on, borders=borders)
speech = ui.make_speech(known, known_on=known_on)
ledger = ui.load_ledger(known)
if pair is None and not problems and ledger.pairs:
    pair = max(ledger.pairs, key=lambda each: len(ledger.list_evidence(each)))
state = ledger.settle_pair(pair, as_of=as_of, known_on=known_on) if pair else None
ui.keep_clock(as_of=as_of, known_on=known_on)

ui.show(panel.write_pair_head(pair, state, as_of, known_on, speech))
ui.show_problems([*problems, *late, *wrong])


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
            say(label),
            countries,
            format_func=speech.name,
            index=None,
            width=260,
            key=key,
            on_change=keep_pair,
        )
    ui.show_clock(choice)

if pair:
    view = view_pair(pair, state, load_palette())
    history = ledger.trace(pair, until=as_of, known_on=known_on)
    told = [ui.settle_interval(ledger, pair, each, choice) for each in history]

    def write_all(speech: panel.Speech) -> panel.Html:
        """Return the pair's quotes of today and of its history."""
        alone = replace(speech, link_pair=None)
        parts = [panel.write_pair(state, alone)] if state else []
        if history:
            parts.append(panel.write_history(history, told, as_of, alone))
        return panel.join(parts)

    left, right = st.columns([1.2, 1], gap="large")
    with right:
        ui.show_map(view, None, key="pair-map", near=pair, borders=borders)
        ui.show_key(view, speech)
        ui.show_borders(borders, speech)
    with left, st.container(key="reading"):
        ui.show(write_all(speech))
        together = ui.list_together(known, pair, as_of)
        if together:
            title = say("Sentences that name both")
            ui.show(panel.write_mentions(together, speech, title=title, is_open=not state))
        elif not state:
            ui.show(panel.write_notice(say("No sentence names both by this date."), kind="hint"))
    ui.show_exports(
        view,
        lambda: [each for each in told if each],
        write_all,
        lambda: panel.list_history(history, pair, speech),
        Scope(
            title=panel.write_title(*panel.name_pair(pair, state, speech)),
            as_of=as_of,
            known_on=known_on,
            borders=borders,
            query=ui.join_query(
                {
                    "pair": "-".join(pair),
                    "as_of": as_of,
                    "known_on": known_on,
                    "borders": borders,
                }
            ),
        ),
        speech,
    )
