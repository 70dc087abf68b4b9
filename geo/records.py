"""The frozen records and vocabularies that the stages hand to each other.

The terms are those of the relation ontology: who stands how toward whom, in which state, and which
words of which article say so. Offsets count Unicode code points, start included and end not, as in
the W3C Web Annotation text position selector, so that ``text[start_char:end_char]`` is the slice.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

CountryCode = NewType("CountryCode", str)
Span = tuple[int, int]


class Event(StrEnum):
    """The sixteen roots of PLOVER, the Political Language Ontology for Verifiable Event Records."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


class State(StrEnum):
    """The ten states of a pair, in the order from worst to best."""

    WAR = "war"
    HOSTILE = "hostile"
    DISPUTE = "dispute"
    REFUSES = "refuses"
    TRUCE = "truce"
    TALKS = "talks"
    PLEDGED = "pledged"
    TIES = "ties"
    PARTNERS = "partners"
    ALLIED = "allied"


class Modality(StrEnum):
    """How firmly a text stands behind a relation."""

    ASSERTED = "asserted"
    POSSIBLE = "possible"
    DENIED = "denied"
    PAST = "past"


class Place(StrEnum):
    """A country's place in an accord."""

    MEMBER = "member"
    JOINING = "joining"
    APPROACHED = "approached"
    PLEDGED = "pledged"
    REFUSES = "refuses"
    LEFT = "left"
    SPONSOR = "sponsor"


# A place that stands higher is shown where the quotes of one day say several.
PLACE_RANK = (
    Place.MEMBER,
    Place.LEFT,
    Place.JOINING,
    Place.PLEDGED,
    Place.REFUSES,
    Place.APPROACHED,
    Place.SPONSOR,
)


class Turn(StrEnum):
    """What became of a pair, in the order in which a reader wants to know it."""

    WORSENED = "worsened"
    CONTESTED = "contested"
    IMPROVED = "improved"
    NEW = "new"
    GONE = "gone"
    SAME = "same"


class MentionKind(StrEnum):
    """The kinds of words that stand for a country."""

    NAME = "name"
    DEMONYM = "demonym"
    ABBREVIATION = "abbreviation"
    FORMER = "former"
    CAPITAL = "capital"
    CITY = "city"
    LEADER = "leader"
    INSTITUTION = "institution"
    METONYM = "metonym"
    REGION = "region"
    COREFERENCE = "coreference"


class DateBasis(StrEnum):
    """Where an article's date comes from."""

    STATED = "stated"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class SentenceKind(StrEnum):
    """What a stretch of an article is; a headline and what stands in the body are evidence."""

    HEADLINE = "headline"
    BODY = "body"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"


class Outcome(StrEnum):
    """Name what came of asking an address for something."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    UNKNOWN_HOST = "unknown host"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    BROKEN = "broken"
    TOO_LARGE = "too large"
    WRONG_KIND = "wrong kind"
    REDIRECTS = "redirects"
    CLOSED = "closed"
    MISSING = "missing"
    GONE = "gone"
    BUSY = "busy"
    FAILED = "failed"
    ROBOTS = "robots"
    NO_FEED = "no feed"


class PublisherKind(StrEnum):
    """Name what a publisher is: who decides what it says."""

    AGENCY = "agency"
    STATE = "state"
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Hold who publishes: a name, the country where it sits, its main language (ISO 639-1) and its kind."""

    name: str
    country: CountryCode
    language: str
    kind: PublisherKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An outlet that an article names as its source, with the address of the report."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as it was read; the text is never changed afterwards.

    ``topics`` are the headings that it stood under, outermost first. ``source`` names the page, feed or
    archive that it was taken from, and ``revision`` which state of that: a later one has a higher number.
    ``credit`` is whom the license asks to name. ``signature`` holds numbers of which near copies of one
    report share some (:mod:`geo.reading.copies`).
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    date_published: date | None = None
    date_basis: DateBasis = DateBasis.UNKNOWN
    date_note: str | None = None
    license: str | None = None
    credit: str | None = None
    topics: tuple[str, ...] = ()
    cited: tuple[Citation, ...] = ()
    source: str | None = None
    revision: int | None = None
    signature: tuple[int, ...] = ()

    @property
    def content_hash(self) -> str:
        """Return the SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Skipped:
    """The name of a source that gave no article, and the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, headline, heading or line of boilerplate as a slice of an article."""

    start_char: int
    end_char: int
    kind: SentenceKind

    @property
    def is_evidence(self) -> bool:
        """Whether what it says counts as said by the article."""
        return self.kind in {SentenceKind.BODY, SentenceKind.HEADLINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place where an article names a country.

    A region that names several countries yields one mention for each, over the same slice. A mention
    that is not ``counted`` stands inside the name of a company, team, law or the like.
    """

    country: CountryCode
    text: str
    kind: MentionKind
    start_char: int
    end_char: int
    counted: bool = True
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim words of an article, with some of the text on either side."""

    exact: str
    start_char: int
    end_char: int
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The first and last day on which the words of a text say that something took place."""

    start: date
    end: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A statement: an actor stands, toward a recipient, in a state, and a quote says so.

    ``cue`` holds the words that decided and ``cue_spans`` where in the article they stand; ``rule``
    names the path from those words to the two countries. A span of a country is ``None`` where the
    quote itself does not name it; ``period`` is ``None`` where the text does not say when.
    """

    id: str
    article_id: str
    actor: CountryCode
    recipient: CountryCode
    directed: bool
    event: Event
    state: State
    modality: Modality
    condition: str | None
    accord: str | None
    attributed_to: str | None
    confidence: float
    cue: str
    rule: str
    quote: Quote
    cue_spans: tuple[Span, ...] = ()
    actor_span: Span | None = None
    recipient_span: Span | None = None
    period: Period | None = None

    @property
    def pair(self) -> "Pair":
        """Return the two countries as an unordered pair."""
        return pair_of(self.actor, self.recipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccordPlace:
    """A statement of a country's place in a named accord, with its quote."""

    article_id: str
    accord: str
    country: CountryCode
    place: Place
    modality: Modality
    condition: str | None
    confidence: float
    cue: str
    rule: str
    quote: Quote


Pair = tuple[CountryCode, CountryCode]


def pair_of(one: CountryCode, other: CountryCode) -> Pair:
    """Return two country codes as a pair in alphabetical order."""
    return (one, other) if one <= other else (other, one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was read from one article; ``skipped`` says why where nothing could be."""

    article: Article
    skipped: str | None = None
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    accords: tuple[AccordPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A relation together with when, by whom and where it was published."""

    relation: Relation
    date_published: date
    date_basis: DateBasis
    publisher: str | None
    title: str | None
    url: str | None
    license: str | None = None
    credit: str | None = None
    date_note: str | None = None
    signature: tuple[int, ...] = ()

    @property
    def begins(self) -> date:
        """Return the first day that it tells of: that of its deed, or of its article."""
        period = self.relation.period
        return period.start if period else self.date_published

    @property
    def ends(self) -> date:
        """Return the last day that its deed took, or that of its article."""
        period = self.relation.period
        return period.end if period else self.date_published


@dataclass(frozen=True, slots=True, kw_only=True)
class AccordEvidence:
    """A country's place in an accord together with when and by whom it was published."""

    place: AccordPlace
    date_published: date
    publisher: str | None
    date_basis: DateBasis = DateBasis.STATED
    date_note: str | None = None
    title: str | None = None
    url: str | None = None
    license: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationState:
    """What a pair's evidence adds up to as of a date.

    ``since`` is the day on which the oldest quote that counts was published or, where it is ``dated``, the
    start of the state that a quote gives. ``reported`` is the day of the newest. A state is ``aged`` when
    nobody has told of it for longer than one article holds; that is shown paler, and ends nothing.
    ``supporting`` carries the state, ``opposing`` says otherwise, ``aside`` holds what the rules leave
    out of the decision (denied, past and the like); together they are all of the pair's evidence.
    Raises ``ValueError`` where nothing supports the state: no evidence, no state.
    """

    pair: Pair
    state: State
    as_of: date
    since: date
    dated: bool
    reported: date
    aged: bool
    rule: str
    reason: str
    contested: bool
    publishers: int
    confidence: float
    supporting: tuple[Evidence, ...]
    opposing: tuple[Evidence, ...] = ()
    aside: tuple[Evidence, ...] = ()
    runner_up: State | None = None

    def __post_init__(self) -> None:
        """Refuse a state that nothing supports."""
        if not self.supporting:
            msg = f"a state of {'-'.join(self.pair)} needs at least one supporting relation"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time in which a pair's state, or a country's place, stayed the same.

    ``value`` is the code of the state or place, ``None`` where there was evidence before and none that
    counts now. ``until`` is the first
    day on which it no longer held, ``None`` where it holds at the end of what was asked; ``ending`` names
    the rule of ``rules.csv`` that tells why.
    """

    value: str | None
    since: date
    until: date | None
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccordState:
    """A country's place in an accord as of a date, with the quotes for it and the others."""

    accord: str
    country: CountryCode
    place: Place
    as_of: date
    since: date
    rule: str
    supporting: tuple[AccordEvidence, ...]
    others: tuple[AccordEvidence, ...] = field(default=())
