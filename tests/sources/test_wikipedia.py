"""Wikipedia: days are asked of a real MediaWiki, and what a wiki may answer is understood."""

import json
import lzma
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pytest
from answering import Handler, serve
from mediawiki import Wiki, has_wiki, serve_wiki
from wikipages import DAY, ITEMS, LAYOUTS, write_day

from geo.errors import BadDate
from geo.paths import ROOT
from geo.reading import child
from geo.records import Article, Citation, DateBasis, Skipped
from geo.revisions import select_standing
from geo.sources.fetching import Client
from geo.sources.wikipedia import (
    CREDIT,
    LICENSE,
    find_api,
    is_source,
    list_articles,
    name_page,
    read_days,
)
from geo.sources.wikitext import LARGEST_PAGE, Item

CORPUS = ROOT.parent / "shared" / "corpus" / "current_events.jsonl.xz"
needs_wiki = pytest.mark.skipif(not has_wiki(), reason="MediaWiki is not installed: make wiki")


def make_client(place: str, naps: list[float] | None = None) -> Client:
    """Return a client that may ask a place on this machine and does not sleep."""
    return Client(
        allowed=frozenset({place}), pause=0, sleep=[].append if naps is None else naps.append
    )


def describe(article: Article) -> Item:
    """Return an article as the item that it was."""
    category, *_ = [item.category for item in ITEMS if item.text == article.text] or [None]
    return Item(text=article.text, category=category, topics=article.topics, cited=article.cited)


# Days -----------------------------------------------------------------------------------------------


def test_a_source_names_days_and_the_newest_is_first() -> None:
    today = date(2026, 9, 20)
    assert read_days("wikipedia:2026-09-18", today) == (date(2026, 9, 18),)
    some = read_days("wikipedia:2026-08-31..2026-09-02", today)
    assert some == (date(2026, 9, 2), date(2026, 9, 1), date(2026, 8, 31))
    every = read_days("wikipedia:2002-01-01..", today)
    assert (every[0], every[-1], len(every)) == (today, date(2002, 1, 1), 9029)


def test_days_that_the_portal_cannot_have_are_left_out() -> None:
    today = date(2026, 9, 20)
    assert read_days("wikipedia:1999-01-01..2002-01-01", today) == (date(2002, 1, 1),)
    assert read_days("wikipedia:2026-09-20..2027-01-01", today) == (today,)
    assert read_days("wikipedia:2027-01-01", today) == ()
    assert read_days("wikipedia:2026-09-20..2026-09-18", today) == ()


@pytest.mark.parametrize("told", ["", "today", "2026-9-1", "2026-02-30", "..", "2026-01-01..x"])
def test_what_names_no_days_is_told_so(told: str) -> None:
    with pytest.raises(BadDate, match="names no days"):
        read_days(f"wikipedia:{told}", date(2026, 9, 20))


def test_a_source_of_days_is_known_by_its_prefix() -> None:
    assert is_source("wikipedia:2026-09-18")
    assert not is_source("wikipedia.html")


def test_pages_are_named_as_the_portal_names_them() -> None:
    assert name_page(date(2026, 9, 8)) == "Portal:Current events/2026 September 8"


def test_the_interface_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTENTE_WIKIPEDIA", raising=False)
    assert find_api() == "https://en.wikipedia.org/w/api.php"
    monkeypatch.setenv("ENTENTE_WIKIPEDIA", "https://wiki.example/api.php")
    assert find_api() == "https://wiki.example/api.php"


# A real MediaWiki -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    with serve_wiki(tmp_path_factory.mktemp("wiki")) as served:
        served.load(
            {
                name_page(DAY + timedelta(days=place)): write_day(
                    ITEMS, DAY + timedelta(days=place), layout
                )
                for place, layout in enumerate(LAYOUTS)
            }
        )
        yield served


@needs_wiki
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_day_of_a_real_wiki_gives_the_items_that_were_written(wiki: Wiki, layout: str) -> None:
    day = DAY + timedelta(days=LAYOUTS.index(layout))
    articles = list(list_articles([day], make_client(wiki.place), api=wiki.api))
    assert [describe(article) for article in articles if isinstance(article, Article)] == [*ITEMS]
    assert len(articles) == len(ITEMS)
    first, *_ = articles
    assert isinstance(first, Article)
    assert first.source == f"wikipedia:{day}"
    assert first.id.startswith(f"wikipedia:{day}:")
    assert first.revision
    assert first.url == (
        f"http://{wiki.place}/index.php/Portal:Current_events/2024_March_{day.day}"
    )
    assert (first.publisher, first.license, first.credit) == ("The Harbor", LICENSE, CREDIT)
    assert (first.date_published, first.date_basis) == (day, DateBasis.STATED)
    assert [article.publisher for article in articles if isinstance(article, Article)] == [
        *("The Harbor", "Gazette", "Wikipedia", "Gazette")
    ]


@needs_wiki
def test_many_days_are_asked_at_once_and_those_without_a_page_are_passed_over(wiki: Wiki) -> None:
    days = read_days("wikipedia:2023-12-01..2024-04-30", date(2024, 4, 30))
    articles = list(list_articles(days, make_client(wiki.place), api=wiki.api))
    assert len(articles) == 3 * len(ITEMS)
    told = [article.date_published for article in articles if isinstance(article, Article)]
    assert told == sorted(told, key=str, reverse=True)


@needs_wiki
def test_an_edit_supersedes_and_the_same_revision_gives_the_same(wiki: Wiki) -> None:
    day, client = date(2024, 6, 1), make_client(wiki.place)
    wiki.edit(name_page(day), write_day(ITEMS, day, "top"))
    before = list(list_articles([day], client, api=wiki.api))
    rows = [(one.source, one.revision, one.id) for one in before if isinstance(one, Article)]
    assert list(list_articles([day], client, api=wiki.api)) == before

    changed = replace(ITEMS[3], text="A ship runs aground off Bahrain. One is hurt.")
    wiki.edit(name_page(day), write_day([*ITEMS[:2], changed], day, "top"))
    after = list(list_articles([day], client, api=wiki.api))
    later = [(one.source, one.revision, one.id) for one in after if isinstance(one, Article)]
    assert select_standing([*rows, *later]) == {*later}
    # What the edit left alone keeps its id.
    assert [one for *_, one in later[:2]] == [one for *_, one in rows[:2]]
    assert later[2][2] not in {one for *_, one in rows}


@needs_wiki
def test_a_page_that_was_moved_is_found_where_it_leads(wiki: Wiki) -> None:
    day = date(2024, 6, 2)
    wiki.edit("Portal:Moved", write_day(ITEMS, day, "content"))
    wiki.edit(name_page(day), "#REDIRECT [[Portal:Moved]]")
    articles = list(list_articles([day], make_client(wiki.place), api=wiki.api))
    assert len(articles) == len(ITEMS)
    assert {one.url for one in articles if isinstance(one, Article)} == {
        f"http://{wiki.place}/index.php/Portal:Moved"
    }


@needs_wiki
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")
def test_a_year_of_the_corpus_goes_through_a_real_wiki(wiki: Wiki) -> None:
    days = read_corpus("2020")
    wiki.load(
        {
            name_page(day): write_day(items, day, layout)
            for (day, items), layout in zip(days.items(), cycle(LAYOUTS), strict=False)
        }
    )
    found: dict[date, list[tuple[Any, ...]]] = defaultdict(list)
    asked = sorted(days, reverse=True)
    for article in list_articles(asked, make_client(wiki.place), api=wiki.api):
        assert isinstance(article, Article)
        assert article.date_published
        found[article.date_published].append((article.text, article.topics, article.cited))
    written = {
        day: [(item.text, item.topics, item.cited) for item in items] for day, items in days.items()
    }
    same = sum(found[day] == items for day, items in written.items())
    kept = sum(item in found[day] for day, items in written.items() for item in items)
    # One item begins with a space of no width.
    assert same >= len(days) - 1
    assert kept >= sum(map(len, days.values())) - 1


def read_corpus(year: str) -> Mapping[date, Sequence[Item]]:
    """Return the items of a year by day, each text once in its day."""
    days: dict[date, dict[str, Item]] = defaultdict(dict)
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["date_published"].startswith(year):
                item = Item(
                    text=row["text"],
                    category=row["category"],
                    topics=tuple(row["topics"]),
                    cited=tuple(
                        Citation(name=name, url=f"https://outlet-{place}.example/")
                        for place, name in enumerate(row["cited"])
                    ),
                )
                days[date.fromisoformat(row["date_published"])].setdefault(item.text, item)
    return {day: list(items.values()) for day, items in days.items()}


# What a wiki may answer -----------------------------------------------------------------------------


def make_page(day: date, wikitext: str = "* Chad votes.", **told: object) -> dict[str, object]:
    revision = {"revid": 7, "slots": {"main": {"content": wikitext}}}
    address = f"https://wiki.example/{day}"
    return {"title": name_page(day), "canonicalurl": address, "revisions": [revision]} | told


class Answers:
    """A wiki that gives answers in turn; the last one again and again."""

    def __init__(self, *answers: object, **headers: str) -> None:
        self.answers = [*answers]
        self.headers = headers

    def get(self, path: str) -> Any:
        return self.answer if path.startswith("/api.php?") else None

    def answer(self, handler: Handler) -> None:
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        handler.give(body=body, kind="application/json; charset=utf-8", **self.headers)


def ask(
    *answers: object, days: Sequence[date] = (DAY,), naps: list[float] | None = None, **told: str
) -> tuple[list[Article | Skipped], list[tuple[str, dict[str, str]]]]:
    """Return what a wiki with these answers gives, and what it was asked."""
    with serve({}) as server:
        server.answers = Answers(*answers, **told)  # type: ignore[assignment]
        client = make_client(server.place, naps)
        return list(list_articles(days, client, api=server.name("/api.php"))), server.asked


def test_forty_days_are_one_request_that_tells_who_asks() -> None:
    days = [DAY - timedelta(days=back) for back in range(81)]
    _, asked = ask({"query": {"pages": []}}, days=days)
    assert len(asked) == 3
    path, headers = asked[0]
    assert len(path) < 2000
    assert "maxlag=5" in path
    assert path.count("Current") + path.count("current") >= 40
    assert headers["user-agent"].startswith("Entente/")
    assert headers["accept-encoding"] == "gzip"


def test_titles_that_the_wiki_writes_otherwise_are_followed() -> None:
    query = {
        "normalized": [{"from": name_page(DAY), "to": "Portal:A"}],
        "redirects": [
            {"from": "Portal:A", "to": "Portal:B"},
            {"from": "Portal:B", "to": "Portal:B"},
        ],
        "pages": [make_page(DAY, title="Portal:B")],
    }
    (article,), _ = ask({"query": query, "warnings": {"main": {"warnings": "Old."}}})
    assert isinstance(article, Article)
    assert article.text == "Chad votes."


def test_an_answer_in_parts_is_put_together() -> None:
    other = DAY - timedelta(days=1)
    bare = make_page(other) | {"revisions": []}
    first = {"query": {"pages": [make_page(DAY), bare]}, "continue": {"rvcontinue": "9|9"}}
    articles, asked = ask(first, {"query": {"pages": [make_page(other)]}}, days=[DAY, other])
    assert [one.date_published for one in articles if isinstance(one, Article)] == [DAY, other]
    assert "rvcontinue=9%7C9" in asked[1][0]


def test_missing_and_hidden_pages_give_nothing() -> None:
    hidden = make_page(DAY) | {"revisions": [{"revid": 7, "slots": {"main": {"texthidden": True}}}]}
    missing = {"title": name_page(DAY), "missing": True}
    assert ask({"query": {"pages": [hidden]}})[0] == []
    assert ask({"query": {"pages": [missing]}})[0] == []


def test_a_wiki_that_lags_is_asked_again_when_it_says() -> None:
    naps: list[float] = []
    lag = {"error": {"code": "maxlag", "info": "Waiting: 7 seconds lagged.", "lag": 7}}
    articles, asked = ask(lag, {"query": {"pages": [make_page(DAY)]}}, naps=naps, Retry_After="7")
    assert [type(one) for one in articles] == [Article]
    assert len(asked) == 2
    assert any(6 < nap <= 7 for nap in naps)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": {"code": "maxlag"}}, "too busy"),
        (
            {"error": {"code": "badvalue", "info": "No such module."}},
            "refuses the request: No such",
        ),
        ({"error": "x"}, "refuses the request"),
        (b"<html>", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        ([], "not that of a wiki"),
        ({}, "not that of a wiki"),
        (
            {"query": {"pages": [{"title": name_page(DAY), "revisions": [{}]}]}},
            "not that of a wiki",
        ),
        ({"query": {"pages": [make_page(DAY, canonicalurl="javascript:1")]}}, "not that of a wiki"),
        ({"query": {"pages": {}}, "continue": {"a": "b"}}, "more than 50 parts"),
    ],
)
def test_a_wiki_that_does_not_answer_is_skipped_and_asked_no_further(
    answer: object, reason: str
) -> None:
    days = [DAY - timedelta(days=back) for back in range(100)]
    (skipped,), asked = ask(answer, days=days)
    assert isinstance(skipped, Skipped)
    assert skipped.name == f"wikipedia:{days[-1]}..{DAY}"
    assert reason in skipped.reason
    assert len(asked) <= 50


def test_a_hostile_day_is_skipped_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 2)
    days = [DAY, DAY - timedelta(days=1), DAY - timedelta(days=2)]
    hostile = ("<b>" * 100_000)[:LARGEST_PAGE]
    pages = [make_page(days[0]), make_page(days[1], hostile), make_page(days[2])]
    (one, skipped, other), _ = ask({"query": {"pages": pages}}, days=days)
    assert isinstance(skipped, Skipped)
    assert (skipped.name, skipped.reason) == (f"wikipedia:{days[1]}", child.TOO_LONG)
    assert [type(one), type(other)] == [Article, Article]


def test_words_that_stand_twice_in_a_day_are_one_article() -> None:
    page = make_page(DAY, "* A\n** Chad votes.\n* B\n** Chad votes.")
    (article,), _ = ask({"query": {"pages": [page]}})
    assert isinstance(article, Article)
    assert article.topics == ("A",)
