"""Who does what to whom in one parsed sentence: subjects, objects and obliques of a predicate.

The labels are those of the CLEAR dependency style that the parser yields. A predicate that has no
subject of its own takes that of the verb, noun or relative clause it hangs on.
"""

from collections.abc import Iterator
from functools import cached_property

from geo.relations.tokens import Parse, Token

SUBJECTS = frozenset({"nsubj", "csubj", "expl"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
OBJECTS = frozenset({"dobj", "obj", "dative", "iobj"})
CLAUSES = frozenset({"relcl", "advcl", "ccomp", "xcomp", "acl", "pcomp", "csubj", "parataxis"})
RELATIVE_PRONOUNS = frozenset({"who", "which", "that", "whom", "whose"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
VERBAL = frozenset({"VERB", "AUX"})
CALENDAR = frozenset(
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday",
    }
)  # fmt: skip
# Nouns that measure what stands after "of", so that the phrase speaks of that.
PARTITIVES = frozenset(
    {
        "part", "series", "round", "number", "string", "wave", "set", "kind", "form", "package",
        "day", "week", "hour", "dozen", "hundred", "thousand", "million", "billion", "ton", "tonne",
        "group", "batch", "host", "range", "amount", "lot", "half", "majority", "rest", "some",
    }
)  # fmt: skip
DEPTH = 24


class Syntax:
    """Answer questions of grammar about the parse of one sentence."""

    def __init__(self, parse: Parse, controllers: frozenset[str], light: frozenset[str]) -> None:
        """Keep the parse, the nouns that lend their holder to a clause, and the light verbs."""
        self.tokens = parse
        self._controllers = controllers
        self._light = light

    @cached_property
    def _children(self) -> tuple[tuple[Token, ...], ...]:
        found: list[list[Token]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                found[token.head].append(token)
        return tuple(map(tuple, found))

    def children(self, token: Token, *deps: str) -> tuple[Token, ...]:
        """Return the tokens that hang on a token, in order; only those with one of ``deps`` if given."""
        found = self._children[token.i]
        return tuple(child for child in found if child.dep in deps) if deps else found

    def head(self, token: Token) -> Token:
        """Return the token's head, itself for the root."""
        return self.tokens[token.head]

    def subtree(self, token: Token) -> list[Token]:
        """Return the token and all that hangs below it, in order."""
        found, stack = [], [token]
        while stack:
            here = stack.pop()
            found.append(here)
            stack.extend(self._children[here.i])
        return sorted(found, key=lambda each: each.i)

    def descendants(self, token: Token, depth: int) -> Iterator[Token]:
        """Yield what hangs below a token within ``depth`` steps, without entering another clause."""
        if depth == 0:
            return
        for child in self._children[token.i]:
            if child.dep in {"relcl", "advcl", "ccomp", "csubj"} or (
                child.dep == "conj" and child.pos in VERBAL and token.pos in VERBAL
            ):
                continue
            yield child
            yield from self.descendants(child, depth - 1)

    def conjuncts(self, token: Token) -> list[Token]:
        """Return a token and the ones coordinated after it."""
        found, stack = [token], [token]
        while stack:
            here = stack.pop()
            for child in self.children(here, "conj"):
                if child.pos in VERBAL and here.pos not in VERBAL:
                    continue
                found.append(child)
                stack.append(child)
        return found

    def is_passive(self, verb: Token) -> bool:
        """Say whether a verb is passive: its subject or auxiliary says so, or it is a bare participle."""
        deps = {child.dep for child in self.children(verb)}
        if deps & (PASSIVE_SUBJECTS | {"auxpass"}):
            return True
        if verb.tag != "VBN" or deps & {"aux"} or deps & OBJECTS or deps & SUBJECTS:
            return False
        return verb.dep in {"acl", "advcl", "amod", "ROOT", "relcl"} or (
            verb.dep == "conj" and self.is_passive(self.head(verb))
        )

    def subjects(self, verb: Token, depth: int = DEPTH) -> tuple[list[Token], str]:
        """Return the heads of a verb's subject and how they were reached: ``own`` or ``inherited``.

        For a passive verb these are the ones it is done to.
        """
        own = self.children(verb, *SUBJECTS, *PASSIVE_SUBJECTS)
        if own:
            found = [self._antecedent(each, verb) for each in own]
            # "A, B hold talks", as headlines have it.
            found.extend(
                each
                for each in self.children(verb, "npadvmod")
                if each.pos == "PROPN"
                and each.i < own[0].i
                and self.tokens[each.i + 1].text == ","
                and own[0].i - each.i <= 3
            )
            # "A condemned it, as did B": B did the same.
            found.extend(
                subject
                for clause in self.children(verb, "advcl", "conj")
                if clause.lemma in PRO_VERBS
                and clause.i > verb.i
                and not self.children(clause, *OBJECTS, "xcomp", "ccomp", "neg")
                and any(each.lemma in {"as", "so"} for each in self.children(clause))
                for subject in self.children(clause, "nsubj")
            )
            # "A, and all of B have ties" parses as A coordinated with the verb itself.
            if verb.dep == "conj" and self.head(verb).pos in NOMINAL:
                found.insert(0, self.head(verb))
            return found, "own"
        if moved := self._find_fronted(verb):
            return moved, "own"
        if depth == 0:
            return [], "none"
        return self._inherited(verb, depth - 1), "inherited"

    def _find_fronted(self, verb: Token) -> list[Token]:
        """Return a subject that the parse has drawn into the phrase before it.

        "In August Chad left" parses with Chad as object of "in", and "Under the pact, Chad and Niger
        share water" with Chad coordinated with the pact.
        """
        found: list[Token] = []
        for name, governed in self.obliques(verb):
            if governed.i > verb.i:
                continue
            dated = any(
                first.lemma in CALENDAR or first.text.isdigit()
                for first in self.children(governed, "compound", "nummod")
            )
            if dated and governed.pos == "PROPN" and name in {"in", "on", "since"}:
                found.append(governed)
            commas = {each.i for each in self.children(governed, "punct") if each.text == ","}
            found.extend(
                each
                for each in self.children(governed, "conj")
                if commas & {each.i - 1, each.i - 2}
            )
        return found

    def _antecedent(self, token: Token, verb: Token) -> Token:
        if token.lemma in RELATIVE_PRONOUNS and verb.dep == "relcl":
            return self.head(verb)
        return token

    def _inherited(self, verb: Token, depth: int) -> list[Token]:
        head = self.head(verb)
        if head is verb:
            return []
        if verb.dep == "acl" and verb.tag in {"VBG", "VBN"}:
            return [head]
        if head.pos in VERBAL:
            if verb.dep in {"xcomp", "ccomp", "advcl"} and not self.is_passive(head):
                objects = self.children(head, "dobj", "dative", "iobj")
                controlled = verb.dep != "advcl" or head.lemma in OBJECT_CONTROL
                if objects and controlled and head.lemma not in SUBJECT_CONTROL:
                    return list(objects)
                # "called on A to act": A is to act.
                asked = [
                    governed
                    for name, governed in self.obliques(head)
                    if name in {"on", "to", "with"} and head.lemma in {"call", "appeal", "plead"}
                ]
                if asked:
                    return asked
            return self.subjects(head, depth)[0]
        if head.pos == "ADJ" and head.dep == "acomp":
            # "A is ready to act": A is to act.
            return self.subjects(self.head(head), depth)[0]
        if head.pos == "ADP" or head.dep in {"prep", "mark"}:
            governor = self.head(head)
            if governor.pos == "ADJ" and governor.dep == "acomp":
                return self.subjects(self.head(governor), depth)[0]
            if governor.pos in VERBAL:
                objects = self.children(governor, "dobj", "nsubjpass")
                if objects and governor.lemma in OBJECT_CONTROL:
                    return list(objects)
                return self.subjects(governor, depth)[0]
            return self._controlled(governor, depth)
        if verb.dep == "conj" and head.pos in NOMINAL:
            return [head]
        return self._controlled(head, depth)

    def _controlled(self, noun: Token, depth: int) -> list[Token]:
        return self.holders(noun, depth) if noun.lemma in self._controllers else []

    def holders(self, noun: Token, depth: int = DEPTH) -> list[Token]:
        """Return who holds a noun: its possessor, or the subject of the verb that governs it."""
        own = [
            child
            for child in self.children(noun, "poss", "compound", "amod", "nmod")
            # "each other's allies": those of the subject.
            if child.pos in NOMINAL and child.lemma not in {"other", "another"}
        ]
        if depth == 0:
            return own
        governor = self.head(noun)
        if own and any(child.dep == "poss" for child in own):
            return own
        if governor is noun:
            return own
        if noun.dep == "conj" and governor.pos not in VERBAL:
            return own + self.holders(governor, depth - 1)
        if governor.pos in VERBAL and noun.dep in {
            "dobj",
            "attr",
            "acomp",
            "ccomp",
            "xcomp",
            "oprd",
        }:
            if governor.lemma not in self._light | self._controllers:
                return own
            if self.is_passive(governor):
                return own
            return own + self.subjects(governor, depth - 1)[0]
        if governor.pos == "ADP":
            above = self.head(governor)
            if above.lemma == "be" or (
                above.lemma in self._light
                and governor.lemma in LIGHT_LINKS - ({"to"} if own else set())
            ):
                return own + self.subjects(above, depth - 1)[0]
            shared = any(name == "with" for name, _ in self.obliques(noun))
            if governor.lemma == "under" and above.pos in VERBAL and shared:
                # "Under a deal with A, B will act": the deal is B's.
                return own + self.subjects(above, depth - 1)[0]
            if above.lemma in self._controllers | PARTITIVES:
                return own + self.holders(above, depth - 1)
        return own

    def objects(self, verb: Token) -> list[Token]:
        """Return the heads of a verb's objects; the antecedent where a relative pronoun stands for it."""
        found = list(self.children(verb, *OBJECTS))
        if not found and verb.dep == "relcl" and not self.is_passive(verb):
            own = self.children(verb, *SUBJECTS)
            if own and own[0].lemma not in RELATIVE_PRONOUNS:
                found = [self.head(verb)]
        found.extend(
            governed
            for each in tuple(found)
            if each.lemma in PARTITIVES
            for name, governed in self.obliques(each)
            if name == "of"
        )
        if not found:
            # "helped A's army to buy fuel" parses with the army as subject of the buying.
            found.extend(
                subject
                for clause in self.children(verb, "ccomp")
                if clause.tag == "VB" and not self.children(clause, "mark")
                for subject in self.children(clause, "nsubj")
            )
        if not found:
            for sibling in self.children(verb, "conj"):
                if sibling.pos in VERBAL and not self.children(sibling, *SUBJECTS):
                    found.extend(self.children(sibling, "dobj"))
        return [
            self.head(verb) if each.lemma in RELATIVE_PRONOUNS and verb.dep == "relcl" else each
            for each in found
        ]

    def obliques(self, token: Token) -> Iterator[tuple[str, Token]]:
        """Yield each preposition that hangs on a token with the head of what it governs."""
        for child in self.children(token):
            if child.dep in {"prep", "agent", "dative", "prt"} or child.pos == "ADP":
                yield from self._governed(child, child.lemma)

    def _governed(self, preposition: Token, name: str) -> Iterator[tuple[str, Token]]:
        for child in self.children(preposition):
            if child.dep in {"pobj", "pcomp"}:
                if child.pos == "ADP":
                    yield from self._governed(child, child.lemma)
                yield name, child
            elif child.dep == "prep" or (child.dep == "conj" and child.pos == "ADP"):
                yield from self._governed(child, child.lemma)

    def path(self, token: Token) -> Iterator[tuple[Token, str]]:
        """Yield each head above a token, with the label of the arc that was climbed."""
        here = token
        while here.head != here.i:
            above = self.head(here)
            yield above, here.dep
            here = above


# What stands for a verb that was just said.
PRO_VERBS = frozenset({"do", "have", "be"})
# The prepositions between a light verb and the noun that says what is done.
LIGHT_LINKS = frozenset({"in", "into", "for", "at", "on", "to"})
OBJECT_CONTROL = frozenset(
    {
        "accuse", "advise", "allow", "ask", "beg", "call", "cause", "compel", "convince", "direct",
        "enable", "encourage", "expect", "force", "get", "help", "invite", "lead", "let", "make",
        "order", "permit", "persuade", "press", "pressure", "push", "request", "require", "tell",
        "urge", "want", "warn",
    }
)  # fmt: skip
SUBJECT_CONTROL = frozenset({"promise", "threaten", "vow", "pledge"})
