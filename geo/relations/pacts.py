"""The named pacts that a text speaks of: those of a table, and those whose name says what they are."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo.errors import DataError
from geo.paths import DATA
from geo.records import CountryCode, Place, Span

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pact:
    """Hold one pact of the table; ``hub`` is the one party that every other signs with."""

    name: str
    pattern: re.Pattern[str]
    hub: CountryCode | None


@lru_cache(maxsize=1)
def load_pacts(folder: Path = DATA / "relations") -> tuple[Pact, ...]:
    """Read the table of pacts; raises :class:`DataError` on a pattern that does not compile."""
    pacts = []
    with (folder / "accords.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            try:
                pattern = re.compile(rf"\b(?:{row['pattern']})\b")
            except re.error as error:
                msg = f"data/relations/accords.tsv, {row['accord']}: {error}"
                raise DataError(msg) from error
            hub = CountryCode(row["hub"]) if row["hub"] else None
            pacts.append(Pact(name=row["accord"], pattern=pattern, hub=hub))
    return tuple(pacts)


@lru_cache(maxsize=1)
def _compile_any() -> re.Pattern[str]:
    """Return one pattern for all pacts of the table, so that most sentences are searched once."""
    return re.compile("|".join(pact.pattern.pattern for pact in load_pacts()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PactCue:
    """Hold one row of ``accord_cues.tsv``: where the pact stands around a head, and whose place it tells.

    ``pact`` and ``party`` hold ``subj``, ``obj``, ``holder`` and the like, or prepositions.
    """

    pos: str
    pact: frozenset[str]
    party: frozenset[str]
    place: Place
    confidence: float
    example: str
    expected: str


@lru_cache(maxsize=1)
def load_pact_cues(
    folder: Path = DATA / "relations",
) -> Mapping[tuple[str, str], tuple[PactCue, ...]]:
    """Read the cues of places by head lemma and part of speech; raises :class:`DataError` on a bad row."""
    found: dict[tuple[str, str], tuple[PactCue, ...]] = {}
    with (folder / "accord_cues.tsv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(reader, start=2):
            try:
                cue = PactCue(
                    pos=row["pos"],
                    pact=frozenset(row["pact"].split(",")),
                    party=frozenset(row["party"].split(",")),
                    place=Place(row["place"]),
                    confidence=float(row["confidence"]),
                    example=row["example"],
                    expected=row["expected"],
                )
            except (KeyError, ValueError) as error:
                msg = f"data/relations/accord_cues.tsv line {number}: {error}"
                raise DataError(msg) from error
            for head in row["head"].split("|"):
                key = head, cue.pos
                found[key] = (*found.get(key, ()), cue)
    return found


def find_hub(accord: str) -> CountryCode | None:
    """Return the party that every other party of a pact signs with, if there is such a one."""
    return next((pact.hub for pact in load_pacts() if pact.name == accord), None)


def find_pacts(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the name of each pact that a sentence names and the slice where it stands, in order."""
    found: list[tuple[str, Span]] = []
    for pact in load_pacts() if _compile_any().search(text) else ():
        found.extend((pact.name, match.span()) for match in pact.pattern.finditer(text))
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
    yield from sorted(found, key=lambda each: each[1])
