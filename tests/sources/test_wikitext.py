"""Wikitext: a day's page gives its items as a reader sees them, in each of its layouts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wikipages import DAY, ITEMS, LAYOUTS, write_day

from geo.errors import ArticleError
from geo.reading import child
from geo.records import Citation
from geo.sources.wikitext import LARGEST_PAGE, Item, read_items


def read_one(line: str) -> Item:
    (item,) = read_items(f"{{{{Current events|year=2024|content=\n{line}\n}}}}")
    return item


def name_outlets(line: str) -> list[str]:
    return [outlet.name for outlet in read_one(line).cited]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_items_of_a_page_are_those_that_were_written(layout: str) -> None:
    assert read_items(write_day(ITEMS, DAY, layout)) == ITEMS


def test_an_early_page_with_headings_and_the_rest_of_a_table() -> None:
    page = (
        "<noinclude>{{Current events header|2003|03|04}}</noinclude>\r\n"
        "== Politics ==\r\n* Chad votes.\r\n{{Current events footer}}\r\n|}\r\n"
        "[[de:4. März]] [[Category:2003 by day]]"
    )
    assert read_items(page) == (Item(text="Chad votes.", category="Politics"),)


def test_a_page_without_a_list_has_no_items() -> None:
    assert read_items("") == ()
    assert read_items("{{Current events|year=2024|month=3|day=4|content=\n}}") == ()
    assert read_items("#REDIRECT [[Portal:Current events]]") == ()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("* [[Chad]] and the [[Mali|Malian]]s [[talk]].", "Chad and the Malians talk."),
        ("* ''Le Monde'' '''says''' '''''so'''''.", "Le Monde says so."),
        ("* The 1990s' end.", "The 1990s' end."),
        ("* Chad&nbsp;pays &pound;5 &amp; more.", "Chad pays £5 & more."),
        ("* Chad <!-- not\nMali --> votes.", "Chad votes."),
        ("* Chad<ref>Mali</ref> votes<ref name=a/>.", "Chad votes."),
        ("* Chad <small>(again)</small><br>votes.", "Chad (again) votes."),
        ("* Chad <b>votes.", "Chad votes."),
        ("* <nowiki>[[Chad]]</nowiki> votes.", "[[Chad]] votes."),
        ("* [[File:a.png|thumb|In [[Mali]]]]Chad votes.", "Chad votes."),
        ("* {{flagicon|CHA}} {{flag|Chad}} pays {{USD|5 million}}.", "Chad pays US$5 million."),
        ("* {{nowrap|5 million}} leave {{lang|fr|Tchad}}.", "5 million leave Tchad."),
        ("* Within {{convert|10|km|mi|abbr=on}}.", "Within 10 km."),
        ("* From {{convert|10|to|20|m}}.", "From 10 to 20 m."),
        ("* Chad{{citation needed|date=May 2024}} votes.", "Chad votes."),
        ("* {{unheard of|Chad}} votes.", "Chad votes."),
        ("* Chad votes.\n*: Nobody wins.", "Chad votes. Nobody wins."),
        ("* The [https://a.example report] is out.", "The report is out."),
        ("* Chad signs [https://a.example the pact].", "Chad signs the pact."),
        ("* Chad [https://a.example (Post)], Mali vote.", "Chad, Mali vote."),
        ("* Chad votes (in May). [https://a.example (Post)]", "Chad votes (in May)."),
        ("* Chad votes [https://a.example (Post)]", "Chad votes"),
    ],
)
def test_words_are_those_that_a_reader_sees(line: str, text: str) -> None:
    assert read_one(line).text == text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("* A. [https://a.example (BBC)] [https://b.example (''Post'')]", ["BBC", "Post"]),
        (
            "* A. [https://a.example (AFP via [[Post]])], [https://b.example (X)]",
            ["AFP via Post", "X"],
        ),
        ("* A. ([https://a.example BBC], [https://b.example Post])", ["BBC", "Post"]),
        ("* A. [https://a.example Post]", ["Post"]),
        ("* A. [https://www.a.example/1]", ["a.example"]),
        ("* A. https://a.example/1", ["a.example"]),
        ("* A.<ref>{{cite news|title=T|publisher=Post|url=https://a.example}}</ref>", ["Post"]),
        ("* A. {{cite web|title=T|url=https://a.example}}", ["T"]),
        ("* A. [https://a.example (BBC)] [https://a.example (BBC)]", ["BBC"]),
        ("* A. [https://a.example (Post (dead))]", ["Post (dead)"]),
        ("* A.", []),
    ],
)
def test_outlets_are_those_behind_the_item(line: str, names: list[str]) -> None:
    assert name_outlets(line) == names
    assert read_one(line).text == "A."


@pytest.mark.parametrize("url", ["ftp://a.example/1", "https://a.example/" + "a" * 2100])
def test_an_outlet_with_no_link_of_the_web_keeps_its_name(url: str) -> None:
    assert read_one(f"* A. [{url} (Post)]").cited == (Citation(name="Post"),)


def test_a_link_without_a_scheme_is_one_of_the_web() -> None:
    assert read_one("* A. [//a.example (Post)]").cited == (
        Citation(name="Post", url="https://a.example"),
    )


def test_topics_are_the_bullets_above_and_end_with_their_category() -> None:
    page = ";One\n* T\n** U\n*** a.\n** b.\n* c.\n'''Two'''\n** d.\n*** e."
    assert read_items(page) == (
        Item(text="a.", category="One", topics=("T", "U")),
        Item(text="b.", category="One", topics=("T",)),
        Item(text="c.", category="One"),
        Item(text="e.", category="Two", topics=("d.",)),
    )


def test_a_bullet_that_cites_an_outlet_is_an_item_though_others_stand_below() -> None:
    page = "* A. [https://a.example (Post)]\n** B."
    assert [item.text for item in read_items(page)] == ["A.", "B."]


def test_an_item_that_stands_twice_is_one() -> None:
    assert len(read_items("* A.\n* B.\n* A.")) == 2


def test_marks_that_are_left_open_lose_no_item() -> None:
    page = "* A [[b.\n* {{C d.\n* ''E f.\n* [https://a.example (Post\n* <ref>G h.\n* I."
    found = " ".join(item.text for item in read_items(page))
    assert all(letter in found for letter in "ACEGI")


def test_a_page_that_is_too_large_is_refused() -> None:
    with pytest.raises(ArticleError, match="no day of the portal"):
        read_items("a" * (LARGEST_PAGE + 1))


def read_bytes(source: bytes) -> list[str]:
    """Return the words of a page's items; a function for the child."""
    return [item.text for item in read_items(source.decode())]


@pytest.mark.parametrize("hostile", ["* {{\n", "{{{{{", "[[", "<b>"])
def test_a_hostile_page_ends_with_its_process(
    hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "SECONDS", 2)
    monkeypatch.setenv("PYTHONPATH", "tests/sources:tests")
    page = (hostile * 100_000)[:LARGEST_PAGE].encode()
    try:
        assert isinstance(child.read_apart(read_bytes, page), list)
    except ArticleError as error:
        assert str(error) in {child.TOO_LONG, child.TOO_LARGE}  # noqa: PT017 - both ends are right


@given(st.text(alphabet=st.sampled_from(" *;:'[]{}|<>/=\n-a.(!"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_page_gives_items_with_words_in_one_line(page: str) -> None:
    for item in read_items(page):
        assert item.text
        assert item.text == item.text.strip()
        assert "\n" not in item.text
        assert "\0" not in item.text
