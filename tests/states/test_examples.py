"""Examples: each step leaves the state that its row tells, and what the method page promises is there."""

import pytest

from geo.errors import DataError
from geo.paths import DATA
from geo.states.examples import load_examples, settle_steps


@pytest.mark.parametrize("name", list(load_examples()))
def test_each_step_leaves_the_state_that_its_row_tells(name: str) -> None:
    steps = load_examples()[name]
    settled = settle_steps(steps)
    assert [state and state.state for state in settled] == [step.shown for step in steps]
    assert [bool(state and state.contested) for state in settled] == [
        step.contested for step in steps
    ]


def test_a_wrong_row_is_told_with_its_line(tmp_path) -> None:
    text = (DATA / "states" / "worked.csv").read_text(encoding="utf-8")
    (tmp_path / "worked.csv").write_text(
        text.replace("refuses,asserted", "no,asserted", 1), "utf-8"
    )
    with pytest.raises(DataError, match=r"worked.csv line 2"):
        load_examples(tmp_path)
