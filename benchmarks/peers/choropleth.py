"""The map as tutorials draw it: read the file, color it with folium.Choropleth, return everything."""

from pathlib import Path

import folium
import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium

(SHAPES,) = (Path(__file__).resolve().parents[2] / "static").glob("world.*.json")

st.set_page_config(layout="wide")
focus = st.selectbox("Focus", range(1, 7))
shapes = gpd.read_file(SHAPES)
shapes = shapes[shapes.geometry.notna()].reset_index(drop=True)
shapes["value"] = [number * focus % 7 for number in range(len(shapes))]
world = folium.Map(location=(20, 10), zoom_start=2, tiles=None)
layer = folium.Choropleth(
    geo_data=shapes, data=shapes, columns=["name", "value"], key_on="feature.properties.name"
)
# Its legend needs a script of another host, and without that script nothing is drawn at all.
children = layer._children  # noqa: SLF001 - folium has no switch for it
for name in [child for child in children if child.startswith("color_map")]:
    del children[name]
layer.add_to(world)
picked = st_folium(world, key="map", height=440, use_container_width=True)
drawing = picked.get("last_active_drawing") or {}
st.write(f"answer {drawing.get('properties', {}).get('name', 'none')}")
st.write(f"focus {focus}")
