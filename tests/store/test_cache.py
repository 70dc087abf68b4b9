"""The cache: it is built, tails the segments, is built again when it is damaged, and checks what it reads."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from geo.mentions.gazetteer import load_gazetteer
from geo.records import CountryCode, Extraction
from geo.store.cache import Store, open_store
from geo.store.chronicle import Chronicle
from geo.store.queries import Search, count_articles, read_extraction, search_articles
from geo.store.segments import append_extractions
from tests.samples import hold, make_extraction

ONE, TWO = make_extraction(id="one"), make_extraction(id="two", title="Other notes")


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("ENTENTE_CACHE", str(folder))
    return folder


def open_folders(*folders: Path) -> Store:
    return open_store(folders, load_gazetteer().countries)


def list_ids(store: Store) -> list[str]:
    found, more = search_articles(store.cursor(), Search(), most=1000)
    assert not more
    return sorted(listing.id for listing in found)


def count_told(store: Store) -> int:
    return sum(Chronicle(store).list_pairs().values())


def write(folder: Path, extractions: Sequence[Extraction]) -> Path:
    path = append_extractions(extractions, folder)
    assert path is not None
    return path


def test_an_extraction_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, [ONE, TWO])
    store = open_folders(tmp_path)
    found = read_extraction(store.cursor(), "one")
    assert found == replace(
        ONE, relations=tuple(sorted(ONE.relations, key=lambda one: one.quote.start_char))
    )
    assert read_extraction(store.cursor(), "none") is None


def test_a_new_segment_is_taken_in_without_reading_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, [ONE])
    store = open_folders(tmp_path)
    read: list[str] = []
    from geo.store import cache as module

    whole = module.read_segment
    monkeypatch.setattr(
        module, "read_segment", lambda path: (read.append(path.name), whole(path))[1]
    )
    path = write(tmp_path, [TWO])
    store.refresh()
    assert read == [path.name]
    assert list_ids(store) == ["one", "two"]
    store.refresh()
    assert len(read) == 1


def test_pairs_are_followed_when_they_are_first_asked_for(tmp_path: Path) -> None:
    write(tmp_path, [ONE])
    store = open_folders(tmp_path)
    pairs = Chronicle(store).list_pairs()
    pair = min(pairs)

    def list_followed() -> set[tuple[str, str]]:
        return set(store.cursor().execute("SELECT one, other FROM stretches").fetchall())

    assert list_followed() == set()
    Chronicle(store).settle(as_of=date(2024, 6, 1), country=pair[0])
    assert list_followed() == {one for one in pairs if pair[0] in one}
    Chronicle(store).settle(as_of=date(2024, 6, 1))
    assert list_followed() == pairs.keys()


def test_a_later_process_takes_over_the_file(tmp_path: Path, cache: Path) -> None:
    write(tmp_path, [ONE])
    store = open_folders(tmp_path)
    first = store.path
    del store
    again = open_folders(tmp_path)
    assert again.path == first
    assert list_ids(again) == ["one"]
    assert len(list(cache.glob("*.duckdb"))) == 1


def test_two_stores_of_one_folder_have_files_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, [ONE])
    one, other = open_folders(tmp_path), open_folders(tmp_path)
    assert one.path != other.path
    write(tmp_path, [TWO])
    for store in (one, other):
        store.refresh()
        assert list_ids(store) == ["one", "two"]


@pytest.mark.parametrize("damage", ["gone", "cut", "noise", "html", "flipped", "other"])
def test_a_cache_that_does_not_fit_is_built_again(tmp_path: Path, damage: str) -> None:
    write(tmp_path, [ONE])
    store = open_folders(tmp_path)
    path = store.path
    assert path is not None
    del store
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "other":
        path.unlink()
        with duckdb.connect(str(path)) as made:
            made.execute("CREATE TABLE articles(id VARCHAR)")
    else:
        middle = len(whole) // 2
        flipped = bytearray(whole)
        flipped[4096:8192] = bytes(byte ^ 255 for byte in flipped[4096:8192])
        path.write_bytes(
            {
                "cut": whole[:middle],
                "noise": b"noise" * 5000,
                "html": b"<!doctype html>",
                "flipped": bytes(flipped),
            }[damage]
        )
    again = open_folders(tmp_path)
    assert list_ids(again) == ["one"]
    assert count_told(again) == len(ONE.relations)


def test_a_segment_that_is_gone_takes_its_articles_with_it(tmp_path: Path) -> None:
    write(tmp_path, [ONE])
    path = write(tmp_path, [TWO])
    store = open_folders(tmp_path)
    assert list_ids(store) == ["one", "two"]
    path.unlink()
    store.refresh()
    assert list_ids(store) == ["one"]
    assert count_told(store) == len(ONE.relations)


def test_of_an_id_in_several_folders_the_last_counts(tmp_path: Path) -> None:
    changed = replace(ONE, article=replace(ONE.article, title="Changed"))
    write(tmp_path / "seeds", [ONE])
    write(tmp_path / "own", [changed, TWO])
    for folders, title in (
        (("seeds", "own"), "Changed"),
        (("own", "seeds"), "Harbor notes"),
    ):
        store = open_folders(*(tmp_path / folder for folder in folders))
        found = read_extraction(store.cursor(), "one")
        assert found is not None
        assert found.article.title == title
        assert count_articles(store.cursor()) == 2
        assert count_told(store) == 2 * len(ONE.relations)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("newer_first", [True, False])
def test_a_newer_revision_supersedes_the_items_of_an_older_one(
    tmp_path: Path, *, at_once: bool, newer_first: bool
) -> None:
    def revise(extraction: Extraction, revision: int) -> Extraction:
        article = replace(extraction.article, source="page", revision=revision)
        return replace(extraction, article=article)

    old = [revise(ONE, 1), revise(TWO, 1)]
    new = [revise(TWO, 2), revise(make_extraction(id="three"), 2)]
    if newer_first:
        old, new = new, old
    write(tmp_path, old)
    store = None if at_once else open_folders(tmp_path)
    append_extractions(new, tmp_path)
    store = store or open_folders(tmp_path)
    store.refresh()
    assert list_ids(store) == ["three", "two"]
    assert count_told(store) == 2 * len(ONE.relations)


def test_records_that_are_wrong_are_left_out_and_counted(tmp_path: Path) -> None:
    signed, refused = ONE.relations
    wrong = [
        replace(signed, id="w1", actor=CountryCode("QQQ")),
        replace(signed, id="w2", confidence=float("nan")),
        replace(signed, id="w3", confidence=7.0),
        replace(signed, id="w4", quote=replace(signed.quote, start_char=-3)),
        replace(signed, id="w5", quote=replace(signed.quote, end_char=10**9)),
        replace(signed, id="w6", quote=replace(signed.quote, exact="Norway said nothing.")),
    ]
    place = replace(ONE.accords[0], country=CountryCode("ZZZ"))
    held = replace(ONE, relations=(signed, *wrong, refused), accords=(*ONE.accords, place))
    path = write(tmp_path, [held])
    store = open_folders(tmp_path)
    assert [(fault.segment, fault.records) for fault in store.faults] == [(path.name, 7)]
    found = read_extraction(store.cursor(), "one")
    assert found is not None
    assert {one.id for one in found.relations} == {signed.id, refused.id}
    assert found.accords == ONE.accords


def test_threads_each_get_their_own_answer(tmp_path: Path) -> None:
    write(tmp_path, [make_extraction(id=f"article-{number}") for number in range(16)])
    store = open_folders(tmp_path)
    barrier = threading.Barrier(8)

    def ask(number: int) -> bool:
        barrier.wait()
        return all(
            (found := read_extraction(store.cursor(), f"article-{number}")) is not None
            and found.article.id == f"article-{number}"
            for _ in range(5)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/taken.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_the_database_reaches_nothing_else(query: str) -> None:
    with pytest.raises(duckdb.Error):
        hold([ONE]).cursor().execute(query).fetchall()


def test_without_a_folder_to_write_the_store_is_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("a file stands here")
    write(tmp_path / "store", [ONE])
    monkeypatch.setenv("ENTENTE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_: (_ for _ in ()).throw(OSError("no room")))
    store = open_folders(tmp_path / "store")
    assert store.path is None
    assert list_ids(store) == ["one"]
