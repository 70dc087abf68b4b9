"""Accords: what the quotes of a country's place in a pact add up to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from geo.records import PLACE_RANK, AccordEvidence, AccordState, Modality, Place

# Membership and leaving are told by the latest quote.
LATEST = frozenset({Place.MEMBER, Place.LEFT})


def settle_accords(
    evidence: Iterable[AccordEvidence], *, as_of: date, known_on: date | None = None
) -> tuple[AccordState, ...]:
    """Return each country's place in each accord as of a date, sorted by accord and country.

    ``known_on``, which defaults to ``as_of``, leaves out what was published later.
    Asserted places go before possible ones. Membership and leaving are told by the latest quote; any
    other place by its rank, highest first: a member that sponsors is a member. What the text denies
    or calls past carries no place.
    """
    groups: defaultdict[tuple[str, str], list[AccordEvidence]] = defaultdict(list)
    last = min(as_of, known_on or as_of)
    for piece in evidence:
        if piece.date_published <= last:
            groups[piece.place.accord, piece.place.country].append(piece)
    settled = []
    for _, held in sorted(groups.items()):
        ordered = sorted(held, key=_sort_places)
        if state := _settle_place(ordered, as_of):
            settled.append(state)
    return tuple(settled)


def _settle_place(held: Sequence[AccordEvidence], as_of: date) -> AccordState | None:
    carrying = [piece for piece in held if piece.place.modality is Modality.ASSERTED]
    rule = "asserted places first"
    if not carrying:
        carrying = [piece for piece in held if piece.place.modality is Modality.POSSIBLE]
        rule = "possible only"
    if not carrying:
        return None
    dated = [piece for piece in carrying if piece.place.place in LATEST]
    if dated:
        newest = max(piece.date_published for piece in dated)
        shown = {piece.place.place for piece in dated if piece.date_published == newest}
        place = min(shown, key=PLACE_RANK.index)
        rule = f"{rule}, latest quote on membership"
    else:
        place = min((piece.place.place for piece in carrying), key=PLACE_RANK.index)
        rule = f"{rule}, highest place"
    supporting = tuple(piece for piece in carrying if piece.place.place is place)
    return AccordState(
        accord=supporting[0].place.accord,
        country=supporting[0].place.country,
        place=place,
        as_of=as_of,
        since=min(piece.date_published for piece in supporting),
        rule=rule,
        supporting=supporting,
        others=tuple(piece for piece in held if piece not in supporting),
    )


def _sort_places(evidence: AccordEvidence) -> tuple[date, str, int, str, str]:
    place = evidence.place
    return (
        evidence.date_published,
        place.article_id,
        place.quote.start_char,
        place.place.value,
        place.cue,
    )
