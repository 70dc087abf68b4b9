"""Where the project's data lies, and where a reader's own articles are stored."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IS_CHECKOUT = (_PACKAGE.parent / "pyproject.toml").is_file()
# The folder of data/ and static/: in a checkout beside the package, in an installed copy the package.
ROOT = _PACKAGE.parent if _IS_CHECKOUT else _PACKAGE
DATA = ROOT / "data"
SEEDS = ROOT / "seeds"
STATIC = ROOT / "static"
SEED_SEGMENTS = SEEDS / "segments"
# What a workflow of a fork has read and committed.
NEWS_SEGMENTS = ROOT / "news" / "segments"


def find_store() -> Path:
    """Return the folder of the reader's own segments: ``ENTENTE_STORE``, or ``store/`` in the project.

    An installed copy has no project; there it is ``store/`` in the folder where the command runs.
    """
    project = ROOT if _IS_CHECKOUT else Path.cwd()
    return Path(os.environ.get("ENTENTE_STORE") or project / "store")


def find_published() -> Path:
    """Return the folder of the documents for programs: ``ENTENTE_OUT``, or one that the app serves."""
    return Path(os.environ.get("ENTENTE_OUT") or STATIC / "out")
