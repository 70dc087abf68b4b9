"""Templates: every word from outside is escaped, and every value must be given."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from geo.map.lenses import view_focus
from geo.map.palette import load_palette
from geo.records import Quote, State
from geo.web.article import (
    describe_article,
    describe_article_head,
    list_articles,
    list_left_out,
    list_said,
)
from geo.web.country import describe_country
from geo.web.known import find_namings
from geo.web.map_words import describe_lede, describe_overview
from geo.web.pair import describe_pair_head
from geo.web.rendering import escape_markdown, load_environment, render
from tests.samples import (
    BAHRAIN,
    HOSTILE,
    NORWAY,
    list_all,
    make_accord_state,
    make_article,
    make_context,
    make_evidence,
    make_extraction,
    make_relation,
    make_state,
    pair_states,
)
from tests.web.parsed import Parsed, write_part

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
    context = make_context()
    view = view_focus(pair_states(state), {NORWAY: 1}, load_palette(), NORWAY)
    mentions = find_namings([extraction], BAHRAIN)
    quoted = replace(extraction, article=replace(article, license="quote-only"))
    country = describe_country(BAHRAIN, [state], [place], mentions, view, context)
    overview = describe_overview([state], [place], view, context)
    lede = describe_lede(payload, payload, payload, as_of=DAY, newest=None)
    parts = [
        render("country.html", country=country),
        render("article.html", article=describe_article(extraction, context)),
        render("article.html", article=describe_article(quoted, context)),
        render("head.html", head=describe_article_head(extraction)),
        render("articles.html", articles=list_articles(list_all([extraction]))),
        render("said.html", quotes=list_said(extraction, context)),
        render("left_out.html", lines=list_left_out(extraction, context)),
        render("notices.html", texts=[payload], kind="problem"),
        render("head.html", head=lede),
        render("overview.html", overview=overview),
        render("head.html", head=describe_pair_head(state.pair, state, DAY, DAY, context)),
        write_part("table", [{payload: payload}]),
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
    page = load_environment().get_template("spoken.html")
    assert page.render(content="<i>{{ 1 }}") == '<div lang="en">&lt;i&gt;{{ 1 }}</div>'
    assert page.render(content=Markup("<i>")) == '<div lang="en"><i></div>'


def test_rows_become_a_table() -> None:
    shown = write_part("table", [{"Country": "Malta", "Times named": 2}])
    assert "<th>Malta</th><td>2</td>" in shown
    assert write_part("table", []).strip() == ""


def test_a_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("note.html")


def test_every_template_can_be_read() -> None:
    for environment in (load_environment(), load_environment(is_markdown=True)):
        for name in environment.list_templates():
            environment.get_template(name)


def test_addresses_in_a_script_stay_in_their_text() -> None:
    shown = render("scripts.html", urls=["</script><script>alert(1)", "a'\"b"])
    assert shown.count("<script>") == 1
    listed = re.search(r"of (\[.*\])\)", shown)
    assert listed is not None
    assert json.loads(listed[1]) == ["</script><script>alert(1)", "a'\"b"]


@given(st.text(max_size=40))
def test_a_value_in_markdown_is_one_line_of_plain_text(value: str) -> None:
    markdown = escape_markdown(value)
    assert "\n" not in markdown
    assert not re.search(r"(?<!\\)[<>\[\]*_`]", markdown.replace("\\\\", ""))
