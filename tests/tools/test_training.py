"""Training: an encoder is fitted to labeled links, and starts from pieces that text has."""

import sysconfig
from pathlib import Path

import pytest
from encoders import make_encoder

from geo.errors import DataError
from geo.relations.encoder import CONTROLS
from geo.relations.inferences import NOTHING, read_likelihood
from geo.tools import training
from geo.tools.gold import read_golds

ROWS = [
    ("Norway mailed crates to Chad.", "NOR>TCD partners AID asserted"),
    ("Sweden mailed crates to Mali.", "SWE>MLI partners AID asserted"),
    ("Finland was mailed letters by Niger.", "NER>FIN partners AID asserted"),
    ("Norway's painters resemble Chad's.", ""),
    ("Sweden resembles Mali.", ""),
    ("Finland resembles Niger.", ""),
    ("Peru catapulted rocks at Chile.", "PER>CHL war ASSAULT asserted"),
    ("Denmark never mailed crates to Togo.", "DNK>TGO partners AID denied"),
]
ENCODER = make_encoder(["mailed", "crates", "to", "letters", "by", "resemble", "rocks", "at", "."])


@pytest.fixture(scope="module")
def instances(tmp_path_factory: pytest.TempPathFactory) -> list[training.Instance]:
    path = tmp_path_factory.mktemp("gold") / "one.tsv"
    lines = ["sentence\texpected", *("\t".join(row) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(training.list_instances(read_golds(path), ENCODER))


def test_links_carry_what_their_labels_say(instances: list[training.Instance]) -> None:
    said = [each.statements for each in instances]
    assert said.count(("partners AID",)) == 4
    assert said.count((NOTHING,)) == 3
    details = {each.details for each in instances if each.statements == ("war ASSAULT",)}
    assert details == {("war forward", "asserted")}


def test_an_encoder_answers_as_its_instances_are_labeled(
    instances: list[training.Instance],
) -> None:
    fitted = training.fit_encoder(ENCODER, instances, epochs=400)
    assert fitted.pieces == ENCODER.pieces
    odds = fitted.weigh([each.masked for each in instances])
    for each, row in zip(instances, odds.tolist(), strict=True):
        inference = read_likelihood(row, fitted.answers).infer()
        said = NOTHING if inference is None else f"{inference.state} {inference.event}"
        assert said in each.statements
        if inference:
            assert f"{inference.state} {inference.way}" in each.details
            assert inference.modality in each.details


def test_pieces_are_kept_that_text_or_many_spellings_have() -> None:
    known = [*CONTROLS, "a", "##a", "gift", "##s", "rare", "crate", "é"]
    kept = training.choose_pieces(known, ["A crate."], ["gift", "gifts", "Gift", "rare"])
    assert kept == [*CONTROLS, "##a", "##s", "a", "crate", "gift"]


def test_a_missing_start_is_told_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MINILM", "no_such_package")
    with pytest.raises(DataError, match="make weights"):
        training.find_minilm()


def test_another_start_than_the_known_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other_start" / "model").mkdir(parents=True)
    (tmp_path / "other_start" / "model" / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(training, "MINILM", "other_start")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    with pytest.raises(DataError, match="are not those of"):
        training.find_minilm()
