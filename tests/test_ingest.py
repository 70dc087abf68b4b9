"""Ingest: segments are written as a run goes, and its progress is told."""

import sys
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.store.segments import read_extractions


def test_a_long_run_writes_segments_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Text {number} of Chad.")
    monkeypatch.setattr("geo.ingest.MOST_ARTICLES", 2)
    store = tmp_path / "store"
    assert main(["ingest", "--store", str(store), str(tmp_path)]) == 0
    assert capsys.readouterr().out == "5 new with 0 relations, 0 already there, 0 skipped.\n"
    assert len([*store.glob("*.parquet")]) == 3
    assert [found.article.id for found in read_extractions(store)] == ["0", "1", "2", "3", "4"]


def test_progress_is_told_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.txt").write_text("Chad slept.")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told = ("--date-published", "2024-05-17", "--store", str(tmp_path / "store"))
    assert main(["ingest", *told, str(tmp_path / "one.txt")]) == 0
    assert "1 articles read" in (line := capsys.readouterr().err)
    assert " a second, 0 relations found, now at 2024-05-17" in line


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5"])
def test_a_number_of_workers_is_a_whole_number(
    number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["ingest", "--workers", number, "x"])
    assert "is no whole number from 1 to 9999" in capsys.readouterr().err


def test_a_damaged_segment_is_named_and_what_it_held_is_taken_in_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.txt").write_text("Norway and Sweden signed a treaty.", encoding="utf-8")
    run = ["ingest", "--store", str(tmp_path / "store"), str(tmp_path / "one.txt")]
    assert main(run) == 0
    (segment,) = (tmp_path / "store").glob("*.parquet")
    segment.write_bytes(segment.read_bytes()[:-100])
    capsys.readouterr()
    assert main(run) == 0
    said = capsys.readouterr()
    assert f"The segment {segment.name} is damaged" in said.err
    assert said.out.startswith("1 new")
    assert [found.article.id for found in read_extractions(tmp_path / "store")] == ["one"]
