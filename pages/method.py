"""Method: what the states mean, how a text becomes a color, and what that cannot tell."""

from collections.abc import Iterable, Mapping, Sequence

from geo.map.palette import load_palette
from geo.records import PLACE_RANK, Modality, Place, State
from geo.states.examples import CONFIDENCE, Step, load_examples, settle_steps
from geo.states.settling import (
    CONTESTED_SHARE,
    POSSIBLE_SHARE,
    load_endings,
    load_rules,
    load_standings,
)
from geo.web.frame import open_page, show
from geo.web.known import make_context, make_known
from geo.web.map_words import list_disputes, list_views
from geo.web.words import Head, count, write_date

Line = Mapping[str, str]

open_page("pages/method.py")
palette = load_palette()


def list_standings() -> list[Line]:
    """Return what a quote for each state weighs, and for how long."""
    return [
        {
            "State": palette.states[state].label,
            "Weight": f"{standing.weight:g}",
            "Halves every": count(standing.half_life_days, "day"),
            "Holds for": count(standing.holds_days, "day"),
            "Ages from": f"its {standing.ages_from}",
            "Because": standing.reason,
        }
        for state, standing in load_standings().items()
    ]


def list_endings() -> list[Line]:
    """Return which evidence ends which."""
    return [
        {
            "Rule": ending.name.capitalize(),
            "Evidence of": name_states(ending.states),
            "In words such as": ", ".join(sorted(ending.words)[:4]) or "any",
            "Ends evidence of": name_states(ending.ends),
            "Because": ending.reason,
        }
        for ending in load_endings()
    ]


def name_states(states: Iterable[State]) -> str:
    """Return the labels of some states, from worst to best."""
    held = set(states)
    return ", ".join(palette.states[state].label.lower() for state in State if state in held)


def list_steps(steps: Sequence[Step]) -> list[Line]:
    """Return the steps of an example with the weights that each leaves and the state that is shown."""
    lines = []
    for step, state in zip(steps, settle_steps(steps), strict=True):
        quote, publisher = "No quote; time passes.", ""
        if step.evidence:
            relation = step.evidence.relation
            certainty = "" if relation.modality is Modality.ASSERTED else f", {relation.modality}"
            label = palette.states[relation.state].label.lower()
            quote = f"“{relation.quote.exact}” ({label}{certainty})"
            publisher = step.evidence.publisher or ""
        shown = "No evidence that holds"
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


show("head.html", head=Head(title="How a sentence becomes a color"))
show(
    "method.html",
    states=[palette.states[state] for state in State],
    others=[swatch for code, swatch in palette.states.items() if code not in set(State)],
    possible_share=POSSIBLE_SHARE,
    contested_share=f"{CONTESTED_SHARE:.0%}",
    standings=list_standings(),
    endings=list_endings(),
    confidence=CONFIDENCE,
    examples={name: list_steps(steps) for name, steps in load_examples().items()},
    rules=[{"Rule": rule, "Meaning": meaning} for rule, meaning in load_rules().items()],
    place_rank=[place.value for place in PLACE_RANK],
    places=[palette.places[place] for place in Place],
    views=list_views(),
    disputes=list_disputes(make_context(make_known(()))),
)
