"""The map: one script for every state, and nothing but our own words sent to it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from geo.errors import DataError
from geo.map import drawing
from geo.map.drawing import draw_map, draw_push, list_files
from geo.map.palette import load_palette
from geo.paths import STATIC
from geo.records import CountryCode
from tests.samples import HOSTILE

AZE, ISR = CountryCode("AZE"), CountryCode("ISR")


def write_script(push: drawing.Push) -> tuple[str, str]:
    """Return what streamlit-folium sends: the script of the map and that of the push."""
    world = draw_map()
    world.get_root().render()
    script = _get_map_string(world)
    return script, _get_feature_group_string(push, world)


def read_push(script: str) -> dict[str, object]:
    """Return what a push hands to the page."""
    found = re.search(r"window\.ententeApply\((.*)\);", script)
    assert found
    content: dict[str, object] = json.loads(found[1])
    return content


def test_the_script_stays_the_same_whatever_is_shown() -> None:
    palette = load_palette()
    one, _ = write_script(draw_push({AZE: "ties"}, palette.states, focus=ISR, selected=AZE))
    other, _ = write_script(draw_push({}, palette.places))
    assert one == other
    assert generate_js_hash(one, "map") == generate_js_hash(other, "map")


def test_a_push_carries_values_swatches_in_use_focus_and_selection() -> None:
    _, script = write_script(
        draw_push({AZE: "ties", CountryCode("FRA"): "none"}, load_palette().states, focus=ISR)
    )
    content = read_push(script)
    assert content["values"] == {"AZE": "ties"}
    assert set(content["swatches"]) == {"ties", "none", "focus"}  # type: ignore[call-overload]
    assert (content["focus"], content["selected"]) == ("ISR", None)


def test_a_push_names_the_countries_that_the_map_opens_on() -> None:
    palette = load_palette()
    _, script = write_script(draw_push({}, palette.states, near=(ISR, AZE)))
    assert read_push(script)["near"] == ["AZE", "ISR"]
    with pytest.raises(DataError, match="no country code"):
        draw_push({}, palette.states, near=[CountryCode("x")])


def test_every_asset_is_served_by_the_app() -> None:
    world = draw_map()
    script, _ = write_script(draw_push({}, load_palette().states))
    links = [link for part in (world, *world._children.values()) for _, link in
             [*getattr(part, "default_js", []), *getattr(part, "default_css", [])]]  # fmt: skip
    assert len(links) == 4
    for link in links:
        assert link.startswith("../../app/static/")
        assert (STATIC / link.removeprefix("../../app/static/").split("?")[0]).is_file()
    assert "//" not in script.replace("../../app", "")


def test_what_is_fetched_ahead_is_what_the_frame_asks_for() -> None:
    world = draw_map()
    script, _ = write_script(draw_push({}, load_palette().states))
    links = {link for part in (world, *world._children.values()) for _, link in
             [*getattr(part, "default_js", []), *getattr(part, "default_css", [])]}  # fmt: skip
    ahead = {file.replace("./app", "../../app", 1) for file in list_files()}
    assert links < ahead
    assert all(link in script for link in ahead - links)


@pytest.mark.parametrize("bad", [HOSTILE, "AZ", "aze", "AZE;", ""])
def test_a_key_that_is_no_code_is_refused(bad: str) -> None:
    states = load_palette().states
    with pytest.raises(DataError, match="no country code"):
        draw_push({CountryCode(bad): "ties"}, states)
    with pytest.raises(DataError, match="no country code"):
        draw_push({}, states, selected=CountryCode(bad))


def test_a_value_without_a_swatch_is_refused() -> None:
    with pytest.raises(DataError, match="no swatch for: friendly"):
        draw_push({AZE: "friendly"}, load_palette().states)


def test_no_label_can_end_the_script_or_start_a_tag() -> None:
    states = dict(load_palette().states)
    states["ties"] = replace(states["ties"], label=HOSTILE + "`${alert(1)}\u2028")
    _, script = write_script(draw_push({AZE: "ties"}, states))
    assert not set("<>\u2028") & set(script)
    swatches = read_push(script)["swatches"]
    assert swatches["ties"]["label"].startswith("<img")  # type: ignore[index]


def test_the_page_writes_text_as_text_only() -> None:
    source = (STATIC / "map.js").read_text(encoding="utf-8")
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert sink not in source


def test_a_missing_asset_is_told(tmp_path: Path) -> None:
    (tmp_path / "world.0.json").write_text("{}")
    with pytest.raises(DataError, match=r"leaflet\.js is missing"):
        drawing._name_assets(tmp_path)
