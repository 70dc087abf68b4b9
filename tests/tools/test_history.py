"""History: the facts are whole, and each is judged by what the map shows of its pair on its day."""

import lzma
from datetime import date
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.records import Article, DateBasis, Extraction, State
from geo.states.rules import load_rules
from geo.store.segments import append_extractions
from geo.tools import history
from geo.tools.history import (
    FACTS,
    RIGHT,
    SILENT,
    WRONG,
    fill_store,
    judge_facts,
    main,
    read_facts,
    write_table,
)
from tests.states.test_settling import make

HEAD = "day\tone\tother\tright\twords"
TABLE = f"""{HEAD}
2012-04-20\tSDN\tTCD\twar|hostile\tThey fight.
2012-04-20\tEGY\tSDN\tties\tThey are at peace.
2014-04-20\tEGY\tTCD\tties\tThey trade."""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "history.tsv"
    path.write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(history, "read_facts", lambda: read_facts(path))
    return path


def make_extractions() -> list[Extraction]:
    day = date(2012, 4, 10)
    told = [
        make(State.WAR, day, article="a", pair=("TCD", "SDN")),
        make(State.DISPUTE, day, article="b", pair=("EGY", "SDN")),
    ]
    return [
        Extraction(
            article=Article(
                id=held.relation.article_id,
                text=held.relation.quote.exact,
                date_published=day,
                date_basis=DateBasis.STATED,
            ),
            relations=(held.relation,),
        )
        for held in told
    ]


def test_the_facts_are_many_and_told_once_in_the_order_of_their_days() -> None:
    facts = read_facts()
    assert len(facts) >= 160
    assert len({(fact.day, fact.pair) for fact in facts}) == len(facts)
    assert [fact.day for fact in facts] == sorted(fact.day for fact in facts)
    assert (facts[0].day.year, facts[-1].day.year) == (2002, 2026)
    assert {state for fact in facts for state in fact.right} == set(State)
    assert all(fact.words.endswith(".") and len(fact.right) < 6 for fact in facts)
    assert FACTS.read_text(encoding="utf-8").startswith(HEAD)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("war|hostile", "war|woe", "line 2, column right"),
        ("EGY\tSDN", "EGY\tEGX", "line 3, column other: no country code"),
        ("EGY\tSDN", "EGY\tEGY", "line 3: a pair is two countries"),
    ],
)
def test_a_wrong_fact_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "history.tsv"
    path.write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_facts(path)


def test_each_fact_is_right_wrong_or_silent(table: Path) -> None:
    judged = list(judge_facts(read_facts(table), make_extractions()))
    assert [verdict for _, verdict, _ in judged] == [RIGHT, WRONG, SILENT]
    assert all(shown is None or shown.rule in load_rules() for _, _, shown in judged)


def test_the_table_tells_what_is_shown_for_what_was_expected(table: Path) -> None:
    judged = judge_facts(read_facts(table), make_extractions())
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in write_table(judged).splitlines()
    ]
    found = {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[2:]}
    assert list(found) == list(State)
    assert (found["war"]["war"], found["war"]["right of expected"]) == ("1", "1/1")
    assert (found["ties"]["dispute"], found["ties"]["silent"]) == ("1", "1")
    assert (found["ties"]["right of expected"], found["dispute"]["right of shown"]) == (
        "0/2",
        "0/1",
    )


@pytest.mark.usefixtures("table")
def test_the_command_lists_what_is_wrong_and_fails_below_the_floor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors.csv"
    monkeypatch.setattr(history, "FLOORS", floors)
    store = tmp_path / "store"
    append_extractions(make_extractions(), store)
    floors.write_text("set,measure,floor\nhistory,right,0.3\n", encoding="utf-8")
    assert main(["--store", str(store)]) == 0
    printed = capsys.readouterr().out
    assert "EGY-SDN ties, shown dispute (words): They are at peace." in printed
    assert "    2012-04-10 dispute asserted 0.80 “says”: b says dispute" in printed
    assert "EGY-TCD ties, shown nothing: They trade." in printed
    assert printed.endswith("3 facts: 1 right, 1 wrong, 1 silent\n")
    floors.write_text("set,measure,floor\nhistory,right,0.4\n", encoding="utf-8")
    assert main(["--store", str(store), "--table"]) == 1
    assert "| war | 1 | 0 |" in capsys.readouterr().out
    assert main(["--store", str(store), "--to", "2011"]) == 2
    assert main(["--store", str(tmp_path / "none")]) == 2


def test_only_articles_that_name_both_countries_of_a_fact_are_read(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        '{"id": "1", "date_published": "2012-04-11", "text": "Sudan attacks Chad."}',
        '{"id": "2", "date_published": "2012-04-11", "text": "Sudan attacks Norway."}',
        "no JSON",
    ]
    corpus = tmp_path / "corpus.jsonl.xz"
    corpus.write_bytes(lzma.compress("\n".join(lines).encode()))
    read: list[str] = []

    def extract(articles):
        for article in articles:
            read.append(article.id)
            yield Extraction(article=article)

    monkeypatch.setattr(history, "extract_articles", extract)
    store = tmp_path / "store"
    assert fill_store(corpus, store, read_facts(table)) == 1
    assert fill_store(corpus, store, read_facts(table)) == 0
    assert read == ["1"]
