"""Where the project's data lies, and where a reader's own articles are stored."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SEEDS = ROOT / "seeds"
STATIC = ROOT / "static"
SEED_SEGMENTS = SEEDS / "segments"


def find_store() -> Path:
    """Return the folder of the reader's own segments: ``ENTENTE_STORE``, or ``store/`` in the project."""
    return Path(os.environ.get("ENTENTE_STORE") or ROOT / "store")
