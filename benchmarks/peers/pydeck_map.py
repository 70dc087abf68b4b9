"""The map as a pydeck layer: the shapes go along in the chart, and a selection runs the script."""

import json
from pathlib import Path

import pydeck as pdk
import streamlit as st

(SHAPES,) = (Path(__file__).resolve().parents[2] / "static").glob("world.*.json")

st.set_page_config(layout="wide")
focus = st.selectbox("Focus", range(1, 7))
shapes = [
    {
        "type": "Feature",
        "properties": {"code": feature["id"], "fill": [40 * (number * focus % 7), 120, 160]},
        "geometry": feature["geometry"],
    }
    for number, feature in enumerate(json.loads(SHAPES.read_text(encoding="utf-8"))["features"])
    if feature["geometry"] and not feature["properties"].get("piece")
]
layer = pdk.Layer(
    "GeoJsonLayer",
    id="shapes",
    data={"type": "FeatureCollection", "features": shapes},
    pickable=True,
    get_fill_color="properties.fill",
)
deck = pdk.Deck(
    layers=[layer],
    map_provider=None,
    map_style=None,
    initial_view_state=pdk.ViewState(latitude=25, longitude=15, zoom=1),
)
picked = st.pydeck_chart(
    deck, on_select="rerun", selection_mode="single-object", height=440, key="map"
)
objects = picked["selection"].get("objects", {}).get("shapes", [])
st.write(f"answer {objects[0]['properties']['code'] if objects else 'none'}")
st.write(f"focus {focus}")
