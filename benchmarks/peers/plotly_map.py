"""The map as a Plotly choropleth: the shapes go along in the figure, and a selection runs the script."""

import json
from pathlib import Path

import plotly.graph_objects as go
import shapely
import streamlit as st

(SHAPES,) = (Path(__file__).resolve().parents[2] / "static").glob("world.*.json")

st.set_page_config(layout="wide")
focus = st.selectbox("Focus", range(1, 7))
shapes = [
    {
        "type": "Feature",
        "id": feature["id"],
        # Plotly takes a ring that runs the other way for its outside.
        "geometry": json.loads(
            shapely.to_geojson(
                shapely.orient_polygons(
                    shapely.from_geojson(json.dumps(feature["geometry"])), exterior_cw=True
                )
            )
        ),
    }
    for feature in json.loads(SHAPES.read_text(encoding="utf-8"))["features"]
    if feature["geometry"] and not feature["properties"].get("piece")
]
figure = go.Figure(
    go.Choropleth(
        geojson={"type": "FeatureCollection", "features": shapes},
        locations=[shape["id"] for shape in shapes],
        z=[number * focus % 7 for number in range(len(shapes))],
        showscale=False,
    )
)
figure.update_geos(visible=False, projection_type="equirectangular")
figure.update_layout(height=440, margin={"l": 0, "r": 0, "t": 0, "b": 0})
picked = st.plotly_chart(figure, on_select="rerun", key="map")
points = picked["selection"]["points"]
st.write(f"answer {points[0]['location'] if points else 'none'}")
st.write(f"focus {focus}")
