"""Clauses: a parsed sentence with its countries anchored, and what its words do to a statement.

Answers which countries a noun phrase stands for, what operators, negation and auxiliaries make of a
statement, on which condition and by whose word. Relations and accords read from the same clauses.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from geo.records import (
    Article,
    CountryCode,
    Event,
    Mention,
    MentionKind,
    Modality,
    Quote,
    Sentence,
    SentenceKind,
    State,
)
from geo.relations.cues import Effect, Lexicon, Operator
from geo.relations.grammar import (
    OBJECT_CONTROL,
    PARTITIVES,
    PASSIVE_SUBJECTS,
    SUBJECTS,
    VERBAL,
    Syntax,
)
from geo.relations.pacts import find_pacts
from geo.relations.tokens import LONGEST_SENTENCE, Parse, Parser, Token

CONTEXT = 60
CONFLICT = frozenset({State.WAR, State.HOSTILE, State.DISPUTE})
LASTING = frozenset({State.TIES, State.PARTNERS, State.ALLIED, State.PLEDGED})
CARRYING = frozenset(
    {
        Effect.INTEND,
        Effect.AGREE,
        Effect.OFFER,
        Effect.ATTEMPT,
        Effect.REFUSE,
        Effect.THREATEN,
        Effect.END,
        Effect.FAIL,
    }
)
MODIFIERS = ("poss", "compound", "amod", "nmod", "nummod", "npadvmod")
PRONOUNS = frozenset({"it", "its", "they", "their", "he", "his", "she", "her", "them"})
# The prepositions after which a pronoun stands for a country rather than for a thing.
TOWARD = frozenset({"with", "against", "toward", "towards"})
MEASURES = frozenset({"percent", "cent", "%", "billion", "million", "thousand", "hundred"})
# "They fought a war" tells of one that is over; one that goes on is being fought.
FOUGHT = frozenset({"fight", "wage", "go", "come"})
ADJUNCTS = frozenset({"of", "for", "to", "from", "about", "on", "against", "with", "at"})
# The prepositions through which a verb or noun governs what it is about.
GOVERNED = frozenset({"of", "for", "to", "from", "about", "on", "against", "over"})
# Operators under which "not to" tells what will not be done.
RESOLVING = frozenset({Effect.INTEND, Effect.OFFER, Effect.AGREE})

# How many words stand between "not" and a name that it excepts: "not with the larger Guinea".
MOST_BEFORE_NAME = 4
# How much of a headline's words begin with a capital where all that are not small do.
CAPITALS_OF_HEADLINE = 0.7
LONGEST_ACRONYM = 3
_TOWNS = frozenset({MentionKind.CAPITAL, MentionKind.CITY})
_WORD = re.compile(r"[A-Za-z]+")
_YEAR = re.compile(r"((?:1[5-9]|20)\d\d)s?")


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold what a cue says once the operators above it are applied."""

    event: Event
    state: State
    modality: Modality = Modality.ASSERTED


def parse_clauses(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    lexicon: Lexicon,
    parser: Parser,
) -> "tuple[Clauses, ...]":
    """Return the parsed sentences that can hold a relation or a place in a pact.

    Those name two countries, or one and a pact. Headings and boilerplate are no evidence, mentions that
    are not counted name nobody, and a sentence longer than ``LONGEST_SENTENCE`` code points is left out.
    A headline in capitals is parsed as if it was spelled like the body.
    """
    chosen = [
        (sentence, named)
        for sentence, named in pair_sentences(sentences, mentions)
        if sentence.end_char - sentence.start_char <= LONGEST_SENTENCE
        and (
            len({each.country for each in named}) > 1
            or any(find_pacts(article.text[sentence.start_char : sentence.end_char]))
        )
    ]
    texts = [_spell_sentence(article.text, sentence, named) for sentence, named in chosen]
    return tuple(
        Clauses(article, sentence, named, parse, lexicon)
        for (sentence, named), parse in zip(chosen, parser.parse(texts), strict=True)
    )


def _spell_sentence(text: str, sentence: Sentence, named: Sequence[Mention]) -> str:
    """Return a sentence as the parser expects it: a headline without the capitals that headlines have."""
    start, end = sentence.start_char, sentence.end_char
    spelled = text[start:end]
    words = _WORD.findall(spelled)
    capitals = sum(each[0].isupper() for each in words)
    if sentence.kind is not SentenceKind.HEADLINE or capitals < CAPITALS_OF_HEADLINE * len(words):
        return spelled
    shouted = spelled.isupper()
    kept = {i for each in named for i in range(each.start_char - start, each.end_char - start)}

    def lower(found: re.Match[str]) -> str:
        word = found.group()
        if found.start() in kept:
            return word.title() if shouted and len(word) > LONGEST_ACRONYM else word
        return word if word.isupper() and not shouted and len(word) > 1 else word.lower()

    return _WORD.sub(lower, spelled)


def pair_sentences(
    sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> Iterator[tuple[Sentence, list[Mention]]]:
    """Yield each sentence that is evidence and names a country, with its counted mentions."""
    counted = sorted((each for each in mentions if each.counted), key=lambda each: each.start_char)
    position = 0
    for sentence in sentences:
        named = []
        while position < len(counted) and counted[position].start_char < sentence.end_char:
            if counted[position].start_char >= sentence.start_char:
                named.append(counted[position])
            position += 1
        if sentence.is_evidence and named:
            yield sentence, named


class Clauses:
    """Answer questions about the clauses of one parsed sentence."""

    def __init__(
        self,
        article: Article,
        sentence: Sentence,
        mentions: Sequence[Mention],
        parse: Parse,
        lexicon: Lexicon,
    ) -> None:
        """Anchor the mentions to the tokens that they cover."""
        self.article = article
        self.start = sentence.start_char
        self.text = article.text[sentence.start_char : sentence.end_char]
        self.lexicon = lexicon
        self.words = lexicon.words
        controllers = frozenset(
            lemma
            for (lemma, pos), operators in lexicon.operators.items()
            if pos in {"NOUN", "ADJ"} and operators[0].effect is not Effect.CONSIDER
        )
        light = lexicon.words["light_verb"] | {
            lemma
            for (lemma, pos), operators in lexicon.operators.items()
            if pos == "VERB" and operators[0].effect in CARRYING
        }
        self.syntax = Syntax(parse, controllers, light)
        self.named: dict[int, list[Mention]] = {}
        for mention in mentions:
            start, end = mention.start_char - self.start, mention.end_char - self.start
            if self.text[:start].rstrip().lower().endswith("ethnic"):
                # A people that lives elsewhere does not stand for the country of its name.
                continue
            for token in parse:
                if token.start < end and start < token.end and token.text not in {"'s", "’s", "'"}:
                    self.named.setdefault(token.i, []).append(mention)
        self.pacts = list(find_pacts(self.text))
        excepting = {i: self._find_exception(i) for i in self.named}
        # The words that except a name, and the names that take no part in what is said.
        self.excepting = {each.i for each in excepting.values() if each}
        self.aside = {i for i in self.named if excepting[i] or self._is_site(i)}
        self._resolving: set[int] = set()
        self._parties: frozenset[CountryCode] = frozenset()

    # Which countries a noun phrase stands for -------------------------------------------------

    def represent(self, token: Token, *, among: bool = True) -> list[Mention]:
        """Return the mentions that the noun phrase headed by a token stands for.

        A government, army or envoy stands for the country that its modifier names; a company or a
        private person stands for none. ``among`` takes in coordinated phrases.
        """
        found: list[Mention] = []
        heads = self.syntax.conjuncts(token) if among else [token]
        for head in heads:
            found.extend(self.represent_one(head))
        return list(dict.fromkeys(found))

    def represent_one(self, token: Token) -> list[Mention]:
        """Return the mentions that one noun stands for, without those coordinated with it."""
        own = list(self.named.get(token.i, ()))
        if not own and self.is_private(token):
            return []
        if self.acts_alone(token) or token.i in self.aside:
            return []
        found = list(own) or self._resolve(token)
        if not found:
            found.extend(self.find_modifiers(token))
        if not found:
            for name, governed in self.syntax.obliques(token):
                containers = self.words["container_noun"] | PARTITIVES
                # "King Hassan of Morocco" stands for Morocco by his title.
                holds = token.lemma in containers or any(
                    each.lemma in containers for each in self.syntax.children(token, "compound")
                )
                # "negotiators for A", and not "a position for A".
                speaks = name == "for" and token.lemma in self.words["office_noun"]
                if (name in {"of", "from", "in"} or speaks) and holds:
                    found.extend(self.represent(governed))
        for child in self.syntax.children(token, "appos"):
            # "A, an ally of B" speaks of A; "the kingdom, A" of A too.
            if not found or child.i in self.named:
                found.extend(self.represent(child))
        for each in self.syntax.descendants(token, 3):
            if each.lemma in {"include", "including"} and each.pos in {"ADP", "VERB"}:
                listed = [
                    mention
                    for below in self.syntax.children(each, "pobj", "dobj")
                    for mention in self.represent(below)
                ]
                # "Arab states including Egypt" says it of Egypt, and of no other by name.
                if listed:
                    found = [one for one in found if one.kind is not MentionKind.REGION]
                found.extend(listed)
        return found

    def is_private(self, token: Token) -> bool:
        """Say whether a noun names a company or a private person, which stand for no country."""
        return token.lemma in self.words["private_noun"] and not any(
            child.lemma in self.words["state_adjective"]
            for child in self.syntax.children(token, "amod", "compound")
        )

    def _find_exception(self, i: int) -> Token | None:
        """Return the word by which a name stands apart from what is said: "A, not B, mediated"."""
        for token in reversed(self.syntax.tokens[max(i - MOST_BEFORE_NAME, 0) : i]):
            if token.lemma == "not":
                before = self.syntax.tokens[token.i - 1] if token.i else None
                return token if before is None or before.pos not in VERBAL else None
            if token.pos not in {"ADP", "DET", "ADJ"}:
                return None
        return None

    def _is_site(self, i: int) -> bool:
        """Say whether a town is where others meet: "the Cairo summit", not "the Berlin-Paris summit"."""
        name = self.syntax.tokens[i]
        noun = self.syntax.head(name)
        if noun != name and self.named.get(noun.i) == self.named[i]:
            # "Addis" hangs on "Ababa".
            return self._is_site(noun.i)
        beside = {*self.syntax.children(noun, "compound"), *self.syntax.conjuncts(name), name}
        return (
            noun.lemma in self.words["gathering_noun"]
            and name.dep == "compound"
            and all(each.kind in _TOWNS for each in self.named[i])
            and len({m.country for each in beside for m in self.named.get(each.i, ())}) == 1
        )

    def acts_alone(self, token: Token) -> bool:
        """Say whether a noun names an armed group that acts, which acts for no country."""
        # At the head of a sentence, "Rebels" passes for a name and keeps its plural.
        lemmas = {token.lemma, token.lemma.removesuffix("s")}
        return bool(lemmas & self.words["nonstate_noun"]) and self._acts(token)

    def _acts(self, token: Token) -> bool:
        """Say whether a noun does what its verb says: as subject, or after "by"."""
        above = self.syntax.head(token)
        return token.dep == "nsubj" or (token.dep == "pobj" and above.lemma == "by")

    def find_modifiers(self, token: Token, depth: int = 3) -> list[Mention]:
        """Return the mentions that stand before a noun and name whose it is."""
        found: list[Mention] = []
        for child in self.syntax.children(token, *MODIFIERS):
            for each in self.syntax.conjuncts(child):
                if each.i in self.aside:
                    continue
                here = list(self.named.get(each.i, ()))
                if not here and each.pos == "PRON":
                    here = self._resolve(each)
                if not here and depth:
                    here = self.find_modifiers(each, depth - 1)
                found.extend(here)
                # "India-Pakistan talks" parses as India on Pakistan on the talks.
                if here and depth and each.i in self.named:
                    found.extend(self.find_modifiers(each, depth - 1))
        return sorted(dict.fromkeys(found), key=lambda each: each.start_char)

    def _resolve(self, pronoun: Token) -> list[Mention]:
        """Return the subject that a pronoun without a mention of its own stands for.

        A possessive stands for the subject of its clause, a subject for that of the clause above, and an
        object for who is named before and does not act; where these name several countries, only a plural
        pronoun stands for them.
        """
        if pronoun.pos != "PRON" or pronoun.lemma not in PRONOUNS or pronoun.i in self._resolving:
            return []
        self._resolving.add(pronoun.i)
        found = self._find_antecedent(pronoun)
        self._resolving.discard(pronoun.i)
        return found

    def _find_object(self, pronoun: Token) -> list[Mention]:
        """Return whom "A accused B, and C armed it" arms: the country named last that does not act."""
        verb = next(
            (above for above, _ in self.syntax.path(pronoun) if above.pos in VERBAL), pronoun
        )
        above = self.syntax.head(pronoun)
        addressed = above is verb and verb.lemma in self.words["addressing_verb"]
        if not addressed and (above.pos != "ADP" or above.lemma not in TOWARD):
            return []
        acting = {
            each.country for head in self.syntax.subjects(verb)[0] for each in self.represent(head)
        }
        before = [
            mention
            for i in sorted(self.named)
            if i < pronoun.i
            for mention in self.named[i]
            if mention.country not in acting and mention.kind is not MentionKind.DEMONYM
        ]
        if pronoun.lemma in {"they", "them"}:
            return before if len({each.country for each in before}) == 2 else []
        return before[-1:]

    def _find_antecedent(self, pronoun: Token) -> list[Mention]:
        if pronoun.dep in {"dobj", "dative", "pobj"}:
            return self._find_object(pronoun)
        own = pronoun.dep in SUBJECTS | PASSIVE_SUBJECTS
        for above, _ in self.syntax.path(pronoun):
            if above.pos not in VERBAL:
                continue
            if own:
                own = False
                continue
            subjects = self.syntax.subjects(above)[0]
            found = [
                mention
                for head in subjects
                if head.pos != "PRON"
                for mention in self.represent(head)
            ]
            countries = {each.country for each in found}
            if len(countries) == 1 or (countries and pronoun.lemma in {"they", "their"}):
                return found
            if found:
                return []
        return []

    def find_holders(self, noun: Token) -> list[Mention]:
        """Return who holds a place: "islets held by A", "a valley that A administers"."""
        places = [
            noun,
            *(governed for name, governed in self.syntax.obliques(noun) if name == "of"),
        ]
        holding = [
            clause
            for place in places
            for clause in self.syntax.children(place, "acl", "relcl")
            if clause.lemma in self.words["holding_verb"]
        ]
        found = self.find_obliques(holding, frozenset({"by"}))
        for clause in holding:
            for subject in self.syntax.children(clause, "nsubj"):
                found.extend(self.represent(subject))
        return found

    def is_event(self, token: Token) -> bool:
        """Say whether a noun is itself a cue, so that what stands below it is not its owner."""
        return (token.lemma, "NOUN") in self.lexicon.cues_by_head

    def is_rebutted(self, event: Event, noun: Token) -> bool:
        """Say whether a noun is an accusation that its verb turns down, which is still made."""
        verb = self.syntax.head(noun)
        operator = self._find_operator(verb)
        effect = operator.effect if operator else None
        rebuts = (
            effect in {Effect.REFUSE, Effect.DENY} or verb.lemma in self.words["rebutting_verb"]
        )
        return event is Event.ACCUSE and noun.dep == "dobj" and verb.pos == "VERB" and rebuts

    def find_obliques(self, places: Sequence[Token], slots: frozenset[str]) -> list[Mention]:
        """Return the mentions in the prepositional phrases of some words, for the prepositions given."""
        found: list[Mention] = []
        seen: set[int] = set()
        # "duties of 25 percent on goods from A": what hangs on the measure hangs on the duties.
        measured = [
            governed
            for place in places
            for _, governed in self.syntax.obliques(place)
            if governed.lemma in MEASURES
        ]
        for place in (*places, *measured):
            for name, governed in self.syntax.obliques(place):
                if (
                    name in slots or (place in measured and name == "of")
                ) and governed.i not in seen:
                    seen.add(governed.i)
                    here = self.represent(governed)
                    if not here and name in {"on", "against", "of"}:
                        # Sanctions on a company of A are sanctions on A.
                        here = self.find_modifiers(governed) if self.is_private(governed) else []
                    bordering = governed.lemma in self.words["border_noun"]
                    if bordering or (not here and governed.pos not in VERBAL):
                        here = [*here, *self._inside(governed)] or self.find_holders(governed)
                    found.extend(here)
            if "between" in slots:
                for child in self.syntax.children(place, "prep"):
                    if child.lemma == "between" and not self.syntax.children(child, "pobj"):
                        found.extend(self._read_list(child.i + 1))
        return found

    def _read_list(self, first: int) -> list[Mention]:
        """Return the mentions of a list "A, B and C" that the parse has left unattached."""
        found: list[Mention] = []
        for token in self.syntax.tokens[first:]:
            if token.i in self.named:
                found.extend(self.named[token.i])
            elif token.pos not in {"DET", "ADJ", "CCONJ", "PUNCT", "PROPN", "NUM", "PART"}:
                break
        return list(dict.fromkeys(found))

    def _inside(self, noun: Token) -> list[Mention]:
        names = {"of", "in", "from", "inside", "near"}
        if noun.lemma in self.words["border_noun"]:
            names = {"of", "with"}
        elif self.is_event(noun):
            # "reservists for a war against A": what the war is against, not who wages it.
            names = {"against", "on"}
        return [
            mention
            for name, governed in self.syntax.obliques(noun)
            if name in names
            for mention in self.represent(governed)
        ]

    # What the words above a cue make of it ----------------------------------------------------

    def judge(
        self, spoken: Statement, token: Token, parties: frozenset[CountryCode] = frozenset()
    ) -> tuple[Statement, tuple[int, ...]] | None:
        """Apply negation, auxiliaries and operators from a cue upwards; ``None`` drops the statement.

        ``parties`` are the countries that the cue links: what a third one turns down is not turned
        down by them.
        """
        self._parties = parties
        statement: Statement | None
        operators: list[int] = []
        if token.tag == "MD":
            # "A must stop": the duty is said, whatever its verb does to the thing that must be done.
            token, statement = self.syntax.head(token), spoken
        else:
            statement = self._apply_own(spoken, token)
        here = token
        for above, dep in self.syntax.path(token):
            if statement is None:
                return None
            if dep == "advcl":
                marks = {each.lemma for each in self.syntax.children(here, "mark", "advmod")}
                if marks & self.words["condition_mark"]:
                    return None
                if above.lemma in OBJECT_CONTROL and here.tag == "VB" and not marks:
                    statement = self._apply_operator(statement, here, above, "xcomp", operators)
                    here = above
                    continue
                contracts = any(
                    each.lemma in self.words["contract_noun"]
                    for each in self.syntax.children(above, "dobj")
                )
                done = contracts or above.lemma in self.words["deed_verb"]
                if marks or here.tag != "VB" or done:
                    # "sent troops to help" tells of help that is given, "signed a contract to sell
                    # jets" of a sale.
                    break
                statement = self._turn(Effect.INTEND, statement)
                break
            if dep == "ccomp" and here.i < above.i and not self._reports(here, above):
                # Two statements side by side: "A did this; B does that".
                break
            if dep in {"relcl", "parataxis"} or (dep == "conj" and above.pos in VERBAL):
                if dep == "conj" and not self.syntax.children(here, "nsubj", "nsubjpass"):
                    here = above
                    continue
                break
            if above.pos == "ADP":
                if above.lemma not in ADJUNCTS:
                    break
                here = above
                continue
            if dep == "prep" and here.lemma not in GOVERNED:
                here = above
                continue
            statement = self._apply_operator(statement, here, above, dep, operators)
            if statement is not None:
                statement = self._apply_own(statement, above, here)
            here = above
        if statement is None:
            return None
        return self._date(statement, token), tuple(operators)

    def _is_third(self, verb: Token) -> bool:
        """Say whether a verb is of a country that the cue does not link."""
        subjects = self.syntax.subjects(verb)[0] if verb.pos in VERBAL else []
        acting = {each.country for head in subjects for each in self.represent(head)}
        return bool(acting and self._parties and not acting & self._parties)

    def _turn(self, effect: Effect, statement: Statement) -> Statement | None:
        outcome = self.lexicon.outcomes[effect, statement.state]
        if outcome.state is None:
            return None
        return Statement(
            event=outcome.event or statement.event,
            state=outcome.state,
            modality=outcome.modality or statement.modality,
        )

    def _find_operator(self, token: Token) -> Operator | None:
        """Return what a word does to what stands below it, if anything."""
        pos = {"AUX": "VERB"}.get(token.pos, token.pos)
        below = {each.lemma for each in self.syntax.children(token)}
        return next(
            (
                each
                for each in self.lexicon.operators.get((token.lemma, pos), ())
                if (not each.required or each.required & below) and not each.excluded & below
            ),
            None,
        )

    def _apply_operator(
        self, statement: Statement, here: Token, above: Token, dep: str, operators: list[int]
    ) -> Statement | None:
        operator = self._find_operator(above)
        if operator is None or dep in {"conj", "appos", "npadvmod"}:
            return statement
        if dep == "ccomp" and here.i < above.i:
            # "A did this, officials told reporters": told is how it is known.
            return statement
        if dep == "nsubj":
            bare = not self.syntax.children(above, "dobj", "ccomp", "xcomp")
            if not bare or operator.effect not in {Effect.END, Effect.FAIL}:
                return statement
        if operator.effect is Effect.END and statement.state is State.TALKS:
            if above.lemma in {"end", "stop", "conclude", "call", "cease", "drop"}:
                return statement
        if dep in {"amod", "compound"} and operator.effect is not Effect.SUPPRESS:
            return statement
        if not operators and self.is_rebutted(statement.event, here):
            return statement
        if operator.effect is Effect.REFUSE and self._is_third(above):
            return statement
        if (
            here.dep in {"pobj", "prep"}
            and not self.syntax.children(here, "pcomp")
            and above.pos in VERBAL
            and operator.effect is Effect.INTEND
        ):
            return statement
        operators.append(above.i)
        return self._turn(operator.effect, statement)

    def _apply_own(
        self, statement: Statement, token: Token, below: Token | None = None
    ) -> Statement | None:
        """Apply a word's own negation and auxiliaries; ``below`` is where the climb came from."""
        children = self.syntax.children(token)
        auxiliaries = {child.lemma for child in children if child.dep in {"aux", "auxpass"}}
        negated = self._is_negated(children) or (
            token.pos in VERBAL
            and any(
                child.dep in {"dobj", "dative", *SUBJECTS, *PASSIVE_SUBJECTS}
                and child is not below
                and (child.lemma == "none" or self._is_negated(self.syntax.children(child)))
                for child in children
            )
        )
        intends = bool(auxiliaries & self.words["intend_aux"]) or self._is_due(token)
        turned: Statement | None = statement
        if any(child.lemma in self.words["possible_adverb"] for child in children):
            turned = replace(statement, modality=Modality.POSSIBLE)
        if negated and token.pos in VERBAL:
            lasting = statement.state is not State.TALKS
            refusing = intends or (
                lasting and ("do" in auxiliaries or statement.event is Event.COOPERATE)
            )
            # "A has no embassy in B" and "A has never met B" tell what is not, and not what A declines.
            never = any(child.lemma == "never" for child in children)
            stative = token.lemma in {"have", "be"} and not intends
            # "A is not willing to sell to B" turns down what willing would promise.
            unwilling = (
                statement.state is State.PLEDGED and below is not None and below.pos == "ADJ"
            )
            declines = refusing and not (never and not intends) and not stative
            # "A decided not to receive B's envoy" tells what A will not do.
            operator = self._find_operator(self.syntax.head(token))
            resolved = token.tag == "VB" and operator is not None and operator.effect in RESOLVING
            effect = Effect.REFUSE if declines or unwilling or resolved else Effect.DENY
            if statement.state in CONFLICT:
                effect = Effect.DENY
            return self._turn(effect, statement)
        if negated:
            return self._turn(Effect.DENY, statement)
        if auxiliaries & self.words["possible_aux"]:
            return self._turn(Effect.CONSIDER, statement)
        planned = any(
            child.dep == "amod" and child.lemma in self.words["planned_adjective"]
            for child in children
        )
        if (intends or planned) and turned is not None:
            return self._turn(Effect.INTEND, turned)
        return turned

    def _is_due(self, token: Token) -> bool:
        """Say whether a verb is set for later: "is to open an embassy"."""
        above = self.syntax.head(token)
        due = token.tag == "VB" and token.dep == "xcomp" and above.lemma == "be"
        return due and not self.syntax.children(above, "attr", "acomp")

    def _is_negated(self, children: Sequence[Token]) -> bool:
        return any(
            (child.dep == "neg" and child.i not in self.excepting)
            or (
                child.dep in {"det", "advmod", "preconj", "cc"}
                and child.lemma in {"no", "never", "neither"}
            )
            for child in children
        )

    def _reports(self, said: Token, verb: Token) -> bool:
        """Say whether a verb reports the clause before it: "A did this, B said"."""
        apart = any(each.text == ";" for each in self.syntax.tokens[said.i : verb.i])
        reports = verb.lemma in self.words["speech_verb"] and not apart
        return reports or bool(self.syntax.children(said, "mark"))

    def _date(self, statement: Statement, token: Token) -> Statement:
        """Mark what held in a period that the text says is over."""
        if statement.modality is not Modality.ASSERTED:
            return statement
        verbs = [token, *(above for above, _ in self.syntax.path(token))]
        verbs = [each for each in verbs if each.pos in VERBAL][:2]
        if any(
            child.lemma in self.words["past_marker"]
            for each in (token, *verbs)
            for child in self.syntax.children(each, "amod", "advmod")
        ):
            return replace(statement, modality=Modality.PAST)
        if statement.state in LASTING | {State.REFUSES}:
            return statement
        if (
            statement.state is State.WAR
            and token.tag == "VBD"
            and token.lemma in FOUGHT
            and any(each.lemma == "war" for each in self.syntax.descendants(token, 2))
        ):
            return replace(statement, modality=Modality.PAST)
        newest = self.article.date_published or date(*_newest_year(self.article.text), 1, 1)
        for verb in verbs:
            for name, governed in self.syntax.obliques(verb):
                years = [
                    int(match[1])
                    for each in self.syntax.subtree(governed)
                    if (match := _YEAR.fullmatch(each.text))
                ]
                if name in {"in", "during", "from", "until"} and years:
                    if max(years) < newest.year - 1:
                        return replace(statement, modality=Modality.PAST)
        return statement

    # Condition and speaker --------------------------------------------------------------------

    def _slice(self, token: Token) -> str:
        below = self.syntax.subtree(token)
        return self.text[min(each.start for each in below) : max(each.end for each in below)]

    def find_condition(self, token: Token, *more: str) -> str | None:
        """Return the words of the condition on a cue, as they stand in the sentence.

        ``more`` are words that mark a condition here beside those that always do.
        """
        here = [token, *(above for above, _ in self.syntax.path(token))]
        for each in here:
            for child in self.syntax.children(each, "advcl"):
                marks = self.syntax.children(child, "mark", "advmod")
                if any(mark.lemma in self.words["condition_mark"] | {*more} for mark in marks):
                    return self._slice(child).strip(" ,;.")
            if each.dep == "relcl":
                break
        return None

    def find_speaker(self, token: Token) -> tuple[str | None, frozenset[CountryCode]]:
        """Return the words of whoever is said to have said it, and the countries they stand for."""
        speakers = [
            subject
            for above, dep in self.syntax.path(token)
            if dep in {"ccomp", "parataxis"} and above.lemma in self.words["speech_verb"]
            for subject in self.syntax.children(above, "nsubj")
        ]
        speakers.extend(
            governed
            for each in self.syntax.tokens
            if each.lemma in {"according", "accord"} and each.dep == "prep"
            for name, governed in self.syntax.obliques(each)
            if name == "to"
        )
        if not speakers:
            return None, frozenset()
        countries = frozenset(each.country for each in self.represent(speakers[0]))
        return self._slice(speakers[0]).strip(" ,;."), countries

    def quote(self) -> Quote:
        """Return the whole sentence as a quote with some text on either side."""
        text, start = self.article.text, self.start
        end = start + len(self.text)
        return Quote(
            exact=self.text,
            start_char=start,
            end_char=end,
            prefix=text[max(0, start - CONTEXT) : start],
            suffix=text[end : end + CONTEXT],
        )


@lru_cache(maxsize=2)
def _newest_year(text: str) -> tuple[int]:
    years = [int(each) for each in _YEAR.findall(text)]
    return (max(years, default=9999),)
