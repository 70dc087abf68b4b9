"""The map as folium draws it: a constant script for the frame, and what is sent to it on each run.

The geometry is a static file that the browser fetches once. The map's own script never depends on
what is shown, since streamlit-folium reloads the frame when it changes; colors and the selection go
through a feature group, which its front end evaluates in place. The script is ``static/map.js``.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.errors import DataError
from geo.languages import ENGLISH, find_language, load_languages, say
from geo.map.atlas import VIEWS, geometry_name, load_views
from geo.map.lenses import Line
from geo.map.palette import FOCUS, NONE, PATTERNS, STROKE, STROKES, TILE, Swatch
from geo.paths import STATIC
from geo.records import CountryCode

# From the component's frame, /component/streamlit_folium.st_folium/index.html, under any base path.
STATIC_URL = "../../app/static"
# The same from a page.
PAGE_URL = "./app/static"
TITLE = "World map of how countries stand; the list of countries beside it holds the same"
WORLD = "World"
READ = "Read the quotes"
BESIDE = "its quotes are beside the map"
PICTURE = "PNG"
CONTESTED = "contested"
CAPTION = "Entente. Shapes: Natural Earth. Colors show what articles say."
FAILURE = (
    "The outlines of the countries could not be loaded. Reload the page to try again; "
    "the list of countries works without the map."
)
_CODE = re.compile("[A-Z]{3}")


class StillMap(folium.Map):
    """Map whose page is never written, because the component takes only scripts and links from it."""

    def render(self, **_: object) -> str:
        """Write nothing; it would take longer than the rest of a map."""
        return ""


class WorldMap(JSCSSMixin, folium.MacroElement):
    """Script that fetches the shapes, names them and posts clicks."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        window.ententeMap({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
    """)

    def __init__(self, geometry: str, names: str | None, js: str, css: str) -> None:
        """Hold the URLs that the frame loads, relative to the frame."""
        super().__init__()  # type: ignore[no-untyped-call]  # folium leaves it untyped
        self._name = "WorldMap"
        self.default_js = [("entente_map", js)]
        self.default_css = [("entente_map_css", css)]
        self.options = write_options(geometry, names)


class Push(folium.FeatureGroup):
    """Colors, focus and selection for a map that is already drawn."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = window.ententeApply({{ this.content }});
        {% endmacro %}
    """)

    def __init__(self, content: str) -> None:
        """Hold the JSON text that the script is given."""
        super().__init__()
        self._name = "FeatureGroup"
        self.content = content

    def render(self, **_: object) -> str:
        """Write nothing, as :class:`StillMap`."""
        return ""


def write_options(geometry: str, names: str | Mapping[str, str] | None = None) -> str:
    """Return what the map's script is started with, as JSON: the URL of the shapes, and its words.

    ``names`` are those of countries in another language than English, or the URL that has them.
    """
    return _write_json(
        {
            "geometry": geometry,
            "names": names,
            "tile": TILE,
            "title": say(TITLE),
            "failure": say(FAILURE),
            "world": say(WORLD),
            "read": say(READ),
            "beside": say(BESIDE),
            "picture": PICTURE,
            "contested": say(CONTESTED),
            "caption": say(CAPTION),
            "views": {
                code: say("Borders: {label}.", label=say(view.in_sentence))
                for code, view in load_views().items()
            },
        }
    )


def list_files() -> list[str]:
    """Return the URLs of what the map's frame loads, relative to the page around it."""
    urls = _name_assets()
    spoken = urls.get(f"names/{find_language()}.json")
    names = ("geometry", "leaflet.js", "map.js", "leaflet.css", "map.css")
    listed = [*(urls[name] for name in names), *([spoken] if spoken else [])]
    return [url.replace(STATIC_URL, PAGE_URL, 1) for url in listed]


def draw_map() -> folium.Map:
    """Return the world map; it is the same on every run in a language, whatever it shows.

    Raises :class:`DataError` where a file that the browser needs is missing.
    """
    urls = _name_assets()
    world = StillMap(
        location=(0, 0),
        zoom_start=0,
        tiles=None,
        crs="Simple",
        zoom_control="bottomright",
        prefer_canvas=False,
        attributionControl=False,
        doubleClickZoom=False,
        zoomSnap=0,
        worldCopyJump=False,
    )
    world.default_js = [("leaflet", urls["leaflet.js"])]
    world.default_css = [("leaflet_css", urls["leaflet.css"])]
    names = urls.get(f"names/{find_language()}.json")
    WorldMap(urls["geometry"], names, urls["map.js"], urls["map.css"]).add_to(world)
    return world


def draw_push(
    values: Mapping[CountryCode, str],
    swatches: Mapping[str, Swatch],
    *,
    focus: CountryCode | None = None,
    selected: CountryCode | None = None,
    contested: Iterable[CountryCode] = (),
    faint: Iterable[CountryCode] = (),
    lines: Iterable[Line] = (),
    near: Iterable[CountryCode] = (),
    borders: str = VIEWS[0],
) -> Push:
    """Return what recolors the map: a swatch code for each country, and the swatches in use.

    Countries without a value are drawn as ``none``; those that are contested get stripes, those that are
    told faintly a lighter color. ``lines`` are pairs with the state of each, ``near`` the
    countries that the map opens on where it is about a few, ``borders`` the view by which disputed
    areas are colored; no value depends on it. Raises
    :class:`DataError` for a key that is no country code or a value that is no swatch, so that nothing
    but our own words reaches the frame.
    """
    single = (code for code in (focus, selected) if code is not None)
    drawn = sorted(lines)
    striped, lighter, opened = sorted(contested), sorted(faint), sorted(near)
    ends = [code for one, other, _ in drawn for code in (one, other)]
    for code in (*values, *single, *striped, *lighter, *ends, *opened):
        if not _CODE.fullmatch(code):
            msg = f"no country code: {code!r}"
            raise DataError(msg)
    if borders not in VIEWS:
        msg = f"no view of the borders: {borders!r}"
        raise DataError(msg)
    used = {*values.values(), *(value for _, _, value in drawn), NONE, *({FOCUS} if focus else ())}
    if used - set(swatches):
        msg = f"no swatch for: {', '.join(sorted(used - set(swatches)))}"
        raise DataError(msg)
    return Push(
        _write_json(
            {
                "values": {code: value for code, value in sorted(values.items()) if value != NONE},
                "swatches": {code: _describe_swatch(swatches[code]) for code in sorted(used)},
                "focus": focus,
                "selected": selected,
                "contested": striped,
                "faint": lighter,
                "lines": drawn,
                "near": opened,
                "view": borders,
            }
        )
    )


def _describe_swatch(swatch: Swatch) -> dict[str, str | float]:
    return {
        "code": swatch.code,
        "label": swatch.label,
        "color": swatch.color,
        "dark": swatch.color_dark,
        "path": PATTERNS[swatch.pattern],
        "width": STROKES.get(swatch.pattern, STROKE),
        "ink": swatch.ink,
        "inkDark": swatch.ink_dark,
    }


def _write_json(value: object) -> str:
    """Return JSON that is safe inside a script: ASCII, and no tag can start in it."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@lru_cache(maxsize=4)
def _name_assets(folder: Path = STATIC) -> Mapping[str, str]:
    """Return the URL of each file that the frame loads, with its hash, so that none is stale."""
    urls = {"geometry": f"{STATIC_URL}/{geometry_name(folder)}"}
    spoken = (f"names/{language}.json" for language in load_languages() if language != ENGLISH)
    for name in ("leaflet.js", "leaflet.css", "map.js", "map.css", *spoken):
        try:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        except OSError as error:
            msg = f"{folder.name}/{name} is missing, and the map cannot be drawn without it"
            raise DataError(msg) from error
        urls[name] = f"{STATIC_URL}/{name}?v={digest}"
    return urls
