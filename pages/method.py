"""Method: the text of docs/method.md, with the tables that the program computes in their places."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from geo.map.palette import load_palette
from geo.paths import ROOT
from geo.records import Modality, Place, State
from geo.states.examples import Step, load_examples, settle_steps
from geo.states.rules import load_endings, load_rules, load_standings
from geo.web.frame import open_page, show
from geo.web.known import make_context
from geo.web.map_words import list_disputes, list_views
from geo.web.words import count, write_date

Line = Mapping[str, str]
# Where the text has a table, and what it has for those who read it elsewhere.
TABLE = re.compile(r"<!-- table: (\w+) -->")

open_page("pages/method.py")
palette = load_palette()


def list_standings() -> list[Line]:
    """What kind each state is, and how long a quote of it holds."""
    return [
        {
            "State": palette.states[state].label,
            "Kind": standing.group,
            "One or two articles hold for": count(standing.once_days, "day"),
            "More hold for": count(standing.several_days, "day"),
            "Ages from": f"its {standing.ages_from}",
            "Because": standing.reason,
        }
        for state, standing in load_standings().items()
    ]


def list_endings() -> list[Line]:
    """What ends what."""
    return [
        {
            "Rule": ending.name.capitalize(),
            "Evidence of": name_states(ending.states),
            "In words such as": ", ".join(sorted(ending.words)[:4]) or "any",
            "Ends evidence of": name_states(ending.ends),
            "Articles needed": str(ending.articles),
            "Because": ending.reason,
        }
        for ending in load_endings()
    ]


def name_states(states: Iterable[State]) -> str:
    """The labels of some states, from worst to best."""
    held = set(states)
    return ", ".join(palette.states[state].label.lower() for state in State if state in held)


def list_steps(steps: Sequence[Step]) -> list[Line]:
    """The steps of an example with the state that is shown after each."""
    lines = []
    for step, state in zip(steps, settle_steps(steps), strict=True):
        quote, publisher = "No quote; time passes.", ""
        if step.evidence:
            relation = step.evidence.relation
            certainty = "" if relation.modality is Modality.ASSERTED else f", {relation.modality}"
            label = palette.states[relation.state].label.lower()
            quote = f"“{relation.quote.exact}” ({label}{certainty})"
            publisher = step.evidence.publisher or ""
        shown = "No current evidence"
        if state:
            shown = palette.states[state.state].label + (", contested" if state.contested else "")
        lines.append(
            {
                "Day": write_date(step.day),
                "Publisher": publisher,
                "Quote": quote,
                "Shown then": shown,
                "Why": state.reason if state else "Nothing counts.",
            }
        )
    return lines


def show_worked() -> None:
    """Show the worked examples, each with its name."""
    for name, steps in load_examples().items():
        show("table.html", title=name, rows=list_steps(steps))


TABLES: Mapping[str, Callable[[], object]] = {
    "states": lambda: show("definitions.html", swatches=[palette.states[state] for state in State]),
    "others": lambda: show(
        "definitions.html",
        swatches=[swatch for code, swatch in palette.states.items() if code not in set(State)],
    ),
    "standing": lambda: show("table.html", title="", rows=list_standings()),
    "endings": lambda: show("table.html", title="", rows=list_endings()),
    "worked": show_worked,
    "rules": lambda: show(
        "table.html",
        title="",
        rows=[{"Rule": rule, "Meaning": meaning} for rule, meaning in load_rules().items()],
    ),
    "places": lambda: show("definitions.html", swatches=[palette.places[place] for place in Place]),
    "disputes": lambda: show(
        "disputes.html", views=list_views(), disputes=list_disputes(make_context())
    ),
}

text = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
for number, part in enumerate(TABLE.split(text)):
    if number % 2:
        TABLES[part]()
    else:
        # The links of the text lead to files beside it, which the app does not serve.
        st.markdown(re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", part))
