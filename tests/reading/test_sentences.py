"""Sentences: where they end, what is heading or boilerplate, and that nothing takes too long."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.paths import SEEDS
from geo.reading import sentences
from geo.reading.sentences import split_sentences
from geo.records import SentenceKind

BODY, HEADING, BOILERPLATE = SentenceKind.BODY, SentenceKind.HEADING, SentenceKind.BOILERPLATE
HEADLINE = SentenceKind.HEADLINE
ODD_TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            [*"aAbzU.S!?…,;:'\"”’()[]- \n\r\t\u00a0\u2028\u200b1é中", " (Reporting by "]
        ),
        st.characters(),
    ),
    max_size=200,
).map("".join)


def cut(text: str) -> list[str]:
    return [text[one.start_char : one.end_char] for one in split_sentences(text)]


def label(text: str) -> list[tuple[SentenceKind, str]]:
    return [(one.kind, text[one.start_char : one.end_char]) for one in split_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["The U.S. envoy left.", "He came back."],
        ["Gen. Smith met Mr. Jones on Jan. 5 in Washington, D.C. on the way.", "It rained."],
        ["J. D. Vance met the U.N. chief.", "They spoke."],
        ["Prices rose 3.5 percent.", "Oil fell to $70.25."],
        ['"We will sign."', "He left."],
        ["“We will sign.”", "He left."],
        ["Will it hold?", "Yes!", "It will."],
        ["We waited...", "Nothing came."],
        ["He went to the U.S.", "The talks failed."],
        ["St. Lucia and St. Vincent signed.", "So did Grenada."],
        ["The firm, Acme Inc., left.", "Its rival stayed."],
        ["They met at 5 p.m. on Monday.", "They left."],
        ["He answered No.", "She stayed."],
        ["It is No. 5 on the list.", "He left."],
        ["Prof. A. B. Khan spoke.", "Dr. Lee answered."],
    ],
)
def test_sentences_end_where_news_ends_them(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected


def test_no_sentence_spans_two_paragraphs() -> None:
    assert cut("Israel and\n\nIran met in Oman today.") == ["Israel and", "Iran met in Oman today."]


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    text = (
        "The two governments said on Monday that they would open\n"
        "embassies before the end of the year and that the first\n"
        "envoys would travel in May. Trade talks come later.\n"
    )
    assert len(cut(text)) == 2


@pytest.mark.parametrize(
    "line", ["Latest News", "OBSTACLES REMAINS", "Iran and Israel trade blows"]
)
def test_a_short_line_without_a_stop_is_a_heading(line: str) -> None:
    assert label(f"Israel struck Iran.\n\n{line}\n\nIt rained.")[1] == (HEADING, line)


def test_a_heading_of_some_words_above_the_body_is_a_headline() -> None:
    lines = ["Latest News", "Iran and Israel trade blows", "Sea closed to ships", "It rained."]
    kinds = [HEADING, HEADLINE, HEADLINE, BODY]
    assert label("\n\n".join(lines)) == list(zip(kinds, lines, strict=True))
    assert label(f"# {lines[1]}\n\nIt rained.")[0] == (HEADLINE, lines[1])
    told = "Sources: Riyadh may pay for Yemen's new port"
    assert label(f"{told}\n\nIt rained.")[0] == (HEADLINE, told)


@pytest.mark.parametrize(
    "line",
    [
        "By Humeyra Pamuk",
        "By Jane Roe and John Doe, Reuters",
        "(source: Reuters)",
        "Sources: Reuters, Example Press",
        "(Reporting by Jane Roe in Baku; editing by John Doe)",
        "Reporting by Jane Roe; Editing by John Doe",
        "Read more: Iran and Israel trade blows",
        "Sign up for our newsletter to get news from Israel.",
        "The Azerbaijani government declined to comment.",
        "Iran's mission did not immediately respond to a request for comment.",
        "Requests for comment were not answered by the White House or Israel's foreign ministry.",
        "The ministry could not be reached for comment.",
        "Photo: The president of Turkey arrives in Baku",
        "A soldier stands guard in Gaza, July 5. REUTERS/Jane Roe",
        "Copyright 2025 Example Press. All rights reserved.",
    ],
)
def test_what_is_no_evidence_is_boilerplate(line: str) -> None:
    assert label(f"Israel struck Iran.\n\n{line}")[1:] == [(BOILERPLATE, line)]


@pytest.mark.parametrize(
    "dateline",
    [
        "WASHINGTON (Reuters) -",
        "JERUSALEM, July 5 (Reuters) -",
        "Beijing, Aug. 5 (Xinhua) --",
        "DUBAI, United Arab Emirates (AP) —",
        "KYIV —",
        "BAKU/YEREVAN (AFP) -",
    ],
)
def test_a_dateline_is_cut_from_its_sentence(dateline: str) -> None:
    assert label(f"{dateline} Russia struck Odesa.") == [
        (BOILERPLATE, dateline),
        (BODY, "Russia struck Odesa."),
    ]


def test_a_sign_off_glued_to_a_paragraph_is_cut_off() -> None:
    sign_off = (
        "(Reporting by Jane Roe; Additional reporting by John Doe in Baku; Editing by A. Poe)"
    )
    assert label(f'"We worked magic." {sign_off}') == [
        (BODY, '"We worked magic."'),
        (BOILERPLATE, sign_off),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "By the end of the day Israel had struck Iran and left.",
        "The minister commented on the request of Turkey.",
        "Iran (and Iraq) declined the offer.",
        "Read the treaty that Turkey signed, he said.",
    ],
)
def test_plain_sentences_are_body(sentence: str) -> None:
    assert label(sentence) == [(BODY, sentence)]


def test_the_seed_article_is_cut_as_its_labels_say() -> None:
    text = next(SEEDS.glob("000_*.txt")).read_text(encoding="utf-8")
    found = {(one.start_char, one.end_char): one.kind for one in split_sentences(text)}
    labelled = [(121, 337), (585, 676), (1142, 1254), (1255, 1388), (1652, 1755), (1756, 1955)]
    labelled += [(2489, 2698), (3380, 3533), (4314, 4403), (4472, 4632), (4736, 4833), (4835, 4953)]
    assert [found.get(span) for span in labelled] == [BODY] * len(labelled)
    kinds = {text[start:end]: kind for (start, end), kind in found.items()}
    assert kinds["Latest News"] is HEADING
    assert kinds["OBSTACLES REMAINS"] is HEADING
    assert kinds["(source: Reuters)"] is BOILERPLATE
    assert kinds["The Azerbaijani Government declined to comment."] is BOILERPLATE
    byline = next(words for words in kinds if words.startswith("(Reporting and editing"))
    assert kinds[byline] is BOILERPLATE


@given(ODD_TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_is_cut_in_order_without_loss(text: str) -> None:
    found = split_sentences(text)
    end = 0
    for one in found:
        assert end <= one.start_char < one.end_char <= len(text)
        assert not text[end : one.start_char].strip()
        assert text[one.start_char : one.end_char].strip() == text[one.start_char : one.end_char]
        end = one.end_char
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "piece",
    ["a", "(", ". ", "The U.S. said so. ", "(Reporting by ", "line\n", '."', "....", "A. ", " "],
)
def test_time_grows_with_length_alone(piece: str) -> None:
    def measure(size: int) -> float:
        text = piece * (size // len(piece)) + "x"
        start = time.perf_counter()
        split_sentences(text)
        return time.perf_counter() - start

    measure(1000)
    small, large = min(measure(50_000) for _ in range(3)), measure(400_000)
    assert large < max(small, 0.005) * 40, "eight times the text may take no more than forty times"


def test_a_broken_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "boilerplate.csv").open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows(
            [["kind", "scope", "pattern", "note"], ["body", "line", "(", ""]]
        )
    monkeypatch.setattr(sentences, "TABLES", tmp_path)
    sentences._load_patterns.cache_clear()
    with pytest.raises(DataError, match=r"boilerplate\.csv line 2, column pattern"):
        split_sentences("Israel struck Iran.")
    monkeypatch.undo()
    sentences._load_patterns.cache_clear()


def fill(length: int, first: str) -> str:
    """Return a line of words, as long as given, that nothing ends."""
    return (first + " word" * length)[: length - 1] + "x"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (fill(90, "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), HEADING),
        (fill(91, "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), BODY),
        ("One two three four five six seven eight nine ten eleven twelve", HEADING),
        ("One two three four five six seven eight nine ten eleven twelve thirteen", BODY),
    ],
)
def test_a_heading_is_short_in_letters_and_words(line: str, kind: SentenceKind) -> None:
    assert label(f"It rained.\n\n{line}")[-1] == (kind, line)


@pytest.mark.parametrize(("line", "kind"), [("Rain and snow", HEADLINE), ("Rain falls", HEADING)])
def test_a_headline_has_three_words(line: str, kind: SentenceKind) -> None:
    assert label(f"{line}\n\nIt rained.")[0] == (kind, line)


@pytest.mark.parametrize(("lengths", "count"), [((120, 95), 1), ((121, 110), 2), ((120, 94), 2)])
def test_lines_of_about_one_width_are_one_paragraph(lengths: tuple[int, int], count: int) -> None:
    first, second = lengths
    text = "\n".join([fill(first, "The"), fill(second, "and"), "Norway stayed out of it all."])
    assert len(cut(text)) == count
