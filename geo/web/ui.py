"""The frame of every page: set-up, menu, cached data, the choice in the URL, the map and its clicks.

With ``app.py`` and ``pages/`` this is the only user of Streamlit. The URL is the one place where a
reader's choice lives: widgets and clicks write to it, and every run reads it and checks it again.
"""

import gc
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from urllib.parse import urlencode, urljoin, urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from geo.edition import extract_article, gather_accord_evidence, gather_evidence
from geo.errors import ArticleError, EntenteError, UnknownCountry
from geo.languages import (
    ENGLISH,
    choose_language,
    find_language,
    load_country_names,
    load_languages,
    load_strings,
    say,
)
from geo.map.atlas import VIEWS, load_places, load_views
from geo.map.drawing import draw_map, draw_push, list_files
from geo.map.lenses import MAP_LENSES, Lens, Sift, View, find_focus, sift_evidence
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import SEED_SEGMENTS, STATIC, find_store
from geo.reading.files import EARLIEST, read_article
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
    Pair,
    RelationState,
    pair_of,
)
from geo.states.accords import settle_accords
from geo.states.ledger import Ledger
from geo.store import read_extractions
from geo.web import panel
from geo.web.exports import (
    Scope,
    Told,
    write_csv,
    write_geojson,
    write_lines,
    write_markdown,
    write_page,
)

PAGES = {
    "app.py": "Map",
    "pages/compare.py": "What changed",
    "pages/article.py": "Articles",
    "pages/add.py": "Try your own text",
    "pages/method.py": "Method",
}
HOME = "app.py"
# The page that is prose, and that no file translates.
PROSE = "pages/method.py"
# Told where countries have names in a language and the interface has not.
ONLY_NAMES = (
    "Names of countries are in the language you chose; the words around them are in English."
)
TAGLINE = "How countries stand toward each other, in the words of the news"
# A page that others link to, and that the menu does not list.
PAIR = "pages/pair.py"
# What a widget of the date takes.
FIRST_DAY, LAST_DAY = EARLIEST, date(2100, 12, 31)
LONGEST_SHOWN = 40
# Quotes that a run settles one by one for its panel; a map is settled at once however many there are.
MOST_SETTLED = 3000
# The two clocks, and what each is told by.
CLOCKS = {
    "As of": "The day whose states are shown.",
    "Known on": "What was published later is left out. A later day than the first adds what came to be "
    "known of it afterwards.",
}
# Steps in which the whole time is played, and seconds between them.
PLAY_STEPS, PLAY_SECONDS = 40, 0.9
# Bytes of a file and characters of a text that the page reads; a long article has 60,000.
LARGEST_SOURCE, LONGEST_TEXT = 2_000_000, 200_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold all that was read: extractions, their articles by id, the evidence, and the days of articles.

    ``version`` is that of the files as they were before they were read. What is made of the evidence is
    kept under it, for a segment may land at any time after.
    """

    extractions: tuple[Extraction, ...]
    articles: Mapping[str, Article]
    evidence: tuple[Evidence, ...]
    accord_evidence: tuple[AccordEvidence, ...]
    days: frozenset[date]
    version: tuple[object, ...] = ()

    def find_newest(self, today: date) -> date | None:
        """Return the day of the newest article; one that lies in the future is not the newest yet.

        A store may hold days of any kind, and one of them must not hide what all others say.
        """
        return max((day for day in self.days if FIRST_DAY <= day <= today), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Hold what a reader has chosen, checked: every value is one that the map can show."""

    lens: Lens = Lens.FOCUS
    focus: CountryCode | None = None
    as_of: date
    known_on: date
    country: CountryCode | None = None
    accord: str | None = None
    sift: Sift = Sift.ALL
    borders: str = VIEWS[0]


# The frame ---------------------------------------------------------------------------------------


def open_page(page: str, title: str | None = None) -> DeltaGenerator | None:
    """Set up a page and draw the menu, which is returned; ``page`` is its path from the root. Call it first.

    A page that :data:`PAGES` does not list needs a title for the browser's tab. That of the map adds the
    list of languages to its menu itself, once the map is on its way.
    """
    unknown = speak()
    st.session_state["page"] = page
    st.set_page_config(
        page_title=f"{say(title or PAGES[page])} · Entente",
        page_icon=str(STATIC / "icon.svg"),
        layout="wide",
    )
    st.html(_link_style())
    if page == HOME:
        st.html(_fetch_ahead(list_files()), unsafe_allow_javascript=True)
    if is_embedded():
        freeze_memory()
        return None
    menu = st.container(horizontal=True, vertical_alignment="center", key="menu", gap="small")
    with menu:
        show(
            panel.fill(
                '<div class="e-brand">Entente <span>{tagline}</span></div>', tagline=say(TAGLINE)
            )
        )
        spoken = {} if find_language() == ENGLISH else {"lang": find_language()}
        for path, label in PAGES.items():
            kept = st.session_state.get("map_url", {}) if path == HOME else {}
            fields = {name: each for name, each in kept.items() if name != "lang"} | spoken
            st.page_link(path, label=say(label), query_params=fields)
        if page != HOME:
            show_languages()
    show_problems(unknown)
    if find_language() != ENGLISH and not load_strings(find_language()):
        show(panel.write_notice(ONLY_NAMES, kind="hint"))
    elif find_language() != ENGLISH and page == PROSE:
        show(panel.write_notice(say("This page is in English alone."), kind="hint"))
    freeze_memory()
    return menu


def speak() -> list[str]:
    """Take the language that the URL asks for, English by default; return what is wrong with it.

    A fragment calls it too, since it is run without the rest of its page.
    """
    asked = st.query_params.get("lang", ENGLISH)
    if asked in load_languages():
        choose_language(asked)
        return []
    choose_language(ENGLISH)
    listed = ", ".join(load_languages())
    return [f"There is no language “{_cut(asked)}”; there are {listed}."]


def show_languages() -> None:
    """Show the language of the page, to be changed."""
    names = load_languages()
    hold_widget("lang", find_language())
    st.selectbox(
        say("Language"),
        list(names),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        width=130,
        key="lang",
        on_change=lambda: write_choice(
            "lang", None if st.session_state["lang"] == ENGLISH else st.session_state["lang"]
        ),
    )


def is_embedded() -> bool:
    """Say whether the page is shown inside another one (``?embed=true``), where only the map counts."""
    return bool(st.context.is_embedded)


@st.cache_resource(show_spinner=False)
def _link_style() -> str:
    """Return what loads the style of the pages, once for a browser and not once for each run.

    Until it is there the page stays hidden, for a second and a half at most, so that nothing jumps.
    """
    digest = hashlib.sha256((STATIC / "page.css").read_bytes()).hexdigest()[:12]
    return (
        f'<style>@import url("./app/static/page.css?v={digest}");'
        ".stMainBlockContainer { animation: e-wait 1.5s step-end; }"
        "@keyframes e-wait { from { visibility: hidden; } to { visibility: hidden; } }</style>"
    )


def _fetch_ahead(urls: Iterable[str]) -> str:
    """Return what fetches the map's files at once, for its frame asks for them one after the other."""
    return (
        f"<script>for (const url of {json.dumps([*urls])}) "
        "fetch(url).then((answer) => answer.arrayBuffer()).catch(console.info);</script>"
    )


@st.cache_resource(show_spinner=False)
def freeze_memory() -> None:
    """Take what the process holds out of garbage collection, once.

    Streamlit collects all generations after every run, which costs 70 to 80 ms with these imports
    and 0.01 ms once they are frozen.
    """
    load_gazetteer()
    load_palette()
    gc.collect()
    gc.freeze()


def show(content: panel.Html) -> None:
    """Show HTML whose values are escaped; an empty one takes no room."""
    if content and load_strings(find_language()):
        content = panel.fill(
            '<div lang="{code}">{content}</div>', code=find_language(), content=content
        )
    if content:
        st.html(content)


# What was read -----------------------------------------------------------------------------------


def load_known() -> Known:
    """Return what the seed and the reader's own store hold; it is read again when a file changes.

    A folder that cannot be read is told on the page and left out, so that the map is drawn without it.
    """
    folders = find_folders()
    try:
        return _load_known(_find_version(*folders), folders)
    except EntenteError:
        pass
    readable = []
    for folder in folders:
        try:
            _load_known(_find_version(folder), (folder,))
            readable.append(folder)
        except EntenteError as error:
            show(
                panel.write_notice(
                    say("Some articles cannot be read, so they are not shown: {error}", error=error)
                )
            )
    return _load_known(_find_version(*readable), tuple(readable))


def find_folders() -> tuple[Path, ...]:
    """Return where extractions lie: those of the seed, and those of the reader's own articles."""
    return SEED_SEGMENTS, find_store()


def load_ledger(known: Known, sift: Sift = Sift.ALL) -> Ledger:
    """Return the evidence that a sift lets through, ready to be settled as of any day."""
    return _load_ledger(known.version, sift, known)


def load_states(
    ledger: Ledger,
    choice: Choice,
    countries: Iterable[CountryCode | None],
    most: float = MOST_SETTLED,
) -> tuple[tuple[RelationState, ...], int]:
    """Return the states of some countries' pairs with their quotes, and how many pairs are left out.

    The pairs of most of these countries go first; they are left out where there are more quotes than
    can be settled one by one in a run.
    """
    asked = [each for each in countries if each]
    pairs = {pair for country in asked for pair in ledger.list_pairs(country)}
    settled: list[RelationState] = []
    spent = left = 0
    for pair in sorted(pairs, key=lambda pair: (-len({*pair} & {*asked}), pair)):
        spent += len(ledger.list_evidence(pair))
        if spent > most and settled:
            left += 1
        elif state := ledger.settle_pair(pair, as_of=choice.as_of, known_on=choice.known_on):
            settled.append(state)
    return tuple(sorted(settled, key=lambda each: each.pair)), left


def settle_interval(
    ledger: Ledger, pair: Pair, interval: Interval, choice: Choice
) -> RelationState | None:
    """Return a pair's state with its quotes on the last day of an interval of its history."""
    last = interval.until - timedelta(days=1) if interval.until else choice.as_of
    return ledger.settle_pair(pair, as_of=last, known_on=choice.known_on)


def load_accords(known: Known, as_of: date, known_on: date) -> tuple[AccordState, ...]:
    """Return the countries' places in accords as of a date."""
    return _load_accords(known.version, as_of, known_on, known)


def make_known(extractions: Iterable[Extraction], version: tuple[object, ...] = ()) -> Known:
    """Return extractions with what the pages ask of them."""
    held = tuple(extractions)
    return Known(
        extractions=held,
        articles={each.article.id: each.article for each in held},
        evidence=tuple(gather_evidence(held)),
        accord_evidence=tuple(gather_accord_evidence(held)),
        days=frozenset(each.article.date_published for each in held if each.article.date_published),
        version=version,
    )


def make_speech(
    known: Known,
    link_quote: Callable[..., str] = panel.link_to_quote,
    known_on: date | None = None,
) -> panel.Speech:
    """Return what the panel needs beside the evidence; pairs are linked where quotes lead to articles."""

    def link_pair(state: RelationState) -> str:
        return panel.link_to_pair(state.pair, state.as_of, known_on)

    return panel.Speech(
        names=_load_names(find_language()),
        palette=load_palette(),
        articles=known.articles,
        link_quote=link_quote,
        link_pair=link_pair if link_quote is panel.link_to_quote else None,
    )


def list_mentions(
    known: Known, country: CountryCode, as_of: date
) -> list[tuple[Extraction, Mention]]:
    """Return the counted mentions of a country in articles published on or before a date."""
    return [
        (extraction, mention)
        for extraction in known.extractions
        if extraction.article.date_published and extraction.article.date_published <= as_of
        for mention in extraction.mentions
        if mention.counted and mention.country == country
    ]


def list_together(known: Known, pair: Pair, as_of: date) -> list[tuple[Extraction, Mention]]:
    """Return the mentions of a pair's countries in sentences that name both, by a date."""
    found = []
    for extraction in known.extractions:
        published = extraction.article.date_published
        if published is None or published > as_of:
            continue
        for sentence in extraction.sentences:
            named = [
                each
                for each in extraction.mentions
                if each.counted
                and each.country in pair
                and sentence.start_char <= each.start_char < sentence.end_char
            ]
            if {each.country for each in named} == set(pair):
                found += [(extraction, each) for each in named]
    return found


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_known(version: tuple[object, ...], _folders: tuple[Path, ...]) -> Known:
    known = make_known(read_extractions(*[each for each in _folders if each.is_dir()]), version)
    gc.collect()
    gc.freeze()
    return known


@st.cache_resource(show_spinner=False, max_entries=3)
def _load_ledger(version: tuple[object, ...], sift: Sift, _known: Known) -> Ledger:
    del version
    return Ledger(sift_evidence(_known.evidence, sift))


@st.cache_resource(show_spinner=False, max_entries=64)
def _load_accords(
    version: tuple[object, ...], as_of: date, known_on: date, _known: Known
) -> tuple[AccordState, ...]:
    del version
    return settle_accords(_known.accord_evidence, as_of=as_of, known_on=known_on)


@st.cache_resource(show_spinner=False)
def _load_names(language: str) -> Mapping[CountryCode, str]:
    spoken = load_country_names(language)
    countries = load_gazetteer().countries
    return {code: spoken.get(code, country.name) for code, country in countries.items()}


def _find_version(*folders: Path) -> tuple[object, ...]:
    """Return what changes when a segment is added: the name, size and time of each file."""
    return tuple(
        (each.name, found.st_size, found.st_mtime_ns)
        for folder in folders
        for each in (sorted(folder.glob("*.parquet")) if folder.is_dir() else ())
        for found in [each.stat()]
    )


# The choice --------------------------------------------------------------------------------------


def read_choice(
    asked: Mapping[str, str], known: Known, accords: Iterable[str]
) -> tuple[Choice, list[str]]:
    """Return the choice that a URL asks for, and what of it cannot be shown, in words.

    ``asked`` holds lens, focus, as_of and known_on (YYYY-MM-DD), country, accord and sift, each of which
    may be missing or wrong; a wrong one falls back to its default.
    """
    as_of, known_on, problems = read_clock(asked, known)
    choice = Choice(as_of=as_of, known_on=known_on, focus=find_focus(known.evidence))
    if "lens" in asked:
        if asked["lens"] in MAP_LENSES:
            choice = replace(choice, lens=Lens(asked["lens"]))
        else:
            listed = ", ".join(MAP_LENSES)
            problems.append(
                say(
                    "There is no lens “{asked}”; there are {listed}.",
                    asked=_cut(asked["lens"]),
                    listed=listed,
                )
            )
    if "sift" in asked:
        try:
            choice = replace(choice, sift=Sift(asked["sift"]))
        except ValueError:
            listed = ", ".join(Sift)
            problems.append(
                say(
                    "There is no choice “{asked}” of quotes; there are {listed}.",
                    asked=_cut(asked["sift"]),
                    listed=listed,
                )
            )
    borders, wrong = read_borders(asked.get("borders"))
    choice = replace(choice, borders=borders)
    problems += wrong
    for field in ("focus", "country"):
        if field in asked:
            code, unknown = _read_country(asked[field])
            problems += unknown
            if code:
                choice = (
                    replace(choice, focus=code)
                    if field == "focus"
                    else replace(choice, country=code)
                )
    listed_accords = list(accords)
    choice = replace(choice, accord=listed_accords[0] if listed_accords else None)
    if "accord" in asked:
        if asked["accord"] in listed_accords:
            choice = replace(choice, accord=asked["accord"])
        else:
            problems.append(
                say(
                    "No evidence names an accord “{asked}” by this date.",
                    asked=_cut(asked["accord"]),
                )
            )
    return choice, problems


def write_choice(field: str, value: str | date | None) -> None:
    """Put one field of the choice into the URL; ``None`` takes it out.

    The two clocks go with it, so that the link shows the same when later articles have come.
    """
    clock: dict[str, date] = st.session_state.get("clock", {})
    written: dict[str, str | date] = {
        name: day for name, day in clock.items() if name not in st.query_params
    }
    if value is not None:
        written[field] = value
    _write_params(written)
    if value is None:
        st.query_params.pop(field, None)


def write_day(day: date | None) -> None:
    """Put the day into the URL; what is known goes with it where it was the same day.

    ``None`` takes both out, so that the map is that of the newest article again.
    """
    clock: dict[str, date] = st.session_state.get("clock", {})
    if day is None:
        for name in clock:
            st.query_params.pop(name, None)
        return
    together = clock["known_on"] == clock["as_of"]
    _write_params({"as_of": day, "known_on": day if together else clock["known_on"]})


def _write_params(values: Mapping[str, str | date]) -> None:
    """Write to the URL at once, so that no half of a change is ever seen."""
    if values:
        st.query_params.update(
            {
                name: each.isoformat() if isinstance(each, date) else str(each)
                for name, each in values.items()
            }
        )


def write_query(choice: Choice) -> str:
    """Return the query of the address that shows the same map again, after later articles too."""
    return join_query({each: getattr(choice, each) for each in Choice.__slots__})


def join_query(fields: Mapping[str, object]) -> str:
    """Return the query of an address from its fields, without empty ones, and with the language."""
    spoken = {} if find_language() == ENGLISH else {"lang": find_language()}
    return "?" + urlencode({name: str(value) for name, value in fields.items() if value} | spoken)


def keep_choice() -> None:
    """Remember the URL of the map, so that the menu leads back to the same view."""
    st.session_state["map_url"] = dict(st.query_params)


def keep_clock(**days: date) -> None:
    """Remember which days a page shows, so that the links that are made from it hold them."""
    st.session_state["clock"] = days


def hold_widget(field: str, value: object, *of: object) -> None:
    """Give a widget its value, unless it is the same widget as before and has it.

    A widget is another one on another page, and where what it is made ``of`` differs. What is given anew
    is drawn anew by the browser, though it is the same.
    """
    held: dict[str, tuple[object, ...]] = st.session_state.setdefault("held", {})
    widget = (st.session_state["page"], *of)
    if st.session_state.get(field) != value or held.get(field) != widget:
        st.session_state[field] = value
        held[field] = widget


def bind_widget(field: str, value: object) -> Callable[[], None]:
    """Give a widget its value from the choice; return what writes a change back to the URL."""
    hold_widget(field, value)
    return lambda: write_choice(field, st.session_state[field])


def read_day(asked: str | None, default: date) -> tuple[date, list[str]]:
    """Return the day that a URL asks for, or its default, and what is wrong."""
    if asked is None:
        return default, []
    day = _read_day(asked)
    if day is not None:
        return day, []
    problem = say(
        "“{asked}” is no date from {first} to {last} in the form YYYY-MM-DD; what is shown is as of {day}.",
        asked=_cut(asked),
        first=FIRST_DAY.year,
        last=LAST_DAY.year,
        day=panel.write_date(default),
    )
    return default, [problem]


def read_clock(asked: Mapping[str, str], known: Known) -> tuple[date, date, list[str]]:
    """Return the day that a URL asks for, the day whose knowledge counts, and what is wrong.

    The first is that of the newest article unless told, the second is the first.
    """
    as_of, problems = read_day(asked.get("as_of"), find_newest(known))
    known_on, wrong = read_day(asked.get("known_on"), as_of)
    return as_of, known_on, [*problems, *wrong]


def find_newest(known: Known) -> date:
    """Return the day of the newest article, or today where there is none."""
    today = date.today()  # noqa: DTZ011 - the reader's own day
    return known.find_newest(today) or today


def read_borders(asked: str | None) -> tuple[str, list[str]]:
    """Return the view of the borders that a URL asks for, and what is wrong with it."""
    if asked is None or asked in VIEWS:
        return asked or VIEWS[0], []
    return VIEWS[0], [
        say(
            "There is no view “{asked}” of the borders; there are {listed}.",
            asked=_cut(asked),
            listed=", ".join(VIEWS),
        )
    ]


def read_pair(asked: str | None) -> tuple[Pair | None, list[str]]:
    """Return the pair that a URL asks for as two codes with a hyphen, and what is wrong with it."""
    if asked is None:
        return None, []
    parts = asked.split("-")
    if len(parts) != 2:
        problem = say(
            "“{asked}” is no pair. Give two codes with a hyphen, such as AZE-ISR.",
            asked=_cut(asked),
        )
        return None, [problem]
    (one, wrong), (other, worse) = (_read_country(each) for each in parts)
    if not one or not other:
        return None, [*wrong, *worse]
    if one == other:
        return None, [say("A pair needs two different countries.")]
    return pair_of(one, other), []


def read_country(asked: str | None) -> tuple[CountryCode | None, list[str]]:
    """Return the country that a URL asks for, ``None`` for none, and what is wrong with it."""
    return (None, []) if asked is None else _read_country(asked)


def _read_country(asked: str) -> tuple[CountryCode | None, list[str]]:
    try:
        return load_gazetteer().find_country(asked[: 4 * LONGEST_SHOWN]), []
    except UnknownCountry:
        problem = say(
            "No country is called “{asked}”. Give a code of three letters such as AZE or an English "
            "name, or choose from the list.",
            asked=_cut(asked),
        )
        return None, [problem]


def _read_day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


# The time ----------------------------------------------------------------------------------------


def show_clock(choice: Choice) -> None:
    """Show the two dates: of which day the map is, and what was published by when."""
    for (label, told), field, value, write in zip(
        CLOCKS.items(),
        ("as_of", "known_on"),
        (choice.as_of, choice.known_on),
        (write_day, lambda day: write_choice("known_on", day)),
        strict=True,
    ):
        hold_widget(field, value)
        st.date_input(
            say(label),
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY-MM-DD",
            width=140,
            key=field,
            help=say(told),
            on_change=lambda field=field, write=write: write(st.session_state[field]),
        )


def show_slider(choice: Choice, known: Known, first: date | None, today: date) -> None:
    """Show the time as a slider that can be played, and the ways to the newest article and to today."""
    if first is None or known.find_newest(today) is None:
        return
    first, last = max(min(first, choice.as_of), FIRST_DAY), max(today, choice.as_of)
    if first >= last:
        return
    playing = bool(st.session_state.get("playing"))
    with st.container(horizontal=True, vertical_alignment="center", key="time"):
        st.button(
            say("Pause" if playing else "Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            key="play",
            on_click=_turn_play,
            args=(first if choice.as_of >= last else None,),
        )
        hold_widget("slider", choice.as_of, first, last)
        st.slider(
            say("Day of the map"),
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            label_visibility="collapsed",
            key="slider",
            on_change=_take_slider,
        )
        st.button(
            say("Newest"),
            key="newest",
            on_click=lambda: write_day(None),
            help=say("The date of the newest article"),
        )
        st.button(
            say("Today"),
            key="today",
            on_click=lambda: write_day(today),
            help=say("What still holds today of what was read, and what has expired since"),
        )
    if playing:
        st.session_state["fresh"] = True
        _play(first, last)


def _take_slider() -> None:
    st.session_state["playing"] = False
    write_day(st.session_state["slider"])


def _turn_play(start: date | None) -> None:
    st.session_state["playing"] = not st.session_state.get("playing")
    if st.session_state["playing"] and start:
        write_day(start)


@st.fragment(run_every=PLAY_SECONDS)
def _play(first: date, last: date) -> None:
    """Go one step on, each time but the first that this is run."""
    if st.session_state.pop("fresh", False):
        return
    step = timedelta(days=max(1, round((last - first).days / PLAY_STEPS)))
    day = min(st.session_state["clock"]["as_of"] + step, last)
    write_day(day)
    if day == last:
        st.session_state["playing"] = False
    st.rerun(scope="app")


def show_borders(borders: str, speech: panel.Speech) -> None:
    """Show which view of the borders the map has, to be changed, and what the views rest on."""
    views = load_views()
    write = bind_widget("borders", borders)
    st.selectbox(
        say("Borders"),
        list(views),
        format_func=lambda view: say("Borders: {label}", label=say(views[view].in_sentence)),
        label_visibility="collapsed",
        width=340,
        key="borders",
        on_change=write,
    )
    show(panel.write_borders(speech))


# The map -----------------------------------------------------------------------------------------


def show_map(
    view: View,
    selected: CountryCode | None,
    *,
    key: str = "map",
    on_click: Callable[[CountryCode], None] | None = None,
    arcs: Mapping[CountryCode, str] = MappingProxyType({}),
    near: Iterable[CountryCode] = (),
    borders: str = VIEWS[0],
) -> None:
    """Show a view on the map; ``on_click`` is given the code of a country that is clicked.

    ``arcs`` holds how others stand toward the selected country, ``near`` the countries that the map
    opens on, ``borders`` the view of the borders.
    """

    def take_click() -> None:
        clicked = st.session_state.get(key)
        code = clicked.get("code") if isinstance(clicked, dict) else None
        if on_click and isinstance(code, str) and code in load_gazetteer().countries:
            on_click(CountryCode(code))

    st_folium(
        draw_map(),
        key=key,
        height=440,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=draw_push(
            view.values,
            view.swatches,
            focus=view.subject,
            selected=selected,
            contested=view.contested,
            faint=view.faint,
            arcs=arcs,
            near=near,
            borders=borders,
        ),
        on_change=take_click,
    )


def show_options(options: Mapping[Lens, str] | Mapping[str, str], key: str, value: str) -> None:
    """Show what a page can show, each option by its label, to choose one from."""
    st.segmented_control(
        say("Show"),
        list(options),
        format_func={str(each): say(label) for each, label in options.items()}.__getitem__,
        required=True,
        key=key,
        on_change=bind_widget(key, value),
    )


def choose_focus(ledger: Ledger, focus: CountryCode | None, speech: panel.Speech) -> None:
    """Show the countries that evidence tells of, and the focus, to choose the focus from."""
    told = ledger.list_countries() | ({focus} if focus else set())
    st.selectbox(
        say("Focus"),
        sorted(told, key=speech.name),
        format_func=speech.name,
        width=200,
        key="focus",
        on_change=bind_widget("focus", focus),
    )


def choose_country(
    known: Known, country: CountryCode | None, placeholder: str, speech: panel.Speech
) -> None:
    """Show the list of countries, the twin of a click on the map for who has no mouse."""
    st.selectbox(
        say("Country"),
        list_countries(known),
        format_func=speech.name,
        index=None,
        placeholder=placeholder,
        label_visibility="collapsed",
        key="country",
        on_change=bind_widget("country", country),
    )


def list_countries(known: Known) -> list[CountryCode]:
    """Return the countries to choose from by name; a former one only where the news names it."""
    named = {each.country for held in known.extractions for each in held.mentions if each.counted}
    names = _load_names(find_language())
    countries = load_gazetteer().countries.values()
    listed = [each.code for each in countries if each.kind != "historic" or each.code in named]
    return sorted(listed, key=names.__getitem__)


def show_problems(problems: Iterable[str]) -> None:
    """Show what of an address cannot be shown, in one place."""
    show(panel.join(panel.write_notice(each) for each in problems))


def show_key(view: View, speech: panel.Speech) -> None:
    """Show the legend of a view, and the countries with evidence that the map does not draw."""
    drawn = {code for code, place in load_places().items() if place.drawn_as != "none"}
    show(panel.write_legend(view, speech))
    show(panel.write_undrawn(view.values, drawn, view, speech))


def show_exports(
    view: View,
    told: Callable[[], Iterable[Told]],
    panel_of_all: Callable[[panel.Speech], panel.Html],
    rows: Callable[[], list[panel.Row]],
    scope: Scope,
    speech: panel.Speech,
) -> None:
    """Show the map as a table with the same filters, and what can be taken away, where asked for.

    What is taken away leads back to the app by whole addresses.
    """
    shown = st.query_params.get("table") == "1"
    hold_widget("table", shown)
    st.toggle(
        say("Table and downloads"),
        key="table",
        on_change=lambda: write_choice("table", "1" if st.session_state["table"] else None),
    )
    if not shown:
        return
    listed = rows()
    table = [{say(name): value for name, value in row.items()} for row in listed]
    st.dataframe(
        table, hide_index=True, width="stretch", placeholder="", alt=say("The map as a table")
    )
    name = f"entente-{scope.as_of}"
    scope = replace(scope, query=urljoin(_find_address(), scope.query))
    away = _lead_back(speech)
    with st.container(horizontal=True, key="exports"):
        for label, suffix, kind, write in (
            (
                "CSV",
                "csv",
                "text/csv",
                lambda: write_csv(
                    [
                        row
                        | {
                            **({"From": scope.since.isoformat()} if scope.since else {}),
                            "As of": scope.as_of.isoformat(),
                            "Known on": scope.known_on.isoformat(),
                            "Borders": scope.borders,
                        }
                        for row in listed
                    ]
                ),
            ),
            (
                "GeoJSON",
                "geojson",
                "application/geo+json",
                lambda: write_geojson(listed, view, scope),
            ),
            (
                "Quotes, JSON lines",
                "jsonl",
                "application/jsonl",
                lambda: write_lines(told(), scope, away),
            ),
            (
                "Report, Markdown",
                "md",
                "text/markdown",
                lambda: write_markdown(told(), scope, away),
            ),
            (
                "Map and quotes, HTML",
                "html",
                "text/html",
                lambda: write_page(view, panel_of_all(away), scope, away),
            ),
        ):
            st.download_button(
                say(label),
                _speak_later(write),
                file_name=f"{name}.{suffix}",
                mime=kind,
                on_click="ignore",
                key=suffix,
            )


def _speak_later(write: Callable[[], str]) -> Callable[[], str]:
    """Return what writes a file in the language of this run, outside of it, when a reader asks for it."""
    language = find_language()

    def write_spoken() -> str:
        choose_language(language)
        return write()

    return write_spoken


def _find_address() -> str:
    """Return the whole address of the page that is open; empty where nobody visits it."""
    url = st.context.url or ""
    return url if not url or urlsplit(url).path else f"{url}/"


def _lead_back(speech: panel.Speech) -> panel.Speech:
    """Return a speech whose links lead to this app from wherever they are read."""
    root = urljoin(_find_address(), ".")
    link_pair = speech.link_pair
    return replace(
        speech,
        root=root,
        link_quote=lambda article, quote: root + speech.link_quote(article, quote),
        link_pair=(lambda state: root + link_pair(state)) if link_pair else None,
    )


# A reader's own text -----------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def _hold_turn() -> Lock:
    return Lock()


def extract_text(article: Article) -> Extraction:
    """Extract one article; one at a time in the process, since each takes a core for itself."""
    with _hold_turn():
        extraction = extract_article(article)
    _freeze_model()
    return extraction


@st.cache_resource(show_spinner=False)
def _freeze_model() -> None:
    """Take the language model out of garbage collection, once it is loaded."""
    gc.collect()
    gc.freeze()


def make_article(
    pasted: str,
    upload: tuple[str, bytes] | None,
    *,
    title: str,
    publisher: str,
    day: date | None,
    today: date,
) -> Article:
    """Return an article from a reader's own text or file, which is a name and its bytes.

    Raises :class:`ArticleError` with what to do where both or neither are given, the text is too long
    or too short, the bytes are no text, or no article can have the day. Without a date, today's stands
    in and says so.
    """
    if bool(pasted.strip()) == bool(upload):
        msg = say(
            "Both a text and a file are given. Take one of them away."
            if upload
            else "There is no text yet. Paste an article or choose a file first."
        )
        raise ArticleError(msg)
    name, source = upload or ("pasted.txt", pasted.encode("utf-8", "replace"))
    if len(source) > LARGEST_SOURCE:
        msg = say(
            "This is longer than {most} kB. Paste the part that you want read.",
            most=f"{LARGEST_SOURCE // 1000:,}",
        )
        raise ArticleError(msg)
    article = read_article(source, name=name, date_published=day, today=today)
    if not article.text.strip():
        msg = say("No text was found in this file. Paste the article's text instead.")
        raise ArticleError(msg)
    if len(article.text) > LONGEST_TEXT:
        msg = say(
            "This text has {number} characters, and {most} can be read at once. Paste the part that "
            "you want read.",
            number=f"{len(article.text):,}",
            most=f"{LONGEST_TEXT:,}",
        )
        raise ArticleError(msg)
    published = day or article.date_published
    basis, note = article.date_basis, article.date_note
    if day:
        basis, note = DateBasis.STATED, None
    elif published is None:
        basis, note = (
            DateBasis.INFERRED,
            say("No date was given, so the day of reading stands in for it."),
        )
    return replace(
        article,
        title=title.strip() or article.title,
        publisher=publisher.strip() or article.publisher,
        date_published=published or today,
        date_basis=basis,
        date_note=note,
    )
