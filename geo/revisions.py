"""Revisions: of a source that is edited, what stands and what is superseded.

What was read stays in the store. A page that was edited is stored again whole, with a higher revision,
and of each source the articles of the highest revision stand. An article that the edit left alone is
there twice, with one id and one text.
"""

from collections.abc import Iterable

# The source, revision and id of an article.
Provenance = tuple[str | None, int | None, str]


def find_newest(held: Iterable[Provenance]) -> dict[str, int]:
    """Return the highest revision of each source that has revisions."""
    newest: dict[str, int] = {}
    for source, revision, _id in held:
        if source is not None and revision is not None:
            newest[source] = max(revision, newest.get(source, revision))
    return newest


def select_standing(held: Iterable[Provenance]) -> frozenset[Provenance]:
    """Return the articles that no later revision of their source supersedes.

    An article without source or revision always stands, and so does one of a source whose other articles
    have revisions while it has none.
    """
    known = frozenset(held)
    newest = find_newest(known)
    return frozenset(
        one for one in known if one[0] is None or one[1] is None or one[1] == newest[one[0]]
    )
