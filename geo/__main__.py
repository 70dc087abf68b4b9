"""The command line: extract, ingest, states and evaluate.

``python -m geo COMMAND --help`` tells what a command takes. Errors of what is given are told in one line
on standard error with exit status 2; 1 says that nothing could be read or a floor was missed.
"""

import argparse
import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from geo.errors import BadDate, EntenteError
from geo.paths import SEED_SEGMENTS, find_store
from geo.reading import Skipped, read_lines, read_path
from geo.records import Article, CountryCode, DateBasis, Extraction, RelationState

# A cell that begins so is run as a formula by spreadsheets (CWE-1236).
_FORMULA = re.compile(r"^[=+\-@\t\r]")
COLUMNS = (
    "country",
    "name",
    "toward",
    "toward_name",
    "state",
    "contested",
    "since",
    "as_of",
    "confidence",
    "publishers",
    "quotes",
    "quote",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["evaluate"]:
        from geo.evaluation import main as evaluate

        return evaluate(arguments[1:])
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        status: int = options.run(options)
    except BrokenPipeError:
        # The reader of the pipe has gone; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EntenteError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return status


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m geo", description="Read the news and tell how countries stand."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    extract = commands.add_parser("extract", help="print what articles say, a JSON line each")
    extract.set_defaults(run=run_extract)
    extract.add_argument(
        "sources",
        nargs="*",
        default=["-"],
        metavar="FILE",
        help="a file or folder; - reads JSON lines with id and text from standard input",
    )

    ingest = commands.add_parser("ingest", help="read articles into the store")
    ingest.set_defaults(run=run_ingest)
    ingest.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, a folder, or -")
    ingest.add_argument("--store", type=Path, help="the folder of the store")
    ingest.add_argument("--publisher", help="who published the articles")
    ingest.add_argument(
        "--date-published",
        metavar="YYYY-MM-DD",
        help="when they were published; goes before what they say themselves",
    )

    states = commands.add_parser("states", help="print what the map shows")
    states.set_defaults(run=run_states)
    states.add_argument("--focus", metavar="COUNTRY", help="a code or name; all pairs without it")
    states.add_argument("--as-of", metavar="YYYY-MM-DD", help="default: the newest article's day")
    states.add_argument("--known-on", metavar="YYYY-MM-DD", help="leave out what came later")
    states.add_argument("--format", choices=("table", "json", "csv", "geojson"), default="table")
    states.add_argument("--store", type=Path, help="the folder of the store")

    commands.add_parser("evaluate", help="score the stages on the gold articles", add_help=False)
    return parser


def read_day(text: str) -> date:
    """Return the day that a text names; raises :class:`BadDate`."""
    msg = f"“{text[:40]}” is no date; write it as YYYY-MM-DD."
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise BadDate(msg)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(msg) from error


# extract -----------------------------------------------------------------------------------------


def run_extract(options: argparse.Namespace) -> int:
    """Print a JSON line for each article in the order of the sources."""
    from geo.edition import extract_articles
    from geo.serial import write_extraction

    read = 0
    for extraction in extract_articles(list_articles(options.sources)):
        read += extraction.skipped is None
        print(json.dumps(write_extraction(extraction), ensure_ascii=False), flush=True)
    return 0 if read else 1


def list_articles(sources: Iterable[str], **told: Any) -> Iterator[Article | Skipped]:
    """Yield the articles of files, folders and, for ``-``, of standard input."""
    return chain.from_iterable(
        read_lines(sys.stdin.buffer, **told) if each == "-" else read_path(Path(each), **told)
        for each in sources
    )


# ingest ------------------------------------------------------------------------------------------


def run_ingest(options: argparse.Namespace) -> int:
    """Add articles to the store and tell what was new, what was there and what was skipped."""
    from geo.edition import extract_articles
    from geo.store import append_extractions
    from geo.store import list_articles as list_stored

    folder = options.store or find_store()
    known = dict(list_stored(folder))
    told = {
        "date_published": read_day(options.date_published) if options.date_published else None,
        "publisher": options.publisher,
    }
    skipped: list[tuple[str, str]] = []
    there = 0
    new: list[Extraction] = []

    def choose_articles() -> Iterator[Article]:
        nonlocal there
        for each in list_articles(options.sources, **told):
            if isinstance(each, Skipped):
                skipped.append((each.name, each.reason))
            elif known.get(each.id) == each.content_hash:
                there += 1
            elif each.id in known:
                reason = "An article with this id and another text is in the store already."
                skipped.append((each.id, reason))
            else:
                known[each.id] = each.content_hash
                yield date_article(each, date.today())  # noqa: DTZ011 - the reader's own day

    for count, extraction in enumerate(extract_articles(choose_articles()), start=1):
        if extraction.skipped:
            skipped.append((extraction.article.id, extraction.skipped))
        else:
            new.append(extraction)
        if sys.stderr.isatty():
            print(f"\rread {count}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    append_extractions(new, folder)
    relations = sum(len(each.relations) for each in new)
    print(
        f"{len(new)} new with {relations} relations, {there} already there, {len(skipped)} skipped."
    )
    for name, reason in skipped:
        print(f"  skipped {name}: {reason}")
    return 0 if new or there else 1


def date_article(article: Article, today: date) -> Article:
    """Return an article that has a date: where it states none, the day it was read stands in."""
    if article.date_published is not None:
        return article
    note = (
        "The article states no date, so the day on which it was read stands in for it. "
        "To give another, ingest it with --date-published."
    )
    return replace(article, date_published=today, date_basis=DateBasis.INFERRED, date_note=note)


# states ------------------------------------------------------------------------------------------


def run_states(options: argparse.Namespace) -> int:
    """Print the states of all pairs, or those toward a focus country."""
    from geo.edition import gather_evidence
    from geo.gazetteer import load_gazetteer
    from geo.states import settle_states
    from geo.store import read_extractions

    gazetteer = load_gazetteer()
    focus = gazetteer.find_country(options.focus) if options.focus else None
    evidence = gather_evidence(read_extractions(SEED_SEGMENTS, options.store or find_store()))
    newest = max((each.date_published for each in evidence), default=date.today())  # noqa: DTZ011
    as_of = read_day(options.as_of) if options.as_of else newest
    known_on = read_day(options.known_on) if options.known_on else None
    states = [
        each
        for each in settle_states(evidence, as_of=as_of, known_on=known_on)
        if focus is None or focus in each.pair
    ]
    names = {code: country.name for code, country in gazetteer.countries.items()}
    if options.format == "geojson":
        if focus is None:
            msg = "A map needs a country to look from. Name one with --focus."
            raise EntenteError(msg)
        from geo.atlas import export_geojson

        rows = [make_row(each, focus, names) for each in states]
        print(export_geojson({row["country"]: row for row in rows}))
        return 0
    rows = [make_row(each, focus, names) for each in states]
    match options.format:
        case "json":
            print(json.dumps(rows, ensure_ascii=False, indent=2))
        case "csv":
            print(write_csv(rows), end="")
        case _:
            print(write_table(rows, as_of))
    return 0


def _find_other(state: RelationState, focus: CountryCode) -> CountryCode:
    one, other = state.pair
    return other if one == focus else one


def make_row(
    state: RelationState, focus: CountryCode | None, names: dict[CountryCode, str]
) -> dict[str, Any]:
    """Return a state as one row, with its heaviest quote."""
    toward = focus or state.pair[1]
    country = _find_other(state, toward)
    return {
        "country": country,
        "name": names[country],
        "toward": toward,
        "toward_name": names[toward],
        "state": state.state.value,
        "contested": state.contested,
        "since": state.since.isoformat(),
        "as_of": state.as_of.isoformat(),
        "confidence": state.confidence,
        "publishers": state.publishers,
        "quotes": len(state.supporting),
        "quote": state.supporting[0].relation.quote.exact,
    }


def write_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as CSV in which no cell can be taken for a formula."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: guard_cell(value) for key, value in row.items()})
    return lines.getvalue()


def guard_cell(value: Any) -> Any:
    """Return a cell that a spreadsheet shows as text: one like a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def write_table(rows: Sequence[dict[str, Any]], as_of: date) -> str:
    """Return rows as lines for a terminal; control characters of quotes are left out."""
    if not rows:
        return f"No evidence as of {as_of}."
    lines = [f"As of {as_of}:"]
    for row in rows:
        quote = " ".join("".join(c if c.isprintable() else " " for c in row["quote"]).split())
        mark = " (contested)" if row["contested"] else ""
        lines.append(
            f"{row['name']} - {row['toward_name']}: {row['state']}{mark}, since {row['since']}, "
            f"{row['quotes']} quote{'' if row['quotes'] == 1 else 's'}\n    “{quote}”"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
