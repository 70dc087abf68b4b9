"""Gold: the files that were written for testing are read strictly."""

from pathlib import Path

import pytest

from geo.errors import DataError
from geo.tools.gold import GOLD, SETS, TRAINING, list_gold, read_gold, read_golds

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
    (tmp_path / "quiet").mkdir()
    (tmp_path / "quiet" / "one.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_marks_become_offsets(folder: Path) -> None:
    gold = read_gold(folder / "quiet" / "one.txt")
    text = gold.article.text
    assert text.startswith("Norway signed a fishing pact with Sweden.\nThe Bank of England was")
    shown = [
        (mention.country, text[slice(*mention.span)], mention.counted) for mention in gold.mentions
    ]
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
    path = folder / "quiet" / "one.txt"
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
    assert [(label.actor, label.recipient, label.directed) for label in first.relations] == [
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


def test_what_goes_beyond_plain_reading_is_optional(folder: Path) -> None:
    path = folder / "quiet" / "one.txt"
    assert not read_gold(path).relations[0].optional
    path.write_text(GOOD.replace("fishing pact\n", "fishing pact | stretch\n"), encoding="utf-8")
    assert read_gold(path).relations[0].optional


@pytest.mark.parametrize("name", [*SETS, *TRAINING])
def test_every_gold_file_of_the_project_can_be_read(name: str) -> None:
    files = list_gold(GOLD, name)
    assert files
    assert all(list(read_golds(path)) for path in files)
