"""Marks: which words of a text stand out. The pieces of a marked text, one after the other, are the text.

Offsets count code points from the start of the article.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from geo.records import Quote, Relation, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A slice of a text that is to stand out, its CSS class, and a hint where it has one.

    ``anchor`` is the name by which a link on the same page leads to it.
    """

    start_char: int
    end_char: int
    kind: str
    hint: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text with the same marks: their classes, their hints, and where links lead to it."""

    text: str
    kinds: str = ""
    hints: str = ""
    anchors: tuple[str, ...] = ()


def cut_pieces(text: str, marks: Iterable[Mark], *, start_char: int = 0) -> list[Piece]:
    """Return a text in pieces by its marks, which may overlap; it starts at ``start_char`` in its article.

    A part of a mark outside the text is left out.
    """
    end = start_char + len(text)
    edges: dict[int, tuple[list[Mark], list[Mark]]] = defaultdict(lambda: ([], []))
    for mark in marks:
        first, last = max(mark.start_char, start_char), min(mark.end_char, end)
        if first < last:
            edges[first][0].append(mark)
            edges[last][1].append(mark)
    pieces: list[Piece] = []
    active: list[Mark] = []
    position = start_char
    for edge in sorted({*edges, end}):
        if words := text[position - start_char : edge - start_char]:
            pieces.append(
                Piece(
                    words,
                    " ".join(dict.fromkeys(mark.kind for mark in active)),
                    "; ".join(dict.fromkeys(mark.hint for mark in active if mark.hint)),
                    tuple(
                        mark.anchor
                        for mark in active
                        if mark.anchor and mark.start_char == position
                    ),
                )
            )
        opened, closed = edges.get(edge, ([], []))
        active = [mark for mark in active if mark not in closed] + opened
        position = edge
    return pieces


def cut_quote(relation: Relation) -> list[Piece]:
    """Return a quote with its actor, its recipient and the words that decided marked."""
    quote = relation.quote
    return cut_pieces(quote.exact, mark_relation(relation), start_char=quote.start_char)


def mark_relation(relation: Relation) -> list[Mark]:
    """Return the marks of what carried a relation, by their place in the article."""
    quote = relation.quote
    cues: list[Span] = []
    for start, end in sorted(relation.cue_spans):
        between = (
            quote.exact[cues[-1][1] - quote.start_char : start - quote.start_char] if cues else ""
        )
        # Words that stand side by side are marked as one.
        if cues and between.isspace():
            cues[-1] = (cues[-1][0], end)
        else:
            cues.append((start, end))
    marks = [Mark(start_char=start, end_char=end, kind="e-cue") for start, end in cues]
    for span, kind in ((relation.actor_span, "e-actor"), (relation.recipient_span, "e-recipient")):
        if span:
            marks.append(Mark(start_char=span[0], end_char=span[1], kind=kind))
    return marks


def mark_words(quote: Quote, words: str) -> list[Mark]:
    """Return where some words first stand in a quote; “…” stands for a gap."""
    marks = []
    position = 0
    for part in words.split(" … "):
        at = quote.exact.casefold().find(part.casefold(), position) if part else -1
        if at >= 0:
            position = at + len(part)
            first, last = quote.start_char + at, quote.start_char + position
            marks.append(Mark(start_char=first, end_char=last, kind="e-cue"))
    return marks
