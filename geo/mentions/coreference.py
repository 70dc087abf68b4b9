"""Coreference: which country "the Kingdom", "both countries", "this nation" or "it" stands for.

Precision comes first: a phrase yields mentions only where exactly one antecedent fits among the
countries named in its own sentence and the three before it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from geo.mentions.discourse import (
    CLOSE_WORDS,
    MOST_WORDS_BEFORE_SUBJECT,
    OFFICE,
    SUBJECT_WORDS,
    WORD,
    Countries,
    Discourse,
    find_double,
    fold_word,
)
from geo.mentions.gazetteer import Gazetteer, fold, split_words
from geo.records import Mention, MentionKind, Sentence

CONFIDENCE = 0.6
POSSESSIVE_CONFIDENCE = 0.5
WORDS_TO_OWNED = 3
LONGEST_SENTENCE = 3000
_SIZES = {"three": 3, "four": 4, "five": 5, "six": 6}
_SIDES = frozenset({"sides", "parties", "foes", "enemies"})


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
        resolver.discourse.open_sentence(sentence, mentions)
        if sentence.end_char - sentence.start_char > LONGEST_SENTENCE:
            continue
        for found in trigger.finditer(text, sentence.start_char, sentence.end_char):
            yield from resolver.resolve(found)


class _Resolver:
    """What each pointing phrase of an article stands for, given what the article named before it."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.discourse = Discourse(text, gazetteer)

    def resolve(self, found: re.Match[str]) -> Iterator[Mention]:
        """Yield the mentions that one pointing phrase stands for, none where none fits."""
        start, end = found.span()
        prior = [mention for mention in self.discourse.here.mentions if mention.end_char <= start]
        inside = any(
            m.start_char < end and start < m.end_char for m in self.discourse.here.mentions
        )
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
            self.discourse.here.mentions.extend(made)
            self.discourse.here.mentions.sort(key=lambda mention: mention.start_char)
        yield from made

    def _find_pair(self, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the two countries of "both countries", or nothing."""
        adjectives = split_words(found["adjectives"])
        refused = self.gazetteer.words["pair_not"]
        if any((word,) in refused for word in adjectives) or self._has_armed_group(found):
            return frozenset()
        members = self._find_members(adjectives, found["pair_noun"])
        mentions = [m for m in prior if members is None or m.country in members]
        seen = frozenset(mention.country for mention in mentions)
        opening = " ".join(
            split_words(self.text[self.discourse.here.sentence.start_char : found.start()])
        )
        mediating = any(
            f" {' '.join(words)} " in f" {opening} " for words in self.gazetteer.words["mediating"]
        )
        # "A and B mediated between the two sides": those are two others.
        others = mediating and opening.endswith(" between")
        if len(seen) == 2 and not others:
            return seen
        if len(seen) > 2:
            return self.discourse.find_joined(mentions)
        outside = seen if mediating or self._stands_apart(found) else frozenset()
        near = self.discourse.look_back(seen - outside, outside, members)
        if near or members is not None:
            return near
        return self.discourse.find_dominant(seen - outside, outside)

    def _find_group(self, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the countries of "the three", where the nearest list before has as many."""
        noun = found.group().split()[-1].lower() != found["group"].lower()
        if not noun and not self._acts(found.end()):
            return frozenset()
        size = _SIZES[found["group"].lower()]
        for mentions in (prior, *(named.mentions for named in reversed(self.discourse.before))):
            lists = {
                frozenset(listed)
                for listed in self.discourse.find_lists(mentions)
                if len(listed) > 2
            }
            if lists:
                chosen = lists.pop()
                return chosen if not lists and len(chosen) == size else frozenset()
        return frozenset()

    def _acts(self, end: int) -> bool:
        """Return whether a verb or a stop follows, so that the words before are whole by themselves."""
        following = (
            WORD.match(self.text, end + 1, end + 40) if self.text[end : end + 1] == " " else None
        )
        if following is None:
            return self.text[end : end + 1] in {".", ",", ";"}
        words = self.gazetteer.words
        word = (fold_word(following),)
        return word in words["it_verb"] or word in words["reporting"] or word in words["group_verb"]

    def _stands_apart(self, found: re.Match[str]) -> bool:
        """Return whether a third country speaks of the two, as in "kept ties with both sides"."""
        before = split_words(
            self.text[
                max(self.discourse.here.sentence.start_char, found.start() - 30) : found.start()
            ]
        )
        noun = fold(found["pair_noun"])
        words = self.gazetteer.words
        return noun in _SIDES and bool(before) and (before[-1],) in words["toward"]

    def _has_armed_group(self, found: re.Match[str]) -> bool:
        """Return whether "both sides" may be an armed group that is no country."""
        if fold(found["pair_noun"]) not in _SIDES:
            return False
        start = (
            self.discourse.before[-1].sentence.start_char
            if self.discourse.before
            else self.discourse.here.sentence.start_char
        )
        groups = self.gazetteer.words["armed_group"]
        return any(
            (word,) in groups for word in split_words(self.text[start : found.start()][-800:])
        )

    def _find_members(self, adjectives: tuple[str, ...], noun: str) -> Countries | None:
        """Return the members of the region that the adjectives name, or ``None``."""
        members = self.gazetteer.regions.get((*adjectives, fold(noun)))
        return frozenset(members) if members else None

    def _find_form(self, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the country that "the Kingdom" or the like stands for."""
        form = " ".join(found["form_word"].lower().split())
        if re.match(r"\s+of\b", self.text[found.end() : found.end() + 10]):
            return frozenset()
        for mention in reversed(prior):
            if self.gazetteer.countries[mention.country].form == form:
                return frozenset({mention.country})
        return (
            frozenset({self.discourse.by_form[form]})
            if form in self.discourse.by_form
            else frozenset()
        )

    def _find_office(self, prior: list[Mention]) -> Countries:
        """Return the country whose administration was named last, where only one was."""
        for mention in reversed(prior):
            if OFFICE.match(self.text, mention.end_char):
                return frozenset({mention.country})
        return (
            self.discourse.administrations
            if len(self.discourse.administrations) == 1
            else frozenset()
        )

    def _find_turn(self, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the first or second of the two countries that "the former" or "the latter" points to.

        Before a noun the word says when ("the former president", "the latter half").
        """
        following = WORD.match(self.text, found.end() + 1, found.end() + 40)
        if following and self.text[found.end()] == " ":
            word = (fold_word(following),)
            words = self.gazetteer.words
            if not any(word in words[name] for name in ("it_verb", "reporting", "turn_next")):
                return frozenset()
        for mentions in (
            prior,
            self.discourse.before[-1].mentions if self.discourse.before else [],
        ):
            named = [mention for mention in mentions if mention.kind is not MentionKind.COREFERENCE]
            order = list(dict.fromkeys(mention.country for mention in named))
            if len(order) == 2:
                return frozenset({order[found["turn"].lower() == "latter"]})
            if order:
                return frozenset()
        return frozenset()

    def _find_neighbor(self, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the one other country near by that "its neighbor" stands for, where none is named."""
        following = WORD.match(self.text, found.end() + 1, found.end() + 40)
        named_next = following and following.group()[0].isupper() and self.text[found.end()] in " ,"
        if not prior or named_next:
            return frozenset()
        owner = prior[-1].country
        last = self.discourse.before[-1].countries if self.discourse.before else frozenset()
        others = ({mention.country for mention in prior} | last) - {owner}
        return frozenset(others) if len(others) == 1 else frozenset()

    def _find_single(self, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the country that "this nation" or "the country" stands for."""
        following = WORD.match(self.text, found.end() + 1, found.end() + 40)
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
        last = self.discourse.before[-1].countries if self.discourse.before else frozenset()
        return last if len(last) == 1 else frozenset()

    def _find_pronoun(self, word: str, found: re.Match[str], prior: list[Mention]) -> Countries:
        if word in {"he", "she", "his", "her"}:
            return self._find_person(word, found, prior)
        if word in {"they", "their", "them"}:
            return self._find_both(word, found, prior)
        return self._find_it(word, found, prior)

    def _find_person(self, word: str, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the country of the one leader that "he" stands for."""
        leaders = [mention for mention in prior if mention.kind is MentionKind.LEADER]
        people = {fold(mention.text.split()[-1]) for mention in leaders}
        if len(people) == 1:
            last = leaders[-1]
            close = self.discourse.count_between(last, found.start()) <= CLOSE_WORDS
            opens = self.discourse.count_words(self.discourse.here, leaders[0]) <= SUBJECT_WORDS
            return frozenset({last.country}) if close or opens else frozenset()
        if people or word in {"his", "her"} or not self.discourse.opens(found.start()):
            return frozenset()
        subject = self.discourse.find_subject()
        if subject and subject.kind is MentionKind.LEADER:
            return frozenset({subject.country})
        return self._find_speaker()

    def _find_speaker(self) -> Countries:
        """Return the country of the one leader whose words the sentence before reports."""
        mentions = self.discourse.before[-1].mentions if self.discourse.before else []
        leaders = [mention for mention in mentions if mention.kind is MentionKind.LEADER]
        if not leaders or len({mention.text for mention in leaders}) > 1:
            return frozenset()
        end = leaders[-1].end_char
        following = WORD.search(self.text, end, end + 20)
        verbs = self.gazetteer.words["reporting"]
        speaks = following is not None and (fold_word(following),) in verbs
        return frozenset({leaders[-1].country}) if speaks else frozenset()

    def _find_both(self, word: str, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the two countries that "they" stands for where they are the subject together."""
        double = find_double(prior) or self.discourse.find_opening_pair(self.discourse.here)
        if double or not self.discourse.before or (word == "their" and not self._owns_state(found)):
            return double
        seen = frozenset(mention.country for mention in prior)
        last = self.discourse.find_opening_pair(self.discourse.before[-1])
        apart = word == "them" and not seen & last
        return last if apart or seen <= last else frozenset()

    def _owns_state(self, found: re.Match[str]) -> bool:
        """Return whether "its" or "their" opens the sentence and owns what only a state has."""
        following = list(WORD.finditer(self.text, found.end(), found.end() + 40))[:2]
        words = self.gazetteer.words["of_state"]
        owned = any((fold_word(word),) in words for word in following)
        return owned and self.discourse.opens(found.start())

    def _find_it(self, word: str, found: re.Match[str], prior: list[Mention]) -> Countries:
        """Return the country that "it" as a subject, or "its", stands for."""
        places = [mention for mention in prior if mention.kind is not MentionKind.LEADER]
        if word == "its":
            owner = self._find_owner(found.start(), places)
            if owner or prior or not self._owns_state(found):
                return owner
            subject = self.discourse.find_subject()
            named = subject is not None and subject.kind is not MentionKind.LEADER
            return frozenset({subject.country}) if subject and named else frozenset()
        words = self.gazetteer.words
        following = [fold_word(w) for w in WORD.finditer(self.text, found.end(), found.end() + 40)]
        following = [*following, "", ""]
        if (following[0],) not in words["it_verb"] or (following[1],) in words["it_not_next"]:
            return frozenset()
        if self.discourse.opens(found.start()):
            subject = self.discourse.find_subject()
            if subject is None or subject.kind is MentionKind.LEADER:
                return frozenset()
            return frozenset({subject.country})
        if not places or find_double(prior):
            return frozenset()
        if self.discourse.reports(places[-1], found.start()):
            return frozenset({places[-1].country})
        opens = (
            self.discourse.count_words(self.discourse.here, prior[0]) <= MOST_WORDS_BEFORE_SUBJECT
        )
        firm = prior[0].kind not in {MentionKind.DEMONYM, MentionKind.LEADER}
        if (
            opens
            and firm
            and not self.discourse.is_possessive(prior[0])
            and self.discourse.opens_clause(found.start())
        ):
            return frozenset({prior[0].country})
        return frozenset()

    def _find_owner(self, start: int, places: list[Mention]) -> Countries:
        """Return the country that "its" stands for: the one just before it or the only subject."""
        firm = [mention for mention in places if mention.kind is not MentionKind.DEMONYM]
        if not firm or len(firm) < len(places):
            return frozenset()
        near = self.discourse.count_between(firm[-1], start) <= WORDS_TO_OWNED
        if near and not self.discourse.is_possessive(firm[-1]):
            return frozenset({firm[-1].country})
        alone = len({mention.country for mention in firm}) == 1
        opens = (
            self.discourse.count_words(self.discourse.here, firm[0]) <= MOST_WORDS_BEFORE_SUBJECT
        )
        possessive = self.discourse.is_possessive(firm[0])
        return frozenset({firm[0].country}) if alone and opens and not possessive else frozenset()
