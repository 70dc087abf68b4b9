"""Evaluation: gold files are read strictly, and a figure below its floor fails."""

from pathlib import Path

import pytest

from geo.errors import DataError
from geo.tools.evaluation import (
    GOLD,
    SEALED,
    SETS,
    list_gold,
    main,
    read_gold,
    read_golds,
    score_articles,
)

GOOD = """id: one
title: Harbor notes
date: 2024-03-05
---
{NOR:Norway} signed a fishing pact with {SWE:Sweden}.
The Bank of {-GBR:England} was shut, {~NOR+SWE:both sides} said.
---
NOR = SWE | ties COOPERATE asserted | signed a fishing pact
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "building").mkdir()
    (tmp_path / "building" / "one.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_marks_become_offsets(folder: Path) -> None:
    gold = read_gold(folder / "building" / "one.txt")
    text = gold.article.text
    assert text.startswith("Norway signed a fishing pact with Sweden.\nThe Bank of England was")
    shown = [(each.country, text[slice(*each.span)], each.counted) for each in gold.mentions]
    assert shown == [
        ("NOR", "Norway", True),
        ("SWE", "Sweden", True),
        ("GBR", "England", False),
        ("NOR", "both sides", True),
        ("SWE", "both sides", True),
    ]
    (label,) = gold.relations
    assert text[slice(*label.span)] == "signed a fishing pact"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ties COOPERATE", "tie COOPERATE", "tie"),
        ("NOR = SWE", "NOX = SWE", "NOX"),
        ("| signed a fishing pact\n", "| caught a fish\n", "0 times"),
        ("\n---\nNOR", "\nNOR", "2 parts"),
    ],
)
def test_a_wrong_label_is_told(folder: Path, old: str, new: str, message: str) -> None:
    path = folder / "building" / "one.txt"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_gold(path)


TABLE = """sentence\texpected
Norway sent grain to Sweden and met Finland.\tNOR>SWE partners AID asserted; NOR=FIN talks CONSULT asserted
Norway lies west of Sweden.\t
"""


def test_a_table_holds_sentences_with_all_that_they_say(tmp_path: Path) -> None:
    path = tmp_path / "one.tsv"
    path.write_text(TABLE, encoding="utf-8")
    first, second = read_golds(path)
    assert [(each.actor, each.recipient, each.directed) for each in first.relations] == [
        ("NOR", "SWE", True),
        ("NOR", "FIN", False),
    ]
    assert second.relations == ()
    assert first.article.id != second.article.id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("NOR>SWE", "NOX>SWE", "line 2.*NOX"),
        ("NOR=FIN", "NOR-FIN", "line 2"),
        ("talks CONSULT", "talks", "line 2"),
        ("Sweden.\t", "Sweden.", "line 3"),
    ],
)
def test_a_wrong_row_of_a_table_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "one.tsv"
    path.write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        list(read_golds(path))


def test_scores_count_what_is_right_wrong_and_missed(folder: Path) -> None:
    path = folder / "building" / "one.txt"
    scores = score_articles([read_gold(path)])
    assert scores.tallies["pair and state in sentence"].f1 == 1
    path.write_text(GOOD.replace("ties COOPERATE", "war ASSAULT"), encoding="utf-8")
    scores = score_articles([read_gold(path)])
    tally = scores.tallies["pair and state in sentence"]
    assert (tally.right, tally.wrong, tally.missed) == (0, 1, 1)
    assert scores.tallies["pair"].f1 == 1


def test_a_figure_below_its_floor_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gold", str(folder)]) == 0
    floors = folder / "floors.csv"
    floors.write_text("set,measure,floor\nbuilding,pair F1,1.0\n", encoding="utf-8")
    assert main(["--gold", str(folder)]) == 0
    gold = GOOD.replace("with {SWE:Sweden}", "with nobody, {SWE:Sweden} said")
    (folder / "building" / "one.txt").write_text(gold, encoding="utf-8")
    capsys.readouterr()
    assert main(["--gold", str(folder)]) == 1
    assert "building: pair F1" in capsys.readouterr().err


def test_a_folder_without_gold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gold", str(tmp_path)]) == 2
    assert "no gold files" in capsys.readouterr().err


def test_errors_of_the_sealed_set_are_shown_to_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--wrong", SEALED]) == 2
    assert capsys.readouterr().out == ""


def test_every_gold_file_of_the_project_can_be_read() -> None:
    files = [path for name in SETS for path in list_gold(GOLD, name)]
    assert GOLD / "seed.txt" in files
    assert all(list(read_golds(path)) for path in files)
