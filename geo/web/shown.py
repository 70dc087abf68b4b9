"""What the page of the map shows, worked out from its address."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from geo.map.lenses import (
    Lens,
    View,
    list_accords,
    mark_view,
    rank_pairs,
    view_accord,
    view_focus,
    view_world,
)
from geo.map.palette import load_palette
from geo.records import AccordState, CountryCode, RelationState, Turn
from geo.states.ledger import Change, Settled, compare_states
from geo.store.chronicle import Chronicle
from geo.store.queries import Basis
from geo.web.address import Choice, read_choice, read_clock, write_query
from geo.web.context import Context, Scope, Told
from geo.web.known import (
    Known,
    load_accords,
    load_known,
    load_ledger,
    load_states,
    make_context,
)
from geo.web.map_words import name_mentioned, tell_basis, write_summary
from geo.web.words import write_title


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The choice of a reader, checked, with the evidence and the view that follow from it.

    ``left_out`` counts pairs whose quotes are too many for a run.
    """

    known: Known
    today: date
    newest: date | None
    choice: Choice
    problems: Sequence[str]
    context: Context
    ledger: Chronicle
    settled: Settled
    states: Sequence[RelationState]
    left_out: int
    places: Sequence[AccordState]
    mentions: Mapping[CountryCode, int]
    view: View

    @cached_property
    def basis(self) -> Basis:
        """What had been published by the day whose knowledge counts."""
        return self.known.find_basis(self.choice.known_on)

    @cached_property
    def summary(self) -> tuple[str, str]:
        """The subject of the map, and what is said of it."""
        return write_summary(self.view, self.states, self.context, pairs=len(self.settled.states))

    @property
    def scope(self) -> Scope:
        """What an export of the map is of."""
        return Scope(
            title=write_title(*self.summary),
            as_of=self.choice.as_of,
            known_on=self.choice.known_on,
            borders=self.choice.borders,
            query=write_query(self.choice),
            basis=tell_basis(self.basis, self.today),
        )

    def load_states(self, *countries: CountryCode | None) -> tuple[tuple[RelationState, ...], int]:
        """Return the states of some countries' pairs, and how many pairs are left out."""
        return load_states(
            self.ledger, countries, as_of=self.choice.as_of, known_on=self.choice.known_on
        )

    def list_gone(self) -> list[Change]:
        """Return the pairs whose evidence held on the day of the newest article and no longer does."""
        newest = self.newest
        if self.choice.lens is not Lens.FOCUS or not newest or self.choice.as_of <= newest:
            return []
        before = self.ledger.settle(as_of=newest, country=self.choice.focus)
        changes = compare_states(before, self.settled)
        return [change for change in changes if change.turn is Turn.GONE]

    def list_states(self) -> tuple[RelationState, ...]:
        """Return the pairs whose quotes the view rests on, all of them, however many there are."""
        if self.choice.lens is Lens.WORLD:
            return tuple(self.states)
        clock = {"as_of": self.choice.as_of, "known_on": self.choice.known_on}
        return load_states(self.ledger, (self.choice.focus,), most=math.inf, **clock)[0]

    def list_told(self) -> Sequence[Told]:
        """Return what an export holds the quotes of."""
        if self.choice.lens is Lens.ACCORD:
            return [place for place in self.places if place.accord == self.choice.accord]
        return self.list_states()


def load_shown(asked: Mapping[str, str], today: date) -> Shown:
    """Return what an address asks for; what cannot be shown is told among the problems."""
    known, problems = load_known(asked.get("mine"))
    # The accords that an address may name depend on its dates, so these are read first.
    as_of, known_on, _late = read_clock(asked, known)
    places = load_accords(known, as_of, known_on)
    choice, wrong = read_choice(asked, known, list_accords(places))
    ledger = load_ledger(known)
    settled = ledger.settle(as_of=as_of, known_on=known_on, country=choice.focus)
    states, left_out = load_states(ledger, (choice.focus,), as_of=as_of, known_on=known_on)
    if choice.lens is Lens.WORLD:
        counts = ledger.list_pairs()
        told = {pair: counts.get(pair, 0) for pair in settled.states}
        ranked = [pair for side in rank_pairs(settled.states, told) for pair in side]
        found = {
            state.pair: state
            for state in ledger.settle_pairs(ranked, as_of=as_of, known_on=known_on)
        }
        states = tuple(found[pair] for pair in ranked if pair in found)
    mentions = known.count_mentions(as_of=as_of)
    palette = load_palette()
    context = replace(make_context(known_on=known_on, mine=known.mine), with_weak=choice.weak)
    if choice.lens is Lens.ACCORD:
        view = view_accord(places, mentions, palette, choice.accord)
    elif choice.lens is Lens.WORLD:
        view = view_world(settled.states, [state.pair for state in states], palette)
    else:
        view = view_focus(settled.states, mentions, palette, choice.focus)
        view = name_mentioned(mark_view(view, states, settled.contested), context)
    return Shown(
        known=known,
        today=today,
        newest=known.find_newest(today),
        choice=choice,
        problems=[*problems, *wrong],
        context=context,
        ledger=ledger,
        settled=settled,
        states=states,
        left_out=left_out,
        places=places,
        mentions=mentions,
        view=view,
    )
