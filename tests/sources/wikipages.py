"""Pages of the portal in its three layouts, written from items as their editors write them."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest

from geo.records import Citation
from geo.sources.wikitext import Item

LAYOUTS = ("header", "content", "top")
ITEMS = (
    Item(
        text="Norway recalls its ambassador from Sweden.",
        category="International relations",
        topics=("Nordic fishing dispute", "Norway–Sweden relations, Barents Sea"),
        cited=(Citation(name="The Harbor", url="https://harbor.example/1?a=b&c=d"),),
    ),
    Item(
        text='Sweden calls it "a storm in a glass"; talks (the third) go on for 7.5 million kroner.',
        category="International relations",
        topics=("Nordic fishing dispute", "Norway–Sweden relations, Barents Sea"),
        cited=(
            Citation(name="Gazette", url="https://gazette.example/2"),
            Citation(name="AFP via Morning Post", url="https://post.example/3"),
        ),
    ),
    Item(
        text="Malta's parliament ratifies a pact with Chad.",
        category="International relations",
        topics=("Nordic fishing dispute", "Two", "Three"),
    ),
    Item(
        text="A ship runs aground off Bahrain. Nobody is hurt.",
        category="Disasters and accidents",
        cited=(Citation(name="Gazette", url="https://gazette.example/4"),),
    ),
)
DAY = date(2024, 3, 4)


def name_page(day: date) -> str:
    """Return the title of a day's page."""
    return f"Portal:Current events/{day.year} {day:%B} {day.day}"


def write_day(items: Iterable[Item], day: date, layout: str) -> str:
    """Return a day's page as wikitext."""
    told = f"year={day.year}|month={day.month}|day={day.day}"
    if layout == "header":
        stamp = f"{day.year}|{day.month:02}|{day.day:02}"
        start, end = f"{{{{Current events header|{stamp}}}}}", "{{Current events footer}}"
    elif layout == "content":
        start, end = f"{{{{Current events|{told}|content=\n", "}}"
    else:
        start = f"{{{{Current events|{told}|top=yes}}}}"
        end = f"{{{{Current events|{told}|bottom=yes}}}}"
    body = "\n".join(_write_items(items, bold=layout != "content"))
    return (
        f"{start}\n<!-- All news items below this line -->\n{body}\n"
        f"<!-- All news items above this line -->\n{end}\n"
    )


def _write_items(items: Iterable[Item], *, bold: bool) -> Iterable[str]:
    category: str | None = None
    above: Sequence[str] = ()
    for item in items:
        if item.category != category:
            category, above = item.category, ()
            if category:
                yield f"'''{category}'''" if bold else f";{category}"
        shared = 0
        for old, new in zip_longest(above, item.topics):
            if old != new or new is None:
                break
            shared += 1
        for level, topic in enumerate(item.topics[shared:], start=shared + 1):
            links = ", ".join(f"[[{name}]]" for name in topic.split(", "))
            yield f"{'*' * level}{links}"
        above = item.topics
        links = " ".join(f"[{outlet.url} ({outlet.name})]" for outlet in item.cited)
        yield f"{'*' * (len(item.topics) + 1)} {item.text} {links}"
