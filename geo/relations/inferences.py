"""Inferences: what a sentence most likely says of two countries, whatever cues it has.

A link is a verb or noun under which the names of two countries meet in the grammar of a sentence. The
encoder reads the sentence with these names masked and the link's word marked, so that it knows neither
country, and answers with a state and a root, or with nothing. The words that join the names are kept as
the cue.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.records import CountryCode, Event, Mention, Modality, State
from geo.relations.clauses import Clauses, Statement
from geo.relations.encoder import Encoder, Masked, load_encoder
from geo.relations.grammar import VERBAL
from geo.relations.tokens import Token

# The answer that the sentence says nothing of the two.
NOTHING = "nothing"
# What a state in one of its ways has to reach before it is said, what one that takes the place of a state
# that is not borne out, and what a second state of a pair that a cue reads, which is related already;
# ``python -m geo.tools.training --check`` tells how often the first is right then.
LEAST_PROBABILITY = 0.82
LEAST_INSTEAD = 0.35
LEAST_SECOND = 0.75
# What a state has to reach that a cue reads.
LEAST_BORNE_OUT = 0.02
MOST_WORDS = 3
ORDINARY = Statement(Event.COOPERATE, State.TIES)
_CONTENT = frozenset({"VERB", "NOUN", "PROPN", "ADJ", "ADV", "ADP", "PART"})


@dataclass(frozen=True, slots=True)
class Link:
    """Hold a word that joins two countries, who does it, toward whom, and how they were found."""

    head: Token
    actor: Mention
    recipient: Mention
    directed: bool
    rule: str


class Way(StrEnum):
    """Say who does it toward whom: a link's actor, its recipient, or both."""

    FORWARD = "forward"
    BACKWARD = "backward"
    MUTUAL = "mutual"


@dataclass(frozen=True, slots=True)
class Inference:
    """Hold what a link most likely says, and how likely its state is in this way."""

    event: Event
    state: State
    modality: Modality
    way: Way
    probability: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Hold the probabilities of each state by each of its roots, of its ways, and of modalities."""

    answers: Mapping[tuple[State, Event], float]
    ways: Mapping[tuple[State, Way], float]
    modalities: Mapping[Modality, float]

    def sum_states(self) -> dict[State, float]:
        """Return the probability of each state by all of its roots."""
        found: dict[State, float] = {}
        for (state, _), share in self.answers.items():
            found[state] = found.get(state, 0.0) + share
        return found

    def infer(
        self, known: Collection[State] = (), least: float = LEAST_PROBABILITY
    ) -> Inference | None:
        """Return what is most likely said besides the known states, or nothing where none is likely."""
        states = self.sum_states()
        state = max((each for each in states if each not in known), key=lambda each: states[each])
        way = max(Way, key=lambda each: self.ways[state, each])
        probability = states[state] * self.ways[state, way]
        if probability < least:
            return None
        return Inference(
            event=max(
                (e for s, e in self.answers if s is state), key=lambda e: self.answers[state, e]
            ),
            state=state,
            modality=max(self.modalities, key=lambda each: self.modalities[each]),
            way=way,
            probability=probability,
        )


def probe_link(clauses: Clauses, link: Link) -> tuple[Statement, tuple[int, ...]] | None:
    """Return what the words above a link would make of ordinary ties, and which words these are.

    ``None`` says that whatever stands below them is not said.
    """
    linked = frozenset({link.actor.country, link.recipient.country})
    return clauses.judge(ORDINARY, link.head, linked)


def mask_link(clauses: Clauses, link: Link, encoder: Encoder) -> Masked:
    """Return a sentence with the names of a link masked and its word marked."""
    named = {i: {each.country for each in mentions} for i, mentions in clauses.named.items()}
    actor, recipient = (
        [i for i, countries in named.items() if each.country in countries]
        for each in (link.actor, link.recipient)
    )
    words = [each.text for each in clauses.syntax.tokens]
    return encoder.mask(words, actor, recipient, named, link.head.i)


def weigh_links(
    links: Sequence[tuple[Clauses, Link]], encoder: Encoder | None = None
) -> list[Likelihood]:
    """Return what each link of one sentence or many says, and how likely."""
    if not links:
        return []
    encoder = encoder or load_encoder()
    odds = encoder.weigh([mask_link(clauses, each, encoder) for clauses, each in links])
    return [read_likelihood(row, encoder.answers) for row in odds.tolist()]


def list_answers(statements: Iterable[str]) -> tuple[str, ...]:
    """Return the names of all that is answered: statements, the ways of each state, and modalities."""
    ways = (f"{state} {way}" for state in State for way in Way)
    return (*statements, *ways, *Modality)


def count_statements(answers: Sequence[str]) -> int:
    """Return how many of the answers are statements."""
    return len(answers) - len(list_answers(()))


def read_likelihood(odds: Sequence[float], answers: Sequence[str]) -> Likelihood:
    """Return the probabilities that the log-odds of answers tell."""
    count = count_statements(answers)
    shares = zip(answers[:count], _share(odds[:count]), strict=True)
    ways: dict[tuple[State, Way], float] = {}
    for number, state in enumerate(State):
        start = count + number * len(Way)
        told = _share(odds[start : start + len(Way)])
        ways.update(((state, way), share) for way, share in zip(Way, told, strict=True))
    return Likelihood(
        answers={read_answer(name): share for name, share in shares if name != NOTHING},
        ways=ways,
        modalities=dict(zip(Modality, _share(odds[-len(Modality) :]), strict=True)),
    )


def _share(odds: Sequence[float]) -> list[float]:
    top = max(odds)
    parts = [math.exp(each - top) for each in odds]
    total = math.fsum(parts)
    return [each / total for each in parts]


def read_answer(name: str) -> tuple[State, Event]:
    """Return the state and root that a statement's name tells."""
    state, event = name.split()
    return State(state), Event(event)


def measure_link(clauses: Clauses, link: Link) -> int:
    """Return how many arcs lie between a link's word and its two countries; the unreached count ten."""
    ways = (_climb(clauses, each.country, link.head) for each in (link.actor, link.recipient))
    return sum(len(way) or 10 for way in ways)


def choose_words(clauses: Clauses, link: Link) -> tuple[Token, ...]:
    """Return the words by which grammar joins a link's names, its own word first.

    These are the word itself, its particle and objects, and what hangs between it and each name.
    """
    syntax, head = clauses.syntax, link.head
    near = [*syntax.children(head, "prt"), *(syntax.objects(head) if head.pos in VERBAL else ())]
    for mention in (link.recipient, link.actor):
        near.extend(_climb(clauses, mention.country, head)[1:])
    found = (each for each in near if each.i not in clauses.named and each.pos in _CONTENT)
    return tuple(dict.fromkeys((head, *found)))[:MOST_WORDS]


def _climb(clauses: Clauses, country: CountryCode, head: Token) -> list[Token]:
    """Return the tokens from a country's nearest mention up to a head, that one left out."""
    best: list[Token] = []
    for i, mentions in clauses.named.items():
        if all(each.country != country for each in mentions):
            continue
        way = list(_walk(clauses, clauses.syntax.tokens[i], head))
        if way and (not best or len(way) < len(best)):
            best = way
    return best


def _walk(clauses: Clauses, token: Token, head: Token) -> Iterator[Token]:
    above = [token, *(each for each, _ in clauses.syntax.path(token))]
    if head in above:
        yield from above[: above.index(head)]
