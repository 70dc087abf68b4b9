"""Evaluation: the command that scores the stages, and fails where a score fell below its floor.

Scored are real items and articles, where their texts lie beside the project; the articles that were
written for testing; and corpora of others, where they are there.
"""

import argparse
import json
import lzma
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from xml.etree import ElementTree as ET

from geo.edition import extract_article
from geo.errors import EntenteError
from geo.records import Extraction, State
from geo.states.rules import WEAK
from geo.tables import read_table
from geo.tools.corpora import score_geovirus, score_plover
from geo.tools.documents import list_said, score_documents, split_labels, write_curve
from geo.tools.gold import GOLD, SEALED, SETS, TRAINING, GoldArticle, read_set
from geo.tools.scores import (
    FLOOR,
    Scores,
    drop_weak,
    find_nearest,
    key_labels,
    key_relations,
    score_articles,
)
from geo.tools.standoff import CORPUS, NAMES, SHARED_REAL, read_labeled, read_real
from geo.workers import count_cores

# Sets of real text that constants are chosen on, by their files of the shared gold.
REAL_SETS = {"items": "items_dev", "articles": "articles_dev"}
# Sets of real text that nothing was chosen on, by the kind of text.
BLIND_SETS = {f"blind {kind}": kind for kind in NAMES}
OF_MENTIONS = frozenset({"mentions", "coreference", "countries", "places of countries"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Floor:
    set: str
    measure: str
    floor: float


def read_floors(path: Path) -> Mapping[tuple[str, str], float]:
    """Read the floor of each set and measure; there are none where the file is missing.

    Raises :class:`DataError` for a wrong row.
    """
    if not path.is_file():
        return {}
    rows = read_table(path, _Floor, key=["set", "measure"])
    return {(row.set, row.measure): row.floor for row in rows}


def find_falls(
    sets: Mapping[str, Scores], floors: Mapping[tuple[str, str], float]
) -> Iterator[str]:
    """Yield a line for each measure of the sets at hand that is below its floor or was not measured."""
    figures = {name: dict(scores.list_figures()) for name, scores in sets.items()}
    for (name, measure), floor in floors.items():
        if name not in figures:
            continue
        figure = figures[name].get(measure)
        if figure is None:
            yield f"{name}: {measure} was not measured; its floor is {floor:.3f}"
        elif figure < floor - 1e-9:
            yield f"{name}: {measure} is {figure:.3f}, below its floor of {floor:.3f}"


# What is printed ---------------------------------------------------------------------------------


def write_scores(name: str, scores: Scores) -> Iterator[str]:
    """Yield the scores of a set as the lines of a table."""
    yield f"{name}\n  {'':32}{'P':>7}{'R':>7}{'F1':>7}{'labels':>8}{'wrong':>7}"
    for measure, tally in scores.tallies.items():
        labels = tally.right + tally.missed
        if labels or tally.wrong:
            figures = f"{tally.precision:7.3f}{tally.recall:7.3f}{tally.f1:7.3f}"
            yield f"  {measure:32}{figures}{labels:8d}{tally.wrong:7d}"
    for measure, tally in scores.shares.items():
        yield f"  {measure:32}{tally.precision:7.3f}{'':14}{tally.right + tally.wrong:8d}{tally.wrong:7d}"
    if scores.confused:
        yield f"  {'labeled, and read as':32}" + "".join(f"{state.value:>9}" for state in State)
        for labeled in State:
            counts = [scores.confused[labeled, state] for state in State]
            if any(counts):
                yield f"  {labeled.value:32}" + "".join(f"{count or '':>9}" for count in counts)


def choose_measures(scores: Scores, measures: str) -> Scores:
    """Return the scores of mentions or of relations alone, or all."""
    if measures == "all":
        return scores
    keep = measures == "mentions"
    tallies = {
        measure: tally
        for measure, tally in scores.tallies.items()
        if (measure in OF_MENTIONS) is keep
    }
    return Scores(tallies=tallies) if keep else replace(scores, tallies=tallies)


def list_wrongs(gold: GoldArticle, floor: float = FLOOR) -> Iterator[str]:
    """Yield what an article's extraction says beyond its labels and what it misses, a line each."""
    extraction = drop_weak(extract_article(gold.article), floor)
    if gold.countries is not None:
        yield from _list_wrong_countries(gold, extraction)
        yield from _list_wrong_statements(gold, extraction)
        return
    labels, found = key_labels(gold, extraction), key_relations(extraction)
    for key in sorted(found.keys() | labels.keys(), key=str):
        (start, end), pair, state = key
        said = f"{'-'.join(pair)} {state.value}"
        quote = " ".join(gold.article.text[start:end].split())
        if key not in labels:
            relation = found[key]
            how = f"{relation.modality.value} “{relation.cue}” ({relation.rule})"
            yield f"{gold.article.id} wrong  {said} {how}: {quote}"
        elif key not in found:
            yield f"{gold.article.id} missed {said}: {quote}"
        else:
            modality = find_nearest(labels[key], found[key]).modality
            if modality is not found[key].modality:
                turned = f"{found[key].modality.value} for {modality.value}"
                yield f"{gold.article.id} modality {said} {turned}: {quote}"


def _list_wrong_countries(gold: GoldArticle, extraction: Extraction) -> Iterator[str]:
    named = gold.countries or frozenset()
    counted = {mention.country for mention in extraction.mentions if mention.counted}
    for code in sorted(counted - named - gold.optional_countries):
        yield f"{gold.article.id} wrong  {code}"
    for code in sorted(named - counted):
        yield f"{gold.article.id} missed {code}"


def _list_wrong_statements(gold: GoldArticle, extraction: Extraction) -> Iterator[str]:
    needed, allowed = split_labels(gold.relations)
    found, labels = list_said(extraction.relations), list_said(gold.relations)
    for pair, state in sorted(found.keys() - allowed):
        quote = " ".join(found[pair, state][0].quote.exact.split())
        yield f"{gold.article.id} wrong  {'-'.join(pair)} {state.value}: {quote}"
    for pair, state in sorted(needed - found.keys()):
        quote = " ".join(gold.article.text[slice(*labels[pair, state][0].span)].split())
        yield f"{gold.article.id} missed {'-'.join(pair)} {state.value}: {quote}"


# The command -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scored:
    """A set with its scores, and how reliable confidence is in it as printed lines."""

    name: str
    scores: Scores
    curve: tuple[str, ...] = ()


def list_sets(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the names of the sets that are there, those of real text first."""
    if arguments.real.is_dir() and arguments.corpus.is_dir():
        yield from REAL_SETS
        yield from BLIND_SETS
    else:
        print(f"Real text is left out: {arguments.real} or {arguments.corpus} is not there.")
    if arguments.written:
        yield from SETS
    if arguments.plover.is_file():
        yield "plover"
    if arguments.geovirus.is_file():
        yield "geovirus"


def score_set(name: str, arguments: argparse.Namespace) -> list[Scored]:
    """Return a set's scores, none where it has no article.

    Real text is scored twice: all that is said, and what is sure enough for a color.
    """
    floor: float = arguments.floor
    if name == "plover":
        return [Scored(name, score_plover(arguments.plover, floor))]
    if name == "geovirus":
        return [Scored(name, score_geovirus(arguments.geovirus))]
    if name in SETS:
        golds = read_set(arguments.gold, name)
        return [Scored(name, score_articles(golds, floor))] if golds else []
    if name in REAL_SETS:
        golds = read_labeled(arguments.real / f"{REAL_SETS[name]}.jsonl")
    else:
        golds = read_real(arguments.corpus, [BLIND_SETS[name]], blind=True)
    documents = [(gold, extract_article(gold.article)) for gold in golds]
    curve = tuple(write_curve(documents)) if arguments.curve else ()
    said, colored = (
        score_documents((gold, drop_weak(extraction, least)) for gold, extraction in documents)
        for least in (floor, WEAK)
    )
    return [Scored(name, said, curve), Scored(f"{name} in color", colored)]


def score_sets(arguments: argparse.Namespace) -> Iterator[Scored]:
    """Yield the sets that are there with their scores, several at a time where there are cores."""
    names = list(list_sets(arguments))
    score = partial(score_set, arguments=arguments)
    if arguments.workers == 1:
        yield from chain.from_iterable(map(score, names))
        return
    with ProcessPoolExecutor(arguments.workers, get_context("spawn")) as pool:
        yield from chain.from_iterable(pool.map(score, names))


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
    add = parser.add_argument
    add("--gold", type=Path, default=GOLD, help="the folder of gold files")
    add("--real", type=Path, default=SHARED_REAL, help="the folder of real text with labels")
    add("--corpus", type=Path, default=CORPUS, help="the folder of the texts of tests/gold/real")
    add("--plover", type=Path, help="PLOVER gold standard records, as JSON")
    add("--geovirus", type=Path, help="articles with places, as GeoVirus' XML")
    written = "score the articles that were written for testing too"
    add("--written", action=argparse.BooleanOptionalAction, default=True, help=written)
    add("--workers", type=int, default=count_cores(), help="how many sets are read at a time")
    add("--floor", type=float, default=FLOOR, help="the least confidence that counts as said")
    add("--curve", action="store_true", help="print how reliable confidence is on real text")
    add("--wrong", metavar="SET", help="list what is wrong in a set and stop")
    arguments = parser.parse_args(argv)
    arguments.plover = arguments.plover or arguments.real.parent / "plover_gsr.json"
    arguments.geovirus = arguments.geovirus or arguments.real.parent / "geovirus.xml"
    sets: dict[str, Scores] = {}
    try:
        if arguments.wrong:
            return _print_wrongs(arguments)
        for scored in score_sets(arguments):
            sets[scored.name] = scored.scores
            shown = choose_measures(scored.scores, arguments.measures)
            print("\n".join([*write_scores(scored.name, shown), *scored.curve]), flush=True)
    except BrokenPipeError:
        raise
    except (EntenteError, OSError, lzma.LZMAError, json.JSONDecodeError, ET.ParseError) as error:
        print(error, file=sys.stderr)
        return 2
    if not sets:
        print(f"There are no gold files in {arguments.gold}.", file=sys.stderr)
        return 2
    falls = list(find_falls(sets, read_floors(arguments.gold / "floors.csv")))
    for fall in falls:
        print(fall, file=sys.stderr)
    return 1 if falls else 0


def _print_wrongs(arguments: argparse.Namespace) -> int:
    """Print what is wrong in a set; what is sealed or blind is scored only, and shown to nobody."""
    name = arguments.wrong
    if name == SEALED or name not in {*SETS, *TRAINING, *REAL_SETS}:
        print(f"{name} is no set whose errors are shown.", file=sys.stderr)
        return 2
    golds = (
        read_labeled(arguments.real / f"{REAL_SETS[name]}.jsonl")
        if name in REAL_SETS
        else read_set(arguments.gold, name)
    )
    for gold in golds:
        for line in list_wrongs(gold, arguments.floor):
            print(line)
    return 0
