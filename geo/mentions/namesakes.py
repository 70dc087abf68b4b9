"""Namesakes: words of an article that look like countries and are towns or people of local news.

A word has one sense in an article (Gale, Church and Yarowsky 1992): where the text, its dateline or its
publisher says "Lebanon, Tenn.", every Lebanon of that article is the town; where it tells of a Chad
Oakley, every Chad is the man. In an article that such words show to be local, a capital or city alone
does not stand for a country that nothing else in it names.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from geo.mentions.gazetteer import Gazetteer, fold
from geo.records import Article, Mention, MentionKind

# What can be the name of a town or of a person; a demonym, a leader or an abbreviation cannot.
_KINDS = frozenset({MentionKind.NAME, MentionKind.FORMER, MentionKind.CAPITAL, MentionKind.CITY})
_TOWNS = frozenset({MentionKind.CAPITAL, MentionKind.CITY})
# Characters before and after a mention in which its neighbors stand.
REACH = 40
GEORGIA = "georgia"
# Characters of a text in which its dateline stands, and towns with their states that make it local.
OPENING, MANY = 160, 2
_BEFORE = re.compile(r"([A-Za-z][\w'’-]*+),? $")


def drop_namesakes(
    article: Article, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> list[Mention]:
    """Return the mentions without those of towns and people that share a country's name."""
    if not any(each.kind in _KINDS for each in mentions):
        return list(mentions)
    text = article.text
    states = _compile_places(_spell(gazetteer.words["us_state"]))
    found = states.findall(text)
    published = states.findall(article.publisher or "")
    is_local = bool(published or states.search(text[:OPENING])) or len(set(found)) >= MANY
    places = {fold(place) for place, _ in (*found, *published)}
    in_georgia = any(state.startswith("Ga") for _, state in (*found, *published))
    people, schools = _find_people(text, mentions, gazetteer, is_local=is_local)
    if not (places or schools or people):
        return list(mentions)
    dropped = places | schools | people | ({GEORGIA} if in_georgia else set())
    kept = [each for each in mentions if each.kind not in _KINDS or fold(each.text) not in dropped]
    if not is_local and not schools:
        return kept
    named = {each.country for each in kept if each.kind not in _TOWNS}
    return [each for each in kept if each.kind not in _TOWNS or each.country in named]


@lru_cache(maxsize=4)
def _compile_places(states: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(each).replace(r"\ ", " ") for each in states)
    return re.compile(rf"\b([A-Z][\w'’.]{{0,40}}+(?: [A-Z][\w'’.]{{0,40}}+)?), ({listed})\b")


def _spell(words: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return states as they are written: with capitals, and with dots where they are initials."""
    spelled = []
    for word in words:
        plain = " ".join(word)
        spelled.append(
            ".".join(plain.replace(" ", "").upper())
            if len(plain) <= 3 and " " in plain
            else plain.title()
        )
        if len(plain) == 2:
            spelled.append(plain.upper())
    return tuple(sorted(set(spelled), key=len, reverse=True))


def _find_people(
    text: str, mentions: Sequence[Mention], gazetteer: Gazetteer, *, is_local: bool
) -> tuple[set[str], set[str]]:
    """Return the words that are a person's name, and those that are a town's by its school or the like."""
    words = gazetteer.words
    people: set[str] = set()
    towns: set[str] = set()
    offices = tuple(f" {' '.join(spelled).title()}" for spelled in words["town_office"])
    for each in mentions:
        name = fold(each.text)
        if each.kind in _KINDS and text.startswith(offices, each.end_char):
            towns.add(name)
        before = _BEFORE.search(text[max(0, each.start_char - REACH) : each.start_char])
        if is_local and before and (fold(before[1]),) in words["kin"]:
            people.add(name)
    if is_local or towns:
        for first, last in _compile_given(tuple(sorted(words["given_name"]))).findall(text):
            if (fold(last),) in words["town_word"]:
                towns.add(fold(first))
            else:
                people |= {fold(first), fold(last)}
        for first, last in _compile_given(tuple(sorted(words["first_name"]))).findall(text):
            if (fold(first),) not in words["given_name"]:
                people.add(fold(last))
    return people, towns


@lru_cache(maxsize=4)
def _compile_given(names: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(" ".join(each).title()) for each in names)
    return re.compile(rf"\b({listed})(?: [A-Z]\.)?(?: and [A-Z]\w+)? ([A-Z][\w'’-]+)")
