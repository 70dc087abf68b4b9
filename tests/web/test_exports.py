"""Exports: what is taken away says the same as the page, and hostile text in it stays text."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo.languages import choose_language
from geo.map.lenses import view_focus
from geo.map.palette import load_palette
from geo.records import RelationState, State
from geo.web import exports
from geo.web.context import Scope
from geo.web.exports import escape_cell
from geo.web.map_words import describe_overview, list_values
from geo.web.quotes import list_evidence
from geo.web.rendering import render
from geo.web.report import write_markdown
from tests.samples import (
    BAHRAIN,
    HOSTILE,
    LINES,
    NORWAY,
    make_accord_state,
    make_context,
    make_evidence,
    make_relation,
    make_state,
    pair_states,
)

SCOPE = Scope(
    title="Norway: 1 refusing",
    as_of=date(2024, 5, 17),
    known_on=date(2024, 6, 1),
    borders="de_facto",
    query="?as_of=2024-05-17",
)
VIEW = view_focus(pair_states(make_state()), {NORWAY: 1}, load_palette(), NORWAY)


def make_hostile_state() -> RelationState:
    """Return a state whose every text from outside is hostile."""
    relation = make_relation(condition=HOSTILE, attributed_to=HOSTILE, cue=HOSTILE)
    relation = replace(relation, quote=replace(relation.quote, exact=f"=1+1 # {HOSTILE} | $x$"))
    evidence = make_evidence(relation, publisher=HOSTILE, title=HOSTILE, url="javascript:alert(1)")
    return make_state(supporting=(evidence,), reason=HOSTILE, rule=HOSTILE)


def test_csv_is_the_table_and_no_cell_is_a_formula() -> None:
    rows = list_values(VIEW, [make_hostile_state()], [], make_context(), {NORWAY: 1})
    read = list(csv.DictReader(io.StringIO(exports.write_csv(rows), newline="")))
    assert [each["Code"] for each in read] == [row["Code"] for row in rows]
    assert read[0]["Heaviest quote"].startswith("'=1+1")
    assert exports.write_csv([]) == "\r\n"


def test_json_lines_hold_every_quote_with_its_weight() -> None:
    state = make_state()
    lines = [
        json.loads(splitline) for splitline in exports.write_lines([state], SCOPE).splitlines()
    ]
    assert len(lines) == len(list_evidence(state))
    (line,) = lines
    assert line["relation"]["quote"]["exact"] == state.supporting[0].relation.quote.exact
    assert (line["settled"], line["weighed_by"]) == ("refuses", "counts")
    assert line["weight"] > 0
    (hostile,) = exports.write_lines([make_hostile_state()], SCOPE).splitlines()
    assert json.loads(hostile)["url"] is None


def test_every_export_with_a_quote_tells_its_license() -> None:
    told = {"license": "CC BY-SA 4.0", "credit": "Wikipedia contributors"}
    named = "Wikipedia contributors, CC BY-SA 4.0"
    state = make_state(supporting=(make_evidence(**told),))
    (line,) = exports.write_lines([state], SCOPE).splitlines()
    assert told.items() <= json.loads(line).items()
    assert named in write_markdown([state], SCOPE, make_context()).replace("\\", "")
    (row, *_) = list_values(VIEW, [state], [], make_context(), {})
    assert row["License"] == f"{named}, https://news.example/harbor"

    accord = make_accord_state()
    accord = replace(accord, supporting=(replace(accord.supporting[0], **told),))
    (line,) = exports.write_lines([accord], SCOPE).splitlines()
    assert told.items() <= json.loads(line).items()
    assert named in write_markdown([accord], SCOPE, make_context()).replace("\\", "")


def test_geojson_holds_every_country_with_its_value() -> None:
    rows = list_values(VIEW, [make_state()], [], make_context(), {NORWAY: 1})
    world = json.loads(exports.write_geojson(rows, VIEW, SCOPE))
    by_code = {feature["id"]: feature["properties"] for feature in world["features"]}
    assert by_code[BAHRAIN]["state"] == "refuses"
    assert by_code[BAHRAIN]["heaviest_quote"]
    assert by_code["FRA"]["state"] == "none"
    assert (world["borders"], world["as_of"], world["known_on"]) == (
        "de_facto",
        "2024-05-17",
        "2024-06-01",
    )


def test_a_frame_holds_each_country_with_the_value_of_the_map(tmp_path: Path) -> None:
    import geopandas as gpd

    rows = list_values(VIEW, [make_state()], [], make_context(), {NORWAY: 1})
    world = json.loads(exports.write_geojson(rows, VIEW, SCOPE))
    told = {feature["id"]: feature["properties"].get("state") for feature in world["features"]}
    path = tmp_path / "map.gpkg"
    path.write_bytes(exports.write_frame(rows, VIEW, SCOPE, "gpkg"))
    opened = gpd.read_file(path).set_index("code")
    mapped = opened["state"].dropna().to_dict()
    assert mapped == {code: value for code, value in told.items() if value}
    assert opened["heaviest_quote"][BAHRAIN].startswith(LINES[2][:20])


def test_the_markdown_report_holds_each_quote_with_its_source_and_days() -> None:
    report = write_markdown([make_state()], SCOPE, make_context())
    plain = report.replace("\\", "")
    assert "# Norway: 1 refusing" in plain
    assert "As of 17 May 2024, from articles published by 1 June 2024." in plain
    assert "## Bahrain – Norway: Refuses" in plain
    assert " ".join(make_state().supporting[0].relation.quote.exact.split()) in plain


def test_an_accord_is_taken_away_with_the_quotes_of_each_place() -> None:
    state = make_accord_state()
    (line,) = exports.write_lines([state], SCOPE).splitlines()
    read = json.loads(line)
    assert (read["accord"], read["country"], read["settled"]) == ("Harbor Pact", "BHR", "member")
    assert read["place"]["quote"]["exact"] == LINES[3]
    assert (read["borders"], read["date_basis"]) == ("de_facto", "inferred")
    plain = write_markdown([state], SCOPE, make_context()).replace("\\", "")
    assert "## Bahrain, Harbor Pact: Member" in plain
    assert f"> {LINES[3]}" in plain
    assert "The Harbor, 17 May 2024" in plain


def test_the_report_is_in_the_language_of_the_page_and_leads_to_the_map() -> None:
    scope = replace(SCOPE, query="https://maps.example/?as_of=2024-05-17")
    choose_language("de")
    try:
        report = write_markdown([make_state(contested=True)], scope, make_context())
    finally:
        choose_language("en")
    assert "Karte: <https://maps.example/?as_of=2024-05-17>" in report
    plain = report.replace("\\", "")
    for words in ("umstritten", "Grenzen: wie tatsächlich beherrscht", "Gewicht", "Schlüsselworte"):
        assert words in plain
    assert not re.search(r"\b(since|weight|Rule|Map|As of|contested)\b", plain)


def test_two_days_are_told_in_what_is_taken_away() -> None:
    note = replace(SCOPE, since=date(2024, 1, 1)).note
    assert note.startswith("1 January 2024 compared with 17 May 2024")


def test_hostile_text_stays_text_in_markdown() -> None:
    report = write_markdown([make_hostile_state()], SCOPE, make_context())
    assert not re.search(r"(?<!\\)<(?!https?://)", report)
    assert "javascript" not in report


def test_an_address_carries_nothing_into_the_report() -> None:
    url = "https://bücher.example/><script>alert(1)</script>"
    state = make_state(supporting=(make_evidence(url=url),))
    report = write_markdown([state], SCOPE, make_context())
    assert "<script" not in report
    address = "https://xn--bcher-kva.example/%3E%3Cscript%3Ealert(1)%3C/script%3E#:~:text="
    assert f" <{address}" in report


def test_the_page_needs_no_other_file_and_hostile_text_stays_text() -> None:
    state = make_hostile_state()
    content = render("overview.html", overview=describe_overview([state], [], VIEW, make_context()))
    page = exports.write_page(VIEW, content, replace(SCOPE, title=HOSTILE), make_context())
    shown = page.split("<script>")[0]
    assert {each.casefold() for each in re.findall(r"<(\w+)[^>]*\s(?:src|href)=", shown)} == {"a"}
    assert re.findall(r'href="(?!article\?|\?as_of)', shown) == []
    assert "@import" not in page
    assert "<img" not in page
    assert page.count("<script>") == 4
    assert '"BHR":"refuses"' in page


def test_a_table_as_one_page_needs_no_other_file_and_hostile_text_stays_text() -> None:
    page = exports.write_sheet(render("title.html", title=HOSTILE), replace(SCOPE, title=HOSTILE))
    assert HOSTILE not in page
    assert "<script" not in page
    assert not re.search(r"<(?:link|img|iframe)\b|@import", page)
    assert "As of 17 May 2024" in page


@pytest.mark.parametrize("value", ["=1+1", " +1", "@a", "-1", "|x", "\tx", "＝1"])
def test_a_cell_like_a_formula_gets_an_apostrophe(value: str) -> None:
    assert escape_cell(value) == f"'{value}"
    assert escape_cell(-1) == -1
    assert escape_cell(State.TIES) == "ties"
