"""Mentions: which words name which country, by the rows of ``cases/mentions_*.tsv``."""

import csv
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.mentions.finding import LONGEST_RULE, find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import DATA, SEEDS
from geo.reading.sentences import split_sentences
from geo.records import Article, Mention, MentionKind, SentenceKind

CASES = Path(__file__).parents[1] / "cases"
GAZETTEER = load_gazetteer()


def read(text: str, day: str | None = None) -> tuple[Mention, ...]:
    article = Article(id="test", text=text, date_published=date.fromisoformat(day) if day else None)
    return find_mentions(article, split_sentences(text), GAZETTEER)


def show(mentions: tuple[Mention, ...]) -> list[str]:
    return sorted(
        f"{'' if one.counted else '~'}{one.country}@{one.start_char}-{one.end_char}"
        for one in mentions
    )


def read_cases() -> Iterator[tuple[str, str, str]]:
    for path in sorted(CASES.glob("mentions_*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            sentence, expected, day = line.split("\t")
            yield sentence, expected, day


@pytest.mark.parametrize(("sentence", "expected", "day"), list(read_cases()))
def test_a_sentence_names_these_countries(sentence: str, expected: str, day: str) -> None:
    found = show(read(sentence, None if day == "-" else day))
    assert found == sorted([] if expected == "-" else expected.split())


def read_aliases() -> Iterator[tuple[str, str, str]]:
    with (DATA / "mentions" / "aliases.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            plain = row["case"] in {"name", "upper"} and float(row["confidence"]) >= 0.5
            if plain and GAZETTEER.countries[row["code"]].kind != "historic":  # type: ignore[index]
                yield row["phrase"], row["code"], row["near"].split("|")[0]


@pytest.mark.parametrize(("alias", "code", "near"), list(read_aliases()))
def test_every_alias_is_found_in_its_context(alias: str, code: str, near: str) -> None:
    text = f"We know that {alias} signed. The note spoke of {near or 'nothing'}."
    found = [one for one in read(text) if one.start_char == 13 and one.counted]
    assert [one.country for one in found] == [code]
    assert found[0].text.rstrip(".") == alias.rstrip(".")


@pytest.mark.parametrize(
    "country",
    [one for one in GAZETTEER.countries.values() if one.kind == "state"],
    ids=lambda one: one.code,
)
def test_every_state_has_a_demonym(country: object) -> None:
    code = getattr(country, "code", "")
    with (DATA / "mentions" / "aliases.csv").open(encoding="utf-8", newline="") as table:
        kinds = [row["kind"] for row in csv.DictReader(table) if row["code"] == code]
    assert "demonym" in kinds
    assert "name" in kinds


def test_historic_states_yield_no_mention() -> None:
    assert show(read("The Soviet Union and Yugoslavia fell, and Czechoslovakia split.")) == []


def test_boilerplate_yields_no_mention() -> None:
    text = "Israel struck Iran. (Reporting by Jane Roe in Jerusalem; Editing by John Doe in Baku)"
    assert {one.country for one in read(text)} == {"ISR", "IRN"}


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\n", "  "])
def test_any_white_space_parts_the_words_of_a_name(space: str) -> None:
    text = f"The minister flew to Saudi{space}Arabia today for a long round of talks on oil."
    assert [one.country for one in read(text)] == ["SAU"]


def test_characters_that_nobody_sees_do_not_hide_a_name() -> None:
    text = "The army of Isra\u200bel and Tu\u0308rkiye met."
    assert [(one.country, one.text) for one in read(text)] == [
        ("ISR", "Isra\u200bel"),
        ("TUR", "Tu\u0308rkiye"),
    ]


def test_a_leader_counts_only_in_the_term_of_office() -> None:
    text = "Joe Biden and Donald Trump spoke on the phone."
    for day, names in [("2022-06-01", ["Joe Biden"]), ("2025-06-01", ["Donald Trump"])]:
        assert [one.text for one in read(text, day)] == names
    undated = read(text)
    assert [one.text for one in undated] == ["Joe Biden", "Donald Trump"]
    assert max(one.confidence for one in undated) < 0.7


def test_a_region_yields_one_mention_for_each_member() -> None:
    found = read("The Baltic states armed.")
    assert [one.country for one in found] == ["EST", "LTU", "LVA"]
    assert {(one.start_char, one.kind, one.confidence) for one in found} == {
        (4, MentionKind.REGION, 0.5)
    }


def test_the_seed_article_names_the_countries_of_its_labels() -> None:
    text = next(SEEDS.glob("000_*.txt")).read_text(encoding="utf-8")
    found = read(text, "2025-08-01")
    expected = "ARE ARM AZE BHR CAN FRA GBR IRN ISR KAZ KGZ MAR PSE RUS SAU SDN TJK TKM USA UZB"
    assert sorted({one.country for one in found if one.counted}) == expected.split()
    assert [one.text for one in found if one.country == "RUS"] == ["Russia"]
    pairs = {one.text for one in found if one.kind is MentionKind.COREFERENCE}
    assert {"The Kingdom", "it", "this nation", "Both countries", "both sides"} <= pairs
    for phrase in ("the two Caucasus countries", "Both countries", "both sides", "the two nations"):
        assert {one.country for one in found if one.text == phrase} == {"ARM", "AZE"}
    assert {one.country for one in found if one.text == "The Kingdom"} == {"SAU"}


WORDS = st.sampled_from(
    [
        *("Georgia", "Jordan", "the two", "countries", "U.S.", "US", "said", "it", "will", "New"),
        *("Mexico", "President", "Trump", "Kim", "both sides", "Israel's", "-", "(", ")", "."),
        *(
            "\n",
            "\n\n",
            "Côte d’Ivoire",
            "the Kingdom",
            "Saudi",
            "Central Asian",
            "nations",
            "\u200b",
        ),
        *("(Reporting by", "St.", "Petersburg", "and", ",", "he", "Bank of", "Open", "Sino", "’"),
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=60).map(" ".join))


@given(ANY_TEXT, st.sampled_from([None, "2005-05-05", "2025-08-01"]))
@settings(max_examples=400, deadline=None)
def test_any_text_yields_true_slices_of_body_or_heading(text: str, day: str | None) -> None:
    kept = [one for one in split_sentences(text) if one.kind is not SentenceKind.BOILERPLATE]
    found = read(text, day)
    assert list(found) == sorted(found, key=lambda one: (one.start_char, one.end_char, one.country))
    for one in found:
        assert text[one.start_char : one.end_char] == one.text != ""
        assert one.country in GAZETTEER.countries
        assert 0 < one.confidence <= 1
        inside = (s.start_char <= one.start_char < one.end_char <= s.end_char for s in kept)
        assert any(inside)
    spans = {(one.start_char, one.end_char, one.country) for one in found}
    assert len(spans) == len(found)


@pytest.mark.parametrize(
    "piece",
    ["Georgia ", "Israel and Iran met. ", "both countries ", "it will ", "Congo, ", "X", "Trump "],
)
def test_time_grows_with_length_alone(piece: str) -> None:
    def measure(size: int) -> float:
        text = piece * (size // len(piece))
        # Time of computing: others run on the same cores.
        start = time.process_time()
        read(text, "2025-08-01")
        return time.process_time() - start

    measure(1000)
    small, large = (min(measure(size) for _ in range(3)) for size in (20_000, 160_000))
    assert large < max(small, 0.01) * 40, "eight times the text may take no more than forty times"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x" * 1_000_000, 0),
        ("Norway " * 100_000, 100_000),
        ("It rained in the valley. " * 200_000, 0),
        ("\x07\x00\x1b[31m Norway \ufeff\u202e Sweden \ud83d", 2),
    ],
    ids=["one long word", "a hundred thousand names", "five megabytes", "control characters"],
)
def test_a_monstrous_text_is_read_to_its_end(text: str, found: int) -> None:
    assert len(read(text)) == found


def test_mentions_survive_as_plain_data() -> None:
    found = read("Israel struck Iran.")
    assert json.loads(json.dumps([one.kind for one in found])) == ["name", "name"]


@pytest.mark.parametrize(("between", "found"), [(7, []), (8, ["Turkey"])])
def test_a_word_near_by_tells_what_a_name_means(between: int, found: list[str]) -> None:
    text = f"We saw Turkey {'word ' * between}stuffing."
    assert [one.text for one in read(text)] == found


@pytest.mark.parametrize(("titles", "found"), [("A B C D", []), ("A B C D E", ["Narendra Modi"])])
def test_former_reaches_over_some_titles(titles: str, found: list[str]) -> None:
    text = f"Former {titles} Narendra Modi spoke."
    assert [one.text for one in read(text, "2022-06-01")] == found


@pytest.mark.parametrize(
    ("text", "day", "found"),
    [
        ("President Biden spoke.", "2022-06-01", [("Biden", 0.8)]),
        ("President Biden spoke.", None, [("Biden", 0.6)]),
        ("President MODI spoke.", "2022-06-01", [("MODI", 0.8)]),
        ("President XI spoke.", "2022-06-01", []),
        ("They met ethnic Albanians.", None, [("Albanians", 0.4)]),
        ("US SAYS", None, [("US", 1.0)]),
        ("US SAYS NO", None, [("US", 0.7)]),
    ],
)
def test_how_sure_a_mention_is(text: str, day: str | None, found: list[tuple[str, float]]) -> None:
    mentions = read(text, day) if day else read(text)
    assert [(one.text, one.confidence) for one in mentions] == found


def test_the_longest_words_of_a_rule_beside_a_name_are_looked_at_whole() -> None:
    words = load_gazetteer().words
    beside = ("us_state", "office", "high_office", "courtesy", "said")
    assert max(len(phrase) for name in beside for phrase in words[name]) == LONGEST_RULE
