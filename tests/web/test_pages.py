"""The pages: each opens, keeps its choice in the URL, and answers a bad one with a message."""

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.errors import ArticleError
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import ROOT
from geo.records import Extraction, Period, Place, State
from geo.sources.fetching import Client
from geo.store.segments import append_extractions
from geo.web import controls, downloads, frame, own_addresses, visit
from geo.web import known as reading
from geo.web.collection import Collection
from geo.web.frame import PAGES as MENU
from geo.web.own_text import LARGEST_SOURCE, LONGEST_TEXT, make_article
from tests.answering import give, serve
from tests.samples import BAHRAIN, HOSTILE, LINES, MALTA, TEXT, find_span, hold, make_extraction

CLOCK = {"as_of": "2024-05-17", "known_on": "2024-05-17"}
PAGES = (
    "pages/matrix.py",
    "pages/compare.py",
    "pages/article.py",
    "pages/add.py",
    "pages/method.py",
    "pages/pair.py",
)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Extraction]]:
    """Let the pages read a list of extractions, which a test may change before it opens one."""
    extractions = [make_extraction()]
    monkeypatch.setattr(reading, "_load_store", lambda _: hold(extractions))
    st.cache_resource.clear()
    yield extractions
    st.cache_resource.clear()


def open_page(page: str = "app.py", **params: str) -> AppTest:
    """Return a page after its first run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.query_params.update(params)
    if page != "app.py":
        app.switch_page(page)
        app.query_params.update(params)
    app.run()
    assert not app.exception, app.exception
    return app


def read_html(app: AppTest) -> str:
    """Return all HTML of a page."""
    return "\n".join(each.proto.body for each in app.get("html"))


def read_push(app: AppTest) -> dict[str, object]:
    """Return what the map is sent."""
    arguments = json.loads(app.get("component_instance")[0].proto.json_args)
    script: str = arguments["feature_group"]
    content = script.split("ententeApply(", 1)[1].split(");\n", 1)[0]
    push: dict[str, object] = json.loads(content)
    return push


def read_params(app: AppTest) -> dict[str, str]:
    """Return the address's parameters."""
    return {
        key: value[0] if isinstance(value, list) else value
        for key, value in app.query_params.items()
    }


def strip(content: str) -> str:
    """Return the text of some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", content))


@pytest.mark.parametrize("page", ["app.py", *PAGES])
def test_each_page_opens(page: str) -> None:
    app = open_page(page)
    assert "Entente" in read_html(app)
    assert [each.proto.label for each in app.get("page_link")][: len(MENU)] == list(MENU.values())


@pytest.mark.parametrize("page", ["app.py", *PAGES])
def test_each_page_opens_without_any_article(page: str, known: list[Extraction]) -> None:
    known.clear()
    app = open_page(page)
    if page == "app.py":
        assert "No report has been read yet" in read_html(app)
        assert read_push(app)["values"] == {}


def test_the_map_opens_on_the_most_told_country_as_of_the_newest_article() -> None:
    app = open_page()
    assert read_push(app)["focus"] == "NOR"
    assert read_push(app)["values"] == {"BHR": "refuses", "SWE": "ties"}
    shown = read_html(app)
    assert "17 May 2024. Based on one article by" in shown
    assert app.selectbox(key="focus").value == "NOR"
    assert app.date_input(key="as_of").value == date(2024, 5, 17)


@pytest.mark.parametrize("ahead", [30, 365 * 73, None])
@pytest.mark.parametrize("page", ["app.py", "pages/compare.py", "pages/pair.py"])
def test_a_store_with_articles_of_the_future_opens_on_the_newest_before_it(
    known: list[Extraction], page: str, ahead: int | None
) -> None:
    today = date.today()  # noqa: DTZ011 - the page takes the reader's own day
    late = today + timedelta(days=ahead) if ahead else date.max
    told = known[0]
    article = replace(told.article, id="late", date_published=late)
    relations = tuple(replace(relation, article_id="late") for relation in told.relations)
    known.append(replace(told, article=article, relations=relations))
    app = open_page(page)
    shown = strip(read_html(app))
    if page == "app.py":
        assert "17 May 2024. Based on one article by" in shown
        assert read_push(app)["values"] == {"BHR": "refuses", "SWE": "ties"}
        end = datetime.fromtimestamp(app.slider(key="slider").max / 1e6, UTC)
        assert end.date() == today
        shown = strip(read_html(open_page(as_of=today.isoformat())))
        assert "after the newest report" in shown
    else:
        assert app.date_input(key="to" if "compare" in page else "as_of").value == date(2024, 5, 17)


@pytest.mark.parametrize("day", [date.max, date.min])
def test_a_store_with_articles_of_no_day_that_can_be_shown_still_opens(
    known: list[Extraction], day: date
) -> None:
    known[:] = [replace(each, article=replace(each.article, date_published=day)) for each in known]
    app = open_page()
    today = date.today()  # noqa: DTZ011 - as above
    assert app.date_input(key="as_of").value == today
    assert not open_page("pages/pair.py", pair="BHR-NOR").exception
    assert not open_page("pages/compare.py").exception


def test_a_deep_link_opens_its_view() -> None:
    app = open_page(lens="focus", focus="BHR", country="NOR", as_of="2024-06-30")
    assert read_push(app)["focus"] == "BHR"
    assert read_push(app)["selected"] == "NOR"
    assert app.selectbox(key="country").value == "NOR"
    assert LINES[2] in strip(read_html(app))
    accord = open_page(lens="accord", accord="Harbor Pact", country="BHR")
    assert read_push(accord)["values"]["BHR"] == "member"  # type: ignore[index]
    assert "Harbor Pact: Bahrain is a member." in read_html(accord)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"focus": "XXX"}, "No country is called “XXX”"),
        ({"country": HOSTILE}, "No country is called “&lt;img"),
        ({"country": "x" * 3000}, "x" * 40 + "…”"),
        ({"as_of": "yesterday"}, "“yesterday” is not a date"),
        ({"as_of": "2024-02-30"}, "“2024-02-30” is not a date"),
        ({"as_of": "0001-01-01"}, "is not a date from 1850"),
        ({"as_of": "20240601"}, "is not a date"),
        ({"lens": "love"}, "There is no view called “love”"),
        ({"sort": "luck"}, "The list cannot be sorted by “luck”"),
        ({"lens": "tension"}, "There is no view called “tension”"),
        ({"accord": "Treaty of Nowhere"}, "mentions an accord called “Treaty of Nowhere”"),
        ({"focus": "", "as_of": "", "lens": ""}, "There is no view called “”"),
    ],
)
def test_a_bad_address_gets_a_message_and_the_map_still_works(
    params: dict[str, str], message: str
) -> None:
    app = open_page(**params)
    shown = read_html(app)
    assert message in shown
    assert "<img" not in shown
    assert read_push(app)["values"] == {"BHR": "refuses", "SWE": "ties"}


def test_without_a_country_all_that_the_map_shows_is_listed() -> None:
    shown = read_html(open_page())
    assert re.findall(r'data-pair="([^"]*)"', shown) == ["BHR-NOR", "NOR-SWE"]
    assert "data-country" not in shown
    accord = read_html(open_page(lens="accord"))
    assert re.findall(r'data-accord="([^"]*)"', accord) == ["Harbor Pact"]


def test_a_day_before_the_first_article_shows_no_evidence() -> None:
    app = open_page(as_of="2024-05-16", country="NOR")
    assert read_push(app)["values"] == {}
    assert "No article up to this date mentions this country" in read_html(app)


def click_with(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    """Put a button in the map's place that hands over a value as a click on the map does."""

    def draw(*_: object, key: str, on_change: Callable[[], None], **__: object) -> None:
        def click() -> None:
            st.session_state[key] = value
            on_change()

        st.button("click", on_click=click, key=f"click-{key}")

    monkeypatch.setattr(controls, "st_folium", draw)


def test_a_click_opens_the_country_and_writes_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    click_with(monkeypatch, {"code": "BHR", "n": 1})
    app = open_page()
    app.button(key="click-map").click().run()
    assert not app.exception
    assert read_params(app) == {"country": "BHR", **CLOCK}
    assert app.selectbox(key="country").value == "BHR"
    assert LINES[2] in strip(read_html(app))


@pytest.mark.parametrize(
    "value", [None, "BHR", {"code": HOSTILE}, {"code": ["BHR"]}, {"n": 1}, {"code": "QQQ"}, 7]
)
def test_a_click_that_is_no_country_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    click_with(monkeypatch, value)
    app = open_page()
    app.button(key="click-map").click().run()
    assert not app.exception
    assert read_params(app) == {}


def test_the_list_of_countries_is_in_step_with_the_map() -> None:
    app = open_page()
    app.selectbox(key="country").select("BHR").run()
    assert read_params(app) == {"country": "BHR", **CLOCK}
    assert read_push(app)["selected"] == "BHR"
    assert LINES[2] in strip(read_html(app))


def test_focus_lens_and_date_go_into_the_address() -> None:
    app = open_page()
    app.selectbox(key="focus").select("BHR").run()
    app.date_input(key="as_of").set_value(date(2024, 6, 2)).run()
    clock = {"as_of": "2024-06-02", "known_on": "2024-06-02"}
    assert read_params(app) == {"focus": "BHR", **clock}
    app.selectbox(key="focus").select("accord:Harbor Pact").run()
    assert read_params(app) == {"lens": "accord", "accord": "Harbor Pact", **clock}
    app.selectbox(key="focus").select("world").run()
    assert read_params(app) == {"lens": "world", **clock}


def test_the_world_is_its_worst_and_best_pairs_as_lines() -> None:
    app = open_page(lens="world")
    push, shown = read_push(app), strip(read_html(app))
    assert push["lines"] == [["BHR", "NOR", "refuses"], ["NOR", "SWE", "ties"]]
    assert (push["values"], push["focus"]) == ({}, None)
    assert "The world: of 2 pairs of countries" in shown
    assert shown.index("Bahrain – Norway") < shown.index("Norway – Sweden")


def test_what_the_map_tells_of_a_country_stands_in_the_page() -> None:
    told = read_html(open_page()).split('class="e-told"')[1]
    assert "toward Norway: refuses" in strip(told.split("</li>")[0])
    assert LINES[2] in strip(told)


# The time


def test_weak_hints_color_nothing_and_are_listed_where_asked(known: list[Extraction]) -> None:
    signed, refused = known[0].relations
    weak = replace(refused, id="weak", state=State.WAR, confidence=0.5)
    known[0] = replace(known[0], relations=(signed, refused, weak))
    for params, shown in (({}, 0), ({"weak": "1"}, 1)):
        app = open_page(country="BHR", **params)
        assert read_push(app)["values"]["BHR"] == "refuses"  # type: ignore[index]
        assert read_html(app).count('data-relation="weak"') == shown


def test_a_link_shows_the_same_after_later_articles_have_come(known: list[Extraction]) -> None:
    app = open_page()
    app.selectbox(key="country").select("BHR").run()
    link, values = read_params(app), read_push(app)["values"]
    first = make_extraction()
    (relation, *_) = (each for each in first.relations if each.state is State.REFUSES)
    later = replace(relation, id="later", article_id="harbor-2", state=State.ALLIED)
    article = replace(first.article, id="harbor-2", date_published=date(2025, 1, 1))
    known.append(replace(first, article=article, relations=(later,)))
    st.cache_resource.clear()
    assert read_push(open_page(**link))["values"] == values
    assert read_push(open_page())["values"] != values


def test_what_came_to_be_known_later_is_shown_where_asked(known: list[Extraction]) -> None:
    (first,) = known
    (relation, *_) = (each for each in first.relations if each.state is State.REFUSES)
    period = Period(start=date(2024, 3, 1), end=date(2024, 3, 1), words="March 1")
    known[0] = replace(first, relations=(replace(relation, period=period),))
    then = {"as_of": "2024-04-01", "focus": "NOR"}
    assert "BHR" not in read_push(open_page(**then))["values"]  # type: ignore[operator]
    app = open_page(**then, known_on="2024-05-17", country="BHR")
    assert read_push(app)["values"]["BHR"] == "refuses"  # type: ignore[index]
    shown = strip(read_html(app))
    assert "1 April 2024, as known on 17 May 2024. Based on one article" in shown
    assert "reported 17 May 2024" in shown
    assert "1 March 2024, from “March 1”" in shown


def test_the_slider_the_newest_and_today_set_the_day() -> None:
    app = open_page()
    app.slider(key="slider").set_value(date(2024, 7, 1)).run()
    assert read_params(app) == {"as_of": "2024-07-01", "known_on": "2024-07-01"}
    assert "45 days after the newest report" in strip(read_html(app))
    app.button(key="newest").click().run()
    assert read_params(app) == {}
    app.button(key="today").click().run()
    assert read_params(app)["as_of"] == date.today().isoformat()  # noqa: DTZ011


def test_what_has_expired_since_the_newest_article_is_listed() -> None:
    shown = strip(read_html(open_page(as_of="2025-06-17", focus="NOR")))
    assert "Shown on 17 May 2024, not reported since" in shown
    assert "Bahrain: Refuses" in shown
    assert "Sweden: Ties" not in shown


def test_play_goes_from_the_first_day_on_and_stops_where_asked() -> None:
    app = open_page(as_of="2100-01-01")
    app.button(key="play").click().run()
    assert read_params(app)["as_of"] == "2024-05-17"
    assert app.button(key="play").label == "Pause"
    app.button(key="play").click().run()
    assert app.button(key="play").label == "Play"


def test_known_on_goes_its_own_way_once_it_was_set() -> None:
    app = open_page()
    app.date_input(key="known_on").set_value(date(2025, 1, 1)).run()
    app.date_input(key="as_of").set_value(date(2024, 6, 2)).run()
    assert read_params(app) == {"as_of": "2024-06-02", "known_on": "2025-01-01"}


# What changed


def test_changes_between_two_days_are_listed_with_their_quotes() -> None:
    app = open_page("pages/compare.py", focus="NOR")
    shown = strip(read_html(app))
    assert "17 April 2024 compared with 17 May 2024" in shown
    assert "Bahrain – Norway" in shown
    assert LINES[2] in shown
    assert read_push(app)["values"] == {"BHR": "new", "SWE": "new"}
    later = open_page("pages/compare.py", focus="NOR", **{"from": "2024-05-17", "to": "2027-05-17"})
    assert read_push(later)["values"]["BHR"] == "gone"  # type: ignore[index]


def test_the_head_of_changes_counts_those_of_the_map_too(known: list[Extraction]) -> None:
    (first,) = known
    other = replace(first.relations[0], id="r-other", actor=BAHRAIN, recipient=MALTA)
    known[0] = replace(first, relations=(*first.relations, other))
    shown = strip(read_html(open_page("pages/compare.py", focus="NOR")))
    assert "What changed: 3 pairs new" in shown
    assert "For Norway: 2 pairs new." in shown


def test_what_is_taken_away_holds_the_quotes_of_more_pairs_than_a_page_lists(
    known: list[Extraction], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = known
    pairs = list(combinations(list(load_gazetteer().countries)[:13], 2))
    known[0] = replace(
        first,
        relations=tuple(
            replace(first.relations[0], id=f"{one}-{other}-{number}", actor=one, recipient=other)
            for one, other in pairs
            for number in range(-(-reading.MOST_SETTLED // len(pairs)) + 1)
        ),
    )
    taken: list[int] = []
    monkeypatch.setattr(
        downloads, "show_exports", lambda _, told, *__: taken.append(len(list(told())))
    )
    open_page("pages/compare.py")
    assert taken == [len(pairs)]


def test_days_between_which_nothing_changed_say_so() -> None:
    days = {"from": "2024-05-18", "to": "2024-05-19"}
    shown = strip(read_html(open_page("pages/compare.py", focus="NOR", **days)))
    assert "No pair in view changed between these days." in shown


def test_a_first_day_that_cannot_be_read_is_its_default() -> None:
    shown = strip(read_html(open_page("pages/compare.py", focus="NOR", **{"from": "soon"})))
    assert "The day shown is 17 April 2024" in shown
    assert "17 April 2024 compared with 17 May 2024" in shown


def test_both_maps_mark_what_is_told_faintly(known: list[Extraction]) -> None:
    signed, refused = known[0].relations
    other = replace(refused, id="r-dispute", state=State.DISPUTE)
    known[0] = replace(known[0], relations=(signed, refused, other))
    app = open_page("pages/compare.py", focus="NOR", show="both")
    scripts = [json.loads(each.proto.json_args) for each in app.get("component_instance")]
    assert '"faint":[]' in scripts[0]["feature_group"]
    assert '"faint":["BHR"]' in scripts[1]["feature_group"]


def test_two_days_are_shown_side_by_side_and_swapped_when_the_wrong_way_around() -> None:
    days = {"from": "2024-05-17", "to": "2024-05-01"}
    app = open_page("pages/compare.py", focus="NOR", show="both", **days)
    assert len(app.get("component_instance")) == 2
    assert read_push(app)["values"] == {}
    assert "the two have been swapped" in read_html(app)


@pytest.mark.parametrize(
    "params",
    [{"show": HOSTILE}, {"from": HOSTILE}, {"focus": HOSTILE}, {"show": "x", "to": "1850-01-02"}],
)
def test_a_bad_address_of_changes_gets_a_message(params: dict[str, str]) -> None:
    app = open_page("pages/compare.py", **params)
    shown = read_html(app)
    assert "e-problem" in shown
    assert "<img" not in shown


def test_the_history_of_a_pair_is_told_with_why_each_state_ended() -> None:
    shown = strip(read_html(open_page("pages/pair.py", pair="BHR-NOR", as_of="2027-05-17")))
    assert "How they stood over time" in shown
    assert "Refuses17 May 2024 to" in shown
    assert "How it ended: It has not been repeated for so long" in shown
    assert "Rule: expired" not in shown
    assert LINES[2] in shown


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the pages read a folder of segments, and nothing else."""
    monkeypatch.undo()
    monkeypatch.setattr(reading, "find_store", lambda: tmp_path)
    monkeypatch.setattr(reading, "SEED_SEGMENTS", tmp_path / "none")
    st.cache_resource.clear()
    return tmp_path


def test_a_segment_that_cannot_be_read_is_named_and_the_others_are_shown(folder: Path) -> None:
    append_extractions([make_extraction(id="first")], folder)
    (folder / "articles.damaged.parquet").write_bytes(b"noise")
    app = open_page()
    shown = read_html(app)
    assert "Some articles cannot be read" in shown
    assert "articles.damaged.parquet" in shown
    assert str(folder) not in shown
    assert read_push(app)["values"] == {"BHR": "refuses", "SWE": "ties"}


def test_a_segment_that_lands_is_shown_by_the_next_run(folder: Path) -> None:
    day = date(2024, 5, 17)

    def load() -> tuple[int, int]:
        """Return how many quotes the ledger and the places in accords rest on."""
        known, problems = reading.load_known()
        assert problems == []
        places = reading.load_accords(known, day, day)
        quotes = sum(reading.load_ledger(known).list_pairs().values())
        return quotes, sum(len(place.supporting) for place in places)

    append_extractions([make_extraction(id="first")], folder)
    before = load()
    append_extractions([make_extraction(id="second")], folder)
    after = load()
    assert min(before) > 0
    assert after == (before[0] * 2, before[1] * 2)
    assert load() == after


# Articles


def test_the_articles_are_listed_with_those_that_were_skipped(known: list[Extraction]) -> None:
    skipped = make_extraction(id="s", title=HOSTILE).article
    known.append(Extraction(article=skipped, skipped="not English"))
    shown = read_html(open_page("pages/article.py"))
    assert "Harbor notes" in shown
    assert "skipped: not English" in shown
    assert "<img" not in shown


def test_articles_are_searched_by_the_form_and_by_the_address(known: list[Extraction]) -> None:
    other = make_extraction(id="s", title="Other notes")
    known.append(replace(other, relations=(), mentions=(), accords=()))
    app = open_page("pages/article.py")
    assert "Harbor notes" in read_html(app)
    assert "Other notes" in read_html(app)
    app.text_input[0].set_value("other")
    app.selectbox[0].set_value(None)
    next(button for button in app.button if button.label == "Search").click()
    app.run()
    assert not app.exception
    assert read_params(app)["words"] == "other"
    assert "Harbor notes" not in read_html(app)
    assert "Other notes" in read_html(app)
    code = known[0].relations[0].actor
    shown = read_html(open_page("pages/article.py", country=code))
    assert "Harbor notes" in shown
    assert "Other notes" not in shown
    shown = read_html(open_page("pages/article.py", words="zzyzx"))
    assert "No article that was read fits this search." in shown


@pytest.mark.parametrize("field", ["country", "other", "state", "from", "to"])
def test_what_cannot_be_searched_is_told(field: str) -> None:
    shown = read_html(open_page("pages/article.py", **{field: HOSTILE}))
    assert "&lt;img src=x onerror=" in shown
    assert "<img" not in shown


def test_a_quote_is_shown_in_its_article() -> None:
    start, end = find_span(LINES[2])
    app = open_page("pages/article.py", article="harbor-1", quote=f"{start}-{end}")
    shown = read_html(app)
    assert TEXT in strip(shown)
    assert "e-chosen" in shown


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"article": "nothing"}, "There is no article at this address"),
        ({"article": "harbor-1", "quote": "5-2"}, "does not point to a part of this article"),
        ({"article": "harbor-1", "quote": "0-99999"}, "does not point to a part of this article"),
        ({"article": "harbor-1", "quote": HOSTILE}, "does not point to a part of this article"),
    ],
)
def test_a_bad_address_of_an_article_gets_a_message(params: dict[str, str], message: str) -> None:
    shown = read_html(open_page("pages/article.py", **params))
    assert message in shown
    assert "<img" not in shown


# A pair


def test_a_pair_is_reached_from_both_countries_and_has_an_address_of_its_own() -> None:
    for country in ("BHR", "NOR"):
        shown = read_html(open_page(country=country))
        assert LINES[2] in strip(shown)
        assert 'href="pair?pair=BHR-NOR&amp;as_of=2024-05-17&amp;known_on=2024-05-17"' in shown
    for asked in ("BHR-NOR", "NOR-BHR", "norway-bahrain"):
        shown = read_html(open_page("pages/pair.py", pair=asked))
        assert "Bahrain says no to Norway" in strip(shown)
        assert LINES[2] in strip(shown)
        assert "Sentences that name both" in strip(shown)


def test_a_pair_without_a_relation_says_so() -> None:
    shown = read_html(open_page("pages/pair.py", pair="BHR-SWE"))
    assert "No report says how" in shown
    assert "No sentence up to this date names both" in shown


def test_choosing_two_countries_writes_the_address_of_the_pair() -> None:
    app = open_page("pages/pair.py", pair="BHR-NOR")
    app.selectbox(key="one").select("SWE").run()
    assert not app.exception
    assert read_params(app)["pair"] == "NOR-SWE"
    assert "Norway has ties with Sweden" in strip(read_html(app))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("BHR", "“BHR” is not a pair"),
        ("A-B-C", "“A-B-C” is not a pair"),
        ("BHR-Narnia", "No country is called “Narnia”"),
        ("BHR-BHR", "two different countries"),
        (HOSTILE, "is not a pair"),
    ],
)
def test_a_bad_pair_gets_a_message(asked: str, message: str) -> None:
    shown = read_html(open_page("pages/pair.py", pair=asked, as_of="never"))
    assert message in shown
    assert "“never” is not a date" in shown
    assert "<img" not in shown


# A reader's own text


def test_the_page_takes_no_longer_text_than_is_read() -> None:
    app = open_page("pages/add.py")
    field = app.text_area(key="own_text")
    assert field.max_chars == LONGEST_TEXT
    field.set_value("x" * 2 * LONGEST_TEXT).run()
    assert len(app.session_state["own_text"]) <= LONGEST_TEXT


@pytest.mark.parametrize("text", ["", "   \n"])
def test_a_text_that_cannot_be_read_gets_a_message(text: str) -> None:
    app = open_page("pages/add.py")
    app.text_area(key="own_text").set_value(text)
    app.button[0].click().run()
    assert not app.exception
    assert 'role="alert"' in read_html(app)
    assert "Paste" in read_html(app)


@pytest.mark.parametrize(
    ("pasted", "upload", "message"),
    [
        ("", None, "Paste an article or choose a file"),
        ("a", ("a.txt", b"b"), "Both a text and a file"),
        ("", ("a.txt", b"x" * (LARGEST_SOURCE + 1)), "longer than"),
        ("", ("a.txt", b""), "."),
        ("", ("a.txt", bytes(range(256)) * 40), "."),
        ("", ("a.html", b"<html><body></body></html>"), "."),
    ],
)
def test_what_is_no_article_is_refused_with_what_to_do(
    pasted: str, upload: tuple[str, bytes] | None, message: str
) -> None:
    with pytest.raises(ArticleError, match=message):
        make_article(pasted, upload, title="", publisher="", day=None, today=date(2024, 5, 17))


def test_a_text_without_a_date_takes_the_day_of_reading_and_says_so() -> None:
    today = date(2024, 5, 17)
    article = make_article(LINES[1], None, title=" T ", publisher="", day=None, today=today)
    assert (article.date_published, article.date_basis.value) == (today, "inferred")
    assert article.date_note
    assert (article.title, article.publisher) == ("T", None)
    day = date(2020, 1, 1)
    dated = make_article(LINES[1], None, title="", publisher="P", day=day, today=today)
    assert (dated.date_published, dated.date_basis.value, dated.publisher) == (day, "stated", "P")


@pytest.mark.parametrize(
    ("day", "message"),
    [(date(2101, 5, 1), "2101-05-01 lies in the future"), (date(1066, 10, 14), "before 1850")],
)
def test_a_text_of_a_day_that_no_article_can_have_is_refused(day: date, message: str) -> None:
    today = date(2024, 5, 17)
    with pytest.raises(ArticleError, match=message):
        make_article(LINES[1], None, title="", publisher="", day=day, today=today)
    tomorrow = date(2024, 5, 18)
    article = make_article(LINES[1], None, title="", publisher="", day=tomorrow, today=today)
    assert article.date_published == tomorrow


def test_the_page_takes_no_day_of_the_future_for_a_text_of_ones_own() -> None:
    today = date.today()  # noqa: DTZ011 - the page takes the reader's own day
    field = open_page("pages/add.py").date_input(key="own_day")
    assert (field.min, field.max) == (date(1850, 1, 1), today + timedelta(days=2))


def test_a_text_of_ones_own_is_read_shown_and_mapped(known: list[Extraction]) -> None:
    del known
    text = "France signed a trade agreement with Japan.\n\nThe Bank of England said nothing."
    app = open_page("pages/add.py")
    app.text_area(key="own_text").set_value(text)
    app.button[0].click().run()
    assert not app.exception
    shown = read_html(app)
    assert text in strip(shown)
    assert set(read_push(app)["values"]) | {read_push(app)["focus"]} >= {"FRA", "JPN"}  # type: ignore[operator]
    app.selectbox(key="own_country").select("FRA").run()
    shown = read_html(app)
    assert "France – Japan" in strip(shown)
    inside = set(re.findall(r'href="#(q[^"]*)"', shown))
    assert inside
    assert inside <= set(re.findall(r'id="([^"]*)"', shown))


def test_an_address_in_the_place_of_a_text_is_fetched_within_a_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = "<p>France signed a trade agreement with Japan on Monday, said Paris.</p>" * 3
    with serve({"/a": give(200, page.encode(), "text/html")}) as server:
        client = Client(allowed=frozenset({server.place}), pause=0)
        monkeypatch.setattr(own_addresses, "hold_client", lambda: client)
        monkeypatch.setattr(visit, "MOST_FETCHES", 2)
        app = open_page("pages/add.py")
        for text in (server.name("/a"), f"{server.name('/no')}\n{server.name('/a')}"):
            app.text_area(key="own_text").set_value(text)
            app.button[0].click().run()
            assert not app.exception
    (held,) = app.session_state["collection"].extractions
    assert held.article.url == server.name("/a")
    assert {"FRA", "JPN"} == {*held.relations[0].pair}
    shown = strip(read_html(app))
    assert "/no was not added: There is nothing at this address." in shown
    assert "/a was not added: 2 addresses were fetched in 10 minutes." in shown
    assert len(server.asked) == 2


def test_a_collection_is_one_map_and_an_article_of_it_is_opened_and_removed(
    known: list[Extraction],
) -> None:
    (first,) = known
    second = replace(first, article=replace(first.article, id="second", title=HOSTILE))
    app = open_page("pages/add.py")
    app.session_state["collection"] = Collection((first, second))
    app.run()
    assert not app.exception
    assert read_push(app)["values"] == {"BHR": "refuses", "SWE": "ties"}
    assert 'id="second"' in read_html(app)
    assert "<img" not in read_html(app)
    app.selectbox(key="own_opened").select("second").run()
    assert TEXT in strip(read_html(app))
    app.button(key="own_remove").click().run()
    assert app.session_state["collection"] == Collection((first,))
    other = open_page("pages/add.py")
    assert "collection" not in other.session_state


def collect(known: list[Extraction]) -> Collection:
    """Return what a visit has collected: Malta is hostile to Norway, and Malta joined the pact."""
    (first,) = known
    place = replace(first.accords[0], article_id="mine-1", country=MALTA, place=Place.MEMBER)
    article = replace(first.article, id="mine-1", title="My notes", publisher="My Paper")
    attack = replace(
        first.relations[1],
        id="r-mine",
        article_id="mine-1",
        actor=MALTA,
        state=State.HOSTILE,
        condition=None,
    )
    return Collection((replace(first, article=article, relations=(attack,), accords=(place,)),))


def open_visit(collection: Collection, page: str = "app.py", **params: str) -> AppTest:
    """Return a page of a visit that has collected something."""
    app = open_page(page)
    app.session_state["collection"] = collection
    app.query_params.update(params)
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize(
    ("mine", "values"),
    [
        ("only", {"MLT": "hostile"}),
        ("with", {"MLT": "hostile", "SWE": "ties", "BHR": "refuses"}),
        ("", {"SWE": "ties", "BHR": "refuses"}),
    ],
)
def test_the_map_is_of_the_news_of_what_was_collected_or_of_both(
    known: list[Extraction], mine: str, values: dict[str, str]
) -> None:
    app = open_visit(collect(known), focus="NOR", table="1", **({"mine": mine} if mine else {}))
    told = read_push(app)["values"]
    assert isinstance(told, dict)
    assert {code: value for code, value in told.items() if value != "mentioned"} == values
    assert app.selectbox(key="mine").value == mine
    assert ("mine=" + mine in read_html(app)) == bool(mine)
    names = [button.proto.label for button in app.get("download_button")]
    assert "CSV" in names


def test_whose_articles_count_is_chosen_and_goes_into_the_address(known: list[Extraction]) -> None:
    app = open_visit(collect(known), as_of="2024-06-01", focus="SWE")
    app.selectbox(key="mine").select("only").run()
    assert read_params(app) == {"mine": "only"}
    assert read_push(app)["focus"] in {"MLT", "NOR"}
    app.selectbox(key="mine").select("").run()
    assert read_params(app) == {}


@pytest.mark.parametrize("params", [{"mine": "only"}, {"mine": "<b>"}])
def test_a_visit_without_a_collection_sees_the_public_news(
    known: list[Extraction], params: dict[str, str]
) -> None:
    open_visit(collect(known), mine="only", lens="accord")
    open_visit(collect(known), mine="with", lens="accord")
    app = open_page(**params, lens="accord")
    assert "own articles by" in read_html(app) or "collected no articles" in read_html(app)
    assert not [box for box in app.selectbox if box.key == "mine"]
    assert "MLT" not in {
        code
        for code, value in read_push(app)["values"].items()
        if value == "member"  # type: ignore[attr-defined]
    }
    assert "My Paper" not in read_html(app)
    assert "My notes" not in read_html(open_page("pages/article.py", article="mine-1"))


def test_a_quote_and_a_pair_of_the_collection_have_their_pages(known: list[Extraction]) -> None:
    app = open_visit(collect(known), mine="only", country="MLT")
    shown = read_html(app)
    assert "article?article=mine-1&amp;quote=" in shown
    assert re.search(r"pair\?pair=MLT-NOR[^\"]*mine=only", shown)
    app = open_visit(collect(known), "pages/article.py", article="mine-1")
    assert "My notes" in read_html(app)
    app = open_visit(collect(known), "pages/pair.py", pair="MLT-NOR", mine="only")
    assert "Malta – Norway" in strip(read_html(app))
    assert "My Paper" in read_html(app)


def test_a_text_without_a_country_says_so(known: list[Extraction]) -> None:
    app = open_page("pages/add.py")
    (first,) = known
    app.session_state["collection"] = Collection(
        (replace(first, mentions=(), relations=(), accords=()),)
    )
    app.run()
    assert "No country is named in this text" in read_html(app)
    assert not app.get("component_instance")


# Speed and memory


def test_viewing_the_map_never_loads_the_language_model() -> None:
    script = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert not app.exception, app.exception\n"
        "print([each for each in ('onnxruntime', 'geopandas', 'shapely', 'torch') if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("[]")


def test_a_matrix_opens_on_a_group_of_which_something_is_told() -> None:
    app = open_page("pages/matrix.py")
    assert app.selectbox(key="members").value == "nato"
    shown = read_html(app)
    assert 'data-pair="NOR-SWE"' in shown
    assert "Members as of 2025." in shown
    assert "how each pair stood on 17 May 2024" in shown


def test_a_matrix_has_neighbors_or_a_list_of_ones_own() -> None:
    app = open_page("pages/matrix.py", neighbors="NOR", **CLOCK)
    assert {*re.findall(r'data-pair="([A-Z-]+)"', read_html(app))} == {"NOR-SWE"}
    app.selectbox(key="members").select("countries").run()
    assert {*app.multiselect(key="own").value} == {"NOR", "SWE", "FIN", "RUS"}
    assert "neighbors" not in read_params(app)
    app.multiselect(key="own").select("BHR").run()
    assert read_params(app)["countries"].endswith("-BHR")
    assert 'data-pair="BHR-NOR"' in read_html(app)
    app.selectbox(key="members").select("nordic").run()
    assert read_params(app)["group"] == "nordic"
    assert "countries" not in read_params(app)


def test_a_matrix_is_as_of_the_day_of_its_address() -> None:
    early = read_html(open_page("pages/matrix.py", countries="NOR-SWE-BHR", as_of="2024-05-01"))
    assert "data-pair=" not in early
    assert "no relation found" in early
    later = read_html(open_page("pages/matrix.py", countries="NOR-SWE-BHR", as_of="2029-05-17"))
    assert re.search(r'data-pair="NOR-SWE"[^>]*><a [^>]*><i class="e-chip e-\w+ e-pale"', later)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"group": HOSTILE}, "There is no group"),
        ({"neighbors": "Atlantis"}, "No country is called"),
        ({"countries": "NOR-XXX-SWE"}, "No country is called"),
        ({"countries": "NOR"}, "two countries or more"),
        (
            {"countries": "-".join([*load_gazetteer().countries][:60])},
            "A matrix shows at most 40 countries",
        ),
    ],
)
def test_a_bad_address_of_a_matrix_gets_a_message(params: dict[str, str], message: str) -> None:
    shown = read_html(open_page("pages/matrix.py", **params))
    assert message in strip(shown)
    assert HOSTILE not in shown


def test_a_matrix_is_taken_away_with_its_quotes() -> None:
    app = open_page("pages/matrix.py", countries="NOR-SWE-BHR", table="1", **CLOCK)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == ["CSV", "Quotes, JSON lines", "Report, Markdown", "Table, HTML"]


def test_what_changed_keeps_the_focus_and_the_day_of_the_map() -> None:
    app = open_page(focus="BHR", **CLOCK)
    app.query_params.clear()
    app.switch_page("pages/compare.py").run()
    assert not app.exception
    assert app.selectbox(key="focus").value == "BHR"
    assert app.date_input(key="to").value == date(2024, 5, 17)
    assert read_params(app) == {"focus": "BHR", "to": "2024-05-17"}


def test_a_link_in_an_embedded_map_opens_a_page_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frame, "is_embedded", lambda: True)
    shown = read_html(open_page(country="BHR", **CLOCK))
    assert re.search(r'<a href="article[^"]*" target="_blank" rel="noopener">', shown)
    assert 'target="_self"' not in shown
