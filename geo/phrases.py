"""Phrases of a tagged sentence: noun phrases, groups of verbs, and the words that join them.

Within a phrase each word is attached to the head, in the labels of the CLEAR style.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.grammar import CALENDAR
from geo.tagging import TIMES, Word

RELATIONAL = frozenset(
    {"last", "next", "this", "that", "every", "each", "earlier", "recent", "past"}
)
DASHES = frozenset({"-", "–", "—", "--", "(", ")"})
QUOTES = frozenset({'"', "“", "”", "'", "‘", "’", "''", "``"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\ds?")
_DEMONYM = re.compile(
    r"(?:[a-z]{2}(?:ian|ean|ese|ish|an)|[a-z]{3}[^aeiou]i|[cnlpr]ch|eek|iss|thai|emeni)$"
)


@dataclass(slots=True, eq=False)
class Piece:
    """Hold one piece of a sentence: a noun phrase, a group of verbs, or a word that joins others.

    ``kind`` is NP, VG, P, COMMA, CC, MARK, REL, ADJ, ADV, STOP or OTHER; ``first`` and ``last`` are the
    first and last word, ``head`` the word that stands for the piece.
    """

    kind: str
    first: int
    last: int
    head: Word
    form: str = ""
    passive: bool = False
    time: bool = False


def gather_pieces(words: Sequence[Word]) -> list[Piece]:
    """Return the pieces of a sentence in order, with the words inside each attached to its head."""
    pieces: list[Piece] = []
    i = 0
    while i < len(words):
        piece = _read_verbs(words, i) or _read_noun(words, i) or _read_other(words, i)
        pieces.append(piece)
        i = piece.last + 1
    return pieces


def attach(word: Word, head: Word, dep: str) -> None:
    """Hang a word on its head with a label; a word never hangs on itself."""
    if word is not head:
        word.head, word.dep = head.i, dep


def _read_verbs(words: Sequence[Word], first: int) -> Piece | None:
    """Return the group of verbs that starts at a word: auxiliaries, negation and the verb itself."""
    start = words[first]
    if start.tag not in {"MD", "TO", "VB", "VBP", "VBZ", "VBD", "VBN", "VBG"}:
        return None
    if start.tag in {"VBN", "VBG"} and _is_modifier(words, first):
        return None
    chain: list[Word] = []
    loose: list[Word] = []
    i = first
    while i < len(words):
        word = words[i]
        floats = word.low in {"both", "all", "each"} and i + 1 < len(words)
        if word.tag in {"RB", "NEG"} or (chain and floats and words[i + 1].tag[:2] == "VB"):
            loose.append(word)
        elif not chain or _continues(chain[-1], word, words, i):
            chain.append(word)
        else:
            break
        i += 1
    while loose and loose[-1].i > chain[-1].i:
        # "is not" keeps its negation; an adverb after the verb stands for itself.
        if loose[-1].tag == "NEG" and all(
            each.tag == "NEG" for each in loose if each.i > chain[-1].i
        ):
            break
        loose.pop()
    last = max(each.i for each in (*chain, *loose))
    main = chain[-1]
    if main.tag == "TO" or (main.tag == "MD" and len(chain) == 1):
        if main.tag == "TO":
            return None
    helped = [each for each in chain[:-1] if each.lemma in {"be", "get"} and each.tag != "TO"]
    passive = main.tag == "VBN" and bool(helped)
    for each in chain[:-1]:
        each.aux = each.tag.startswith("VB")
        attach(each, main, "auxpass" if passive and each is helped[-1] else "aux")
    for each in loose:
        attach(each, main, "neg" if each.tag == "NEG" else "advmod")
    tags = [each.tag for each in chain]
    if tags[0] == "TO":
        form = "to"
    elif tags[0] == "VBG":
        form = "ing"
    elif tags[0] == "VBN":
        form = "en"
    elif tags[0] == "VB":
        form = "bare"
    else:
        form = "fin"
    if main.tag == "VBN" and not helped:
        passive = False
    return Piece("VG", first, last, main, form, passive)


def _continues(last: Word, word: Word, words: Sequence[Word], i: int) -> bool:
    """Say whether a word goes on with a group of verbs that has an auxiliary last."""
    if last.tag in {"MD", "TO"}:
        if word.tag == "VBP":
            word.tag = "VB"
        return word.tag == "VB"
    if not last.tag.startswith("VB"):
        return False
    if last.lemma == "be":
        if word.tag == "VBD" and word.open:
            word.tag = "VBN"
        if word.tag in {"VBN", "VBG"}:
            return not _is_modifier(words, i)
        return False
    if last.lemma == "have":
        if word.tag == "VBD" and word.open:
            word.tag = "VBN"
        return word.tag == "VBN" and not _is_modifier(words, i)
    if last.lemma == "do":
        return word.tag == "VB"
    if last.lemma == "get":
        return word.tag == "VBN"
    return False


def _is_modifier(words: Sequence[Word], i: int) -> bool:
    """Say whether a participle stands before the noun of its phrase."""
    if words[i].tag not in {"VBN", "VBG"}:
        return False
    following = words[i + 1] if i + 1 < len(words) else None
    before = words[i - 1] if i else None
    if following is None or following.tag not in {"NN", "NNS", "NNP", "JJ"}:
        return False
    if before is None:
        return False
    if words[i].tag == "VBG":
        return before.tag in {"DT", "PRP$", "POS", "JJ"}
    if before.tag.startswith("VB") and before.lemma not in {"be", "have", "get"}:
        return following.tag in {"NN", "NNS"}
    return before.tag in {"DT", "PRP$", "POS", "JJ", "IN", "CD"} or before.text == "-"


def _is_time(words: Sequence[Word], first: int, last: int) -> bool:
    head = words[last]
    if head.lemma in CALENDAR or head.low in {"today", "yesterday", "tomorrow"}:
        return True
    if head.tag == "CD":
        named = any(each.lemma in CALENDAR for each in words[first:last])
        return named or bool(_YEAR.fullmatch(head.text))
    return head.lemma in TIMES and first < last


def _read_noun(words: Sequence[Word], first: int) -> Piece | None:
    """Return the noun phrase that starts at a word, with what stands before its head attached."""
    start = words[first]
    if start.tag in {"PRP", "EX"}:
        if start.tag == "EX":
            return Piece("NP", first, first, start)
        return Piece("NP", first, first, start)
    if start.tag == "DT" and start.low in {"both", "either", "neither"}:
        pass
    i = first
    held: list[Word] = []
    owner: Word | None = None
    joined: list[Word] = []
    head: Word | None = None
    while i < len(words):
        word = words[i]
        following = words[i + 1] if i + 1 < len(words) else None
        if word.tag == "POS" and head is not None:
            _close_noun(held, head)
            if owner is not None and owner is not head:
                attach(owner, head, "poss")
            attach(word, head, "case")
            owner, head, held = head, None, []
        elif (
            word.text == "-" and head is not None and _is_joint(words, i) and following is not None
        ):
            joined.append(word)
            held.append(word)
        elif word.tag == "SYM" and not (word.text == "-" and held and _is_joint(words, i)):
            if (
                word.text in {'"', "“", "”", "‘"}
                and head is None
                and held
                and following is not None
            ):
                if following.tag in {"NN", "NNP", "JJ", "NNS"}:
                    held.append(word)
                    i += 1
                    continue
            break
        elif word.tag == "SYM":
            held.append(word)
        elif word.tag in {"DT", "PRP$"}:
            if head is not None or any(each.tag in {"JJ", "PRP$", "CD"} for each in held):
                break
            if owner is not None:
                break
            held.append(word)
        elif word.tag in {"JJ", "VBN", "VBG"}:
            if (
                word.tag != "JJ"
                and not _is_modifier(words, i)
                and not (
                    held
                    and held[-1].text == "-"
                    and following
                    and following.tag in {"NN", "NNS", "NNP"}
                )
            ):
                break
            if head is not None and (not _is_before_noun(words, i) or word.low in RELATIONAL):
                break
            if head is not None and (head.tag != "NNP" or head.lemma in TIMES):
                break
            if head is not None:
                held.append(head)
                head = None
            held.append(word)
        elif word.tag == "CD":
            if head is not None and (head.tag == "NNP" or head.lemma in CALENDAR):
                held.append(word)
                if (
                    following is None
                    or following.tag not in {"NN", "NNS"}
                    or _YEAR.fullmatch(word.text)
                ):
                    i += 1
                    if (
                        i + 1 < len(words)
                        and words[i].text == ","
                        and _YEAR.fullmatch(words[i + 1].text)
                        and head.lemma in CALENDAR
                    ):
                        held.extend((words[i], words[i + 1]))
                        i += 2
                    break
            elif head is not None:
                break
            else:
                held.append(word)
                if _YEAR.fullmatch(word.text) and first == i:
                    head = word
                    i += 1
                    break
        elif word.tag in {"NN", "NNS", "NNP"}:
            if head is not None and _is_time(words, first, head.i) and word.tag != head.tag:
                break
            if head is not None and head.lemma in CALENDAR and word.lemma not in TIMES:
                break
            if head is not None and word.tag == "NNP" and head.text.islower() and first == 1:
                # "In this connection Chad left"
                if held and held[0].low in {"this", "that", "these", "those"}:
                    break
            if head is not None and head.lemma in TIMES and held and held[0].low in RELATIONAL:
                break
            if head is not None:
                held.append(head)
            head = word
        elif word.tag == "CC" and word.low in {"and", "or"} and _joins_modifiers(words, i, first):
            if head is not None:
                held.append(head)
                head = None
            held.append(word)
        elif (
            word.tag == "RB"
            and following
            and following.tag in {"JJ", "VBN", "CD"}
            and (held or owner)
            and head is None
        ) or (word.tag == "RB" and word.low in {"about", "nearly", "almost"} and not held):
            held.append(word)
        else:
            break
        i += 1
    if head is None:
        while held and held[-1].tag in {"SYM", "CC", "RB"}:
            held.pop()
        if owner is not None and not held:
            # "Norway's" without its noun stands for itself.
            return Piece("NP", first, owner.i + 1, owner)
        if not held:
            return None
        head = held[-1]
        if head.tag in {"JJ", "VBN", "VBG"} and owner is None:
            if not any(each.tag in {"DT", "PRP$"} for each in held):
                return _read_adjective(words, first, head)
            if head.tag != "JJ":
                held.pop()
                head = held[-1] if held else None
                if head is None:
                    return None
        elif head.tag == "PRP$" or (
            head.tag == "DT" and head.low in {"the", "a", "an", "no", "every"}
        ):
            return None
        held = [each for each in held if each is not head]
    last = max(each.i for each in (head, *held))
    held = [each for each in held if each is not head]
    _close_noun(held, head)
    if owner is not None:
        attach(owner, head, "poss")
    return Piece("NP", first, last, head, time=_is_time(words, first, head.i))


def _is_joint(words: Sequence[Word], i: int) -> bool:
    """Say whether a hyphen stands inside a word, without blanks."""
    return (
        0 < i < len(words) - 1
        and words[i - 1].end == words[i].start
        and words[i].end == words[i + 1].start
        and words[i + 1].text[0].isalnum()
    )


def _is_before_noun(words: Sequence[Word], i: int) -> bool:
    while i < len(words) and words[i].tag in {"JJ", "VBN", "VBG"}:
        i += 1
    return i < len(words) and words[i].tag in {"NN", "NNS", "NNP"}


def _joins_modifiers(words: Sequence[Word], i: int, first: int) -> bool:
    """Say whether a conjunction joins two names or adjectives before one noun: "French and German"."""
    if i + 2 >= len(words) or i == first:
        return False
    left, right, noun = words[i - 1], words[i + 1], words[i + 2]
    if noun.tag not in {"NN", "NNS"} and not (noun.tag == "JJ" and _is_before_noun(words, i + 2)):
        return False
    if left.tag == "JJ" and right.tag == "JJ":
        return True
    return (
        left.tag == "NNP"
        and right.tag in {"NNP", "JJ"}
        and bool(_DEMONYM.search(left.low))
        and (right.tag == "JJ" or bool(_DEMONYM.search(right.low)))
    )


def _close_noun(held: Sequence[Word], head: Word) -> None:
    """Attach what stands around the head of a noun phrase."""
    for n, word in enumerate(held):
        if word is head:
            continue
        if word.tag == "DT":
            attach(word, head, "det")
        elif word.tag == "PRP$":
            attach(word, head, "poss")
        elif word.tag in {"JJ", "VBN", "VBG"}:
            attach(word, head, "amod")
        elif word.tag == "CD":
            attach(word, head, "nummod")
        elif word.tag in {"NN", "NNS", "NNP"}:
            after = held[n + 1] if n + 1 < len(held) else None
            target, dep = head, "compound"
            if (
                after is not None
                and after.text == "-"
                and n + 2 < len(held)
                and after.start == word.end
            ):
                target = held[n + 2]
                dep = "npadvmod" if target.tag in {"VBN", "VBG", "JJ"} else "compound"
            attach(word, target, dep)
        elif word.tag == "CC":
            left, right = held[n - 1], held[n + 1] if n + 1 < len(held) else head
            if n and left is not head:
                attach(word, left, "cc")
                if right is not head:
                    right.dep = "conj?"
                    right.head = left.i
        elif word.tag == "RB":
            attach(word, held[n + 1] if n + 1 < len(held) else head, "advmod")
        else:
            attach(word, head, "punct")
    for n, word in enumerate(held):
        if word.tag == "CC" and 0 < n < len(held) - 1 and held[n - 1] is not head:
            attach(held[n + 1], held[n - 1], "conj")


def _read_adjective(words: Sequence[Word], first: int, head: Word) -> Piece:
    for word in words[first : head.i]:
        attach(word, head, "advmod" if word.tag == "RB" else "amod")
    return Piece("ADJ", first, head.i, head)


def _read_other(words: Sequence[Word], i: int) -> Piece:
    word = words[i]
    kind = "OTHER"
    if word.tag in {"IN", "SEQ"}:
        kind = "P" if word.tag == "IN" else "SEQ"
    elif word.tag == "TO":
        kind, word.tag = "P", "IN"
    elif word.tag == "CC":
        kind = "CC"
    elif word.tag in {"MARK", "WRB"}:
        kind = "MARK"
    elif word.tag in {"WDT", "WP", "WP$"}:
        kind = "REL"
    elif word.tag in {"RB", "RP", "NEG"}:
        kind = "ADV" if word.tag != "RP" else "PRT"
    elif word.text == "," or word.text in DASHES:
        kind = "COMMA"
    elif word.text in {";", ":"}:
        kind = "STOP"
    elif word.text in QUOTES:
        kind = "QUOTE"
    elif word.tag in {"JJ", "VBN"}:
        kind = "ADJ"
    return Piece(kind, i, i, word)
