"""What changed: rows by name, and counts in words."""

from geo.records import State, Turn, pair_of
from geo.states.ledger import Change
from geo.web.changed import count_changes, list_changes
from tests.samples import BAHRAIN, MALTA, NORWAY, SWEDEN, make_context


def test_what_changed_and_a_history_are_rows_by_name() -> None:
    context = make_context()
    pair, other = pair_of(BAHRAIN, NORWAY), pair_of(MALTA, SWEDEN)
    changes = [
        Change(pair=other, turn=Turn.NEW, before=None, after=State.TIES),
        Change(pair=pair, turn=Turn.WORSENED, before=State.TIES, after=State.REFUSES),
    ]
    rows = list_changes(changes, context)
    assert [(row["Country"], row["Before"], row["After"]) for row in rows] == [
        ("Bahrain", "Ties", "Refuses"),
        ("Malta", None, "Ties"),
    ]
    assert count_changes(changes, context.palette) == "1 pair worsened, 1 new"
    assert count_changes([], context.palette) == "nothing"
