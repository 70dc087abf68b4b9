"""Relations: who stands how toward whom, and the sentence that says so.

A sentence that names two countries or more is parsed. Each cue in it looks for its actor and recipient
along the grammar of its head; the operators above the cue ("plans to", "refused to", "lifted") turn
what it says; the words around give modality, condition and speaker. What joins two countries that no
cue links is weighed by :mod:`geo.relations.inferences`; two that merely stand in one sentence have no
relation.
"""

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from geo.records import CountryCode, Event, Mention, Modality, Pair, Relation, Span, State, pair_of
from geo.relations.clauses import CONFLICT, Clauses, Statement
from geo.relations.cues import Cue, Lexicon
from geo.relations.grammar import VERBAL, Syntax
from geo.relations.inferences import (
    LEAST_BORNE_OUT,
    LEAST_INSTEAD,
    LEAST_PROBABILITY,
    LEAST_SECOND,
    Inference,
    Likelihood,
    Link,
    Way,
    choose_words,
    measure_link,
    probe_link,
    weigh_links,
)
from geo.relations.pacts import find_hub
from geo.relations.periods import find_period
from geo.relations.tokens import Token

# The rule of what the encoder infers.
WEIGHED = "weighed sentence"
MOST_PARTIES = 4
# An article is of sport with three words of sport, and one in seventy.
LEAST_SPORT = 3
WORDS_TO_SPORT = 70
# How far apart names are that no grammar joins: any link is nearer.
FAR = 1_000
# What a subject can receive or face: "A received aid from B" tells what B did.
RECEIVED = frozenset({Event.AID, Event.SANCTION, Event.ACCUSE, Event.PROTEST})
# What one does toward another even where the deed turned down or announced would be mutual.
ONE_SIDED = frozenset({State.REFUSES, State.PLEDGED})
# How the names of a list hang on each other.
LISTED = ("conj", "appos")
DEMANDED = Statement(Event.REQUEST, State.DISPUTE)
# Marks the pair that a third country brings together, which says less than a cue of their own.
BETWEEN = ", between its recipients"
# A cue for any verb or noun: what its grammar joins is a link, whatever it says.
_SLOTS = frozenset(
    {
        "obj", "to", "for", "from", "with", "on", "against", "in", "of", "at", "into", "over", "between",
        "among", "by", "toward", "towards", "through", "via", "across", "near", "inside", "behind",
        "about", "dative",
    }
)  # fmt: skip
_ANY = {
    pos: Cue(
        name="any",
        heads=frozenset(),
        pos=pos,
        required=(),
        excluded=frozenset(),
        event=Event.COOPERATE,
        state=State.TIES,
        mutual=False,
        slots=_SLOTS,
        confidence=0.8,
        example="",
        expected="",
        counterexample="",
    )
    for pos in ("VERB", "NOUN")
}
# Where the recipient of "refused to lift the curfew on A" and the like stands.
XCOMP_SLOTS = frozenset({"to", "on", "against", "with", "from", "for", "in", "into"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one candidate relation of a sentence, before it is weighed against the others."""

    actor: Mention
    recipient: Mention
    directed: bool
    statement: Statement
    cue: Cue
    words: tuple[Token, ...]
    operators: tuple[int, ...]
    rule: str
    confidence: float
    condition: str | None
    speaker: str | None
    syntax: Syntax

    @property
    def pair(self) -> Pair:
        """Return the two countries."""
        return pair_of(self.actor.country, self.recipient.country)


def find_relations(clauses: Sequence[Clauses]) -> tuple[Relation, ...]:
    """Return the relations of an article's clauses, in the order of their quotes.

    A sentence of sport has none, and an article of sport has none at all: teams attack, meet and beat
    each other in words alone.
    """
    if not clauses or is_sport(clauses[0].article.text, clauses[0].lexicon):
        return ()
    readers = [RelationReader(each) for each in clauses if not find_sport(each.text, each.lexicon)]
    return tuple(
        relation
        for reader, likely in zip(readers, weigh_sentences(readers), strict=True)
        for relation in reader.read_relations(likely)
    )


def weigh_sentences(readers: Sequence["RelationReader"]) -> list[dict[Pair, Likelihood]]:
    """Return for each sentence what the encoder makes of its links."""
    chosen = [each.choose_links() for each in readers]
    weighed = iter(
        weigh_links(
            [
                (reader.clauses, link)
                for reader, links in zip(readers, chosen, strict=True)
                for link in links.values()
            ]
        )
    )
    return [{pair: next(weighed) for pair in links} for links in chosen]


def find_sport(text: str, lexicon: Lexicon) -> list[str]:
    """Return the words of a text that belong to sport."""
    return _compile_sport(tuple(sorted(lexicon.words["sport_word"]))).findall(text)


def is_sport(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text is of sport: some of its words are, and not few for its length."""
    found = len(find_sport(text, lexicon))
    return found >= LEAST_SPORT and found * WORDS_TO_SPORT >= text.count(" ")


@lru_cache(maxsize=1)
def _compile_sport(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?:e?s)?\b", re.IGNORECASE)


class RelationReader:
    """Read the relations of one parsed sentence."""

    def __init__(self, clauses: Clauses) -> None:
        """Take the clauses of one sentence."""
        self.clauses = clauses
        self.syntax = clauses.syntax
        self.lexicon = clauses.lexicon
        self.words = clauses.lexicon.words
        self.named = clauses.named

    def choose_links(self) -> dict[Pair, Link]:
        """Return the links that are to be weighed.

        What a sentence says of a pact is its members' places in it, and is not weighed.
        """
        return {} if self.clauses.pacts else self.links

    def read_relations(self, likely: Mapping[Pair, Likelihood]) -> list[Relation]:
        """Return what the sentence says, once for each pair and state."""
        found = {(each.pair, each.statement.state): each for each in self.read(likely)}
        return [self.relate(each) for each in found.values()]

    def read(self, likely: Mapping[Pair, Likelihood]) -> list[Finding]:
        """Return what cues say and the encoder bears out, and what else it infers."""
        cued = choose_findings(self.find_cued())
        findings = [each for each in cued if _is_likely(each, likely)]
        known: dict[Pair, set[State]] = {each.pair: set() for each in cued}
        for each in findings:
            known[each.pair].add(each.statement.state)
        # "A agreed to meet B" is a meeting: the agreeing is in it, and no step of its own.
        turning = {i for each in cued for i in each.operators}
        for pair, likelihood in likely.items():
            said = known.get(pair, ())
            least = LEAST_INSTEAD if pair in known else LEAST_PROBABILITY
            inference = likelihood.infer(said, LEAST_SECOND if said else least)
            if inference is None or self.links[pair].head.i in turning:
                continue
            finding = self._infer(self.links[pair], inference)
            if finding:
                findings.append(finding)
        return findings

    def find_cued(self) -> list[Finding]:
        """Return what the cues of the sentence say, each finding as often as it is said."""
        return [
            finding
            for token in self.syntax.tokens
            for finding in self.read_token(token)
            if finding.actor.country != finding.recipient.country
        ]

    # What links no cue reads ------------------------------------------------------------------

    @cached_property
    def links(self) -> dict[Pair, Link]:
        """Hold for each pair of countries the word nearest to both whose grammar joins them."""
        above = {
            each.i: each
            for i in self.named
            for each, _ in self.syntax.path(self.syntax.tokens[i])
            if each.i not in self.named
        }
        best: dict[Pair, tuple[int, Link]] = {}
        for link in self._find_paths():
            best.setdefault(pair_of(link.actor.country, link.recipient.country), (FAR, link))
        for i in sorted(above):
            head = above[i]
            cue = _ANY.get({"AUX": "VERB"}.get(head.pos, head.pos))
            if cue is None:
                continue
            for actor, recipient, rule, _, apart in self.link(cue, head, ()):
                if actor.country == recipient.country:
                    continue
                link = Link(head, actor, recipient, apart, rule)
                measured = measure_link(self.clauses, link)
                pair = pair_of(actor.country, recipient.country)
                if pair not in best or measured < best[pair][0]:
                    best[pair] = measured, link
        return {pair: link for pair, (_, link) in best.items()}

    def _find_paths(self) -> Iterator[Link]:
        """Yield for each two names the word under which their ways up meet, the shortest way first.

        Names that stand side by side meet at the word that governs both.
        """
        found: list[tuple[int, int, int, Link]] = []
        for one, other in itertools.combinations(sorted(self.named.keys() - self.clauses.aside), 2):
            tokens = self.syntax.tokens
            first = [tokens[one], *(each for each, _ in self.syntax.path(tokens[one]))]
            second = [tokens[other], *(each for each, _ in self.syntax.path(tokens[other]))]
            known = {each.i for each in second}
            meet = next((n for n, each in enumerate(first) if each.i in known), None)
            if meet is None:
                continue
            beside = first[meet].i in self.named
            if beside and len(self._list_beside(first[meet])) > MOST_PARTIES:
                continue
            while meet < len(first) and first[meet].i in self.named:
                meet += 1
            if meet == len(first):
                continue
            head = first[meet]
            reach = [each.i for each in second].index(head.i)
            # "Rebels in A attacked B": where they are is not for whom they act.
            if any(map(self._act_elsewhere, (first[:meet], second[:reach]))):
                continue
            length = meet + reach
            for actor, recipient in itertools.product(self.named[one], self.named[other]):
                if actor.country == recipient.country:
                    continue
                ends = (actor, recipient)
                if head.pos == "VERB" and self.syntax.is_passive(head):
                    ends = (recipient, actor)
                link = Link(head, *ends, not beside, "side by side" if beside else "path")
                found.append((length, one, other, link))
        yield from (link for *_, link in sorted(found, key=lambda each: each[:3]))

    def _act_elsewhere(self, way: Sequence[Token]) -> bool:
        return any(each.lemma == "in" for each in way) and any(map(self.clauses.acts_alone, way))

    def _list_beside(self, first: Token) -> set[CountryCode]:
        """Return the countries that are named side by side with one."""
        while first.dep in LISTED and self.syntax.head(first).i in self.named:
            first = self.syntax.head(first)
        found, stack = set[CountryCode](), [first]
        while stack:
            here = stack.pop()
            found.update(mention.country for mention in self.named.get(here.i, ()))
            stack.extend(
                each for each in self.syntax.children(here, *LISTED) if each.i in self.named
            )
        return found

    def _infer(self, link: Link, inference: Inference) -> Finding | None:
        """Return what a link says, once the words above have told how; nothing where they unsay it."""
        probed = probe_link(self.clauses, link)
        if probed is None and inference.modality is not Modality.DENIED:
            return None
        # The encoder has read the words above the link too, and what they turn.
        _, operators = probed or (None, ())
        statement = Statement(inference.event, inference.state, modality=inference.modality)
        speaker, speaking = self.clauses.find_speaker(link.head)
        trust = min(link.actor.confidence, link.recipient.confidence)
        ends = (link.actor, link.recipient)
        actor, recipient = ends[::-1] if inference.way is Way.BACKWARD else ends
        # "A's envoys shuttled between B and C": talks that a cue does not read are rather a visit or a
        # request of the one whom grammar makes the actor.
        mutual = inference.way is Way.MUTUAL and not (
            link.directed and inference.state is State.TALKS
        )
        return Finding(
            actor=actor,
            recipient=recipient,
            directed=not mutual,
            statement=statement,
            cue=_ANY["VERB"],
            words=choose_words(self.clauses, link),
            operators=operators,
            rule=f"{WEIGHED}, {link.rule}",
            confidence=round(inference.probability * _ANY["VERB"].confidence * trust, 3),
            condition=self.clauses.find_condition(link.head),
            speaker=None if actor.country in speaking else speaker,
            syntax=self.syntax,
        )

    def read_token(self, token: Token) -> list[Finding]:
        """Return the findings of the first cue that matches a token and links two countries."""
        for cue, matched in self.match_cues(token):
            parties = list(self.link(cue, token, matched))
            if not parties:
                continue
            linked = frozenset(each.country for one, other, *_ in parties for each in (one, other))
            spoken = Statement(cue.event, cue.state)
            if spoken == DEMANDED and len({other.country for _, other, *_ in parties}) > 1:
                # A demand on two sides at once takes neither's, and is a call for restraint.
                spoken = Statement(Event.REQUEST, State.TALKS)
            judged = self.clauses.judge(spoken, token, linked)
            if judged is None:
                return []
            statement, operators = judged
            # "A will not meet B" and "A is to sign with B": the deed is mutual, its refusal is A's.
            turned = statement.state is not cue.state
            mutual = cue.mutual and not (turned and statement.state in ONE_SIDED)
            waits = ("before",) if statement.state is State.REFUSES else ()
            condition = self.clauses.find_condition(token, *waits)
            speaker, speaking = self.clauses.find_speaker(token)
            return [
                Finding(
                    actor=actor,
                    recipient=recipient,
                    directed=apart and not mutual,
                    statement=statement,
                    cue=cue,
                    words=(token, *matched),
                    operators=operators,
                    rule=rule,
                    confidence=round(
                        cue.confidence * weight * min(actor.confidence, recipient.confidence),
                        3,
                    ),
                    condition=condition,
                    speaker=None if actor.country in speaking else speaker,
                    syntax=self.syntax,
                )
                for actor, recipient, rule, weight, apart in parties
            ]
        return []

    # What a token is a cue of -----------------------------------------------------------------

    def match_cues(self, token: Token) -> list[tuple[Cue, list[Token]]]:
        """Return the cues that a token heads, those with required words first."""
        pos = {"AUX": "VERB", "PROPN": "NOUN"}.get(token.pos, token.pos)
        if token.tag == "MD":
            pos = "AUX"
        elif pos == "NOUN" and token.dep in {"relcl", "ROOT"}:
            if self.syntax.children(token, "aux", "dobj"):
                pos = "VERB"
        cues = self.lexicon.cues_by_head.get((token.lemma, pos), ())
        if not cues or (token.pos == "PROPN" and token.i in self.named):
            return []
        near = [*self.syntax.descendants(token, 4)]
        above = self.syntax.head(token)
        if above is not token and (
            above.pos in {"ADP", "VERB"} or token.dep in {"compound", "amod", "acl"}
        ):
            near.append(above)
        if token.i > 1 and self.syntax.tokens[token.i - 2].lemma == "non":
            # "non-recognition" parses as two words, and not always as one below the other.
            near.append(self.syntax.tokens[token.i - 2])
        # "called on A to stop" may parse with the stopping as an aside, and "relations are tense" has
        # the word that tells beside the noun.
        near.extend(
            each
            for each in self.syntax.children(token, "advcl")
            if each.tag == "VB" and not self.syntax.children(each, "mark")
        )
        if token.dep == "nsubj" and above.lemma in self.words["staying_verb"]:
            near.extend(self.syntax.children(above, "acomp", "attr", "oprd"))
        lemmas: dict[str, Token] = {}
        for each in sorted(near, key=lambda one: self._measure(one, token)):
            # "its best customer" speaks of no goods.
            compared = each.tag in {"JJR", "JJS"}
            lemmas.setdefault(each.text.lower() if compared else each.lemma, each)
        own = {
            each.lemma
            for each in near
            if each.head == token.i or each is above or each.lemma == "non"
        }
        doing = {
            each.i
            for subject in self.syntax.children(token, "nsubj")
            for each in self.syntax.subtree(subject)
        }
        found: list[tuple[Cue, list[Token]]] = []
        for cue in cues:
            if cue.excluded & (own | {token.lemma}):
                continue
            known = lemmas
            if "that" in cue.slots and cue.required:
                # What is said of A: "A said that B shelters rebels".
                said = self.syntax.children(token, "ccomp")
                told = [*said, *(each for one in said for each in self.syntax.descendants(one, 2))]
                known = {each.lemma: each for each in told} | lemmas
                lemmas = lemmas | known
            if "obj" in cue.slots and not cue.mutual:
                # "The minister called A a threat": the minister is not whom he called.
                known = {lemma: each for lemma, each in known.items() if each.i not in doing}
            satisfied = min(
                self._satisfy(cue, known),
                key=lambda option: (
                    max(self._measure(each, token) for each in option),
                    [each.i for each in option],
                ),
                default=None,
            )
            if cue.required and satisfied is None:
                continue
            found.append((cue, satisfied or []))
        return sorted(
            found,
            key=lambda each: (
                not each[0].required,
                -len(each[1]),
                max((self._measure(word, token) for word in each[1]), default=0),
            ),
        )

    @staticmethod
    def _satisfy(cue: Cue, known: Mapping[str, Token]) -> Iterator[list[Token]]:
        """Yield the words that fill each way in which what a cue requires is there."""
        for alternative in cue.required:
            filled = [[known[each] for each in part & known.keys()] for part in alternative]
            if all(filled):
                for words in itertools.product(*filled):
                    yield sorted(words, key=lambda each: each.lemma)

    def _measure(self, token: Token, head: Token) -> int:
        """Return how many arcs lie between a token and a word above it, or next to it."""
        steps = 1
        for above, _ in self.syntax.path(token):
            if above is head:
                return steps
            steps += 1
        return 1

    # Which countries a cue links --------------------------------------------------------------

    def link(
        self, cue: Cue, token: Token, matched: Sequence[Token]
    ) -> Iterator[tuple[Mention, Mention, str, float, bool]]:
        """Yield actor, recipient, the rule's name and weight for each pair of a cue.

        The last value says whether the two stand on either side of the cue, and not together on one.
        """
        if cue.pos == "VERB":
            actors, recipients, rule = self.link_verb(cue, token, matched)
        elif cue.pos == "NOUN":
            actors, recipients, rule = self.link_noun(cue, token, matched)
        else:
            actors, recipients, rule = self.link_other(cue, token)
        weight = 0.85 if "inherited" in rule else 1.0
        reciprocal = cue.mutual or (not recipients and self._is_reciprocal(token))
        if reciprocal and not (actors and recipients):
            group = actors or recipients
            countries = list(dict.fromkeys(each.country for each in group))
            hub = self._find_hub()
            if hub in countries:
                middle = next(each for each in group if each.country == hub)
                for each in group:
                    yield each, middle, f"{rule}, with the pact's hub", weight, False
            elif (hub is None or "sign" not in cue.heads) and 1 < len(countries) <= (
                2 if self.clauses.pacts else MOST_PARTIES
            ):
                for one, other in itertools.combinations(group, 2):
                    yield one, other, rule, weight, False
            return
        for one, other in itertools.product(actors, recipients):
            yield one, other, rule, weight, True
        if "between" in cue.slots and cue.event is Event.CONSULT and not cue.mutual and actors:
            # Who is mediated between is in talks as well.
            for one, other in itertools.combinations(recipients, 2):
                yield one, other, f"{rule}{BETWEEN}", weight, False

    def _is_reciprocal(self, token: Token) -> bool:
        """Say whether "each other" or "one another" stands below a word."""
        return any(
            each.lemma in {"other", "another"}
            and each.i > 0
            and self.syntax.tokens[each.i - 1].lemma in {"each", "one"}
            for each in self.syntax.descendants(token, 4)
        )

    def _find_hub(self) -> CountryCode | None:
        return next((hub for name, _ in self.clauses.pacts if (hub := find_hub(name))), None)

    def link_verb(
        self, cue: Cue, verb: Token, matched: Sequence[Token]
    ) -> tuple[list[Mention], list[Mention], str]:
        """Return the actors and recipients of a verb, and how they were found."""
        subjects, how = self.syntax.subjects(verb)
        passive = self.syntax.is_passive(verb)
        subject_mentions = [each for head in subjects for each in self.clauses.represent(head)]
        objects = [head for each in (verb, *matched) for head in self._objects(each)]
        actors: list[Mention] = []
        recipients: list[Mention] = []
        places = [
            verb,
            *matched,
            *self._settings(cue, verb),
            *(head for head in objects if not self._is_deed(cue, head)),
        ]
        if passive and (
            verb.lemma in self.words["stative_participle"] or cue.event is Event.MOBILIZE
        ):
            # "Troops of A are massed near B": they do it.
            passive = False
        if passive:
            actors.extend(self.clauses.find_obliques([verb, *matched], frozenset({"by"})))
            if cue.mutual:
                actors.extend(subject_mentions)
            elif "obj" in cue.slots:
                recipients.extend(subject_mentions)
            places.extend(subjects)
        else:
            actors.extend(subject_mentions)
        if passive and not actors and verb.lemma in self.words["placing_verb"]:
            # "expelled from A": who does it is where it is done; "received in A": the visit is the guest's.
            acted = {each.country for each in subject_mentions}
            here = self.clauses.find_obliques([verb], frozenset({"from", "in"}))
            for clause in self.syntax.children(verb, "xcomp"):
                if clause.lemma in self.words["leaving_verb"]:
                    here += [
                        m for each in self._objects(clause) for m in self.named.get(each.i, ())
                    ]
            hosts = [each for each in here if each.country not in acted]
            if cue.event is Event.CONSULT and hosts:
                actors, recipients = recipients, hosts
            else:
                actors.extend(hosts)
        if (
            cue.event is Event.AID
            and verb.lemma in self.words["moving_verb"]
            and not passive
            and not objects
        ):
            # "The prince flew to A" brings nothing.
            return [], [], "none"
        if "obj" in cue.slots:
            for head in objects:
                if cue.event is Event.CONSULT and not cue.mutual and not self._is_person(head):
                    continue
                recipients.extend(self._object_mentions(cue, head, actors))
        places.extend(self.syntax.children(verb, "xcomp") if matched else ())
        recipients.extend(self.clauses.find_obliques(places, cue.slots))
        if not recipients and cue.state in {State.DISPUTE, State.REFUSES}:
            recipients.extend(self._find_doers([*objects, *self._reached(verb, cue)]))
        if not recipients:
            recipients.extend(self._find_nested([verb, *objects, *matched], cue))
        if not actors and not passive:
            # "a bill that cuts American aid to A": whose aid it is.
            actors.extend(each for word in matched for each in self.clauses.find_modifiers(word))
        if "that" in cue.slots:
            recipients.extend(
                mention
                for clause in self.syntax.children(verb, "ccomp")
                for head in self.syntax.children(clause, "nsubj", "nsubjpass")
                for mention in self.clauses.represent(head) or self.clauses.find_modifiers(head)
            )
        if "xcomp" in cue.slots and not recipients:
            for clause in self.syntax.children(verb, "xcomp"):
                below = [clause, *self.syntax.objects(clause)]
                for head in below[1:]:
                    recipients.extend(self._object_mentions(cue, head, actors))
                recipients.extend(self.clauses.find_obliques(below, XCOMP_SLOTS))
        if cue.event is Event.THREATEN and not recipients:
            recipients.extend(self._find_warned(verb))
        if cue.mutual and not actors and not ("obj" in cue.slots and len(recipients) > 1):
            # "He worked with men of A and B" says nothing of A and B toward each other.
            recipients = self.clauses.find_obliques(
                [verb, *matched], frozenset({"between", "among"})
            )
        if not cue.mutual:
            acting = {each.country for each in actors}
            recipients = [each for each in recipients if each.country not in acting]
        if cue.mutual and {each.country for each in actors} == {
            each.country for each in recipients
        }:
            recipients = []
        told = {verb.lemma, *(f"{verb.lemma} {each.lemma}" for each in matched)}
        receiving = told & self.words["receiving_verb"]
        if cue.event in RECEIVED and receiving and not passive:
            actors, recipients = recipients, actors
        name = "passive verb" if passive else "verb"
        return actors, recipients, f"{name} with {how} subject"

    def _reached(self, verb: Token, cue: Cue) -> list[Token]:
        """Return the nouns in the slots of a cue."""
        return [each for name, each in self.syntax.obliques(verb) if name in cue.slots]

    def _find_doers(self, nouns: Sequence[Token]) -> list[Mention]:
        """Return who does what is turned down or condemned: "a road that A builds"."""
        return [
            mention
            for noun in nouns
            for clause in self.syntax.children(noun, "relcl", "acl")
            for head in self.syntax.children(clause, "nsubj")
            for mention in self.clauses.represent(head)
        ]

    def _find_nested(self, nouns: Sequence[Token], cue: Cue) -> list[Mention]:
        """Return whom a deed's subject matter is with: "curbs on exports to A", "talks on gas with A"."""
        matters = [
            governed
            for noun in nouns
            for name, governed in self.syntax.obliques(noun)
            if name in {"on", "for", "about", "over", "at"}
            and governed.pos == "NOUN"
            and governed.i not in self.named
        ]
        matters += [
            governed
            for matter in matters
            for name, governed in self.syntax.obliques(matter)
            if name in {"of", "in"} and governed.i not in self.named
        ]
        names = cue.slots & {"to", "from", "with", "between", "against"}
        if cue.event is Event.AID:
            # "paid for the expansion of the police of A".
            names = names | {"of", "in"}
        return self.clauses.find_obliques(
            matters, names | {"to", "from"} if "on" in cue.slots else names
        )

    def _find_warned(self, verb: Token) -> list[Mention]:
        """Return whom a threat is for by its condition: "threatened to leave unless A gives way"."""
        clauses = (verb, *self.syntax.children(verb, "xcomp", "ccomp"))
        return [
            mention
            for each in clauses
            for clause in self.syntax.children(each, "advcl")
            if {mark.lemma for mark in self.syntax.children(clause, "mark")} & {"if", "unless"}
            for head in self.syntax.subjects(clause)[0]
            for mention in self.clauses.represent(head)
        ]

    def _settings(self, cue: Cue, verb: Token) -> list[Token]:
        """Return the nouns on which "with A" or "against A" may hang: "spoke by telephone with A"."""
        mediating = "between" in cue.slots and not cue.mutual
        if not cue.mutual and not mediating and "against" not in cue.slots:
            return []
        return [
            governed
            for name, governed in self.syntax.obliques(verb)
            if name in {"by", "at", "in", "on", "over", "during", "before"}
            and governed.pos in {"NOUN", "PROPN"}
            and governed.i not in self.named
            and (mediating or not self.clauses.is_event(governed))
        ]

    def _objects(self, token: Token) -> list[Token]:
        return self.syntax.objects(token) if token.pos in VERBAL else []

    def _is_person(self, head: Token) -> bool:
        """Say whether a noun is somebody who is met or visited: a country, an office or its holder."""
        return head.i in self.named or head.lemma in self.words["office_noun"] or head.pos == "PRON"

    def _is_deed(self, cue: Cue, head: Token) -> bool:
        """Say whether words of protest have a deed as object: they are meant for its doer."""
        return cue.state is State.DISPUTE and self.clauses.is_event(head)

    def _object_mentions(self, cue: Cue, head: Token, actors: Sequence[Mention]) -> list[Mention]:
        acting = {each.country for each in actors}
        if self._is_deed(cue, head):
            doers = [
                *self.clauses.find_modifiers(head),
                *self.clauses.find_obliques([head], frozenset({"by"})),
            ]
            return [each for each in doers if each.country not in acting]
        found = [each for each in self.clauses.represent(head) if each.country not in acting]
        if not found and cue.state is State.HOSTILE and self.clauses.is_private(head):
            # Coercion of a company or citizen of A is meant for A.
            found = [
                each for each in self.clauses.find_modifiers(head) if each.country not in acting
            ]
        names = {"of", "from", "in", "inside", "near", "to", "by"}
        if self.clauses.is_event(head):
            # "rejected calls by A" is toward A; "struck a deal" says nothing of whom it strikes.
            names = {"by", "from", "to", "for"} if cue.state is State.REFUSES else names
            names = set() if cue.state in CONFLICT else names
        if found:
            return found
        for name, governed in self.syntax.obliques(head):
            if name in names:
                found.extend(self.clauses.represent(governed))
        found.extend(each for each in self.clauses.find_holders(head) if each.country not in acting)
        for clause in self.syntax.children(head, "acl"):
            if not found and clause.lemma in self.words["carrying_verb"]:
                for load in self._objects(clause):
                    found.extend(self.clauses.represent(load))
            if names and not found and cue.state not in CONFLICT:
                found.extend(self.clauses.find_obliques([clause], frozenset({"by"})))
        if not found and head.lemma in self.words["container_noun"]:
            # "contacted officials from A" parses with "from A" on the verb.
            found.extend(self.clauses.find_obliques([self.syntax.head(head)], frozenset({"from"})))
        return found

    def link_noun(
        self, cue: Cue, noun: Token, matched: Sequence[Token] = ()
    ) -> tuple[list[Mention], list[Mention], str]:
        """Return the actors and recipients of a noun, and how they were found."""
        # "the opening of an embassy in A": where the embassy is.
        about = [
            governed for name, governed in self.syntax.obliques(noun) if name in {"of", "in", "to"}
        ]
        places = [noun]
        if noun.dep in {"compound", "amod", "nmod"}:
            places.append(self.syntax.head(noun))
        top = places[-1]
        places.extend(each for each in matched if each in about)
        beside = [*places, *self.syntax.children(top, "relcl")]
        between = self.clauses.find_obliques(beside, frozenset({"between", "among"}))
        owners = self._owners(places)
        if cue.mutual and not between and not owners:
            between = self._find_nested([noun], replace(cue, slots=frozenset({"between"})))
        if between and cue.mutual:
            return between, [], "noun with between"
        recipients = self.clauses.find_obliques(places, cue.slots - {"between", "among"})
        if cue.mutual and not recipients:
            recipients = self._find_nested([noun], replace(cue, slots=frozenset({"with"})))
        if not cue.mutual and "between" in cue.slots:
            recipients.extend(between)
        actors = self.clauses.find_obliques(places, frozenset({"by"}))
        if "of" not in cue.slots:
            actors.extend(self.clauses.find_obliques(places, frozenset({"of"})))
        actors.extend(owners)
        rule = "noun with owner"
        governor = self.syntax.head(noun)
        if owners and not recipients and noun.dep == "attr":
            subjects = [
                m
                for head in self.syntax.subjects(governor)[0]
                for m in self.clauses.represent(head)
            ]
            if cue.mutual:
                # "A is B's ally": the owner before the noun, the other before the verb.
                recipients = subjects
            elif noun.lemma in self.words["giving_noun"]:
                # "A is B's creditor": B owes, A has given.
                actors, recipients = subjects, owners
        if owners and not recipients:
            recipients = self._find_reached(noun, cue)
        if owners and not recipients and self.clauses.is_rebutted(cue.event, noun):
            # "A denies B's accusation": whom it accuses.
            recipients = [
                m
                for head in self.syntax.subjects(governor)[0]
                for m in self.clauses.represent(head)
            ]
        if not actors or (cue.mutual and not recipients and len({m.country for m in actors}) < 2):
            light = self._light_subjects(top)
            actors.extend(each for each in light if each not in recipients)
            rule = "noun under its verb"
            governor = self.syntax.head(top)
            if governor.pos in VERBAL and not recipients:
                recipients = self.clauses.find_obliques([governor], cue.slots)
        if not actors and noun.dep == "appos":
            # "A, the largest buyer of oil from B".
            actors = self.clauses.represent(self.syntax.head(noun))
            actors = [each for each in actors if each not in recipients]
        if cue.heads & {"ally", "partner"}:
            recipients.extend(self._equals(noun))
        if not recipients and cue.state is State.WAR and actors:
            recipients = self._harmed(noun, actors)
            rule = "noun as cause of harm" if recipients else rule
        actors = [each for each in dict.fromkeys(actors) if each not in recipients]
        return actors, list(dict.fromkeys(recipients)), rule

    def _find_reached(self, noun: Token, cue: Cue) -> list[Mention]:
        """Return whom a noun reaches: "a loan of A kept B afloat", "B remains under A's embargo"."""
        if noun.dep == "pobj" and self.syntax.head(noun).lemma == "under":
            verb = self.syntax.head(self.syntax.head(noun))
            stays = verb.lemma in self.words["staying_verb"]
            subjects = self.syntax.subjects(verb)[0] if stays else []
            return [m for head in subjects for m in self.clauses.represent(head)]
        top = noun
        while top.dep == "pobj" and self.syntax.head(top).lemma == "of":
            top = self.syntax.head(self.syntax.head(top))
        verb = self.syntax.head(top)
        if top.dep != "nsubj" or verb.pos not in VERBAL:
            return []
        if verb.lemma in self.words["reaching_verb"]:
            return [m for head in self._objects(verb) for m in self.clauses.represent(head)]
        if verb.lemma in self.words["placed_verb"]:
            return self.clauses.find_obliques([verb], cue.slots)
        return []

    def _owners(self, places: Sequence[Token]) -> list[Mention]:
        found: list[Mention] = []
        for place in places:
            found.extend(self.clauses.find_modifiers(place))
            # "A and B's talks" parses as A coordinated with the talks themselves.
            above = self.syntax.head(place)
            if place.dep == "conj" and above.i in self.named and place.i not in self.named:
                found.extend(self.named[above.i])
            if place.dep == "conj" and not found and above.i not in self.named:
                found.extend(self._owners([above]) if above.pos == "NOUN" else ())
        return list(dict.fromkeys(found))

    def _light_subjects(self, noun: Token) -> list[Mention]:
        return [each for head in self.syntax.holders(noun) for each in self.clauses.represent(head)]

    def _equals(self, noun: Token) -> list[Mention]:
        above = self.syntax.head(noun)
        found: list[Mention] = []
        if noun.dep in {"appos", "compound", "nmod"}:
            found.extend(self.named.get(above.i, ()))
        for child in self.syntax.children(noun, "appos"):
            for head in self.syntax.conjuncts(child):
                found.extend(self.named.get(head.i, ()))
        return found

    def _harmed(self, noun: Token, actors: Sequence[Mention]) -> list[Mention]:
        harm = self.words["harm_noun"]
        acting = {each.country for each in actors}
        above = self.syntax.head(self.syntax.head(noun))
        if noun.dep == "pobj" and above.lemma in self.words["dying_verb"]:
            # "B's soldiers died in shelling by A".
            hurt = [
                mention
                for head in self.syntax.subjects(above)[0]
                for mention in self.clauses.represent(head)
                if mention.country not in acting
            ]
            if hurt:
                return hurt
        for above, dep in self.syntax.path(noun):
            if dep in {"relcl", "advcl", "ccomp"}:
                break
            if above.lemma in harm:
                found = [
                    mention
                    for name, governed in self.syntax.obliques(above)
                    if name in {"of", "in"}
                    for mention in self.clauses.represent(governed)
                    if mention.country not in acting
                ]
                if found:
                    return found
        return []

    def link_other(self, cue: Cue, token: Token) -> tuple[list[Mention], list[Mention], str]:
        """Return the actors and recipients of an adjective or preposition, and how they were found."""
        governor = self.syntax.head(token)
        if token.pos == "AUX":
            if cue.state is State.REFUSES:
                return self._link_refusal(governor)
            return self._link_duty(governor)
        subjects, how = (
            self.syntax.subjects(governor) if governor.pos in VERBAL else ([governor], "own")
        )
        actors = [each for head in subjects for each in self.clauses.represent(head)]
        if token.pos == "ADP":
            governed = self.syntax.children(token, "pobj")
            recipients = [each for head in governed for each in self.clauses.represent(head)]
        else:
            recipients = self.clauses.find_obliques([token, governor], cue.slots)
        return actors, recipients, f"{token.pos.lower()} with {how} subject"

    def _link_refusal(self, verb: Token) -> tuple[list[Mention], list[Mention], str]:
        """Read "A will not act until B does": A turns down what B waits for."""
        if not self.syntax.children(verb, "neg"):
            return [], [], ""
        refusing = [
            m for head in self.syntax.subjects(verb)[0] for m in self.clauses.represent(head)
        ]
        waited = [
            mention
            for clause in self.syntax.children(verb, "advcl")
            if {each.lemma for each in self.syntax.children(clause, "mark", "advmod")}
            & {"until", "unless", "before"}
            for head in self.syntax.subjects(clause)[0]
            for mention in self.clauses.represent(head)
        ]
        return refusing, waited, "refusal until the other acts"

    def _link_duty(self, verb: Token) -> tuple[list[Mention], list[Mention], str]:
        """Read "A said that B must": the speaker asks, the subject of the duty is asked."""
        above = self.syntax.head(verb)
        if verb.dep != "ccomp" or above.lemma not in self.words["speech_verb"]:
            return [], [], ""
        asking = [
            m for head in self.syntax.children(above, "nsubj") for m in self.clauses.represent(head)
        ]
        asked = [
            m for head in self.syntax.children(verb, "nsubj") for m in self.clauses.represent(head)
        ]
        return asking, asked, "speaker and duty"

    # The record -------------------------------------------------------------------------------

    def relate(self, finding: Finding) -> Relation:
        """Return the record of a finding."""
        quote = self.clauses.quote()
        start = quote.start_char
        article = self.clauses.article.id
        words = sorted(set(finding.words), key=lambda each: each.i)
        accord = next((name for name, _ in self.clauses.pacts), None)
        statement = finding.statement
        period = None
        if statement.state is not State.PLEDGED and statement.modality is not Modality.POSSIBLE:
            published = self.clauses.article.date_published
            period = find_period(self.syntax, finding.words[0], published)
        key = "\x1f".join(
            (
                article,
                finding.actor.country,
                finding.recipient.country,
                statement.event,
                statement.state,
                statement.modality,
                str(quote.start_char),
                str(quote.end_char),
            )
        )
        return Relation(
            id=hashlib.sha256(key.encode()).hexdigest()[:20],
            article_id=article,
            actor=finding.actor.country,
            recipient=finding.recipient.country,
            directed=finding.directed,
            event=statement.event,
            state=statement.state,
            modality=statement.modality,
            condition=finding.condition,
            accord=accord,
            attributed_to=finding.speaker,
            confidence=finding.confidence,
            cue=" … ".join(each.text for each in words),
            rule=finding.rule,
            quote=quote,
            cue_spans=tuple((start + each.start, start + each.end) for each in words),
            actor_span=_span_of(finding.actor),
            recipient_span=_span_of(finding.recipient),
            period=period,
        )


def _is_likely(finding: Finding, likely: Mapping[Pair, Likelihood]) -> bool:
    """Say whether a finding's state is likely enough; of a pair that nothing links the cue's word counts."""
    told = likely.get(finding.pair)
    return told is None or told.sum_states().get(finding.statement.state, 0.0) >= LEAST_BORNE_OUT


def _span_of(mention: Mention) -> Span:
    return mention.start_char, mention.end_char


def _climb(finding: Finding, head: Token) -> set[int]:
    """Return the words that a noun hangs on as object or inside a name."""
    tokens = finding.syntax.tokens
    found: set[int] = set()
    while head.dep in {"dobj", "compound", "amod", "nmod"} and head.head not in found:
        found.add(head.head)
        head = tokens[head.head]
    return found


def _starts(one: Finding, other: Finding) -> bool:
    """Say whether one of two findings that share their words is headed by the earlier word."""
    return one.words[0].i < other.words[0].i


def _covers(one: Finding, other: Finding) -> bool:
    """Say whether one finding of a pair already says what another does."""
    head = other.words[0]
    if one.statement.state is State.TIES and other.statement.state is State.ALLIED:
        # "has a defense pact": what it has allies it.
        return False
    named = {each.i for each in one.words[1:]}
    own = {each.i for each in other.words}
    if one.cue.pos == "NOUN" and len(other.words) > 1 and one.statement.state is State.HOSTILE:
        # "lifted its curbs on exports to A": what ends is the curbs, and not the exports.
        return head.i in named
    if head.i in named or (head.i in one.operators and one.words[0].i not in own):
        return True
    if other.cue.pos == "NOUN" and len(one.words) > 1 and one.words[0].i in other.operators:
        return True
    if one.statement.state is State.ALLIED and other.statement.state is State.TIES:
        # "signed a mutual defense treaty" allies them, whatever else signing does.
        return one.cue.pos == "NOUN" and other.words[0].i in _climb(one, one.words[0])
    # "ratified a defense cooperation agreement": the deed says what has come of it.
    done = one.statement.state in {State.TIES, State.PARTNERS, State.ALLIED, State.TALKS}
    lesser = other.statement.state in {State.PLEDGED, State.TIES, State.PARTNERS}
    return done and lesser and other.cue.pos == "NOUN" and one.words[0].i in _climb(other, head)


def choose_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Keep for each pair and state the finding with most confidence, and drop what another covers.

    A cue that acts as operator on another ("agreed" over "to hold talks") yields to the one below it, and
    a cue without required words yields to one that has it among its own words.
    """
    best: dict[tuple[Pair, State], Finding] = {}
    for finding in findings:
        others = [each for each in findings if each.pair == finding.pair and each is not finding]
        if finding.rule.endswith(BETWEEN) and (
            finding.statement.state is not State.TALKS
            or finding.statement.modality is Modality.DENIED
            or any(not each.rule.endswith(BETWEEN) for each in others)
        ):
            continue
        if any(
            _covers(each, finding) and not (_covers(finding, each) and _starts(finding, each))
            for each in others
            if each.cue is not finding.cue
        ):
            continue
        key = finding.pair, finding.statement.state
        if key not in best or best[key].confidence < finding.confidence:
            best[key] = finding
    return list(best.values())
