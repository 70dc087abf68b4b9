"""The named pacts that a text speaks of: those of a table, and those whose name says what they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from geo.paths import DATA
from geo.records import Span
from geo.tables import Pattern, read_table

# A capitalized run that ends in the word for a pact, or "Treaty of" and what it is on.
_NAMED = re.compile(
    r"\b(?:[A-Z][\w'’.-]{1,30} (?:(?:of|for|on|and) )?){1,6}"
    r"(?:Accords?|Treaty|Pact|Protocol|Convention|Agreement|Framework|Initiative|Declaration|Charter)\b"
    r"|\b(?:[A-Z][\w'’-]{1,30} )?(?:Treaty|Agreement|Pact|Convention|Protocol|Charter)"
    r" (?:of|on|for) (?:the )?[A-Z]\w{2,30}(?:,? (?:and |of |on |the ){0,2}[A-Z]\w{2,30}){0,4}"
)
_FIRST_WORDS = frozenset(
    {"The", "This", "That", "A", "An", "In", "Under", "Both", "Original", "New"}
)


def _bound(cell: str) -> str:
    return rf"\b(?:{cell})\b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pact:
    """A row of ``accords.tsv``: what a pact is called, and how a text may call it."""

    accord: str
    pattern: Annotated[Pattern, BeforeValidator(_bound)]


@lru_cache(maxsize=1)
def load_pacts(folder: Path = DATA / "relations") -> tuple[Pact, ...]:
    """Read the table of pacts; raises :class:`DataError` for a wrong row."""
    return tuple(read_table(folder / "accords.tsv", Pact, key=["accord"]))


@lru_cache(maxsize=1)
def _compile_any() -> re.Pattern[str]:
    """Return one pattern for all pacts of the table, so that most sentences are searched once."""
    return re.compile("|".join(pact.pattern.pattern for pact in load_pacts()))


def find_pacts(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the name of each pact that a sentence names and the slice where it stands, in order."""
    found: list[tuple[str, Span]] = []
    for pact in load_pacts() if _compile_any().search(text) else ():
        found.extend((pact.accord, match.span()) for match in pact.pattern.finditer(text))
    for match in _NAMED.finditer(text):
        start, end = match.span()
        if any(begin < end and start < stop for _, (begin, stop) in found):
            continue
        words = match.group().split()
        while words and words[0] in _FIRST_WORDS:
            start += len(words[0]) + 1
            words = words[1:]
        if len(words) > 1:
            found.append((" ".join(words), (start, end)))
    yield from sorted(found, key=lambda named: named[1])
