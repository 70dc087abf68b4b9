"""Faults of segments: whatever lies in the folder, what can be read is shown and the rest is named."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.errors import StoreError
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import ROOT
from geo.store.cache import Store, open_store
from geo.store.queries import count_articles
from geo.store.segments import append_extractions, list_articles, read_extractions
from tests.samples import make_extraction

ONE, TWO = make_extraction(id="one"), make_extraction(id="two")


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENTENTE_CACHE", str(tmp_path / "cache"))


def open_folder(folder: Path) -> Store:
    return open_store([folder], load_gazetteer().countries)


def damage(path: Path, kind: str) -> None:
    """Put something in the place of a segment."""
    whole = path.read_bytes()
    path.unlink()
    match kind:
        case "truncated":
            path.write_bytes(whole[:-40])
        case "empty":
            path.write_bytes(b"")
        case "flipped":
            path.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
        case "foreign":
            path.write_bytes(b"<!doctype html>")
        case "folder":
            path.mkdir()
        case "dangling":
            path.symlink_to(path.parent / "nowhere")
        case "loop":
            path.symlink_to(path.name)
        case "fifo":
            os.mkfifo(path)


@pytest.mark.parametrize(
    "kind", ["truncated", "empty", "flipped", "foreign", "folder", "dangling", "loop", "fifo"]
)
def test_a_damaged_segment_is_named_and_the_rest_is_served(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "store"
    append_extractions([TWO], folder)
    path = append_extractions([ONE], folder)
    assert path is not None
    damage(path, kind)
    store = open_folder(folder)
    assert count_articles(store.cursor()) == 1
    assert [fault.segment for fault in store.faults] == [path.name]
    assert set(list_articles(folder)) == {"two"}
    with pytest.raises(StoreError, match=path.name):
        read_extractions(folder)
    third = append_extractions([make_extraction(id="three")], folder)
    assert third is not None
    store.refresh()
    assert count_articles(store.cursor()) == 2


def test_a_segment_that_is_mended_is_read(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path / "store")
    assert path is not None
    whole = path.read_bytes()
    path.write_bytes(b"noise")
    store = open_folder(tmp_path / "store")
    assert store.faults
    path.write_bytes(whole)
    store.refresh()
    assert store.faults == ()
    assert count_articles(store.cursor()) == 1


def test_a_doubled_segment_counts_once(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path / "store")
    assert path is not None
    path.with_name("copy.parquet").write_bytes(path.read_bytes())
    store = open_folder(tmp_path / "store")
    assert count_articles(store.cursor()) == 1
    assert store.faults == ()


WRITER = """
import sys
from pathlib import Path
from geo.store.segments import append_extractions
from tests.samples import make_extraction
folder, name, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(first, first + 100_000):
    append_extractions([make_extraction(id=f"{name}-{number}")], folder)
    print(number, flush=True)
"""


def test_writers_that_are_killed_lose_nothing_that_they_told(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    told: set[str] = set()
    for turn in range(3):
        writers = {
            name: subprocess.Popen(
                [sys.executable, "-c", WRITER, str(folder), name, str(turn * 100_000)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            )
            for name in ("one", "two")
        }
        for writer in writers.values():
            assert writer.stdout is not None
            writer.stdout.readline()
        time.sleep(0.05 * turn)
        for name, writer in writers.items():
            writer.send_signal(signal.SIGKILL)
            rest, _ = writer.communicate()
            told |= {f"{name}-{turn * 100_000}"}
            told |= {f"{name}-{line}" for line in rest.split("\n")[:-1]}
    held = list_articles(folder)
    assert held.damaged == set()
    assert told <= set(held)
    store = open_folder(folder)
    assert store.faults == ()
    assert count_articles(store.cursor()) == len(held)


def test_a_full_disk_is_told_and_the_store_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    append_extractions([ONE], folder)
    store = open_folder(folder)

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match="No space left on device"):
            append_extractions([TWO], folder)
    store.refresh()
    assert count_articles(store.cursor()) == 1
    assert [path.name for path in folder.iterdir() if path.suffix != ".parquet"] == []
    append_extractions([TWO], folder)
    store.refresh()
    assert count_articles(store.cursor()) == 2
