"""Training: weights are fitted to labeled links and come back from their table as they were."""

from pathlib import Path

import pytest

from geo import inferences, training
from geo.evaluation import read_golds
from geo.inferences import infer_state, load_weights
from geo.records import State

ROWS = [
    ("Norway mailed crates to Chad.", "NOR>TCD partners AID asserted"),
    ("Sweden mailed crates to Mali.", "SWE>MLI partners AID asserted"),
    ("Finland mailed letters to Niger.", "FIN>NER partners AID asserted"),
    ("Norway's painters resemble Chad's.", ""),
    ("Sweden resembles Mali.", ""),
    ("Finland resembles Niger.", ""),
    ("Peru catapulted rocks at Chile.", "PER>CHL war ASSAULT asserted"),
    ("Denmark never mailed crates to Togo.", "DNK>TGO partners AID denied"),
]


@pytest.fixture
def instances(tmp_path: Path) -> list[training.Instance]:
    path = tmp_path / "one.tsv"
    lines = ["sentence\texpected", *("\t".join(row) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(training.list_instances(list(read_golds(path))))


def test_links_carry_what_their_labels_say(instances: list[training.Instance]) -> None:
    answers = [each.answers for each in instances]
    assert answers.count(("partners AID",)) == 3
    assert (inferences.NOTHING,) in answers


def test_what_is_denied_takes_no_part(instances: list[training.Instance]) -> None:
    assert f"one:{len(ROWS) + 1}" not in {each.group for each in instances}


def test_weights_fit_their_instances_and_come_back_from_the_table(
    instances: list[training.Instance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = training.fit_weights(instances)
    inference = infer_state(instances[0].features, weights=weights)
    assert inference is not None
    assert inference.state is State.PARTNERS
    monkeypatch.setattr(training, "DATA", tmp_path)
    monkeypatch.setattr(inferences, "DATA", tmp_path)
    training.write_weights(weights)
    assert load_weights.__wrapped__() == weights
