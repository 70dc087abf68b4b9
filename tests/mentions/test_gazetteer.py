"""Gazetteer: every country can be found by its name, and a wrong table is refused."""

import csv
import re
from pathlib import Path

import pytest

from geo.errors import DataError, UnknownCountry
from geo.mentions import gazetteer as gazetteer_module
from geo.mentions.gazetteer import fold, load_gazetteer
from geo.paths import DATA
from geo.records import MentionKind

GAZETTEER = load_gazetteer()
DRAWN = [country for country in GAZETTEER.countries.values() if country.kind != "historic"]
TABLES = ("countries", "aliases", "regions", "leaders", "blocked", "name_words")


def read(name: str) -> list[dict[str, str]]:
    with (DATA / "mentions" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_member_of_the_united_nations_is_held() -> None:
    states = [country for country in DRAWN if country.kind == "state"]
    observers = {country.code for country in DRAWN if country.kind == "observer"}
    assert len(states) == 193
    assert observers == {"PSE", "VAT"}
    assert {"TWN", "XKX"} <= {country.code for country in DRAWN if country.kind == "de_facto"}


@pytest.mark.parametrize("country", DRAWN, ids=lambda country: country.code)
def test_a_country_is_found_by_code_and_by_name(country: gazetteer_module.Country) -> None:
    assert GAZETTEER.find_country(country.code.lower()) == country.code
    assert GAZETTEER.find_country(country.name.upper()) == country.code
    assert GAZETTEER.find_country(f" {country.in_sentence} ") == country.code


def test_a_country_of_its_own_code_has_a_known_parent_or_none() -> None:
    for country in GAZETTEER.countries.values():
        assert country.parent is None or country.parent in GAZETTEER.countries
        needs_parent = country.kind in {"dependency", "historic"} or (
            country.code.startswith("X") and country.code != "XKX"
        )
        assert bool(country.parent) is needs_parent, country


def test_two_letter_codes_are_given_once_and_namibia_keeps_hers() -> None:
    codes = [country.iso2 for country in DRAWN if country.iso2]
    assert len(codes) == len(set(codes))
    assert GAZETTEER.countries[gazetteer_module.CountryCode("NAM")].iso2 == "NA"


@pytest.mark.parametrize("text", ["", "Atlantis", "Soviet Union", "XSU", "Korea", "zz", "the"])
def test_what_is_no_present_country_is_unknown(text: str) -> None:
    with pytest.raises(UnknownCountry, match="three-letter code such as AZE"):
        GAZETTEER.find_country(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("turkiye", "TUR"),
        ("Côte d’Ivoire", "CIV"),
        ("U.S.", "USA"),
        ("uk", "GBR"),
        ("The Gambia", "GMB"),
        ("Burma", "MMR"),
        ("Holy See", "VAT"),
    ],
)
def test_other_names_are_found(text: str, code: str) -> None:
    assert GAZETTEER.find_country(text) == code


def test_folding_takes_away_case_accents_and_invisible_marks() -> None:
    assert fold("TÜRKİYE") == "turkiye"
    assert fold("Tu\u0308rkiye") == "turkiye"
    assert fold("Isr\u200bael") == "israel"
    assert fold("Łódź") == "lodz"


def test_every_leader_has_a_term_that_runs_forward() -> None:
    for number, row in enumerate(read("leaders"), start=2):
        assert row["alone"] in {"yes", "verb", "full"}, number
        assert row["source"], number
        assert not (row["start"] and row["end"]) or row["start"] <= row["end"], number


def test_no_alias_is_given_twice_for_one_country_with_one_context() -> None:
    seen = [tuple(row[key] for key in row if key != "confidence") for row in read("aliases")]
    assert len(seen) == len(set(seen))


def test_kinds_of_aliases_are_those_of_mentions() -> None:
    kinds = {row["kind"] for row in read("aliases")}
    assert kinds <= {kind.value for kind in MentionKind}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_plain(name: str) -> None:
    source = (DATA / "mentions" / f"{name}.csv").read_text(encoding="utf-8")
    assert "\r" not in source
    assert not re.search(r"[ \t]$", source, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("aliases", "Atlantis,ATL,name,name,,,,,1", "code: unknown country code, not 'ATL'"),
        ("aliases", "Peru,PER,noun,name,,,,,1", "kind: .*not 'noun'"),
        ("aliases", "Peru,PER,name,name,<heroes>,,,,1", "near: there is no list .* <heroes>"),
        ("aliases", "...,PER,name,name,,,,,1", "phrase: there is no word"),
        ("countries", "PER,Peru,Peru,state,,,PE", "code: 'PER' is given twice"),
        ("countries", "Qqq,Peru,Peru,state,,,PE", "code: .*not 'Qqq'"),
        ("countries", "QQQ,Nowhere,Nowhere,state,,ATL,", "parent: unknown .*not 'ATL'"),
        ("regions", "the moon,ATL,0.5", "members: unknown country code, not 'ATL'"),
        ("leaders", "A B,B,PER,king,2020-31-01,,full,x", "start: .*not '2020-31-01'"),
        ("leaders", "A B,B,PER,king,2020-01-01,,often,x", "alone: .*not 'often'"),
        ("blocked", "*,place", "phrase: there is no word"),
    ],
)
def test_a_wrong_row_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str, reason: str
) -> None:
    for table in TABLES:
        source = (DATA / "mentions" / f"{table}.csv").read_text(encoding="utf-8")
        extra = f"{line}\n" if table == name else ""
        (tmp_path / f"{table}.csv").write_text(source + extra, encoding="utf-8")
    monkeypatch.setattr(gazetteer_module, "TABLES", tmp_path)
    number = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").count("\n")
    with pytest.raises(DataError, match=rf"{name}\.csv line {number}, column {reason}"):
        load_gazetteer.__wrapped__()


def test_every_state_is_known_by_three_forms_at_least() -> None:
    forms: dict[str, set[str]] = {}
    for row in read("aliases"):
        forms.setdefault(row["code"], set()).add(fold(row["phrase"]))
    states = {
        code for code, item in GAZETTEER.countries.items() if item.kind in {"state", "observer"}
    }
    assert {code for code in states if len(forms.get(code, ())) < 3} == set()


def test_an_alias_of_two_countries_says_by_its_context_which_is_meant() -> None:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read("aliases"):
        rows.setdefault(row["phrase"], []).append(row)
    shared = [held for held in rows.values() if len({row["code"] for row in held}) > 1]
    assert shared
    # At most one row may stand without a context: what is meant where nothing else is told.
    assert all(sum(not row["near"] for row in held) <= 1 for held in shared)
