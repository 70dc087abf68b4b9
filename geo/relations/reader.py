"""Relations: who stands how toward whom, and the sentence that says so.

The encoder weighs each pair of countries that a sentence and its context name. A state that it finds
probable becomes a relation with the sentence as its quote, verbatim; two countries that merely stand in one
sentence have none.
"""

import calendar
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from geo.records import Article, Mention, Quote, Relation, Sentence, Span, State
from geo.relations.encoder import Encoder, Judgment, Way, load_encoder
from geo.relations.pacts import find_pacts
from geo.relations.pairs import Headline, MarkedPair, list_pairs
from geo.relations.periods import find_period

# Below this probability nothing is said at all: near the highest F1 on the real dev sets.
LEAST_PROBABILITY = 0.4
# What is said of a region holds less surely of each of its countries.
REGION_SHARE = 0.85
# A sentence that names neither country is a hint at most, for a color has to open words that name one:
# no probability reaches the floor of color, .6, with it.
UNNAMED_SHARE = 0.6
# Characters of the text kept on either side of a quote, as the W3C Web Annotation model has them.
AROUND = 32
MOST_WORDS = 2
SHORTEST_WORD = 3
BOTH_NAMED = "both named in the sentence"
FROM_CONTEXT = "named just before"

# A condition is told of what is refused, threatened or offered. "Until March" is a time, and none.
_CONDITIONAL = frozenset({State.HOSTILE, State.REFUSES, State.PLEDGED, State.TALKS, State.TIES})
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_CONDITION = re.compile(
    rf"\b(?:until(?! (?:the end|the year|next|\d|{_MONTHS}))|unless|if|provided that|providing that|"
    r"on condition that|as long as)\s[^,.;:“”\"]{3,200}+"
)
_ASKED = re.compile(
    r"\b(?:ask|asks|asked|asking|wonder|wondered|see|know|decide|whether|even|as)\s*$"
)
_SAYING = r"(?:said|says|say|told|tells|reported|reports|claimed|claims|announced|announces|stated|states)"
_SPEAKER = re.compile(
    rf"\b[Aa]ccording to (?P<by>[^,.;:“”\"]{{2,80}}+)"
    rf"|(?:^|[,;:”\"] )(?P<name>(?:[\w’'.-]+ ){{1,8}}){_SAYING}\b"
)
# What may stand before a speaker, or in its place where the speaker was named before.
_JOINING = frozenset({"and", "but", "while", "as", "or", "who", "which", "that"})
# What may stand between a speaker and the verb of saying.
_HELPING = frozenset({"also", "had", "has", "have", "later", "then"})
# Words that carry no meaning of their own, so that another one is shown as what weighed most.
_EMPTY = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has",
        "have", "he", "in", "is", "it", "its", "of", "on", "or", "she", "that", "the", "their", "they",
        "this", "to", "was", "were", "which", "who", "will", "with",
    }
    | {name.casefold() for name in (*calendar.day_name, *calendar.month_name)}
)  # fmt: skip


def find_relations(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    headline: Headline | None = None,
    encoder: Encoder | None = None,
    least: float = LEAST_PROBABILITY,
) -> tuple[Relation, ...]:
    """The relations of an article in the order of their quotes.

    ``headline`` is the article's title with the countries that it names. The encoder is loaded when the
    first pair is there to be read.
    """
    pairs, weighed = itertools.tee(list_pairs(article.text, sentences, mentions, headline))
    first = next(pairs, None)
    if first is None:
        return ()
    judged = (encoder or load_encoder()).weigh(weighed, least)
    return tuple(
        _make_relation(article, pair, judgment)
        for pair, judgments in zip(itertools.chain([first], pairs), judged, strict=True)
        for judgment in judgments
    )


def _make_relation(article: Article, pair: MarkedPair, judgment: Judgment) -> Relation:
    quote = make_quote(article.text, pair.sentence)
    actor, recipient = pair.one, pair.other
    actor_span, recipient_span = pair.one_span, pair.other_span
    if judgment.way is Way.BACKWARD:
        actor, recipient = recipient, actor
        actor_span, recipient_span = recipient_span, actor_span
    spans = tuple(_choose_words(article.text, pair, judgment))
    named = bool(actor_span and recipient_span)
    key = f"{article.id}|{quote.start_char}|{actor}|{recipient}|{judgment.state}"
    return Relation(
        id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        article_id=article.id,
        actor=actor,
        recipient=recipient,
        directed=judgment.way is not Way.MUTUAL,
        event=judgment.event,
        state=judgment.state,
        modality=judgment.modality,
        condition=find_condition(quote.exact) if judgment.state in _CONDITIONAL else None,
        accord=next((accord for accord, _ in find_pacts(quote.exact)), None),
        attributed_to=_find_other_speaker(article.text, quote.exact, (actor_span, recipient_span)),
        confidence=round(judgment.probability * _find_share(pair), 3),
        cue=" ".join(article.text[start:end] for start, end in spans),
        rule=BOTH_NAMED if named else FROM_CONTEXT,
        quote=quote,
        cue_spans=spans,
        actor_span=actor_span,
        recipient_span=recipient_span,
        period=find_period(quote.exact, article.date_published),
    )


def _find_share(pair: MarkedPair) -> float:
    """The part of a probability that counts for a pair named in this way."""
    if not pair.one_span and not pair.other_span:
        return UNNAMED_SHARE
    return REGION_SHARE if pair.is_region else 1.0


def make_quote(text: str, sentence: Sentence) -> Quote:
    """A sentence as a quote, with some of the text on either side."""
    start, end = sentence.start_char, sentence.end_char
    return Quote(
        exact=text[start:end],
        start_char=start,
        end_char=end,
        prefix=text[max(0, start - AROUND) : start],
        suffix=text[end : end + AROUND],
    )


def find_condition(sentence: str) -> str | None:
    """The words of the condition that a sentence sets ("until Israel acknowledges a state"), if any."""
    for match in _CONDITION.finditer(sentence):
        if not _ASKED.search(sentence[max(0, match.start() - 12) : match.start()]):
            return " ".join(match.group().split())
    return None


def find_speaker(sentence: str) -> str | None:
    """Whose words a sentence reports, where a verb of saying or "according to" tells it."""
    match = _SPEAKER.search(sentence)
    words = (match["by"] or match["name"]).split() if match else []
    while words and words[-1] in _HELPING:
        words.pop()
    while words and words[0] in _JOINING:
        words.pop(0)
    return " ".join(words) or None


def _find_other_speaker(text: str, sentence: str, parties: Iterable[Span | None]) -> str | None:
    """Whose words a sentence reports, unless it is one of the parties that speaks for itself."""
    speaker = find_speaker(sentence)
    named = [text[slice(*span)] for span in parties if span]
    return None if speaker and any(name in speaker for name in named) else speaker


def _choose_words(text: str, pair: MarkedPair, judgment: Judgment) -> Iterator[Span]:
    """Yield where the words stand that weighed most: whole words, no names of the parties, none empty."""
    taken: set[Span] = {span for span in (pair.one_span, pair.other_span) if span}
    chosen: list[Span] = []
    for begin, stop in judgment.words:
        known = [origin for origin in pair.origins[begin:stop] if origin >= 0]
        if not known:
            continue
        start, end = known[0], known[-1] + 1
        while start > pair.sentence.start_char and text[start - 1].isalnum():
            start -= 1
        while end < pair.sentence.end_char and text[end].isalnum():
            end += 1
        word = text[start:end]
        if len(word) < SHORTEST_WORD or not word.isalpha() or word.casefold() in _EMPTY:
            continue
        if any(start < last and first < end for first, last in taken):
            continue
        taken.add((start, end))
        chosen.append((start, end))
        if len(chosen) == MOST_WORDS:
            break
    yield from sorted(chosen)
