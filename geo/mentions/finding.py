"""Mentions: where an article names a country, by name, demonym, capital, leader or metonym.

One pass over the words of each sentence walks the gazetteer's trie, longest phrase first. A blocked
phrase eats its words; a phrase with several readings is decided by its neighbours.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from geo.mentions.coreference import find_coreferences
from geo.mentions.gazetteer import (
    SURNAME,
    Alias,
    Case,
    Entry,
    Gazetteer,
    Node,
    Term,
    find_words,
    fold,
    name_gap,
    split_words,
)
from geo.mentions.namesakes import drop_namesakes
from geo.records import Article, CountryCode, Mention, MentionKind, Sentence, SentenceKind

NEIGHBORS = 8
LONGEST_RULE = 3
MOST_TITLES = 5
SHORTEST_SHOUTED = 3
FEWEST_TITLED = 3
UNDATED_CONFIDENCE = 0.6
SURNAME_CONFIDENCE = 0.8
ETHNIC_CONFIDENCE = 0.4
GRACE = timedelta(days=45)

_TOWNS = frozenset({MentionKind.CAPITAL, MentionKind.CITY})
_SILENT = frozenset({"place", "sea", "thing", "person", "region"})
_ALONE = ("full", "verb", "yes")
_HYPHENS = frozenset("-‐‑–")
_GAPS_ALLOWED = {
    "space": frozenset({"space", "hyphen"}),
    "dot": frozenset({"dot", "space"}),
    "hyphen": frozenset({"hyphen", "space"}),
    "quote": frozenset({"quote"}),
    "and": frozenset({"and"}),
    "comma": frozenset({"comma", "space"}),
    "bracket": frozenset({"bracket"}),
}


class _Word(NamedTuple):
    folded: str
    text: str
    start: int
    end: int


def find_mentions(
    article: Article, sentences: Sequence[Sentence], gazetteer: Gazetteer
) -> tuple[Mention, ...]:
    """Return the mentions in the body and the headings of an article, in the order of the text.

    A region yields one mention for each of its countries over one slice. A mention inside the name
    of a company, a team, a law or the like is not ``counted``. Historic states yield none.
    """
    reader = _Reader(article, gazetteer)
    named: list[Mention] = []
    for sentence in sentences:
        if sentence.kind is not SentenceKind.BOILERPLATE:
            named.extend(reader.read_sentence(sentence))
    named = drop_namesakes(article, named, gazetteer)
    found = [*named, *find_coreferences(article.text, sentences, named, gazetteer)]
    found.sort(key=lambda mention: (mention.start_char, mention.end_char, mention.country))
    return tuple(found)


class _Reader:
    """The sentences of one article in their order, and which leaders were named in full so far."""

    def __init__(self, article: Article, gazetteer: Gazetteer) -> None:
        self.text = article.text
        self.date = article.date_published
        self.gazetteer = gazetteer
        self.introduced: dict[str, CountryCode] = {}
        self.padded: str | None = None
        self.held: dict[tuple[str, ...], bool] = {}
        self.seen: dict[CountryCode, int] = {}
        self.words: list[_Word] = []
        self.shouting = False
        self.titled = False

    def read_sentence(self, sentence: Sentence) -> Iterator[Mention]:
        """Yield the mentions of one sentence."""
        text = self.text
        words = [
            _Word(fold(found.group()), found.group(), found.start(), found.end())
            for found in find_words(text, sentence.start_char, sentence.end_char)
        ]
        self.words = words
        after = self.gazetteer.root.after
        capitals = sum(1 for word in words if word.text[0].isupper())
        self.titled = len(words) >= FEWEST_TITLED and capitals * 4 >= len(words) * 3
        self.shouting = (
            text[sentence.start_char : sentence.end_char].isupper() and len(words) >= FEWEST_TITLED
        )
        at, count = 0, len(words)
        while at < count:
            node = after.get(words[at].folded)
            if node is None:
                at += 1
                continue
            length, mentions = self._read_phrase(at, node)
            for mention in mentions:
                self.seen[mention.country] = mention.start_char
                yield mention
            at += max(length, 1)

    def _read_phrase(self, at: int, node: Node) -> tuple[int, list[Mention]]:
        """Return how many words the phrase at a word takes, and its mentions."""
        path: list[tuple[int, list[Entry]]] = []
        here: Node | None = node
        last = at
        while here is not None:
            if here.entries:
                path.append((last, here.entries))
            last += 1
            here = here.after.get(self.words[last].folded) if last < len(self.words) else None
        for end, entries in reversed(path):
            fitting = [entry for entry in entries if self._fits(entry, at)]
            kinds = [entry.blocked for entry in fitting if entry.blocked]
            if kinds:
                silent = kinds[0] in _SILENT
                return end - at + 1, [] if silent else self._read_blocked(at, end)
            for entry in fitting:
                mentions = self._read_entry(entry, at, end)
                if mentions is not None:
                    return end - at + 1, mentions
        return 0, []

    def _fits(self, entry: Entry, at: int) -> bool:
        """Return whether the letters' case and the gaps between the words suit an entry."""
        words = self.words
        for number, gap in enumerate(entry.gaps):
            between = self.text[words[at + number].end : words[at + number + 1].start]
            if name_gap(between) not in _GAPS_ALLOWED.get(gap, ()):
                return False
        if entry.aliases and entry.aliases[0].case is Case.ANY:
            return True
        return all(
            not capital[0].isupper()
            or words[at + number].text[0].isupper()
            or (number > 0 and self.text[words[at + number].start - 1] in _HYPHENS)
            for number, capital in enumerate(entry.capitals)
        )

    def _read_blocked(self, at: int, end: int) -> list[Mention]:
        """Return the country names inside a blocked phrase, not counted."""
        mentions: list[Mention] = []
        number = at
        while number <= end:
            last, alias = self._find_inner(number, end)
            if alias and self._is_drawn(alias.code):
                mentions.append(self._make(alias, number, last, counted=False))
            number = last + 1
        return mentions

    def _find_inner(self, at: int, end: int) -> tuple[int, Alias | None]:
        """Return the longest plain alias from a word on, within a phrase, and its last word."""
        best: tuple[int, Alias | None] = (at, None)
        node: Node | None = self.gazetteer.root
        for last in range(at, end + 1):
            node = node.after.get(self.words[last].folded) if node else None
            for entry in node.entries if node else ():
                alias = next((alias for alias in entry.aliases if not alias.near), None)
                if alias and self._fits(entry, at):
                    best = (last, alias)
        return best

    def _read_entry(self, entry: Entry, at: int, end: int) -> list[Mention] | None:
        """Return the mentions of an entry, or ``None`` where no reading holds here."""
        if entry.region:
            if at and self.words[at - 1].folded in {"two", "both"}:
                return []
            start, stop = self.words[at].start, self.words[end].end
            return [
                Mention(
                    country=code,
                    text=self.text[start:stop],
                    kind=MentionKind.REGION,
                    start_char=start,
                    end_char=stop,
                    confidence=entry.region.confidence,
                )
                for code in entry.region.members
            ]
        if entry.terms:
            return self._read_leader(entry.terms, at, end)
        if entry.surnames and fold(entry.surnames[0].surname) in self.introduced:
            mentions = self._read_surname(entry.surnames, at, end)
            if mentions is not None:
                return mentions
        for alias in entry.aliases:
            if self._suits_case(alias, at, end) and self._suits_context(alias, at, end):
                if not self._is_drawn(alias.code) or self._is_hyphenated_american(alias, end):
                    return []
                counted = not self._is_eaten(at, end)
                return [self._make(alias, at, end, counted=counted)]
        if entry.surnames:
            return self._read_surname(entry.surnames, at, end)
        return None

    def _is_hyphenated_american(self, alias: Alias, end: int) -> bool:
        """Return whether a demonym tells an American's origin, as in "Irish Americans"."""
        if alias.kind is not MentionKind.DEMONYM or end + 1 >= len(self.words):
            return False
        following = self.words[end + 1].folded
        if following == "americans":
            return True
        return following == "american" and not self._precedes(end + 1, "between_noun")

    def _is_drawn(self, code: CountryCode) -> bool:
        return self.gazetteer.countries[code].kind != "historic"

    def _make(self, alias: Alias, at: int, end: int, *, counted: bool) -> Mention:
        start, stop = self.words[at].start, self.words[end].end
        if alias.phrase.endswith((".", ")")) and self.text[stop : stop + 1] == alias.phrase[-1]:
            stop += 1
        return Mention(
            country=alias.code,
            text=self.text[start:stop],
            kind=alias.kind,
            start_char=start,
            end_char=stop,
            counted=counted,
            confidence=min(alias.confidence, self._weigh_origin(alias, at)),
        )

    def _weigh_origin(self, alias: Alias, at: int) -> float:
        """Return the most that a demonym counts: little where it names an ethnic group."""
        ethnic = alias.kind is MentionKind.DEMONYM and at and self.words[at - 1].folded == "ethnic"
        return ETHNIC_CONFIDENCE if ethnic else 1.0

    def _suits_case(self, alias: Alias, at: int, end: int) -> bool:
        if alias.case in {Case.NAME, Case.ANY}:
            return True
        if alias.case is Case.PREFIX:
            following = self.text[self.words[end].end : self.words[end].end + 2]
            return following[:1] in _HYPHENS and following[1:].isupper()
        upper = all(word.text.isupper() for word in self.words[at : end + 1])
        if alias.case is Case.MIXED:
            return upper and not self.shouting
        if alias.case is Case.SHOUT:
            return upper and self.shouting
        return upper

    def _suits_context(self, alias: Alias, at: int, end: int) -> bool:
        """Return whether the words around a phrase allow a reading."""
        if alias.phrase == "US" and self._is_money(at):
            return False
        if alias.kind in _TOWNS and alias.code != "USA" and self._is_american_town(end):
            return False
        if alias.near and not any(self._has_words(words) for words in alias.near):
            return False
        if self._stands_before_any(alias.not_before, end):
            return False
        if alias.not_after and self._stands_after_any(alias.not_after, self._skip_initial(at)):
            return False
        if SURNAME in alias.not_before and self._is_capital_after(end):
            return False
        if alias.not_near:
            low, high = max(0, at - NEIGHBORS), end + 1 + NEIGHBORS
            window = f" {' '.join(word.folded for word in self.words[low:high])} "
            return not any(f" {' '.join(words)} " in window for words in alias.not_near)
        return True

    def _is_money(self, at: int) -> bool:
        """Return whether "US" stands for a currency, as in "US$5" and "$US 5"."""
        word = self.words[at]
        before = self.text[max(0, word.start - 1) : word.start]
        return before == "$" or self.text.startswith(("$", " $"), word.end)

    def _skip_initial(self, at: int) -> int:
        """Return the place of an initial before a word ("Michael B. Jordan"), or the word's own."""
        if at < 1 or len(self.words[at - 1].text) > 1 or not self.words[at - 1].text.isupper():
            return at
        return at - 1 if self.text[self.words[at - 1].end] == "." else at

    def _is_american_town(self, end: int) -> bool:
        """Return whether a comma and a state of the US follow, as in "Moscow, Idaho"."""
        if self.text[self.words[end].end : self.words[end].end + 1] != ",":
            return False
        return self._stands_before_any(self.gazetteer.words["us_state"], end)

    def _has_words(self, words: tuple[str, ...]) -> bool:
        """Return whether a word or phrase stands anywhere in the article."""
        if words not in self.held:
            if self.padded is None:
                self.padded = f" {' '.join(split_words(self.text))} "
            self.held[words] = f" {' '.join(words)} " in self.padded
        return self.held[words]

    def _stands_before_any(self, phrases: frozenset[tuple[str, ...]], end: int) -> bool:
        """Return whether one of the phrases follows directly on a word."""
        if not phrases:
            return False
        following = tuple(word.folded for word in self.words[end + 1 : end + 1 + LONGEST_RULE])
        return any(following[:size] in phrases for size in range(1, len(following) + 1))

    def _stands_after_any(self, phrases: frozenset[tuple[str, ...]], at: int) -> bool:
        """Return whether one of the phrases ends directly before a word."""
        if not phrases:
            return False
        before = tuple(word.folded for word in self.words[max(0, at - LONGEST_RULE) : at])
        return any(before[-size:] in phrases for size in range(1, len(before) + 1))

    def _is_capital_after(self, end: int) -> bool:
        if end + 1 >= len(self.words) or self.shouting or self.titled:
            return False
        gap = self.text[self.words[end].end : self.words[end + 1].start]
        following = self.words[end + 1]
        folded = following.folded
        known = folded in self.gazetteer.root.after or (folded,) in self.gazetteer.words["title"]
        return gap == " " and following.text[0].isupper() and not known

    def _is_eaten(self, at: int, end: int) -> bool:
        """Return whether the phrase stands inside the name of a company, team, paper or the like."""
        after = self.gazetteer.eaten_after
        if end + 1 < len(self.words) and self.words[end + 1].folded in after:
            gap = self.text[self.words[end].end : self.words[end + 1].start]
            capital = self.words[end + 1].text[0].isupper()
            suits = gap == " " and (capital or self.words[end + 1].text == "plc")
            phrases = after[self.words[end + 1].folded]
            if suits and self._stands_before_any(frozenset(phrases), end):
                return True
        before = self.gazetteer.eaten_before
        if at and self.words[at - 1].folded in before:
            for words in before[self.words[at - 1].folded]:
                if (
                    self._stands_after_any(frozenset({words}), at)
                    and self.words[at - len(words)].text[0].isupper()
                ):
                    return True
        return False

    def _read_leader(self, terms: tuple[Term, ...], at: int, end: int) -> list[Mention] | None:
        """Return the mention of a leader named in full, where an office is held on the date."""
        term, confidence = self._pick_term(terms)
        if term is None or self._is_former(at):
            return []
        self.introduced[fold(term.surname)] = term.code
        return [self._make_leader(term, at, end, confidence)]

    def _read_surname(self, terms: tuple[Term, ...], at: int, end: int) -> list[Mention] | None:
        """Return the mention of a leader by surname, where the words around it bear it out."""
        known = self.introduced.get(fold(terms[0].surname))
        term, confidence = self._pick_term(
            tuple(term for term in terms if known is None or term.code == known)
        )
        if term is None or self._is_former(at) or self._is_other_person(term, at):
            return None
        word = self.words[at].text
        if word.isupper() and len(word) <= SHORTEST_SHOUTED and not self.shouting:
            return None
        common = term.alone == "full"
        titled = self._follows(at, "high_office" if common else "office") or (
            not common and self._follows(at, "courtesy")
        )
        speaking = term.alone == "verb" and self._precedes(end, "said")
        if not (known or titled or speaking or term.alone == "yes"):
            return None
        return [self._make_leader(term, at, end, min(confidence, SURNAME_CONFIDENCE))]

    def _make_leader(self, term: Term, at: int, end: int, confidence: float) -> Mention:
        start, stop = self.words[at].start, self.words[end].end
        return Mention(
            country=term.code,
            text=self.text[start:stop],
            kind=MentionKind.LEADER,
            start_char=start,
            end_char=stop,
            confidence=confidence,
        )

    def _pick_term(self, terms: tuple[Term, ...]) -> tuple[Term | None, float]:
        """Return the term of office that holds on the article's date, with a confidence.

        Without a date the newest term of each country counts, at a lower confidence. Where two
        countries' leaders fit, the country that was named last before decides, else nobody.
        """
        if self.date is None:
            fitting, confidence = list(terms), UNDATED_CONFIDENCE
        else:
            confidence = 0.9
            fitting = [
                term
                for term in terms
                if (term.start is None or term.start - GRACE <= self.date)
                and (term.end is None or self.date <= term.end + GRACE)
            ]
        if len({term.code for term in fitting}) > 1:
            fitting = self._pick_country(fitting)
        if not fitting:
            return None, 0.0
        newest = max(
            fitting,
            key=lambda term: (_ALONE.index(term.alone), term.end is None, term.start or date.min),
        )
        return newest, confidence

    def _pick_country(self, terms: list[Term]) -> list[Term]:
        """Return the terms of the country that was named last, or that alone the article names."""
        known = [term for term in terms if term.code in self.seen]
        if known:
            last = max(self.seen[term.code] for term in known)
            return [term for term in known if self.seen[term.code] == last]
        countries = self.gazetteer.countries
        named = [term for term in terms if self._has_words(split_words(countries[term.code].name))]
        return named if len({term.code for term in named}) == 1 else []

    def _follows(self, at: int, name: str) -> bool:
        return self._stands_after_any(self.gazetteer.words[name], at)

    def _precedes(self, end: int, name: str) -> bool:
        return self._stands_before_any(self.gazetteer.words[name], end)

    def _is_former(self, at: int) -> bool:
        """Return whether "former" or the like stands before a name and its titles."""
        words = self.gazetteer.words
        for back in range(at - 1, max(-1, at - 1 - MOST_TITLES), -1):
            folded = (self.words[back].folded,)
            if folded in words["former"]:
                return True
            if not (self.words[back].text[0].isupper() or folded in words["title"]):
                return False
        return False

    def _is_other_person(self, term: Term, at: int) -> bool:
        """Return whether the word before a surname is somebody else's first name."""
        if at == 0 or self.shouting:
            return False
        before = self.words[at - 1]
        gap = self.text[before.end : self.words[at].start]
        if gap.strip(".") != " " or not before.text[0].isupper():
            return False
        if before.folded in split_words(term.name) or self._follows(at, "office"):
            return False
        words = self.gazetteer.words
        if (before.folded,) in words["first_name"]:
            return True
        if self.titled or (before.folded,) in words["not_a_name"]:
            return False
        return before.folded not in self.gazetteer.root.after
