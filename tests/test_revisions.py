"""Revisions: an edit supersedes what it changed, and nothing else."""

import random
from itertools import permutations

from geo.revisions import find_newest, select_standing

PAGE, OTHER = "wikipedia:2024-03-04", "wikipedia:2024-03-05"
BEFORE = [(PAGE, 99, "a"), (PAGE, 99, "b"), (PAGE, 99, "c")]
# The edit left a alone, changed b into d and took c out.
AFTER = [(PAGE, 100, "a"), (PAGE, 100, "d")]


def test_before_an_edit_all_articles_stand() -> None:
    assert select_standing(BEFORE) == {*BEFORE}
    assert select_standing([]) == set()


def test_an_edit_supersedes_what_it_changed_and_what_it_took_out() -> None:
    assert select_standing([*BEFORE, *AFTER]) == {*AFTER}


def test_the_order_of_the_rows_decides_nothing() -> None:
    rows = [*BEFORE[:2], *AFTER]
    assert {select_standing(order) for order in permutations(rows)} == {frozenset(AFTER)}


def test_revisions_are_compared_as_numbers() -> None:
    assert find_newest([*AFTER, *BEFORE, (OTHER, 7, "e")]) == {PAGE: 100, OTHER: 7}


def test_another_page_is_left_alone() -> None:
    other = (OTHER, 7, "e")
    assert select_standing([*BEFORE, other, *AFTER]) == {*AFTER, other}


def test_what_has_no_source_or_no_revision_always_stands() -> None:
    rows = [(None, None, "f"), (PAGE, None, "g"), (None, 3, "h")]
    assert select_standing([*BEFORE, *rows, *AFTER]) == {*AFTER, *rows}
    assert find_newest(rows) == {}


def test_of_many_edits_the_last_stands() -> None:
    chance = random.Random(5)
    rows = [(PAGE, number, f"{chance.randrange(9)}") for number in range(50) for _ in range(4)]
    standing = select_standing(chance.sample(rows, len(rows)))
    assert standing == {row for row in rows if row[1] == 49}
