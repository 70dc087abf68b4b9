"""Sentences of an article, each as a slice with its kind: headline, body, heading or boilerplate.

The rules follow news style: paragraphs end at a line break, a full stop ends a sentence unless it
belongs to an abbreviation, an initial or a number, and the patterns of ``data/reading/boilerplate.csv`` say
what is no evidence. Every step is linear in the length of the text.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from geo.paths import DATA
from geo.records import Sentence, SentenceKind, Span
from geo.tables import read_table

TABLES = DATA / "reading"
LONGEST_PATTERNED = 4000
LONGEST_HEADING = 90
MOST_HEADING_WORDS = 12
FEWEST_HEADLINE_WORDS = 3
WIDEST_WRAP = 120
RAGGED_WRAP = 25

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]*(?:\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]|$)")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)")
_LAST_WORD = re.compile(r"[^\W_][\w.'’-]*+$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_OPENER = re.compile(r"\w{1,30}")
_NEXT = re.compile(r"\s++[\"'“‘«(\[]*(\S)")
_ENDS = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_MARKDOWN = re.compile(r"#{1,6}\s+")
_CLOSERS = "\"'”’»)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListedWord:
    """One row of ``sentence_words.csv``."""

    list: Literal["abbreviation", "may_end", "opener", "number_only"]
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """One row of ``boilerplate.csv``: what a line, or a part of one, is."""

    kind: SentenceKind
    scope: Literal["line", "tail", "sentence", "dateline"]
    pattern: re.Pattern[str]


class _Patterns(NamedTuple):
    """The rows of the boilerplate table by scope."""

    line: tuple[_Pattern, ...]
    tail: tuple[_Pattern, ...]
    sentence: tuple[_Pattern, ...]
    dateline: tuple[_Pattern, ...]


@lru_cache(maxsize=1)
def _load_words() -> Mapping[str, frozenset[str]]:
    """Return the lists of ``data/reading/sentence_words.csv``; raise ``DataError`` for a bad row."""
    lists: dict[str, set[str]] = defaultdict(set)
    for row in read_table(TABLES / "sentence_words.csv", _ListedWord):
        lists[row.list].add(row.word)
    return {name: frozenset(words) for name, words in lists.items()}


@lru_cache(maxsize=1)
def _load_patterns() -> _Patterns:
    """Return the patterns of ``data/reading/boilerplate.csv``; raise ``DataError`` for a bad row."""
    rows = read_table(TABLES / "boilerplate.csv", _Pattern)
    return _Patterns(
        *(tuple(row for row in rows if row.scope == scope) for scope in _Patterns._fields)
    )


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order, without overlap, as slices of the untouched text.

    A body sentence never spans two paragraphs. A short line without final punctuation is a heading, and
    a headline where it has :data:`FEWEST_HEADLINE_WORDS` and nothing of a body stands before it; bylines,
    datelines, captions, sign-offs and refusals to comment are boilerplate.
    """
    return tuple(_raise_headlines(text, _walk(text)))


def _raise_headlines(text: str, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    opening = True
    for sentence in sentences:
        opening = opening and sentence.kind is not SentenceKind.BODY
        if opening and sentence.kind is SentenceKind.HEADING:
            words = text[sentence.start_char : sentence.end_char].split()
            if len(words) >= FEWEST_HEADLINE_WORDS:
                sign = _MARKDOWN.match(text, sentence.start_char, sentence.end_char)
                start = sign.end() if sign else sentence.start_char
                yield replace(sentence, start_char=start, kind=SentenceKind.HEADLINE)
                continue
        yield sentence


def _walk(text: str) -> Iterator[Sentence]:
    patterns = _load_patterns()
    for start, end in _find_paragraphs(text):
        kind = _judge_line(text, start, end, patterns)
        if kind is not None:
            yield Sentence(start_char=start, end_char=end, kind=kind)
            continue
        yield from _walk_paragraph(text, start, end, patterns)


def _find_paragraphs(text: str) -> Iterator[Span]:
    """Yield the paragraphs: lines, or runs of lines that were broken at a fixed width."""
    block: list[Span] = []
    for line in _LINE.finditer(text):
        start, end = _trim(text, line.start(), line.end())
        if start < end:
            block.append((start, end))
            continue
        yield from _join_lines(text, block)
        block = []
    yield from _join_lines(text, block)


def _join_lines(text: str, block: list[Span]) -> Iterator[Span]:
    """Yield the paragraphs of a block of lines that no empty line parts."""
    if not block:
        return
    lengths = [end - start for start, end in block[:-1]]
    unended = sum(
        1 for start, end in block[:-1] if not _ENDS.search(text, max(start, end - 5), end)
    )
    # A line that goes on rarely begins with a capital; those of a list of headlines all do.
    going_on = sum(not text[start].isupper() for start, _ in block[1:])
    wrapped = (
        len(block) > 2
        and going_on * 2 >= len(block) - 1
        and max(lengths) <= WIDEST_WRAP
        and min(lengths) >= max(lengths) - RAGGED_WRAP
        and unended * 2 >= len(lengths)
    )
    here, stop = block[0]
    for start, end in block[1:]:
        ended = _ENDS.search(text, max(here, stop - 5), stop)
        if not ended and (wrapped or text[start].islower()):
            stop = end
            continue
        yield here, stop
        here, stop = start, end
    yield here, stop


def _walk_paragraph(text: str, start: int, end: int, patterns: _Patterns) -> Iterator[Sentence]:
    opening = _match_dateline(text, start, end, patterns)
    if opening > start:
        slice_start, slice_end = _trim(text, start, opening)
        yield Sentence(start_char=slice_start, end_char=slice_end, kind=SentenceKind.BOILERPLATE)
    cuts = _find_tails(text, opening, end, patterns)
    here = opening
    for cut_start, cut_end in cuts:
        yield from _cut_sentences(text, here, cut_start, patterns)
        yield Sentence(start_char=cut_start, end_char=cut_end, kind=SentenceKind.BOILERPLATE)
        here = cut_end
    yield from _cut_sentences(text, here, end, patterns)


def _cut_sentences(text: str, start: int, end: int, patterns: _Patterns) -> Iterator[Sentence]:
    start, end = _trim(text, start, end)
    here = start
    for stop in _STOP.finditer(text, start, end):
        if not _ends_sentence(text, here, stop, end):
            continue
        yield from _make_sentence(text, here, stop.end(), patterns)
        here = stop.end()
    yield from _make_sentence(text, here, end, patterns)


def _make_sentence(text: str, start: int, end: int, patterns: _Patterns) -> Iterator[Sentence]:
    start, end = _trim(text, start, end)
    if start >= end:
        return
    kind = SentenceKind.BODY
    if end - start <= LONGEST_PATTERNED:
        exact = text[start:end]
        kind = next((row.kind for row in patterns.sentence if row.pattern.search(exact)), kind)
    yield Sentence(start_char=start, end_char=end, kind=kind)


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Say whether the punctuation found closes the sentence that began at ``start``."""
    mark = stop.group()
    following = _NEXT.match(text, stop.end(), end)
    if following is None:
        return True
    letter = following.group(1)
    if "!" in mark or "?" in mark:
        return not letter.islower()
    if letter.islower():
        return False
    if mark.rstrip(_CLOSERS) != ".":
        return True
    word_match = _LAST_WORD.search(text, max(start, stop.start() - 40), stop.start())
    if word_match is None:
        return True
    lists = _load_words()
    word = word_match.group().lower()
    single = len(word) == 1 and word_match.group().isupper()
    if mark != "." and not (single or word in lists["abbreviation"]):
        return True
    if word in lists["may_end"] or (_DOTTED.fullmatch(word) and word not in lists["abbreviation"]):
        opener = _OPENER.match(text, following.start(1), end)
        return opener is not None and opener.group().lower() in lists["opener"]
    if word in lists["abbreviation"]:
        return word in lists["number_only"] and not letter.isdigit()
    return not single


def _judge_line(text: str, start: int, end: int, patterns: _Patterns) -> SentenceKind | None:
    """Return the kind of a whole line that is no body text, or ``None``."""
    if end - start > LONGEST_PATTERNED:
        return None
    line = text[start:end]
    for row in patterns.line:
        if row.pattern.search(line):
            return row.kind
    for row in patterns.tail:
        if row.pattern.fullmatch(line):
            return row.kind
    if len(line) <= LONGEST_HEADING and not _ENDS.search(line):
        words = line.split()
        if len(words) <= MOST_HEADING_WORDS and any(mark.isalpha() for mark in line):
            return SentenceKind.HEADING
    return None


def _match_dateline(text: str, start: int, end: int, patterns: _Patterns) -> int:
    """Return where the text after a dateline begins, or ``start`` where there is none."""
    window = min(end, start + 200)
    for row in patterns.dateline:
        found = row.pattern.match(text, start, window)
        if found:
            return found.end()
    return start


def _find_tails(text: str, start: int, end: int, patterns: _Patterns) -> list[Span]:
    """Return the spans of bracketed sign-offs within a paragraph, in order."""
    spans: list[Span] = []
    if "(" not in text[start:end]:
        return spans
    for row in patterns.tail:
        spans.extend(found.span() for found in row.pattern.finditer(text, start, end))
    spans.sort()
    kept: list[Span] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _trim(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
