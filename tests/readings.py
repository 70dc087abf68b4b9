"""A short text with a label and what may be read in it, made by hand: what the tests of scores count."""

from dataclasses import replace

from geo.records import (
    Article,
    CountryCode,
    Event,
    Extraction,
    Modality,
    Quote,
    Relation,
    Sentence,
    SentenceKind,
    State,
)
from geo.tools.gold import RelationLabel
from geo.tools.scores import Tally

TEXT = "Norway signed a pact with Sweden. Both met Finland."
SENTENCES = ((0, 33), (34, 51))


def make_relation(
    actor: str, recipient: str, state: State, sentence: int = 0, **fields: object
) -> Relation:
    start, end = SENTENCES[sentence]
    relation = Relation(
        id="r",
        article_id="a",
        actor=CountryCode(actor),
        recipient=CountryCode(recipient),
        directed=False,
        event=Event.COOPERATE,
        state=state,
        modality=Modality.ASSERTED,
        condition=None,
        accord=None,
        attributed_to=None,
        confidence=0.9,
        cue="pact",
        rule="test",
        quote=Quote(exact=TEXT[start:end], start_char=start, end_char=end),
    )
    return replace(relation, **fields)


def make_extraction(*relations: Relation) -> Extraction:
    return Extraction(
        article=Article(id="a", text=TEXT),
        sentences=tuple(
            Sentence(start_char=start, end_char=end, kind=SentenceKind.BODY)
            for start, end in SENTENCES
        ),
        relations=relations,
    )


LABEL = RelationLabel(
    actor=CountryCode("NOR"),
    recipient=CountryCode("SWE"),
    directed=False,
    state=State.TIES,
    event=Event.COOPERATE,
    modality=Modality.ASSERTED,
    span=(7, 20),
)


def count(tally: Tally) -> tuple[int, int, int]:
    """Return what is right, wrong and missed."""
    return tally.right, tally.wrong, tally.missed
