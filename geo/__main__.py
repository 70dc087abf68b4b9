"""The command line: extract, ingest, states and evaluate.

``python -m geo COMMAND --help`` tells what a command takes. Errors of what is given are told in one line
on standard error with exit status 2; 1 says that nothing could be read or a floor was missed.
"""

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from geo import __version__
from geo.errors import BadDate, EntenteError
from geo.paths import SEED_SEGMENTS, find_store
from geo.reading.files import Skipped, find_fault, read_lines, read_path, split_lines
from geo.records import Article, CountryCode, DateBasis, Extraction, RelationState

# Articles of one segment, and characters of their texts: what is held before it is written.
MOST_ARTICLES, MOST_CHARACTERS = 1000, 20_000_000
PROGRAM = "python -m geo"
TAKEN = (
    "An article with this id and another text is in the store already. Give it another id: another "
    "file name, or the field id of its line or manifest."
)
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = run_command(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the pipe has gone; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EntenteError as error:
        print(f"{PROGRAM}: {make_plain(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: stopped.", file=sys.stderr)
        return 130
    return status


def run_command(arguments: list[str]) -> int:
    """Run the command that the arguments name."""
    if arguments[:1] == ["evaluate"]:
        from geo.tools.evaluation import main as evaluate

        return evaluate(arguments[1:])
    options = make_parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def make_plain(text: str) -> str:
    """Return a text from outside as one line that a terminal shows and does not obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Read the news and tell how countries stand toward each other.",
        epilog="COMMAND --help tells what a command takes.",
    )
    parser.add_argument("--version", action="version", version=f"entente {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sources = (
        "a file (txt, md, html or jsonl), a folder, or - for JSON lines with id and text on "
        "standard input"
    )

    extract = commands.add_parser(
        "extract",
        help="print what articles say, a JSON line each",
        description="Print a JSON line for each article, in order: its mentions of countries, the "
        "relations between them and their places in accords, each with its quote. An article that "
        "cannot be read has the reason in the field skipped. Exit status 1: nothing could be read.",
    )
    extract.set_defaults(run=run_extract)
    extract.add_argument("sources", nargs="*", default=["-"], metavar="FILE", help=sources)

    ingest = commands.add_parser(
        "ingest",
        help="read articles into the store, which the map shows",
        description="Read articles into the store and print what is new, what was there already and "
        "what was skipped and why. The same again changes nothing. Exit status 1: nothing could be "
        "read.",
    )
    ingest.set_defaults(run=run_ingest)
    ingest.add_argument("sources", nargs="+", metavar="SOURCE", help=sources)
    store = "the folder of the store; default: ENTENTE_STORE, or store/ in the project"
    ingest.add_argument("--store", type=Path, metavar="FOLDER", help=store)
    ingest.add_argument("--publisher", metavar="NAME", help="who published the articles")
    ingest.add_argument(
        "--date-published",
        metavar="YYYY-MM-DD",
        help="when they were published; goes before what they say themselves",
    )

    states = commands.add_parser(
        "states",
        help="print what the map shows, as a table, json, csv or geojson",
        description="Print the state of each pair of countries that has one, from the seed and the "
        "store, with the quote that weighs most. GeoJSON has all countries, as the map colors them "
        "toward the focus; without one, toward the country of most relations.",
    )
    states.set_defaults(run=run_states)
    states.add_argument("--focus", metavar="COUNTRY", help="a code or name; all pairs without it")
    states.add_argument("--as-of", metavar="YYYY-MM-DD", help="default: the newest article's day")
    states.add_argument("--known-on", metavar="YYYY-MM-DD", help="leave out what came later")
    states.add_argument("--format", choices=("table", "json", "csv", "geojson"), default="table")
    states.add_argument("--store", type=Path, metavar="FOLDER", help=store)

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

    read = 0
    today = date.today()  # noqa: DTZ011 - the reader's own day
    for extraction in extract_articles(list_articles(options.sources, today=today)):
        read += extraction.skipped is None
        print(json.dumps(write_extraction(extraction), ensure_ascii=False), flush=True)
    return 0 if read else 1


def write_extraction(extraction: Extraction) -> dict[str, Any]:
    """Return what an article says as plain values: its id once, and no texts of sentences."""
    from geo.store import write_record

    plain = write_record(extraction)
    for record in (*plain["relations"], *plain["accords"]):
        del record["article_id"]
    kept = ("skipped", "mentions", "relations", "accords")
    return {"id": extraction.article.id, **{name: plain[name] for name in kept}}


def list_articles(sources: Iterable[str], **told: Any) -> Iterator[Article | Skipped]:
    """Yield the articles of files, folders and, for ``-``, of standard input."""
    for source in sources:
        if source == "-":
            yield from read_lines(split_lines(sys.stdin.buffer), **told)
        elif re.match(r"https?://", source, re.IGNORECASE):
            reason = "Addresses are not opened. Save the page as html and give that file."
            yield Skipped(source, reason)
        else:
            yield from read_path(Path(source), **told)


# ingest ------------------------------------------------------------------------------------------


def run_ingest(options: argparse.Namespace) -> int:
    """Add articles to the store and tell what was new, what was there and what was skipped."""
    from geo.edition import extract_articles
    from geo.store import append_extractions
    from geo.store import list_articles as list_stored

    folder = options.store or find_store()
    today = date.today()  # noqa: DTZ011 - the reader's own day
    day = read_day(options.date_published) if options.date_published is not None else None
    if day and (fault := find_fault(day, today)):
        raise BadDate(fault)
    stored = list_stored(folder)
    tally = Tally(known=dict(stored))
    articles = list_articles(
        options.sources, date_published=day, publisher=options.publisher, today=today
    )
    batch: list[Extraction] = []
    try:
        for extraction in extract_articles(choose_articles(articles, tally, today)):
            if extraction.skipped:
                tally.skipped.append(Skipped(extraction.article.id, extraction.skipped))
                continue
            tally.new += 1
            tally.relations += len(extraction.relations)
            batch.append(extraction)
            show_progress(tally)
            held = sum(len(each.article.text) for each in batch)
            if len(batch) >= MOST_ARTICLES or held >= MOST_CHARACTERS:
                append_extractions(batch, folder, known=stored)
                batch = []
    finally:
        # What was read is kept when the reader stops the run.
        append_extractions(batch, folder, known=stored)
        show_progress(None)
    print(
        f"{tally.new} new with {tally.relations} relations, {tally.there} already there, "
        f"{len(tally.skipped)} skipped."
    )
    for each in tally.skipped:
        print(f"  skipped {make_plain(each.name)}: {make_plain(each.reason)}")
    return 0 if tally.new or tally.there else 1


@dataclass(slots=True)
class Tally:
    """Count what a run of ingest did; ``known`` holds the hash of each text by its id."""

    known: dict[str, str]
    new: int = 0
    relations: int = 0
    there: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def choose_articles(
    articles: Iterable[Article | Skipped], tally: Tally, today: date
) -> Iterator[Article]:
    """Yield the articles that are new, each with a date, and count the others."""
    for each in articles:
        if isinstance(each, Skipped):
            tally.skipped.append(each)
        elif each.id not in tally.known:
            tally.known[each.id] = each.content_hash
            yield date_article(each, today)
        elif tally.known[each.id] == each.content_hash:
            tally.there += 1
        else:
            tally.skipped.append(Skipped(each.id, TAKEN))


def show_progress(tally: Tally | None) -> None:
    """Tell on a terminal how far the run is; ``None`` takes the line away."""
    if sys.stderr.isatty():
        line = f"{tally.new} articles read, {tally.relations} relations found" if tally else ""
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


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
    from geo.map.lenses import count_mentions, find_focus, view_focus
    from geo.map.palette import load_palette
    from geo.mentions.gazetteer import load_gazetteer
    from geo.states.settling import settle_states
    from geo.store import read_extractions

    gazetteer = load_gazetteer()
    focus = None if options.focus is None else gazetteer.find_country(options.focus)
    asked = {name: getattr(options, name) for name in ("as_of", "known_on")}
    days = {name: None if text is None else read_day(text) for name, text in asked.items()}
    extractions = read_extractions(SEED_SEGMENTS, options.store or find_store())
    today = date.today()  # noqa: DTZ011 - the reader's own day
    published = [each.article.date_published for each in extractions]
    past = [day for day in published if day and day <= today]
    as_of = days["as_of"] or max(past, default=today)
    evidence = gather_evidence(extractions)
    if options.format == "geojson" and focus is None:
        # A map looks from one country; the page takes the same.
        focus = find_focus(evidence)
    states = settle_states(evidence, as_of=as_of, known_on=days["known_on"])
    names = {code: country.name for code, country in gazetteer.countries.items()}
    rows = [make_row(each, focus, names) for each in states if focus is None or focus in each.pair]
    match options.format:
        case "geojson":
            from geo.map.atlas import export_geojson, load_places

            mentions = count_mentions(extractions, as_of=as_of)
            settled = {each.pair: each.state for each in states}
            view = view_focus(settled, mentions, load_palette(), focus)
            drawn: dict[CountryCode, dict[str, Any]] = {
                code: {"state": view.find_value(code)} for code in {*load_places(), *view.values}
            }
            print(export_geojson(drawn | {row["country"]: row for row in rows}))
        case "json":
            print(json.dumps(rows, ensure_ascii=False, indent=2))
        case "csv":
            from geo.web.exports import write_csv

            print(write_csv(rows, COLUMNS), end="")
        case _:
            print(write_table(rows, as_of))
    return 0


def make_row(
    state: RelationState, focus: CountryCode | None, names: dict[CountryCode, str]
) -> dict[str, Any]:
    """Return a state as one row, with its heaviest quote."""
    toward = focus or state.pair[1]
    one, other = state.pair
    country = other if one == toward else one
    return {
        "country": country,
        "name": names.get(country, country),
        "toward": toward,
        "toward_name": names.get(toward, toward),
        "state": state.state.value,
        "contested": state.contested,
        "since": state.since.isoformat(),
        "as_of": state.as_of.isoformat(),
        "confidence": state.confidence,
        "publishers": state.publishers,
        "quotes": len(state.supporting),
        "quote": state.supporting[0].relation.quote.exact,
    }


def write_table(rows: Sequence[dict[str, Any]], as_of: date) -> str:
    """Return rows as lines for a terminal; control characters of quotes are left out."""
    if not rows:
        return f"No evidence as of {as_of}."
    lines = [f"As of {as_of}:"]
    for row in rows:
        quote = make_plain(row["quote"])
        mark = " (contested)" if row["contested"] else ""
        lines.append(
            f"{row['name']} - {row['toward_name']}: {row['state']}{mark}, since {row['since']}, "
            f"{row['quotes']} quote{'' if row['quotes'] == 1 else 's'}\n    “{quote}”"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
