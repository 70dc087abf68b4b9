"""Templates: what a reader sees where a page of the encyclopedia uses one in a sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from geo.paths import DATA
from geo.records import Citation
from geo.tables import read_table

# The fields that name who published what a citation cites, the plainest first.
_OUTLETS = ("publisher", "work", "newspaper", "website", "agency", "magazine", "journal", "title")
_FIELD = re.compile(r"\{([a-z0-9]+)\}")
_JOINING = {
    "-": "–",
    "–": "–",
    "to": " to ",
    "and": " and ",
    "or": " or ",
    "x": " × ",
    "by": " by ",
}
LONGEST_NAME, LONGEST_URL = 200, 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A row of the table of templates: its name and what it shows, with places for its values."""

    name: str
    shows: str | None = None


@lru_cache(maxsize=1)
def load_templates() -> Mapping[str, str]:
    """Return what each known template shows, by its name in small letters."""
    rows = read_table(DATA / "sources" / "templates.csv", Shown, key=("name",))
    return {row.name: row.shows or "" for row in rows}


def show_template(name: str, values: Mapping[str, str]) -> str | Citation:
    """Return the words that a template shows, or the outlet that it cites.

    ``values`` are its arguments by name or place. One that the table does not know shows its first value,
    which is what most that format words do.
    """
    known = " ".join(name.replace("_", " ").split()).lower()
    if known.startswith(("cite ", "citation")) and known != "citation needed":
        return _read_citation(values)
    if known in {"convert", "cvt"}:
        return _show_measure(values)
    form = load_templates().get(known, "{1}")
    return _FIELD.sub(lambda place: values.get(place[1], ""), form).strip("\n")


def _read_citation(values: Mapping[str, str]) -> Citation:
    url = values.get("url", "")
    host = urlsplit(url).hostname if url.startswith(("http://", "https://")) else None
    named = next((values[name] for name in _OUTLETS if values.get(name)), host or "link")
    return Citation(
        name=named[:LONGEST_NAME], url=url if host and len(url) <= LONGEST_URL else None
    )


def _show_measure(values: Mapping[str, str]) -> str:
    """Return a measure as it is given, as ``10–20 km``; what it comes to in other units is left out."""
    shown = ""
    for place in range(1, 10):
        value = values.get(str(place), "")
        if value in _JOINING:
            shown += _JOINING[value]
        elif value[:1].isdigit() or value[:1] in {"-", "−", "."}:
            shown += value
        else:
            return f"{shown} {value}".strip()
    return shown
