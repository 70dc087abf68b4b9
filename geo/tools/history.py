"""History: how many dated facts that any encyclopedia tells the map shows right.

``tests/history.tsv`` holds a fact a row: a day, two countries, the states that would be right on that day,
and one sentence. The evidence is a store of news that was ingested before, or is read from a file of JSON
lines, of which only the articles that name both countries of a fact are extracted::

    python -m geo.tools.history --store build/history --corpus ../shared/corpus/current_events.jsonl.xz

The facts were written before anybody looked at what the map shows, and stay as they are.
"""

import argparse
import lzma
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO, cast

from pydantic import AfterValidator

from geo.edition import extract_articles, gather_evidence
from geo.errors import EntenteError
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import ROOT
from geo.reading.lines import read_lines, split_lines
from geo.reading.sentences import split_sentences
from geo.records import Article, CountryCode, Extraction, Pair, RelationState, State, pair_of
from geo.states.ledger import Ledger
from geo.store.segments import append_extractions, list_articles, read_extractions
from geo.tables import BARS, read_table
from geo.tools.evaluation import read_floors

FACTS = ROOT / "tests" / "history.tsv"
FLOORS = ROOT / "tests" / "gold" / "floors.csv"
RIGHT, WRONG, SILENT = "right", "wrong", "silent"
# Articles that are extracted before they are written, so that a run that is stopped loses little.
BATCH = 500
# Quotes that are printed for a fact that is wrong.
MOST_QUOTES = 3


def _check_code(code: str) -> str:
    if code not in load_gazetteer().countries:
        msg = "no country code"
        raise ValueError(msg)
    return code


_Code = Annotated[CountryCode, AfterValidator(_check_code)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A dated fact: the states of a pair that would be right on a day."""

    day: date
    one: _Code
    other: _Code
    right: Annotated[frozenset[State], BARS]
    words: str

    def __post_init__(self) -> None:
        if self.one == self.other:
            msg = "a pair is two countries"
            raise ValueError(msg)

    @property
    def pair(self) -> Pair:
        """The two countries."""
        return pair_of(self.one, self.other)


def read_facts(path: Path = FACTS) -> tuple[Fact, ...]:
    """Return the facts of a table; raises :class:`DataError` that names file, line and column."""
    return tuple(read_table(path, Fact, key=["day", "one", "other"]))


def fill_store(corpus: Path, folder: Path, facts: Iterable[Fact]) -> int:
    """Extract what a corpus says of the pairs of some facts into a store; return how much was new."""
    pairs = {fact.pair for fact in facts}
    known = list_articles(folder)
    extractions = extract_articles(
        article
        for article in _read_corpus(corpus)
        if article.id not in known and _names(article, pairs)
    )
    added = 0
    while batch := list(islice(extractions, BATCH)):
        append_extractions(batch, folder)
        added += len(batch)
        print(f"{added} articles read", file=sys.stderr, flush=True)
    return added


def judge_facts(
    facts: Iterable[Fact], extractions: Iterable[Extraction]
) -> Iterator[tuple[Fact, str, RelationState | None]]:
    """Yield each fact with whether the map is right, wrong or silent, and what it shows."""
    ledger = Ledger(gather_evidence(extractions))
    for fact in facts:
        shown = ledger.settle_pair(fact.pair, as_of=fact.day)
        verdict = SILENT if shown is None else RIGHT if shown.state in fact.right else WRONG
        yield fact, verdict, shown


def write_wrong(fact: Fact, shown: RelationState | None) -> str:
    """Return a fact that is not right: what was expected, what is shown, and the quotes for that."""
    expected = "|".join(state for state in State if state in fact.right)
    state = f"{shown.state} ({shown.rule})" if shown else "nothing"
    lines = [f"{fact.day} {'-'.join(fact.pair)} {expected}, shown {state}: {fact.words}"]
    for evidence in shown.supporting[:MOST_QUOTES] if shown else ():
        relation = evidence.relation
        quote = " ".join(relation.quote.exact.split())
        sure = f"{relation.state} {relation.modality} {relation.confidence:.2f}"
        lines.append(f"    {evidence.date_published} {sure} “{relation.cue}”: {quote}")
    return "\n".join(lines)


def write_table(judged: Iterable[tuple[Fact, str, RelationState | None]]) -> str:
    """Return what was expected against what is shown as a table in Markdown.

    A fact is counted in the row of the state that is shown if that is right, else of the first that would
    be. The last columns hold how many of a row are right, and of what is shown in that state.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for fact, verdict, shown in judged:
        state = shown.state.value if shown else SILENT
        expected = state if verdict == RIGHT else min(fact.right, key=list(State).index).value
        counts[expected, state] += 1
    columns = [*(state.value for state in State), SILENT]
    lines = [
        "| expected | " + " | ".join(columns) + " | right of expected | right of shown |",
        "|---" + "|--:" * (len(columns) + 2) + "|",
    ]
    for expected in columns[:-1]:
        row = [counts[expected, state] for state in columns]
        told = sum(counts[other, expected] for other in columns)
        right = counts[expected, expected]
        shares = (f"{right}/{sum(row)}", f"{right}/{told}")
        lines.append(f"| {expected} | " + " | ".join(map(str, (*row, *shares))) + " |")
    return "\n".join(lines)


def _read_corpus(path: Path) -> Iterator[Article]:
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as stream:
        for article in read_lines(split_lines(cast("BinaryIO", stream))):
            if isinstance(article, Article):
                yield article


def _names(article: Article, pairs: set[Pair]) -> bool:
    """Say whether an article names both countries of a pair."""
    mentions = find_mentions(article, split_sentences(article.text), load_gazetteer())
    named = {mention.country for mention in mentions if mention.counted}
    return any(one in named and other in named for one, other in pairs)


def main(argv: Sequence[str]) -> int:
    """Print how many facts are right, wrong and silent; return 1 where fewer are right than before."""
    parser = argparse.ArgumentParser(prog="python -m geo.tools.history", description=main.__doc__)
    parser.add_argument("--store", type=Path, required=True, help="the folder of the segments")
    parser.add_argument("--corpus", type=Path, help="JSON lines to read into the store first")
    parser.add_argument("--from", type=int, dest="first", default=0, metavar="YEAR")
    parser.add_argument("--to", type=int, dest="last", default=9999, metavar="YEAR")
    parser.add_argument(
        "--table", action="store_true", help="print what is shown for what was expected"
    )
    options = parser.parse_args(argv)
    try:
        facts = read_facts()
        if options.corpus:
            fill_store(options.corpus, options.store, facts)
        extractions = read_extractions(options.store)
        asked = [fact for fact in facts if options.first <= fact.day.year <= options.last]
        judged = list(judge_facts(asked, extractions))
        floors = read_floors(FLOORS)
    except (EntenteError, OSError, lzma.LZMAError) as error:
        print(error, file=sys.stderr)
        return 2
    if not extractions or not judged:
        print(f"There are no articles in {options.store}, or no facts.", file=sys.stderr)
        return 2
    for fact, verdict, shown in judged:
        if verdict != RIGHT:
            print(write_wrong(fact, shown))
    if options.table:
        print(write_table(judged))
    tally = Counter(verdict for _, verdict, _ in judged)
    print(
        f"{len(judged)} facts: "
        + ", ".join(f"{tally[name]} {name}" for name in (RIGHT, WRONG, SILENT))
    )
    share, floor = tally[RIGHT] / len(judged), floors.get(("history", RIGHT), 0.0)
    if share < floor:
        print(f"history: {share:.3f} are right, below the floor of {floor:.3f}", file=sys.stderr)
    return int(share < floor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
