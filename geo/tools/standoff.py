"""Labels of real text, most of them apart from the text, which is not the project's to spread.

The files in ``tests/gold/real/`` hold a document a line: where its text is, the hash of what was labeled
of it, and the labels by offset. The texts are in a folder of corpora beside the project, a packed file
each; a text whose hash is another one is refused. Labels with their texts beside them, as the shared gold
has them, become the same records.

``python -m geo.tools.standoff`` proves that labels fit their texts, and counts them.
"""

import argparse
import hashlib
import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import DataError, EntenteError
from geo.paths import ROOT
from geo.records import Article, CountryCode, DateBasis, Event, Modality, Span, State
from geo.tools.documents import score_agreement
from geo.tools.gold import GOLD, GoldArticle, RelationLabel, find_code
from geo.tools.scores import Tally

REAL = GOLD / "real"
# The files of documents that were read once, and the second readings of a tenth of them.
NAMES = ("items", "sentences", "articles")
SECOND = "second"
# What lies beside the project on the machine of who develops it.
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"
SHARED_REAL = SHARED / "gold" / "real"
SHARED_NAMES = ("items_train", "items_dev", "articles_dev")
# A document is there to be fitted to, or blind: scored only, and its errors are read by nobody.
PARTS = ("fit", "blind")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standoff:
    """The labels of one document: of the first ``end_char`` characters of its text in ``source``."""

    id: str
    source: str
    sha256: str
    end_char: int
    blind: bool
    countries: frozenset[CountryCode]
    optional_countries: frozenset[CountryCode]
    relations: tuple[RelationLabel, ...]

    def join(self, record: Mapping[str, Any]) -> GoldArticle:
        """Return the labels with the text of a corpus; raises :class:`DataError` where it is another."""
        text = str(record["text"])[: self.end_char]
        if hashlib.sha256(text.encode("utf-8")).hexdigest() != self.sha256:
            msg = f"{self.source}: the text of {self.id} is not the one that was labeled"
            raise DataError(msg)
        return GoldArticle(
            article=_make_article(record, text),
            relations=self.relations,
            countries=self.countries,
            optional_countries=self.optional_countries,
            blind=self.blind,
        )


def read_standoffs(path: Path) -> list[Standoff]:
    """Read one file of labels without texts; raises :class:`DataError` with file and line."""
    return _read_lines(path, _read_standoff)


def read_real(
    corpus: Path = CORPUS,
    names: Iterable[str] = NAMES,
    *,
    folder: Path = REAL,
    blind: bool | None = None,
) -> list[GoldArticle]:
    """Return the documents of label files with their texts; ``blind`` asks for those that are or are not."""
    standoffs = [
        standoff
        for name in names
        for standoff in read_standoffs(folder / f"{name}.jsonl")
        if blind is None or standoff.blind is blind
    ]
    records: dict[tuple[str, str], Mapping[str, Any]] = {}
    for source in sorted({standoff.source for standoff in standoffs}):
        wanted = {standoff.id for standoff in standoffs if standoff.source == source}
        with lzma.open(corpus / f"{source}.jsonl.xz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if record["id"] in wanted:
                    records[source, record["id"]] = record
    missing = [one.id for one in standoffs if (one.source, one.id) not in records]
    if missing:
        msg = f"{corpus} has no text of {', '.join(missing[:5])}: {len(missing)} in all"
        raise DataError(msg)
    return [standoff.join(records[standoff.source, standoff.id]) for standoff in standoffs]


def read_labeled(path: Path) -> list[GoldArticle]:
    """Read a file of labels with their texts, as the shared gold has them.

    A label of the headline, which the text does not hold, has the empty span at the start. Raises
    :class:`DataError` with file and line.
    """
    return _read_lines(path, _read_labeled)


def _read_lines(path: Path, read: Callable[[dict[str, Any]], T]) -> list[T]:
    """Return what each line of a file holds; no document is there twice."""
    rows: list[T] = []
    known: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            fields = json.loads(line)
            rows.append(read(fields))
            _demand(fields["id"] not in known, "the document is there twice")
            known.add(fields["id"])
        except KeyError as error:
            msg = f"{path.name} line {number}: there is no field {error}"
            raise DataError(msg) from error
        except (ValueError, TypeError) as error:
            msg = f"{path.name} line {number}: {error}"
            raise DataError(msg) from error
    return rows


def _read_standoff(fields: dict[str, Any]) -> Standoff:
    end, named = fields["end_char"], _read_countries(fields)
    _demand(re.fullmatch(r"\w+", fields["source"]) is not None, "the source is no file's name")
    _demand(re.fullmatch(r"[0-9a-f]{64}", fields["sha256"]) is not None, "sha256 is no hash")
    _demand(fields["part"] in PARTS, f"{fields['part']} is no part")
    relations = []
    for label in fields["relations"]:
        span = _read_span((label["start_char"], label["end_char"]), (0, end))
        parties = (label["actor_span"], label["recipient_span"])
        places = [None if party is None else _read_span(party, span) for party in parties]
        relations.append(_read_relation(label, span, places))
    return Standoff(
        id=fields["id"],
        source=fields["source"],
        sha256=fields["sha256"],
        end_char=end,
        blind=fields["part"] == "blind",
        countries=named[0],
        optional_countries=named[1],
        relations=_check_relations(relations, named),
    )


def _read_labeled(fields: dict[str, Any]) -> GoldArticle:
    text, named = fields["text"], _read_countries(fields)
    relations = []
    for label in fields["relations"]:
        headline = label.get("in") == "title"
        told = fields["title"] if headline else text
        span = _read_span((label["start_char"], label["end_char"]), (0, len(told)))
        _demand(told[slice(*span)] == label["quote"], f"the quote is not at {span}")
        places = _place_parties(label["actor_words"], label["recipient_words"], told, span)
        if headline:
            span, places = (0, 0), (None, None)
        relations.append(_read_relation(label, span, places))
    return GoldArticle(
        article=_make_article(fields, text),
        relations=_check_relations(relations, named),
        countries=named[0],
        optional_countries=named[1],
    )


def _make_article(record: Mapping[str, Any], text: str) -> Article:
    day = record.get("date_published")
    return Article(
        id=record["id"],
        text=text,
        title=record.get("title") or None,
        publisher=record.get("publisher") or None,
        date_published=date.fromisoformat(day) if day else None,
        date_basis=DateBasis.STATED if day else DateBasis.UNKNOWN,
        topics=tuple(record.get("topics") or ()),
    )


Named = tuple[frozenset[CountryCode], frozenset[CountryCode]]


def _read_countries(fields: Mapping[str, Any]) -> Named:
    named, optional = (
        frozenset(find_code(code) for code in fields[name])
        for name in ("countries", "optional_countries")
    )
    return named, optional


def _read_relation(
    fields: Mapping[str, Any], span: Span, places: Sequence[Span | None]
) -> RelationLabel:
    flags = fields["directed"], fields["optional"]
    _demand(
        all(isinstance(flag, bool) for flag in flags), "directed and optional are true or false"
    )
    return RelationLabel(
        actor=find_code(fields["actor"]),
        recipient=find_code(fields["recipient"]),
        directed=flags[0],
        state=State(fields["state"]),
        event=Event(fields["event"]),
        modality=Modality(fields["modality"]),
        span=span,
        condition=fields["condition"],
        accord=fields["accord"],
        optional=flags[1],
        actor_span=places[0],
        recipient_span=places[1],
    )


def _check_relations(relations: list[RelationLabel], named: Named) -> tuple[RelationLabel, ...]:
    for label in relations:
        _demand(label.actor != label.recipient, f"{label.actor} stands toward itself")
        _demand({label.actor, label.recipient} <= named[0] | named[1], "a country is not listed")
    return tuple(relations)


def _read_span(given: Sequence[Any], outer: Span) -> Span:
    """Return two offsets as a span that is in order, not empty, and inside another."""
    start, end = given
    right = isinstance(start, int) and isinstance(end, int) and outer[0] <= start < end <= outer[1]
    _demand(right, f"{start} to {end} is no stretch of {outer[0]} to {outer[1]}")
    return start, end


def _place_parties(
    actor: str | None, recipient: str | None, text: str, span: Span
) -> tuple[Span | None, Span | None]:
    """Return where the words of two parties stand in a sentence: as near to one another as can be."""
    return min(
        product(_list_places(actor, text, span), _list_places(recipient, text, span)),
        key=lambda places: _measure_gap(*places),
    )


def _measure_gap(one: Span | None, other: Span | None) -> tuple[bool, int]:
    if one is None or other is None:
        return False, 0
    gap = max(one[0], other[0]) - min(one[1], other[1])
    # Where both parties have the same words ("the two countries"), they share a place.
    return gap < 0, abs(gap)


def _list_places(words: str | None, text: str, span: Span) -> list[Span | None]:
    """Return where words stand in a sentence, as whole words where they do so; ``None`` for no words."""
    if words is None:
        return [None]
    for pattern in (rf"(?<!\w){re.escape(words)}(?!\w)", re.escape(words)):
        found: list[Span | None] = [
            (span[0] + place.start(), span[0] + place.end())
            for place in re.finditer(pattern, text[slice(*span)])
        ]
        if found:
            return found
    msg = f"“{words}” is not in the quote"
    raise ValueError(msg)


def _demand(right: bool, message: str) -> None:  # noqa: FBT001 - an assertion
    if not right:
        raise ValueError(message)


# The check -----------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Prove that labels fit their texts, and count them; return 2 where one does not."""
    parser = argparse.ArgumentParser(prog="python -m geo.tools.standoff", description=main.__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of the texts")
    parser.add_argument("--real", type=Path, default=SHARED_REAL, help="labels with their texts")
    arguments = parser.parse_args(argv)
    try:
        for name in (*NAMES, SECOND):
            print(count_labels(name, check_words(read_real(arguments.corpus, [name]))))
        for name in SHARED_NAMES:
            print(count_labels(name, check_words(read_labeled(arguments.real / f"{name}.jsonl"))))
        for measure, tally in measure_agreement().items():
            print(f"two readers agree on {measure}: F1 {tally.f1:.3f}")
    except (EntenteError, OSError, lzma.LZMAError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def check_words(golds: list[GoldArticle]) -> list[GoldArticle]:
    """Return documents as given; raises :class:`DataError` where the words of a label are cut off."""
    for gold in golds:
        text = gold.article.text
        for label in gold.relations:
            for span in filter(None, (label.span, label.actor_span, label.recipient_span)):
                words = text[slice(*span)]
                if words != words.strip() or (span[1] and not words):
                    msg = f"{gold.article.id}: the label at {span} has “{words}”"
                    raise DataError(msg)
    return golds


def count_labels(name: str, golds: Sequence[GoldArticle]) -> str:
    """Return how many documents, relations and labels of each state there are, as a line."""
    labels = [label for gold in golds for label in gold.relations]
    states = Counter(label.state for label in labels)
    told = ", ".join(f"{state.value} {states[state]}" for state in State)
    optional = sum(label.optional for label in labels)
    return f"{name}: {len(golds)} documents, {len(labels)} relations ({optional} optional): {told}"


def measure_agreement(folder: Path = REAL) -> Mapping[str, Tally]:
    """Return how far two readers of the same documents agree, by measure."""
    once = {
        standoff.id: standoff
        for name in NAMES
        for standoff in read_standoffs(folder / f"{name}.jsonl")
    }
    twice = read_standoffs(folder / f"{SECOND}.jsonl")
    return score_agreement((once[other.id].relations, other.relations) for other in twice).tallies


if __name__ == "__main__":
    sys.exit(main())
