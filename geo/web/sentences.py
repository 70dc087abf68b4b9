"""Sentences: how two countries stand, or where one stands in an accord, as a reader would say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from geo.errors import DataError
from geo.languages import say as _
from geo.paths import DATA
from geo.records import AccordPlace, AccordState, CountryCode, Place, Relation, RelationState, State
from geo.tables import name_place, read_table
from geo.web.context import Context
from geo.web.words import write_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """How a state or a place is said; ``act`` where one country alone does it toward the other."""

    kind: Literal["state", "place"]
    code: str
    sentence: str
    act: str = ""


@lru_cache(maxsize=4)
def load_sentences(
    path: Path = DATA / "map" / "sentences.csv",
) -> Mapping[tuple[str, str], Sentence]:
    """Return the sentences by kind and code; raises :class:`DataError` where one is missing or not known."""
    sentences: dict[tuple[str, str], Sentence] = {
        (row.kind, row.code): row for row in read_table(path, Sentence, key=["kind", "code"])
    }
    wanted = {("state", state.value) for state in State}
    wanted |= {("place", place.value) for place in Place}
    if wrong := wanted ^ set(sentences):
        listed = ", ".join(" ".join(name) for name in sorted(wrong))
        msg = f"{name_place(path)}: missing or not known: {listed}"
        raise DataError(msg)
    return sentences


def write_state(
    state: RelationState, context: Context, *, seen_from: CountryCode | None = None
) -> str:
    """Return how a pair stands as a sentence, from one of its countries or the one that alone acts."""
    one, other = state.pair
    if seen_from == other:
        one, other = other, one
    relations = [held.relation for held in state.supporting]
    actors = {(held.actor, held.recipient) for held in relations if held.directed}
    if len(actors) == 1 and all(held.directed for held in relations):
        return _write_act(state.state, *actors.pop(), (one, other), context)
    return _fill(load_sentences()["state", state.state].sentence, one, other, context)


def write_relation(relation: Relation, context: Context) -> str:
    """Return what a quote was read as, as a sentence."""
    pair = (relation.actor, relation.recipient)
    if relation.directed:
        return _write_act(relation.state, *pair, pair, context)
    return _fill(load_sentences()["state", relation.state].sentence, *pair, context)


def write_place(state: AccordState | AccordPlace, context: Context) -> str:
    """Return a country's place in an accord as a sentence."""
    told = load_sentences()["place", state.place].sentence
    return write_title(state.accord, _fill(told, state.country, state.country, context))


def _write_act(
    state: State,
    actor: CountryCode,
    recipient: CountryCode,
    pair: tuple[CountryCode, CountryCode],
    context: Context,
) -> str:
    told = load_sentences()["state", state]
    if told.act:
        return _fill(told.act, actor, recipient, context)
    return _fill(told.sentence, *pair, context)


def _fill(sentence: str, one: CountryCode, other: CountryCode, context: Context) -> str:
    """Return a sentence with the names of its countries; it begins with a capital letter."""
    names = {"one": context.name_within(one), "other": context.name_within(other)}
    said = _(sentence, **names)
    return said[:1].upper() + said[1:]
