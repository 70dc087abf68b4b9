"""Gold: articles with labels, as records, and the files that were written for testing.

A file has three parts between lines of ``---``: a head of ``field: value`` lines, the text with
each country mention marked as ``{CODE:words}``, and the labels, one a line::

    NOR = SWE | ties COOPERATE asserted | signed a fishing pact with Sweden
    SAU > ISR | refuses REJECT asserted | will not recognize Israel | condition: until it acts
    accord: Harbor Treaty | NOR member asserted | signed the Harbor Treaty

The words of a label occur once in the text and lie in the sentence that says it. ``{-CODE:words}`` is a
name inside another name, ``{~CODE:words}`` stands for a country named elsewhere. A label with ``stretch``
is optional: it goes beyond plain reading. A file whose head has ``text: PATH`` labels that file of the
project instead, and then has no marks. One whose head has ``countries: CODE CODE`` has no third part: only
the countries that its title and text name are scored.

A table (``.tsv``) holds single sentences, each with all that it says as ``NOR=SWE ties COOPERATE
asserted; SAU>ISR refuses REJECT asserted``, or with nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geo.errors import DataError
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import ROOT
from geo.records import (
    Article,
    CountryCode,
    DateBasis,
    Event,
    Modality,
    Pair,
    Place,
    Span,
    State,
    pair_of,
)
from geo.tables import read_table

GOLD = ROOT / "tests" / "gold"
# The sets that are scored, and those that serve training alone.
SETS = ("seed", "sealed", "quiet", "local")
TRAINING = ("wide", "sentences", "varied", "entangled", "fresh")
# Scored only: nobody reads what is wrong in it to write a rule.
SEALED = "sealed"
_MARK = re.compile(r"\{([-~]?)([A-Z+]+):([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedMention:
    """One mention that a gold file marks."""

    country: CountryCode
    span: Span
    counted: bool
    coreference: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLabel:
    """One relation that gold labels; ``span`` is where the words or the sentence that say it stand.

    An ``optional`` label is neither asked for nor held against. The spans of the two countries are
    where the words that stand for them are, ``None`` where there are none.
    """

    actor: CountryCode
    recipient: CountryCode
    directed: bool
    state: State
    event: Event
    modality: Modality
    span: Span
    condition: str | None = None
    accord: str | None = None
    optional: bool = False
    actor_span: Span | None = None
    recipient_span: Span | None = None

    @property
    def pair(self) -> Pair:
        """The two countries."""
        return pair_of(self.actor, self.recipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabel:
    """One place in an accord that a gold file labels."""

    accord: str
    country: CountryCode
    place: Place
    modality: Modality
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """An article with its labels.

    ``countries`` are those that it names where they are labeled as a set; the optional ones stand in
    the name of a company, a town or the like. A ``blind`` article is scored only.
    """

    article: Article
    mentions: tuple[MarkedMention, ...] = ()
    relations: tuple[RelationLabel, ...] = ()
    places: tuple[PlaceLabel, ...] = ()
    countries: frozenset[CountryCode] | None = None
    optional_countries: frozenset[CountryCode] = frozenset()
    blind: bool = False


def list_gold(folder: Path, name: str) -> list[Path]:
    """Return the gold files of a set: ``NAME.txt`` or those of the folder ``NAME``, in order."""
    single = folder / f"{name}.txt"
    return [single] if single.is_file() else sorted((folder / name).glob("*.t*"))


def read_set(folder: Path, name: str) -> list[GoldArticle]:
    """Return the articles of a set; none where it has no files."""
    return [gold for path in list_gold(folder, name) for gold in read_golds(path)]


def read_golds(path: Path) -> Iterator[GoldArticle]:
    """Yield the articles of one gold file: one of a ``.txt``, each row of a ``.tsv``.

    Raises :class:`DataError` with file and line where it breaks the form.
    """
    if path.suffix == ".tsv":
        yield from _read_sentences(path)
    else:
        yield read_gold(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LabeledSentence:
    sentence: str
    expected: str = ""


def _read_sentences(path: Path) -> Iterator[GoldArticle]:
    for number, row in enumerate(read_table(path, _LabeledSentence), start=2):
        labels = [label.strip() for label in row.expected.split(";") if label.strip()]
        try:
            relations = [read_stated(label, row.sentence) for label in labels]
        except (ValueError, KeyError) as error:
            msg = f"{path.name} line {number}, column expected: {error}"
            raise DataError(msg) from error
        article = Article(id=f"{path.stem}:{number}", text=row.sentence)
        yield GoldArticle(article=article, relations=tuple(relations))


def read_stated(label: str, text: str) -> RelationLabel:
    """Return what a sentence says as labeled by ``NOR=SWE ties COOPERATE asserted``."""
    who, state, event, modality = label.split()
    return RelationLabel(
        actor=find_code(who[:3]),
        recipient=find_code(who[4:]),
        directed={">": True, "=": False}[who[3]],
        state=State(state),
        event=Event(event),
        modality=Modality(modality),
        span=(0, len(text)),
    )


def read_gold(path: Path) -> GoldArticle:
    """Read one gold file; raises :class:`DataError` with file and line where it breaks the form."""
    parts = path.read_text(encoding="utf-8").split("\n---\n")
    head = dict(line.split(":", 1) for line in parts[0].splitlines() if line.strip())
    head = {name: value.strip() for name, value in head.items()}
    needed = 2 if "countries" in head else 3
    if len(parts) != needed:
        msg = f"{path.name} has {len(parts)} parts between lines of ---; it needs {needed}"
        raise DataError(msg)
    text, mentions = _strip_marks(parts[1])
    countries = None
    if "countries" in head:
        parts.append("")
        text = f"{head['title']}\n\n{text}"
        countries = frozenset(find_code(code) for code in head["countries"].split())
    if "text" in head:
        text = (ROOT / head["text"]).read_bytes().decode("utf-8")
    relations: list[RelationLabel] = []
    places: list[PlaceLabel] = []
    for line in filter(str.strip, parts[2].splitlines()):
        try:
            if line.startswith("accord: "):
                places.append(_read_place(line, text))
            else:
                relations.append(_read_relation(line, text))
        except (ValueError, KeyError, IndexError) as error:
            msg = f"{path.name}: {line}: {error}"
            raise DataError(msg) from error
    article = Article(
        id=head.get("id", path.stem),
        text=text,
        title=head.get("title"),
        publisher=head.get("publisher"),
        date_published=date.fromisoformat(head["date"]) if "date" in head else None,
        date_basis=DateBasis.STATED,
    )
    return GoldArticle(
        article=article,
        mentions=tuple(mentions),
        relations=tuple(relations),
        places=tuple(places),
        countries=countries,
    )


def _strip_marks(marked: str) -> tuple[str, list[MarkedMention]]:
    pieces: list[str] = []
    mentions: list[MarkedMention] = []
    at = length = 0
    for mark in _MARK.finditer(marked):
        before = marked[at : mark.start()]
        sign, codes, words = mark.groups()
        start = length + len(before)
        length = start + len(words)
        pieces.extend((before, words))
        mentions.extend(
            MarkedMention(
                country=CountryCode(code),
                span=(start, length),
                counted=sign != "-",
                coreference=sign == "~",
            )
            for code in codes.split("+")
        )
        at = mark.end()
    return "".join((*pieces, marked[at:])), mentions


def _find_words(words: str, text: str) -> Span:
    count = text.count(words)
    if count != 1:
        msg = f"the words occur {count} times"
        raise ValueError(msg)
    start = text.index(words)
    return start, start + len(words)


def _read_relation(line: str, text: str) -> RelationLabel:
    who, what, words, *more = (part.strip() for part in line.split(" | "))
    actor, sign, recipient = who.split()
    state, event, modality = what.split()
    extra = dict(part.partition(": ")[::2] for part in more)
    return RelationLabel(
        actor=find_code(actor),
        recipient=find_code(recipient),
        directed={">": True, "=": False}[sign],
        state=State(state),
        event=Event(event),
        modality=Modality(modality),
        span=_find_words(words, text),
        condition=extra.get("condition"),
        optional="stretch" in extra,
    )


def _read_place(line: str, text: str) -> PlaceLabel:
    accord, what, words = (part.strip() for part in line.removeprefix("accord: ").split(" | "))
    country, place, modality = what.split()
    return PlaceLabel(
        accord=accord,
        country=find_code(country),
        place=Place(place),
        modality=Modality(modality),
        span=_find_words(words, text),
    )


def find_code(code: str) -> CountryCode:
    """Return a country's code; raises ``ValueError`` where the gazetteer does not hold it."""
    if code not in load_gazetteer().countries:
        msg = f"{code} is no country code"
        raise ValueError(msg)
    return CountryCode(code)
