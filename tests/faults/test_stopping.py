"""Ingest: a run that is stopped keeps what it read, and a store that cannot be written is told first."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.paths import ROOT
from geo.store.segments import read_extractions

POISON = Path(__file__).parent / "poison"
# Runs a command as on a terminal, so that its progress can be followed.
TERMINAL = (
    "import sys; sys.stderr.isatty = lambda: True; from geo.__main__ import main; sys.exit(main())"
)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_run_that_is_asked_to_end_writes_what_it_read(tmp_path: Path, name: str) -> None:
    asked = getattr(signal, name)
    store = tmp_path / "store"
    with subprocess.Popen(
        [sys.executable, "-c", TERMINAL, "ingest", "--workers", "1", "--store", str(store), "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stderr
        for number in range(3):
            line = json.dumps({"id": str(number), "text": "Chad slept."})
            process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()
        told = b""
        while b"3 articles read" not in told:
            told += os.read(process.stderr.fileno(), 4096)
        process.send_signal(asked)
        told = process.stderr.read()
        assert process.wait() == 128 + asked
    assert told.endswith(b"python -m geo: stopped.\n")
    assert b"Traceback" not in told
    assert b"Fatal" not in told
    assert [found.article.id for found in read_extractions(store)] == ["0", "1", "2"]


def test_what_was_read_is_written_after_a_while_though_nothing_more_comes(tmp_path: Path) -> None:
    quick = f"import geo.ingest; geo.ingest.MOST_SECONDS = 0.1; {TERMINAL}"
    with subprocess.Popen(
        [sys.executable, "-c", quick, "ingest", "--workers", "1", "--store", str(tmp_path), "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin
        process.stdin.write(b'{"id": "one", "text": "Chad slept."}\n')
        process.stdin.flush()
        while not [*tmp_path.glob("*.parquet")]:
            assert process.poll() is None
            time.sleep(0.05)
        process.stdin.close()
        assert process.wait() == 0
    assert [found.article.id for found in read_extractions(tmp_path)] == ["one"]


def test_an_article_that_ends_its_worker_is_skipped_and_the_rest_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(POISON), str(ROOT)]))
    for name, text in {"a": "Chad slept.", "b": "POISON", "c": "Mali slept."}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    store = tmp_path / "store"
    assert main(["ingest", "--workers", "2", "--store", str(store), str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "2 new with 0 relations, 0 already there, 1 skipped." in told
    assert "skipped b: Reading it ended the process that read it" in told
    assert [found.article.id for found in read_extractions(store)] == ["a", "c"]


def test_a_store_that_cannot_be_written_is_told_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    source = tmp_path / "never opened"
    os.mkfifo(source)
    assert main(["ingest", "--store", str(tmp_path / "file" / "store"), str(source)]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["", " "])
@pytest.mark.parametrize("command", [["ingest", "x"], ["states"]])
def test_an_empty_name_of_a_store_is_refused(
    command: list[str], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--store", folder])
    assert "argument --store: name a folder" in capsys.readouterr().err
