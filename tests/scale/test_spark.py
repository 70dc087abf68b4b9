"""Spark: what its executors store is what the pool stores, also where they are killed.

``make scale`` runs these tests: they need PySpark and Java, which are larger than all else together.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.paths import ROOT
from geo.records import Extraction
from geo.store.segments import list_segments, read_extractions

NAMES = ("Norway", "Sweden", "Peru", "Chile", "Kenya", "Japan", "Chad", "Sudan")
DEEDS = (
    "{one} and {other} signed a trade agreement on Monday.",
    "{one} expelled the ambassador of {other}.",
    "{one} launched air strikes on {other}.",
    "The weather in {one} was mild. A man of {other} won a race.",
)


def write_articles(path: Path, number: int, first: int = 0) -> Path:
    """Write a file of JSON lines."""
    lines = []
    for place in range(first, first + number):
        one, other = NAMES[place % 8], NAMES[(place + 1 + place // 8 % 7) % 8]
        text = DEEDS[place % 4].format(one=one, other=other)
        day = f"2025-{1 + place % 12:02d}-11"
        lines.append(json.dumps({"id": f"a{place}", "text": text, "date_published": day}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "geo", "ingest", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ingest(*arguments: str) -> str:
    """Return what a run of ingest prints."""
    process = start(*arguments)
    told, wrong = process.communicate(timeout=600)
    assert process.returncode == 0, wrong[-3000:]
    return told


def read_store(folder: Path) -> dict[str, Extraction]:
    return {extraction.article.id: extraction for extraction in read_extractions(folder)}


def count_rows(folder: Path) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(segment.path).num_rows for segment in list_segments(folder))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("sources")
    named = [write_articles(folder / f"{part}.jsonl", 30, 30 * part) for part in range(3)]
    return [str(path) for path in named]


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory, sources: list[str]) -> dict[str, Extraction]:
    """Return what the pool stores of the sources."""
    folder = tmp_path_factory.mktemp("pool")
    ingest("--store", str(folder), *sources)
    return read_store(folder)


def test_spark_stores_what_the_pool_stores_and_twice_stores_it_once(
    tmp_path: Path, sources: list[str], pooled: dict[str, Extraction]
) -> None:
    asked = ("--engine", "spark", "--master", "local[2]", "--store", str(tmp_path), *sources)
    assert ingest(*asked).startswith("90 new")
    assert read_store(tmp_path) == pooled
    assert sum(len(extraction.relations) for extraction in pooled.values()) > 30
    segments = list_segments(tmp_path)
    assert "0 new" in ingest(*asked)
    assert list_segments(tmp_path) == segments


def test_what_gives_no_article_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "some.jsonl", 6)
    lines = path.read_text(encoding="utf-8")
    path.write_text(f"{lines}\nno json\n{json.dumps({'id': 'bare'})}\n", encoding="utf-8")
    store = tmp_path / "store"
    told = ingest("--engine", "spark", "--master", "local[1]", "--store", str(store), str(path))
    assert told.startswith("6 new")
    assert "The line is no JSON object." in told
    assert "skipped bare: The field text is missing" in told
    assert len(read_store(store)) == 6


def test_parquet_is_read_as_lines_are(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines = write_articles(tmp_path / "some.jsonl", 5).read_text(encoding="utf-8").splitlines()
    pq.write_table(pa.Table.from_pylist([*map(json.loads, lines)]), tmp_path / "some.parquet")
    store = tmp_path / "store"
    source = str(tmp_path / "some.parquet")
    assert ingest(
        "--engine", "spark", "--master", "local[1]", "--store", str(store), source
    ).startswith("5 new")
    assert set(read_store(store)) == {f"a{place}" for place in range(5)}


def find_descendants(process: int, words: str) -> list[int]:
    """Return the processes below one whose command holds some words."""
    told = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in told.stdout.splitlines()]
    below, grown = {process}, True
    while grown:
        more = {int(row[0]) for row in rows if int(row[1]) in below} - below
        below, grown = below | more, bool(more)
    return [int(row[0]) for row in rows if int(row[0]) in below and words in row[2]]


def test_a_worker_that_is_killed_changes_nothing(
    tmp_path: Path, sources: list[str], pooled: dict[str, Extraction]
) -> None:
    # Each task may be tried four times, as on a cluster.
    process = start(
        "--engine", "spark", "--master", "local[2,4]", "--store", str(tmp_path), *sources
    )
    killed = 0
    last = time.monotonic() + 300
    while process.poll() is None and killed < 2 and time.monotonic() < last:
        # Once the readers have begun, the daemon above them is killed with what it holds.
        if find_descendants(process.pid, "geo.workers"):
            for one in find_descendants(process.pid, "pyspark.daemon"):
                os.kill(one, 9)
            killed += 1
            time.sleep(3)
        time.sleep(0.2)
    told, wrong = process.communicate(timeout=600)
    assert killed == 2
    assert process.returncode == 0, wrong[-3000:]
    assert " already there" in told
    assert read_store(tmp_path) == pooled
    assert count_rows(tmp_path) == 90
