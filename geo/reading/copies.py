"""Copies: the signature of a text, by which near copies of one report are known.

A signature is a MinHash of the runs of three words (Broder 1997), of one permutation with its empty places
filled by rotation (Shrivastava and Li 2014), cut into bands: texts that share a band are copies. It is
stored with its article, so it must be the same in all versions of this program; a library's would not be.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b

from geo.records import Sentence, SentenceKind

# With 40 bands of 3, two texts that share half of their runs are found 99 times in 100, and two that
# share a fiftieth 3 times in 10,000.
BANDS, WIDTH = 40, 3
RUN = 3
# A shorter text is a formula as often as a copy ("forces capture the village of ...").
FEWEST_WORDS = 60
_WORD = re.compile(r"\w+")


def sign_text(text: str, sentences: Iterable[Sentence]) -> tuple[int, ...]:
    """Return the bands of a text, each a number of 32 bits; none where its body is short.

    Only sentences of the body count: outlets write headlines, bylines and notes of their own.
    """
    words: list[str] = []
    for sentence in sentences:
        if sentence.kind is SentenceKind.BODY:
            words += _WORD.findall(text[sentence.start_char : sentence.end_char].casefold())
    if len(words) < FEWEST_WORDS:
        return ()
    places = BANDS * WIDTH
    least: list[int | None] = [None] * places
    for start in range(len(words) - RUN + 1):
        value, place = divmod(_hash(" ".join(words[start : start + RUN]), 8), places)
        held = least[place]
        least[place] = value if held is None else min(value, held)
    filled: list[str] = []
    for place in range(places):
        away = next(away for away in range(places) if least[(place + away) % places] is not None)
        filled.append(f"{away}:{least[(place + away) % places]}")
    # Neighbors may be filled from one place; those of a band lie far apart.
    return tuple(_hash(f"{band} {' '.join(filled[band::BANDS])}", 4) for band in range(BANDS))


def _hash(words: str, size: int) -> int:
    return int.from_bytes(blake2b(words.encode("utf-8", "replace"), digest_size=size).digest())
