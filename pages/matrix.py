"""A matrix: the countries of a group against each other, each cell the state of a pair and a link to it."""

from datetime import date
from itertools import combinations

import streamlit as st

from geo.languages import say as _
from geo.map.groups import MOST_COUNTRIES, load_groups, load_neighbors
from geo.web import address, controls, frame
from geo.web.context import Scope
from geo.web.downloads import show_exports
from geo.web.known import (
    list_among,
    list_countries,
    load_among,
    load_known,
    load_ledger,
    make_context,
)
from geo.web.map_words import tell_basis
from geo.web.matrix import describe_matrix, describe_matrix_head, list_matrix
from geo.web.rendering import render
from geo.web.share import show_share
from geo.web.words import count, write_date, write_title

# What the list offers beside the groups.
OTHERS = {"neighbors": "A country and its neighbors", "countries": "Your own list"}

frame.open_page("pages/matrix.py")
known, problems = load_known()
asked = st.query_params.to_dict()
as_of, known_on, late = address.read_clock(asked, known)
context = make_context(known_on=known_on)
ledger = load_ledger(known)
groups = load_groups()
told = ledger.settle(as_of=as_of, known_on=known_on).states
default = next(
    (
        code
        for code, group in groups.items()
        if any(pair in told for pair in combinations(sorted(group.members), 2))
    ),
    next(iter(groups)),
)
members, wrong = address.read_members(asked, default)
borders, unknown = address.read_borders(asked.get("borders"))
address.keep_clock(as_of=as_of, known_on=known_on)
days = (as_of, known_on)
standings = load_among(known, members.countries, as_of=as_of, known_on=known_on)

title, note = count(len(members.countries), "country", "countries"), ""
if members.field == "group":
    title = _(groups[members.value].label)
    note = _("Members as of {year}.", year=groups[members.value].as_of)
elif members.field == "neighbors":
    title = _("{name} and its neighbors", name=context.name(members.countries[0]))
    note = _("Neighbors share a border on the map.")


def take_group() -> None:
    """Write the group that was chosen to the URL; another way to choose begins with what is shown."""
    chosen = st.session_state["members"]
    if chosen == "countries":
        address.write_members("countries", "-".join(members.countries))
    elif chosen == "neighbors":
        address.write_members("neighbors", members.countries[0] if members.countries else "UKR")
    else:
        address.write_members("group", chosen)


head = describe_matrix_head(title, standings, len(members.countries), days, note, context)
frame.show("head.html", head=head)
frame.show_problems([*problems, *wrong, *late, *unknown])
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    address.hold_widget("members", members.value if members.field == "group" else members.field)
    st.selectbox(
        _("Countries"),
        [*groups, *OTHERS],
        format_func=lambda code: _(OTHERS[code] if code in OTHERS else groups[code].label),
        width=280,
        key="members",
        on_change=take_group,
    )
    if members.field == "neighbors":
        address.hold_widget("near", members.countries[0])
        st.selectbox(
            _("Country"),
            sorted({*load_neighbors(), members.countries[0]}, key=context.name),
            format_func=context.name,
            width=220,
            key="near",
            on_change=lambda: address.write_members("neighbors", st.session_state["near"]),
        )
    controls.show_clock(as_of, known_on)
    query = address.join_query({members.field: members.value, "as_of": as_of, "known_on": known_on})
    frame.name_page(f"{title}, {write_date(as_of)}")
    show_share(title, as_of, query, map_key=None)
if members.field == "countries":
    address.hold_widget("own", list(members.countries))
    st.multiselect(
        _("Countries, at most {most}", most=MOST_COUNTRIES),
        list_countries(known),
        format_func=context.name,
        max_selections=MOST_COUNTRIES,
        placeholder=_("Choose countries"),
        key="own",
        on_change=lambda: address.write_members("countries", "-".join(st.session_state["own"])),
    )

if len(members.countries) < 2:
    frame.show_notice(_("A matrix needs two countries or more."), kind="hint")
else:
    matrix = describe_matrix(members.countries, standings, title, days, context)
    frame.show("matrix.html", matrix=matrix)
    show_exports(
        None,
        lambda: list(
            ledger.settle_pairs(
                list_among(ledger, members.countries, as_of=as_of, known_on=known_on),
                as_of=as_of,
                known_on=known_on,
            )
        ),
        lambda context: render(
            "matrix.html",
            matrix=describe_matrix(members.countries, standings, title, days, context),
        ),
        lambda: list_matrix(standings, context),
        Scope(
            title=write_title(title, head.said),
            as_of=as_of,
            known_on=known_on,
            borders=borders,
            query=query,
            basis=tell_basis(known.find_basis(known_on), date.today()),  # noqa: DTZ011 - the reader's own day
        ),
        context,
    )
