"""Tagged words of a sentence by rules: tokens with exact offsets, parts of speech and lemmas.

Closed classes and verbs stand in ``data/english_words.tsv`` and ``data/english_verbs.tsv``; the words
of the lexicon are known besides. What is in none of them is judged by its ending, its capital and its
neighbors. Tags are those of the Penn Treebank, parts of speech those of Universal Dependencies.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from geo.errors import DataError
from geo.grammar import CALENDAR
from geo.lexicon import Lexicon, load_lexicon
from geo.paths import DATA

_TOKEN = re.compile(
    r"""
    (?:[^\W\d_]\.){2,}                                # U.S., a.m.
    | (?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Capt|Sen|Gov|Rev|St|Jr|Sr|Maj|Sgt|Prof|No)\.
    | \d+(?:[.,:]\d+)*(?:[^\W\d_]+)?                  # 1,200  1980s
    | (?:ca|wo)(?=n['’]t\b) | [^\W\d_]+?(?=n['’]t\b)  # do + n't
    | n['’]t\b
    | ['’](?:s|re|ve|ll|d|m)\b                        # clitics
    | can(?=not\b) | (?<=can)not\b
    | [^\W\d_]+(?:['’](?!(?:s|re|ve|ll|d|m)\b)[^\W\d_]+)*\d*
    | \.{2,} | -{2,} | \S
    """,
    re.VERBOSE | re.IGNORECASE,
)
_POS = {
    "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "IN": "ADP", "MARK": "SCONJ", "MD": "AUX",
    "NEG": "PART", "NN": "NOUN", "NNP": "PROPN", "NNS": "NOUN", "POS": "PART", "PRP": "PRON",
    "PRP$": "PRON", "RB": "ADV", "RP": "ADP", "SEQ": "ADP", "TO": "PART", "WDT": "PRON", "WP": "PRON",
    "WP$": "PRON", "WRB": "SCONJ", "JJ": "ADJ", "SYM": "PUNCT",
}  # fmt: skip
# Tags of the tables that the Treebank writes otherwise.
_WRITTEN = {"MARK": "IN", "SEQ": "IN", "NEG": "RB", "SYM": "."}
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_BE = {"am": "VBP", "is": "VBZ", "are": "VBP", "was": "VBD", "were": "VBD"}
_CLITICS = {"'s": "be", "'re": "be", "'m": "be", "'ve": "have", "'d": "would", "'ll": "will"}
_ADJECTIVES = re.compile(
    r"(?:[^aeiou]al|ial|ual|onal|ic|ous|ive|ful|less|able|ible|ary|ish|ese|ian|most|atory|ular|lateral)$"
)
_DEMONYM = re.compile(r"(?:[a-z]{2}(?:ian|ean|ese|ish|[rbknt]ani|an)|[a-z]{3}i|[cnlpr]ch|eek|iss)$")
_NOUNS = re.compile(
    r"(?:tion|sion|ment|ness|ity|ship|ance|ence|ism|ist|or|er|cy|dom|hood|age|ure|ry|ers|ors|ists)$"
)
PARTICLES = frozenset({"up", "down", "out", "off", "back", "away", "over", "aside", "ahead"})
TIMES = frozenset(
    {
        "day", "week", "month", "year", "night", "morning", "evening", "afternoon", "weekend",
        "decade", "century", "summer", "winter", "autumn", "spring", "hour", "minute", "time",
        "today", "yesterday", "tomorrow", "fall", "season", "quarter",
    }
) | CALENDAR  # fmt: skip
_NAMED_TAGS = frozenset({"NN", "NNS", "NNP", "CD", "JJ"})
_BOUNDARIES = frozenset({",", ";", ":", "(", ")", "–", "—", "--", '"', "“", "”"})


@dataclass(slots=True)
class Word:
    """Hold one token while it is read: its slice, its tag and lemma, and its place in the tree.

    ``head`` is -1 until it is attached. ``open`` says of a verb that its form is past and participle.
    """

    i: int
    start: int
    end: int
    text: str
    tag: str = ""
    lemma: str = ""
    dep: str = ""
    head: int = -1
    open: bool = False
    aux: bool = False
    low: str = field(init=False)

    def __post_init__(self) -> None:
        """Keep the word in lower case."""
        self.low = self.text.lower().replace("’", "'")

    @property
    def pos(self) -> str:
        """Return the part of speech that the tag stands for."""
        if self.tag.startswith("VB"):
            return "AUX" if self.aux or self.lemma == "be" else "VERB"
        return _POS.get(self.tag, "X")

    @property
    def treebank(self) -> str:
        """Return the tag as the Treebank writes it."""
        return _WRITTEN.get(self.tag, self.tag)


@dataclass(frozen=True, slots=True)
class Words:
    """Hold what is known of single words: closed classes, forms of verbs, nouns and adjectives."""

    tags: Mapping[str, tuple[str, ...]]
    lemmas: Mapping[tuple[str, str], str]
    verbs: Mapping[str, Mapping[str, str]]
    nouns: frozenset[str]
    adjectives: frozenset[str]

    def find_noun(self, word: str) -> str | None:
        """Return the lemma of a known noun, singular or plural; ``None`` for any other word."""
        for tag in ("NN", "NNS"):
            if lemma := self.lemmas.get((tag, word)):
                return lemma
        return next((each for each in (word, *_singulars(word)) if each in self.nouns), None)


def _singulars(word: str) -> Iterator[str]:
    """Yield what a plural can be the plural of, the likeliest first."""
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < 4:
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes", "zes")):
        yield word[:-2]
    yield word[:-1]


def _inflect(lemma: str) -> tuple[str, str, str]:
    """Return the regular forms in -s, -ed and -ing."""
    if re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    s = lemma + ("es" if re.search(r"(?:[sxzo]|[cs]h)$", lemma) else "s")
    if lemma == "have":
        s = "has"
    if lemma.endswith("e"):
        ing = lemma if lemma.endswith(("ee", "ye", "oe")) else lemma[:-1]
        if lemma.endswith("ie"):
            ing = lemma[:-2] + "y"
        return s, lemma + "d", ing + "ing"
    return s, lemma + "ed", lemma + "ing"


def _read_table(name: str, folder: Path) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), start=2):
            if None in row.values() or not row.get("lemma"):
                msg = f"data/{name} line {number}: the row is not complete"
                raise DataError(msg)
            yield row


@lru_cache(maxsize=1)
def load_words(folder: Path = DATA) -> Words:
    """Read the tables of words and verbs; raises :class:`DataError` with the line of a broken row."""
    lexicon = load_lexicon(folder)
    tags: dict[str, list[str]] = {}
    lemmas: dict[tuple[str, str], str] = {}
    for row in _read_table("english_words.tsv", folder):
        if row["tag"] not in _POS:
            msg = f"data/english_words.tsv: {row['word']} has the unknown tag {row['tag']!r}"
            raise DataError(msg)
        tags.setdefault(row["word"], []).append(row["tag"])
        lemmas[row["tag"], row["word"]] = row["lemma"]
    verbs: dict[str, dict[str, str]] = {}
    known = {row["lemma"] for row in _read_table("english_verbs.tsv", folder)}
    listed = list(_read_table("english_verbs.tsv", folder))
    listed.extend(
        {"lemma": each, "past": "", "participle": ""}
        for each in sorted(_heads(lexicon, "VERB") - known)
    )
    for row in listed:
        _add_forms(verbs, row)
    return Words(
        tags={word: tuple(found) for word, found in tags.items()},
        lemmas=lemmas,
        verbs=verbs,
        nouns=frozenset(_heads(lexicon, "NOUN")) | TIMES,
        adjectives=frozenset(_heads(lexicon, "ADJ")),
    )


def _heads(lexicon: Lexicon, pos: str) -> set[str]:
    """Return the lemmas of one part of speech that the lexicon knows."""
    found = {head for head, its in (*lexicon.cues_by_head, *lexicon.operators) if its == pos}
    ending = {"VERB": "_verb", "NOUN": "_noun"}.get(pos)
    if ending:
        for name, words in lexicon.words.items():
            found |= words if name.endswith(ending) else set()
    return {each for each in found if each.isalpha()}


def _add_forms(verbs: dict[str, dict[str, str]], row: Mapping[str, str]) -> None:
    lemma = row["lemma"]
    s, past, ing = _inflect(lemma)
    if row["past"]:
        past = row["past"]
        # "planned" doubles in "planning" too.
        doubled = past.endswith(lemma[-1] * 2 + "ed")
        short = re.fullmatch(r"[^aeiou]*+[aeiou][bdgmnpt]", lemma) or lemma in _DOUBLED
        if doubled or (short and not past.endswith("ed")):
            ing = lemma + lemma[-1] + "ing"
    if re.search(r"[^aeiou][aeiou]l$", lemma):
        # "cancelled" beside "canceled".
        for form, tag in ((lemma + "led", "VBD"), (lemma + "led", "VBN"), (lemma + "ling", "VBG")):
            verbs.setdefault(form, {}).setdefault(tag, lemma)
    for form, tag in (
        (lemma, "VB"), (s, "VBZ"), (past, "VBD"), (row["participle"] or past, "VBN"), (ing, "VBG"),
    ):  # fmt: skip
        verbs.setdefault(form, {}).setdefault(tag, lemma)


_DOUBLED = frozenset({"begin", "forget", "overrun", "upset", "quit"})


class Tagger:
    """Tag the words of one sentence from left to right."""

    def __init__(self, words: Words) -> None:
        """Take what is known of words."""
        self._known = words

    def tag(self, text: str) -> list[Word]:
        """Return the words of a sentence with tags and lemmas; their slices cover all but blanks."""
        self._words = [
            Word(i, match.start(), match.end(), match[0])
            for i, match in enumerate(_TOKEN.finditer(text))
        ]
        self._forms = [self._known.verbs.get(each.low, {}) for each in self._words]
        for word in self._words:
            word.tag = self._choose(word)
            word.lemma = word.lemma or self._lemmatize(word)
        return self._words

    # What stands around a word ----------------------------------------------------------------

    def _at(self, i: int) -> Word | None:
        return self._words[i] if 0 <= i < len(self._words) else None

    def _low(self, i: int) -> str:
        word = self._at(i)
        return word.low if word else ""

    def _before(self, i: int) -> Word | None:
        """Return the word before one, over adverbs and negation."""
        i -= 1
        while i >= 0 and self._words[i].tag in {"RB", "NEG"}:
            i -= 1
        return self._at(i)

    def _is_capital(self, word: Word | None) -> bool:
        return word is not None and word.text[0].isupper()

    def _starts(self, i: int) -> bool:
        """Say whether a word is the first of its sentence or of a quote in it."""
        return i == 0 or all(not each.text[0].isalnum() for each in self._words[:i])

    def _nominal(self, i: int) -> bool:
        """Say whether the word at a place, not tagged yet, can be a noun or stand before one."""
        word = self._at(i)
        if word is None or not word.text[0].isalnum():
            return False
        tags = self._known.tags.get(word.low, ())
        if tags:
            return bool(set(tags) & {"JJ", "CD", "NN", "NNS"})
        if "VBG" in self._forms[i] or set(self._forms[i]) == {"VBD", "VBN"}:
            return False
        return not (word.low.endswith("ly") and not self._is_capital(word))

    def _finite_ahead(self, i: int) -> bool:
        """Say whether a verb with tense stands after a word and before the next clause."""
        for j in range(i + 1, min(i + 14, len(self._words))):
            word = self._words[j]
            tags = self._known.tags.get(word.low, ())
            if word.low in _BOUNDARIES or set(tags) & {"CC", "WDT", "WP", "SEQ"}:
                return False
            if "MARK" in tags or "WRB" in tags or word.low in {"that", "to"}:
                if word.low == "to" and not self._forms[min(j + 1, len(self._words) - 1)].get("VB"):
                    continue
                return False
            if (
                word.low in _BE
                or ("MD" in tags and word.text.islower())
                or word.low in {"has", "have", "had", "does", "did"}
            ):
                return True
            if "VBD" in self._forms[j] and not tags and self._low(j - 1) not in {"by", "of", "the"}:
                return True
            after = set(self._known.tags.get(self._low(j - 1), ()))
            if word.low.endswith("ed") and len(word.low) > 4 and not tags:
                if not self._is_capital(word) and not after & {"IN", "DT", "JJ", "PRP$"}:
                    return True
        return False

    def _finite_behind(self, i: int) -> bool:
        """Say whether a verb with tense stands before a word in its clause."""
        for j in range(i - 1, -1, -1):
            word = self._words[j]
            if word.tag in _FINITE:
                return True
            if word.tag in {"CC", "WDT", "WP", "MARK", "WRB", "SEQ"} or word.low in _BOUNDARIES:
                return False
            if word.low == "that" and word.tag != "DT":
                return False
        return False

    def _ambiguous_after(self, i: int) -> bool:
        """Say whether what follows a word is what follows a verb: an object, a clause or a phrase."""
        following = self._at(i + 1)
        if following is None:
            return False
        tags = self._known.tags.get(following.low, ())
        return (
            bool(set(tags) & {"DT", "PRP", "PRP$", "IN", "RB", "CD", "SEQ", "NEG"})
            or following.low in {"to", "that"}
            or self._is_capital(following)
        )

    # Choosing a tag ---------------------------------------------------------------------------

    def _choose(self, word: Word) -> str:
        i, low = word.i, word.low
        before = self._before(i)
        last = self._at(i - 1)
        if not word.text[0].isalnum() and low not in _CLITICS and low != "n't":
            if low in {"'", "’"} and last and last.end == word.start and last.low.endswith("s"):
                following = self._at(i + 1)
                if last.tag in {"NN", "NNS", "NNP"} and following and following.text[0].isalpha():
                    return "POS"
            if word.text in {"%", "$", "€", "£"}:
                return "NN"
            return "SYM"
        if low in _CLITICS:
            return self._choose_clitic(word, before)
        if word.text[0].isdigit():
            return "CD"
        tags = self._known.tags.get(low, ())
        forms = self._forms[i]
        capital = self._is_capital(word)
        if (
            capital
            and not self._starts(i)
            and not (tags and set(tags) & {"PRP", "DT"} and len(low) < 4)
        ):
            if low != "i" and not (set(tags) & {"IN", "CC"} and self._starts(i - 1)):
                if low in {"the", "a", "an"}:
                    return "DT"
                return "NNP"
        if low == "to":
            return self._choose_to(word)
        if low == "that":
            return self._choose_that(word)
        if low in _BE:
            return _BE[low]
        if low in {"be", "been", "being"}:
            return {"be": "VB", "been": "VBN", "being": "VBG"}[low]
        if self._low(i + 1) == "-" and "RB" in tags and word.end == self._words[i + 1].start:
            return "JJ"
        if low == "her":
            return "PRP$" if self._nominal(i + 1) else "PRP"
        if low == "according" or (low == "due" and self._low(i + 1) == "to" and self._is_cause(i)):
            return "IN"
        if tags:
            return self._choose_listed(word, tags, forms, before)
        if capital and self._starts(i):
            return self._choose_first(word, forms)
        return self._choose_open(word, forms, before)

    def _is_cause(self, i: int) -> bool:
        """Say whether "due to" at a place names a cause, and is not what someone is due to do."""
        return "VB" not in self._form(i + 2) and self._low(i + 2) not in {"be", "have", "do"}

    def _choose_clitic(self, word: Word, before: Word | None) -> str:
        if word.low == "'s":
            verbal = before is not None and (
                before.tag in {"PRP", "EX", "WP"} or before.low == "that"
            )
            if verbal and before is not None and before.low not in {"one", "someone", "everyone"}:
                word.lemma = "be"
                return "VBZ"
            return "POS"
        word.lemma = _CLITICS[word.low]
        return "MD" if word.lemma in {"would", "will"} else "VBP"

    def _choose_to(self, word: Word) -> str:
        i = word.i + 1
        while self._known.tags.get(self._low(i), ())[:1] == ("RB",) and "VB" not in self._form(i):
            i += 1
        if "VB" in self._form(i) and not self._is_capital(self._at(i)):
            following = self._at(i + 1)
            noun = self._known.find_noun(self._low(i))
            ends = following is None or following.text in {".", ",", ";"}
            last = self._at(word.i - 1)
            if noun and ends and last and last.tag in {"VBD", "VBZ", "NN", "NNS"}:
                return "TO" if self._low(i) in {"act", "help", "talk", "attack"} else "IN"
            if noun and self._low(i + 1) in {"of", "and"} and last and last.tag != "NN":
                return "TO" if "VB" in self._form(i + 2) else "IN"
            return "TO"
        if self._low(i) in {"be", "have", "do"}:
            return "TO"
        unknown = self._at(i)
        if (
            unknown is not None
            and unknown.text.islower()
            and not self._known.tags.get(unknown.low)
            and not self._form(i)
            and not unknown.low.endswith(("s", "ing", "ed"))
            and not self._known.find_noun(unknown.low)
            and self._ambiguous_after(i)
            and not _NOUNS.search(unknown.low)
            and self._low(i + 1) not in {"of", "in", "at", "and"}
        ):
            return "TO"
        return "IN"

    def _form(self, i: int) -> Mapping[str, str]:
        return self._forms[i] if 0 <= i < len(self._forms) else {}

    def _choose_that(self, word: Word) -> str:
        i, before = word.i, self._before(word.i)
        if before is not None and before.tag in {"NN", "NNS", "NNP", "JJ"}:
            following = self._low(i + 1)
            known = set(self._known.tags.get(following, ()))
            forms = self._form(i + 1)
            if (
                following in _BE
                or known & {"MD", "RB", "NEG"}
                or following in {"has", "have", "had"}
            ):
                return "WDT"
            if (set(forms) & {"VBZ", "VBD"} or following.endswith("ed")) and not known:
                if "VBD" in forms or not self._finite_ahead(i + 1):
                    return "WDT"
            if "VB" in forms and before.tag == "NNS" and not self._finite_ahead(i + 1):
                return "WDT"
            return "MARK"
        if before is not None and before.tag in {"IN", "SEQ"} and before.low not in {"now", "so"}:
            return "DT"
        if before is not None and before.tag.startswith("VB"):
            if "NN" in self._known.tags.get(self._low(i + 1), ()) or self._low(i + 2) in {".", ","}:
                return "DT"
            return "MARK"
        if i == 0 or before is None or before.low in _BOUNDARIES:
            return "DT"
        return "MARK"

    def _choose_listed(
        self, word: Word, tags: Sequence[str], forms: Mapping[str, str], before: Word | None
    ) -> str:
        i, low = word.i, word.low
        if low == "one":
            return "CD" if self._nominal(i + 1) or self._low(i + 1) == "of" else "PRP"
        if "JJ" in tags and len(tags) > 1 and "RB" in tags:
            return "JJ" if self._nominal(i + 1) and self._stands_before_noun(before) else "RB"
        if low in {"open", "free", "welcome", "warm", "calm", "near", "secure", "clear", "lower"}:
            if before is not None and before.tag in {"TO", "MD"}:
                return "VB"
        if low == "since" and before is not None and before.lemma == "have":
            return "RB"
        if low == "as" and self._low(i + 1) in {"well", "soon"}:
            return "RB"
        if low == "as" and self._low(i - 1) == "well" and self._low(i - 2) == "as":
            return "CC"
        if low == "like" and before is not None and before.tag in {"MD", "TO", "PRP"}:
            return "VB" if before.tag != "PRP" else "VBP"
        if tags[0] == "NN" and low.endswith("ing") and "VBG" in forms:
            return self._choose_ing(word, before)
        if tags[0] in {"NN", "NNS"} and set(forms) & {"VB", "VBZ"}:
            return self._choose_open(word, forms, before) if low != "forces" else "NNS"
        if tags[0] == "JJ" and forms and low != "set":
            if before is not None and before.tag in {"TO", "MD"} and "VB" in forms:
                return "VB"
            if set(forms) >= {"VBD"} and not self._nominal(i + 1):
                return self._choose_open(word, forms, before)
        if low in {"over", "about", "around"} and before is not None and self._low(i + 1).isdigit():
            return "RB"
        if tags[0] == "IN" and low in PARTICLES | {"off", "over"}:
            last = self._at(i - 1)
            if last is not None and last.tag.startswith("VB") and low == "off":
                return "RP"
        if low in {"up", "down", "out", "away", "back", "ahead"}:
            last = self._at(i - 1)
            return "RP" if last is not None and last.tag.startswith("VB") else "RB"
        if low == "likely" and not self._stands_before_noun(before):
            return "JJ" if before is not None and before.lemma == "be" else "RB"
        return tags[0]

    def _stands_before_noun(self, before: Word | None) -> bool:
        return before is not None and before.tag in {"DT", "JJ", "POS", "PRP$", "CD", "IN"}

    def _choose_first(self, word: Word, forms: Mapping[str, str]) -> str:
        """Tag a capitalized word that opens its sentence."""
        following = self._at(word.i + 1)
        if "VBG" in forms and not self._is_capital(following):
            return self._choose_ing(word, None)
        if "VBG" in forms and "VB" not in forms:
            return "VBG"
        if set(forms) & {"VBN"} and following is not None and following.low in {"by", "in", "on"}:
            word.open = False
            return "VBN"
        if noun := self._known.find_noun(word.low):
            return "NNS" if noun != word.low else "NN"
        if word.low.endswith("ly") and len(word.low) > 5 and not self._is_capital(following):
            return "RB"
        if not self._is_capital(following) and _NOUNS.search(word.low):
            return "NN" if not word.low.endswith("s") else "NNS"
        if word.low.endswith("s") and self._forms[word.i].get("VBZ"):
            return "NNS"
        return "NNP"

    def _choose_open(self, word: Word, forms: Mapping[str, str], before: Word | None) -> str:
        i, low = word.i, word.low
        last = self._at(i - 1)
        if low.endswith("ing") and len(low) > 4 and ("VBG" in forms or not forms):
            return self._choose_ing(word, before)
        if set(forms) & {"VBD", "VBN"} and "VB" not in forms:
            return self._choose_past(word, forms, before)
        if low.endswith("ed") and len(low) > 4 and not forms and not self._known.find_noun(low):
            if not low.endswith("eed"):
                return self._choose_past(word, {"VBD": "", "VBN": ""}, before)
        if forms and set(forms) & {"VB", "VBZ", "VBD"}:
            return self._choose_present(word, forms, before)
        if low.endswith("ly") and len(low) > 4 and low not in {"ally", "family", "supply", "reply"}:
            if low not in {"assembly", "monopoly", "anomaly", "daily", "italy", "bully", "rally"}:
                return "RB"
        noun = self._known.find_noun(low)
        if noun:
            return "NNS" if noun != low else "NN"
        if low in self._known.adjectives or (
            _ADJECTIVES.search(low) and self._fits_adjective(word)
        ):
            return "JJ"
        if self._low(i + 1) == "than" and self._low(i - 1) in {"more", "less"}:
            return "JJ"
        if low.endswith("est") and len(low) > 5 and before is not None:
            if before.tag in {"DT", "POS", "PRP$"}:
                return "JJ"
        if low.endswith("s") and not low.endswith(("ss", "us", "is")) and len(low) > 3:
            if before is not None and before.tag in {"PRP", "WDT"} and last is before:
                if before.low not in {"them", "him", "us", "me"}:
                    return "VBZ"
            return "NNS"
        if before is not None and before.tag in {"MD", "TO"}:
            return "VB"
        return "NN"

    def _fits_adjective(self, word: Word) -> bool:
        """Say whether an ending of adjectives is one here: a noun follows, or a verb of being precedes."""
        before = self._before(word.i)
        if self._nominal(word.i + 1) or self._known.tags.get(self._low(word.i + 1), ())[:1] == (
            "CC",
        ):
            return True
        return before is not None and before.lemma in {"be", "remain", "become", "seem"}

    def _choose_ing(self, word: Word, before: Word | None) -> str:
        i = word.i
        following = self._low(i + 1)
        tags = set(self._known.tags.get(following, ()))
        taking = bool(tags & {"DT", "PRP", "PRP$", "CD"}) or self._is_capital(self._at(i + 1))
        noun = self._known.find_noun(word.low)
        if before is not None and before.lemma in {"be", "keep", "start", "stop", "begin"}:
            if before.tag.startswith("VB") and (before.lemma == "be" or taking or not noun):
                return "VBG"
        if before is not None and before.tag in {"DT", "PRP$", "POS", "JJ", "CD"}:
            return "NN"
        if taking:
            return "VBG"
        if noun:
            return "NN"
        if before is not None and before.tag in {"NN", "NNP"} and before.i == i - 1:
            if self._nominal(i + 1) and not tags and not self._form(i).get("VBG"):
                return "NN"
        if before is not None and before.tag in {"NN", "NNP", "JJ"} and following == "of":
            return "NN"
        if "VBG" in self._forms[i]:
            return "NN" if following == "of" else "VBG"
        return "NN" if before is not None and before.tag in {"IN", "NN", "NNP"} else "VBG"

    def _choose_past(self, word: Word, forms: Mapping[str, str], before: Word | None) -> str:
        i = word.i
        both = "VBD" in forms and "VBN" in forms
        if before is not None and before.lemma in {"be", "get", "have"}:
            if before.tag.startswith("VB") and "VBN" in forms:
                return "VBN"
        if before is not None and before.tag == "VBN" and before.low == "been":
            return "VBN"
        if before is not None and before.tag in {"DT", "JJ", "POS", "PRP$", "CD", "IN", "SEQ"}:
            if self._nominal(i + 1) and before.tag != "SEQ" and before.low not in _QUANTIFIERS:
                return "VBN" if "VBN" in forms else "VBD"
            if before.tag == "SEQ" or before.low == "than":
                return "VBN"
        if (
            self._low(i - 1) == "-"
            and i >= 2
            and self._words[i - 2].end == self._words[i - 1].start
        ):
            return "VBN"
        if before is not None and before.i == i - 1 and before.tag in {"VBD", "VBN", "VBZ", "VB"}:
            if self._nominal(i + 1) and not self._is_capital(self._at(i + 1)) and "VBN" in forms:
                return "VBN"
        if both:
            word.open = True
            return "VBD"
        return "VBD" if "VBD" in forms else "VBN"

    def _choose_present(self, word: Word, forms: Mapping[str, str], before: Word | None) -> str:
        """Tag a form that can be a verb in the present, and mostly a noun as well."""
        i, low = word.i, word.low
        plural = "VBZ" in forms and "VB" not in forms
        noun = "NNS" if plural else "NN"
        verb = "VBZ" if plural else "VBP"
        if "VBD" in forms and "VB" in forms:
            verb = "VBD"
        if low in {
            "has",
            "does",
            "says",
            "seeks",
            "becomes",
            "goes",
            "gives",
            "brings",
            "takes",
            "believes",
        }:
            return "VBZ"
        if low in {"have", "do", "say"}:
            return "VB" if before is not None and before.tag in {"MD", "TO"} else "VBP"
        if before is None:
            return noun
        if before.tag in {"MD", "TO"} or (before.lemma == "do" and before.tag.startswith("VB")):
            return noun if plural or before.low == "according" else "VB"
        if before.lemma in {"be", "have"} and before.tag.startswith("VB") and "VBN" in forms:
            return "VBN"
        if before.tag in {"PRP", "WDT", "WP"} and before.low not in _OBLIQUE:
            return verb
        if before.tag in {"DT", "JJ", "POS", "PRP$", "CD", "IN", "VBN", "SEQ", "RP", "VBG"}:
            if before.tag == "DT" and before.low in {"all", "both", "some", "each", "those"}:
                if not self._nominal(i - 1) and not self._ambiguous_after(i):
                    return noun
            return noun
        if before.tag.startswith("VB"):
            helped = before.lemma in {"help", "let", "make"} and "VB" in forms
            return "VB" if helped and self._ambiguous_after(i) else noun
        if before.tag == "CC":
            return self._choose_joined(word, forms, verb, noun)
        if before.low in _BOUNDARIES:
            behind = self._opens_relative(before.i)
            if not plural and not behind:
                return noun
            return verb if self._ambiguous_after(i) and not self._finite_ahead(i) else noun
        if before.tag in {"NN", "NNP", "NNS"}:
            return self._choose_after_noun(word, before, verb, noun)
        return noun

    def _opens_relative(self, comma: int) -> bool:
        """Say whether a comma closes what a first comma set apart from its noun."""
        return any(each.text == "," for each in self._words[:comma]) and not self._finite_behind(
            comma
        )

    def _choose_joined(self, word: Word, forms: Mapping[str, str], verb: str, noun: str) -> str:
        """Tag a word after a conjunction as the verb that stands before the conjunction."""
        if not self._ambiguous_after(word.i) or self._low(word.i + 1) == "of":
            return noun
        for j in range(word.i - 2, -1, -1):
            tag = self._words[j].tag
            if tag in {"VB", "VBP", "VBZ", "VBD", "MD"} or tag == "VBG":
                if tag == "VB" and "VB" in forms:
                    return "VB" if self._low(word.i + 1) not in {"of", "in", "on"} else noun
                if tag in {"VBP", "VBZ", "VBD"} and verb == tag:
                    return verb
                if tag == "MD" and "VB" in forms:
                    return "VB"
                return noun
        return noun

    def _choose_after_noun(self, word: Word, before: Word, verb: str, noun: str) -> str:
        i, low = word.i, word.low
        if verb == "VBP" and self._lets(i) and self._ambiguous_after(i):
            return "VB"
        if self._finite_behind(i) or self._finite_ahead(i):
            return noun
        if before.tag == "NN" and self._low(before.i - 1) in {"and", "or"}:
            return noun
        joined = before.i > 1 and any(
            each.low == "and" for each in self._words[max(0, before.i - 3) : before.i]
        )
        following = self._at(i + 1)
        ends = following is None or following.text in {".", ",", ";"}
        if verb == "VBZ":
            # "Asian allies" and the like are people more often than deeds.
            if before.tag == "NNS" or low in {"allies", "states", "forces", "troops", "relations"}:
                return noun
            return verb if self._ambiguous_after(i) or ends or self._nominal(i + 1) else noun
        if verb == "VBD":
            return verb if self._ambiguous_after(i) or self._nominal(i + 1) else noun
        if self._asks(i) and self._ambiguous_after(i):
            return verb
        if before.tag == "NNS" or joined or before.lemma in {"police", "people"}:
            return verb if self._ambiguous_after(i) or self._nominal(i + 1) or ends else noun
        return noun

    def _lets(self, i: int) -> bool:
        """Say whether a verb before takes a clause without "to": "let the army hold"."""
        return any(
            each.lemma in {"let", "help", "make"} and each.tag.startswith("VB")
            for each in self._words[max(0, i - 5) : i - 1]
        )

    def _asks(self, i: int) -> bool:
        """Say whether a clause after "that" has no verb yet: "demanded that A release"."""
        return any(
            each.tag == "MARK" and each.low == "that" for each in self._words[max(0, i - 6) : i]
        )

    # Lemmas -----------------------------------------------------------------------------------

    def _lemmatize(self, word: Word) -> str:
        low, tag = word.low, word.tag
        if listed := self._known.lemmas.get((tag, low)):
            return listed
        if tag.startswith("VB"):
            if low in _BE or low in {"be", "been", "being"}:
                return "be"
            forms = self._forms[word.i]
            return forms.get({"VBP": "VB"}.get(tag, tag)) or _strip_verb(low, tag)
        if tag == "NNS":
            return self._known.find_noun(low) or next(_singulars(low), low)
        if tag == "NN":
            return self._known.find_noun(low) or low
        if tag == "IN" and low == "according":
            return "accord"
        return low


_QUANTIFIERS = frozenset({"some", "both", "all", "those", "each", "any"})
_OBLIQUE = frozenset({"them", "him", "us", "me", "himself", "itself", "themselves"})


def _strip_verb(word: str, tag: str) -> str:
    """Return the likely base of a verb that is in no table."""
    if tag == "VBZ":
        return next(_singulars(word), word)
    ending = {"VBG": "ing", "VBD": "ed", "VBN": "ed"}.get(tag, "")
    if not ending or not word.endswith(ending):
        return word
    stem = word[: -len(ending)]
    if stem.endswith("i") and ending == "ed":
        return stem[:-1] + "y"
    if re.search(r"([bdgmnprt])\1$", stem):
        return stem[:-1]
    return (
        stem + "e"
        if re.search(r"(?:[aiou][tdsgc]|[cvuz]|[ai]r|[ao]k|[ai]n|[lr]g|bl|iz|[aei]as)$", stem)
        else stem
    )
