"""Words: dates, counts and titles in the reader's language."""

from geo.languages import choose_language
from geo.web.words import write_title


def test_a_title_is_spaced_as_its_language_asks() -> None:
    assert write_title("France", "1 tie") == "France: 1 tie"
    choose_language("fr")
    try:
        assert write_title("France", "1") == "France\N{NO-BREAK SPACE}: 1"
    finally:
        choose_language("en")
