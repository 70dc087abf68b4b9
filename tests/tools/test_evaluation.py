"""Evaluation: each set that is there is scored apart, and a figure below its floor fails."""

import hashlib
import json
import lzma
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from readings import TEXT, make_extraction, make_relation

from geo.records import Article, Extraction, State
from geo.tools import evaluation, scores, standoff
from geo.tools.evaluation import find_falls, main, write_scores
from geo.tools.gold import SEALED, TRAINING
from geo.tools.scores import Scores

GOOD = """id: one
---
{NOR:Norway} signed a pact with {SWE:Sweden}. Both met Finland.
---
NOR = SWE | ties COOPERATE asserted | signed a pact
"""
DOCUMENT = {"countries": ["NOR", "SWE"], "optional_countries": []}
LABEL = {
    "start_char": 0,
    "end_char": 33,
    "quote": TEXT[:33],
    "actor": "NOR",
    "recipient": "SWE",
    "directed": False,
    "event": "COOPERATE",
    "state": "ties",
    "modality": "asserted",
    "condition": None,
    "accord": None,
    "optional": False,
    "actor_words": "Norway",
    "recipient_words": "Sweden",
    "actor_span": [0, 6],
    "recipient_span": [26, 32],
}


@pytest.fixture(autouse=True)
def read_weakly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stages say that Norway and Sweden have ties, and with little confidence are at war."""

    def extract(article: Article) -> Extraction:
        return Extraction(
            article=article,
            sentences=make_extraction().sentences,
            relations=(
                make_relation("NOR", "SWE", State.TIES),
                make_relation("NOR", "FIN", State.WAR, confidence=0.2),
            ),
        )

    for module in (evaluation, scores):
        monkeypatch.setattr(module, "extract_article", extract)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a set of gold, and real text of both kinds beside it."""
    (tmp_path / "gold" / "quiet").mkdir(parents=True)
    (tmp_path / "gold" / "quiet" / "one.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


@pytest.fixture
def real(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def write(path: Path, *rows: dict[str, Any]) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    shared = DOCUMENT | {"id": "shared", "text": TEXT, "relations": [LABEL]}
    apart = DOCUMENT | {
        "source": "harbor",
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "end_char": len(TEXT),
        "relations": [LABEL | {"state": "talks"}],
    }
    for name in ("items", "sentences", "articles"):
        write(folder / "real" / f"{name}_dev.jsonl", shared)
        rows = (apart | {"id": f"{name}-{part}", "part": part} for part in ("fit", "blind"))
        write(folder / "standoff" / f"{name}.jsonl", *rows)
    (folder / "corpus").mkdir()
    with lzma.open(folder / "corpus" / "harbor.jsonl.xz", "wt", encoding="utf-8") as lines:
        names = product(("items", "sentences", "articles"), ("fit", "blind"))
        for name in map("-".join, names):
            lines.write(json.dumps({"id": name, "text": TEXT}) + "\n")
    monkeypatch.setitem(standoff.read_real.__kwdefaults__, "folder", folder / "standoff")
    return folder


@pytest.fixture
def evaluate(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        places = (("--gold", "gold"), ("--real", "real"), ("--corpus", "corpus"))
        told = [word for flag, name in places for word in (flag, str(folder / name))]
        # The stages of these tests say a weak hint too.
        floor = () if "--floor" in arguments else ("--floor", "0.5")
        # In this process, where the stages are those of these tests.
        status = main([*told, *floor, "--workers", "1", *arguments])
        return status, *capsys.readouterr()

    return run


def find_row(printed: str, name: str, measure: str) -> list[str]:
    """Return the figures of a measure in the table of a set."""
    lines = printed.splitlines()
    at = lines.index(name)
    row = next(line for line in lines[at:] if line.startswith(f"  {measure:32}"))
    return row.removeprefix(f"  {measure:32}").split()


def test_a_figure_below_its_floor_fails(
    folder: Path, evaluate: Callable[..., tuple[int, str, str]]
) -> None:
    assert evaluate()[0] == 0
    floors = folder / "gold" / "floors.csv"
    floors.write_text("set,measure,floor\nquiet,pair F1,1.0\n", encoding="utf-8")
    assert evaluate()[0] == 0
    gold = GOOD.replace("NOR = SWE", "NOR = FIN")
    (folder / "gold" / "quiet" / "one.txt").write_text(gold, encoding="utf-8")
    status, _, errors = evaluate()
    assert status == 1
    assert "quiet: pair F1 is 0.000, below its floor of 1.000" in errors


def test_a_measure_with_a_floor_must_be_measured() -> None:
    floors = {("one", "pair F1"): 0.5, ("other", "pair F1"): 0.5}
    assert list(find_falls({"one": Scores()}, floors)) == [
        "one: pair F1 was not measured; its floor is 0.500"
    ]


def test_a_folder_without_gold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gold", str(tmp_path), "--real", str(tmp_path / "none")]) == 2
    assert "no gold files" in capsys.readouterr().err


def test_missing_real_text_is_told_in_one_line(
    evaluate: Callable[..., tuple[int, str, str]],
) -> None:
    status, printed, _ = evaluate()
    assert status == 0
    assert printed.splitlines()[0].startswith("Real text is left out: ")
    assert "quiet" in printed.splitlines()
    assert "items" not in printed.splitlines()


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("name", ["items", "articles"])
def test_real_text_is_the_shared_documents_and_the_blind_ones_apart(
    evaluate: Callable[..., tuple[int, str, str]], name: str
) -> None:
    status, printed, _ = evaluate()
    assert status == 0
    blind = f"blind {name}"
    for part in (name, f"{name} in color", blind, f"{blind} in color"):
        assert find_row(printed, part, "pair") == ["1.000", "1.000", "1.000", "1", "0"]
    assert find_row(printed, name, "pair and state") == ["1.000", "1.000", "1.000", "1", "0"]
    assert find_row(printed, blind, "pair and state") == ["0.000", "0.000", "0.000", "1", "1"]
    assert find_row(printed, blind, "talks") == ["1"]


@pytest.mark.usefixtures("real")
def test_what_is_below_the_floor_counts_as_not_said(
    evaluate: Callable[..., tuple[int, str, str]],
) -> None:
    _, printed, _ = evaluate("--floor", "0.1")
    for name in ("items", "articles", "quiet"):
        assert find_row(printed, name, "state war")[-2:] == ["0", "1"]
    _, printed, _ = evaluate("--floor", "0.95")
    assert find_row(printed, "items", "pair")[1] == "0.000"


@pytest.mark.usefixtures("real")
def test_the_curve_is_printed_where_it_is_asked_for(
    evaluate: Callable[..., tuple[int, str, str]],
) -> None:
    assert "confidence" not in evaluate()[1]
    assert evaluate("--curve")[1].count("  confidence") == 5


def test_a_text_that_is_another_stops_the_evaluation(
    real: Path, evaluate: Callable[..., tuple[int, str, str]]
) -> None:
    with lzma.open(real / "corpus" / "harbor.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": "items-blind", "text": "Other."}) + "\n")
    status, _, errors = evaluate()
    assert status == 2
    assert "items-blind is not the one that was labeled" in errors


@pytest.mark.parametrize("name", [SEALED, "items-blind", "none"])
def test_errors_of_what_is_held_back_are_shown_to_nobody(
    evaluate: Callable[..., tuple[int, str, str]], name: str
) -> None:
    status, printed, _ = evaluate("--wrong", name)
    assert (status, printed) == (2, "")


@pytest.mark.usefixtures("real")
def test_wrong_lists_what_is_wrong_but_not_in_blind_documents(
    folder: Path, evaluate: Callable[..., tuple[int, str, str]]
) -> None:
    assert evaluate("--wrong", "quiet")[1] == ""
    label = LABEL | {"state": "talks"}
    row = DOCUMENT | {"id": "shared", "text": TEXT, "relations": [label]}
    (folder / "real" / "items_dev.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert evaluate("--wrong", "items")[1].splitlines() == [
        "shared missed NOR",
        "shared missed SWE",
        f"shared wrong  NOR-SWE ties: {TEXT[:33]}",
        f"shared missed NOR-SWE talks: {TEXT[:33]}",
    ]


def test_training_material_is_not_scored(
    folder: Path, evaluate: Callable[..., tuple[int, str, str]]
) -> None:
    for name in TRAINING:
        (folder / "gold" / name).mkdir()
        (folder / "gold" / name / "one.txt").write_text(GOOD, encoding="utf-8")
    assert not set(evaluate()[1].splitlines()) & set(TRAINING)


def test_a_table_tells_which_state_was_read_for_which() -> None:
    measured = Scores()
    measured.tally("pair").add({1}, {1})
    measured.confused[State.TIES, State.TALKS] = 3
    head, *_, row = write_scores("one", measured)
    assert head.startswith("one\n")
    assert row.split() == ["ties", "3"]


def test_the_written_articles_can_be_left_to_the_tests(
    evaluate: Callable[..., tuple[int, str, str]],
) -> None:
    assert "\nquiet\n" in evaluate()[1]
    status, said, wrong = evaluate("--no-written")
    assert (status, "quiet" in said, "no gold files" in wrong) == (2, False, True)
