"""Child: a function of foreign bytes, run in a process of its own that may be killed.

Bytes from outside can be built to take all time or memory. The child has limits on both, and what it
finds comes back as plain values of JSON, so that a parser that was taken over says nothing but that.
"""

import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from geo.errors import ArticleError
from geo.paths import ROOT

# Seconds of computing: a page of 2 MB takes about one, and the child's import one more. On a busy machine
# they pass slowly, so what has not ended is killed by the clock later.
SECONDS = 10
PATIENCE = 30
# Address space of the child: trafilatura and lxml need about 250 MB with a large page.
BYTES = 600_000_000
# Characters of JSON that come back; the text of the longest novel has 3 million.
LARGEST_RESULT = 40_000_000
# One child for all who ask, so that five visitors take no more memory than one; who waits longer than
# this is told so.
LONGEST_WAIT = 60
TOO_LONG = "It takes too long to read. Paste the article's text instead."
TOO_LARGE = "It takes too much memory to read. Paste the article's text instead."
DAMAGED = "It cannot be read; it is damaged. Paste the article's text instead."
_TURN = BoundedSemaphore(1)


def read_apart(parse: Callable[..., Any], source: bytes, **told: str) -> Any:
    """Return what ``parse(source, **told)`` returns in a child: values that JSON knows.

    ``parse`` is a function at the top of a module, and what it needs beside the bytes is ``told``. Raises
    :class:`ArticleError` with its message where ``parse`` does, and with what to do where the
    child computes longer than :data:`SECONDS`, needs more memory than :data:`BYTES` or fails, or
    where others keep it busy for :data:`LONGEST_WAIT` seconds.
    """
    if not _TURN.acquire(timeout=LONGEST_WAIT):
        msg = "Too many files are being read at the moment. Try again in a minute."
        raise ArticleError(msg)
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            [
                *(sys.executable, "-m", "geo.reading.child"),
                *(f"{parse.__module__}:{parse.__qualname__}", str(SECONDS), str(BYTES)),
                json.dumps(told),
            ],
            input=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
            # Python looks for modules in the folder where it runs before any other.
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired as error:
        raise ArticleError(TOO_LONG) from error
    finally:
        _TURN.release()
    if done.returncode == -getattr(signal, "SIGXCPU", 0):
        raise ArticleError(TOO_LONG)
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        # Ended by what the bytes did to the parser, or by a system that is out of memory.
        raise ArticleError(DAMAGED) from error
    if "error" in found:
        raise ArticleError(found["error"])
    return found["result"]


def main() -> int:
    """Run the function that the arguments name on standard input, and print its result as JSON."""
    name, seconds, most, told = sys.argv[1:]
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(most), int(most)))
        # The second limit kills a parser that has taken the first one's signal for itself.
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What a parser prints is no result.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # The caller has imported the function and told its name, so this is no import of its own choice.
    parse: Callable[..., Any] = pkgutil.resolve_name(name)
    try:
        found = {"result": parse(sys.stdin.buffer.read(), **json.loads(told))}
    except ArticleError as error:
        found = {"error": str(error)}
    except MemoryError:
        found = {"error": TOO_LARGE}
    except Exception:  # noqa: BLE001 - whatever a parser raises on foreign bytes
        found = {"error": DAMAGED}
    printed = json.dumps(found)
    if len(printed) > LARGEST_RESULT:
        msg = (
            f"It holds more than {LARGEST_RESULT:,} characters. Paste the part that you want read."
        )
        printed = json.dumps({"error": msg})
    out.write(printed)
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
