"""Load: what visits at the same time wait for, by the websocket protocol that the browser speaks.

Run ``python benchmarks/load.py [STORE]``. The app is served with a store; for each number of visits, that
many connect at once and each takes its steps, one after the other with a pause: another country, another
day, another focus. A step runs the whole page, as a link does, so it costs more than a click on the map,
which draws its own part anew. The time of a step is from the request to the end of the script, with all
that the page is sent. A step fails where the page shows an exception, the script ends otherwise than well,
or no end comes within the patience. Memory is the resident set of the server and of what it started.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

VISITS = (1, 10, 25, 50)
STEPS = 8
# Seconds between a step's end and the next, as one who reads takes; each visit draws its own.
PAUSE = (1.0, 4.0)
# Seconds after which a step has failed.
PATIENCE = 60.0
FOCUSES = ("RUS", "ISR", "USA", "CHN", "UKR", "IRN")
COUNTRIES = ("DEU", "TUR", "IND", "SAU", "FRA", "GBR", "EGY", "JPN", "POL", "BRA")
LARGEST = 2**26


@dataclass(slots=True)
class Run:
    """What a number of visits measured: seconds of each first page and each step, and what failed."""

    visits: int
    first: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    memory: int = 0


def draw_query(luck: random.Random) -> str:
    """Return the address of a view that a reader might look at next."""
    day = f"{luck.randint(2004, 2026)}-{luck.randint(1, 11):02d}-{luck.randint(1, 28):02d}"
    focus = luck.choice(FOCUSES)
    return luck.choice(
        [
            f"focus={focus}&country={luck.choice(COUNTRIES)}",
            f"focus={focus}&as_of={day}",
            f"focus={focus}",
        ]
    )


async def run_page(socket: ClientConnection, query: str) -> str | None:
    """Ask for a run of the page and read all that it sends; return what was wrong with it."""
    message = BackMsg()
    message.rerun_script.query_string = query
    await socket.send(message.SerializeToString())
    wrong = None
    async for received in socket:
        told = ForwardMsg()
        told.ParseFromString(received)
        kind = told.WhichOneof("type")
        if kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
            wrong = told.delta.new_element.exception.message
        elif kind == "script_finished":
            if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                # A run that another request ends early, or one of a part, is followed by the run asked for.
                if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                wrong = ForwardMsg.ScriptFinishedStatus.Name(told.script_finished)
            return wrong
    return "the server closed the connection"


async def visit(address: str, number: int, run: Run) -> None:
    """Open the page and take the steps of one visit."""
    luck = random.Random(number)
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    try:
        async with connect(
            stream, subprotocols=[Subprotocol("streamlit")], max_size=LARGEST
        ) as socket:
            for step in range(STEPS + 1):
                start = time.perf_counter()
                wrong = await asyncio.wait_for(run_page(socket, draw_query(luck)), PATIENCE)
                taken = time.perf_counter() - start
                (run.steps if step else run.first).append(taken)
                if wrong:
                    run.failed.append(wrong)
                await asyncio.sleep(luck.uniform(*PAUSE))
    except (OSError, TimeoutError, WebSocketException) as error:
        run.failed.append(f"{type(error).__name__}: {error}")


async def run_visits(address: str, number: int) -> Run:
    """Return what so many visits at the same time measured."""
    run = Run(number)
    await asyncio.gather(*(visit(address, one, run) for one in range(number)))
    return run


def measure_memory(process: int) -> int:
    """Return the resident bytes of all that a process started, as the server is."""
    parents: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(place.parent.name))
    held, waiting = 0, list(parents.get(process, []))
    while waiting:
        one = waiting.pop()
        waiting += parents.get(one, [])
        try:
            held += int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
    return held * os.sysconf("SC_PAGE_SIZE")


def write_row(run: Run) -> str:
    """Return what a number of visits measured as a row of the table."""
    cells = [
        np.percentile(times or [np.nan], share)
        for times, share in (
            (run.first, 50),
            (run.first, 95),
            (run.steps, 50),
            (run.steps, 95),
            (run.steps, 100),
        )
    ]
    told = " | ".join(f"{1000 * seconds:,.0f} ms" for seconds in cells)
    return f"| {run.visits} | {told} | {len(run.failed)} | {run.memory / 1e6:,.0f} |"


def main(argv: Sequence[str]) -> int:
    """Print a row for each number of visits; return 1 where a step failed."""
    from tests.browser.serving import serve_app

    parser = argparse.ArgumentParser(description=main.__doc__)
    add = parser.add_argument
    add("store", type=Path, nargs="?", help="the folder of the store; an empty one without")
    add("--visits", type=int, nargs="+", default=VISITS, help="how many visits at the same time")
    arguments = parser.parse_args(argv)
    os.environ["ENTENTE_REFRESH"] = "off"
    print("| visits | first page p50 | p95 | step p50 | p95 | worst | failed | MB |")
    print("| --: | --: | --: | --: | --: | --: | --: | --: |")
    runs = []
    with ExitStack() as stack:
        store = (
            arguments.store or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "store"
        )
        address = stack.enter_context(serve_app(store))
        # The first visit of all loads what the others find loaded.
        asyncio.run(run_visits(address, 1))
        for number in arguments.visits:
            run = asyncio.run(run_visits(address, number))
            run.memory = measure_memory(os.getpid())
            runs.append(run)
            print(write_row(run), flush=True)
    wrongs = sorted({wrong for run in runs for wrong in run.failed})
    print(*wrongs, sep="\n", file=sys.stderr)
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
