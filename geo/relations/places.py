"""Places: each country's place in a named pact, and the sentence that says so.

The cues stand in ``data/relations/accord_cues.tsv``: a head, where the pact stands around it and whose
place it tells. Negation and operators turn a place as they turn a state: a plan to join is a pledge, a
refusal to sign is a refusal. That a country is named in one sentence with a pact says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from geo.records import (
    PLACE_RANK,
    AccordPlace,
    Event,
    Mention,
    MentionKind,
    Modality,
    Place,
    Relation,
    State,
)
from geo.relations.clauses import Clauses, Statement
from geo.relations.grammar import VERBAL
from geo.relations.pacts import PactCue, load_pact_cues
from geo.relations.tokens import Token

# The state that stands in for a place while operators are applied, and what each outcome means.
_AS_STATE = {
    Place.MEMBER: State.TIES,
    Place.JOINING: State.TALKS,
    Place.APPROACHED: State.TALKS,
    Place.SPONSOR: State.TALKS,
    Place.PLEDGED: State.PLEDGED,
    Place.REFUSES: State.REFUSES,
    Place.LEFT: State.HOSTILE,
}
_TURNED = {
    State.PLEDGED: Place.PLEDGED,
    State.REFUSES: Place.REFUSES,
    State.HOSTILE: Place.LEFT,
}


def find_accord_places(
    clauses: Sequence[Clauses], relations: Sequence[Relation]
) -> tuple[AccordPlace, ...]:
    """Return the places in pacts that an article's clauses tell, in the order of their quotes.

    ``relations`` are those of the same clauses: who negotiates about a pact is joining it, and whom
    somebody contacts about it is approached.
    """
    by_start: defaultdict[int, list[Relation]] = defaultdict(list)
    for relation in relations:
        by_start[relation.quote.start_char].append(relation)
    return tuple(
        place
        for each in clauses
        if each.pacts
        for place in AccordReader(each, by_start[each.start]).read()
    )


class AccordReader:
    """Read the places in pacts that one parsed sentence tells."""

    def __init__(self, clauses: Clauses, relations: Sequence[Relation]) -> None:
        """Take the clauses of one sentence and its relations."""
        self.clauses = clauses
        self.syntax = clauses.syntax
        self.relations = relations
        self.pact_at = {
            token.i: name
            for name, (start, end) in clauses.pacts
            for token in self.syntax.tokens
            if start <= token.start < end
        }

    def read(self) -> list[AccordPlace]:
        """Return for each country and pact the place that the sentence says with most confidence."""
        best: dict[tuple[str, str], AccordPlace] = {}
        for place in (*self._read_cues(), *self._read_relations()):
            key = place.accord, place.country
            if key not in best or _weigh(place) > _weigh(best[key]):
                best[key] = place
        return sorted(best.values(), key=lambda each: (each.accord, each.country))

    def _read_cues(self) -> Iterator[AccordPlace]:
        cues = load_pact_cues()
        for token in self.syntax.tokens:
            pos = {"AUX": "VERB", "PROPN": "NOUN"}.get(token.pos, token.pos)
            for cue in cues.get((token.lemma, pos), ()):
                accord = self._find_pact(cue, token)
                if accord is None:
                    continue
                said = Statement(Event.COOPERATE, _AS_STATE[cue.place])
                # "members of the pact did not come" says nothing against their membership.
                apart = cue.pos == "NOUN" and token.dep in {"nsubj", "appos", "compound", "nmod"}
                judged = (said, ()) if apart else self.clauses.judge(said, token)
                if judged is None:
                    continue
                turned = _turn(cue.place, judged[0])
                if turned is None:
                    continue
                place, modality = turned
                if (
                    place is Place.MEMBER
                    and modality is Modality.ASSERTED
                    and _goes_on(self, token)
                ):
                    place = Place.JOINING
                if place is Place.MEMBER and modality is Modality.POSSIBLE and cue.pos == "VERB":
                    place = Place.JOINING
                if place is Place.REFUSES and cue.pos == "NOUN" and cue.place is Place.MEMBER:
                    # "is not a member" says what is not so, and of nobody that he declines.
                    place, modality = Place.MEMBER, Modality.DENIED
                for mention in self._find_parties(cue, token, place):
                    # A region's name does not say which of its countries took the step.
                    if mention.kind is MentionKind.REGION:
                        continue
                    own = self._raise_to_joining(place, modality, mention)
                    yield self._place(mention, accord, *own, cue, token)

    def _read_relations(self) -> Iterator[AccordPlace]:
        """Read whom somebody contacts, in a sentence that is about a pact."""
        for relation in self.relations:
            if relation.state is not State.TALKS or not relation.directed or not relation.accord:
                continue
            if not self._approaches(relation):
                continue
            yield AccordPlace(
                article_id=relation.article_id,
                accord=relation.accord,
                country=relation.recipient,
                place=Place.APPROACHED,
                modality=relation.modality,
                condition=relation.condition,
                confidence=round(0.8 * relation.confidence, 3),
                cue=relation.cue,
                rule=f"contact about the pact, {relation.rule}",
                quote=relation.quote,
            )

    def _approaches(self, relation: Relation) -> bool:
        """Say whether the cue of a relation is one of contact, and not of a visit or mediation."""
        starts = {start - self.clauses.start for start, _ in relation.cue_spans}
        return any(
            token.lemma in self.clauses.words["approach_verb"]
            for token in self.syntax.tokens
            if token.start in starts
        )

    def _raise_to_joining(
        self, place: Place, modality: Modality, mention: Mention
    ) -> tuple[Place, Modality]:
        """Take one who is sought for a pact, and is in talks in the same sentence, as joining it."""
        if place is Place.APPROACHED:
            for each in self.relations:
                if each.state is State.TALKS and not each.directed and mention.country in each.pair:
                    return Place.JOINING, each.modality
        return place, modality

    def _find_pact(self, cue: PactCue, token: Token) -> str | None:
        """Return the pact that stands in one of a cue's slots, as head or inside the phrase."""
        for slot in sorted(cue.pact):
            for head in self._fill(slot, token):
                for each in (head, *self.syntax.descendants(head, 4)):
                    if each.i in self.pact_at:
                        return self.pact_at[each.i]
        return None

    def _fill(self, slot: str, token: Token) -> list[Token]:
        if slot == "obj":
            return self.syntax.objects(token) if token.pos in VERBAL else []
        if slot == "subj":
            return self.syntax.subjects(token)[0] if self.syntax.is_passive(token) else []
        if slot == "governed":
            return list(self.syntax.children(token, "pobj"))
        if slot in {"attr", "xcomp", "compound", "acl"}:
            return list(self.syntax.children(token, slot))
        places = [token, *(self.syntax.objects(token) if token.pos in VERBAL else ())]
        places.extend(self.syntax.children(token, "prt", "prep"))
        return [
            governed
            for place in places
            for name, governed in self.syntax.obliques(place)
            if name == slot
        ]

    def _find_parties(self, cue: PactCue, token: Token, place: Place) -> list[Mention]:
        """Return whose place it is; who declines to sign with another speaks for himself alone."""
        found: list[Mention] = []
        passive = token.pos in VERBAL and self.syntax.is_passive(token)
        if token.pos == "ADP":
            token = self.syntax.head(token)
            if token.pos not in VERBAL:
                return []
        for party in sorted(cue.party):
            match party:
                case "subj" if not passive:
                    found.extend(self._represent(self.syntax.subjects(token)[0]))
                case "obj" if passive:
                    found.extend(self._represent(self.syntax.subjects(token)[0]))
                case "obj":
                    found.extend(self._represent(self.syntax.objects(token)))
                case "holder":
                    found.extend(self._find_holders(token))
                case "recipient":
                    found.extend(self.clauses.find_obliques([token], frozenset({"to"})))
                case "by" | "between" | "among" | "with" if place is not Place.REFUSES:
                    places = [token, *(self.syntax.objects(token) if token.pos in VERBAL else ())]
                    found.extend(self.clauses.find_obliques(places, frozenset({party})))
        return list(dict.fromkeys(found))

    def _represent(self, heads: Iterable[Token]) -> list[Mention]:
        return [each for head in heads for each in self.clauses.represent(head)]

    def _find_holders(self, noun: Token) -> list[Mention]:
        """Return who is the member, or whose the membership is."""
        found = self.clauses.find_modifiers(noun)
        above = self.syntax.head(noun)
        if noun.dep in {"appos", "compound", "nmod"}:
            found.extend(self.clauses.named.get(above.i, ()))
        for child in self.syntax.children(noun, "appos"):
            found.extend(self.clauses.represent(child))
        if noun.dep == "attr" and above.pos in VERBAL:
            found.extend(self._represent(self.syntax.subjects(above)[0]))
        if noun.dep == "pobj" and above.lemma in {"with", "by", "through"}:
            governor = self.syntax.head(above)
            if governor.pos in VERBAL:
                found.extend(self._represent(self.syntax.subjects(governor)[0]))
        return found

    def _place(
        self,
        mention: Mention,
        accord: str,
        place: Place,
        modality: Modality,
        cue: PactCue,
        token: Token,
    ) -> AccordPlace:
        return AccordPlace(
            article_id=self.clauses.article.id,
            accord=accord,
            country=mention.country,
            place=place,
            modality=modality,
            condition=self.clauses.find_condition(token),
            confidence=round(cue.confidence * mention.confidence, 3),
            cue=token.text,
            rule=f"{cue.pos.lower()} with the pact",
            quote=self.clauses.quote(),
        )


def _goes_on(reader: AccordReader, token: Token) -> bool:
    """Say whether a verb is told as going on: "is joining"."""
    return token.tag == "VBG" and bool(reader.syntax.children(token, "aux"))


def _turn(place: Place, statement: Statement) -> tuple[Place, Modality] | None:
    if statement.state is _AS_STATE[place]:
        threatened = statement.event is Event.THREATEN
        return place, Modality.POSSIBLE if threatened else statement.modality
    if place in {Place.SPONSOR, Place.APPROACHED, Place.LEFT}:
        return None
    turned = _TURNED.get(statement.state)
    if turned is None:
        return None
    if turned is Place.LEFT and statement.event is Event.THREATEN:
        return turned, Modality.POSSIBLE
    return turned, statement.modality


def _weigh(place: AccordPlace) -> tuple[bool, float, int]:
    return (
        place.modality is Modality.ASSERTED,
        place.confidence,
        -PLACE_RANK.index(place.place),
    )
