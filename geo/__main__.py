"""The command line: extract, ingest, states, publish and evaluate.

``python -m geo COMMAND --help`` tells what a command takes. Errors of what is given are told in one line
on standard error with exit status 2; 1 says that nothing could be read or a floor was missed.
"""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from geo import __version__
from geo.errors import EntenteError
from geo.paths import NEWS_SEGMENTS, SEED_SEGMENTS, find_store
from geo.records import CountryCode, Extraction, RelationState
from geo.terminal import make_plain, read_day, read_folder, read_number
from geo.workers import count_cores

PROGRAM = "python -m geo"
COLUMNS = (
    "country",
    "name",
    "toward",
    "toward_name",
    "state",
    "contested",
    "since",
    "reported",
    "aged",
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
    except KeyboardInterrupt as stop:
        print(f"{PROGRAM}: stopped.", file=sys.stderr)
        # As a shell tells of a program that a signal ended.
        return 128 + (stop.args[0] if stop.args else signal.SIGINT)
    return status


def run_command(arguments: list[str]) -> int:
    """Run the command that the arguments name."""
    if arguments[:1] == ["evaluate"]:
        from geo.tools.evaluation import main as evaluate

        return evaluate(arguments[1:])
    options = make_parser().parse_args(arguments)
    status: int = options.run(options)
    return status


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
        "files (txt, md, html, pdf, docx, eml, csv, jsonl, zip, warc, a saved feed), folders, the "
        "address of a feed or page, a list of feeds (opml), feeds: for the reviewed list, "
        "wikipedia:2026-09-01.. for days, or - "
        "for JSON lines with id and text on standard input"
    )

    extract = commands.add_parser(
        "extract",
        help="print what articles say, a JSON line each",
        description="Print a JSON line for each article, in order: its mentions of countries, the "
        "relations between them and their places in accords, each with its quote. An article that "
        "cannot be read has the reason in the field skipped. Exit status 1: nothing could be read.",
    )
    extract.set_defaults(run=run_extract)
    workers: dict[str, Any] = {
        "type": read_number,
        "default": count_cores(),
        "metavar": "N",
        "help": "processes that read at the same time; default: one for each core",
    }
    extract.add_argument("--workers", **workers)
    extract.add_argument("sources", nargs="*", default=["-"], metavar="FILE", help=sources)

    ingest = commands.add_parser(
        "ingest",
        help="read articles into the store, which the map shows",
        description="Read articles into the store and print what is new, what was there already and "
        "what was skipped and why. The same again changes nothing. Exit status 1: nothing could be "
        "read.",
    )
    ingest.set_defaults(run=ingest_sources, refuse=ingest.error)
    ingest.add_argument("--workers", **workers)
    ingest.add_argument("sources", nargs="*", metavar="SOURCE", help=sources)
    ingest.add_argument(
        "--engine",
        choices=("pool", "spark"),
        default="pool",
        help="pool: processes of this machine; spark: Apache Spark, for JSON lines and Parquet "
        "(docs/scale.md)",
    )
    ingest.add_argument(
        "--master",
        metavar="URL",
        help="Spark's master, as local[2]; default: that of spark-submit",
    )
    ingest.add_argument(
        "--watch",
        action="store_true",
        help="go on until stopped, and look at the sources again every ENTENTE_REFRESH_HOURS; without "
        "a SOURCE those of ENTENTE_SOURCES, the newest days first",
    )
    store = "the folder of the store; default: ENTENTE_STORE, or store/ in the project"
    ingest.add_argument("--store", type=read_folder, metavar="FOLDER", help=store)
    ingest.add_argument("--publisher", metavar="NAME", help="who published the articles")
    ingest.add_argument(
        "--date-published",
        metavar="YYYY-MM-DD",
        help="when they were published; goes before what they say themselves",
    )
    ingest.add_argument(
        "--columns",
        metavar="FIELD=COLUMN,...",
        help="which columns of a table or of JSON lines hold the fields: text=body,date_published=date",
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
    states.add_argument("--store", type=read_folder, metavar="FOLDER", help=store)

    publish = commands.add_parser(
        "publish",
        help="write how all pairs stand as files for programs",
        description="Write how all pairs stand today, and what changed for each country and pair, as "
        "JSON and Atom; docs/data.md describes the files. Those of before are replaced.",
    )
    publish.set_defaults(run=publish_documents)
    publish.add_argument("--store", type=read_folder, metavar="FOLDER", help=store)
    publish.add_argument(
        "--out",
        type=read_folder,
        metavar="FOLDER",
        help="where the files go; default: static/out, which the app serves",
    )

    commands.add_parser("evaluate", help="score the stages on the gold articles", add_help=False)
    return parser


def ingest_sources(options: argparse.Namespace) -> int:
    """Read the sources into the store, once or from now on."""
    if options.watch:
        from geo.refresh import run_watch

        return run_watch(options)
    if not options.sources:
        options.refuse("name a SOURCE to read, or --watch to follow the news")
    if options.engine == "spark":
        from geo.spark import run_spark

        return run_spark(options)
    from geo.ingest import run_ingest

    return run_ingest(options)


def publish_documents(options: argparse.Namespace) -> int:
    """Write how all pairs stand as files for programs."""
    from geo.publish import run_publish

    return run_publish(options)


# extract -----------------------------------------------------------------------------------------


def run_extract(options: argparse.Namespace) -> int:
    """Print a JSON line for each article in the order of the sources."""
    from geo.ingest import list_articles
    from geo.workers import extract_apart

    read = 0
    today = date.today()  # noqa: DTZ011 - the reader's own day
    articles = list_articles(options.sources, today=today)
    for extraction in extract_apart(articles, options.workers):
        read += extraction.skipped is None
        print(json.dumps(write_extraction(extraction), ensure_ascii=False), flush=True)
    return 0 if read else 1


def write_extraction(extraction: Extraction) -> dict[str, Any]:
    """Return what an article says as plain values: its id once, and no texts of sentences."""
    from geo.store.layout import write_record

    plain = write_record(extraction)
    for record in (*plain["relations"], *plain["accords"]):
        del record["article_id"]
    kept = ("skipped", "mentions", "relations", "accords")
    return {"id": extraction.article.id, **{name: plain[name] for name in kept}}


# states ------------------------------------------------------------------------------------------


def run_states(options: argparse.Namespace) -> int:
    """Print the states of all pairs, or those toward a focus country."""
    from geo.map.lenses import view_focus
    from geo.map.palette import load_palette
    from geo.mentions.gazetteer import load_gazetteer
    from geo.store import queries
    from geo.store.cache import open_store
    from geo.store.chronicle import Chronicle

    gazetteer = load_gazetteer()
    focus = None if options.focus is None else gazetteer.find_country(options.focus)
    asked = {name: getattr(options, name) for name in ("as_of", "known_on")}
    days = {name: None if text is None else read_day(text) for name, text in asked.items()}
    folders = (SEED_SEGMENTS, NEWS_SEGMENTS, options.store or find_store())
    store = open_store(folders, gazetteer.countries)
    for fault in store.faults:
        told = f"{fault.records} of its records are" if fault.records else "it is"
        print(f"The segment {fault.segment} cannot be read: {told} left out.", file=sys.stderr)
    cursor, chronicle = store.cursor(), Chronicle(store)
    today = date.today()  # noqa: DTZ011 - the reader's own day
    as_of = days["as_of"] or queries.find_newest(cursor, date.min, today) or today
    if options.format == "geojson" and focus is None:
        # A map looks from one country; the page takes the same.
        focus = queries.find_focus(cursor)
    pairs = None if focus is None else chronicle.list_pairs(focus)
    states = chronicle.settle_pairs(pairs, as_of=as_of, known_on=days["known_on"])
    names = {code: country.name for code, country in gazetteer.countries.items()}
    rows = [make_row(state, focus, names) for state in states]
    match options.format:
        case "geojson":
            from geo.map.atlas import export_geojson, load_places

            mentions = queries.count_mentions(cursor, as_of=as_of)
            settled = chronicle.settle(as_of=as_of, known_on=days["known_on"], country=focus)
            view = view_focus(settled.states, mentions, load_palette(), focus)
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
        "since": state.since.isoformat() if state.dated else "",
        "reported": state.reported.isoformat(),
        "aged": state.aged,
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
        since = f"since {row['since']}, " if row["since"] else ""
        lines.append(
            f"{row['name']} - {row['toward_name']}: {row['state']}{mark}, {since}last reported "
            f"{row['reported']}, {row['quotes']} quote{'' if row['quotes'] == 1 else 's'}\n    “{quote}”"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
