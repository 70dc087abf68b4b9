"""Corpora of others: PLOVER's records and the places of GeoVirus are scored as their forms say."""

import json
from pathlib import Path

import pytest
from readings import count, make_extraction, make_relation

from geo.records import Event, State
from geo.tools import corpora
from geo.tools.corpora import score_geovirus, score_plover


def test_a_record_counts_by_pair_and_quad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = make_relation("JPN", "NOR", State.DISPUTE, event=Event.ACCUSE)
    monkeypatch.setattr(corpora, "extract_article", lambda _: make_extraction(said))
    text = "Japan blamed Norway."
    parties = {"source": [{"code": "JAP"}, {"code": None}], "target": [{"code": "NOR"}, "none"]}
    records = [
        {"text": text, "event": "DISAPPROVE"} | parties,
        {"text": text, "event": "FIGHT"} | parties,
        {"text": text, "event": "AGREE", "source": [{"code": "SWE"}, {"code": "FIN"}]},
        {"event": "AGREE"},
    ]
    path = tmp_path / "plover.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    scores = score_plover(path)
    assert count(scores.tally("pair")) == (2, 1, 1)
    assert count(scores.tally("pair and quad")) == (1, 2, 2)
    assert score_plover(path, floor=0.95).tally("pair").right == 0


PLACES = (
    ("Norway", "https://en.example/wiki/Norway"),
    ("Pandi", "https://en.example/wiki/Pandi,_Bulacan,_Philippines"),
    ("Somewhere", "https://en.example/wiki/Somewhere"),
)


def test_a_place_counts_where_its_page_tells_the_country(tmp_path: Path) -> None:
    text = "From Norway to Pandi, Somewhere and Sweden it spread."
    locations = "".join(
        f"<location><start>{at + 1}</start><end>{at + 1 + len(name)}</end><page>{page}</page></location>"
        for name, page in PLACES
        for at in [text.index(name)]
    )
    path = tmp_path / "places.xml"
    article = f"<article><text>{text}</text><locations>{locations}</locations></article>"
    path.write_text(f"<articles>{article}</articles>", encoding="utf-8")
    assert count(score_geovirus(path).tally("places of countries")) == (1, 1, 1)
