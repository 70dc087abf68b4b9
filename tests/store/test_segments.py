"""Segments: what is written is read again exactly, twice is once, and nothing stored is ever lost."""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import is_dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import make_extraction

from geo import records
from geo.errors import StoreError
from geo.records import Article, Extraction, RelationState
from geo.store.layout import write_record
from geo.store.segments import append_extractions, list_articles, read_extractions
from geo.tables import make_adapter

ONE = make_extraction()
TWO = make_extraction(
    id="harbor-2", text="Chad.", date_published=None, publisher=None, title="=1+1"
)
# Offsets of a segment are integers of 64 bits.
st.register_type_strategy(int, st.integers(0, 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
BARE = Extraction(article=Article(id="bare", text="\r\n\u2028 🏝 \0"), skipped="It is no text.")


RECORDS = tuple(
    kind
    for kind in vars(records).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == records.__name__
)


def make_records(kind: type) -> st.SearchStrategy[Any]:
    """Return a strategy; a state with nothing to support it is refused, so it gets one at least."""
    if kind is RelationState:
        supporting = st.tuples(st.from_type(records.Evidence))
        return st.builds(kind, supporting=supporting, runner_up=...)
    return st.from_type(kind)


def list_files(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_what_is_written_is_read_again_exactly(tmp_path: Path) -> None:
    path = append_extractions([ONE, TWO, BARE], tmp_path)
    assert path is not None
    assert path.parent == tmp_path
    assert read_extractions(tmp_path) == (BARE, ONE, TWO)
    (relation, *_) = read_extractions(tmp_path)[1].relations
    assert relation.cue_spans == ONE.relations[0].cue_spans


@given(
    st.lists(st.from_type(Extraction), max_size=2, unique_by=lambda each: each.article.id),
)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_extraction_is_read_again_exactly(
    tmp_path_factory: pytest.TempPathFactory, extractions: list[Extraction]
) -> None:
    folder = tmp_path_factory.mktemp("store")
    path = append_extractions(extractions, folder)
    assert (path is None) == (not extractions)
    found = read_extractions(folder)
    assert found == tuple(sorted(extractions, key=lambda each: each.article.id))


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_record_is_written_in_the_values_of_json(kind: type, data: st.DataObject) -> None:
    record = data.draw(make_records(kind))
    plain = write_record(record)
    through = json.loads(json.dumps(plain, allow_nan=False))
    assert through == plain
    assert make_adapter(kind).validate_python(through) == record


def test_a_segment_from_before_a_field_was_there_has_its_default(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path)
    assert path is not None
    pq.write_table(pq.read_table(path).drop_columns(["accords"]), tmp_path / "old.parquet")
    path.unlink()
    assert read_extractions(tmp_path) == (replace(ONE, accords=()),)


def test_a_segment_from_before_articles_told_their_source_is_read(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path)
    assert path is not None
    table = pq.read_table(path)
    place = table.column_names.index("article")
    later = {"credit", "topics", "cited", "source", "revision"}
    articles = [
        {name: value for name, value in row.items() if name not in later}
        for row in table["article"].to_pylist()
    ]
    path.unlink()
    pq.write_table(table.set_column(place, "article", pa.array(articles)), tmp_path / "old.parquet")
    assert read_extractions(tmp_path) == (ONE,)


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    append_extractions([ONE, TWO], tmp_path)
    before = list_files(tmp_path)
    assert append_extractions([TWO, ONE], tmp_path) is None
    assert append_extractions([ONE], tmp_path) is None
    assert append_extractions([], tmp_path) is None
    assert list_files(tmp_path) == before


def test_only_what_is_new_is_added(tmp_path: Path) -> None:
    first = append_extractions([ONE], tmp_path)
    assert first is not None
    before = first.read_bytes()
    second = append_extractions([ONE, TWO, TWO], tmp_path)
    assert second not in {None, first}
    assert first.read_bytes() == before
    assert len(list_files(tmp_path)) == 2
    assert read_extractions(tmp_path) == (ONE, TWO)


def test_the_same_articles_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    written = []
    for number, order in enumerate(permutations([ONE, TWO, BARE])):
        folder = tmp_path / str(number)
        append_extractions(order, folder)
        written.append(list_files(folder))
    assert len(written[0]) == 1
    assert all(each == written[0] for each in written)


def test_another_text_gives_another_segment(tmp_path: Path) -> None:
    paths = {append_extractions([each], tmp_path / each.article.id) for each in (ONE, TWO, BARE)}
    assert len({path.name for path in paths if path}) == 3


def test_the_same_id_with_another_text_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    append_extractions([ONE], tmp_path)
    before = list_files(tmp_path)
    changed = replace(ONE, article=replace(ONE.article, text="Mali."))
    with pytest.raises(StoreError, match="“harbor-1” and another text is in the store already"):
        append_extractions([TWO, changed], tmp_path)
    assert list_files(tmp_path) == before
    assert read_extractions(tmp_path) == (ONE,)


def test_two_texts_with_one_id_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    changed = replace(ONE, article=replace(ONE.article, text="Mali."))
    with pytest.raises(StoreError, match="“harbor-1”"):
        append_extractions([ONE, changed], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_not_there_holds_nothing_and_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert read_extractions(folder) == ()
    assert list_articles(folder) == {}
    assert append_extractions([], folder) is None
    assert not folder.exists()


def test_a_folder_is_made_when_something_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "two"
    append_extractions([ONE], folder)
    assert read_extractions(folder) == (ONE,)


def test_articles_are_listed_with_the_hash_of_their_text(tmp_path: Path) -> None:
    append_extractions([ONE, BARE], tmp_path)
    assert list_articles(tmp_path) == {
        each.article.id: each.article.content_hash for each in (ONE, BARE)
    }


def test_the_last_folder_that_holds_an_id_counts(tmp_path: Path) -> None:
    changed = replace(ONE, article=replace(ONE.article, title="Another"))
    append_extractions([ONE], tmp_path / "seeds")
    append_extractions([changed, TWO], tmp_path / "own")
    assert read_extractions(tmp_path / "seeds", tmp_path / "own") == (changed, TWO)
    assert read_extractions(tmp_path / "own", tmp_path / "seeds") == (ONE, TWO)


def test_an_edited_page_shows_its_newest_revision_and_keeps_the_older(tmp_path: Path) -> None:
    def read(name: str, revision: int) -> Extraction:
        return make_extraction(id=name, text=name, source="wikipedia:2024-03-04", revision=revision)

    append_extractions([read("a", 9), read("b", 9), ONE], tmp_path)
    append_extractions([read("a", 10), read("c", 10)], tmp_path)
    assert read_extractions(tmp_path) == (read("a", 10), read("c", 10), ONE)
    assert append_extractions([read("a", 10), read("b", 9)], tmp_path) is None
    assert len(list_files(tmp_path)) >= 2


def test_two_writers_of_one_article_leave_it_there_once(tmp_path: Path) -> None:
    changed = replace(ONE, article=replace(ONE.article, title="Another"))
    append_extractions([ONE], tmp_path)
    append_extractions([changed, TWO], tmp_path, known={})
    found = read_extractions(tmp_path)
    assert [hit.article.id for hit in found] == ["harbor-1", "harbor-2"]
    assert found == read_extractions(tmp_path)


def test_two_texts_with_one_id_that_two_writers_bring_are_never_both_stored(tmp_path: Path) -> None:
    told = list_articles(tmp_path)
    changed = replace(ONE, article=replace(ONE.article, text="Mali."))
    append_extractions([ONE], tmp_path)
    for known in (told, None, {}):
        with pytest.raises(StoreError, match="another text is in the store already"):
            append_extractions([changed], tmp_path, known=known)
    assert read_extractions(tmp_path) == (ONE,)


def test_a_writer_waits_until_another_has_written(tmp_path: Path) -> None:
    changed = replace(ONE, article=replace(ONE.article, text="Mali."))
    barrier = threading.Barrier(2)

    def write(extraction: Extraction) -> str:
        held = list_articles(tmp_path)
        barrier.wait()
        try:
            append_extractions([extraction], tmp_path, known=held)
        except StoreError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(write, [ONE, changed]))
    assert told[0] == ""
    assert "another text" in told[1]
    assert len(list_files(tmp_path)) == 1


def test_a_byte_that_turned_is_an_error_and_never_a_wrong_quote(tmp_path: Path) -> None:
    path = append_extractions([ONE, TWO], tmp_path)
    assert path is not None
    whole = path.read_bytes()
    for at in range(0, len(whole), 997):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(StoreError, match="cannot be read"):
            read_extractions(tmp_path)
    path.write_bytes(whole)
    assert read_extractions(tmp_path) == (ONE, TWO)


@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "folder"])
def test_a_segment_that_cannot_be_read_is_named(tmp_path: Path, damage: str) -> None:
    path = append_extractions([ONE], tmp_path)
    assert path is not None
    append_extractions([TWO], tmp_path)
    whole = path.read_bytes()
    if damage == "folder":
        path.unlink()
        path.mkdir()
        (path / "part.parquet").write_bytes(b"noise")
    else:
        path.write_bytes({"cut": whole[:-20], "empty": b"", "noise": b"PAR1" * 9}[damage])
    with pytest.raises(StoreError, match="Move it out of the folder") as caught:
        read_extractions(tmp_path)
    assert path.name in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    held = list_articles(tmp_path)
    assert set(held) == {"harbor-2"}
    assert held.damaged == {path.name}


def test_an_article_of_a_damaged_segment_can_be_added_again(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path)
    assert path is not None
    path.write_bytes(b"noise")
    append_extractions([TWO], tmp_path)
    path.rename(tmp_path / "aside")
    append_extractions([ONE], tmp_path)
    assert read_extractions(tmp_path) == (ONE, TWO)


def test_a_byte_that_turned_on_the_disk_is_never_read(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path)
    assert path is not None
    whole = path.read_bytes()
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with pytest.raises(StoreError) as caught:
            read_extractions(tmp_path)
        assert path.name in str(caught.value)


@pytest.mark.parametrize("columns", [{"country": ["NOR"]}, {"article": ["NOR"]}])
def test_a_segment_with_other_columns_is_named(
    tmp_path: Path, columns: dict[str, list[str]]
) -> None:
    pq.write_table(pa.table(columns), tmp_path / "other.parquet")
    with pytest.raises(StoreError, match=r"other\.parquet"):
        read_extractions(tmp_path)
    assert list_articles(tmp_path).damaged == {"other.parquet"}


def test_half_of_a_surrogate_pair_cannot_be_stored(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="half of a surrogate pair"):
        append_extractions([TWO, make_extraction(title="Harbor \ud83d")], tmp_path)
    assert list_files(tmp_path) == {}


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Norway")
    (tmp_path / ".half.part").write_bytes(b"half a segment")
    append_extractions([ONE], tmp_path)
    assert read_extractions(tmp_path) == (ONE,)
    assert (tmp_path / "notes.txt").read_text() == "Norway"


@pytest.mark.parametrize("broken", ["write_table", "fsync", "replace"])
def test_a_failed_write_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    append_extractions([ONE], tmp_path)
    before = list_files(tmp_path)

    def fail(*given: object, **_: object) -> None:
        if broken == "write_table":
            given[1].write(b"half")  # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")

    owner = {"write_table": pq, "fsync": os, "replace": Path}[broken]
    with monkeypatch.context() as patch:
        patch.setattr(owner, broken, fail)
        with pytest.raises(
            StoreError, match="cannot be written: No space left on device"
        ) as caught:
            append_extractions([TWO], tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert list_files(tmp_path) == before
    append_extractions([TWO], tmp_path)
    assert read_extractions(tmp_path) == (ONE, TWO)


def test_an_interrupted_write_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pq, "write_table", interrupt)
    with pytest.raises(KeyboardInterrupt):
        append_extractions([ONE], tmp_path)
    assert list_files(tmp_path) == {}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file stands here")
    with pytest.raises(StoreError, match="store cannot be written"):
        append_extractions([ONE], tmp_path / "store")


def test_a_segment_can_be_read_by_others(tmp_path: Path) -> None:
    path = append_extractions([ONE], tmp_path)
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o644
