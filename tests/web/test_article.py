"""An article: every line of it, with what was read where it stands, and what was left out."""

import html
import re
from dataclasses import replace

from geo.records import Extraction, Modality, Quote, Span
from geo.web.article import (
    describe_article,
    describe_article_head,
    find_title,
    list_articles,
    list_left_out,
    list_said,
)
from geo.web.rendering import render
from tests.samples import (
    LINES,
    SWEDEN,
    TEXT,
    find_span,
    list_all,
    make_article,
    make_context,
    make_extraction,
    make_relation,
)
from tests.web.parsed import Parsed, find_marks


def write_article(extraction: Extraction, chosen: Span | None = None) -> str:
    """Return an article's text as HTML."""
    article = describe_article(extraction, make_context(), chosen=chosen)
    return str(render("article.html", article=article)).strip()


def test_an_article_keeps_every_line_and_marks_what_was_read() -> None:
    shown = write_article(make_extraction(), chosen=find_span(LINES[2]))
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == TEXT
    assert find_marks(shown, "e-mention") == ["Norway", "Sweden", "Bahrain", "Norway", "Bahrain"]
    assert find_marks(shown, "e-uncounted") == ["Malta"]
    assert find_marks(shown, "e-heading") == ["Harbor notes"]
    assert find_marks(shown, "e-boilerplate") == ["(Reporting by A. Writer)"]
    assert "".join(find_marks(shown, "e-said")) == "".join(LINES[1:4])
    assert "".join(find_marks(shown, "e-chosen")) == LINES[2]


def test_an_article_that_may_only_be_quoted_shows_its_quotes_alone() -> None:
    extraction = make_extraction(license="quote-only")
    shown = Parsed(write_article(extraction)).text
    assert all(line in shown for line in LINES[1:4])
    assert LINES[4] not in shown


def test_what_surrounds_a_quote_has_no_half_of_a_word() -> None:
    extraction = make_extraction(license="quote-only")
    text = extraction.article.text
    start, end = find_span(LINES[2])
    quote = Quote(
        exact=LINES[2],
        start_char=start,
        end_char=end,
        prefix=text[start - 16 : start],
        suffix=text[end : end + 24],
    )
    held = replace(extraction, relations=(make_relation(quote=quote),), accords=())
    shown = Parsed(write_article(held)).text
    before, after = shown.split(LINES[2])
    words = text.split()
    assert before.split("…")[-1].split()[0] in words
    assert after.removesuffix("…").split()[-1] in words
    assert after.endswith("…")


def test_an_article_lists_each_quote_once_with_all_that_it_says() -> None:
    extraction = make_extraction()
    other = replace(extraction.relations[1], id="r-2", recipient=SWEDEN)
    extraction = replace(extraction, relations=(*extraction.relations, other))
    shown = render("said.html", quotes=list_said(extraction, make_context()))
    assert '<mark class="e-cue">joined</mark>' in shown
    assert shown.count("<tr><td>") == 3
    assert Parsed(shown).text.count(LINES[2]) == 1
    assert "Bahrain says no to Norway" in Parsed(shown).text
    assert "Bahrain says no to Sweden" in Parsed(shown).text
    assert shown.count("The key words are “not receive”.") == 1
    anchors = re.findall(r'href="#([^"]*)"', shown)
    text = write_article(extraction)
    assert set(anchors) == set(re.findall(r'id="([^"]*)"', text))


def test_an_article_without_a_title_takes_its_first_sentence() -> None:
    extraction = make_extraction(title=None)
    assert find_title(extraction) == LINES[1]
    bare = Extraction(article=make_article(title=None, text="  "))
    assert find_title(bare) == "harbor-1"


def test_skipped_articles_are_listed_with_their_reason() -> None:
    skipped = Extraction(article=make_article(title=None, date_published=None), skipped="no text")
    shown = Parsed(render("articles.html", articles=list_articles(list_all([skipped])))).text
    assert "skipped: no text" in shown
    assert "no date" in shown


def test_what_was_left_out_is_listed() -> None:
    shown = " ".join(list_left_out(make_extraction(), make_context()))
    for words in ("“Malta” for Malta: inside another name", "Heading: Harbor notes", "Boilerplate"):
        assert words in shown


def test_an_article_that_may_only_be_quoted_and_has_no_quote_shows_nothing() -> None:
    bare = replace(make_extraction(license="quote-only"), relations=(), accords=())
    assert not any(line in write_article(bare) for line in LINES)


def test_the_head_of_an_article_tells_its_license_and_where_its_day_comes_from() -> None:
    extraction = make_extraction(license="CC-BY-4.0", url="https://news.example/<b>")
    shown = Parsed(render("head.html", head=describe_article_head(extraction)))
    assert "The Harbor · 17 May 2024 · License: CC-BY-4.0 · news.example" in shown.text
    assert "The text speaks of Whit Friday." in shown.text
    assert shown.links == ["https://news.example/%3Cb%3E"]


def test_what_is_denied_has_a_hollow_chip_and_a_weak_hint_a_pale_one() -> None:
    for changes, tone in (
        ({}, ""),
        ({"modality": Modality.DENIED}, "hollow"),
        ({"confidence": 0.5}, "pale"),
    ):
        extraction = replace(make_extraction(), relations=(make_relation(**changes),), accords=())
        (quote,) = list_said(extraction, make_context())
        assert [said.tone for said in quote.said] == [tone]
