"""What to say about a map, a country, a pair or an article, as HTML whose every value is escaped.

Text from outside (quotes, titles, publishers, links) enters through :func:`fill` alone, which escapes
whatever is not already :class:`Html`. Offsets count code points; a highlighted text, once its tags
are taken off, is the text itself.
"""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from urllib.parse import quote_plus, urlencode, urlsplit

from geo.languages import ENGLISH, find_language, load_strings, say
from geo.map.atlas import BorderView, load_disputes, load_views
from geo.map.lenses import FAINT_CONFIDENCE, Lens, View
from geo.map.palette import FOCUS, MENTIONED, NONE, PATTERNS, Palette, Swatch
from geo.records import (
    AccordEvidence,
    AccordState,
    Article,
    CountryCode,
    DateBasis,
    Evidence,
    Extraction,
    Interval,
    Mention,
    Modality,
    Pair,
    Period,
    Quote,
    Relation,
    RelationState,
    SentenceKind,
    Span,
)
from geo.states.ledger import Change, trace_place
from geo.states.settling import Weighed, load_rules, weigh_evidence

QUOTE_ONLY = "quote-only"
# Countries that a summary names one by one in a group, and places that it shows a mention in.
MOST_NAMED = 2
MOST_SENTENCES = 12
MOST_RANKED = 25
LONGEST_NOTE = 120
# Words at either end of a quote by which a browser finds it on its publisher's page.
FRAGMENT_WORDS = 5

_MODALITY = {
    Modality.ASSERTED: "",
    Modality.POSSIBLE: "Said to be possible",
    Modality.DENIED: "Denied by the text",
    Modality.PAST: "In the past",
}

# An entry of the legend, which the map's script filters by.
_ENTRY = (
    '<li><span role="button" tabindex="0" aria-pressed="false" data-value="{code}" '
    'title="{definition}">{chip}<span>{label}</span>{number}</span></li>'
)

# A line of a table: what its columns hold, ``None`` where there is nothing to tell.
Row = dict[str, str | int | float | None]


class Html(str):
    """Hold HTML whose values are escaped; only this module makes it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Hold a slice of a text that is to stand out, its CSS class, and a hint where it has one.

    ``anchor`` is the name by which a link on the same page leads to it.
    """

    start_char: int
    end_char: int
    kind: str
    hint: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Hold what a panel needs beside the evidence: names, swatches, articles, and where to link.

    ``link_quote`` gives the address of a quote in its article, ``link_pair`` that of a pair by itself;
    ``root`` is the address of the app where the links are read elsewhere.
    """

    names: Mapping[CountryCode, str]
    palette: Palette
    articles: Mapping[str, Article]
    link_quote: Callable[[str, Quote], str]
    link_pair: Callable[[RelationState], str] | None = None
    root: str = ""

    def name(self, country: CountryCode) -> str:
        """Return the name of a country, or its code where it has none."""
        return self.names.get(country, country)


@dataclass(frozen=True, slots=True)
class _Said:
    """Hold one thing that a quote says: its swatch, of whom, in which state, and how it was read."""

    swatch: Swatch
    who: str
    label: str
    facts: str


# Safe HTML ---------------------------------------------------------------------------------------


def fill(template: str, /, **values: object) -> Html:
    """Return a template with its ``{fields}`` filled, each escaped unless it is :class:`Html`."""
    safe = {
        key: value if isinstance(value, Html) else html.escape(str(value), quote=True)
        for key, value in values.items()
    }
    return Html(template.format_map(safe))


def join(parts: Iterable[Html], by: str = "") -> Html:
    """Return parts of HTML one after the other; ``by`` is text and is escaped."""
    return Html(html.escape(by).join(parts))


def check_link(url: str | None) -> str | None:
    """Return a URL that is safe to link to, or ``None``: http or https, with a host, one line."""
    if not url or any(ord(each) <= 0x20 or each in "\\\u2028\u2029\x7f" for each in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return url.strip()


def mark_text(text: str, marks: Iterable[Mark], *, start_char: int = 0) -> Html:
    """Return a text with marks, which may overlap; ``start_char`` is where it starts in its article.

    A part of a mark outside the text is left out.
    """
    end = start_char + len(text)
    edges: dict[int, tuple[list[Mark], list[Mark]]] = defaultdict(lambda: ([], []))
    for mark in marks:
        first, last = max(mark.start_char, start_char), min(mark.end_char, end)
        if first < last:
            edges[first][0].append(mark)
            edges[last][1].append(mark)
    parts: list[Html] = []
    active: list[Mark] = []
    position = start_char
    for edge in sorted({*edges, end}):
        piece = text[position - start_char : edge - start_char]
        parts += [
            fill('<span id="{anchor}"></span>', anchor=each.anchor)
            for each in active
            if each.anchor and each.start_char == position
        ]
        if piece and active:
            kinds = " ".join(dict.fromkeys(each.kind for each in active))
            hints = "; ".join(dict.fromkeys(each.hint for each in active if each.hint))
            hint = fill(' title="{hints}"', hints=hints) if hints else Html("")
            parts.append(
                fill(
                    '<mark class="{kinds}"{hint}>{piece}</mark>',
                    kinds=kinds,
                    hint=hint,
                    piece=piece,
                )
            )
        elif piece:
            parts.append(fill("{piece}", piece=piece))
        opened, closed = edges.get(edge, ([], []))
        active = [each for each in active if each not in closed] + opened
        position = edge
    return join(parts)


def write_date(day: date) -> str:
    """Return a date in words: 1 August 2025."""
    return say(
        "1 {month} {year}" if day.day == 1 else "{day} {month} {year}",
        day=day.day,
        month=say(f"{day:%B}"),
        year=day.year,
    )


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 quote, 2 quotes."""
    return f"{number:,} {say(one if number == 1 else many or one + 's')}"


# The map in words --------------------------------------------------------------------------------


def write_summary(
    view: View,
    states: Iterable[RelationState],
    speech: Speech,
    *,
    mentions: Mapping[CountryCode, int],
) -> tuple[str, str]:
    """Return what the map shows in words: its subject and what is said of it. Plain text, not HTML."""
    if view.lens is Lens.MENTIONS:
        if not mentions:
            return say("No country named"), say("no article has been read")
        often = sorted(mentions, key=lambda code: (-mentions[code], speech.name(code)))[:3]
        listed = ", ".join(f"{speech.name(code)} {mentions[code]:,}×" for code in often)
        number = count(len(mentions), "country", "countries")
        return say("{countries} named", countries=number), say("most often {listed}", listed=listed)
    if view.lens is Lens.TENSION:
        number = f"{len(view.shares):,}"
        worst = [each for each in _rank_tension(view, speech)[:3] if view.shares[each][0]]
        listed = ", ".join(f"{speech.name(code)} ({_write_share(view, code)})" for code in worst)
        said = say("most of it around {listed}", listed=listed) if listed else say("none found")
        return say("Tension among {number} countries", number=number), said
    conditions = {
        _other(each, view.subject): condition
        for each in states
        if view.subject in each.pair
        for condition in [_find_condition(each)]
        if condition
    }
    groups: dict[str, list[CountryCode]] = defaultdict(list)
    for country, value in view.values.items():
        groups[value].append(country)
    parts: list[str] = []
    for code, swatch in view.swatches.items():
        countries = sorted(groups.get(code, ()), key=speech.name)
        if code in (MENTIONED, NONE, FOCUS) or not countries:
            continue
        part = f"{len(countries):,}\N{NO-BREAK SPACE}{swatch.phrase}"
        if not parts:
            part = f"{count(len(countries), 'country', 'countries')} {swatch.phrase}"
        if len(countries) <= MOST_NAMED and code not in ("ties", "member"):
            named = [
                speech.name(each) + (f", {conditions[each]}" if each in conditions else "")
                for each in countries
            ]
            part += f" ({say(' and ').join(named)})"
        parts.append(part)
    if view.lens is Lens.ACCORD:
        nothing = say("no country's place is known")
        return view.accord or say("No accord named"), ", ".join(parts) or nothing
    subject = speech.name(view.subject) if view.subject else say("No country in focus")
    return subject, ", ".join(parts) or say("no relation found")


def write_lede(
    subject: str,
    said: str,
    *,
    as_of: date,
    newest: date | None,
    articles: int,
    known_on: date | None = None,
) -> Html:
    """Return the sentence above the map, and the dates and articles that it rests on."""
    return fill(
        '<header class="e-lede"><h1>{subject} <span>{said}</span></h1><p>{day}.</p></header>',
        subject=say("{subject}:", subject=subject),
        said=said,
        day=say(
            "{day}, from {articles}"
            if known_on in (None, as_of)
            else "{day}, from {articles} published by {known}",
            day=write_day(as_of, newest),
            articles=count(articles, "article"),
            known=write_date(known_on or as_of),
        ),
    )


def write_day(as_of: date, newest: date | None) -> str:
    """Return of which day a map is, in words, and how that day lies to the newest article's."""
    day = say("As of {day}", day=write_date(as_of))
    if newest is None:
        return day
    if as_of == newest:
        return say("{day}, the date of the newest article", day=day)
    if as_of > newest:
        days = count((as_of - newest).days, "day")
        return say("{day}, {days} after the newest article", day=day, days=days)
    return day


def write_return(query: str, borders: BorderView) -> Html:
    """Return the way from a map outside the app to the same map in it."""
    return fill(
        '<p class="e-note"><a href="{query}" target="_blank" rel="noopener">{text}</a> · {shapes}. '
        "{borders}</p>",
        query=query,
        text=say("Open this map in Entente"),
        shapes=say("Shapes: Natural Earth"),
        borders=say("Borders: {label}.", label=say(borders.in_sentence)),
    )


def write_disputes(speech: Speech) -> Html:
    """Return what each view of the borders follows, and every disputed area, where they differ first."""
    views = load_views()
    areas = sorted(load_disputes(), key=lambda each: len({*each.owners.values()}) == 1)
    followed = write_rows(
        {
            say("View"): say(each.label),
            say("What it follows"): say(each.description),
            say("Source"): say(each.source),
        }
        for each in views.values()
    )
    listed = write_rows(
        {
            say("Area"): say(each.name),
            say("Who holds and who claims it"): say(each.note),
            **{say(views[view].label): speech.name(each.owners[view]) for view in views},
            say("What the second view rests on"): say(each.basis),
        }
        for each in areas
    )
    return join((followed, listed))


def write_borders(speech: Speech) -> Html:
    """Return, closed, what the views of the borders follow and where they differ."""
    differing = sum(len({*each.owners.values()}) > 1 for each in load_disputes())
    return fill(
        '<details class="e-how e-borders"><summary>{title}</summary>{disputes}</details>',
        title=say(
            "Disputed areas are hatched; the views differ in {differing} of {all}. Which, and why",
            differing=differing,
            all=len(load_disputes()),
        ),
        disputes=write_disputes(speech),
    )


def write_colophon(borders: BorderView) -> Html:
    """Return where the shapes come from and what their boundaries mean."""
    return fill(
        '<p class="e-note">{shapes} {borders} {description} {hatched}</p>',
        shapes=say("Shapes: Natural Earth, public domain."),
        borders=say("Borders: {label}.", label=say(borders.in_sentence)),
        description=say(borders.description),
        hatched=say(
            "Disputed areas are hatched. Colors tell what the articles say, not what is so."
        ),
    )


def write_legend(view: View, speech: Speech) -> Html:
    """Return the legend: each value in use with its swatch, its label and how many countries have it."""
    counts = view.count_values()
    rows = []
    if view.subject is not None:
        rows.append(
            fill(
                "<li>{chip}<span>{focus}</span></li>",
                chip=write_chip(view.swatches[FOCUS]),
                focus=say("Focus: {name}", name=speech.name(view.subject)),
            )
        )
    for code, swatch in view.swatches.items():
        if code == FOCUS or (code != NONE and not counts.get(code)):
            continue
        number = fill("<b>{n}</b>", n=f"{counts[code]:,}") if code != NONE else Html("")
        label = swatch.label
        if view.lens is Lens.MENTIONS and code != NONE:
            label = swatch.phrase.capitalize()
        rows.append(
            fill(
                _ENTRY,
                code=code,
                definition=swatch.definition,
                chip=write_chip(swatch),
                label=label,
                number=number,
            )
        )
    for code, look, label, definition, countries in (
        (
            "contested",
            "striped",
            say("striped: contested"),
            say("Quotes of weight on the other side, conflict or cooperation, say otherwise."),
            view.contested,
        ),
        (
            "faint",
            "lighter",
            say("lighter: low confidence"),
            say(
                "What carries the state was read with a confidence below {least}.",
                least=FAINT_CONFIDENCE,
            ),
            view.faint,
        ),
    ):
        if countries:
            rows.append(
                fill(
                    _ENTRY,
                    code=code,
                    definition=definition,
                    chip=fill('<i class="e-chip e-{look}" aria-hidden="true"></i>', look=look),
                    label=label,
                    number=fill("<b>{n}</b>", n=len(countries)),
                )
            )
    return fill(
        '<ul class="e-legend" aria-label="{label}">{rows}</ul>',
        label=say("Legend"),
        rows=join(rows),
    )


def write_chip(swatch: Swatch) -> Html:
    """Return a small sample of how a value is drawn; ``page.css`` has its colors for both themes."""
    ink = Html("")
    if PATTERNS[swatch.pattern]:
        ink = fill('<i class="e-tile-{pattern}"></i>', pattern=swatch.pattern)
    return fill(
        '<i class="e-chip {color}" aria-hidden="true">{ink}</i>', color=name_color(swatch), ink=ink
    )


def name_color(swatch: Swatch) -> str:
    """Return the class by which ``page.css`` colors a swatch."""
    return f"e-{swatch.color.removeprefix('#')}"


def write_undrawn(
    values: Mapping[CountryCode, str], drawn: Iterable[CountryCode], view: View, speech: Speech
) -> Html:
    """Return the countries that have a value and no shape on the map, so that none is dropped."""
    missing = sorted(set(values) - set(drawn), key=speech.name)
    if not missing:
        return Html("")
    listed = [f"{speech.name(code)} ({view.swatches[values[code]].label})" for code in missing]
    return fill(
        '<p class="e-note">{text}</p>',
        text=say("Not on the map: {listed}.", listed=", ".join(listed)),
    )


def list_values(
    view: View,
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    speech: Speech,
    mentions: Mapping[CountryCode, int],
) -> list[Row]:
    """Return the map as rows in the order of the legend: each country's value, and what it rests on."""
    held = {each.country: each for each in places if each.accord == view.accord}
    toward = {_other(each, view.subject): each for each in states if view.subject in each.pair}
    order = {code: number for number, code in enumerate(view.swatches)}
    rows: list[Row] = []
    for country in sorted(
        view.values, key=lambda each: (order[view.values[each]], speech.name(each))
    ):
        row: Row = {
            "Country": speech.name(country),
            "Code": country,
            "Value": view.swatches[view.values[country]].label,
        }
        if view.shares:
            conflicts, pairs = view.shares.get(country, (0, 0))
            row |= {"In conflict": conflicts, "Pairs": pairs}
        elif view.lens is Lens.ACCORD:
            place = held.get(country)
            row |= {
                "Since": place.since.isoformat() if place else None,
                "Quotes": len(place.supporting) + len(place.others) if place else 0,
                "Quote": place.supporting[0].place.quote.exact if place else None,
            }
        elif view.subject is not None:
            state = toward.get(country)
            row |= {
                "Contested": "yes" if country in view.contested else "",
                "Since": state.since.isoformat() if state else None,
                "Confidence": state.confidence if state else None,
                "Publishers": state.publishers if state else None,
                "Quotes": len(list_evidence(state)) if state else 0,
                "Heaviest quote": state.supporting[0].relation.quote.exact if state else None,
            }
        rows.append(row | {"Times named": mentions.get(country, 0)})
    return rows


def write_rows(rows: Iterable[Mapping[str, str | int]]) -> Html:
    """Return rows with the same columns as a table; the first column names its row."""
    held = list(rows)
    if not held:
        return Html("")
    body = (
        join(
            fill("<th>{value}</th>" if number == 0 else "<td>{value}</td>", value=value)
            for number, value in enumerate(row.values())
        )
        for row in held
    )
    return fill(
        '<div class="e-scroll"><table class="e-table e-rows"><thead><tr>{head}</tr></thead><tbody>{body}'
        "</tbody></table></div>",
        head=join(fill("<th>{name}</th>", name=name) for name in held[0]),
        body=join(fill("<tr>{cells}</tr>", cells=cells) for cells in body),
    )


def write_overview(
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    mentions: Mapping[CountryCode, int],
    view: View,
    speech: Speech,
) -> Html:
    """Return everything that a view shows, closed, for a reader who has chosen no country yet."""
    parts: list[Html] = []
    if view.lens is Lens.FOCUS:
        toward = [each for each in states if view.subject in each.pair]
        toward.sort(
            key=lambda each: (
                speech.palette.states[each.state].order,
                speech.name(_other(each, view.subject)),
            )
        )
        parts = [write_pair(each, speech, seen_from=view.subject, is_open=False) for each in toward]
    elif view.lens is Lens.ACCORD:
        held = [each for each in places if each.accord == view.accord]
        held.sort(
            key=lambda each: (speech.palette.places[each.place].order, speech.name(each.country))
        )
        parts = [write_place(each, speech, by_country=True, is_open=False) for each in held]
    elif view.lens is Lens.TENSION:
        parts = [
            _write_ranks(
                ((code, _write_share(view, code)) for code in _rank_tension(view, speech)),
                view,
                speech,
            )
        ]
    elif mentions:
        often = sorted(mentions, key=lambda code: (-mentions[code], speech.name(code)))
        parts = [_write_ranks(((code, f"{mentions[code]:,}") for code in often), view, speech)]
    if view.lens in (Lens.TENSION, Lens.MENTIONS) and speech.root:
        # What is taken away has no list of countries to read the quotes of each by.
        parts += [write_pair(each, speech, is_open=False) for each in states]
    hint = say("Click a country, or choose it above, to read what the news says of it alone.")
    if speech.root:
        hint = say("Click a country on the map to open its quotes.")
    if not parts:
        hint = say("There is nothing to list by this day.")
        if view.subject:
            hint = say(
                "No sentence read by this day says how a country stands toward {name}. Choose another "
                "focus, or a country above.",
                name=speech.name(view.subject),
            )
    return fill(
        '<section class="e-panel"><header class="e-head"><h2>{title}</h2>'
        '<p class="e-facts">{hint}</p></header>{parts}</section>',
        title=say("All on this map"),
        hint=hint,
        parts=join(parts),
    )


def _write_ranks(ranked: Iterable[tuple[CountryCode, str]], view: View, speech: Speech) -> Html:
    """Return countries in their order with a number each; what is too long is left to the table."""
    held = list(ranked)
    rows = join(
        fill(
            "<li>{chip}<span>{name}</span><b>{number}</b></li>",
            chip=write_chip(view.swatches[view.find_value(code)]),
            name=speech.name(code),
            number=number,
        )
        for code, number in held[:MOST_RANKED]
    )
    more = Html("")
    if len(held) > MOST_RANKED:
        more = fill(
            '<p class="e-note">{text}</p>',
            text=say(
                "{left} more; the table of the map lists all.",
                left=count(len(held) - MOST_RANKED, "country", "countries"),
            ),
        )
    return fill('<ol class="e-ranks">{rows}</ol>{more}', rows=rows, more=more)


def _rank_tension(view: View, speech: Speech) -> list[CountryCode]:
    """Return the countries with a state, those with the most conflicts first, then by their share."""
    return sorted(
        view.shares,
        key=lambda code: (
            -view.shares[code][0],
            -view.shares[code][0] / view.shares[code][1],
            speech.name(code),
        ),
    )


def _write_share(view: View, country: CountryCode) -> str:
    conflicts, held = view.shares[country]
    return say(
        "{conflicts} of 1 pair" if held == 1 else "{conflicts} of {held} pairs",
        conflicts=f"{conflicts:,}",
        held=f"{held:,}",
    )


# A country ---------------------------------------------------------------------------------------


def write_country(
    country: CountryCode,
    states: Iterable[RelationState],
    places: Iterable[AccordState],
    mentions: Sequence[tuple[Extraction, Mention]],
    view: View,
    speech: Speech,
) -> Html:
    """Return all that is known of a country: each pair with its quotes, its places, its mentions."""
    own = [each for each in states if country in each.pair]
    own.sort(
        key=lambda each: (
            view.subject not in each.pair,
            speech.palette.states[each.state].order,
            speech.name(_other(each, country)),
        )
    )
    value = view.find_value(country)
    label = view.swatches[value].label
    if view.lens is Lens.MENTIONS and value != NONE:
        label = view.swatches[value].phrase.capitalize()
    elif country in view.shares:
        label = say("{share} in conflict", share=_write_share(view, country))
    elif value == MENTIONED and view.subject is not None:
        label = say("Named, no relation with {name} found", name=speech.name(view.subject))
    elif view.subject is not None and value not in (FOCUS, NONE):
        label = say("{label}, toward {name}", label=label, name=speech.name(view.subject))
    elif view.lens is Lens.ACCORD and value not in (MENTIONED, NONE):
        label += f", {view.accord}"
    head = fill(
        '<header class="e-head"><h2>{name}</h2><p>{chip}{label}</p></header>',
        name=speech.name(country),
        chip=write_chip(view.swatches[value]),
        label=label,
    )
    parts = [head]
    held = sorted(
        (each for each in places if each.country == country),
        key=lambda each: (each.accord != view.accord, each.accord),
    )
    accords = [write_place(each, speech) for each in held]
    if view.lens is Lens.ACCORD:
        parts += accords
    parts += [
        write_pair(each, speech, seen_from=country, is_open=number < 3 or len(own) <= 6)
        for number, each in enumerate(own)
    ]
    if view.lens is not Lens.ACCORD:
        parts += accords
    if not own and not accords:
        parts.append(
            fill(
                '<p class="e-note">{text}</p>',
                text=say(
                    "The news names this country, and no sentence was found that says how it stands "
                    "toward another."
                    if mentions
                    else "No article read up to this date names this country. That says nothing "
                    "about how it stands."
                ),
            )
        )
    if mentions:
        parts.append(write_mentions(mentions, speech, is_open=not own and not accords))
    return fill(
        '<section class="e-panel" data-country="{code}">{parts}</section>',
        code=country,
        parts=join(parts),
    )


def write_pair(
    state: RelationState,
    speech: Speech,
    *,
    seen_from: CountryCode | None = None,
    is_open: bool = True,
) -> Html:
    """Return a pair: its state, how that was settled, and every quote for, against and set aside."""
    one, other = state.pair
    if seen_from == other:
        one, other = other, one
    swatch = speech.palette.states[state.state]
    facts = [
        say("since {day}", day=write_date(state.since)),
        say("{quotes} for it", quotes=count(len(state.supporting), "quote")),
        count(state.publishers, "publisher"),
    ]
    contested = Html("")
    if state.contested:
        text = say("Contested")
        if state.runner_up:
            rival = speech.palette.states[state.runner_up].word
            text = say("Contested; others say {rival}", rival=rival)
        contested = fill('<p class="e-contested">{text}</p>', text=text)
    weighed = _weigh_quotes(state)
    groups = [
        _write_group("", state.supporting, state, speech, weighed),
        _write_group(say("These say otherwise"), state.opposing, state, speech, weighed),
        _write_group(say("Set aside"), state.aside, state, speech, weighed),
    ]
    return fill(
        '<details class="e-pair" data-pair="{pair}" data-countries="{pair}"{opened}><summary>{chip}'
        "<span><b>{one} – {other}</b><em>{label}</em></span></summary>{contested}"
        '<p class="e-facts">{facts}{alone}</p><p class="e-why">{reason} <span>{rule}</span></p>'
        "{groups}</details>",
        pair="-".join(state.pair),
        opened=Html(" open") if is_open else Html(""),
        chip=write_chip(swatch),
        one=speech.name(one),
        other=speech.name(other),
        label=swatch.label,
        contested=contested,
        facts=" · ".join(facts),
        alone=fill(
            ' · <a href="{link}" target="_self">{text}</a>',
            link=speech.link_pair(state),
            text=say("This pair alone"),
        )
        if speech.link_pair
        else Html(""),
        reason=explain_reason(state),
        rule=say("Rule: {rule}", rule=say(state.rule)),
        groups=join(groups),
    )


def explain_reason(state: RelationState) -> str:
    """Return why a state was settled, with the articles that count for each state, in words."""
    if not load_strings(find_language()):
        return _end_sentence(state.reason)
    words = load_rules().get(state.rule, state.reason)
    weights = ", ".join(
        say("{weight} for {state}", weight=weight, state=say(code))
        for weight, code in re.findall(r"([\d.]+) for (\w+)", state.reason.removeprefix(words))
    )
    return _end_sentence(say(words)) + (
        say(" Articles: {weights}.", weights=weights) if weights else ""
    )


def write_history(
    history: Sequence[Interval],
    told: Sequence[RelationState | None],
    until: date,
    speech: Speech,
) -> Html:
    """Return how a pair stood over time: a bar, and each interval with its quotes, newest first.

    ``told`` holds the pair's state on the last day of each interval, ``None`` where it has none.
    """
    rules = load_rules()
    whole = max(1, (until - history[0].since).days + 1)
    parts, rows = [], []
    for interval, state in zip(history, told, strict=True):
        swatch = speech.palette.states[interval.value or NONE]
        days = ((interval.until or until + timedelta(days=1)) - interval.since).days
        span = say("since {day}", day=write_date(interval.since))
        if interval.until:
            last = write_date(interval.until - timedelta(days=1))
            span = say("{first} to {last}", first=write_date(interval.since), last=last)
        label = swatch.label if interval.value else say("No evidence that holds")
        parts.append(
            fill(
                '<i class="{color}" style="flex-grow:{share}" title="{label}, {span}"></i>',
                share=max(1, round(1000 * days / whole)),
                color=name_color(swatch),
                label=label,
                span=span,
            )
        )
        ending = Html("")
        if interval.until:
            ending = fill(
                '<p class="e-facts">{meaning} <span>{rule}</span></p>',
                meaning=say("Until then: {meaning}", meaning=say(rules[interval.ending])),
                rule=say("Rule: {rule}", rule=say(interval.ending)),
            )
        quotes = Html("")
        if state and interval.until is None:
            quotes = fill('<p class="e-facts">{text}</p>', text=say("Its quotes stand above."))
        elif state:
            weighed = _weigh_quotes(state)
            quotes = _write_group("", state.supporting, state, speech, weighed)
        rows.append(
            fill(
                '<details class="e-pair" data-interval="{since}"><summary>{chip}<span><b>{label}</b>'
                "<em>{span}</em></span></summary>{ending}{quotes}</details>",
                since=interval.since.isoformat(),
                chip=write_chip(swatch),
                label=label,
                span=span,
                ending=ending,
                quotes=quotes,
            )
        )
    return fill(
        '<section class="e-history"><h2 class="e-title">{title}</h2><div class="e-bar" '
        'aria-hidden="true">{parts}</div><p class="e-ends"><span>{first}</span><span>{last}</span></p>'
        "{rows}</section>",
        title=say("How they stood over time"),
        parts=join(parts),
        first=write_date(history[0].since),
        last=write_date(until),
        rows=join(reversed(rows)),
    )


def write_gone(
    gone: Iterable[Change], newest: date, speech: Speech, focus: CountryCode | None
) -> Html:
    """Return the pairs whose evidence held on the day of the newest article and has expired since."""
    rows = [
        fill(
            "<li>{chip}<span>{name}: {label}</span></li>",
            chip=write_chip(speech.palette.states[each.before]),
            name=" – ".join(speech.name(code) for code in each.pair if code != focus),
            label=speech.palette.states[each.before].label,
        )
        for each in gone
        if each.before
    ]
    if not rows:
        return Html("")
    return fill(
        '<details class="e-pair" open><summary><span><b>{title}</b><em>{number}</em></span>'
        '</summary><ul class="e-says">{rows}</ul></details>',
        title=say("Expired since {day}", day=write_date(newest)),
        number=count(len(rows), "pair"),
        rows=join(rows),
    )


def write_changes_head(
    changes: Sequence[Change],
    days: tuple[date, date],
    focus: CountryCode | None,
    speech: Speech,
) -> Html:
    """Return the title of the page of changes: how many pairs changed in which way, and of the focus."""
    own = Html("")
    if focus is not None:
        said = count_changes((each for each in changes if focus in each.pair), speech.palette)
        told = say("With {name}, as on the map: {said}.", name=speech.name(focus), said=said)
        own = fill(" {told}", told=told)
    return fill(
        '<header class="e-lede"><h1>{title} <span>{said}</span></h1><p>{text}{own}</p></header>',
        own=own,
        title=say("{subject}:", subject=say("What changed")),
        said=count_changes(changes, speech.palette),
        text=say(
            "{first} and {last}, each as it was known on its day.",
            first=write_date(days[0]),
            last=write_date(days[1]),
        ),
    )


def count_changes(changes: Iterable[Change], palette: Palette) -> str:
    """Return in words how many pairs changed in which way. Plain text, not HTML."""
    turns = Counter(each.turn.value for each in changes)
    parts: list[str] = []
    for code, swatch in palette.changes.items():
        if number := turns[code]:
            said = f"{number:,}" if parts else count(number, "pair")
            parts.append(f"{said} {swatch.phrase}")
    return ", ".join(parts) or say("nothing")


def list_changes(changes: Iterable[Change], speech: Speech) -> list[Row]:
    """Return what became of pairs between two days as rows, by the names of their countries."""
    states = speech.palette.states
    return [
        {
            "Country": speech.name(each.pair[0]),
            "Other country": speech.name(each.pair[1]),
            "Pair": "-".join(each.pair),
            "Change": speech.palette.changes[each.turn].label,
            "Before": states[each.before].label if each.before else None,
            "After": states[each.after].label if each.after else None,
        }
        for each in _sort_changes(changes, speech)
    ]


def _sort_changes(changes: Iterable[Change], speech: Speech) -> list[Change]:
    return sorted(changes, key=lambda each: [speech.name(code) for code in each.pair])


def list_history(history: Iterable[Interval], pair: Pair, speech: Speech) -> list[Row]:
    """Return how a pair stood over time as rows, the newest interval first."""
    return [
        {
            "Country": speech.name(pair[0]),
            "Other country": speech.name(pair[1]),
            "Pair": "-".join(pair),
            "Value": speech.palette.states[each.value or NONE].label,
            "Since": each.since.isoformat(),
            "Until": (each.until - timedelta(days=1)).isoformat() if each.until else None,
            "Ended by": say(each.ending) if each.until else None,
        }
        for each in reversed(list(history))
    ]


def write_changes(
    changes: Sequence[Change],
    told: Mapping[Pair, tuple[RelationState | None, RelationState | None]],
    days: tuple[date, date],
    speech: Speech,
) -> Html:
    """Return what became of pairs between two days, each with the quotes of its states on both.

    ``told`` holds a pair's states on the two days; a pair that it lacks is listed without quotes.
    """
    parts: list[Html] = []
    for turn, swatch in speech.palette.changes.items():
        group = [each for each in changes if each.turn == turn]
        if not group:
            continue
        parts.append(
            fill(
                '<h2 class="e-title">{chip} {title}</h2>',
                chip=write_chip(swatch),
                title=write_title(swatch.label, f"{len(group):,}"),
            )
        )
        parts += [
            _write_change(each, told.get(each.pair), days, speech)
            for each in _sort_changes(group, speech)
        ]
    if not parts:
        return fill(
            '<p class="e-note">{text}</p>',
            text=say("No pair in view changed between these days."),
        )
    return fill('<section class="e-panel e-changes">{parts}</section>', parts=join(parts))


def _write_change(
    change: Change,
    told: tuple[RelationState | None, RelationState | None] | None,
    days: tuple[date, date],
    speech: Speech,
) -> Html:
    one, other = (speech.name(each) for each in change.pair)
    steps: list[Html] = []
    for step in (change.before, change.after):
        swatch = speech.palette.states[step or NONE]
        label = swatch.label if step else say("No evidence")
        steps.append(fill("<span>{chip} {label}</span>", chip=write_chip(swatch), label=label))
    groups: list[Html] = []
    for day, state in zip(days, told or (), strict=False):
        if state is None:
            continue
        weighed = _weigh_quotes(state)
        title = f"{write_date(day)}: {speech.palette.states[state.state].label}"
        groups.insert(
            0, _write_group(title, state.supporting[:MOST_SENTENCES], state, speech, weighed)
        )
    return fill(
        '<details class="e-pair" data-pair="{pair}" data-countries="{pair}" data-turn="{turn}"><summary>'
        '<span><b>{one} – {other}</b><em class="e-step">{before} → {after}</em></span></summary>{groups}'
        '<p class="e-facts"><a href="{link}" target="_self">{text}</a></p></details>',
        text=say("All of this pair"),
        link=f"{speech.root}{link_to_pair(change.pair, days[1])}",
        pair="-".join(change.pair),
        turn=change.turn,
        one=one,
        other=other,
        before=steps[0],
        after=steps[1],
        groups=join(groups),
    )


def write_title(subject: str, said: str) -> str:
    """Return a subject and what is said of it as one line. Plain text, not HTML."""
    return f"{say('{subject}:', subject=subject)} {said}"


def name_pair(pair: Pair, state: RelationState | None, speech: Speech) -> tuple[str, str]:
    """Return two countries, and in words how they stand. Plain text, not HTML."""
    one, other = (speech.name(each) for each in pair)
    said = say("no relation found")
    if state:
        said = speech.palette.states[state.state].word
        said += f", {say('contested')}" if state.contested else ""
    return f"{one} – {other}", said


def write_pair_head(
    pair: Pair | None,
    state: RelationState | None,
    as_of: date,
    known_on: date,
    speech: Speech,
) -> Html:
    """Return the title of the page of a pair: its two countries, their state, and the day."""
    if pair is None:
        return fill(
            '<header class="e-lede"><h1>{title}</h1><p>{text}</p></header>',
            title=say("How two countries stand"),
            text=say(
                "Choose two countries to read every sentence about how they stand toward each other."
            ),
        )
    both, said = name_pair(pair, state, speech)
    return fill(
        '<header class="e-lede"><h1>{both} <span>{said}</span></h1><p>{text}</p></header>',
        both=say("{subject}:", subject=both),
        said=said,
        text=say(
            "As of {day}." if known_on == as_of else "As of {day}, as known on {known}.",
            day=write_date(as_of),
            known=write_date(known_on),
        ),
    )


def write_place(
    state: AccordState, speech: Speech, *, by_country: bool = False, is_open: bool = True
) -> Html:
    """Return a country's place in an accord with its quotes, under the name of one or the other."""
    swatch = speech.palette.places[state.place]
    groups = [
        join(_write_place_quote(each, state, speech) for each in state.supporting),
        fill('<h3 class="e-group">{title}</h3>', title=say("Other quotes"))
        if state.others
        else Html(""),
        join(_write_place_quote(each, state, speech) for each in state.others),
    ]
    before = [
        say(
            "{label} from {day}",
            label=speech.palette.places[each.value].label,
            day=write_date(each.since),
        )
        for each in trace_place(state)[:-1]
        if each.value
    ]
    return fill(
        '<details class="e-pair" data-accord="{accord}" data-countries="{country}"{opened}><summary>'
        "{chip}"
        "<span><b>{title}</b><em>{label}</em></span></summary>"
        '<p class="e-facts">{facts}</p>{before}<p class="e-why"><span>{rule}</span></p>{groups}'
        "</details>",
        before=fill(
            '<p class="e-facts">{text}</p>',
            text=say("Before: {told}", told=say(", then ").join(before)),
        )
        if before
        else Html(""),
        accord=state.accord,
        country=state.country,
        opened=Html(" open") if is_open else Html(""),
        title=speech.name(state.country) if by_country else state.accord,
        chip=write_chip(swatch),
        label=swatch.label,
        facts=" · ".join(
            (
                say("since {day}", day=write_date(state.since)),
                say("{quotes} for it", quotes=count(len(state.supporting), "quote")),
            )
        ),
        rule=say("Rule: {rule}", rule=say(state.rule)),
        groups=join(groups),
    )


def write_mentions(
    mentions: Sequence[tuple[Extraction, Mention]],
    speech: Speech,
    *,
    title: str = "",
    is_open: bool = False,
) -> Html:
    """Return the sentences of some mentions, each with the names marked and a link to its article.

    Without a ``title`` it says how often the country is named.
    """
    rows: list[Html] = []
    seen: set[tuple[str, int]] = set()
    for extraction, mention in mentions:
        start, end = _find_sentence(extraction, mention)
        if (extraction.article.id, start) in seen:
            continue
        seen.add((extraction.article.id, start))
        if len(seen) > MOST_SENTENCES:
            continue
        text = extraction.article.text[start:end]
        quote = Quote(exact=text, start_char=start, end_char=end)
        marks = [
            Mark(start_char=each.start_char, end_char=each.end_char, kind="e-actor")
            for other, each in mentions
            if other is extraction and start <= each.start_char < end
        ]
        rows.append(
            fill(
                '<blockquote class="e-quote"><p{english}>{text}</p><footer>{source} · '
                '<a href="{link}" target="_self">{inside}</a></footer></blockquote>',
                inside=say("In the article"),
                english=_mark_english(),
                text=mark_text(text, marks, start_char=start),
                source=_write_source(
                    extraction.article.publisher,
                    extraction.article.date_published,
                    extraction.article.date_basis,
                ),
                link=speech.link_quote(extraction.article.id, quote),
            )
        )
    left = len(seen) - len(rows)
    more = Html("")
    if left > 0:
        more = fill(
            '<p class="e-note">{text}</p>',
            text=say("{left} more; the articles show all.", left=count(left, "sentence")),
        )
    return fill(
        '<details class="e-pair" data-mentions="yes"{opened}><summary><span><b>{title}</b>'
        "<em>{articles}</em></span></summary>{rows}{more}</details>",
        opened=Html(" open") if is_open else Html(""),
        title=title or say("Named {times}", times=count(len(mentions), "time")),
        articles=count(len({each.article.id for each, _ in mentions}), "article"),
        rows=join(rows),
        more=more,
    )


def list_evidence(state: RelationState) -> tuple[Evidence, ...]:
    """Return all of a pair's evidence, what supports its state first."""
    return (*state.supporting, *state.opposing, *state.aside)


def write_quote(
    evidence: Evidence,
    speech: Speech,
    *,
    with_state: bool = False,
    weighed: Weighed | None = None,
) -> Html:
    """Return one quote with the words that carried it, who published it when, and how it was read.

    ``weighed`` is what the quote counts for in the state of its pair.
    """
    relation = evidence.relation
    told: list[tuple[str, str]] = []
    if weighed and not weighed.counts:
        told.append((say("Set aside"), say(load_rules()[weighed.rule])))
    elif _MODALITY[relation.modality]:
        told.append((say("Certainty"), say(_MODALITY[relation.modality])))
    if relation.condition:
        told.append((say("Condition"), relation.condition))
    if relation.attributed_to:
        told.append((say("According to"), relation.attributed_to))
    how = [(say("Read from"), f"“{relation.cue}” ({relation.event}), {relation.rule}")]
    if relation.accord:
        how.append((say("Accord"), relation.accord))
    if relation.period:
        how.append((say("When"), _explain_period(relation.period)))
    if weighed and weighed.counts:
        how.append((say("Weight"), _explain_weight(weighed)))
    how += _explain_date(evidence.date_basis, speech.articles.get(relation.article_id))
    direction = "→" if relation.directed else "↔"
    state = speech.palette.states[relation.state].label if with_state else ""
    return fill(
        '<blockquote class="e-quote" data-relation="{id}"><p class="e-who">{actor} {direction} '
        "{recipient}{state}</p><p{english}>{text}</p>{told}<footer>{source}{link} · "
        '<a href="{inside}" target="_self">{label}</a></footer>{how}</blockquote>',
        label=say("In the article"),
        english=_mark_english(),
        id=relation.id,
        actor=speech.name(relation.actor),
        direction=direction,
        recipient=speech.name(relation.recipient),
        state=f": {state}" if state else "",
        text=mark_quote(relation),
        told=_write_notes(told),
        source=_write_source(evidence.publisher, evidence.date_published, evidence.date_basis),
        link=_write_link(evidence.url, relation.quote.exact),
        inside=speech.link_quote(relation.article_id, relation.quote),
        how=_write_how(how),
    )


def mark_quote(relation: Relation) -> Html:
    """Return a quote with its actor, its recipient and the words that decided marked."""
    return mark_text(
        relation.quote.exact, mark_relation(relation), start_char=relation.quote.start_char
    )


def mark_relation(relation: Relation) -> list[Mark]:
    """Return the marks of what carried a relation, by their place in the article."""
    quote = relation.quote
    cues: list[Span] = []
    for start, end in sorted(relation.cue_spans):
        between = (
            quote.exact[cues[-1][1] - quote.start_char : start - quote.start_char] if cues else ""
        )
        # Words that stand side by side are marked as one.
        if cues and between.isspace():
            cues[-1] = (cues[-1][0], end)
        else:
            cues.append((start, end))
    marks = [Mark(start_char=start, end_char=end, kind="e-cue") for start, end in cues]
    for span, kind in ((relation.actor_span, "e-actor"), (relation.recipient_span, "e-recipient")):
        if span:
            marks.append(Mark(start_char=span[0], end_char=span[1], kind=kind))
    return marks


# An article --------------------------------------------------------------------------------------


def write_article(extraction: Extraction, speech: Speech, *, chosen: Span | None = None) -> Html:
    """Return an article's text, every line of it, with mentions, quotes and what is left out marked.

    Of an article whose license is ``quote-only``, only the quotes with their surroundings are shown.
    """
    article = extraction.article
    if article.license == QUOTE_ONLY:
        return _write_excerpts(extraction, chosen)
    marks: list[Mark] = []
    for sentence in extraction.sentences:
        if not sentence.is_evidence:
            hint = say(
                "Heading, no evidence" if sentence.kind is SentenceKind.HEADING else "No evidence"
            )
            marks.append(
                Mark(
                    start_char=sentence.start_char,
                    end_char=sentence.end_char,
                    kind=f"e-{sentence.kind.value}",
                    hint=hint,
                )
            )
    spans = {(each.quote.start_char, each.quote.end_char) for each in extraction.relations}
    spans |= {(each.quote.start_char, each.quote.end_char) for each in extraction.accords}
    marks += [
        Mark(start_char=start, end_char=end, kind="e-said", anchor=name_anchor(start, end))
        for start, end in sorted(spans)
    ]
    for mention in extraction.mentions:
        kind = "e-mention" if mention.counted else "e-uncounted"
        hint = f"{speech.name(mention.country)} ({say(mention.kind.value)})"
        if not mention.counted:
            hint = say("Not counted: {hint}", hint=hint)
        marks.append(
            Mark(start_char=mention.start_char, end_char=mention.end_char, kind=kind, hint=hint)
        )
    if chosen:
        marks.append(Mark(start_char=chosen[0], end_char=chosen[1], kind="e-chosen"))
    return fill('<div class="e-text">{text}</div>', text=mark_text(article.text, marks))


def write_relations(extraction: Extraction, speech: Speech) -> Html:
    """Return every quote of an article in the order of its text, with all that was read from it."""
    marks: dict[Quote, list[Mark]] = defaultdict(list)
    said: dict[Quote, list[_Said]] = defaultdict(list)
    for relation in extraction.relations:
        swatch = speech.palette.states[relation.state]
        direction = "→" if relation.directed else "↔"
        facts: list[str | None] = [
            say(_MODALITY[relation.modality]),
            relation.condition and say("condition: {words}", words=relation.condition),
            relation.attributed_to and say("according to {who}", who=relation.attributed_to),
            say("read from “{cue}”", cue=relation.cue) + f" ({relation.event}), {relation.rule}",
        ]
        marks[relation.quote] += mark_relation(relation)
        said[relation.quote].append(
            _Said(
                swatch,
                f"{speech.name(relation.actor)} {direction} {speech.name(relation.recipient)}",
                swatch.label,
                " · ".join(each for each in facts if each),
            )
        )
    for place in extraction.accords:
        swatch = speech.palette.places[place.place]
        facts = [
            say(_MODALITY[place.modality]),
            place.condition and say("condition: {words}", words=place.condition),
            say("read from “{cue}”", cue=place.cue) + f", {place.rule}",
        ]
        marks[place.quote] += _find_words(place.quote, place.cue)
        said[place.quote].append(
            _Said(
                swatch,
                speech.name(place.country),
                f"{swatch.label}, {place.accord}",
                " · ".join(each for each in facts if each),
            )
        )
    if not said:
        return fill(
            '<p class="e-note">{text}</p>',
            text=say("No sentence was found that says how one country stands toward another."),
        )
    rows = [
        fill(
            '<tr><td>{text} <a href="#{anchor}" target="_self">{inside}</a></td>'
            '<td><ul class="e-says">{said}</ul></td></tr>',
            inside=say("In the text"),
            text=mark_text(quote.exact, marks[quote], start_char=quote.start_char),
            anchor=name_anchor(quote.start_char, quote.end_char),
            said=_write_said(said[quote]),
        )
        for quote in sorted(said, key=attrgetter("start_char", "end_char"))
    ]
    return fill(
        '<table class="e-table e-quotes"><thead><tr><th>{quote}</th><th>{said}</th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        quote=say("Quote"),
        said=say("What it says"),
        rows=join(rows),
    )


def write_left_out(extraction: Extraction, speech: Speech) -> Html:
    """Return what was read and not counted: names inside other names, headings and boilerplate."""
    text = extraction.article.text
    rows = [
        fill(
            "<li>{text}</li>",
            text=say(
                "“{words}” for {country}: inside another name",
                words=each.text,
                country=speech.name(each.country),
            ),
        )
        for each in extraction.mentions
        if not each.counted
    ]
    rows += [
        fill(
            "<li>{kind}: {words}</li>",
            kind=say(each.kind.value.capitalize()),
            words=_shorten(text[each.start_char : each.end_char]),
        )
        for each in extraction.sentences
        if not each.is_evidence
    ]
    if not rows:
        return fill('<p class="e-note">{text}</p>', text=say("Nothing was left out."))
    return fill('<ul class="e-list">{rows}</ul>', rows=join(rows))


def write_article_list(
    extractions: Iterable[Extraction], link_article: Callable[[str], str]
) -> Html:
    """Return the articles, newest first: title, publisher, date, counts, and why some are skipped."""
    rows = []
    for each in sorted(
        extractions, key=lambda one: one.article.date_published or date.min, reverse=True
    ):
        article = each.article
        day = write_date(article.date_published) if article.date_published else say("no date")
        basis = name_basis(article.date_basis)
        found = (
            say("skipped: {reason}", reason=each.skipped)
            if each.skipped
            else f"{count(len(each.relations), 'relation')}, {count(len(each.mentions), 'mention')}"
        )
        rows.append(
            fill(
                '<tr><td><a href="{link}" target="_self">{title}</a></td><td>{publisher}</td>'
                "<td>{day}{basis}</td><td>{found}</td></tr>",
                link=link_article(article.id),
                title=find_title(each),
                publisher=article.publisher or say("publisher not known"),
                day=day,
                basis=basis,
                found=found,
            )
        )
    return fill(
        '<div class="e-scroll"><table class="e-table"><thead><tr>{heads}</tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        heads=join(
            fill("<th>{name}</th>", name=name)
            for name in (say("Article"), say("Publisher"), say("Published"), say("Read"))
        ),
        rows=join(rows),
    )


def find_title(extraction: Extraction) -> str:
    """Return an article's title, its first sentence where it has none, or its id."""
    article = extraction.article
    said = (each for each in extraction.sentences if each.is_evidence)
    first = next((article.text[each.start_char : each.end_char] for each in said), article.text)
    return article.title or _shorten(first) or article.id


def write_article_head(extraction: Extraction) -> Html:
    """Return an article's title, publisher, date with where it comes from, link and license."""
    article = extraction.article
    day = say("No date known")
    if article.date_published:
        day = write_date(article.date_published)
    day += name_basis(article.date_basis)
    facts = [article.publisher or say("Publisher not known"), day]
    if article.license:
        facts.append(say("License: {license}", license=article.license))
    note = Html("")
    if article.date_note and article.date_basis is not DateBasis.STATED:
        note = fill('<p class="e-note">{text}</p>', text=_end_sentence(article.date_note))
    return fill(
        '<header class="e-lede"><h1>{title}</h1><p>{facts}{link}</p>{note}</header>',
        title=find_title(extraction),
        facts=" · ".join(facts),
        link=_write_link(article.url),
        note=note,
    )


def write_notice(text: str, *, kind: str = "problem") -> Html:
    """Return a message to the reader; ``kind`` is problem or hint."""
    return fill(
        '<p class="e-notice e-{kind}" role="{role}">{text}</p>',
        kind=kind,
        role="alert" if kind == "problem" else "note",
        text=text,
    )


def write_key() -> Html:
    """Return what the marks in an article's text mean."""
    return fill(
        '<p class="e-note e-key"><mark class="e-mention">{named}</mark> · '
        '<mark class="e-uncounted">{uncounted}</mark> · <mark class="e-said">{said}</mark> · '
        '<mark class="e-boilerplate">{boilerplate}</mark></p>',
        named=say("Country named"),
        uncounted=say("name not counted"),
        said=say("quote that carries a relation"),
        boilerplate=say("heading or boilerplate, no evidence"),
    )


def write_definitions(swatches: Iterable[Swatch]) -> Html:
    """Return what each value means, in the order of the palette."""
    rows = [
        fill(
            "<tr><td>{chip}</td><th>{label}</th><td>{definition}</td></tr>",
            chip=write_chip(each),
            label=each.label,
            definition=each.definition,
        )
        for each in sorted(swatches, key=attrgetter("order"))
    ]
    return fill('<table class="e-table e-states"><tbody>{rows}</tbody></table>', rows=join(rows))


def link_to_quote(article_id: str, quote: Quote) -> str:
    """Return the address of a quote on the articles page, relative to the app."""
    span = f"{quote.start_char}-{quote.end_char}"
    return _write_address("article", {"article": article_id, "quote": span})


def link_to_pair(pair: Pair, as_of: date, known_on: date | None = None) -> str:
    """Return the address of a pair as of a date, and as known on one, relative to the app."""
    query = {"pair": "-".join(pair), "as_of": as_of.isoformat()}
    if known_on:
        query["known_on"] = known_on.isoformat()
    return _write_address("pair", query)


def name_anchor(start_char: int, end_char: int) -> str:
    """Return the name by which a link on the page of an article leads to a quote."""
    return f"q{start_char}-{end_char}"


def link_to_article(article_id: str) -> str:
    """Return the address of an article on the articles page, relative to the app."""
    return _write_address("article", {"article": article_id})


def _write_address(page: str, query: Mapping[str, str]) -> str:
    """Return the address of a page; the language of the reader goes with it."""
    spoken = {} if find_language() == ENGLISH else {"lang": find_language()}
    return f"{page}?{urlencode({**query, **spoken})}"


def _weigh_quotes(state: RelationState) -> dict[str, Weighed]:
    weighed = weigh_evidence(list_evidence(state), as_of=state.as_of)
    return {each.evidence.relation.id: each for each in weighed}


def _write_group(
    title: str,
    group: Sequence[Evidence],
    state: RelationState,
    speech: Speech,
    weighed: Mapping[str, Weighed],
) -> Html:
    if not group:
        return Html("")
    quotes = join(
        write_quote(
            each,
            speech,
            weighed=weighed.get(each.relation.id),
            with_state=each.relation.state is not state.state,
        )
        for each in group
    )
    head = fill('<h3 class="e-group">{title}</h3>', title=title) if title else Html("")
    return join([head, quotes])


def _write_place_quote(evidence: AccordEvidence, state: AccordState, speech: Speech) -> Html:
    place = evidence.place
    article = speech.articles.get(place.article_id)
    basis = article.date_basis if article else DateBasis.STATED
    told = []
    if _MODALITY[place.modality]:
        told.append((say("Certainty"), say(_MODALITY[place.modality])))
    if place.condition:
        told.append((say("Condition"), place.condition))
    label = speech.palette.places[place.place].label if place.place is not state.place else ""
    return fill(
        '<blockquote class="e-quote">{who}<p{english}>{text}</p>{told}<footer>{source}{link} · '
        '<a href="{inside}" target="_self">{label}</a></footer>{how}</blockquote>',
        label=say("In the article"),
        english=_mark_english(),
        who=fill('<p class="e-who">{label}</p>', label=label) if label else Html(""),
        text=mark_text(
            place.quote.exact,
            _find_words(place.quote, place.cue),
            start_char=place.quote.start_char,
        ),
        told=_write_notes(told),
        source=_write_source(evidence.publisher, evidence.date_published, basis),
        link=_write_link(article.url if article else None, place.quote.exact),
        inside=speech.link_quote(place.article_id, place.quote),
        how=_write_how(
            [(say("Read from"), f"“{place.cue}”, {place.rule}"), *_explain_date(basis, article)]
        ),
    )


def _mark_english() -> Html:
    """Return the attribute that tells a screen reader that a quote is in English, as all of them are."""
    return Html("" if find_language() == ENGLISH else ' lang="en"')


def _find_words(quote: Quote, words: str) -> list[Mark]:
    """Return where some words first stand in a quote; “…” stands for a gap."""
    marks = []
    position = 0
    for part in words.split(" … "):
        at = quote.exact.casefold().find(part.casefold(), position) if part else -1
        if at >= 0:
            position = at + len(part)
            first, last = quote.start_char + at, quote.start_char + position
            marks.append(Mark(start_char=first, end_char=last, kind="e-cue"))
    return marks


def _write_excerpts(extraction: Extraction, chosen: Span | None) -> Html:
    text = extraction.article.text
    quotes = {each.quote for each in extraction.relations} | {
        each.quote for each in extraction.accords
    }
    parts = [
        fill(
            '<blockquote class="e-quote e-text" id="{anchor}">{prefix}<mark class="{kind}">{exact}</mark>'
            "{suffix}</blockquote>",
            anchor=name_anchor(each.start_char, each.end_char),
            prefix=_trim_start(each.prefix, text[: each.start_char - len(each.prefix)][-1:]),
            kind="e-said e-chosen" if chosen == (each.start_char, each.end_char) else "e-said",
            exact=each.exact,
            suffix=_trim_end(each.suffix, text[each.end_char + len(each.suffix) :][:1]),
        )
        for each in sorted(quotes, key=attrgetter("start_char"))
    ]
    return fill(
        '<p class="e-note">{text}</p>{parts}',
        text=say(
            "The license of this article allows quotes only; these are they, with their surroundings."
        ),
        parts=join(parts),
    )


def _trim_start(words: str, before: str) -> str:
    """Return what surrounds a quote with an ellipsis for what stands before it, and no half of a word."""
    if not before:
        return words
    is_cut = before.strip() and words[:1].strip()
    return "… " + (re.sub(r"^\S+", "", words) if is_cut else words).lstrip()


def _trim_end(words: str, after: str) -> str:
    """Return what surrounds a quote with an ellipsis for what stands after it, and no half of a word."""
    if not after:
        return words
    is_cut = after.strip() and words[-1:].strip()
    return (re.sub(r"\S+$", "", words) if is_cut else words).rstrip() + " …"


def _write_source(publisher: str | None, day: date | None, basis: DateBasis) -> Html:
    return fill(
        "<cite>{publisher}</cite> · {day}{basis}",
        publisher=publisher or say("Publisher not known"),
        day=write_date(day) if day else say("no date"),
        basis=name_basis(basis) if day else "",
    )


def _write_link(url: str | None, quote: str = "") -> Html:
    safe = check_link(url)
    if safe is None:
        return Html("")
    return fill(
        ' · <a href="{url}" target="_blank" rel="noopener noreferrer nofollow">{host}</a>',
        url=link_to_words(safe, quote),
        host=urlsplit(safe).hostname or "",
    )


def link_to_words(url: str, quote: str) -> str:
    """Return a URL that leads to a quote on its page, by the first and the last of its words.

    The form is that of the draft community report "URL Fragment Text Directives" (WICG).
    """
    words = quote.split()
    if not words:
        return url
    ends = (
        [words]
        if len(words) <= 2 * FRAGMENT_WORDS
        else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    )
    # A hyphen and a comma have a meaning of their own there.
    parts = (quote_plus(" ".join(each)).replace("+", "%20").replace("-", "%2D") for each in ends)
    return f"{url}{'' if '#' in url else '#'}:~:text={','.join(parts)}"


def _write_notes(notes: Iterable[tuple[str, str]]) -> Html:
    rows = join(
        fill("<div><dt>{name}</dt><dd>{text}</dd></div>", name=name, text=text)
        for name, text in notes
    )
    return fill('<dl class="e-notes">{rows}</dl>', rows=rows) if rows else rows


def _write_how(notes: Iterable[tuple[str, str]]) -> Html:
    return fill(
        '<details class="e-how"><summary>{title}</summary>{notes}</details>',
        title=say("How this was read"),
        notes=_write_notes(notes),
    )


def _explain_date(basis: DateBasis, article: Article | None) -> list[tuple[str, str]]:
    if basis is DateBasis.STATED:
        return []
    reason = (article.date_note if article else None) or say("The article does not state one.")
    return [(say("Date"), f"{say(basis.value)}: {reason}")]


def name_basis(basis: DateBasis) -> str:
    """Return where a date comes from, in brackets, and nothing where the article states it."""
    return "" if basis is DateBasis.STATED else f" ({say(basis.value)})"


def _explain_period(period: Period) -> str:
    """Return the days of a deed with the words that tell them."""
    days = write_date(period.start)
    if period.end != period.start:
        days = say("{first} to {last}", first=days, last=write_date(period.end))
    return say("{days}, from “{words}”", days=days, words=period.words)


def name_modality(modality: Modality) -> str:
    """Return how certain a text calls what it tells; nothing where it asserts it."""
    return say(_MODALITY[modality]) if _MODALITY[modality] else ""


def _explain_weight(weighed: Weighed) -> str:
    """Return what a quote counts for, and why."""
    return f"{weighed.weight:g}: {say(load_rules()[weighed.rule])}"


def _write_said(group: Sequence[_Said]) -> Html:
    """Return what a quote says; how it was read is told once for those that were read alike."""
    rows = []
    for number, each in enumerate(group):
        is_last = number + 1 == len(group) or group[number + 1].facts != each.facts
        rows.append(
            fill(
                "<li>{chip}<span><b>{who}</b> {label}{facts}</span></li>",
                chip=write_chip(each.swatch),
                who=each.who,
                label=each.label,
                facts=fill("<small>{facts}</small>", facts=each.facts) if is_last else Html(""),
            )
        )
    return join(rows)


def _find_sentence(extraction: Extraction, mention: Mention) -> Span:
    for each in extraction.sentences:
        if each.start_char <= mention.start_char < each.end_char:
            return each.start_char, each.end_char
    return mention.start_char, mention.end_char


def _find_condition(state: RelationState) -> str | None:
    return next(
        (each.relation.condition for each in state.supporting if each.relation.condition), None
    )


def _other(state: RelationState, country: CountryCode | None) -> CountryCode:
    one, other = state.pair
    return other if one == country else one


def _end_sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else text + "."


def _shorten(text: str) -> str:
    line = " ".join(text[: 4 * LONGEST_NOTE].split())
    return line if len(line) <= LONGEST_NOTE else line[: LONGEST_NOTE - 1].rstrip() + "…"
