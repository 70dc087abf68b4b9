"""Encodings: bytes become the text that was written, and what is no text is refused."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ArticleError
from geo.reading.encodings import decode_text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Norway’s king said “no”. " * 9, "windows-1252"),
        ("It cost €5 million, the café said.", "windows-1252"),
        ("<?xml encoding='koi8-r'?> Россия и Норвегия подписали договор о рыболовстве", "koi8-r"),
        ("charset=gb18030 挪威和瑞典签署了渔业协定，两国政府表示协定有效期为十年。", "gb18030"),
    ],
)
def test_a_text_that_is_not_utf_8_is_read_as_it_was_written(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_byte_that_is_lost_does_not_spoil_the_others(mark: bytes) -> None:
    source = mark + "Norway’s king said “no” to Côte d’Ivoire…".encode()
    assert decode_text(source[:-1]) == "Norway’s king said “no” to Côte d’Ivoire\ufffd"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_a_text_in_utf_8_is_taken_as_it_stands(text: str) -> None:
    assert decode_text(b" " + text.encode()) == f" {text}"


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(source: bytes) -> None:
    try:
        text = decode_text(source)
    except ArticleError as error:
        assert "Save the article" in str(error)  # noqa: PT017 - both ends are right
    else:
        assert "\0" not in text
