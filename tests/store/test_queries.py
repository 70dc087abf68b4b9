"""The search of articles: each thing that is asked narrows it, and all of them together do."""

from datetime import date

import pytest

from geo.records import Article, CountryCode, Extraction, Mention, MentionKind, State
from geo.store.queries import Search, search_articles
from tests.samples import hold, make_relation, quote_line

CHAD, SUDAN, EGYPT = (CountryCode(code) for code in ("TCD", "SDN", "EGY"))
TOLD = (
    ("a", "Envoys met.", "Daily", date(2024, 1, 5), (CHAD, SUDAN), State.TALKS),
    ("b", "Troops fought.", "Herald", date(2024, 3, 1), (CHAD, SUDAN), State.WAR),
    ("c", "Envoys quarreled.", "Daily Post", date(2024, 3, 9), (EGYPT, SUDAN), State.DISPUTE),
    ("d", "ENVOYS alone.", "Herald", None, None, None),
)


def make_extractions() -> list[Extraction]:
    found = []
    for identity, text, publisher, day, pair, state in TOLD:
        article = Article(id=identity, text=text, publisher=publisher, date_published=day)
        if pair is None or state is None:
            found.append(Extraction(article=article))
            continue
        relation = make_relation(
            identity,
            id=f"{identity}-1",
            actor=pair[0],
            recipient=pair[1],
            state=state,
            quote=quote_line(text, text),
        )
        mentions = tuple(
            Mention(
                country=code,
                text=text[:3],
                kind=MentionKind.NAME,
                start_char=0,
                end_char=3,
                counted=True,
                confidence=1.0,
            )
            for code in pair
        )
        found.append(Extraction(article=article, relations=(relation,), mentions=mentions))
    return found


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (Search(), "cbad"),
        (Search(words="envoys"), "cad"),
        (Search(words="quarreled envoys"), "c"),
        (Search(words="100%"), ""),
        (Search(publisher="daily"), "ca"),
        (Search(country=SUDAN), "cba"),
        (Search(country=EGYPT), "c"),
        (Search(pair=(SUDAN, CHAD)), "ba"),
        (Search(state=State.WAR), "b"),
        (Search(state=State.DISPUTE, country=CHAD), ""),
        (Search(pair=(SUDAN, CHAD), state=State.TALKS), "a"),
        (Search(since=date(2024, 3, 1)), "cb"),
        (Search(until=date(2024, 3, 1)), "ba"),
        (Search(words="envoys", country=SUDAN, publisher="post", since=date(2024, 2, 1)), "c"),
    ],
)
def test_what_is_asked_narrows_the_search(search: Search, expected: str) -> None:
    found, has_more = search_articles(hold(make_extractions()).cursor(), search, most=10)
    assert "".join(listing.id for listing in found) == expected
    assert not has_more


def test_pages_follow_each_other_the_newest_first() -> None:
    cursor = hold(make_extractions()).cursor()
    pages = [search_articles(cursor, Search(), most=2, skip=skip) for skip in (0, 2, 4)]
    assert [[one.id for one in found] for found, _ in pages] == [["c", "b"], ["a", "d"], []]
    assert [has_more for _, has_more in pages] == [True, False, False]
