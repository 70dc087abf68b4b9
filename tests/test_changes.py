"""Changes: what became of each pair between two maps, and of each country toward one."""

from geo.changes import compare_states, list_turns
from geo.ledger import Settled
from geo.records import CountryCode, State, Turn

CHAD, EGYPT, SUDAN, TOGO = (CountryCode(code) for code in ("TCD", "EGY", "SDN", "TGO"))
BEFORE = Settled(
    {
        (EGYPT, SUDAN): State.TIES,
        (EGYPT, TOGO): State.DISPUTE,
        (EGYPT, CHAD): State.TALKS,
        (SUDAN, CHAD): State.TALKS,
        (SUDAN, TOGO): State.TIES,
    },
    frozenset(),
)
AFTER = Settled(
    {
        (EGYPT, SUDAN): State.DISPUTE,
        (EGYPT, TOGO): State.TIES,
        (EGYPT, CHAD): State.TALKS,
        (CHAD, TOGO): State.WAR,
        (SUDAN, TOGO): State.TIES,
    },
    frozenset({(EGYPT, CHAD)}),
)


def test_each_pair_is_told_once_the_worst_turn_first() -> None:
    changes = compare_states(BEFORE, AFTER)
    assert [(each.turn, each.pair) for each in changes] == [
        (Turn.WORSENED, (EGYPT, SUDAN)),
        (Turn.CONTESTED, (EGYPT, CHAD)),
        (Turn.IMPROVED, (EGYPT, TOGO)),
        (Turn.NEW, (CHAD, TOGO)),
        (Turn.GONE, (SUDAN, CHAD)),
        (Turn.SAME, (SUDAN, TOGO)),
    ]
    assert (changes[0].before, changes[0].after) == (State.TIES, State.DISPUTE)
    assert (changes[3].before, changes[4].after) == (None, None)


def test_a_map_compared_with_itself_has_no_change() -> None:
    assert {each.turn for each in compare_states(AFTER, AFTER)} == {Turn.SAME}


def test_turns_are_told_toward_one_country() -> None:
    turns = list_turns(compare_states(BEFORE, AFTER), EGYPT)
    assert turns == {SUDAN: "worsened", CHAD: "contested", TOGO: "improved"}
