"""Places: each country's place in a named pact, and the sentence that says so.

The cues are patterns in ``data/relations/place_cues.tsv`` over a sentence in which a sign stands for the
pact, for the party in question and for other countries. The first row that fits tells the place, so that a
refusal or a plan goes before what is refused or planned. A region does not say which of its countries
joined, and to be named in one sentence with a pact says nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from geo.paths import DATA
from geo.records import AccordPlace, Article, Mention, MentionKind, Modality, Place, Sentence, Span
from geo.relations.pacts import find_pacts
from geo.relations.reader import find_condition, make_quote
from geo.tables import Pattern, read_table

CONFIDENCE = 0.7
PACT, PARTY, OTHER = "¤", "§", "†"
_LISTED = rf"(?:(?:, |,? and |, and |,? as well as )(?:the )?[{OTHER}{PARTY}])*+"
# A firm, a team or rebels of a country do not sign for it.
_NOT_STATE = (
    r"(?! (?:\w+ ){0,2}?"
    r"(?:firm|compan|airline|bank|club|team|player|singer|writer|business|rebel|farmer)\w*)"
)
_FILL = {
    "{party}": rf"(?:the )?{PARTY}{_NOT_STATE}{_LISTED}",
    "{list}": rf" (?:the )?(?:[{OTHER}{PARTY}](?: ?\([^)]{{1,12}}+\))?(?:, |,? and |, and )(?:the )?)*?",
    "{pact}": PACT,
    "{gap}": r"[^.;]{0,70}?",
}
# Longer sentences are not searched: patterns with gaps cost the square of the length.
LONGEST = 600


def _fill(cell: str) -> str:
    for name, words in _FILL.items():
        cell = cell.replace(name, words)
    return cell


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCue:
    """A row of ``place_cues.tsv``: what a pattern around pact and party tells."""

    place: Place
    modality: Modality
    pattern: Annotated[Pattern, BeforeValidator(_fill)]
    example: str
    expected: str


@lru_cache(maxsize=1)
def load_place_cues(folder: Path = DATA / "relations") -> tuple[PlaceCue, ...]:
    """The rows of ``place_cues.tsv`` in order; raises :class:`DataError` for a wrong row."""
    return tuple(read_table(folder / "place_cues.tsv", PlaceCue))


def find_places(
    article: Article, sentences: Sequence[Sentence], mentions: Iterable[Mention]
) -> tuple[AccordPlace, ...]:
    """The places in pacts that an article tells, in the order of their quotes."""
    counted = (
        mention
        for mention in mentions
        if mention.counted and mention.kind is not MentionKind.REGION
    )
    named = sorted(counted, key=lambda mention: mention.start_char)
    starts = [mention.start_char for mention in named]
    return tuple(
        place
        for sentence in sentences
        if sentence.is_evidence and sentence.end_char - sentence.start_char <= LONGEST
        for inside in [
            slice(*(bisect_left(starts, at) for at in (sentence.start_char, sentence.end_char)))
        ]
        for place in _read_sentence(article, sentence, named[inside])
    )


def _read_sentence(
    article: Article, sentence: Sentence, mentions: Sequence[Mention]
) -> Iterator[AccordPlace]:
    start, end = sentence.start_char, sentence.end_char
    exact = article.text[start:end]
    here = [mention for mention in mentions if mention.end_char <= end]
    pacts = list(find_pacts(exact)) if here else []
    for accord in dict.fromkeys(name for name, _ in pacts):
        spans = [(start + begin, start + stop) for name, (begin, stop) in pacts if name == accord]
        for country in dict.fromkeys(mention.country for mention in here):
            signed = _write_signs(article.text, sentence, spans, here, country)
            found = next(
                (
                    (cue, match)
                    for cue in load_place_cues()
                    if (match := cue.pattern.search(signed)) is not None
                ),
                None,
            )
            if found is None:
                continue
            cue, match = found
            words = [word for word in re.findall(r"[^\W\d_]{3,}", match.group()) if word in exact]
            yield AccordPlace(
                article_id=article.id,
                accord=accord,
                country=country,
                place=cue.place,
                modality=cue.modality,
                condition=find_condition(exact),
                confidence=CONFIDENCE,
                cue=_choose_word(cue, words),
                rule="words around pact and party",
                quote=make_quote(article.text, sentence),
            )


def _write_signs(
    text: str, sentence: Sentence, pacts: Sequence[Span], mentions: Sequence[Mention], country: str
) -> str:
    """The sentence with signs in place of the pact, the party and other countries, white space folded."""
    signs: dict[Span, str] = dict.fromkeys(pacts, PACT)
    for mention in mentions:
        span = mention.start_char, mention.end_char
        if any(begin <= span[0] and span[1] <= stop for begin, stop in pacts):
            continue
        if mention.country == country:
            signs[span] = PARTY
        else:
            signs.setdefault(span, OTHER)
    pieces: list[str] = []
    at = sentence.start_char
    for (begin, stop), sign in sorted(signs.items()):
        if begin < at:
            continue
        pieces.extend((text[at:begin], sign))
        at = stop
    pieces.append(text[at : sentence.end_char])
    return " ".join("".join(pieces).split())


def _choose_word(cue: PlaceCue, words: Sequence[str]) -> str:
    """The word of a match that the pattern asks for, so that the quote can mark it."""
    asked = cue.pattern.pattern
    return next((word for word in words if word[:5].rstrip("s") in asked), "")
