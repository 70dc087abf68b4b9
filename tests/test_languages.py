"""Languages: every text of the interface has its translation, and no file holds one that is not used."""

import ast
import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from jinja2 import nodes

from geo.errors import DataError
from geo.languages import (
    choose_language,
    find_language,
    load_country_names,
    load_languages,
    load_strings,
    say,
)
from geo.map import drawing
from geo.map.atlas import load_disputes, load_places, load_views
from geo.map.groups import load_groups
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import STATIC
from geo.records import CountryCode, MentionKind, SentenceKind, State
from geo.states.settling import load_rules
from geo.web.controls import CLOCKS
from geo.web.frame import TAGLINE
from geo.web.rendering import load_environment
from geo.web.sentences import load_sentences
from geo.web.words import write_date

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [
    ROOT / "app.py",
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "geo").rglob("*.py")),
]
TRANSLATED = ("de", "fr")
# Words that stand in tables of the code and are said from there.
TABLES = {"BASES", "PAGES", "OTHERS", "LENSES", "SORTED", "SHOWS", "MODALITY", "MINE"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
# The heads of the tables, and what the buttons of the downloads say.
COLUMNS = (
    "Country", "Code", "Value", "Contested", "Since", "Confidence", "Publishers",
    "Quote", "Quotes", "Heaviest quote", "License", "Times named", "Pair", "Until", "Ended by",
    "Change", "Before", "After", "Uncertain",
)  # fmt: skip
# Names of formats, the same in every language.
FORMATS = {"GeoJSON", "GeoPackage", "GeoParquet"}
EXPORTS = (
    "CSV",
    "GeoJSON",
    "Quotes, JSON lines",
    "Report, Markdown",
    "Map and quotes, HTML",
    "Table, HTML",
)
# The page of the method is prose, in English alone, and says so.
PROSE = {"method.py"}


def list_literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be: a literal, or either side of a choice."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from list_literals(body)
            yield from list_literals(other)


def list_said(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="say" | "_"), args=[first, *_]):
                yield from list_literals(first)
            case ast.Call(
                func=ast.Name(id="count") | ast.Attribute(attr="count"), args=[_, one, *many]
            ):
                for text in list_literals(one):
                    yield text
                    if not many:
                        yield f"{text}s"
                for literal in many:
                    yield from list_literals(literal)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)) if (
                name in TABLES
            ):
                for value in values:
                    yield from list_literals(value)


def list_written() -> Iterator[str]:
    """Yield the texts of the templates."""
    environment = load_environment()
    for name in environment.list_templates():
        source, *_rest = environment.loader.get_source(environment, name)
        for call in environment.parse(source).find_all(nodes.Call):
            match call:
                case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=text)]):
                    yield text
                case nodes.Call(node=nodes.Name(name="count"), args=[_, nodes.Const(value=one)]):
                    yield one
                    yield f"{one}s"


def list_texts() -> set[str]:
    """Return every English text that a page may say."""
    said = {text for path in WRITTEN if path.name not in PROSE for text in list_said(path)}
    said |= set(list_written())
    said |= {TAGLINE, "Pair", drawing.TITLE, drawing.WORLD, drawing.READ, drawing.BESIDE}
    said |= {drawing.CONTESTED, drawing.CAPTION, drawing.FAILURE}
    palette = load_palette()
    for table in (palette.states, palette.places, palette.changes):
        for swatch in table.values():
            said |= {swatch.label, swatch.phrase, swatch.definition}
    for row in load_sentences().values():
        said |= {row.sentence, row.act}
    for meaning in load_rules().values():
        said.add(meaning)
    said |= set(load_rules())
    for view in load_views().values():
        said |= {view.label, view.in_sentence, view.description, view.source}
    for area in load_disputes():
        said |= {area.name, area.note, area.basis}
    said |= {group.label for group in load_groups().values()}
    said |= set(MONTHS) | {state.value for state in State}
    said |= {kind.value for kind in MentionKind}
    said |= {kind.value.capitalize() for kind in (SentenceKind.HEADING, SentenceKind.BOILERPLATE)}
    said |= {
        f"{first}, {then}"
        for first in ("asserted places first", "possible only")
        for then in ("latest quote on membership", "highest place")
    }
    said |= {"From", "To", "Other country", *COLUMNS, *EXPORTS, *CLOCKS, *CLOCKS.values()}
    return {words for words in said if re.search("[a-z]", words) and words not in FORMATS}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_a_translation(language: str) -> None:
    assert sorted(list_texts() - set(load_strings(language))) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_without_its_text(language: str) -> None:
    assert sorted(set(load_strings(language)) - list_texts()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_the_same_fields(language: str) -> None:
    fields = re.compile(r"\{\w+\}")
    wrong = {
        english: said
        for english, said in load_strings(language).items()
        if sorted(fields.findall(english)) != sorted(fields.findall(said))
    }
    assert wrong == {}


def test_english_is_said_as_it_stands() -> None:
    assert find_language() == "en"
    assert say("As of {day}", day="1 May 2025") == "As of 1 May 2025"


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    choose_language("fr")
    try:
        days = [write_date(date(2025, 8, day)) for day in (1, 2)]
    finally:
        choose_language("en")
    assert days == ["1er août 2025", "2 août 2025"]


def test_what_a_value_holds_is_no_field() -> None:
    assert say("As of {day}", day="{known}") == "As of {known}"


def test_the_chosen_language_is_said() -> None:
    choose_language("de")
    try:
        assert say("As of {day}", day="1. Mai 2025") == "Stand: 1. Mai 2025"
        assert load_palette().states["war"].label == "Im Krieg"
    finally:
        choose_language("en")
    assert load_palette().states["war"].label == "At war"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(DataError, match="no language"):
        choose_language("xx")


def test_a_text_without_a_translation_stays_english() -> None:
    choose_language("es")
    try:
        assert say("no relation found") == "no relation found"
    finally:
        choose_language("en")


@pytest.mark.parametrize("language", [code for code in load_languages() if code != "en"])
def test_every_country_that_is_drawn_has_a_name(language: str) -> None:
    names = load_country_names(language)
    assert set(names) == set(load_places())
    assert set(names) <= set(load_gazetteer().countries)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_map_has_the_captions_of_disputed_areas_in_the_language(language: str) -> None:
    told = json.loads((STATIC / "names" / f"{language}.json").read_text(encoding="utf-8"))
    strings, names = load_strings(language), load_country_names(language)
    for area in load_disputes():
        assert told[f"{area.id}.note"] == strings[area.note]
        assert told[area.id] == names.get(CountryCode(area.id), strings[area.name])


def test_names_of_one_language_tell_countries_apart() -> None:
    for language in load_languages():
        if language != "en":
            names = load_country_names(language)
            twice = {name for name in names.values() if [*names.values()].count(name) > 1}
            assert not twice, (language, twice)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["a", "b"], ["a", "c"]], "line 3, column english: 'a' is given twice"),
        ([["a", ""]], "line 2, column translation: must be filled"),
        ([["", "b"]], "line 2, column english: must be filled"),
    ],
)
def test_a_broken_translation_is_refused(tmp_path: Path, rows: list[list[str]], fault: str) -> None:
    with (tmp_path / "de.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["english", "translation"], *rows])
    with pytest.raises(DataError, match=rf"de\.csv {fault}"):
        load_strings("de", tmp_path)
