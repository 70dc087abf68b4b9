"""Tokens of a parsed sentence, and what a parser is: what grammar reads and every parser yields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

LONGEST_SENTENCE = 1200


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one token: its slice of the sentence, its lemma, its part of speech and its head.

    ``head`` is the index of the governing token, its own index for the root.
    """

    i: int
    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int


Parse = tuple[Token, ...]


class Parser(Protocol):
    """Say what a parser does: one parse for each sentence, in order."""

    def parse(self, sentences: Iterable[str]) -> Iterator[Parse]:
        """Yield the parse of each sentence."""
        ...
