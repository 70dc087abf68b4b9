"""Inferences: what a link between two countries most likely says where none of its words is a cue.

A link is a verb or noun whose grammar joins an actor and a recipient. A linear model weighs its words,
the senses they belong to and the roles in which they stand, the other words of the sentence, and what
cues read in it. Each weight is a row of ``data/weights.tsv``, fitted by :mod:`geo.training` to
sentences that the project wrote and labeled. No relation is one of its answers, and the words that
weighed most are kept as the cue.
"""

import csv
import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from geo.clauses import Clauses, Statement
from geo.errors import DataError
from geo.grammar import VERBAL
from geo.paths import DATA
from geo.records import CountryCode, Event, Mention, Pair, State
from geo.tokens import Token

# The column of the answer that the link says nothing.
NOTHING = "nothing"
# What a state has to reach before it is said; ``python -m geo.training --check`` tells how often it
# is right then.
LEAST_PROBABILITY = 0.68
# What a state that a cue reads has to reach; in a second reading, which errs more often, it has to be
# as likely as not.
LEAST_DOUBTED = 0.05
LEAST_AGREED = 0.5
MOST_WORDS = 3
# Rules of links that no grammar joins, and how far the counted arcs go.
BESIDE = "side by side"
UNJOINED = frozenset({"path", BESIDE})
MOST_ARCS = 6
# How far from two names a word is near them, and up to how many words between them are one phrase.
NEAR = 6
MOST_BETWEEN = 5
ORDINARY = Statement(Event.COOPERATE, State.TIES)
_KINDS = {
    "AUX": "VERB",
    "VERB": "VERB",
    "NOUN": "NOUN",
    "PROPN": "NOUN",
    "ADJ": "ADJ",
    "ADV": "ADV",
}
_CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "pcomp", "acl"})
_BEFORE = frozenset({"amod", "compound", "nmod"})

Senses = Mapping[tuple[str, str], tuple[str, ...]]
# A feature with the token that it speaks of, and none where it speaks of no word.
Features = dict[str, Token | None]


@dataclass(frozen=True, slots=True)
class Link:
    """Hold a word that joins two countries, who does it, toward whom, and how they were found."""

    head: Token
    actor: Mention
    recipient: Mention
    directed: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what a sentence says: the states of each pair by cues, and the features of all its links."""

    states: Sequence[tuple[Pair, State]]
    features: Features


class Way(StrEnum):
    """Say who does it toward whom: a link's actor, its recipient, or both."""

    FORWARD = "forward"
    BACKWARD = "backward"
    MUTUAL = "mutual"


@dataclass(frozen=True, slots=True)
class Inference:
    """Hold what a link most likely says, how likely, and the words that weighed most for it."""

    event: Event
    state: State
    way: Way
    probability: float
    words: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold the answers, and for each feature its weight for each of them and then for each way."""

    answers: tuple[tuple[State, Event] | None, ...]
    rows: Mapping[str, tuple[float, ...]]


@lru_cache(maxsize=1)
def load_senses() -> Senses:
    """Read the senses of words by part of speech and lemma."""
    found: dict[tuple[str, str], list[str]] = {}
    with (DATA / "senses.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for word in row["words"].split("|"):
                found.setdefault((row["pos"], word), []).append(row["sense"])
    return {key: tuple(senses) for key, senses in found.items()}


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read the weights; raises :class:`DataError` where a row does not fit the columns."""
    with (DATA / "weights.tsv").open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = next(reader)[1:]
        answers = tuple(read_answer(each) for each in names[: -len(Way)])
        rows: dict[str, tuple[float, ...]] = {}
        for number, (feature, *figures) in enumerate(reader, start=2):
            try:
                weights = tuple(float(each or 0) for each in figures)
            except ValueError as error:
                msg = f"data/weights.tsv line {number}: {error}"
                raise DataError(msg) from error
            if len(weights) != len(names):
                msg = f"data/weights.tsv line {number} has {len(weights)} weights, not {len(names)}"
                raise DataError(msg)
            rows[feature] = weights
    return Weights(answers=answers, rows=rows)


def read_answer(name: str) -> tuple[State, Event] | None:
    """Return the state and root that a column's name tells, and none where it tells nothing."""
    if name == NOTHING:
        return None
    state, event = name.split()
    return State(state), Event(event)


def probe_link(clauses: Clauses, link: Link) -> tuple[Statement, tuple[int, ...]] | None:
    """Return what the words above a link would make of ordinary ties, and which words these are.

    ``None`` says that whatever stands below them is not said.
    """
    linked = frozenset({link.actor.country, link.recipient.country})
    return clauses.judge(ORDINARY, link.head, linked)


def describe_sentence(
    clauses: Clauses, states: Sequence[tuple[Pair, State]], cued: AbstractSet[int]
) -> Said:
    """Return what a sentence says, given the states that its cues read and the tokens of these cues."""
    found: Features = {}
    for token in _list_words(clauses):
        if token.i not in cued:
            found.update(_name_word("word", token))
    countries = {each.country for mentions in clauses.named.values() for each in mentions}
    found[f"countries {min(len(countries), 5)}"] = None
    return Said(states=states, features=found)


def describe_link(clauses: Clauses, link: Link, turned: Statement, said: Said) -> Features:
    """Return the features of a link: its words, their senses and roles, and what stands around it.

    ``turned`` is what the words above it make of ordinary ties.
    """
    senses = load_senses()
    syntax, head = clauses.syntax, link.head
    found: Features = {"": None, **said.features, **_describe_surroundings(clauses, link, said)}

    def put(role: str, token: Token) -> None:
        found.update(_name_word(role, token))

    put("head", head)
    kinds = senses.get((_KINDS.get(head.pos, "NOUN"), head.lemma), ())
    to_recipient = _climb(clauses, link.recipient.country, head)
    slot = " ".join(each.lemma for each in reversed(to_recipient[1:]) if each.pos == "ADP") or "-"
    found[f"slot {slot}"] = None
    found[f"head {head.lemma} slot {slot}"] = head
    for kind in kinds:
        found[f"head of {kind} slot {slot}"] = head
    for token in to_recipient[1:]:
        if token.pos in _KINDS:
            put("recipient", token)
            for kind in kinds:
                for sense in senses.get((_KINDS[token.pos], token.lemma), ()):
                    found[f"head of {kind} recipient of {sense}"] = token
    for token in _climb(clauses, link.actor.country, head)[1:]:
        if token.pos in _KINDS:
            put("actor", token)
    for token in syntax.objects(head) if head.pos in VERBAL else ():
        if token.i in clauses.named:
            found["object country"] = None
            continue
        put("object", token)
        found[f"head {head.lemma} object {token.lemma}"] = token
        for kind in kinds:
            for sense in senses.get((_KINDS.get(token.pos, "NOUN"), token.lemma), ()):
                found[f"head of {kind} object of {sense}"] = token
        for child in syntax.children(token, *_BEFORE):
            if child.i not in clauses.named:
                put("modifier", child)
    for child in syntax.children(head):
        if child.i in clauses.named:
            continue
        if child.dep in {"prt", "advmod"}:
            put("adverb", child)
            found[f"head {head.lemma} adverb {child.lemma}"] = head
        elif child.dep in _CLAUSES:
            put("clause", child)
        elif child.dep in _BEFORE:
            put("modifier", child)
        elif child.dep in {"acomp", "attr"}:
            put("object", child)
        elif child.dep == "prep":
            for governed in syntax.children(child, "pobj"):
                if governed.i not in clauses.named:
                    put("oblique", governed)
                    found[f"oblique {child.lemma} {governed.lemma}"] = governed
    if turned.state is not State.TIES:
        found[f"turned to {turned.state}"] = None
        for kind in kinds:
            found[f"turned to {turned.state} head of {kind}"] = head
    above = syntax.head(head)
    if above is not head:
        put("above", above)
        found[f"stands as {head.dep}"] = None
    if head.pos == "VERB" and syntax.is_passive(head):
        found["passive"] = None
    found["mutual" if not link.directed else "directed"] = None
    how = link.rule if link.rule in UNJOINED else "grammar"
    found[f"by {how}"] = None
    found.update({f"by {how} head of {kind}": head for kind in kinds})
    if how != "grammar":
        found[f"by {how} head {head.lemma}"] = head
        found.update(_describe_ways(clauses, link))
    if how == BESIDE:
        found.update(_describe_beside(clauses, link, kinds))
    return found


def _name_word(role: str, token: Token) -> Features:
    """Return the features of a word in a role: its lemma and its senses."""
    kind = _KINDS.get(token.pos, "NOUN")
    senses = load_senses().get((kind, token.lemma), ())
    names = (token.lemma, *(f"of {sense}" for sense in senses))
    return {f"{role} {each}": token for each in names}


def _list_words(clauses: Clauses) -> list[Token]:
    """Return the words of a sentence that have a sense and name nothing."""
    return [
        each
        for each in clauses.syntax.tokens
        if each.pos in _KINDS and each.pos != "PROPN" and each.i not in clauses.named
    ]


def _describe_surroundings(clauses: Clauses, link: Link, said: Said) -> Features:
    """Return what stands near and between the names of a link, and what cues read of them."""
    named, tokens = clauses.named, clauses.syntax.tokens
    pair = {link.actor.country, link.recipient.country}
    places = [
        [i for i, mentions in named.items() if any(each.country == country for each in mentions)]
        for country in (link.actor.country, link.recipient.country)
    ]
    ends = min(itertools.product(*places), key=lambda each: abs(each[0] - each[1]))
    first, last = sorted(ends)
    found: Features = {}
    for token in _list_words(clauses):
        if first - NEAR <= token.i <= last + NEAR:
            found.update(_name_word("near", token))
    between = tokens[first + 1 : last]
    if len(between) <= MOST_BETWEEN:
        words = " ".join(each.lemma for each in between)
        found[f"between {' '.join(words.split())}"] = None
    for others, state in said.states:
        shared = len(pair.intersection(others))
        found[f"said of {shared}"] = found[f"said of {shared} {state}"] = None
    third = [
        i
        for i, mentions in named.items()
        if first < i < last and not pair.issuperset(each.country for each in mentions)
    ]
    found[f"countries between {min(len(third), 2)}"] = None
    found[f"words between {min(len(between) // 4, 6)}"] = None
    return found


def _climb(clauses: Clauses, country: CountryCode, head: Token) -> list[Token]:
    """Return the tokens from a country's nearest mention up to a head, that one left out."""
    best: list[Token] = []
    for i, mentions in clauses.named.items():
        if any(each.country == country for each in mentions):
            way = list(_walk(clauses, clauses.syntax.tokens[i], head))
            if way and (not best or len(way) < len(best)):
                best = way
    return best


def _describe_ways(clauses: Clauses, link: Link) -> Features:
    """Return by which arcs, and how many, each of two names hangs on a link that no grammar made."""
    found: Features = {}
    for name, mention in (("actor", link.actor), ("recipient", link.recipient)):
        deps = _trace(clauses, mention.country, link.head)
        found[f"{name} way {' '.join(deps[-3:])}"] = None
        found[f"{name} far {min(len(deps), MOST_ARCS)}"] = None
        found.update({f"{name} crosses {dep}": None for dep in deps})
    return found


def _describe_beside(clauses: Clauses, link: Link, kinds: Sequence[str]) -> Features:
    """Return as what two names side by side stand, and whether others share their word."""
    head, syntax = link.head, clauses.syntax
    named = {
        mention.country
        for each in syntax.descendants(head, 3)
        for mention in clauses.named.get(each.i, ())
    }
    third = named - {link.actor.country, link.recipient.country}
    deps = [each for each in _trace(clauses, link.actor.country, head)[-2:] if each != "conj"]
    found: Features = {
        f"beside with {min(len(third), 2)} more": None,
        f"beside as {' '.join(deps)}": None,
    }
    found.update({f"beside as {' '.join(deps)} head of {kind}": None for kind in kinds})
    if head.pos in VERBAL and syntax.objects(head):
        found["beside has object"] = None
    return found


def _trace(clauses: Clauses, country: CountryCode, head: Token) -> list[str]:
    """Return the labels of the arcs from a country's nearest mention up to a head."""
    return [each.dep for each in _climb(clauses, country, head)]


def _walk(clauses: Clauses, token: Token, head: Token) -> Iterator[Token]:
    above = [token, *(each for each, _ in clauses.syntax.path(token))]
    if head in above:
        yield from above[: above.index(head)]


def measure_link(clauses: Clauses, link: Link) -> int:
    """Return how many arcs lie between a link's word and its two countries; the unreached count ten."""
    ways = (_climb(clauses, each.country, link.head) for each in (link.actor, link.recipient))
    return sum(len(way) or 10 for way in ways)


def weigh_states(features: Features, weights: Weights | None = None) -> dict[State, float]:
    """Return the probability of each state by all of its roots, the softmax of the summed weights."""
    weights = weights or load_weights()
    sums = _sum_weights(features, weights)[: len(weights.answers)]
    top = max(sums)
    shares = [math.exp(each - top) for each in sums]
    total = math.fsum(shares)
    likely: dict[State, float] = {}
    for answer, share in zip(weights.answers, shares, strict=True):
        if answer is not None:
            likely[answer[0]] = likely.get(answer[0], 0.0) + share / total
    return likely


def infer_state(
    features: Features, known: Collection[State] = (), weights: Weights | None = None
) -> Inference | None:
    """Return what a link most likely says besides the known states, or nothing where none is likely."""
    weights = weights or load_weights()
    likely = weigh_states(features, weights)
    state = max((each for each in likely if each not in known), key=lambda each: likely[each])
    if likely[state] < LEAST_PROBABILITY:
        return None
    sums = _sum_weights(features, weights)
    roots = {n: each[1] for n, each in enumerate(weights.answers) if each and each[0] is state}
    column = max(roots, key=lambda each: sums[each])
    ways = sums[len(weights.answers) :]
    return Inference(
        event=roots[column],
        state=state,
        way=list(Way)[ways.index(max(ways))],
        probability=likely[state],
        words=_choose_words(features, weights, column),
    )


def _sum_weights(features: Features, weights: Weights) -> list[float]:
    """Return the sum of the features' weights for each column."""
    rows = [weights.rows[each] for each in features if each in weights.rows]
    return [math.fsum(column) for column in zip(*rows, strict=True)]


def _choose_words(features: Features, weights: Weights, column: int) -> tuple[Token, ...]:
    """Return the words whose features weighed most for an answer, in the order of the sentence."""
    weight: dict[Token, float] = {}
    for name, token in features.items():
        if token is not None and name in weights.rows:
            weight[token] = weight.get(token, 0.0) + weights.rows[name][column]
    ranked = sorted(weight, key=lambda each: (-weight[each], each.i))
    return tuple(sorted(ranked[:MOST_WORDS], key=lambda each: each.i))
