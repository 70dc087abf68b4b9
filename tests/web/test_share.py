"""Share: a link that holds what is seen, code to embed it that nothing breaks out of, and a citation."""

import html
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

from geo.web.share import list_forms, write_held

LINK = "https://maps.example/?focus=RUS&as_of=2026-12-01"


def test_what_the_scripts_hold_goes_into_the_link_and_nothing_else_does() -> None:
    asked = {"at": "12.5_-30.0_180.2", "only": "war", "open": "RUS-UKR", "focus": "RUS"}
    assert parse_qs(urlsplit(f"?x=1{write_held(asked)}").query) == {
        "x": ["1"], "at": ["12.5_-30.0_180.2"], "only": ["war"], "open": ["RUS-UKR"],
    }  # fmt: skip
    wrong = {"at": "1_2", "only": "<script>", "open": "RUS"}
    assert write_held(wrong) == ""
    assert write_held(None) == write_held({"at": 3}) == ""


def test_a_view_is_passed_on_as_a_link_as_code_and_as_a_citation() -> None:
    forms = dict(list_forms("Armenia is in talks with Azerbaijan", date(2026, 12, 1), LINK))
    assert list(forms) == ["Link", "Embed", "Cite"]
    assert forms["Link"] == LINK
    source = re.search(r'src="([^"]*)"', forms["Embed"])
    assert source
    assert html.unescape(source[1]) == f"{LINK}&embed=true"
    for words in ("Armenia is in talks with Azerbaijan", "1 December 2026", LINK, "MIT"):
        assert words in forms["Cite"]


def test_nothing_breaks_out_of_the_code_that_embeds_a_view() -> None:
    forms = dict(list_forms('"><script>x</script>', date(2026, 12, 1), LINK + '"><script>'))
    assert "<script>" not in forms["Embed"]
