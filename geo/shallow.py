"""Dependency parses by rules alone, for machines that cannot load the language model.

The words that :mod:`geo.tagging` tags are gathered into noun phrases and groups of verbs, and those are
attached from left to right, clause by clause, in the labels of the CLEAR style that
:mod:`geo.grammar` asks for. It is made for the plain sentences of news: what it cannot place it leaves
as ``dep`` without a part of speech, so that nothing is read from it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from geo.grammar import OBJECT_CONTROL
from geo.lexicon import Effect, Lexicon, load_lexicon
from geo.phrases import DASHES, Piece, attach, gather_pieces
from geo.tagging import TIMES, Tagger, Word, load_words
from geo.tokens import Parse, Token

TRUST = 0.8
DITRANSITIVE = frozenset(
    {
        "give", "send", "offer", "grant", "lend", "sell", "show", "promise", "hand", "deny", "owe",
        "award",
    }
)  # fmt: skip
CLAUSAL = frozenset(
    {
        "hope", "say", "fear", "know", "expect", "ensure", "demand", "insist", "agree", "decide",
        "propose", "announce", "recommend", "mean", "show", "reveal", "learn", "predict", "vow",
        "pledge", "promise", "threaten", "complain", "concede", "admit", "hint", "wish", "see",
    }
)  # fmt: skip
LINKING = frozenset({"be", "become", "remain", "seem", "appear", "stay"})
PLACES = frozenset({"in", "near", "inside", "along", "outside", "at", "across"})


@dataclass(slots=True, eq=False)
class Frame:
    """Hold a clause while it is read: its verb, its subject, and what waits to be attached."""

    dep: str
    above: Word | None = None
    verb: Piece | None = None
    subject: Word | None = None
    mark: Word | None = None
    pronoun: Word | None = None
    waiting: list[tuple[Word, str]] = field(default_factory=list)
    object: Word | None = None
    noun: Word | None = None
    preposition: Word | None = None
    comma: bool = False
    dash: bool = False


class ShallowParser:
    """Parse by rules, without a model."""

    trust = TRUST

    def __init__(self) -> None:
        """Load the tables of words and the lexicon."""
        lexicon = load_lexicon()
        self._tagger = Tagger(load_words())
        self._reader = (
            lexicon,
            frozenset(
                lemma
                for (lemma, pos), operators in lexicon.operators.items()
                if pos == "NOUN" and operators[0].effect is not Effect.CONSIDER
            ),
        )

    def parse(self, sentences: Iterable[str]) -> Iterator[Parse]:
        """Yield the parse of each sentence; each text counts as one sentence, whatever its stops."""
        for text in sentences:
            words = self._tagger.tag(text)
            pieces = gather_pieces(words)
            if words:
                Builder(words, pieces, *self._reader).build()
            yield tuple(
                Token(
                    i=word.i,
                    start=word.start,
                    end=word.end,
                    text=word.text,
                    lemma=word.lemma,
                    pos=word.pos,
                    tag=word.treebank,
                    dep=word.dep,
                    head=word.head,
                )
                for word in words
            )


class Builder:
    """Attach the pieces of one sentence to each other, from left to right."""

    def __init__(
        self,
        words: Sequence[Word],
        pieces: Sequence[Piece],
        lexicon: Lexicon,
        controllers: frozenset[str],
    ) -> None:
        """Take the words, their pieces, and the lexicon with its nouns that govern a clause."""
        self.words = words
        self.pieces = list(pieces)
        self._lexicon = lexicon
        self._speech = lexicon.words["speech_verb"]
        self._controllers = controllers
        self._frames = [Frame("ROOT")]
        self._joining: Word | None = None
        self._comma = False
        self._last: Piece | None = None
        self._top: Word | None = None

    def build(self) -> None:
        """Give every word a head and a label; exactly one is the root."""
        start = self._skip_dateline()
        self._done = start
        for k in range(start, len(self.pieces)):
            piece = self.pieces[k]
            getattr(self, f"_take_{piece.kind.lower()}")(k, piece)
            if piece.kind not in {"QUOTE", "OTHER"}:
                self._last = piece
            if piece.kind not in {"COMMA", "QUOTE"}:
                self._comma = False
            if piece.kind not in {"CC", "QUOTE", "ADV", "COMMA"}:
                self._joining = None
        self._finish()

    def _skip_dateline(self) -> int:
        """Return the first piece after a dateline such as "LIMA, May 3 (Agency) -"."""
        for k, piece in enumerate(self.pieces[:16]):
            if piece.kind == "VG" and piece.form == "fin":
                return 0
            if k and piece.head.text in {"-", "–", "—", "--"} and piece.kind == "COMMA":
                before = self.words[: piece.first]
                opened = before[0].text.isupper() and len(before[0].text) > 2
                if opened or any(each.text in {"(", "/"} for each in before):
                    return k + 1
                return 0
        return 0

    # Frames -----------------------------------------------------------------------------------

    @property
    def _frame(self) -> Frame:
        return self._frames[-1]

    def _push(self, frame: Frame) -> None:
        frame.comma = self._comma
        frame.dash = self._comma and self._last is not None and self._last.head.text in DASHES
        self._frames.append(frame)

    def _pop(self) -> None:
        closed = self._frames.pop()
        if closed.verb is None:
            self._dissolve(closed)

    def _dissolve(self, frame: Frame) -> None:
        """Attach what a clause without a verb has left over to the clause around it."""
        outer = self._frame
        left = [
            (frame.subject, "dep"),
            (frame.mark, "mark"),
            (frame.pronoun, "dep"),
            *frame.waiting,
        ]
        for word, dep in left:
            if word is not None and word.head < 0:
                if outer.verb is not None:
                    attach(word, outer.verb.head, dep)
                else:
                    outer.waiting.append((word, dep))

    def _awaits(self) -> bool:
        """Say whether a clause around the present one has a subject and no verb yet."""
        return any(each.verb is None and each.subject is not None for each in self._frames[:-1])

    def _place(self, frame: Frame, piece: Piece) -> None:
        """Make a group of verbs the verb of a clause and attach what has waited for it."""
        frame.verb = piece
        verb = piece.head
        if frame.above is not None:
            attach(verb, frame.above, frame.dep)
        elif frame.dep != "ROOT":
            outer = self._frames[self._frames.index(frame) - 1]
            if outer.verb is not None:
                attach(verb, outer.verb.head, frame.dep)
            else:
                outer.waiting.append((verb, frame.dep))
        elif self._top is None:
            self._top = verb
        if frame.subject is not None:
            attach(frame.subject, verb, "nsubjpass" if piece.passive else "nsubj")
        if frame.mark is not None:
            attach(frame.mark, verb, "advmod" if frame.mark.tag == "WRB" else "mark")
        for word, dep in frame.waiting:
            if word.head < 0:
                attach(word, verb, dep)
        frame.waiting = []
        frame.noun = None
        frame.object = None

    # Looking ahead ----------------------------------------------------------------------------

    def _verb_after(self, k: int, *, lists: bool = False) -> Piece | None:
        """Return the finite verb that a noun phrase at a place is subject of, if one follows it."""
        j = k + 1
        while j < len(self.pieces):
            piece = self.pieces[j]
            if piece.kind == "VG":
                if piece.form == "fin" and not (piece.head.open and self._is_reduced(j)):
                    return piece
                return None
            if piece.kind in {"ADV", "QUOTE"}:
                j += 1
                continue
            if piece.kind == "NP" and piece.time and self.pieces[j - 1].kind != "P":
                j += 1
                continue
            if piece.kind == "P" and j + 1 < len(self.pieces) and self.pieces[j + 1].kind == "NP":
                j += 2
                continue
            if lists and piece.kind in {"CC", "COMMA"} and j + 1 < len(self.pieces):
                if self.pieces[j + 1].kind == "NP":
                    j += 2
                    continue
            return None
        return None

    def _is_reduced(self, j: int) -> bool:
        """Say whether a form in -ed is a participle after its noun: "troops sent by A"."""
        piece = self.pieces[j]
        following = self.pieces[j + 1] if j + 1 < len(self.pieces) else None
        return (
            following is not None
            and following.kind == "P"
            and following.head.low == "by"
            and not piece.passive
            and len(range(piece.first, piece.last)) == 0
        )

    def _finite_later(self, j: int) -> bool:
        """Say whether another finite verb follows in the clause, so that this one is a participle."""
        following = self.pieces[j + 1] if j + 1 < len(self.pieces) else None
        if following is None or (following.kind == "NP" and not following.time):
            return False
        if self.pieces[j].head.low == "said":
            return False
        for piece in self.pieces[j + 1 :]:
            if piece.kind in {"COMMA", "CC", "MARK", "REL", "STOP", "SEQ"}:
                return False
            if piece.kind == "VG" and piece.form == "fin":
                return True
        return False

    def _is_set_apart(self, k: int, subject: Word) -> bool:
        """Say whether commas set a participle apart: "the pact, signed in May, holds"."""
        opening = self.pieces[k - 1]
        dash = opening.head.text in DASHES
        commas = [
            j
            for j, each in enumerate(self.pieces)
            if each.kind == "COMMA"
            and each.first > subject.i
            and (not dash or each.head.text in DASHES - {"(", ")"})
        ]
        if len(commas) < 2 or commas[0] != k - 1:
            return False
        after = self.pieces[commas[1] + 1] if commas[1] + 1 < len(self.pieces) else None
        return after is not None and after.kind == "VG" and after.form == "fin"

    def _kind_at(self, k: int) -> str:
        return self.pieces[k].kind if 0 <= k < len(self.pieces) else ""

    def _is_list(self, k: int) -> bool:
        """Say whether a noun phrase after a comma goes on with a list that ends in "and"."""
        j = k
        while j < len(self.pieces):
            kind = self._kind_at(j)
            if kind == "CC":
                return self._kind_at(j + 1) in {"NP", "ADV"}
            if kind == "VG" or kind in {"MARK", "REL", "STOP", "SEQ"}:
                return False
            if kind == "COMMA" and self._kind_at(j + 1) not in {"NP", "CC", "ADJ"}:
                return False
            j += 1
        return False

    # Noun phrases -----------------------------------------------------------------------------

    def _take_np(self, k: int, piece: Piece) -> None:
        frame, head = self._frame, piece.head
        if self._is_bracketed(k) and frame.noun is not None:
            attach(head, frame.noun, "appos")
            return
        if frame.preposition is not None:
            attach(head, frame.preposition, "pobj")
            frame.preposition = None
            if not piece.time:
                frame.noun = head
            return
        if (piece.time and self._kind_at(k + 1) != "VG") or (piece.time and frame.verb is not None):
            self._hang(head, "npadvmod")
            return
        if self._joining is not None:
            self._join_noun(k, piece)
            return
        if self._comma:
            self._add_noun(k, piece)
            return
        self._set_noun(k, piece)

    def _is_bracketed(self, k: int) -> bool:
        """Say whether a phrase stands alone in brackets: "the United Arab Emirates (UAE)"."""
        around = [self.pieces[j].head.text for j in (k - 1, k + 1) if 0 <= j < len(self.pieces)]
        return around == ["(", ")"]

    def _hang(self, word: Word, dep: str) -> None:
        """Attach a word to the verb of the clause, or let it wait for one."""
        if self._frame.verb is not None:
            attach(word, self._frame.verb.head, dep)
        else:
            self._frame.waiting.append((word, dep))

    def _set_noun(self, k: int, piece: Piece) -> None:
        frame, head = self._frame, piece.head
        if frame.verb is None:
            if frame.subject is None:
                frame.subject = frame.noun = head
            else:
                # Two phrases side by side: a name beside its title, or what the rules do not know.
                self._relate_bare(piece, frame.subject)
            return
        verb = frame.verb.head
        if self._is_inverted(frame):
            frame.subject = frame.noun = head
            attach(head, verb, "nsubj")
            return
        follows = self._verb_after(k, lists=True)
        last = self._last
        after_verb = last is frame.verb or (
            last is not None and (last.kind in {"PRT", "ADV"} or (last.kind == "NP" and last.time))
        )
        if follows is not None and (verb.lemma in self._speech | CLAUSAL or not after_verb):
            clausal = verb.lemma in self._speech | CLAUSAL and (after_verb or verb.lemma == "tell")
            if clausal:
                self._push(Frame("ccomp", above=verb, subject=head, noun=head))
                return
            if not after_verb and frame.noun is not None and not self._awaits():
                # "the army A sent": a clause on the noun, without a pronoun.
                self._push(Frame("relcl", above=frame.noun, subject=head, noun=head))
                return
        if verb.lemma in LINKING and frame.object is None:
            attach(head, verb, "attr")
            frame.object = frame.noun = head
            return
        if frame.object is None and after_verb and not frame.verb.passive:
            attach(head, verb, "dobj")
            frame.object = frame.noun = head
            return
        if frame.object is not None and verb.lemma in DITRANSITIVE and frame.noun is frame.object:
            frame.object.dep = "dative"
            attach(head, verb, "dobj")
            frame.object = frame.noun = head
            return
        if frame.verb.passive and after_verb:
            attach(head, verb, "dobj" if verb.lemma in DITRANSITIVE else "oprd")
            frame.noun = head
            return
        if self._awaits() and self._kind_at(k + 1) == "VG":
            self._relate_bare(piece, frame.noun)
            return
        self._relate_bare(piece, frame.noun)

    def _relate_bare(self, piece: Piece, noun: Word | None) -> None:
        """Attach a phrase that stands beside another without a comma, and leave it out of account."""
        if (
            noun is not None
            and noun.tag == "NNP"
            and piece.head.tag == "NNP"
            and noun.head != piece.head.i
        ):
            attach(piece.head, noun, "appos")
        else:
            self._hang(piece.head, "dep")

    def _is_inverted(self, frame: Frame) -> bool:
        """Say whether the subject follows its verb: "..., said A"."""
        return (
            frame.verb is not None
            and frame.subject is None
            and frame.pronoun is None
            and frame.dep == "ROOT"
            and frame.verb.form == "fin"
            and self._last is frame.verb
            and frame.verb.head.lemma in self._speech
        )

    def _join_noun(self, k: int, piece: Piece) -> None:
        """Attach a noun phrase after a conjunction: to the one before it, or as subject of a clause."""
        frame, joining, head = self._frame, self._joining, piece.head
        follows = self._verb_after(k)
        if follows is not None and frame.verb is not None and not self._awaits():
            self._start_clause(head)
            return
        if follows is not None and frame.verb is not None and self._comma:
            while len(self._frames) > 1 and self._awaits():
                self._pop()
            self._join_noun(k, piece)
            return
        target = self._find_mate(head)
        if target is None:
            self._set_noun(k, piece)
            return
        if joining is not None:
            attach(joining, target, "cc")
        attach(head, target, "conj")
        frame.noun = head

    def _opens_clause(self, k: int) -> bool:
        """Say whether a phrase after a conjunction opens a clause: "and on Monday A left"."""
        if self._kind_at(k + 1) != "NP":
            return False
        subject = k + 3 if self._kind_at(k + 2) == "COMMA" else k + 2
        return self._kind_at(subject) == "NP" and self._verb_after(subject) is not None

    def _start_clause(self, subject: Word | None) -> None:
        """Open a clause beside the present one, joined by a conjunction or a comma."""
        frame = self._frame
        while len(self._frames) > 1 and frame.dep not in {
            "ccomp",
            "advcl",
            "ROOT",
            "conj",
            "parataxis",
        }:
            self._pop()
            frame = self._frame
        if frame.verb is None:
            frame.subject = subject
            return
        above = frame.verb.head
        if self._joining is not None:
            attach(self._joining, above, "cc")
        joined = Frame("conj", above=above, subject=subject, noun=subject)
        if frame.dep == "ROOT":
            self._frames = [joined]
        else:
            self._frames[-1] = joined

    def _find_mate(self, head: Word) -> Word | None:
        """Return the phrase that another is coordinated with: the nearest of its kind, or the nearest."""
        noun = self._frame.noun
        if noun is None and len(self._frames) > 1:
            noun = next((each.noun for each in reversed(self._frames) if each.noun), None)
        here, steps = noun, 0
        while here is not None and steps < 8:
            if (here.tag == "NNP") == (head.tag == "NNP") and here.tag != "PRP":
                return here
            above = self.words[here.head] if here.head >= 0 else None
            while above is not None and above.tag not in {"NN", "NNS", "NNP"}:
                above = (
                    None if above.tag.startswith("VB") or above.head < 0 else self.words[above.head]
                )
            here, steps = above, steps + 1
        return noun

    def _add_noun(self, k: int, piece: Piece) -> None:
        """Attach a noun phrase after a comma: in a list, beside a name, or as subject."""
        frame, head = self._frame, piece.head
        follows = self._verb_after(k, lists=True)
        if self._ends_with_speech(follows):
            self._wrap(head)
            return
        while frame.verb is not None and len(self._frames) > 1 and follows is not None:
            outer = self._frames[-2]
            if outer.verb is None and outer.subject is None:
                # "After A left, B came."
                self._pop()
                frame = self._frame
            else:
                break
        if frame.verb is None and frame.subject is None:
            frame.subject = frame.noun = head
            return
        noun = frame.noun
        if noun is not None and self._is_list(k) and (noun.tag == "NNP") == (head.tag == "NNP"):
            mate = self._find_mate(head)
            if mate is not None:
                attach(head, mate, "conj")
                frame.noun = head
                return
        if noun is not None and not (follows is not None and frame.verb is not None):
            attach(head, noun, "appos")
            if frame.verb is not None or frame.subject is not noun:
                frame.noun = head
            return
        if follows is not None and frame.verb is not None:
            self._unfold()
            self._parallel(head)
            return
        self._hang(head, "dep")

    def _unfold(self) -> None:
        while len(self._frames) > 1:
            self._pop()

    def _parallel(self, subject: Word) -> None:
        """Open a clause that stands beside the last one without a conjunction."""
        above = self._frame.verb.head if self._frame.verb is not None else None
        self._frames = [
            Frame("parataxis" if above else "ROOT", above=above, subject=subject, noun=subject)
        ]

    def _ends_with_speech(self, follows: Piece | None) -> bool:
        """Say whether a comma, a subject and a verb of speech close the sentence or a clause of it."""
        root = self._frames[0]
        if follows is None or root.verb is None or follows.head.lemma not in self._speech:
            return False
        at = self.pieces.index(follows)
        following = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if following is None or following.kind in {
            "COMMA",
            "P",
            "ADV",
            "OTHER",
            "SEQ",
            "STOP",
            "QUOTE",
        }:
            return True
        told = following.kind == "NP" and (following.time or follows.head.lemma == "tell")
        return told and not self._verb_after(at + 1)

    def _wrap(self, subject: Word | None) -> None:
        """Open the clause of a speaker, of which all before it is the content."""
        root = self._frames[0].verb
        self._unfold()
        self._frames = [Frame("ROOT", subject=subject, noun=subject)]
        if root is not None:
            top = root.head
            while top.head >= 0 and top.head != top.i and top.dep in {"conj", "parataxis"}:
                top = self.words[top.head]
            self._frame.waiting.append((top, "ccomp"))
            if self._top is top:
                self._top = None

    # Verbs ------------------------------------------------------------------------------------

    def _take_vg(self, k: int, piece: Piece) -> None:
        if piece.form == "to":
            self._take_infinitive(k, piece)
        elif piece.form == "ing":
            self._take_ing(k, piece)
        elif piece.form == "en":
            self._take_participle(k, piece)
        else:
            self._take_finite(k, piece)

    def _take_finite(self, k: int, piece: Piece) -> None:
        frame, verb = self._frame, piece.head
        if frame.preposition is not None:
            frame.preposition = None
        if piece.form == "bare" and frame.verb is not None:
            self._take_bare(piece)
            return
        single = verb.open and piece.first == piece.last
        if frame.verb is None:
            parenthetic = frame.subject is not None and self._is_set_apart(k, frame.subject)
            if single and frame.subject is not None and (parenthetic or self._finite_later(k)):
                self._reduce(piece, frame.noun if parenthetic and frame.noun else frame.subject)
                return
            if single and frame.subject is None and frame.pronoun is None:
                # "Backed by A, B attacked" opens with a participle.
                self._reduce(piece, None)
                return
            self._place(frame, piece)
            return
        if self._joining is not None:
            self._join_verb(piece)
            return
        if (
            single
            and self._last is not None
            and (
                (self._last.kind == "NP" and self._is_reduced(k))
                or (self._last.kind == "COMMA" and self._is_reduced(k))
            )
        ):
            self._reduce(piece, frame.noun)
            return
        for outer in reversed(self._frames[:-1]):
            if outer.verb is None and outer.subject is not None:
                while self._frame is not outer:
                    self._pop()
                if single and self._finite_later(k):
                    self._reduce(piece, outer.subject)
                    return
                self._place(outer, piece)
                return
        self._take_second(k, piece)

    def _take_second(self, k: int, piece: Piece) -> None:
        """Attach a finite verb in a clause that has one already."""
        frame, verb = self._frame, piece.head
        first = frame.verb
        if first is None:
            self._place(frame, piece)
            return
        loose = first.head.open and first.first == first.last and frame.object is None
        if loose and frame.subject is not None and not verb.open and not self._comma:
            # "The troops sent to A attacked": the first verb is the participle.
            first.head.tag = "VBN"
            attach(first.head, frame.subject, "acl")
            if frame.above is None and self._top is first.head:
                self._top = None
            frame.verb = None
            self._place(frame, piece)
            return
        if self._comma and verb.lemma in self._speech:
            self._wrap(None)
            self._place(self._frame, piece)
            return
        noun = frame.noun
        if (
            noun is not None
            and not self._comma
            and noun.dep == "dobj"
            and noun.head == first.head.i
        ):
            if first.head.lemma in self._speech | CLAUSAL:
                self._push(Frame("ccomp", above=first.head, subject=noun, noun=noun))
                self._place(self._frame, piece)
                return
        if piece.first == piece.last and verb.open and noun is not None:
            self._reduce(piece, noun)
            return
        if self._comma and self._is_series(k):
            attach(verb, first.head, "conj")
            frame.verb, frame.object, frame.noun = piece, None, None
            return
        # No rule knows it: it says nothing.
        attach(verb, first.head, "dep")
        verb.tag = "SYM"
        frame.noun = frame.object = None

    def _is_series(self, k: int) -> bool:
        """Say whether verbs are listed: "A did this, did that and did the other"."""
        for j in range(k + 1, len(self.pieces) - 1):
            kind = self._kind_at(j)
            if kind == "CC":
                return self._kind_at(j + 1) == "VG"
            if kind in {"STOP", "MARK", "REL"}:
                return False
        return False

    def _join_verb(self, piece: Piece) -> None:
        """Coordinate a verb with the nearest one of its form."""
        joining = self._joining
        wanted = {
            "fin": {"fin"},
            "bare": {"to", "bare", "fin"},
            "ing": {"ing"},
            "en": {"en", "fin"},
        }
        forms = wanted.get(piece.form, {"to", "bare"})
        if piece.form == "fin" and self._comma:
            # "A, which did this, and did that": the comma closes what hangs inside.
            while len(self._frames) > 1 and self._frame.dep in {"relcl", "acl"}:
                self._pop()
        for frame in reversed(self._frames):
            if frame.verb is not None and frame.verb.form in forms:
                if piece.form == "bare" and frame.verb.form == "fin":
                    if not any(
                        self.words[j].tag == "MD" for j in range(frame.verb.first, frame.verb.last)
                    ):
                        continue
                while self._frame is not frame:
                    self._pop()
                above = frame.verb.head
                if joining is not None:
                    attach(joining, above, "cc")
                attach(piece.head, above, "conj")
                frame.verb, frame.object, frame.noun = piece, None, None
                return
        self._leave(piece)

    def _leave(self, piece: Piece) -> None:
        """Take a verb that cannot be placed out of account."""
        piece.head.tag = "SYM"
        self._hang(piece.head, "dep")

    def _take_bare(self, piece: Piece) -> None:
        """Attach a base form without "to": "helped A build", "demanded that A release"."""
        frame = self._frame
        if self._joining is not None:
            self._join_verb(piece)
            return
        if frame.verb is not None and frame.verb.head.lemma in {
            "help",
            "let",
            "make",
            "see",
            "watch",
            "have",
        }:
            self._push(
                Frame("ccomp" if frame.object is not None else "xcomp", above=frame.verb.head)
            )
            self._place(self._frame, piece)
            return
        self._leave(piece)

    def _reduce(self, piece: Piece, noun: Word | None) -> None:
        """Attach a participle that stands for a clause of its own."""
        piece.head.tag = "VBN"
        piece.form = "en"
        if noun is not None:
            self._push(Frame("acl", above=noun))
        else:
            self._push(Frame("advcl"))
        self._place(self._frame, piece)

    def _take_participle(self, k: int, piece: Piece) -> None:
        frame = self._frame
        del k
        if self._joining is not None and frame.verb is not None:
            self._join_verb(piece)
            return
        if frame.verb is None and frame.subject is None:
            self._push(Frame("advcl", mark=frame.mark if frame.dep == "advcl" else None))
            self._place(self._frame, piece)
            return
        last = self._last
        if last is not None and last.kind == "VG" and frame.verb is last:
            self._push(Frame("acomp" if last.head.lemma in LINKING else "xcomp", above=last.head))
            self._place(self._frame, piece)
            return
        noun = frame.noun or frame.subject
        if noun is not None:
            self._push(Frame("acl", above=noun))
            self._place(self._frame, piece)
            return
        self._leave(piece)

    def _take_infinitive(self, k: int, piece: Piece) -> None:
        frame, last = self._frame, self._last
        del k
        frame.preposition = None
        if self._joining is not None:
            self._join_infinitive(piece)
            return
        if frame.verb is None:
            if frame.subject is not None:
                self._push(Frame("acl", above=frame.noun or frame.subject))
            elif frame.mark is not None:
                self._place(frame, piece)
                return
            else:
                self._push(Frame("advcl"))
            self._place(self._frame, piece)
            return
        verb = frame.verb.head
        noun = frame.noun
        if self._comma:
            self._push(Frame("advcl", above=verb))
        elif last is not None and last.kind == "ADJ":
            self._push(Frame("xcomp", above=last.head))
        elif (
            last is frame.verb or noun is None or (last is not None and last.kind in {"ADV", "PRT"})
        ) or verb.lemma in OBJECT_CONTROL:
            self._push(Frame("xcomp", above=verb))
        elif noun.lemma in self._controllers or (noun.lemma, "NOUN") in self._lexicon.cues_by_head:
            self._push(Frame("acl", above=noun))
        elif last is not None and last.kind == "NP" and last.time:
            self._push(Frame("xcomp", above=verb))
        else:
            self._push(Frame("advcl", above=verb))
        self._place(self._frame, piece)

    def _join_infinitive(self, piece: Piece) -> None:
        for frame in reversed(self._frames):
            if frame.verb is not None and frame.verb.form in {"to", "bare"}:
                while self._frame is not frame:
                    self._pop()
                above = frame.verb.head
                if self._joining is not None:
                    attach(self._joining, above, "cc")
                attach(piece.head, above, "conj")
                frame.verb, frame.object, frame.noun = piece, None, None
                return
        verb = self._frame.verb
        self._push(Frame("xcomp", above=verb.head if verb else None))
        self._place(self._frame, piece)

    def _take_ing(self, k: int, piece: Piece) -> None:
        frame, last = self._frame, self._last
        del k
        if frame.preposition is not None:
            preposition = frame.preposition
            frame.preposition = None
            self._push(Frame("pcomp", above=preposition))
            self._place(self._frame, piece)
            return
        if self._joining is not None:
            self._join_verb(piece)
            return
        if frame.verb is None:
            if frame.subject is not None:
                self._push(
                    Frame(
                        "acl", above=frame.subject if self._comma else frame.noun or frame.subject
                    )
                )
            elif frame.mark is not None:
                self._place(frame, piece)
                return
            else:
                self._push(Frame("advcl"))
        elif last is frame.verb:
            self._push(Frame("xcomp", above=frame.verb.head))
        elif self._comma or frame.noun is None:
            self._push(Frame("advcl", above=frame.verb.head))
        else:
            self._push(Frame("acl", above=frame.noun))
        self._place(self._frame, piece)

    # Words that join --------------------------------------------------------------------------

    def _take_p(self, k: int, piece: Piece) -> None:
        frame, word = self._frame, piece.head
        if self._kind_at(k + 1) == "VG" and self.pieces[k + 1].form not in {"ing", "en"}:
            # A particle, or a preposition whose phrase stands elsewhere.
            self._hang(word, "prt" if frame.verb is self._last else "prep")
            return
        if frame.preposition is not None:
            attach(word, frame.preposition, "prep")
            frame.preposition = word
            return
        if self._joining is not None and frame.verb is not None and self._opens_clause(k):
            self._start_clause(None)
            frame = self._frame
        self._govern(word)
        frame.preposition = word
        if self._kind_at(k + 1) not in {
            "NP",
            "VG",
            "P",
            "ADV",
            "ADJ",
            "REL",
            "QUOTE",
            "CC",
            "MARK",
            "SEQ",
        }:
            frame.preposition = None

    def _govern(self, word: Word) -> None:
        """Attach a preposition to the noun or verb that governs it."""
        frame = self._frame
        verb = frame.verb
        noun = frame.noun
        last = self._last
        if word.lemma == "accord":
            self._hang(word, "prep")
            return
        beside = last is not None and last.kind == "NP" and last.head is noun
        if verb is None:
            if noun is not None and not self._comma:
                own = self._holds(noun, word)
                attach(word, noun if own else self._find_holder(word) or noun, "prep")
            elif noun is not None and word.low in {"including", "of", "with"}:
                attach(word, noun, "prep")
            else:
                frame.waiting.append((word, "prep"))
            return
        if word.low == "by" and verb.passive:
            attach(word, verb.head, "agent")
            return
        if word.low == "by" and verb.head.tag == "VBN" and verb.form == "en":
            attach(word, verb.head, "agent")
            return
        if noun is not None and beside and self._holds(noun, word):
            attach(word, noun, "prep")
            return
        if word.low == "including" and noun is not None:
            attach(word, noun, "prep")
            return
        if last is not None and last.kind == "ADJ":
            attach(word, last.head, "prep")
            return
        following = self.pieces[self.pieces.index(last) + 1 :][:2] if last is not None else []
        if word.low == "for" and beside and noun is not None and noun.tag == "NN":
            # "as a condition for joining"
            if noun.dep == "pobj" and following[1:] and following[1].form == "ing":
                attach(word, noun, "prep")
                return
        if word.low == "due" and noun is not None:
            # A cause belongs to the whole phrase: "the starvation of A due to B's war".
            while noun.dep == "pobj" and self.words[noun.head].low == "of":
                noun = self.words[self.words[noun.head].head]
            attach(word, noun, "prep")
            return
        above = self._find_holder(word)
        attach(word, above if above is not None and not self._comma else verb.head, "prep")

    def _holds(self, noun: Word, word: Word) -> bool:
        """Say whether a preposition beside a noun belongs to it rather than to the verb."""
        if word.low in {"of", "including"}:
            return True
        cues = self._lexicon.cues_by_head.get((noun.lemma, "NOUN"), ())
        if any(word.lemma in cue.slots for cue in cues):
            return True
        if word.low in {"between", "among"}:
            return noun.tag in {"NN", "NNS"}
        words = self._lexicon.words
        if word.low == "from" and noun.lemma in words["container_noun"]:
            return True
        if word.low in PLACES and noun.dep == "pobj":
            return noun.tag in {"NN", "NNS"} and noun.lemma not in TIMES
        return (
            noun.dep == "pobj"
            and word.low in {"against", "for", "with", "on"}
            and noun.tag == "NNS"
        )

    def _find_holder(self, word: Word) -> Word | None:
        """Return a noun further up whose cue asks for the preposition: "talks in A with B"."""
        here = self._frame.noun
        steps = 0
        while here is not None and steps < 6:
            cues = self._lexicon.cues_by_head.get((here.lemma, "NOUN"), ())
            slots = {slot for cue in cues for slot in cue.slots} | ({"by"} if cues else set())
            if here.tag in {"NN", "NNS"} and word.lemma in slots:
                if word.low not in {"in", "at"}:
                    return here
            if here.head < 0:
                return None
            above = self.words[here.head]
            if above.tag.startswith("VB"):
                return None
            here, steps = above, steps + 1
        return None

    def _take_seq(self, k: int, piece: Piece) -> None:
        """Take a word that governs a noun or a clause: "after the war", "after A left"."""
        following = self._kind_at(k + 1)
        clause = following == "NP" and self._verb_after(k + 1, lists=True) is not None
        if following in {"ADV", "EX"}:
            clause = clause or (
                self._kind_at(k + 2) == "NP" and self._verb_after(k + 2) is not None
            )
        if piece.head.low == "for":
            clause = False
        if clause:
            piece.head.tag = "MARK"
            self._take_mark(k, piece)
            return
        self._take_p(k, piece)

    def _take_mark(self, k: int, piece: Piece) -> None:
        frame, word = self._frame, piece.head
        verb = frame.verb
        frame.preposition = None
        if word.low == "because" and self._kind_at(k + 1) == "P":
            self._take_p(k, piece)
            return
        if word.low == "that":
            self._take_that(piece)
            return
        if word.tag == "WRB" and frame.noun is not None and word.low in {"where", "when"}:
            last = self._last
            if last is not None and last.kind in {"NP", "COMMA"} and (word.low == "where"):
                self._push(Frame("relcl", above=frame.noun, mark=word))
                return
        asked = (
            verb is not None
            and self._last is verb
            and word.low in {"whether", "if", "why", "how", "what"}
        )
        if asked and verb is not None:
            self._push(Frame("ccomp", above=verb.head, mark=word))
            return
        if verb is None and frame.subject is not None:
            self._push(Frame("advcl", mark=word))
            return
        above = None
        if verb is not None:
            above = verb.head
            if frame.dep in {"relcl", "acl"} and self._comma:
                while len(self._frames) > 1 and self._frame.dep in {"relcl", "acl"}:
                    self._pop()
                above = self._frame.verb.head if self._frame.verb else None
        self._push(Frame("advcl", above=above, mark=word))

    def _take_that(self, piece: Piece) -> None:
        """Take "that" before a clause: of a verb, of a noun, or of a verb with its object between."""
        frame, word, last = self._frame, piece.head, self._last
        if self._joining is not None:
            # "said that A did and that B did": beside the first such clause.
            for outer in reversed(self._frames):
                if outer.dep == "ccomp" and outer.verb is not None and outer.above is not None:
                    while self._frame is not outer:
                        self._pop()
                    attach(self._joining, outer.verb.head, "cc")
                    self._frames[-1] = Frame("conj", above=outer.verb.head, mark=word)
                    return
        verb = frame.verb
        if verb is not None:
            noun = frame.noun
            told = verb.head.lemma in self._speech | CLAUSAL | {
                "inform",
                "assure",
                "remind",
                "accuse",
            }
            if last is verb or noun is None or told or (last is not None and last.kind != "NP"):
                self._push(Frame("ccomp", above=verb.head, mark=word))
                return
            self._push(Frame("acl", above=noun, mark=word))
            return
        if frame.noun is not None:
            self._push(Frame("acl", above=frame.noun, mark=word))
            return
        self._push(Frame("ccomp", mark=word))

    def _take_rel(self, k: int, piece: Piece) -> None:
        frame, word = self._frame, piece.head
        noun = frame.noun
        if word.low in {"who", "whom"} and noun is not None:
            noun = self._find_person(noun)
        governed = frame.preposition
        frame.preposition = None
        if governed is not None:
            attach(word, governed, "pobj")
        if (word.tag == "WP" and word.low.startswith("what")) or noun is None:
            verb = frame.verb
            if governed is not None:
                self._push(Frame("pcomp", above=governed))
            else:
                self._push(Frame("ccomp", above=verb.head if verb else None))
            if self._kind_at(k + 1) == "VG":
                self._frame.subject = None if governed is not None else word
            elif governed is None:
                self._frame.waiting.append((word, "dobj"))
            return
        opened = Frame("relcl", above=noun, pronoun=word)
        if governed is not None:
            # "in which A met B": the preposition belongs to the clause.
            governed.head, governed.dep = -1, ""
            opened.waiting.append((governed, "prep"))
            self._push(opened)
            return
        self._push(opened)
        if word.tag == "WP$":
            following = self.pieces[k + 1] if k + 1 < len(self.pieces) else None
            if following is not None and following.kind == "NP":
                attach(word, following.head, "poss")
            return
        if self._kind_at(k + 1) in {"VG", "ADV"} or (self._kind_at(k + 1) == "COMMA"):
            opened.subject = word
        else:
            opened.waiting.append((word, "dobj"))

    def _find_person(self, noun: Word) -> Word:
        """Return the noun that "who" can stand for: not the place that stands between."""
        here = noun
        while here.dep == "pobj":
            preposition = self.words[here.head]
            if preposition.low not in PLACES | {"on", "from", "of"} or preposition.head < 0:
                break
            if preposition.low == "of" and not self._comma:
                break
            above = self.words[preposition.head]
            if above.tag.startswith("VB"):
                return self._frame.subject or noun
            here = above
        return here

    def _take_cc(self, k: int, piece: Piece) -> None:
        del k
        self._joining = piece.head
        self._frame.preposition = None

    def _take_comma(self, k: int, piece: Piece) -> None:
        frame = self._frame
        frame.preposition = None
        if self._comma and self._kind_at(k + 1) == "COMMA":
            return
        within = frame.dash and piece.head.text not in DASHES - {"(", ")"}
        if within or (self._kind_at(k + 1) == "NP" and self._is_list(k + 1)):
            self._comma = True
            return
        closes = frame.dep in {"relcl", "acl", "advcl", "pcomp", "xcomp"} and frame.verb is not None
        if closes and len(self._frames) > 1:
            outer = self._frames[-2]
            if (
                outer.verb is None
                and (outer.subject is not None or frame.dep in {"advcl", "pcomp"})
            ) or (frame.comma and frame.dep in {"relcl", "acl"}):
                self._pop()
        self._comma = True

    def _take_stop(self, k: int, piece: Piece) -> None:
        del k
        frame = self._frames[0]
        self._unfold()
        if frame.verb is not None:
            above = frame.verb.head
            self._frames = [Frame("parataxis", above=above)]
        del piece

    def _take_adj(self, k: int, piece: Piece) -> None:
        frame, head = self._frame, piece.head
        del k
        frame.preposition = None
        if frame.verb is not None and self._last is not None and self._last.kind in {"VG", "ADV"}:
            attach(head, frame.verb.head, "acomp" if frame.verb.head.lemma in LINKING else "oprd")
        elif self._joining is not None and self._last is not None and frame.verb is not None:
            attach(head, frame.verb.head, "dep")
        elif frame.noun is not None and self._last is not None and self._last.kind == "NP":
            attach(head, frame.noun, "amod")
        else:
            self._hang(head, "dep")

    def _take_adv(self, k: int, piece: Piece) -> None:
        following = self.pieces[k + 1] if k + 1 < len(self.pieces) else None
        dep = "neg" if piece.head.tag == "NEG" else "advmod"
        if following is not None and following.kind == "VG":
            attach(piece.head, following.head, dep)
        else:
            self._hang(piece.head, dep)

    def _take_prt(self, k: int, piece: Piece) -> None:
        del k
        self._hang(piece.head, "prt")

    def _take_quote(self, k: int, piece: Piece) -> None:
        """Leave a quotation mark for the end."""

    def _take_other(self, k: int, piece: Piece) -> None:
        """Leave a word that no rule knows for the end."""

    # The end ----------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Attach what is left to the root, and cut any circle."""
        while len(self._frames) > 1:
            self._pop()
        last = self._frames[0]
        root = self._top
        if root is None:
            root = next(
                (each.head for each in self.pieces if each.kind in {"NP", "VG"}), self.words[0]
            )
        root.head, root.dep = root.i, "ROOT"
        if last.verb is None:
            for word, dep in [(last.subject, "dep"), (last.mark, "mark"), *last.waiting]:
                if word is not None and word.head < 0:
                    attach(word, root, dep)
        for word in self.words:
            if word.head < 0:
                word.head, word.dep = root.i, "punct" if word.tag == "SYM" else "dep"
            elif word is not root and word.head == word.i:
                word.head, word.dep = root.i, "dep"
        for word in self.words:
            seen: set[int] = set()
            here = word
            while here is not root:
                if here.i in seen:
                    word.head, word.dep = root.i, "dep"
                    break
                seen.add(here.i)
                here = self.words[here.head]
