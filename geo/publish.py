"""Publish: how all pairs stand today, as static files that programs read without a key.

Documents are made of states by pure functions, a JSON and an Atom feed for each country and each pair.
``docs/data.md`` describes them, and ``schema.json`` beside them says the same to a program.
"""

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from geo.errors import FetchError, StoreError
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import NEWS_SEGMENTS, SEED_SEGMENTS, find_published, find_store
from geo.records import CountryCode, Evidence, Pair, RelationState, State
from geo.sources.addresses import read_address
from geo.states.ledger import trace_rows
from geo.states.rows import make_rows
from geo.states.settling import settle_pair
from geo.store import queries
from geo.store.cache import open_store
from geo.tables import make_adapter

# Pairs that have documents of their own, those first that were reported last; changes of one document,
# the newest first; characters of a quote, for a longer one is left out.
MOST_PAIRS, MOST_CHANGES, LONGEST_QUOTE = 5000, 20, 1000
NOTE = (
    "What articles say, read by a program, not what is so. Each quote belongs to its publisher or stands "
    "under the license beside it."
)
ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 (section 2.2) has no place for.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN = re.compile(r"[A-Z]{3}(-[A-Z]{3})?\.(json|xml)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The words that say so, with who published them when and where, and whom their license names."""

    text: str
    publisher: str | None
    published: date
    url: str | None
    license: str | None
    credit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairState:
    """How a pair stands: ``first_reported`` and ``last_reported`` are of the quotes that say so.

    ``since`` is the day from which a quote says that it holds. ``aged`` says that nobody has told of it
    for long.
    """

    pair: str
    names: tuple[str, str]
    state: State
    contested: bool
    aged: bool
    since: date | None
    first_reported: date
    last_reported: date
    publishers: int
    quotes: int
    confidence: float
    quote: Quoted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a pair on a day: the state before and after, ``None`` where it had none, and a quote."""

    pair: str
    names: tuple[str, str]
    day: date
    before: State | None
    after: State | None
    quote: Quoted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The document ``states.json``: how all pairs stand."""

    as_of: date
    note: str
    pairs: tuple[PairState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDocument:
    """The document of a pair: how it stands, if it does, and what changed, the newest first."""

    as_of: date
    note: str
    pair: str
    names: tuple[str, str]
    state: PairState | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryDocument:
    """The document of a country: how its pairs stand, and what changed, the newest first."""

    as_of: date
    note: str
    country: str
    name: str
    pairs: tuple[PairState, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A country or pair that has documents: its code, its name, and where they lie beside the index."""

    code: str
    name: str
    json: str
    atom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The document ``index.json``: all documents; ``left_out`` pairs have none of their own."""

    as_of: date
    note: str
    states: str
    schema: str
    countries: tuple[Listed, ...]
    pairs: tuple[Listed, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Documents:
    """All documents, as their kinds; the schema describes this."""

    index: Index
    states: States
    pair: PairDocument
    country: CountryDocument


def run_publish(options: argparse.Namespace) -> int:
    """Write the documents of the seed, the news and the store as of today; tell how many."""
    today = date.today()  # noqa: DTZ011 - the reader's own day
    countries = load_gazetteer().countries
    names = {code: country.name for code, country in countries.items()}
    folders = (SEED_SEGMENTS, NEWS_SEGMENTS, options.store or find_store())
    store = open_store(folders, countries)
    held = queries.read_evidence(store.cursor(), None, as_of=today, known_on=today)
    folder = options.out or find_published()
    print(f"{write_documents(list_documents(held, names, today), folder):,} documents in {folder}.")
    return 0


def list_documents(
    held: Iterable[tuple[Pair, Sequence[Evidence]]], names: Mapping[CountryCode, str], today: date
) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of each document, as of a day.

    ``held`` is the evidence of each pair in the order of :func:`geo.states.settling.sort_evidence`.
    """
    found = [describe_pair(pair, evidence, names, today) for pair, evidence in held]
    states = [document.state for document in found if document.state]
    by_country: dict[str, list[PairDocument]] = defaultdict(list)
    for document in found:
        for code in document.pair.split("-"):
            by_country[code].append(document)
    newest = sorted(found, key=_find_newest, reverse=True)
    own = sorted(newest[:MOST_PAIRS], key=lambda document: document.pair)
    pairs, countries = [], []
    for document in own:
        name = " – ".join(document.names)
        listed = _list_document("pairs", document.pair, name)
        pairs.append(listed)
        yield listed.json, _dump(document)
        yield listed.atom, write_feed(document.pair, name, document.changes, today)
    for code, documents in sorted(by_country.items()):
        name = names.get(CountryCode(code), code)
        listed = _list_document("countries", code, name)
        countries.append(listed)
        country = describe_country(code, name, documents, today)
        yield listed.json, _dump(country)
        yield listed.atom, write_feed(code, name, country.changes, today)
    yield "states.json", _dump(States(as_of=today, note=NOTE, pairs=tuple(states)))
    yield "schema.json", write_schema()
    index = Index(
        as_of=today,
        note=NOTE,
        states="states.json",
        schema="schema.json",
        countries=tuple(countries),
        pairs=tuple(pairs),
        left_out=len(found) - len(own),
    )
    yield "index.json", _dump(index)


def describe_pair(
    pair: Pair, evidence: Sequence[Evidence], names: Mapping[CountryCode, str], today: date
) -> PairDocument:
    """Return how a pair stands and what changed, from its evidence up to a day."""
    code, called = "-".join(pair), (names.get(pair[0], pair[0]), names.get(pair[1], pair[1]))
    settled = settle_pair(pair, evidence, as_of=today)
    intervals = trace_rows(make_rows(evidence)[0], today)
    before = [None, *(interval.value for interval in intervals)]
    turns = list(zip(before, intervals, strict=False))[-MOST_CHANGES:]
    changes = []
    for old, interval in reversed(turns):
        then = settle_pair(
            pair,
            [
                one
                for one in evidence
                if one.begins <= interval.since and one.date_published <= today
            ],
            as_of=interval.since,
        )
        changes.append(
            Change(
                pair=code,
                names=called,
                day=interval.since,
                before=State(old) if old else None,
                after=State(interval.value) if interval.value else None,
                quote=choose_quote(then.supporting) if then and interval.value else None,
            )
        )
    return PairDocument(
        as_of=today,
        note=NOTE,
        pair=code,
        names=called,
        state=describe_state(settled, code, called) if settled else None,
        changes=tuple(changes),
    )


def describe_state(state: RelationState, code: str, names: tuple[str, str]) -> PairState:
    """Return a state with its best quote."""
    return PairState(
        pair=code,
        names=names,
        state=state.state,
        contested=state.contested,
        aged=state.aged,
        since=state.since if state.dated else None,
        first_reported=min(one.date_published for one in state.supporting),
        last_reported=state.reported,
        publishers=state.publishers,
        quotes=len(state.supporting),
        confidence=round(state.confidence, 4),
        quote=choose_quote(state.supporting),
    )


def describe_country(
    code: str, name: str, documents: Sequence[PairDocument], today: date
) -> CountryDocument:
    """Return how a country's pairs stand and what changed last in any of them."""
    changes = [change for document in documents for change in document.changes]
    changes.sort(key=lambda change: (change.day, change.pair), reverse=True)
    return CountryDocument(
        as_of=today,
        note=NOTE,
        country=code,
        name=name,
        pairs=tuple(document.state for document in documents if document.state),
        changes=tuple(changes[:MOST_CHANGES]),
    )


def choose_quote(supporting: Iterable[Evidence]) -> Quoted | None:
    """Return the first quote, which is the heaviest, that is not too long to be given whole."""
    for one in supporting:
        if len(one.relation.quote.exact) <= LONGEST_QUOTE:
            return Quoted(
                text=one.relation.quote.exact,
                publisher=one.publisher,
                published=one.date_published,
                url=_check_url(one.url),
                license=one.license,
                credit=one.credit,
            )
    return None


def write_feed(code: str, name: str, changes: Sequence[Change], today: date) -> bytes:
    """Return changes as an Atom feed (RFC 4287); texts of articles stand in it as plain text."""
    feed = ET.Element("feed", {"xmlns": ATOM})
    newest = max((change.day for change in changes), default=today)
    _add(feed, "id", _name(code))
    _add(feed, "title", f"Entente: {name}")
    _add(feed, "updated", _write_moment(newest))
    _add(ET.SubElement(feed, "author"), "name", "Entente")
    _add(feed, "rights", NOTE)
    ET.SubElement(feed, "link", {"rel": "self", "href": f"{code}.xml"})
    for change in changes:
        entry = ET.SubElement(feed, "entry")
        was = f" (before: {change.before.value})" if change.before else ""
        state = change.after.value if change.after else "no state"
        _add(entry, "id", _name(f"{change.pair} {change.day} {state}"))
        _add(entry, "title", f"{' – '.join(change.names)}: {state}{was}")
        _add(entry, "updated", _write_moment(change.day))
        # From app/static/out/pairs/ to the page of the pair.
        page = f"../../../../pair?pair={change.pair}&as_of={change.day}"
        ET.SubElement(entry, "link", {"rel": "alternate", "href": page})
        if change.quote:
            quote = change.quote
            told = (quote.publisher, str(quote.published), quote.license, quote.credit)
            _add(entry, "summary", f"“{quote.text}” {', '.join(part for part in told if part)}")
            if quote.url:
                ET.SubElement(entry, "link", {"rel": "via", "href": quote.url})
    content: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def write_schema() -> bytes:
    """Return the JSON schema (2020-12) of the documents; each is one of its definitions."""
    schema = make_adapter(Documents).json_schema(mode="serialization")
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(told, indent=1, sort_keys=True).encode()


def write_documents(documents: Iterable[tuple[str, bytes]], folder: Path) -> int:
    """Write documents into a folder, each whole or not at all, and take away those of pairs that have none.

    One that is there already is left alone. Returns how many there are. Raises :class:`StoreError` where
    the folder cannot be written.
    """
    written = set()
    try:
        for name, content in documents:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != content:
                _replace(path, content)
            written.add(path)
        for own in (folder / "pairs", folder / "countries"):
            for path in own.iterdir() if own.is_dir() else ():
                if _OWN.fullmatch(path.name) and path not in written:
                    path.unlink()
    except OSError as error:
        msg = f"The documents in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error
    return len(written)


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as sink:
        temporary = Path(sink.name)
        try:
            sink.write(content)
            sink.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _list_document(folder: str, code: str, name: str) -> Listed:
    return Listed(code=code, name=name, json=f"{folder}/{code}.json", atom=f"{folder}/{code}.xml")


def _find_newest(document: PairDocument) -> tuple[date, str]:
    days = [change.day for change in document.changes]
    days += [document.state.last_reported] if document.state else []
    return max(days, default=date.min), document.pair


def _dump(document: Any) -> bytes:
    kind: Any = type(document)
    content: bytes = make_adapter(kind).dump_json(document)
    return content


def _check_url(url: str | None) -> str | None:
    with suppress(FetchError):
        return read_address(url).url if url else None
    return None


def _name(text: str) -> str:
    """Return an address that stands for the same thing for ever (RFC 4287, section 4.2.6)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'entente:{text}')}"


def _write_moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NO_XML.sub(" ", text)
