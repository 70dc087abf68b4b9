"""Publish: what is written is what the states say, in documents that keep to their schema."""

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import jsonschema
import pytest
from samples import BAHRAIN, HOSTILE, NORWAY, make_evidence, make_relation, quote_line

from geo.__main__ import main
from geo.errors import StoreError
from geo.paths import ROOT, SEED_SEGMENTS
from geo.publish import (
    ATOM,
    LONGEST_QUOTE,
    list_documents,
    write_documents,
)
from geo.records import Evidence, State
from geo.states.settling import sort_evidence
from geo.store.segments import append_extractions, read_extractions

TODAY = date(2024, 6, 1)
NAMES = {BAHRAIN: "Bahrain", NORWAY: "Norway"}
PAIR = (BAHRAIN, NORWAY)
QUERIES = re.findall(
    r"```sql\n(.+?)```", (ROOT / "docs" / "data.md").read_text(encoding="utf-8"), re.DOTALL
)


def tell(day: int, state: State = State.REFUSES, **changes: object) -> Evidence:
    """Return that Bahrain and Norway stand in a state, published on a day of May."""
    article = f"a{day}"
    relation = make_relation(article, id=f"r{day}", state=state, condition=None)
    told = {"license": "CC BY-SA 4.0", "credit": "Wikipedia contributors"} | changes
    return make_evidence(relation, date_published=date(2024, 5, day), **told)


def publish(*evidence: Evidence) -> dict[str, bytes]:
    held = sorted(evidence, key=sort_evidence)
    return dict(list_documents([(PAIR, held)], NAMES, TODAY))


def read(documents: dict[str, bytes], name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(documents[name])
    return found


def test_a_pair_has_its_state_and_the_quote_with_its_license() -> None:
    documents = publish(tell(17), tell(20))
    (state,) = read(documents, "states.json")["pairs"]
    assert (state["pair"], state["names"]) == ("BHR-NOR", ["Bahrain", "Norway"])
    assert (state["state"], state["contested"]) == ("refuses", False)
    assert (state["first_reported"], state["last_reported"]) == ("2024-05-17", "2024-05-20")
    quote = state["quote"]
    assert quote["text"].startswith("Bahrain will not receive Norway")
    assert (quote["license"], quote["credit"]) == ("CC BY-SA 4.0", "Wikipedia contributors")


def test_each_change_tells_what_was_before_and_the_newest_is_first() -> None:
    documents = publish(tell(10), tell(20, State.TIES))
    changes = read(documents, "pairs/BHR-NOR.json")["changes"]
    assert [(change["day"], change["before"], change["after"]) for change in changes] == [
        ("2024-05-20", "refuses", "ties"),
        ("2024-05-10", None, "refuses"),
    ]
    assert [change["quote"]["published"] for change in changes] == ["2024-05-20", "2024-05-10"]
    country = read(documents, "countries/NOR.json")
    assert country["name"] == "Norway"
    assert country["changes"] == changes


def test_feeds_give_each_change_with_an_id_that_stays() -> None:
    first = ET.fromstring(publish(tell(10), tell(20, State.TIES))["pairs/BHR-NOR.xml"])
    later = ET.fromstring(publish(tell(10))["pairs/BHR-NOR.xml"])
    entries = first.findall(f"{{{ATOM}}}entry")
    assert [entry.findtext(f"{{{ATOM}}}title") for entry in entries] == [
        "Bahrain – Norway: ties (before: refuses)",
        "Bahrain – Norway: refuses",
    ]
    assert "CC BY-SA 4.0, Wikipedia contributors" in (
        entries[0].findtext(f"{{{ATOM}}}summary") or ""
    )
    assert entries[1].findtext(f"{{{ATOM}}}id") == later.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}id")
    assert first.findtext(f"{{{ATOM}}}updated") == "2024-05-20T00:00:00+00:00"


def test_hostile_texts_and_links_stay_texts() -> None:
    relation = make_relation(quote=quote_line(f"{HOSTILE}\x00\x1b", f"{HOSTILE}\x00\x1b"))
    evidence = make_evidence(relation, publisher=HOSTILE, url="javascript:alert(1)")
    documents = publish(evidence)
    (state,) = read(documents, "states.json")["pairs"]
    assert state["quote"]["url"] is None
    assert state["quote"]["text"] == f"{HOSTILE}\x00\x1b"
    feed = ET.fromstring(documents["pairs/BHR-NOR.xml"])
    assert HOSTILE in (feed.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}summary") or "")
    assert b"<script" not in documents["pairs/BHR-NOR.xml"]
    assert b"javascript" not in documents["pairs/BHR-NOR.xml"]


def test_documents_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.publish.MOST_CHANGES", 1)
    documents = publish(tell(10), tell(20, State.TIES))
    for name in ("pairs/BHR-NOR.json", "countries/NOR.json"):
        (change,) = read(documents, name)["changes"]
        assert (change["day"], change["before"]) == ("2024-05-20", "refuses")
    line = "x" * (LONGEST_QUOTE + 1)
    relation = make_relation(quote=quote_line(line, line))
    (state,) = read(publish(make_evidence(relation)), "states.json")["pairs"]
    assert state["quote"] is None


def test_of_too_many_pairs_those_of_last_have_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.publish.MOST_PAIRS", 1)
    held = [
        (PAIR, [tell(10)]),
        ((BAHRAIN, "SWE"), [make_evidence(make_relation(recipient="SWE"), date_published=TODAY)]),
    ]
    documents = dict(list_documents(held, NAMES, TODAY))
    index = read(documents, "index.json")
    assert [listed["code"] for listed in index["pairs"]] == ["BHR-SWE"]
    assert index["left_out"] == 1
    assert len(read(documents, "states.json")["pairs"]) == 2


def test_what_the_seed_gives_keeps_to_the_schema(tmp_path: Path) -> None:
    assert main(["publish", "--out", str(tmp_path)]) == 0
    schema = json.loads((tmp_path / "schema.json").read_bytes())
    kinds = {"index.json": "Index", "states.json": "States"} | {
        str(path.relative_to(tmp_path)): kind
        for folder, kind in (("pairs", "PairDocument"), ("countries", "CountryDocument"))
        for path in (tmp_path / folder).glob("*.json")
    }
    assert len(kinds) > 10
    for name, kind in kinds.items():
        asked = {**schema, "$ref": f"#/$defs/{kind}", "required": [], "properties": {}}
        jsonschema.validate(json.loads((tmp_path / name).read_bytes()), asked)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, {**schema, "$ref": "#/$defs/States"})
    index = json.loads((tmp_path / "index.json").read_bytes())
    for listed in (*index["pairs"], *index["countries"]):
        assert (tmp_path / listed["json"]).is_file()
        assert ET.parse(tmp_path / listed["atom"]).getroot().tag == f"{{{ATOM}}}feed"


def test_files_of_pairs_that_are_gone_are_removed_and_no_others(tmp_path: Path) -> None:
    write_documents([("pairs/AAA-BBB.json", b"1"), ("index.json", b"1")], tmp_path)
    (tmp_path / "pairs" / "notes.txt").write_text("mine")
    before = (tmp_path / "index.json").stat().st_ino
    documents = [("pairs/AAA-CCC.xml", b"2"), ("index.json", b"1")]
    assert write_documents(documents, tmp_path) == 2
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"pairs/AAA-CCC.xml", "pairs/notes.txt", "index.json"}
    assert (tmp_path / "index.json").stat().st_ino == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written"):
        write_documents([("index.json", b"")], tmp_path / "file")


def test_the_docs_have_ten_queries() -> None:
    assert len(QUERIES) == 10


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of what the seed holds in the layout of today."""
    folder = tmp_path_factory.mktemp("segments")
    append_extractions(read_extractions(SEED_SEGMENTS), folder)
    return folder


@pytest.mark.parametrize("query", QUERIES)
def test_the_queries_of_the_docs_find_something_in_the_seed(query: str, segments: Path) -> None:
    assert "'store/*.parquet'" in query
    asked = query.replace("store/*.parquet", f"{segments}/*.parquet")
    assert duckdb.connect().execute(asked).fetchall()
