"""Language: which one a text is in, where its article does not say."""

import re
from functools import lru_cache
from typing import Any

ENGLISH = "en"
# Characters of a text below which its language is not asked: a name or two decide it then.
SHORTEST, LONGEST = 100, 3000
# How sure the classifier must be of another language: of 28,149 items of Wikipedia's current events none
# reaches 0.7, and two sentences in Arabic reach 0.95. Names of places and people pull short English
# texts toward that of their country.
SURE = 0.85
# The share of the commonest English words from which on a text is English; of news it is 0.2 to 0.5. The
# classifier, which takes 100 MB, is loaded for the other texts alone.
ENGLISH_SHARE = 0.12
_COMMON = frozenset(
    {
        *("the", "of", "and", "to", "in", "a", "is", "that", "for", "on", "with", "as", "by"),
        *("at", "from", "was", "has", "have", "it", "its", "are", "be"),
    }
)
_WORD = re.compile(r"\w+")


def find_language(text: str) -> str | None:
    """Return the language of a text as a code of ISO 639-1, ``None`` where it is too short or not sure."""
    if len(text.strip()) < SHORTEST:
        return None
    # What stands at the start may be a menu or a byline; more says no more.
    asked = text.strip()[:LONGEST]
    words = _WORD.findall(asked.casefold())
    if sum(word in _COMMON for word in words) >= ENGLISH_SHARE * len(words):
        return ENGLISH
    language, sure = _load_classifier().classify(asked)
    return str(language) if sure >= SURE else None


@lru_cache(maxsize=1)
def _load_classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
