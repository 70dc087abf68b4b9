"""A matrix: symmetric, its diagonal empty, each cell a state in words that leads to its pair."""

import re
from datetime import date

from geo.map.lenses import Standing
from geo.records import CountryCode, State, pair_of
from geo.web.matrix import describe_matrix, describe_matrix_head, list_matrix
from geo.web.rendering import render
from tests.samples import BAHRAIN, MALTA, NORWAY, SWEDEN, make_context

DAYS = (date(2024, 5, 17), date(2024, 6, 1))
STANDINGS = {
    pair_of(BAHRAIN, NORWAY): Standing(State.REFUSES, contested=True, pale=False),
    pair_of(NORWAY, SWEDEN): Standing(State.TIES, contested=False, pale=True),
}
COUNTRIES = (SWEDEN, NORWAY, MALTA, BAHRAIN)


def test_a_matrix_is_symmetric_and_its_diagonal_is_empty() -> None:
    matrix = describe_matrix(COUNTRIES, STANDINGS, "Four", DAYS, make_context())
    cells = [row.cells for row in matrix.rows]
    for one in range(4):
        assert cells[one][one] is None
        for other in range(4):
            first, second = cells[one][other], cells[other][one]
            assert (first.pair if first else None) == (second.pair if second else None)
            if first and second:
                assert first.is_second != second.is_second
    assert [row.name for row in matrix.rows] == sorted(row.name for row in matrix.rows)


def test_a_cell_says_its_state_what_marks_it_and_leads_to_its_pair() -> None:
    matrix = describe_matrix(COUNTRIES, STANDINGS, "Four", DAYS, make_context())
    cells = {cell.pair: cell for row in matrix.rows for cell in row.cells if cell}
    refused, tied = cells["BHR-NOR"], cells["NOR-SWE"]
    assert (refused.swatch.code, refused.tone, refused.is_contested) == ("refuses", "", True)
    assert (tied.swatch.code, tied.tone, tied.is_contested) == ("ties", "pale", False)
    assert tied.link == "pair?pair=NOR-SWE&as_of=2024-05-17&known_on=2024-06-01"
    assert "contested" in refused.title
    assert [(key.swatch.code, key.number) for key in matrix.keys] == [("refuses", 1), ("ties", 1)]
    assert (matrix.pale, matrix.contested) == (1, 1)


def test_the_table_has_a_caption_and_the_scope_of_each_head() -> None:
    matrix = describe_matrix(COUNTRIES, STANDINGS, "<b>Four</b>", DAYS, make_context())
    written = render("matrix.html", matrix=matrix)
    assert (
        "<caption>&lt;b&gt;Four&lt;/b&gt;: how each pair stood on 17 May 2024</caption>" in written
    )
    assert len(re.findall('<th scope="col">', written)) == len(COUNTRIES)
    assert len(re.findall('<th scope="row">', written)) == len(COUNTRIES)
    assert written.count('class="e-self"') == len(COUNTRIES)
    assert written.count("data-pair=") == 4
    assert written.count('tabindex="-1"') == 2


def test_the_head_counts_pairs_by_state_from_the_worst() -> None:
    head = describe_matrix_head("Four", STANDINGS, 4, DAYS, "A note.", make_context())
    assert head.title == "Four:"
    assert head.said.startswith("1 pair ")
    assert "2 of 6 pairs have a state." in head.text
    assert "as known on 1 June 2024" in head.text
    empty = describe_matrix_head("Four", {}, 4, DAYS, "", make_context())
    assert empty.said == "no relation found"


def test_the_lines_of_a_matrix_tell_what_is_contested_or_uncertain() -> None:
    rows = {row["Pair"]: row for row in list_matrix(STANDINGS, make_context())}
    assert (rows["BHR-NOR"]["Contested"], rows["BHR-NOR"]["Uncertain"]) == ("yes", "")
    assert (rows["NOR-SWE"]["Contested"], rows["NOR-SWE"]["Uncertain"]) == ("", "yes")
    assert CountryCode("MLT") not in str(rows)
