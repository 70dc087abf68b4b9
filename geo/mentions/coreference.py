"""Coreference: which country "the Kingdom", "both countries", "this nation" or "it" stands for.

Precision comes first: a phrase yields mentions only where exactly one antecedent fits among the
countries named in its own sentence and the three before it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from geo.mentions.gazetteer import Gazetteer, fold, split_words
from geo.records import CountryCode, Mention, MentionKind, Sentence, SentenceKind, Span

REACH = 3
CONFIDENCE = 0.6
POSSESSIVE_CONFIDENCE = 0.5
SUBJECT_WORDS = 5
MOST_WORDS_BEFORE_SUBJECT = 2
CLOSE_WORDS = 6
WORDS_TO_OWNED = 3
FARTHEST = 200
LONGEST_SENTENCE = 3000
# How often each of two countries is named before "both" may stand for them from afar.
LEAST_DOMINANT = 2
_SIZES = {"three": 3, "four": 4, "five": 5, "six": 6}

_SIDES = frozenset({"sides", "parties", "foes", "enemies"})
_Pair = frozenset[CountryCode]
_WORD = re.compile(r"[^\W_]+")
_OFFICE = re.compile(r"(?:['’]s)?\s+administration\b", re.IGNORECASE)
_JOINS = re.compile(
    r"(?:['’]s)?(?:\s++\w++)?(?:(?:\s*+,)?+\s++and|\s*+&)\s++(?:the\s+)?", re.IGNORECASE
)


class _Named(NamedTuple):
    """Hold the mentions of one sentence, those found by pointing back included."""

    sentence: Sentence
    mentions: list[Mention]

    @property
    def countries(self) -> _Pair:
        return frozenset(mention.country for mention in self.mentions)


@lru_cache(maxsize=4)
def _compile(gazetteer_words: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    pair_noun, single_noun, form = ("|".join(map(re.escape, words)) for words in gazetteer_words)
    return re.compile(
        rf"\b(?:(?P<pair>(?:both|(?:the|these|those)\s+two)\s+(?P<adjectives>(?:[\w-]+\s+){{0,2}}?)"
        rf"(?P<pair_noun>{pair_noun}))"
        rf"|(?P<single>(?P<which>this|that|the)\s+(?:{single_noun}))"
        rf"|(?P<form>the\s+(?P<form_word>{form}))"
        r"|(?P<office>the\s+administration)|the\s+(?P<turn>former|latter)"
        rf"|(?:all|the|these|those)\s+(?P<group>three|four|five|six)(?:\s+(?:{pair_noun}))?"
        r"|(?:its|their)\s+(?:\w+\s+)?(?P<neighbor>neighbou?r)"
        r"|(?P<pronoun>it|its|they|their|(?<=between )them|he|she|his|her))\b",
        re.IGNORECASE,
    )


def find_coreferences(
    text: str, sentences: Sequence[Sentence], named: Sequence[Mention], gazetteer: Gazetteer
) -> Iterator[Mention]:
    """Yield the mentions by words that point back to a country named before them.

    ``named`` are the mentions by name, in the order of the text.
    """
    words = gazetteer.words
    trigger = _compile(
        tuple(
            tuple(sorted((" ".join(spelled) for spelled in words[name]), key=len, reverse=True))
            for name in ("pair_noun", "single_noun", "form")
        )
    )
    resolver = _Resolver(text, gazetteer)
    taken = 0
    for sentence in sentences:
        if not sentence.is_evidence:
            continue
        while taken < len(named) and named[taken].start_char < sentence.start_char:
            taken += 1
        mentions: list[Mention] = []
        while taken < len(named) and named[taken].start_char < sentence.end_char:
            mentions.append(named[taken])
            taken += 1
        resolver.open_sentence(sentence, mentions)
        if sentence.end_char - sentence.start_char > LONGEST_SENTENCE:
            continue
        for found in trigger.finditer(text, sentence.start_char, sentence.end_char):
            yield from resolver.resolve(found)


class _Resolver:
    """Walk the sentences of one article and keep what the last few of them named."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.before: list[_Named] = []
        self.here = _Named(Sentence(start_char=0, end_char=0, kind=SentenceKind.BODY), [])
        self.by_form: dict[str, CountryCode] = {}
        self.administrations: _Pair = frozenset()
        self.counts: Counter[CountryCode] = Counter()

    def open_sentence(self, sentence: Sentence, mentions: list[Mention]) -> None:
        """Move on to a sentence and the mentions by name in it."""
        if self.here.sentence.end_char:
            self.before = [*self.before[-REACH + 1 :], self.here]
            for mention in self.here.mentions:
                self._note_form(mention)
                self.counts[mention.country] += mention.kind is not MentionKind.COREFERENCE
        self.here = _Named(sentence, [mention for mention in mentions if _can_lead(mention)])

    def _note_form(self, mention: Mention) -> None:
        form = self.gazetteer.countries[mention.country].form
        if form:
            self.by_form[form] = mention.country
        if _OFFICE.match(self.text, mention.end_char):
            self.administrations |= {mention.country}

    def resolve(self, found: re.Match[str]) -> Iterator[Mention]:
        """Yield the mentions that one pointing phrase stands for, none where none fits."""
        start, end = found.span()
        prior = [mention for mention in self.here.mentions if mention.end_char <= start]
        inside = any(m.start_char < end and start < m.end_char for m in self.here.mentions)
        if inside and not found["pair"]:
            return
        confidence = CONFIDENCE
        if found["pair"]:
            codes = self._find_pair(found, prior)
        elif found["group"]:
            codes = self._find_group(found, prior)
        elif found["form"]:
            codes = self._find_form(found, prior)
        elif found["single"]:
            codes = self._find_single(found, prior)
        elif found["office"]:
            codes = self._find_office(prior)
        elif found["turn"]:
            codes = self._find_turn(found, prior)
        elif found["neighbor"]:
            codes = self._find_neighbor(found, prior)
        else:
            word = found["pronoun"].lower()
            if word in {"its", "their", "his", "her"}:
                confidence = POSSESSIVE_CONFIDENCE
            codes = self._find_pronoun(word, found, prior)
        made = [
            Mention(
                country=code,
                text=self.text[start:end],
                kind=MentionKind.COREFERENCE,
                start_char=start,
                end_char=end,
                confidence=confidence,
            )
            for code in sorted(codes)
        ]
        if made and not (found["pronoun"] and confidence == POSSESSIVE_CONFIDENCE):
            self.here.mentions.extend(made)
            self.here.mentions.sort(key=lambda mention: mention.start_char)
        yield from made

    def _find_pair(self, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the two countries of "both countries", or nothing."""
        adjectives = split_words(found["adjectives"])
        refused = self.gazetteer.words["pair_not"]
        if any((word,) in refused for word in adjectives) or self._has_armed_group(found):
            return frozenset()
        members = self._find_members(adjectives, found["pair_noun"])
        mentions = [m for m in prior if members is None or m.country in members]
        seen = frozenset(mention.country for mention in mentions)
        opening = " ".join(split_words(self.text[self.here.sentence.start_char : found.start()]))
        mediating = any(
            f" {' '.join(words)} " in f" {opening} " for words in self.gazetteer.words["mediating"]
        )
        # "A and B mediated between the two sides": those are two others.
        others = mediating and opening.endswith(" between")
        if len(seen) == 2 and not others:
            return seen
        if len(seen) > 2:
            return self._find_joined(mentions)
        outside = seen if mediating or self._stands_apart(found) else frozenset()
        near = self._look_back(seen - outside, outside, members)
        if near or members is not None:
            return near
        return self._find_dominant(seen - outside, outside)

    def _find_group(self, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the countries of "the three", where the nearest list before has as many."""
        noun = found.group().split()[-1].lower() != found["group"].lower()
        if not noun and not self._acts(found.end()):
            return frozenset()
        size = _SIZES[found["group"].lower()]
        for mentions in (prior, *(named.mentions for named in reversed(self.before))):
            lists = {frozenset(each) for each in self._find_lists(mentions) if len(each) > 2}
            if lists:
                chosen = lists.pop()
                return chosen if not lists and len(chosen) == size else frozenset()
        return frozenset()

    def _acts(self, end: int) -> bool:
        """Say whether a verb or a stop follows, so that the words before are whole by themselves."""
        following = (
            _WORD.match(self.text, end + 1, end + 40) if self.text[end : end + 1] == " " else None
        )
        if following is None:
            return self.text[end : end + 1] in {".", ",", ";"}
        words = self.gazetteer.words
        word = (_fold_word(following),)
        return word in words["it_verb"] or word in words["reporting"] or word in words["group_verb"]

    def _find_lists(self, mentions: Sequence[Mention]) -> list[list[CountryCode]]:
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

    def _find_dominant(self, seen: _Pair, outside: _Pair) -> _Pair:
        """Return the two countries that the article so far speaks of most, if no third comes near."""
        ranked = [each for each in self.counts.most_common(5) if each[0] not in outside]
        if len(ranked) < 2 or ranked[1][1] < LEAST_DOMINANT:
            return frozenset()
        third = ranked[2][1] if len(ranked) > 2 else 0
        pair = frozenset(code for code, _ in ranked[:2])
        return pair if seen <= pair and third * 3 <= ranked[1][1] * 2 else frozenset()

    def _stands_apart(self, found: re.Match[str]) -> bool:
        """Say whether a third country speaks of the two, as in "kept ties with both sides"."""
        before = split_words(
            self.text[max(self.here.sentence.start_char, found.start() - 30) : found.start()]
        )
        noun = fold(found["pair_noun"])
        words = self.gazetteer.words
        return noun in _SIDES and bool(before) and (before[-1],) in words["toward"]

    def _has_armed_group(self, found: re.Match[str]) -> bool:
        """Say whether "both sides" may be an armed group that is no country."""
        if fold(found["pair_noun"]) not in _SIDES:
            return False
        start = (
            self.before[-1].sentence.start_char if self.before else self.here.sentence.start_char
        )
        groups = self.gazetteer.words["armed_group"]
        return any(
            (word,) in groups for word in split_words(self.text[start : found.start()][-800:])
        )

    def _look_back(self, seen: _Pair, outside: _Pair, members: _Pair | None) -> _Pair:
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
                countries = self._find_joined(mentions)
                if not countries:
                    return frozenset()
            gathered |= countries
            if len(gathered) == 2:
                return gathered
            if len(gathered) > 2:
                opening = self._find_opening_pair(named)
                return opening if not opening & outside else frozenset()
        return frozenset()

    def _find_members(self, adjectives: tuple[str, ...], noun: str) -> _Pair | None:
        """Return the members of the region that the adjectives name, or ``None``."""
        members = self.gazetteer.regions.get((*adjectives, fold(noun)))
        return frozenset(members) if members else None

    def _find_joined(self, mentions: Sequence[Mention]) -> _Pair:
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
        """Say whether a comma alone stands between two mentions, as in a list of three."""
        return self.text[one.end_char : other.start_char].strip() in {",", ", the"}

    def _find_form(self, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the country that "the Kingdom" or the like stands for."""
        form = " ".join(found["form_word"].lower().split())
        if re.match(r"\s+of\b", self.text[found.end() : found.end() + 10]):
            return frozenset()
        for mention in reversed(prior):
            if self.gazetteer.countries[mention.country].form == form:
                return frozenset({mention.country})
        return frozenset({self.by_form[form]}) if form in self.by_form else frozenset()

    def _find_office(self, prior: list[Mention]) -> _Pair:
        """Return the country whose administration was named last, where only one was."""
        for mention in reversed(prior):
            if _OFFICE.match(self.text, mention.end_char):
                return frozenset({mention.country})
        return self.administrations if len(self.administrations) == 1 else frozenset()

    def _find_turn(self, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the first or second of the two countries that "the former" or "the latter" points to.

        Before a noun the word says when ("the former president", "the latter half").
        """
        following = _WORD.match(self.text, found.end() + 1, found.end() + 40)
        if following and self.text[found.end()] == " ":
            word = (_fold_word(following),)
            words = self.gazetteer.words
            if not any(word in words[name] for name in ("it_verb", "reporting", "turn_next")):
                return frozenset()
        for mentions in (prior, self.before[-1].mentions if self.before else []):
            named = [each for each in mentions if each.kind is not MentionKind.COREFERENCE]
            order = list(dict.fromkeys(mention.country for mention in named))
            if len(order) == 2:
                return frozenset({order[found["turn"].lower() == "latter"]})
            if order:
                return frozenset()
        return frozenset()

    def _find_neighbor(self, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the one other country near by that "its neighbor" stands for, where none is named."""
        following = _WORD.match(self.text, found.end() + 1, found.end() + 40)
        named_next = following and following.group()[0].isupper() and self.text[found.end()] in " ,"
        if not prior or named_next:
            return frozenset()
        owner = prior[-1].country
        last = self.before[-1].countries if self.before else frozenset()
        others = ({mention.country for mention in prior} | last) - {owner}
        return frozenset(others) if len(others) == 1 else frozenset()

    def _find_single(self, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the country that "this nation" or "the country" stands for."""
        following = _WORD.match(self.text, found.end() + 1, found.end() + 40)
        word = following.group().lower() if following else ""
        gap = self.text[found.end() : found.end() + 1]
        if gap == " " and (word,) in self.gazetteer.words["single_not_next"]:
            return frozenset()
        firm = [mention for mention in prior if mention.kind is not MentionKind.LEADER]
        if found["which"].lower() == "this":
            return frozenset({firm[-1].country}) if firm else frozenset()
        seen = frozenset(mention.country for mention in prior)
        if seen:
            return seen if len(seen) == 1 else frozenset()
        last = self.before[-1].countries if self.before else frozenset()
        return last if len(last) == 1 else frozenset()

    def _find_pronoun(self, word: str, found: re.Match[str], prior: list[Mention]) -> _Pair:
        if word in {"he", "she", "his", "her"}:
            return self._find_person(word, found, prior)
        if word in {"they", "their", "them"}:
            return self._find_both(word, found, prior)
        return self._find_it(word, found, prior)

    def _find_person(self, word: str, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the country of the one leader that "he" stands for."""
        leaders = [mention for mention in prior if mention.kind is MentionKind.LEADER]
        people = {fold(mention.text.split()[-1]) for mention in leaders}
        if len(people) == 1:
            last = leaders[-1]
            close = self._count_between(last, found.start()) <= CLOSE_WORDS
            opens = self._count_words(self.here, leaders[0]) <= SUBJECT_WORDS
            return frozenset({last.country}) if close or opens else frozenset()
        if people or word in {"his", "her"} or not self._opens(found.start()):
            return frozenset()
        subject = self._find_subject()
        if subject and subject.kind is MentionKind.LEADER:
            return frozenset({subject.country})
        return self._find_speaker()

    def _find_speaker(self) -> _Pair:
        """Return the country of the one leader whose words the sentence before reports."""
        mentions = self.before[-1].mentions if self.before else []
        leaders = [mention for mention in mentions if mention.kind is MentionKind.LEADER]
        if not leaders or len({mention.text for mention in leaders}) > 1:
            return frozenset()
        end = leaders[-1].end_char
        following = _WORD.search(self.text, end, end + 20)
        verbs = self.gazetteer.words["reporting"]
        speaks = following is not None and (_fold_word(following),) in verbs
        return frozenset({leaders[-1].country}) if speaks else frozenset()

    def _find_both(self, word: str, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the two countries that "they" stands for where they are the subject together."""
        double = _find_double(prior) or self._find_opening_pair(self.here)
        if double or not self.before or (word == "their" and not self._owns_state(found)):
            return double
        seen = frozenset(mention.country for mention in prior)
        last = self._find_opening_pair(self.before[-1])
        apart = word == "them" and not seen & last
        return last if apart or seen <= last else frozenset()

    def _owns_state(self, found: re.Match[str]) -> bool:
        """Say whether "its" or "their" opens the sentence and owns what only a state has."""
        following = list(_WORD.finditer(self.text, found.end(), found.end() + 40))[:2]
        words = self.gazetteer.words["of_state"]
        owned = any((_fold_word(word),) in words for word in following)
        return owned and self._opens(found.start())

    def _find_opening_pair(self, named: _Named) -> _Pair:
        """Return the pair that a sentence opens with ("X and Y ...", "Both countries ...")."""
        opening = [m for m in named.mentions if self._count_words(named, m) <= SUBJECT_WORDS]
        return _find_double(opening[:2]) or self._find_joined(opening[:2])

    def _find_it(self, word: str, found: re.Match[str], prior: list[Mention]) -> _Pair:
        """Return the country that "it" as a subject, or "its", stands for."""
        places = [mention for mention in prior if mention.kind is not MentionKind.LEADER]
        if word == "its":
            owner = self._find_owner(found.start(), places)
            if owner or prior or not self._owns_state(found):
                return owner
            subject = self._find_subject()
            named = subject is not None and subject.kind is not MentionKind.LEADER
            return frozenset({subject.country}) if subject and named else frozenset()
        words = self.gazetteer.words
        following = [
            _fold_word(w) for w in _WORD.finditer(self.text, found.end(), found.end() + 40)
        ]
        following = [*following, "", ""]
        if (following[0],) not in words["it_verb"] or (following[1],) in words["it_not_next"]:
            return frozenset()
        if self._opens(found.start()):
            subject = self._find_subject()
            if subject is None or subject.kind is MentionKind.LEADER:
                return frozenset()
            return frozenset({subject.country})
        if not places or _find_double(prior):
            return frozenset()
        if self._reports(places[-1], found.start()):
            return frozenset({places[-1].country})
        opens = self._count_words(self.here, prior[0]) <= MOST_WORDS_BEFORE_SUBJECT
        firm = prior[0].kind not in {MentionKind.DEMONYM, MentionKind.LEADER}
        if (
            opens
            and firm
            and not self._is_possessive(prior[0])
            and self._opens_clause(found.start())
        ):
            return frozenset({prior[0].country})
        return frozenset()

    def _find_owner(self, start: int, places: list[Mention]) -> _Pair:
        """Return the country that "its" stands for: the one just before it or the only subject."""
        firm = [mention for mention in places if mention.kind is not MentionKind.DEMONYM]
        if not firm or len(firm) < len(places):
            return frozenset()
        near = self._count_between(firm[-1], start) <= WORDS_TO_OWNED
        if near and not self._is_possessive(firm[-1]):
            return frozenset({firm[-1].country})
        alone = len({mention.country for mention in firm}) == 1
        opens = self._count_words(self.here, firm[0]) <= MOST_WORDS_BEFORE_SUBJECT
        possessive = self._is_possessive(firm[0])
        return frozenset({firm[0].country}) if alone and opens and not possessive else frozenset()

    def _reports(self, mention: Mention, start: int) -> bool:
        """Say whether a verb of saying stands shortly between a mention and a later place."""
        between = [_fold_word(word) for word in _WORD.finditer(self.text, mention.end_char, start)]
        verbs = self.gazetteer.words["reporting"]
        return len(between) <= CLOSE_WORDS and any((word,) in verbs for word in between)

    def _opens_clause(self, start: int) -> bool:
        """Say whether the word before a place opens a clause ("that", "until", "if" ...)."""
        window = max(self.here.sentence.start_char, start - 30)
        opener = split_words(self.text[window:start])
        return bool(opener) and (opener[-1],) in self.gazetteer.words["it_opener"]

    def _count_between(self, mention: Mention, start: int) -> int:
        """Return how many words stand between a mention and a later place."""
        if start - mention.end_char > FARTHEST:
            return FARTHEST
        return sum(1 for _ in _WORD.finditer(self.text, mention.end_char, start))

    def _is_possessive(self, mention: Mention) -> bool:
        return self.text[mention.end_char : mention.end_char + 2] in {"'s", "’s", "s'"}

    def _opens(self, start: int) -> bool:
        """Say whether a place is the opening of the sentence, quotation marks aside."""
        return not any(mark.isalnum() for mark in self.text[self.here.sentence.start_char : start])

    def _find_subject(self) -> Mention | None:
        """Return the mention that the sentence before opens with, where one alone does."""
        if not self.before:
            return None
        last = self.before[-1]
        if (
            not last.mentions
            or self._count_words(last, last.mentions[0]) > MOST_WORDS_BEFORE_SUBJECT
        ):
            return None
        if self._find_opening_pair(last):
            return None
        return last.mentions[0]

    def _count_words(self, named: _Named, mention: Mention) -> int:
        """Return how many words stand between a sentence's start and a mention."""
        if mention.start_char - named.sentence.start_char > 60:
            return SUBJECT_WORDS + 1
        opening = self.text[named.sentence.start_char : mention.start_char]
        return sum(1 for _ in _WORD.finditer(opening))


def _fold_word(found: re.Match[str]) -> str:
    return found.group().lower()


def _can_lead(mention: Mention) -> bool:
    """Say whether later words may point back to a mention."""
    weak = mention.kind in {MentionKind.REGION, MentionKind.CITY}
    return mention.counted and not weak and mention.confidence >= 0.5


def _find_double(mentions: Sequence[Mention]) -> _Pair:
    """Return the pair of the last span that stands for two countries at once."""
    spans: dict[Span, set[CountryCode]] = {}
    for mention in mentions:
        spans.setdefault((mention.start_char, mention.end_char), set()).add(mention.country)
    pairs = [frozenset(codes) for codes in spans.values() if len(codes) == 2]
    return pairs[-1] if pairs else frozenset()
