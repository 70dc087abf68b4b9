"""Manifests: what the file ``manifest.json`` of a folder or archive tells of the files beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.errors import ArticleError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is told of files by their names; a broken one tells its ``fault`` when it is asked."""

    named: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fault: str | None = None

    def find_fields(self, name: str) -> Mapping[str, Any]:
        """Return what is told of a file; raises :class:`ArticleError` where the manifest is broken."""
        if self.fault:
            raise ArticleError(self.fault)
        # What an article says is in its file, and never in the manifest.
        return {**self.named.get(name, {}), "text": None}


def read_manifest(source: bytes, name: str) -> Manifest:
    """Return the manifest in the bytes of a file of that name."""
    try:
        entries = json.loads(source.decode())["articles"]
        return Manifest({str(entry["file"]): entry for entry in entries})
    except (ValueError, KeyError, TypeError, RecursionError):
        fault = (
            f"{name} is no manifest: it must be a JSON object with a list “articles”, "
            "each with the name of its “file”."
        )
        return Manifest(fault=fault)
