"""Provenance: what a manifest or a JSON line tells of where an article comes from."""

import re
from collections.abc import Mapping
from typing import Any

from geo.errors import ArticleError
from geo.records import Citation

# The most topics or outlets of one article, and the most characters of one of them; addresses are as long
# as browsers take them.
MOST, LONGEST, LONGEST_URL = 100, 500, 2048
# A revision is stored in 64 bits.
_NUMBER = re.compile(r"[0-9]{1,18}")


def read_provenance(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields topics, cited, revision and publisher of an article, where they are told.

    An outlet is a name, or an object with ``name`` and ``url``; a revision is a whole number. Where no
    publisher is told, the first outlet is it. Raises :class:`ArticleError` that names a wrong field.
    """
    told: dict[str, Any] = {}
    if topics := _read_list(fields, "topics"):
        told["topics"] = tuple(_check_text(topic, "topics", LONGEST) for topic in topics)
    if cited := _read_list(fields, "cited"):
        told["cited"] = tuple(_read_citation(outlet) for outlet in cited)
        told["publisher"] = fields.get("publisher") or told["cited"][0].name[:200]
    revision = fields.get("revision")
    if revision is not None:
        if isinstance(revision, bool) or not _NUMBER.fullmatch(str(revision)):
            msg = "The field revision must be a whole number or null."
            raise ArticleError(msg)
        told["revision"] = int(revision)
    return told


def _read_list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST:
        msg = f"The field {name} must be a list of at most {MOST}, or null."
        raise ArticleError(msg)
    return value


def _read_citation(outlet: object) -> Citation:
    if not isinstance(outlet, dict):
        return Citation(name=_check_text(outlet, "cited", LONGEST))
    name = _check_text(outlet.get("name"), "cited", LONGEST)
    url = outlet.get("url")
    return Citation(name=name, url=None if url is None else _check_text(url, "cited", LONGEST_URL))


def _check_text(value: object, name: str, longest: int) -> str:
    """Return a text; raises :class:`ArticleError` for an empty or overlong one and for what is none."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        msg = f"The field {name} must hold texts of 1 to {longest:,} characters."
        raise ArticleError(msg)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        msg = f"The field {name} holds half of a surrogate pair."
        raise ArticleError(msg) from error
    return value
