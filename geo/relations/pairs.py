"""Pairs of countries that a sentence may speak of, with the text that the encoder is given for each.

A party is marked where it is named: :data:`ONE` for the one named first, :data:`OTHER` for the other,
:data:`FURTHER` for any further country. Countries of the headline and of the sentence before are parties
too where a sentence names at most two itself, since "he accused the neighbor" speaks of countries that it
does not name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from geo.records import CountryCode, Mention, MentionKind, Sentence, Span

# Characters for private use, so that no text from outside can hold a mark: there they count as white space.
ONE, OTHER, FURTHER = "\ue000", "\ue001", "\ue002"
MARKS = (ONE, OTHER, FURTHER)
# Parties from context beside one that the sentence names; beside two there is room for one less.
MOST_CONTEXT = 3
# Pairs that are read of one sentence: the seven countries of a list and all their pairs.
MOST_PAIRS = 28
# Below this a mention is too unsure to be a party: members of an ethnic group, a name without its date.
LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class MarkedPair:
    """Two countries and the sentence that may relate them, as the encoder reads it.

    ``one`` is the party named first. ``one_span`` and ``other_span`` are where the sentence names them,
    ``None`` where it does not, and ``is_region`` whether one of them stands there as a member of a region;
    ``origins`` holds for each character of ``text`` its offset in the article,
    -1 for marks and folded white space.
    """

    sentence: Sentence
    one: CountryCode
    other: CountryCode
    one_span: Span | None
    other_span: Span | None
    is_region: bool
    text: str
    context: str
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The title of an article, or the topic of an item without one, with the countries that it names."""

    text: str
    mentions: tuple[Mention, ...]
    is_topic: bool = False


def list_pairs(
    text: str,
    sentences: Sequence[Sentence],
    mentions: Iterable[Mention],
    headline: Headline | None = None,
) -> Iterator[MarkedPair]:
    """Pairs of each sentence that is evidence, at most :data:`MOST_PAIRS` a sentence, in order."""
    evidence = [sentence for sentence in sentences if sentence.is_evidence]
    held = _group_mentions(evidence, _choose_parties(mentions))
    titled = list(headline.mentions) if headline else []
    for at, sentence in enumerate(evidence):
        here = _list_countries(held[at])
        before = _list_countries(held[at - 1]) if at else []
        named = _list_countries(titled)
        if headline and headline.is_topic and len(here) > 1:
            # A topic stands above many items: where one names two countries, a third from there is none.
            named = []
        context = [code for code in dict.fromkeys([*before, *named]) if code not in here]
        for one, other in _choose_pairs(here, before, named, context)[:MOST_PAIRS]:
            marks = {one: ONE, other: OTHER}
            marked, origins = mark_parties(
                text, sentence.start_char, sentence.end_char, held[at], marks
            )
            around = []
            if headline:
                around.append(mark_parties(headline.text, 0, len(headline.text), titled, marks)[0])
            if at:
                last = evidence[at - 1]
                around.append(
                    mark_parties(text, last.start_char, last.end_char, held[at - 1], marks)[0]
                )
            found = {code: _find_best(held[at], code) for code in (one, other)}
            yield MarkedPair(
                sentence=sentence,
                one=one,
                other=other,
                one_span=_find_span(found[one]),
                other_span=_find_span(found[other]),
                is_region=any(
                    mention is not None and mention.kind is MentionKind.REGION
                    for mention in found.values()
                ),
                text=marked,
                context=" . ".join(around),
                origins=origins,
            )


def list_crowded(
    sentences: Sequence[Sentence], mentions: Iterable[Mention]
) -> Iterator[tuple[Sentence, int]]:
    """Yield each sentence that has more than :data:`MOST_PAIRS` pairs, and the number of its countries."""
    evidence = [sentence for sentence in sentences if sentence.is_evidence]
    for sentence, held in zip(
        evidence, _group_mentions(evidence, _choose_parties(mentions)), strict=True
    ):
        number = len(_list_countries(held))
        if number * (number - 1) // 2 > MOST_PAIRS:
            yield sentence, number


def mark_parties(
    text: str,
    start: int,
    end: int,
    mentions: Iterable[Mention],
    marks: Mapping[CountryCode, str],
) -> tuple[str, tuple[int, ...]]:
    """A slice of a text with a mark before each mention and white space folded, and its origins."""
    standing: dict[Span, set[str]] = {}
    for mention in mentions:
        mark = marks.get(mention.country, FURTHER)
        standing.setdefault((mention.start_char, mention.end_char), set()).add(mark)
    pieces: list[str] = []
    origins: list[int] = []

    def write(words: str, origin: int | None) -> None:
        for offset, letter in enumerate(words):
            if letter.isspace() or (origin is not None and letter in MARKS):
                if pieces and pieces[-1] != " ":
                    pieces.append(" ")
                    origins.append(-1)
                continue
            pieces.append(letter)
            origins.append(-1 if origin is None else origin + offset)

    at = start
    for (begin, stop), found in sorted(standing.items()):
        if begin < at:
            continue
        write(text[at:begin], at)
        # A span of two parties ("both countries") has both marks, one of others none beside them.
        write(" ".join(sorted(found - {FURTHER}) or [FURTHER]) + " ", None)
        write(text[begin:stop], begin)
        at = stop
    write(text[at:end], at)
    while pieces and pieces[-1] == " ":
        pieces.pop()
        origins.pop()
    return "".join(pieces), tuple(origins)


def _choose_parties(mentions: Iterable[Mention]) -> list[Mention]:
    return [
        mention
        for mention in mentions
        if mention.counted and mention.confidence >= LEAST_CONFIDENCE
    ]


def _choose_pairs(
    here: Sequence[CountryCode],
    before: Sequence[CountryCode],
    named: Sequence[CountryCode],
    context: Sequence[CountryCode],
) -> list[tuple[CountryCode, CountryCode]]:
    """Pairs of the countries of a sentence, then with those of its context, the one named first first."""
    if not here:
        # "The ministers agreed to meet again" speaks of the two that were named just before.
        around = before if len(before) > 1 else named
        return [(around[0], around[1])] if len(around) > 1 else []
    pairs = [(one, other) for at, one in enumerate(here) for other in here[at + 1 :]]
    if len(here) <= 2:
        room = MOST_CONTEXT + 1 - len(here)
        pairs += [(one, other) for one in here for other in context[:room]]
    return pairs


def _group_mentions(
    sentences: Sequence[Sentence], mentions: Iterable[Mention]
) -> list[list[Mention]]:
    """Mentions by the sentence in which they stand; both come in the order of the text."""
    groups: list[list[Mention]] = [[] for _ in sentences]
    at = 0
    for mention in sorted(mentions, key=lambda mention: mention.start_char):
        while at < len(sentences) and sentences[at].end_char <= mention.start_char:
            at += 1
        if at < len(sentences) and sentences[at].start_char <= mention.start_char:
            if mention.end_char <= sentences[at].end_char:
                groups[at].append(mention)
    return groups


def _list_countries(mentions: Iterable[Mention]) -> list[CountryCode]:
    return list(dict.fromkeys(mention.country for mention in mentions))


def _find_best(mentions: Iterable[Mention], code: CountryCode) -> Mention | None:
    named = [mention for mention in mentions if mention.country == code]
    return max(named, key=lambda mention: mention.confidence, default=None)


def _find_span(mention: Mention | None) -> Span | None:
    return (mention.start_char, mention.end_char) if mention else None
