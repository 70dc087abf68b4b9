"""Short articles with their extractions, made by hand: what the tests of the pages show."""

from collections.abc import Iterable
from datetime import date

from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.records import (
    AccordEvidence,
    AccordPlace,
    AccordState,
    Article,
    CountryCode,
    DateBasis,
    Event,
    Evidence,
    Extraction,
    Mention,
    MentionKind,
    Modality,
    Pair,
    Place,
    Quote,
    Relation,
    RelationState,
    Sentence,
    SentenceKind,
    State,
)
from geo.store.cache import Store, hold_extractions
from geo.store.queries import Listing, Search, search_articles
from geo.web.context import Context
from geo.web.links import link_to_quote

NORWAY, SWEDEN, BAHRAIN, MALTA = (CountryCode(code) for code in ("NOR", "SWE", "BHR", "MLT"))
LINES = (
    "Harbor notes",
    "Norway signed a fishing pact with Sweden.",
    "Bahrain will not receive Norway until Norway pays its debts & <fines>.",
    "Bahrain joined the Harbor Pact.",
    "A ship of Malta Lines passed.",
    "(Reporting by A. Writer)",
)
TEXT = "\n\n".join(LINES)
HOSTILE = '<img src=x onerror="window.top.pwned=1"><script>window.top.pwned=1</script>'


def find_span(words: str, text: str = TEXT) -> tuple[int, int]:
    """Return where some words stand first in a text."""
    at = text.index(words)
    return at, at + len(words)


def quote_line(line: str, text: str = TEXT) -> Quote:
    """Return a line of a text as a quote."""
    start, end = find_span(line, text)
    return Quote(exact=line, start_char=start, end_char=end, prefix=text[max(0, start - 9) : start])


def make_article(**changes: object) -> Article:
    """Return the article, with some fields changed."""
    fields: dict[str, object] = {
        "id": "harbor-1",
        "text": TEXT,
        "title": "Harbor notes",
        "url": "https://news.example/harbor",
        "publisher": "The Harbor",
        "date_published": date(2024, 5, 17),
        "date_basis": DateBasis.INFERRED,
        "date_note": "The text speaks of Whit Friday",
    }
    return Article(**(fields | changes))  # type: ignore[arg-type]


def make_relation(article_id: str = "harbor-1", **changes: object) -> Relation:
    """Return that Bahrain refuses Norway, with some fields changed."""
    line = LINES[2]
    start, _ = find_span(line)
    fields: dict[str, object] = {
        "id": "r-refuses",
        "article_id": article_id,
        "actor": BAHRAIN,
        "recipient": NORWAY,
        "directed": True,
        "event": Event.REJECT,
        "state": State.REFUSES,
        "modality": Modality.ASSERTED,
        "condition": "until Norway pays its debts & <fines>",
        "accord": None,
        "attributed_to": None,
        "confidence": 0.9,
        "cue": "not receive",
        "rule": "subject and object of a refused act",
        "quote": quote_line(line),
        "cue_spans": (
            (start + line.index("not"), start + line.index("not") + 3),
            (start + line.index("receive"), start + line.index("receive") + 7),
        ),
        "actor_span": (start, start + 7),
        "recipient_span": (start + line.index("Norway"), start + line.index("Norway") + 6),
    }
    return Relation(**(fields | changes))  # type: ignore[arg-type]


def make_extraction(**changes: object) -> Extraction:
    """Return what is read from the article; ``changes`` are those of the article."""
    article = make_article(**changes)
    start, _ = find_span(LINES[1])
    signed = make_relation(
        article.id,
        id="r-ties",
        actor=NORWAY,
        recipient=SWEDEN,
        directed=False,
        event=Event.COOPERATE,
        state=State.TIES,
        condition=None,
        cue="signed pact",
        quote=quote_line(LINES[1]),
        cue_spans=((start + 7, start + 13),),
        actor_span=(start, start + 6),
        recipient_span=find_span("Sweden"),
    )
    mentions = [
        Mention(
            country=code,
            text=words,
            kind=MentionKind.NAME,
            start_char=at + offset,
            end_char=at + offset + len(words),
            counted=words != "Malta",
        )
        for line in LINES
        for at in [find_span(line)[0]]
        for code, words in (
            (NORWAY, "Norway"),
            (SWEDEN, "Sweden"),
            (BAHRAIN, "Bahrain"),
            (MALTA, "Malta"),
        )
        for offset in [line.find(words)]
        if offset >= 0
    ]
    kinds = [SentenceKind.HEADING, *[SentenceKind.BODY] * 4, SentenceKind.BOILERPLATE]
    return Extraction(
        article=article,
        sentences=tuple(
            Sentence(start_char=find_span(line)[0], end_char=find_span(line)[1], kind=kind)
            for line, kind in zip(LINES, kinds, strict=True)
        ),
        mentions=tuple(sorted(mentions, key=lambda mention: mention.start_char)),
        relations=(signed, make_relation(article.id)),
        accords=(make_place(article.id),),
    )


def make_place(article_id: str = "harbor-1") -> AccordPlace:
    """Return that Bahrain is a member of the Harbor Pact."""
    return AccordPlace(
        article_id=article_id,
        accord="Harbor Pact",
        country=BAHRAIN,
        place=Place.MEMBER,
        modality=Modality.ASSERTED,
        condition=None,
        confidence=0.9,
        cue="joined",
        rule="subject of joining",
        quote=quote_line(LINES[3]),
    )


def make_evidence(relation: Relation | None = None, **changes: object) -> Evidence:
    """Return a relation as evidence, with some fields changed."""
    fields: dict[str, object] = {
        "relation": relation or make_relation(),
        "date_published": date(2024, 5, 17),
        "date_basis": DateBasis.INFERRED,
        "date_note": "The text speaks of Whit Friday",
        "publisher": "The Harbor",
        "title": "Harbor notes",
        "url": "https://news.example/harbor",
    }
    return Evidence(**(fields | changes))  # type: ignore[arg-type]


def make_state(**changes: object) -> RelationState:
    """Return the state of Bahrain and Norway, with some fields changed."""
    evidence = make_evidence()
    fields: dict[str, object] = {
        "pair": evidence.relation.pair,
        "state": evidence.relation.state,
        "as_of": date(2024, 6, 1),
        "since": date(2024, 5, 17),
        "dated": False,
        "reported": date(2024, 5, 17),
        "aged": False,
        "rule": "newest",
        "reason": "The newest statement decides",
        "contested": False,
        "publishers": 1,
        "confidence": 0.9,
        "supporting": (evidence,),
    }
    return RelationState(**(fields | changes))  # type: ignore[arg-type]


def make_accord_state() -> AccordState:
    """Return Bahrain's place in the Harbor Pact."""
    return AccordState(
        accord="Harbor Pact",
        country=BAHRAIN,
        place=Place.MEMBER,
        as_of=date(2024, 6, 1),
        since=date(2024, 5, 17),
        rule="newest",
        supporting=(
            AccordEvidence(
                place=make_place(),
                date_published=date(2024, 5, 17),
                date_basis=DateBasis.INFERRED,
                publisher="The Harbor",
            ),
        ),
    )


def pair_states(*states: RelationState) -> dict[Pair, State]:
    """Return states by pair, as a ledger settles them."""
    return {state.pair: state.state for state in states}


def hold(extractions: Iterable[Extraction]) -> Store:
    """Return a store of some extractions in memory."""
    return hold_extractions(extractions, load_gazetteer().countries)


def list_all(extractions: Iterable[Extraction]) -> list[Listing]:
    """Return the articles as the page of articles lists them."""
    return search_articles(hold(extractions).cursor(), Search(), most=100)[0]


def make_context() -> Context:
    """Return what a page needs beside the evidence."""
    return Context(
        names={code: item.name for code, item in load_gazetteer().countries.items()},
        palette=load_palette(),
        link_quote=link_to_quote,
    )
