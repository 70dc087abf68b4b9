"""Lines: JSON lines and rows of tables become articles, and a wrong one says why."""

import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ArticleError
from geo.reading import lines
from geo.reading.fields import Told
from geo.reading.lines import read_columns, read_lines, read_rows, split_lines
from geo.records import Article, DateBasis, Skipped

DAY, OTHER_DAY = date(2024, 5, 17), date(2025, 1, 2)


def skip_one(found: Iterator[Article | Skipped]) -> Skipped:
    (skipped,) = found
    assert isinstance(skipped, Skipped), skipped
    return skipped


def read_fields(fields: object, **told: object) -> Article | Skipped:
    line = json.dumps(fields).encode()
    (found,) = read_lines([line], **told)  # type: ignore[arg-type]
    return found


WRONG_FIELDS = [
    ({"title": 1}, "The field title must be a text or null."),
    ({"url": ["x"]}, "The field url must be a text or null."),
    ({"publisher": {}}, "The field publisher must be a text or null."),
    ({"language": True}, "The field language must be a text or null."),
    ({"date_published": "17 May 2024"}, "must be a date as YYYY-MM-DD, not '17 May 2024'"),
    ({"date_published": "2024-02-30"}, "must be a date as YYYY-MM-DD"),
    ({"date_published": "20240517"}, "must be a date as YYYY-MM-DD"),
    ({"date_published": 20240517}, "must be a date as YYYY-MM-DD"),
    ({"date_published": ""}, "must be a date as YYYY-MM-DD"),
    ({"date_basis": "guessed"}, "The field date_basis must be one of stated, inferred, unknown."),
    ({"date_basis": []}, "The field date_basis must be one of stated, inferred, unknown."),
]


# JSON lines ----------------------------------------------------------------------------------------


def test_each_line_of_json_gives_an_article_in_order() -> None:
    given_lines = [
        b'{"id": "b", "text": "Norway", "date_published": "2024-05-17T08:00:00Z", "more": 1}\r\n',
        b"  \n",
        b'{"id": "a", "text": ""}',
    ]
    assert list(read_lines(given_lines)) == [
        Article(id="b", text="Norway", date_published=DAY, date_basis=DateBasis.STATED),
        Article(id="a", text=""),
    ]


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        (b"{", "line 1", "The line is no JSON object."),
        (b"\xff\xfe{", "line 1", "The line is no JSON object."),
        (b"[]", "line 1", "The line is no JSON object."),
        (b"null", "line 1", "The line is no JSON object."),
        (b"[" * 200_000, "line 1", "The line is no JSON object."),
        (b'{"id": ' * 200_000, "line 1", "The line is no JSON object."),
        (b'{"id": "a", "n": ' + b"9" * 5000 + b"}", "line 1", "The line is no JSON object."),
        (b'{"text": "Norway"}', "line 1", "The field id is missing; it must be a text."),
        (b'{"id": "", "text": "Norway"}', "line 1", "The field id is missing"),
        (b'{"id": true, "text": "Norway"}', "line 1", "The field id is missing"),
        (b'{"id": 1.5, "text": "Norway"}', "line 1", "The field id is missing"),
        (b'{"id": "a"}', "a", "The field text is missing; it must be a text."),
        (b'{"id": "a", "text": null}', "a", "The field text is missing"),
        (b'{"id": "a", "text": ["Norway"]}', "a", "The field text is missing"),
        (rb'{"id": "a", "text": "Norway \ud83d"}', "a", "half of a surrogate pair"),
    ],
)
def test_a_wrong_line_is_skipped_with_the_reason(line: bytes, name: str, reason: str) -> None:
    skipped = skip_one(read_lines([line]))
    assert skipped.name == name
    assert reason in skipped.reason


@pytest.mark.parametrize(("fields", "reason"), WRONG_FIELDS)
def test_a_wrong_field_of_a_line_skips_it(fields: dict[str, object], reason: str) -> None:
    skipped = read_fields({"id": "a", "text": "Norway"} | fields)
    assert isinstance(skipped, Skipped)
    assert skipped.name == "a"
    assert reason in skipped.reason


@pytest.mark.parametrize("field", ["id", "title", "publisher", "url", "license"])
def test_half_of_a_surrogate_pair_is_refused_in_every_field(field: str) -> None:
    found = read_fields({"id": "a", "text": "Norway"} | {field: "Harbor \ud83d"})
    assert isinstance(found, Skipped)


def test_a_wrong_line_is_named_by_its_number_and_the_others_are_read() -> None:
    given_lines = [
        b'{"id": 7, "text": "Norway"}\n',
        b"\n",
        b"{\n",
        b'{"id": "c", "text": "Chad"}\n',
    ]
    assert list(read_lines(given_lines)) == [
        Article(id="7", text="Norway"),
        Skipped("line 3", "The line is no JSON object."),
        Article(id="c", text="Chad"),
    ]


def test_a_line_that_is_too_long_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LARGEST_LINE", 30)
    short, long = (json.dumps({"id": "a", "text": "x" * size}).encode() for size in (5, 50))
    article, skipped = read_lines([short, long])
    assert isinstance(article, Article)
    assert skipped == Skipped("line 2", "The line is longer than 30 bytes.")


def test_a_line_without_an_end_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LARGEST_LINE", 30)
    short = b'{"id": "a", "text": "x"}'
    for long in (b"x" * 30 + b"\n", b"x" * 31 + b"\n", b"x" * 95 + b"\n", b"x" * 62 + b"\n"):
        first, cut, last = split_lines(io.BytesIO(short + b"\n" + long + short))
        assert (first, last) == (short + b"\n", short)
        assert cut == long[:31]
        assert [type(line) for line in read_lines([cut])] == [Skipped]


def test_lines_are_read_one_at_a_time() -> None:
    def give_lines() -> Iterator[bytes]:
        yield b'{"id": "a", "text": "Norway"}'
        pytest.fail("the second line was asked for before the first article was taken")

    assert next(read_lines(give_lines())) == Article(id="a", text="Norway")


def test_what_is_given_goes_before_what_a_line_says() -> None:
    fields = {
        "id": "a",
        "text": "Norway",
        "publisher": "The Harbor",
        "date_published": "2024-05-17",
    }
    article = read_fields(fields, date_published=OTHER_DAY, publisher="Me")
    assert isinstance(article, Article)
    assert (article.date_published, article.date_basis, article.publisher) == (
        OTHER_DAY,
        DateBasis.STATED,
        "Me",
    )


def test_a_date_given_takes_the_place_of_the_note_of_a_line() -> None:
    fields = {
        "id": "a",
        "text": "Norway",
        "date_published": "2024-05-17",
        "date_basis": "inferred",
        "date_note": "The text speaks of Whit Friday",
    }
    article = read_fields(fields, date_published=OTHER_DAY)
    assert isinstance(article, Article)
    assert (article.date_basis, article.date_note) == (DateBasis.STATED, None)


@given(st.binary(max_size=200))
def test_any_line_is_an_article_or_skipped(line: bytes) -> None:
    for found in read_lines([line]):
        assert isinstance(found, Article | Skipped)


def test_a_line_may_name_its_fields_otherwise() -> None:
    line = json.dumps({"id": "a", "text": "no", "body": "Norway", "day": "2024-05-17"}).encode()
    (article,) = read_lines([line], columns={"text": "body", "date_published": "day"})
    assert article == Article(
        id="a", text="Norway", date_published=DAY, date_basis=DateBasis.STATED
    )


# Tables --------------------------------------------------------------------------------------------


def read_table(source: bytes, **columns: str) -> list[Article | Skipped]:
    return list(read_rows(split_lines(io.BytesIO(source)), "news.csv", Told(columns=columns)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_each_row_of_a_table_gives_an_article(delimiter: str, mark: str) -> None:
    rows = [
        ["id", "Text", "date_published", "publisher", "mood"],
        ["a", '"Norway, Sweden;\tand ""Chad""\nsigned."', "2024-05-17", "The Harbor", "x"],
        ["", "", "", "", ""],
        ["b", "Mali"],
    ]
    source = mark + "\r\n".join(delimiter.join(row) for row in rows)
    first, second = read_table(source.encode())
    assert first == Article(
        id="a",
        text='Norway, Sweden;\tand "Chad"\nsigned.',
        date_published=DAY,
        date_basis=DateBasis.STATED,
        publisher="The Harbor",
    )
    assert second == Article(id="b", text="Mali")


def test_columns_of_other_names_are_named_by_the_reader() -> None:
    source = b"Body,date,text\nNorway signed.,2024-05-17,no\n"
    (article,) = read_table(source, text="body", date_published="date")
    assert isinstance(article, Article)
    assert (article.text, article.date_published) == ("Norway signed.", DAY)


def test_a_row_without_an_id_gets_the_same_one_each_time() -> None:
    one, other = read_table(b"text\nNorway\nSweden\n")
    assert [one, other] == read_table(b"text\nNorway\nSweden\n")
    assert isinstance(one, Article)
    assert isinstance(other, Article)
    assert one.id != other.id


def test_a_table_in_windows_1252_is_read() -> None:
    (article,) = read_table("text\nCôte d’Ivoire".encode("windows-1252"))
    assert isinstance(article, Article)
    assert article.text == "Côte d’Ivoire"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "has no column text; its columns are none"),
        (b"body,day\nNorway,2024-05-17\n", "has no column text; its columns are body, day."),
        ("text\nNorway".encode("utf-16"), "Save it as CSV in UTF-8."),
        (b"text" + b"," * 2000, "more than 1,000 columns"),
        (b'text\n"Norway' + b" signed\n" * 1000, "is a quote left open?"),
        (b'text\n"Norway"' + b',"\n"' * 2000, "is a quote left open?"),
    ],
    ids=["empty", "no text", "utf-16", "wide", "open quote", "long row"],
)
def test_what_is_no_table_of_articles_says_why(
    monkeypatch: pytest.MonkeyPatch, source: bytes, reason: str
) -> None:
    monkeypatch.setattr(lines, "LARGEST_ROW", 5000)
    (skipped,) = read_table(source)
    assert isinstance(skipped, Skipped)
    assert skipped.name == "news.csv"
    assert reason in skipped.reason


def test_a_column_that_is_named_and_not_there_is_told() -> None:
    (skipped,) = read_table(b"text,day\nNorway,x\n", date_published="date")
    assert isinstance(skipped, Skipped)
    assert "has no column date; its columns are text, day." in skipped.reason


def test_a_wrong_row_is_skipped_alone() -> None:
    source = b"id,text,date_published\na,Norway,17 May\nb,,2024-05-17\nc,Chad,2024-05-17\n"
    wrong, empty, right = read_table(source)
    assert isinstance(wrong, Skipped)
    assert isinstance(empty, Skipped)
    assert (wrong.name, empty.name) == ("a", "b")
    assert "must be a date as YYYY-MM-DD, not '17 May'" in wrong.reason
    assert isinstance(right, Article)


def test_columns_are_named_as_fields_and_columns() -> None:
    assert read_columns("text=body, date_published = date") == {
        "text": "body",
        "date_published": "date",
    }


@pytest.mark.parametrize("text", ["", "text", "text=", "body=text", "text=body,", "topics=x"])
def test_a_column_that_is_named_wrongly_says_how(text: str) -> None:
    with pytest.raises(ArticleError, match="Write FIELD=COLUMN"):
        read_columns(text)


@given(st.binary(max_size=200))
def test_any_table_gives_articles_or_says_why(source: bytes) -> None:
    for found in read_table(b"text,id\n" + source):
        assert isinstance(found, Article | Skipped)
