"""Time: bars where the evidence lies, years under them, and a country's pairs as stripes with links."""

import re
from datetime import date
from urllib.parse import unquote

from geo.records import CountryCode, State
from geo.web.rendering import render
from geo.web.timeline import describe_timeline, describe_years, list_ticks
from tests.samples import BAHRAIN, NORWAY, SWEDEN, make_context
from tests.web.parsed import Parsed

FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
HERE, OTHER = (BAHRAIN, NORWAY), (NORWAY, SWEDEN)


def test_a_bar_stands_where_its_month_lies_and_is_as_high_as_it_has_quotes() -> None:
    months = {date(2020, 1, 1): 10, date(2024, 12, 1): 5, date(2025, 3, 1): 99}
    timeline = describe_timeline(months, FIRST, LAST)
    bars = re.findall(r"M(\d+),20v-([\d.]+)h(\d+)", unquote(timeline.image))
    assert bars == [("0", "20", "31"), ("1796", "10", "30")]
    assert timeline.label == (
        "15 quotes from January 2020 to December 2024, most of them in January 2020 (10)"
    )
    shown = render("timeline.html", timeline=timeline)
    assert timeline.label in shown
    assert 'role="img"' in shown


def test_years_are_written_where_they_begin_and_no_more_than_there_is_room_for() -> None:
    assert [tick.label for tick in list_ticks(FIRST, LAST)] == ["2021", "2022", "2023", "2024"]
    long = list_ticks(date(1990, 5, 1), LAST)
    assert len(long) <= 7
    assert all(0 < tick.left < 100 for tick in long)
    assert list_ticks(FIRST, date(2020, 3, 1)) == []


def test_a_country_shows_its_pairs_over_the_years_with_links_to_their_turning_points() -> None:
    stretches = [
        (HERE, State.REFUSES, date(2020, 1, 1), date(2021, 1, 1)),
        (HERE, State.REFUSES, date(2021, 1, 1), date(2022, 1, 1)),
        (HERE, State.TIES, date(2023, 1, 1), None),
        (OTHER, State.WAR, date(2025, 6, 1), None),
    ]
    years = describe_years(NORWAY, stretches, {HERE: 3}, LAST, make_context())
    assert years
    (row,) = years.rows
    assert row.name == "Bahrain"
    assert [stripe.title for stripe in row.stripes] == [
        "Refuses, 1 January 2020 to 31 December 2021",
        "Ties, 1 January 2023 to 31 December 2024",
    ]
    assert [stripe.link for stripe in row.stripes] == [
        "pair?pair=BHR-NOR&as_of=2020-01-01",
        "pair?pair=BHR-NOR&as_of=2023-01-01",
    ]
    assert row.stripes[-1].left + row.stripes[-1].width == 100
    shown = Parsed(render("years.html", years=years))
    assert shown.links == [stripe.link for stripe in row.stripes]
    assert describe_years(CountryCode("USA"), [], {}, LAST, make_context()) is None


def test_the_pairs_that_are_told_of_most_come_first() -> None:
    stretches = [(pair, State.TIES, FIRST, None) for pair in (HERE, OTHER)]
    years = describe_years(NORWAY, stretches, {HERE: 1, OTHER: 5}, LAST, make_context())
    assert years
    assert [row.name for row in years.rows] == ["Sweden", "Bahrain"]
