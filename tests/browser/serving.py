"""Serve a Streamlit script on a free port of this machine, for as long as a test needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Seconds that a server may take to answer; it takes two, and a minute where others have the machine.
PATIENCE = 180


@contextmanager
def serve_app(store: Path, script: Path = ROOT / "app.py") -> Iterator[str]:
    """Yield the address of a script that is served, with a folder of the reader's own segments.

    Raises ``RuntimeError`` with what the server printed where it does not start.
    """
    port = find_port()
    address = f"http://localhost:{port}"
    command = [
        sys.executable, "-m", "streamlit", "run", str(script),
        "--server.address", "localhost", "--server.port", str(port), "--server.headless", "true",
    ]  # fmt: skip
    store.mkdir(parents=True, exist_ok=True)
    log = store.parent / f"server-{port}.log"
    with log.open("wb") as sink:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={"ENTENTE_REFRESH": "off", **os.environ, "ENTENTE_STORE": str(store)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for_server(server, address, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def find_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_for_server(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return when the server answers; raises ``RuntimeError`` when it ends or stays silent."""
    last = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < last:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    msg = f"the app does not start:\n{log.read_text(encoding='utf-8', errors='replace')}"
    raise RuntimeError(msg)
