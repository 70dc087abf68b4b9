"""Scores: how well the stages read labeled articles, and whether a score fell below its floor.

A gold file has three parts between lines of ``---``: a head of ``field: value`` lines, the text with
each country mention marked as ``{CODE:words}``, and the labels, one a line::

    NOR = SWE | ties COOPERATE asserted | signed a fishing pact with Sweden
    SAU > ISR | refuses REJECT asserted | will not recognize Israel | condition: until it acts
    accord: Harbor Treaty | NOR member asserted | signed the Harbor Treaty

The words of a label occur once in the text and lie in the sentence that says it. ``{-CODE:words}`` is a
name inside another name, ``{~CODE:words}`` stands for a country named elsewhere. A file whose head has
``text: PATH`` labels that file of the project instead, and then has no marks. One whose head has
``countries: CODE CODE`` has no third part: only the countries that its title and text name are scored.

A table (``.tsv``) holds single sentences, each with all that it says as ``NOR=SWE ties COOPERATE
asserted; SAU>ISR refuses REJECT asserted``, or with nothing.

Predictions and labels match in a sentence where the quote overlaps the words. Direction, modality and
root are shares of the matches of pair and state, as those of PLOVER's evaluations are; where a sentence is
labeled with one state both ways ("A thanked B for its aid"), the label nearest to the prediction counts.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from geo.edition import extract_article
from geo.errors import DataError, EntenteError, UnknownCountry
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import ROOT
from geo.reading.sentences import split_sentences
from geo.records import (
    Article,
    CountryCode,
    DateBasis,
    Event,
    Extraction,
    MentionKind,
    Modality,
    Pair,
    Place,
    Relation,
    Sentence,
    Span,
    State,
    pair_of,
)

GOLD = ROOT / "tests" / "gold"
SETS = (
    *("seed", "building", "wide", "sealed", "quiet", "local"),
    *("sentences", "varied", "entangled", "fresh"),
)
# Scored only: nobody reads what is wrong in it to write a rule.
SEALED = "sealed"
_MARK = re.compile(r"\{([-~]?)([A-Z+]+):([^{}]*)\}")
# PLOVER groups its roots by whether they help or harm, in words or in deeds.
QUADS = {
    **dict.fromkeys((Event.AGREE, Event.CONSULT, Event.SUPPORT), "verbal cooperation"),
    **dict.fromkeys(
        (Event.COOPERATE, Event.AID, Event.CONCEDE, Event.RETREAT), "material cooperation"
    ),
    **dict.fromkeys((Event.REQUEST, Event.ACCUSE, Event.REJECT, Event.THREATEN), "verbal conflict"),
    **dict.fromkeys(
        (Event.PROTEST, Event.SANCTION, Event.MOBILIZE, Event.COERCE, Event.ASSAULT),
        "material conflict",
    ),
}
# Kinds of mention that name a place.
PLACES = frozenset(
    {
        MentionKind.NAME,
        MentionKind.ABBREVIATION,
        MentionKind.FORMER,
        MentionKind.CAPITAL,
        MentionKind.CITY,
    }
)
# Codes in the PLOVER records that are not ISO 3166 alpha-3.
PLOVER_CODES = {"JAP": "JPN", "ITL": "ITA", "VTN": "VNM"}
# Roots of the records' earlier version by what they are called since.
PLOVER_ROOTS = {
    "DEMAND": Event.REQUEST,
    "DISAPPROVE": Event.ACCUSE,
    "INVESTIGATE": Event.ACCUSE,
    "FIGHT": Event.ASSAULT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedMention:
    """Hold one mention that a gold file marks."""

    country: CountryCode
    span: Span
    counted: bool
    coreference: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLabel:
    """Hold one relation that a gold file labels; ``span`` is where its words stand."""

    actor: CountryCode
    recipient: CountryCode
    directed: bool
    state: State
    event: Event
    modality: Modality
    span: Span
    condition: str | None
    stretch: bool

    @property
    def pair(self) -> Pair:
        """Return the two countries."""
        return pair_of(self.actor, self.recipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabel:
    """Hold one place in an accord that a gold file labels."""

    accord: str
    country: CountryCode
    place: Place
    modality: Modality
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """Hold an article with its labels."""

    article: Article
    mentions: tuple[MarkedMention, ...]
    relations: tuple[RelationLabel, ...]
    places: tuple[PlaceLabel, ...]
    countries: frozenset[CountryCode] | None = None


@dataclass(slots=True)
class Tally:
    """Count what was found rightly, found wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: AbstractSet[Hashable], labeled: AbstractSet[Hashable]) -> None:
        """Compare two sets."""
        self.right += len(found & labeled)
        self.wrong += len(found - labeled)
        self.missed += len(labeled - found)

    @property
    def precision(self) -> float:
        """Return the share of the findings that are right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return the share of the labels that were found; 1 where there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(slots=True)
class Scores:
    """Hold the tallies of one set of gold articles, by measure."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    shares: dict[str, Tally] = field(default_factory=dict)

    def tally(self, measure: str) -> Tally:
        """Return the tally of a measure, made at first use."""
        return self.tallies.setdefault(measure, Tally())

    def share(self, measure: str, *, right: bool) -> None:
        """Count one match that is right or wrong in a further respect."""
        held = self.shares.setdefault(measure, Tally())
        held.right += right
        held.wrong += not right

    def list_figures(self) -> Iterator[tuple[str, float]]:
        """Yield each measure with its figure, between 0 and 1."""
        for measure, tally in self.tallies.items():
            yield f"{measure} precision", tally.precision
            yield f"{measure} recall", tally.recall
            yield f"{measure} F1", tally.f1
        for measure, tally in self.shares.items():
            yield measure, tally.precision


# Reading gold ------------------------------------------------------------------------------------


def read_golds(path: Path) -> Iterator[GoldArticle]:
    """Yield the articles of one gold file: one of a ``.txt``, each row of a ``.tsv``.

    Raises :class:`DataError` with file and line where it breaks the form.
    """
    if path.suffix == ".tsv":
        yield from _read_table(path)
    else:
        yield read_gold(path)


def _read_table(path: Path) -> Iterator[GoldArticle]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows, start=2):
            try:
                text = row["sentence"]
                labels = [each.strip() for each in row["expected"].split(";") if each.strip()]
                relations = [read_stated(each, text) for each in labels]
            except (ValueError, KeyError, AttributeError) as error:
                msg = f"{path.name} line {number}: {error}"
                raise DataError(msg) from error
            name = f"{path.stem}:{number}"
            yield GoldArticle(
                article=Article(id=name, text=text),
                mentions=(),
                relations=tuple(relations),
                places=(),
            )


def read_stated(label: str, text: str) -> RelationLabel:
    """Return what a sentence says as labeled by ``NOR=SWE ties COOPERATE asserted``."""
    who, state, event, modality = label.split()
    return RelationLabel(
        actor=_find_code(who[:3]),
        recipient=_find_code(who[4:]),
        directed={">": True, "=": False}[who[3]],
        state=State(state),
        event=Event(event),
        modality=Modality(modality),
        span=(0, len(text)),
        condition=None,
        stretch=False,
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
        countries = frozenset(_find_code(each) for each in head["countries"].split())
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
    who, what, words, *more = (each.strip() for each in line.split(" | "))
    actor, sign, recipient = who.split()
    state, event, modality = what.split()
    extra = dict(each.partition(": ")[::2] for each in more)
    return RelationLabel(
        actor=_find_code(actor),
        recipient=_find_code(recipient),
        directed={">": True, "=": False}[sign],
        state=State(state),
        event=Event(event),
        modality=Modality(modality),
        span=_find_words(words, text),
        condition=extra.get("condition"),
        stretch="stretch" in extra,
    )


def _read_place(line: str, text: str) -> PlaceLabel:
    accord, what, words = (each.strip() for each in line.removeprefix("accord: ").split(" | "))
    country, place, modality = what.split()
    return PlaceLabel(
        accord=accord,
        country=_find_code(country),
        place=Place(place),
        modality=Modality(modality),
        span=_find_words(words, text),
    )


def _find_code(code: str) -> CountryCode:
    if code not in load_gazetteer().countries:
        msg = f"{code} is no country code"
        raise ValueError(msg)
    return CountryCode(code)


# Scoring -----------------------------------------------------------------------------------------


def score_articles(golds: Iterable[GoldArticle]) -> Scores:
    """Return the scores of the stages over labeled articles."""
    scores = Scores()
    for gold in golds:
        extraction = extract_article(gold.article)
        score_mentions(gold, extraction, scores)
        if gold.countries is not None:
            continue
        score_relations(gold, extraction, scores)
        score_places(gold, extraction, scores)
    return scores


def score_mentions(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add an article's mentions: by exact slice and country, and the set of its countries.

    Words that stand for a country named elsewhere are scored apart from its names.
    """
    if gold.countries is not None:
        counted = {each.country for each in extraction.mentions if each.counted}
        scores.tally("countries").add(counted, gold.countries)
        return
    if not gold.mentions:
        return
    apart = {each.span for each in gold.mentions if each.coreference}
    apart |= {
        (each.start_char, each.end_char)
        for each in extraction.mentions
        if each.kind is MentionKind.COREFERENCE
    }
    labeled = {(each.country, each.span) for each in gold.mentions if each.counted}
    found = {
        (each.country, (each.start_char, each.end_char))
        for each in extraction.mentions
        if each.counted
    }
    named = {each for each in found if each[1] not in apart}
    scores.tally("mentions").add(named, {each for each in labeled if each[1] not in apart})
    scores.tally("coreference").add(
        {each for each in found if each[1] in apart}, {each for each in labeled if each[1] in apart}
    )
    scores.tally("countries").add({each for each, _ in found}, {each for each, _ in labeled})


def score_relations(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add an article's relations: pairs and states, in the article and in each sentence.

    A label marked as stretch is credited where it is found and not missed where it is not.
    """
    labels, found = _key_labels(gold, extraction), _key_relations(extraction)
    expected = {
        key
        for key, told in labels.items()
        if key in found or not all(each.stretch for each in told)
    }
    for state in State:
        scores.tally(f"state {state.value}").add(
            {key for key in found if key[2] is state}, {key for key in expected if key[2] is state}
        )
    scores.tally("pair").add({pair for _, pair, _ in found}, {pair for _, pair, _ in expected})
    scores.tally("pair in sentence").add({key[:2] for key in found}, {key[:2] for key in expected})
    scores.tally("pair and state").add({key[1:] for key in found}, {key[1:] for key in expected})
    scores.tally("pair and state in sentence").add(set(found), expected)
    for key in found.keys() & labels.keys():
        relation = found[key]
        label = _find_nearest(labels[key], relation)
        if label.directed:
            scores.share("direction", right=_is_way_right(label, relation))
        scores.share("modality", right=relation.modality is label.modality)
        scores.share("root", right=relation.event is label.event)
    for event in Event:
        scores.tally(f"root {event.value}").add(
            {(key[:2], each.event) for key, each in found.items() if each.event is event},
            {
                (key[:2], event)
                for key in expected
                if any(each.event is event for each in labels[key])
            },
        )
    for relation in extraction.relations:
        quote = relation.quote
        verbatim = gold.article.text[quote.start_char : quote.end_char] == quote.exact
        scores.share("quote validity", right=verbatim)


def score_places(gold: GoldArticle, extraction: Extraction, scores: Scores) -> None:
    """Add an article's places in accords, by country and place."""
    if gold.places or extraction.accords:
        scores.tally("places in accords").add(
            {(each.country, each.place) for each in extraction.accords},
            {(each.country, each.place) for each in gold.places},
        )


Key = tuple[Span, Pair, State]


def _key_labels(gold: GoldArticle, extraction: Extraction) -> dict[Key, list[RelationLabel]]:
    """Return labels by what they are matched by: a sentence may say one state both ways."""
    keyed: dict[Key, list[RelationLabel]] = {}
    for each in gold.relations:
        key = find_sentence(each.span, extraction.sentences), each.pair, each.state
        keyed.setdefault(key, []).append(each)
    return keyed


def _find_nearest(labels: Iterable[RelationLabel], relation: Relation) -> RelationLabel:
    """Return the label that a relation comes nearest to: in direction, then modality, then root."""
    return max(
        labels,
        key=lambda each: (
            _is_way_right(each, relation),
            relation.modality is each.modality,
            relation.event is each.event,
        ),
    )


def _is_way_right(label: RelationLabel, relation: Relation) -> bool:
    if not label.directed:
        return not relation.directed
    return relation.directed and relation.actor == label.actor


def _key_relations(extraction: Extraction) -> dict[Key, Relation]:
    return {
        (
            find_sentence((each.quote.start_char, each.quote.end_char), extraction.sentences),
            each.pair,
            each.state,
        ): each
        for each in extraction.relations
    }


def find_sentence(span: Span, sentences: Iterable[Sentence]) -> Span:
    """Return the sentence that a span lies in, the first where it spans several."""
    start, end = span
    return next(
        (
            (each.start_char, each.end_char)
            for each in sentences
            if each.start_char < end and start < each.end_char
        ),
        span,
    )


def score_plover(path: Path) -> Scores:
    """Return the scores on records in the form of PLOVER's gold standard records.

    Only the pairs of countries that a record codes and their quad are compared; a record without a
    target is mutual among its sources.
    """
    scores = Scores()
    countries = load_gazetteer().countries
    for record in json.loads(path.read_text(encoding="utf-8")):
        if "text" not in record:
            continue
        sources, targets = (
            [
                CountryCode(code)
                for each in record.get(side, ())
                if isinstance(each, dict)
                for stated in [str(each.get("code"))]
                for code in [PLOVER_CODES.get(stated, stated)]
                if code in countries
            ]
            for side in ("source", "target")
        )
        labeled = {
            pair_of(one, other) for one in sources for other in targets or sources if one != other
        }
        quad = QUADS[PLOVER_ROOTS.get(record["event"]) or Event(record["event"])]
        extraction = extract_article(Article(id="record", text=record["text"]))
        pairs = {each.pair for each in extraction.relations}
        scores.tally("pair").add(pairs, labeled)
        quads = {(each.pair, QUADS[each.event]) for each in extraction.relations}
        tally = scores.tally("pair and quad")
        right = len(quads & {(pair, quad) for pair in labeled})
        tally.right += right
        tally.wrong += len(pairs) - right
        tally.missed += len(labeled) - right
    return scores


def score_geovirus(path: Path) -> Scores:
    """Return the scores of mentions on articles in the form of GeoVirus (Gritta and others, 2018).

    GeoVirus marks places with the page of an encyclopedia each. A place counts where its page tells the
    country: the page is a country's, or the title ends in one, as "Pandi, Bulacan, Philippines", or it
    is a city of the gazetteer. Other places, and found words that stand for no place, as demonyms and
    leaders, are left out on both sides.
    """
    scores = Scores()
    for article in ET.parse(path).iter("article"):  # noqa: S314 - a file of the developer
        text = article.findtext("text") or ""
        labeled: set[tuple[Span, CountryCode]] = set()
        unknown: list[Span] = []
        for each in article.iter("location"):
            # Offsets count from one.
            span = (int(each.findtext("start", "1")) - 1, int(each.findtext("end", "1")) - 1)
            code = _find_page_country(each.findtext("page") or "")
            if code is None:
                unknown.append(span)
            else:
                labeled.add((span, code))
        sentences = split_sentences(text)
        mentions = find_mentions(Article(id="geovirus", text=text), sentences, load_gazetteer())
        found = {
            ((each.start_char, each.end_char), each.country)
            for each in mentions
            if each.counted
            and each.kind in PLACES
            and not any(each.start_char < end and start < each.end_char for start, end in unknown)
        }
        tally = scores.tally("places of countries")
        right = {
            label
            for label in labeled
            if any(one[1] == label[1] and _overlap(one[0], label[0]) for one in found)
        }
        tally.right += len(right)
        tally.missed += len(labeled - right)
        tally.wrong += sum(
            not any(one[1] == label[1] and _overlap(one[0], label[0]) for label in labeled)
            for one in found
        )
    return scores


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _find_page_country(page: str) -> CountryCode | None:
    title = unquote(page.rpartition("/")[2]).replace("_", " ").partition(" (")[0]
    gazetteer = load_gazetteer()
    for part in (title, title.rpartition(", ")[2]):
        try:
            return gazetteer.find_country(part)
        except UnknownCountry:
            continue
    named = find_mentions(Article(id="page", text=title), split_sentences(f"{title}."), gazetteer)
    codes = {each.country for each in named if each.kind in {MentionKind.CAPITAL, MentionKind.CITY}}
    return codes.pop() if len(codes) == 1 else None


# Floors and the command --------------------------------------------------------------------------


def read_floors(path: Path) -> Mapping[tuple[str, str], float]:
    """Read the floor of each set and measure; there are none where the file is missing."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {(row["set"], row["measure"]): float(row["floor"]) for row in csv.DictReader(lines)}


def find_falls(
    figures: Mapping[tuple[str, str], float], floors: Mapping[tuple[str, str], float]
) -> list[str]:
    """Return a line for each measure of the sets at hand that is below its floor or was not measured."""
    measured = {name for name, _ in figures}
    falls = []
    for (name, measure), floor in floors.items():
        if name not in measured:
            continue
        figure = figures.get((name, measure))
        if figure is None:
            falls.append(f"{name}: {measure} was not measured; its floor is {floor:.3f}")
        elif figure < floor - 1e-9:
            falls.append(f"{name}: {measure} is {figure:.3f}, below its floor of {floor:.3f}")
    return falls


def write_scores(name: str, scores: Scores) -> str:
    """Return the scores of a set as a table of text."""
    lines = [name, f"  {'':32}{'P':>7}{'R':>7}{'F1':>7}{'labels':>8}"]
    for measure, tally in scores.tallies.items():
        labels = tally.right + tally.missed
        if labels or tally.wrong:
            lines.append(
                f"  {measure:32}{tally.precision:7.3f}{tally.recall:7.3f}{tally.f1:7.3f}{labels:8d}"
            )
    lines.extend(
        f"  {measure:32}{tally.precision:7.3f}{'':14}{tally.right + tally.wrong:8d}"
        for measure, tally in scores.shares.items()
    )
    return "\n".join(lines)


def list_wrongs(gold: GoldArticle) -> Iterator[str]:
    """Yield what an article's extraction says beyond its labels and what it misses, a line each."""
    extraction = extract_article(gold.article)
    if gold.countries is not None:
        counted = {each.country for each in extraction.mentions if each.counted}
        for name, codes in (
            ("wrong ", counted - gold.countries),
            ("missed", gold.countries - counted),
        ):
            yield from (f"{gold.article.id} {name} {code}" for code in sorted(codes))
        return
    labels, found = _key_labels(gold, extraction), _key_relations(extraction)
    for key in sorted(found.keys() | labels.keys(), key=str):
        (start, end), pair, state = key
        quote = " ".join(gold.article.text[start:end].split())
        if key not in labels:
            relation = found[key]
            yield (
                f"{gold.article.id} wrong  {'-'.join(pair)} {state.value} {relation.modality.value} "
                f"“{relation.cue}” ({relation.rule}): {quote}"
            )
        elif key not in found:
            yield f"{gold.article.id} missed {'-'.join(pair)} {state.value}: {quote}"
        elif (modality := _find_nearest(labels[key], found[key]).modality) is not found[
            key
        ].modality:
            yield (
                f"{gold.article.id} modality {'-'.join(pair)} {state.value} "
                f"{found[key].modality.value} for {modality.value}: {quote}"
            )


def main(argv: Sequence[str]) -> int:
    """Print the scores of each set; return 1 where one is below its floor, 2 where none can be read."""
    parser = argparse.ArgumentParser(prog="python -m geo evaluate", description=main.__doc__)
    parser.add_argument(
        "measures",
        nargs="?",
        choices=("all", "mentions", "relations"),
        default="all",
        help="which tables to print",
    )
    parser.add_argument("--gold", type=Path, default=GOLD, help="the folder of gold files")
    parser.add_argument("--plover", type=Path, help="PLOVER gold standard records, as JSON")
    parser.add_argument("--geovirus", type=Path, help="articles with places, as GeoVirus' XML")
    parser.add_argument("--wrong", metavar="SET", help="list what is wrong in a set and stop")
    arguments = parser.parse_args(argv)
    try:
        if arguments.wrong:
            return _print_wrongs(arguments.gold, arguments.wrong)
        sets = {
            name: score_articles(gold for path in files for gold in read_golds(path))
            for name in SETS
            if (files := list_gold(arguments.gold, name))
        }
        if arguments.plover:
            sets["plover"] = score_plover(arguments.plover)
        if arguments.geovirus:
            sets["geovirus"] = score_geovirus(arguments.geovirus)
    except (EntenteError, OSError, json.JSONDecodeError, ET.ParseError) as error:
        print(error, file=sys.stderr)
        return 2
    if not sets:
        print(f"There are no gold files in {arguments.gold}.", file=sys.stderr)
        return 2
    for name, scores in sets.items():
        print(write_scores(name, _choose_measures(scores, arguments.measures)))
    figures = {
        (name, measure): figure
        for name, scores in sets.items()
        for measure, figure in scores.list_figures()
    }
    falls = find_falls(figures, read_floors(arguments.gold / "floors.csv"))
    for fall in falls:
        print(fall, file=sys.stderr)
    return 1 if falls else 0


def list_gold(folder: Path, name: str) -> list[Path]:
    """Return the gold files of a set: ``NAME.txt`` or those of the folder ``NAME``, in order."""
    single = folder / f"{name}.txt"
    return [single] if single.is_file() else sorted((folder / name).glob("*.t*"))


def _print_wrongs(folder: Path, name: str) -> int:
    if name == SEALED:
        print("The sealed set is scored only; its errors are read by nobody.", file=sys.stderr)
        return 2
    for path in list_gold(folder, name):
        for gold in read_golds(path):
            for line in list_wrongs(gold):
                print(line)
    return 0


def _choose_measures(scores: Scores, measures: str) -> Scores:
    of_mentions = {"mentions", "coreference", "countries", "places of countries"}
    if measures == "all":
        return scores
    keep = measures == "mentions"
    return Scores(
        tallies={k: v for k, v in scores.tallies.items() if (k in of_mentions) is keep},
        shares={} if keep else scores.shares,
    )
