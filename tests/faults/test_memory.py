"""Memory: what a visit brought goes with it, and a store that changes leaves nothing behind in Python."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.paths import ROOT
from geo.records import Article, Evidence, Extraction
from geo.store.segments import append_extractions
from geo.web import frame
from geo.web import known as reading
from tests.samples import make_extraction


@pytest.fixture(autouse=True)
def _thaw() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    gc.unfreeze()
    st.cache_resource.clear()


def count_held(publisher: str) -> int:
    gc.unfreeze()
    return sum(
        isinstance(held, Article) and held.publisher == publisher for held in gc.get_objects()
    )


def test_a_pasted_text_does_not_outlive_its_visit() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/add.py")
    app.session_state["own_extraction"] = make_extraction(publisher="The Visitor")
    app.run()
    assert not app.exception
    # Another visit falls into this one, and what is held is frozen.
    frame.freeze_memory.clear()  # type: ignore[attr-defined]
    frame.freeze_memory()
    assert gc.get_freeze_count() > 1000
    del app
    frame.freeze_memory.clear()  # type: ignore[attr-defined]
    frame.freeze_memory()
    assert count_held("The Visitor") == 0


def test_a_store_that_changes_leaves_no_records_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "find_store", lambda: tmp_path)
    monkeypatch.setattr(reading, "SEED_SEGMENTS", tmp_path / "none")
    for number in range(4):
        changed = make_extraction(id=f"article-{number}", publisher="The Changing")
        append_extractions([changed], tmp_path)
        known, problems = reading.load_known()
        assert problems == []
        assert reading.load_ledger(known).list_pairs()
    gc.collect()
    del changed
    # Other tests of this process may hold records of their own.
    held = [
        one
        for one in gc.get_objects()
        if (isinstance(one, Evidence) and one.publisher == "The Changing")
        or (isinstance(one, Extraction) and one.article.publisher == "The Changing")
    ]
    assert len(held) <= 2
