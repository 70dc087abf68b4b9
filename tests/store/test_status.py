"""Status: what a refresher tells is read as it was written, and damage is no status."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geo.errors import StoreError
from geo.store.segments import list_segments
from geo.store.status import NAME, Status, Trouble, read_status, write_status

STATUS = Status(
    sources=("wikipedia:2002-01-01..",),
    began=datetime(2026, 9, 20, 10, 0, tzinfo=UTC),
    reading="wikipedia:2026-09-14..2026-09-20",
    new=3,
    skipped={"The entry has neither title nor text.": 2},
    failing=(Trouble(source="https://feed.example/", reason="It is gone."),),
    reached={"wikipedia:2002-01-01..": date(2026, 9, 14)},
)


def test_a_status_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_status(tmp_path) is None
    write_status(STATUS, tmp_path / "store")
    assert read_status(tmp_path / "store") == STATUS
    assert list_segments(tmp_path / "store") == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"new": "many"}', b'{"began": 1e400}', b"\xff", b" " * 1_000_001]
)
def test_a_damaged_status_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert read_status(tmp_path) is None


def test_a_status_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written"):
        write_status(STATUS, tmp_path / "file")
