"""Scale: articles a second of one process, of the pool, and of Spark on the same machine, in one run.

Run ``python benchmarks/scale.py [LINES [NUMBER]]`` with a file of JSON lines, of which the first NUMBER (400)
are read into an empty store by each side in turn; the quiet articles of the gold without one. The time to
start is that of a run over one article; it is taken off the others. Memory is the largest sum of the
resident sets of a side's processes, looked at twice a second. Spark takes part where PySpark and Java are
installed (``make scale``).
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from load import measure_memory  # noqa: E402 - lies beside this script

from geo.tools.gold import GOLD, read_set  # noqa: E402 - found through the line above
from geo.workers import count_cores  # noqa: E402 - found through the line above

# Seconds between two looks at the memory.
LOOK = 0.5


def list_sides(cores: int) -> dict[str, list[str]]:
    """Return what each side adds to the command."""
    sides = {"one process": ["--workers", "1"], f"pool of {cores}": ["--workers", str(cores)]}
    if importlib.util.find_spec("pyspark"):
        sides[f"Spark local[{cores}]"] = ["--engine", "spark", "--master", f"local[{cores}]"]
    return sides


def run_side(arguments: Sequence[str], source: Path, folder: str) -> tuple[float, int]:
    """Return the seconds that a run takes, and the most bytes that its processes hold together."""
    command = [sys.executable, "-m", "geo", "ingest", "--store", folder, *arguments, str(source)]
    start, memory = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+") as told:
        with subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told) as process:
            while process.poll() is None:
                memory = max(memory, measure_memory(os.getpid()))
                time.sleep(LOOK)
        taken = time.perf_counter() - start
        if process.returncode:
            told.seek(0)
            raise RuntimeError(told.read()[-2000:])
    return taken, memory


def list_lines(source: Path | None, number: int) -> list[str]:
    """Return the lines of a file, or articles of the gold as such lines."""
    if source:
        with source.open(encoding="utf-8") as stream:
            return list(islice(stream, number))
    golds = read_set(GOLD, "quiet")
    return [f"{json.dumps({'id': gold.article.id, 'text': gold.article.text})}\n" for gold in golds]


def main(source: Path | None = None, number: int = 400) -> int:
    """Print the table."""
    cores = count_cores()
    lines = list_lines(source, number)
    with tempfile.TemporaryDirectory() as place:
        one, some = Path(place) / "one.jsonl", Path(place) / "some.jsonl"
        one.write_text(lines[0], encoding="utf-8")
        some.write_text("".join(lines), encoding="utf-8")
        rows = []
        for turn, (name, arguments) in enumerate(list_sides(cores).items()):
            begun, _ = run_side(arguments, one, f"{place}/one{turn}")
            taken, memory = run_side(arguments, some, f"{place}/some{turn}")
            rows.append((name, len(lines) / max(taken - begun, 0.01), begun, memory))
    print(f"{len(lines)} articles, {cores} cores")
    print("| | articles/s | to one process | to start | MB |")
    print("| --- | --: | --: | --: | --: |")
    for name, pace, begun, memory in rows:
        ratio = pace / rows[0][1]
        print(f"| {name} | {pace:.1f} | {ratio:.2f} | {begun:.1f} s | {memory / 1e6:,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2]), *map(int, sys.argv[2:3])))
