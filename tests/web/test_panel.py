"""The panel: every word escaped, every highlight where it stands, every pair from both sides."""

import html
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.languages import choose_language
from geo.map.lenses import count_mentions, view_accord, view_focus, view_mentions
from geo.map.palette import load_palette
from geo.records import Extraction, Modality, Quote, State, Turn, pair_of
from geo.states.ledger import Change
from geo.states.settling import load_rules
from geo.web import panel
from geo.web.panel import Html, Mark, fill, mark_text
from tests.samples import (
    BAHRAIN,
    HOSTILE,
    LINES,
    MALTA,
    NORWAY,
    SWEDEN,
    TEXT,
    find_span,
    make_accord_state,
    make_article,
    make_evidence,
    make_extraction,
    make_relation,
    make_speech,
    make_state,
    pair_states,
)

PAYLOADS = (
    HOSTILE,
    "</mark></section><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' style='background:url(//evil.example)'",
    "![x](http://evil.example/x.png) :red[no] $a$ `b`",
    "{__class__} {0} {text!r} %s",
    "<svg/onload=alert(1)>",
    "&lt;b&gt; &amp; &#60;",
    "a\u202eb\u0000c\u2028d",
)
DAY = date(2024, 6, 1)


class Parsed(HTMLParser):
    """Collect the tags, attributes and text of some HTML."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def find_marks(content: str, kind: str) -> list[str]:
    """Return the texts that are marked with a class."""
    found = re.findall(r'<mark class="([^"]*)"[^>]*>(.*?)</mark>', content, re.DOTALL)
    return [html.unescape(text) for kinds, text in found if kind in kinds.split()]


# Escaping


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text_everywhere(payload: str) -> None:
    text = f"{payload} one {payload}"
    quote = Quote(exact=payload, start_char=0, end_char=len(payload))
    relation = make_relation(
        id=payload, condition=payload, accord=payload, attributed_to=payload, cue=payload,
        rule=payload, quote=quote, cue_spans=((0, 3),), actor_span=(1, 4), recipient_span=None,
    )  # fmt: skip
    evidence = make_evidence(relation, publisher=payload, title=payload, url=payload)
    state = make_state(
        supporting=(evidence,), opposing=(evidence,), aside=(evidence,), rule=payload,
        reason=payload, contested=True, runner_up=State.WAR,
    )  # fmt: skip
    article = make_article(
        id=payload, text=text, title=payload, publisher=payload, url=payload, date_note=payload,
        license=payload,
    )  # fmt: skip
    extraction = replace(make_extraction(), article=article, relations=(relation,), skipped=payload)
    place = make_accord_state()
    place = replace(
        place, accord=payload, supporting=(replace(place.supporting[0], publisher=payload),)
    )
    speech = make_speech(extraction)
    view = view_focus(pair_states(state), {NORWAY: 1}, load_palette(), NORWAY)
    mentions = [(extraction, each) for each in make_extraction().mentions]
    parts = [
        panel.write_country(BAHRAIN, [state], [place], mentions, view, speech),
        panel.write_article(extraction, speech),
        panel.write_article(
            replace(extraction, article=replace(article, license="quote-only")), speech
        ),
        panel.write_article_head(extraction),
        panel.write_article_list([extraction], panel.link_to_article),
        panel.write_relations(extraction, speech),
        panel.write_left_out(extraction, speech),
        panel.write_notice(payload),
        panel.write_lede(payload, payload, as_of=DAY, newest=None, articles=1),
        panel.write_overview([state], [place], {NORWAY: 1}, view, speech),
        panel.write_pair_head(state.pair, state, DAY, DAY, speech),
        panel.write_rows([{payload: payload}]),
    ]
    allowed = {
        "section", "header", "h1", "h2", "h3", "p", "i", "details", "summary", "span", "b", "em",
        "blockquote", "mark", "footer", "cite", "a", "dl", "div", "dt", "dd", "table", "thead",
        "tbody", "tr", "th", "td", "small", "ul", "ol", "li",
    }  # fmt: skip
    attributes = {
        "class", "style", "aria-hidden", "data-country", "data-pair", "data-countries", "data-accord", "open",
        "data-mentions", "data-relation", "href", "id", "target", "rel", "title", "role",
    }  # fmt: skip
    for part in parts:
        parsed = Parsed(part)
        assert parsed.tags <= allowed
        assert parsed.attributes <= attributes
        assert all(link.startswith(("article?", "pair?", "#q")) for link in parsed.links)
    assert payload in Parsed(parts[0]).text


def test_a_template_escapes_all_but_html() -> None:
    assert fill("<b>{a}{b}</b>", a="<i>", b=Html("<i>")) == "<b>&lt;i&gt;<i></b>"
    assert fill("{a}", a="{b} {0}") == "{b} {0}"


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://news.example/a?b=c#d", True),
        ("HTTP://news.example", True),
        (" https://news.example ", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://news.example/\nx", False),
        ("data:text/html,x", False),
        ("//news.example/x", False),
        ("/x", False),
        ("https://", False),
        ("https://user@evil.example", False),
        ("https:\\\\evil.example", False),
        ("https://[bad", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_links_are_linked(url: str | None, is_safe: bool) -> None:  # noqa: FBT001
    assert (panel.check_link(url) is not None) is is_safe
    shown = Parsed(panel.write_quote(make_evidence(url=url), make_speech()))
    assert len(shown.links) == (2 if is_safe else 1)


# Highlights


def test_marks_stand_exactly_at_their_offsets() -> None:
    relation = make_relation()
    shown = panel.mark_quote(relation)
    assert find_marks(shown, "e-cue") == ["not receive"]
    assert find_marks(shown, "e-actor") == ["Bahrain"]
    assert find_marks(shown, "e-recipient") == ["Norway"]
    assert Parsed(shown).text == relation.quote.exact


def test_marks_outside_the_quote_are_left_out_and_overlapping_ones_kept() -> None:
    marks = [
        Mark(start_char=0, end_char=5, kind="a"),
        Mark(start_char=12, end_char=16, kind="b"),
        Mark(start_char=14, end_char=40, kind="c", hint='x"y'),
    ]
    shown = mark_text("0123456789", marks, start_char=10)
    assert shown == (
        '01<mark class="b">23</mark><mark class="b c" title="x&quot;y">45</mark>'
        '<mark class="c" title="x&quot;y">6789</mark>'
    )


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8),
    st.integers(0, 3),
)
def test_a_marked_text_is_the_text_itself(
    text: str, spans: list[tuple[int, int]], start: int
) -> None:
    marks = [Mark(start_char=one, end_char=other, kind="k", hint="<") for one, other in spans]
    shown = mark_text(text, marks, start_char=start)
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == html.unescape(html.escape(text))
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == text
    assert set(Parsed(shown).tags) <= {"mark"}


def test_an_article_keeps_every_line_and_marks_what_was_read() -> None:
    shown = panel.write_article(make_extraction(), make_speech(), chosen=find_span(LINES[2]))
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == TEXT
    assert find_marks(shown, "e-mention") == ["Norway", "Sweden", "Bahrain", "Norway", "Bahrain"]
    assert find_marks(shown, "e-uncounted") == ["Malta"]
    assert find_marks(shown, "e-heading") == ["Harbor notes"]
    assert find_marks(shown, "e-boilerplate") == ["(Reporting by A. Writer)"]
    assert "".join(find_marks(shown, "e-said")) == "".join(LINES[1:4])
    assert "".join(find_marks(shown, "e-chosen")) == LINES[2]


def test_an_article_that_may_only_be_quoted_shows_its_quotes_alone() -> None:
    extraction = make_extraction(license="quote-only")
    shown = Parsed(panel.write_article(extraction, make_speech(extraction))).text
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
    shown = Parsed(panel.write_article(held, make_speech(held))).text
    before, after = shown.split(LINES[2])
    words = text.split()
    assert before.split("…")[-1].split()[0] in words
    assert after.removesuffix("…").split()[-1] in words
    assert after.endswith("…")


# What is said


def test_a_pair_is_told_from_both_countries() -> None:
    view = view_focus(pair_states(make_state()), {}, load_palette(), NORWAY)
    for country, title in ((BAHRAIN, "Bahrain – Norway"), (NORWAY, "Norway – Bahrain")):
        shown = Parsed(panel.write_country(country, [make_state()], [], [], view, make_speech()))
        assert title in shown.text
        assert "Bahrain → Norway" in shown.text
        assert LINES[2] in shown.text


def test_a_quote_says_who_when_where_and_why() -> None:
    shown = panel.write_quote(make_evidence(), make_speech())
    for words in (
        "The Harbor",
        "17 May 2024",
        "17 May 2024 (inferred)",
        "inferred: The text speaks of Whit Friday",
        "until Norway pays its debts & <fines>",
        "“not receive” (REJECT), subject and object of a refused act",
        "news.example",
    ):
        assert words in Parsed(shown).text
    start, end = find_span(LINES[2])
    assert f"article?article=harbor-1&quote={start}-{end}" in Parsed(shown).links


@pytest.mark.parametrize(
    ("modality", "words"),
    [
        (Modality.POSSIBLE, "Said to be possible"),
        (Modality.DENIED, "Denied by the text"),
        (Modality.PAST, "In the past"),
    ],
)
def test_modality_is_told_and_gives_the_reason_where_a_quote_is_set_aside(
    modality: Modality, words: str
) -> None:
    evidence = make_evidence(make_relation(modality=modality, attributed_to="The mayor"))
    assert words in panel.write_quote(evidence, make_speech())
    assert "The mayor" in panel.write_quote(evidence, make_speech())
    if modality is not Modality.POSSIBLE:
        aside = panel.write_pair(make_state(aside=(evidence,)), make_speech())
        assert "Set aside" in aside
        assert load_rules()[modality.value] in html.unescape(aside)


def test_supporting_quotes_come_before_those_against_and_those_set_aside() -> None:
    ids = ("r-for", "r-against", "r-aside")
    one, two, three = (make_evidence(make_relation(id=each)) for each in ids)
    state = make_state(
        supporting=(one,), opposing=(two,), aside=(three,), contested=True, runner_up=State.TALKS
    )
    shown = panel.write_pair(state, make_speech())
    assert re.findall(r'data-relation="([^"]*)"', shown) == list(ids)
    assert "Contested; others say in talks" in shown


def test_the_focus_pair_comes_first() -> None:
    ties = make_extraction().relations[0]
    states = [
        make_state(),
        make_state(pair=(NORWAY, SWEDEN), state=State.TIES, supporting=(make_evidence(ties),)),
    ]
    for focus, first in ((SWEDEN, "NOR-SWE"), (BAHRAIN, "BHR-NOR")):
        view = view_focus(pair_states(*states), {}, load_palette(), focus)
        shown = panel.write_country(NORWAY, states, [], [], view, make_speech())
        assert re.findall(r'data-pair="([^"]*)"', shown)[0] == first


def test_named_without_a_relation_and_no_evidence_are_told_apart() -> None:
    extraction = make_extraction()
    view = view_focus({}, {SWEDEN: 1}, load_palette(), NORWAY)
    named = [(extraction, each) for each in extraction.mentions if each.country == SWEDEN]
    shown = panel.write_country(SWEDEN, [], [], named, view, make_speech())
    assert "no sentence was found that says how it stands" in shown
    assert LINES[1] in Parsed(shown).text
    assert "No article read up to this date names this country" in panel.write_country(
        MALTA, [], [], [], view, make_speech()
    )


def test_the_summary_says_the_map_in_words() -> None:
    mentions = count_mentions([make_extraction()], as_of=DAY)
    palette, speech = load_palette(), make_speech()
    view = view_focus(pair_states(make_state()), mentions, palette, NORWAY)
    assert panel.write_summary(view, [make_state()], speech, mentions=mentions) == (
        "Norway",
        "1 country refusing (Bahrain, until Norway pays its debts & <fines>)",
    )
    accord = view_accord([make_accord_state()], mentions, palette, "Harbor Pact")
    assert panel.write_summary(accord, [], speech, mentions=mentions) == (
        "Harbor Pact",
        "1 country in it",
    )
    named = view_mentions(mentions, palette)
    assert panel.write_summary(named, [], speech, mentions=mentions) == (
        "3 countries named",
        "most often Bahrain 2×, Norway 2×, Sweden 1×",
    )
    empty = view_focus({}, {}, palette, None)
    assert panel.write_summary(empty, [], speech, mentions={})[1] == "no relation found"


def test_the_legend_names_each_value_with_its_count_and_pattern() -> None:
    view = view_focus(pair_states(make_state()), {SWEDEN: 1}, load_palette(), NORWAY)
    legend = panel.write_legend(view, make_speech())
    assert re.findall(r"<span>(.*?)</span>(?:<b>(.*?)</b>)?", legend) == [
        ("Focus: Norway", ""),
        ("Refuses", "1"),
        ("Named, no relation found", "1"),
        ("No evidence", ""),
    ]
    assert re.findall(r"e-tile-\w+", legend) == ["e-tile-dots", "e-tile-hatch"]
    marked = replace(view, contested=frozenset({BAHRAIN}), faint=frozenset({BAHRAIN}))
    entries = re.findall(r'data-value="(\w+)"', panel.write_legend(marked, make_speech()))
    assert entries[-2:] == ["contested", "faint"]


def test_the_views_of_the_borders_are_told_with_sources_where_they_differ_first() -> None:
    shown = Parsed(panel.write_borders(make_speech())).text
    assert "the views differ in 8 of 22" in shown
    assert "Natural Earth 5.1, default point of view and breakaway areas" in shown
    assert "General Assembly resolution 68/262 (2014)" in shown
    assert shown.index("Crimea") < shown.index("Aksai Chin")


def test_what_changed_and_a_history_are_rows_by_name() -> None:
    speech = make_speech()
    pair, other = pair_of(BAHRAIN, NORWAY), pair_of(MALTA, SWEDEN)
    changes = [
        Change(pair=other, turn=Turn.NEW, before=None, after=State.TIES),
        Change(pair=pair, turn=Turn.WORSENED, before=State.TIES, after=State.REFUSES),
    ]
    rows = panel.list_changes(changes, speech)
    assert [(each["Country"], each["Before"], each["After"]) for each in rows] == [
        ("Bahrain", "Ties", "Refuses"),
        ("Malta", None, "Ties"),
    ]
    assert panel.count_changes(changes, speech.palette) == "1 pair worsened, 1 new"
    assert panel.count_changes([], speech.palette) == "nothing"


def test_a_country_that_the_map_does_not_draw_is_listed() -> None:
    view = view_focus(pair_states(make_state()), {SWEDEN: 1}, load_palette(), NORWAY)
    shown = panel.write_undrawn(view.values, [BAHRAIN], view, make_speech())
    assert "Not on the map: Sweden (Named, no relation found)." in shown
    assert panel.write_undrawn(view.values, [BAHRAIN, SWEDEN], view, make_speech()) == ""


def test_the_table_holds_every_country_of_the_map() -> None:
    mentions = count_mentions([make_extraction()], as_of=DAY)
    view = view_focus(pair_states(make_state()), mentions, load_palette(), NORWAY)
    rows = panel.list_values(view, [make_state()], [], make_speech(), mentions)
    assert [(each["Country"], each["Value"], each["Quotes"]) for each in rows] == [
        ("Bahrain", "Refuses", 1),
        ("Sweden", "Named, no relation found", 0),
    ]
    accord = view_accord([make_accord_state()], mentions, load_palette(), "Harbor Pact")
    first, *_ = panel.list_values(accord, [], [make_accord_state()], make_speech(), mentions)
    assert (first["Country"], first["Value"], first["Quote"]) == ("Bahrain", "Member", LINES[3])


@pytest.mark.parametrize(
    ("url", "quote", "expected"),
    [
        ("https://a.example/x", "", "https://a.example/x"),
        (
            "https://a.example/x",
            "A met B, twice.",
            "https://a.example/x#:~:text=A%20met%20B%2C%20twice.",
        ),
        ("https://a.example/x#top", "A-B", "https://a.example/x#top:~:text=A%2DB"),
        (
            "https://a.example/x",
            "one two three four five six seven eight nine ten eleven",
            "https://a.example/x#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven",
        ),
        ("https://a.example/x", "<b>&", "https://a.example/x#:~:text=%3Cb%3E%26"),
    ],
)
def test_a_link_leads_to_the_words_on_the_publishers_page(
    url: str, quote: str, expected: str
) -> None:
    assert panel.link_to_words(url, quote) == expected


def test_rows_become_a_table() -> None:
    shown = panel.write_rows([{"Country": "Malta", "Times named": 2}])
    assert "<th>Malta</th><td>2</td>" in shown
    assert panel.write_rows([]) == ""


def test_an_overview_of_each_lens_lists_what_has_a_value() -> None:
    palette, speech = load_palette(), make_speech()
    mentions = count_mentions([make_extraction()], as_of=DAY)
    states, places = [make_state()], [make_accord_state()]
    views = (
        view_focus(pair_states(*states), mentions, palette, NORWAY),
        view_accord(places, mentions, palette, "Harbor Pact"),
        view_mentions(mentions, palette),
    )
    shown = [
        Parsed(panel.write_overview(states, places, mentions, each, speech)).text for each in views
    ]
    assert "Norway – BahrainRefuses" in shown[0]
    assert "BahrainMember" in shown[1]
    assert shown[2].endswith("Bahrain2Norway2Sweden1")


def test_what_a_quote_counts_for_is_told_with_the_reason() -> None:
    relation = make_relation(modality=Modality.POSSIBLE)
    state = make_state(supporting=(make_evidence(relation),), as_of=date(2024, 5, 20))
    shown = Parsed(panel.write_pair(state, make_speech())).text
    assert f"Weight0.5: {load_rules()['counts']}" in shown


def test_an_article_lists_each_quote_once_with_all_that_it_says() -> None:
    extraction = make_extraction()
    other = replace(extraction.relations[1], id="r-2", recipient=SWEDEN)
    extraction = replace(extraction, relations=(*extraction.relations, other))
    shown = panel.write_relations(extraction, make_speech(extraction))
    assert '<mark class="e-cue">joined</mark>' in shown
    assert shown.count("<tr><td>") == 3
    assert Parsed(shown).text.count(LINES[2]) == 1
    assert "Bahrain → Norway RefusesBahrain → Sweden Refuses" in Parsed(shown).text
    anchors = re.findall(r'href="#([^"]*)"', shown)
    text = panel.write_article(extraction, make_speech(extraction))
    assert set(anchors) == set(re.findall(r'id="([^"]*)"', text))


def test_an_article_without_a_title_takes_its_first_sentence() -> None:
    extraction = make_extraction(title=None)
    assert panel.find_title(extraction) == LINES[1]
    bare = Extraction(article=make_article(title=None, text="  "))
    assert panel.find_title(bare) == "harbor-1"


def test_cue_words_that_stand_side_by_side_are_marked_as_one() -> None:
    relation = make_relation()
    start = relation.quote.start_char
    at = start + relation.quote.exact.index("not receive")
    shown = panel.mark_quote(
        replace(relation, cue_spans=((at + 4, at + 11), (at, at + 3), (start, start + 7)))
    )
    assert find_marks(shown, "e-cue") == ["Bahrain", "not receive"]


def test_a_title_is_spaced_as_its_language_asks() -> None:
    assert panel.write_title("France", "1 tie") == "France: 1 tie"
    choose_language("fr")
    try:
        assert panel.write_title("France", "1") == "France\N{NO-BREAK SPACE}: 1"
    finally:
        choose_language("en")


def test_words_with_a_gap_between_them_are_marked_one_by_one() -> None:
    quote = Quote(exact="Both signed, in May, a pact.", start_char=7, end_char=35)
    marks = panel._find_words(quote, "signed … pact")
    assert find_marks(panel.mark_text(quote.exact, marks, start_char=7), "e-cue") == [
        "signed",
        "pact",
    ]
    assert panel._find_words(quote, "absent") == []


def test_skipped_articles_are_listed_with_their_reason() -> None:
    skipped = Extraction(article=make_article(title=None, date_published=None), skipped="no text")
    shown = Parsed(panel.write_article_list([skipped], panel.link_to_article)).text
    assert "skipped: no text" in shown
    assert "no date" in shown


def test_what_was_left_out_is_listed() -> None:
    shown = Parsed(panel.write_left_out(make_extraction(), make_speech())).text
    for words in ("“Malta” for Malta: inside another name", "Heading: Harbor notes", "Boilerplate"):
        assert words in shown
