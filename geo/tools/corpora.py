"""Corpora of others: the stages scored on PLOVER's records and on the places of GeoVirus."""

import json
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from geo.edition import extract_article
from geo.errors import UnknownCountry
from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article, CountryCode, Event, MentionKind, Span, pair_of
from geo.tools.scores import FLOOR, Scores, drop_weak

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


def score_plover(path: Path, floor: float = FLOOR) -> Scores:
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
                for party in record.get(side, ())
                if isinstance(party, dict)
                for stated in [str(party.get("code"))]
                for code in [PLOVER_CODES.get(stated, stated)]
                if code in countries
            ]
            for side in ("source", "target")
        )
        labeled = {
            pair_of(one, other) for one in sources for other in targets or sources if one != other
        }
        quad = QUADS[PLOVER_ROOTS.get(record["event"]) or Event(record["event"])]
        article = Article(id="record", text=record["text"])
        relations = drop_weak(extract_article(article), floor).relations
        pairs = {relation.pair for relation in relations}
        scores.tally("pair").add(pairs, labeled)
        quads = {(relation.pair, QUADS[relation.event]) for relation in relations}
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
        for location in article.iter("location"):
            # Offsets count from one.
            start, end = (int(location.findtext(name, "1")) - 1 for name in ("start", "end"))
            code = _find_page_country(location.findtext("page") or "")
            if code is None:
                unknown.append((start, end))
            else:
                labeled.add(((start, end), code))
        sentences = split_sentences(text)
        mentions = find_mentions(Article(id="geovirus", text=text), sentences, load_gazetteer())
        found = {
            (span, mention.country)
            for mention in mentions
            for span in [(mention.start_char, mention.end_char)]
            if mention.counted
            and mention.kind in PLACES
            and not any(_overlap(span, place) for place in unknown)
        }
        tally = scores.tally("places of countries")
        right = {label for label in labeled if any(_agree(label, place) for place in found)}
        tally.right += len(right)
        tally.missed += len(labeled - right)
        tally.wrong += sum(not any(_agree(label, place) for label in labeled) for place in found)
    return scores


def _agree(one: tuple[Span, CountryCode], other: tuple[Span, CountryCode]) -> bool:
    return one[1] == other[1] and _overlap(one[0], other[0])


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
    mentions = find_mentions(
        Article(id="page", text=title), split_sentences(f"{title}."), gazetteer
    )
    cities = {MentionKind.CAPITAL, MentionKind.CITY}
    codes = {mention.country for mention in mentions if mention.kind in cities}
    return codes.pop() if len(codes) == 1 else None
