"""Labels of real text: the committed files keep their form, and a text that is another is refused."""

import hashlib
import json
import lzma
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from geo.errors import DataError
from geo.tools.standoff import (
    NAMES,
    REAL,
    SECOND,
    count_labels,
    main,
    measure_agreement,
    read_labeled,
    read_real,
    read_standoffs,
)

TEXT = "In Oslo, Norway\nsigned a pact with Sweden. More was not read."
LABELED = 42
LABEL: dict[str, Any] = {
    "start_char": 0,
    "end_char": 42,
    "actor": "NOR",
    "recipient": "SWE",
    "directed": False,
    "event": "COOPERATE",
    "state": "ties",
    "modality": "asserted",
    "condition": None,
    "accord": None,
    "optional": False,
    "actor_span": [9, 15],
    "recipient_span": None,
}
DOCUMENT: dict[str, Any] = {
    "id": "one",
    "source": "harbor",
    "sha256": hashlib.sha256(TEXT[:LABELED].encode()).hexdigest(),
    "end_char": LABELED,
    "part": "blind",
    "countries": ["NOR"],
    "optional_countries": ["SWE"],
    "relations": [LABEL],
}
RECORD = {"id": "one", "title": "", "text": TEXT, "date_published": "2024-03-05"}


def write_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_corpus(folder: Path, *records: dict[str, Any]) -> None:
    with lzma.open(folder / "harbor.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)


def test_labels_are_joined_with_what_was_read_of_the_text(tmp_path: Path) -> None:
    write_lines(tmp_path / "items.jsonl", DOCUMENT, DOCUMENT | {"id": "two", "part": "fit"})
    write_corpus(tmp_path, {"id": "zero", "text": ""}, RECORD, RECORD | {"id": "two"})
    one, two = read_real(tmp_path, ["items"], folder=tmp_path)
    assert (one.article.text, one.article.title) == (TEXT[:LABELED], None)
    assert str(one.article.date_published) == "2024-03-05"
    assert (one.blind, two.blind) == (True, False)
    (label,) = one.relations
    assert label.actor_span is not None
    assert one.article.text[slice(*label.actor_span)] == "Norway"
    assert label.recipient_span is None
    for blind in (True, False):
        (kept,) = read_real(tmp_path, ["items"], folder=tmp_path, blind=blind)
        assert kept.blind is blind


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([RECORD | {"text": TEXT.replace("pact", "deal")}], "one is not the one that was labeled"),
        ([RECORD | {"id": "two"}], "no text of one"),
    ],
)
def test_another_text_is_refused(tmp_path: Path, records: list[Any], message: str) -> None:
    write_lines(tmp_path / "items.jsonl", DOCUMENT)
    write_corpus(tmp_path, *records)
    with pytest.raises(DataError, match=message):
        read_real(tmp_path, ["items"], folder=tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "0" * 63}, "hash"),
        ({"part": "sealed"}, "sealed"),
        ({"source": "../harbor"}, "source"),
        ({"countries": ["NOX"]}, "NOX"),
        ({"optional_countries": []}, "not listed"),
        ({"end_char": 41}, "0 to 42"),
    ],
)
def test_a_wrong_document_is_told_with_its_line(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = write_lines(tmp_path / "items.jsonl", DOCUMENT, DOCUMENT | {"id": "two"} | changes)
    with pytest.raises(DataError, match=rf"items\.jsonl line 2: .*{message}"):
        read_standoffs(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"state": "tie"}, "tie"),
        ({"event": "SIGN"}, "SIGN"),
        ({"modality": "sure"}, "sure"),
        ({"recipient": "NOR"}, "itself"),
        ({"optional": 1}, "true or false"),
        ({"start_char": 42}, "42 to 42"),
        ({"start_char": -1}, "-1 to 42"),
        ({"actor_span": [40, 43]}, "40 to 43"),
        ({"actor_span": [15, 9]}, "15 to 9"),
        ({"actor_span": [9]}, "line 1"),
    ],
)
def test_a_wrong_label_is_told_with_its_line(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    row = DOCUMENT | {"relations": [LABEL | changes]}
    with pytest.raises(DataError, match=message):
        read_standoffs(write_lines(tmp_path / "items.jsonl", row))


def test_a_missing_field_and_a_document_that_is_there_twice_are_told(tmp_path: Path) -> None:
    short = deepcopy(DOCUMENT)
    del short["relations"][0]["accord"]
    with pytest.raises(DataError, match="no field 'accord'"):
        read_standoffs(write_lines(tmp_path / "items.jsonl", short))
    with pytest.raises(DataError, match="line 2: the document is there twice"):
        read_standoffs(write_lines(tmp_path / "items.jsonl", DOCUMENT, DOCUMENT))


SHARED = {
    "id": "one",
    "title": "Sweden thanks Norway",
    "text": "Norwegians say Norway and Sweden, like Norway, met. It rained.",
    "countries": ["NOR", "SWE"],
    "optional_countries": [],
}
SHARED_LABEL = LABEL | {
    "end_char": 51,
    "quote": "Norwegians say Norway and Sweden, like Norway, met.",
    "actor_words": "Norway",
    "recipient_words": "Sweden",
}


def test_labels_with_their_texts_become_the_same_records(tmp_path: Path) -> None:
    title = SHARED_LABEL | {"in": "title", "end_char": 20, "quote": SHARED["title"]}
    row = SHARED | {"relations": [SHARED_LABEL, title]}
    (gold,) = read_labeled(write_lines(tmp_path / "dev.jsonl", row))
    label, headline = gold.relations
    assert (label.span, label.actor_span, label.recipient_span) == ((0, 51), (15, 21), (26, 32))
    assert (headline.span, headline.actor_span, headline.recipient_span) == ((0, 0), None, None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"quote": "Norway"}, "quote"), ({"actor_words": "Oslo"}, "Oslo"), ({"end_char": 99}, "99")],
)
def test_labels_that_do_not_fit_their_texts_are_told(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    row = SHARED | {"relations": [SHARED_LABEL | changes]}
    with pytest.raises(DataError, match=rf"line 1: .*{message}"):
        read_labeled(write_lines(tmp_path / "dev.jsonl", row))


def test_the_check_tells_what_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpus", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


# The committed labels ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, SECOND])
def test_the_committed_labels_keep_their_form_and_hold_no_text(name: str) -> None:
    path = REAL / f"{name}.jsonl"
    assert read_standoffs(path)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert set(row) == set(DOCUMENT)
        assert all(set(label) == set(LABEL) for label in row["relations"])
        # What a label says in words is the name of an accord or a short condition.
        said = (label[field] for label in row["relations"] for field in ("condition", "accord"))
        assert all(len(words) < 200 for words in said if words)


def test_no_document_is_in_two_files_and_each_second_reading_has_its_first() -> None:
    once = [standoff for name in NAMES for standoff in read_standoffs(REAL / f"{name}.jsonl")]
    known = {standoff.id: standoff for standoff in once}
    assert len(known) == len(once)
    for other in read_standoffs(REAL / f"{SECOND}.jsonl"):
        one = known[other.id]
        assert (one.source, one.sha256, one.blind) == (other.source, other.sha256, other.blind)


def test_the_page_of_the_labels_tells_their_counts_and_agreement() -> None:
    page = (REAL / "README.md").read_text(encoding="utf-8")
    for name in (*NAMES, SECOND):
        standoffs = read_standoffs(REAL / f"{name}.jsonl")
        labels = [label for standoff in standoffs for label in standoff.relations]
        optional = sum(label.optional for label in labels)
        blind = sum(standoff.blind for standoff in standoffs) or ""
        told = f"| `{name}.jsonl` | {len(standoffs):,} | {blind} | {len(labels):,} ({optional}) |"
        assert re.sub(r"\s+", " ", told) in page
    for tally in measure_agreement().values():
        assert f"F1 {tally.f1:.3f}" in page


def test_a_line_of_counts_names_every_state() -> None:
    assert count_labels("none", []).startswith("none: 0 documents, 0 relations (0 optional): war 0")
