"""Discourse: what an article has named up to a place, which is what its words can point back to."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from geo.mentions.gazetteer import Gazetteer, split_words
from geo.records import CountryCode, Mention, MentionKind, Sentence, SentenceKind, Span

REACH = 3
SUBJECT_WORDS = 5
MOST_WORDS_BEFORE_SUBJECT = 2
CLOSE_WORDS = 6
FARTHEST = 200
# How often each of two countries is named before "both" may stand for them from afar.
LEAST_DOMINANT = 2

Countries = frozenset[CountryCode]
WORD = re.compile(r"[^\W_]+")
OFFICE = re.compile(r"(?:['’]s)?(?<!\s)\s++administration\b", re.IGNORECASE)
_JOINS = re.compile(
    r"(?:['’]s)?(?:\s++\w++)?(?:(?:\s*+,)?+\s++and|\s*+&)\s++(?:the\s+)?", re.IGNORECASE
)


class Named(NamedTuple):
    """The mentions of one sentence, those found by pointing back included."""

    sentence: Sentence
    mentions: list[Mention]

    @property
    def countries(self) -> Countries:
        """The countries that the mentions stand for."""
        return frozenset(mention.country for mention in self.mentions)


class Discourse:
    """The sentence that is read and what the last few before it named.

    ``before`` are those sentences, ``here`` is this one. ``by_form`` holds the country named last with
    each form of state, ``administrations`` those whose administration was named, and ``counts`` how
    often each country was named before this sentence.
    """

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        """Begin before the first sentence."""
        self.text = text
        self.gazetteer = gazetteer
        self.before: list[Named] = []
        self.here = Named(Sentence(start_char=0, end_char=0, kind=SentenceKind.BODY), [])
        self.by_form: dict[str, CountryCode] = {}
        self.administrations: Countries = frozenset()
        self.counts: Counter[CountryCode] = Counter()

    def open_sentence(self, sentence: Sentence, mentions: list[Mention]) -> None:
        """Move on to a sentence and the mentions by name in it."""
        if self.here.sentence.end_char:
            self.before = [*self.before[-REACH + 1 :], self.here]
            for mention in self.here.mentions:
                self._note_form(mention)
                self.counts[mention.country] += mention.kind is not MentionKind.COREFERENCE
        self.here = Named(sentence, [mention for mention in mentions if _can_lead(mention)])

    def _note_form(self, mention: Mention) -> None:
        form = self.gazetteer.countries[mention.country].form
        if form:
            self.by_form[form] = mention.country
        if OFFICE.match(self.text, mention.end_char):
            self.administrations |= {mention.country}

    def find_lists(self, mentions: Sequence[Mention]) -> list[list[CountryCode]]:
        """Return the runs of countries that commas and "and" join, in the order of the text."""
        runs: list[list[CountryCode]] = []
        last: Mention | None = None
        for mention in mentions:
            joined = last is not None and (
                self._lists(last, mention)
                or _JOINS.fullmatch(self.text, last.end_char, mention.start_char)
            )
            if joined:
                runs[-1].append(mention.country)
            else:
                runs.append([mention.country])
            last = mention
        return runs

    def find_dominant(self, seen: Countries, outside: Countries) -> Countries:
        """Return the two countries that the article so far speaks of most, if no third comes near."""
        ranked = [counted for counted in self.counts.most_common(5) if counted[0] not in outside]
        if len(ranked) < 2 or ranked[1][1] < LEAST_DOMINANT:
            return frozenset()
        third = ranked[2][1] if len(ranked) > 2 else 0
        pair = frozenset(code for code, _ in ranked[:2])
        return pair if seen <= pair and third * 3 <= ranked[1][1] * 2 else frozenset()

    def look_back(
        self, seen: Countries, outside: Countries, members: Countries | None
    ) -> Countries:
        """Return the pair of the nearest sentence before that names one and fits what is seen."""
        gathered = seen
        for named in reversed(self.before):
            mentions = [
                mention
                for mention in named.mentions
                if (members is None or mention.country in members)
                and mention.country not in outside
            ]
            countries = frozenset(mention.country for mention in mentions)
            if len(countries) > 2:
                countries = self.find_joined(mentions)
                if not countries:
                    return frozenset()
            gathered |= countries
            if len(gathered) == 2:
                return gathered
            if len(gathered) > 2:
                opening = self.find_opening_pair(named)
                return opening if not opening & outside else frozenset()
        return frozenset()

    def find_joined(self, mentions: Sequence[Mention]) -> Countries:
        """Return the one pair that the text joins by "and", or nothing where there are several."""
        pairs = {
            frozenset({one.country, other.country})
            for number, (one, other) in enumerate(pairwise(mentions))
            if one.country != other.country
            and not (number and self._lists(mentions[number - 1], one))
            and _JOINS.fullmatch(self.text, one.end_char, other.start_char)
        }
        return next(iter(pairs)) if len(pairs) == 1 else frozenset()

    def _lists(self, one: Mention, other: Mention) -> bool:
        """Return whether a comma alone stands between two mentions, as in a list of three."""
        return self.text[one.end_char : other.start_char].strip() in {",", ", the"}

    def find_opening_pair(self, named: Named) -> Countries:
        """Return the pair that a sentence opens with ("X and Y ...", "Both countries ...")."""
        opening = [m for m in named.mentions if self.count_words(named, m) <= SUBJECT_WORDS]
        return find_double(opening[:2]) or self.find_joined(opening[:2])

    def reports(self, mention: Mention, start: int) -> bool:
        """Return whether a verb of saying stands shortly between a mention and a later place."""
        between = [fold_word(word) for word in WORD.finditer(self.text, mention.end_char, start)]
        verbs = self.gazetteer.words["reporting"]
        return len(between) <= CLOSE_WORDS and any((word,) in verbs for word in between)

    def opens_clause(self, start: int) -> bool:
        """Return whether the word before a place opens a clause ("that", "until", "if" ...)."""
        window = max(self.here.sentence.start_char, start - 30)
        opener = split_words(self.text[window:start])
        return bool(opener) and (opener[-1],) in self.gazetteer.words["it_opener"]

    def count_between(self, mention: Mention, start: int) -> int:
        """Return how many words stand between a mention and a later place."""
        if start - mention.end_char > FARTHEST:
            return FARTHEST
        return sum(1 for _ in WORD.finditer(self.text, mention.end_char, start))

    def is_possessive(self, mention: Mention) -> bool:
        """Return whether a mention owns what follows it."""
        return self.text[mention.end_char : mention.end_char + 2] in {"'s", "’s", "s'"}

    def opens(self, start: int) -> bool:
        """Return whether a place is the opening of the sentence, quotation marks aside."""
        return not any(mark.isalnum() for mark in self.text[self.here.sentence.start_char : start])

    def find_subject(self) -> Mention | None:
        """Return the mention that the sentence before opens with, where one alone does."""
        if not self.before:
            return None
        last = self.before[-1]
        if (
            not last.mentions
            or self.count_words(last, last.mentions[0]) > MOST_WORDS_BEFORE_SUBJECT
        ):
            return None
        if self.find_opening_pair(last):
            return None
        return last.mentions[0]

    def count_words(self, named: Named, mention: Mention) -> int:
        """Return how many words stand between a sentence's start and a mention."""
        if mention.start_char - named.sentence.start_char > 60:
            return SUBJECT_WORDS + 1
        opening = self.text[named.sentence.start_char : mention.start_char]
        return sum(1 for _ in WORD.finditer(opening))


def fold_word(found: re.Match[str]) -> str:
    """Return a word of the text in the letters of the word lists."""
    return found.group().lower()


def _can_lead(mention: Mention) -> bool:
    """Return whether later words may point back to a mention."""
    weak = mention.kind in {MentionKind.REGION, MentionKind.CITY}
    return mention.counted and not weak and mention.confidence >= 0.5


def find_double(mentions: Sequence[Mention]) -> Countries:
    """Return the pair of the last span that stands for two countries at once."""
    spans: dict[Span, set[CountryCode]] = {}
    for mention in mentions:
        spans.setdefault((mention.start_char, mention.end_char), set()).add(mention.country)
    pairs = [frozenset(codes) for codes in spans.values() if len(codes) == 2]
    return pairs[-1] if pairs else frozenset()
