"""Changes: what became of each pair between two maps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.ledger import Settled
from geo.records import CountryCode, Pair, State, Turn
from geo.states import ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold a pair's states on two maps and what that is called; ``None`` where it had none."""

    pair: Pair
    turn: Turn
    before: State | None
    after: State | None


def compare_states(before: Settled, after: Settled) -> tuple[Change, ...]:
    """Return what became of each pair that has a state on either map, by turn and then by pair."""
    changes = [
        Change(
            pair=pair,
            turn=_name_turn(pair, before, after),
            before=before.states.get(pair),
            after=after.states.get(pair),
        )
        for pair in {*before.states, *after.states}
    ]
    order = {turn: place for place, turn in enumerate(Turn)}
    return tuple(sorted(changes, key=lambda each: (order[each.turn], each.pair)))


def list_turns(changes: Iterable[Change], focus: CountryCode | None) -> Mapping[CountryCode, str]:
    """Return the turn of each country toward one."""
    return {
        other if one == focus else one: each.turn.value
        for each in changes
        for one, other in [each.pair]
        if focus in each.pair
    }


def _name_turn(pair: Pair, before: Settled, after: Settled) -> Turn:
    old, new = before.states.get(pair), after.states.get(pair)
    if old is None:
        return Turn.NEW
    if new is None:
        return Turn.GONE
    if old is not new:
        return Turn.WORSENED if ORDER[new] < ORDER[old] else Turn.IMPROVED
    return Turn.CONTESTED if pair in after.contested - before.contested else Turn.SAME
