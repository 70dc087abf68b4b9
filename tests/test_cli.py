"""The command line, run as a reader runs it: what it prints, how it fails, and what it leaves."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from samples import TEXT as HARBOR
from samples import make_extraction, make_relation

from geo import __version__
from geo.__main__ import COLUMNS, write_extraction, write_table
from geo.ingest import date_article
from geo.map.atlas import load_places
from geo.paths import ROOT, SEEDS
from geo.records import Article, DateBasis, Extraction, Quote, State
from geo.store.segments import append_extractions, read_extractions
from geo.web.exports import escape_cell, write_csv

TEXT = "Türkiye 🏝 met.\r\n\r\nNorway and Sweden signed the Harbor Treaty.\nChad slept."
KEYS = ["id", "skipped", "mentions", "relations", "accords"]
DAY = date(2024, 5, 17)


def run(
    *arguments: object, source: bytes = b"", **changed: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "geo", *map(str, arguments)],
        cwd=ROOT,
        env=make_environment(**changed),
        input=source,
        capture_output=True,
        check=False,
        timeout=600,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def make_environment(**changed: str) -> dict[str, str]:
    """Return the environment without what changes where the store lies or how Python prints."""
    left_out = {"ENTENTE_STORE", "PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHONIOENCODING"}
    return {key: value for key, value in os.environ.items() if key not in left_out} | changed


def make_lines(*entries: object) -> bytes:
    return "".join(json.dumps(entry) + "\n" for entry in entries).encode()


def read_lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.split("\n")[:-1]]


def check_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Check that one line on standard error says why, and nothing else is printed."""
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("python -m geo: ")
    for word in words:
        assert word in line


def list_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_version_is_printed() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"entente {__version__}\n")


# extract -------------------------------------------------------------------------------------------


def test_extract_prints_a_line_for_each_article_with_verbatim_offsets() -> None:
    done = run("extract", source=make_lines({"id": "one", "text": TEXT}))
    assert (done.returncode, done.stderr) == (0, "")
    (found,) = read_lines(done.stdout)
    assert list(found) == KEYS
    assert (found["id"], found["skipped"]) == ("one", None)
    assert [mention["country"] for mention in found["mentions"]] == ["TUR", "NOR", "SWE", "TCD"]
    for mention in found["mentions"]:
        assert TEXT[mention["start_char"] : mention["end_char"]] == mention["text"]
    assert {(relation["actor"], relation["recipient"]) for relation in found["relations"]} <= {
        ("NOR", "SWE"),
        ("SWE", "NOR"),
    }
    assert found["relations"]
    assert {accord["country"] for accord in found["accords"]} == {"NOR", "SWE"}
    for told in found["relations"] + found["accords"]:
        quote = told["quote"]
        start, end = quote["start_char"], quote["end_char"]
        assert quote["exact"] == TEXT[start:end]
        assert TEXT[:start].endswith(quote["prefix"])
        assert TEXT[end:].startswith(quote["suffix"])
    for relation in found["relations"]:
        for name in ("actor", "recipient"):
            start, end = relation[f"{name}_span"]
            assert TEXT[start:end] in {"Norway", "Sweden"}


def test_a_skipped_article_is_printed_with_the_reason() -> None:
    article = Article(id="harbor-1", text="")
    assert write_extraction(Extraction(article=article, skipped="It is no text.")) == {
        "id": "harbor-1",
        "skipped": "It is no text.",
        "mentions": [],
        "relations": [],
        "accords": [],
    }


def test_extract_keeps_the_order_and_a_wrong_line_keeps_its_place() -> None:
    source = (
        make_lines({"id": "z", "text": "Norway."})
        + b"{ no json\n\n"
        + make_lines({"id": "y"}, {"id": "x", "text": "Norwegen", "language": "de"})
        + make_lines({"id": "w", "text": ""}, {"id": 7, "text": "Chad."})
    )
    done = run("extract", "-", source=source)
    assert (done.returncode, done.stderr) == (0, "")
    found = read_lines(done.stdout)
    assert [hit["id"] for hit in found] == ["z", "line 2", "y", "x", "w", "7"]
    assert [bool(hit["skipped"]) for hit in found] == [False, True, True, True, True, False]
    for hit in found:
        assert list(hit) == KEYS
        assert not hit["skipped"] or hit["mentions"] == hit["relations"] == hit["accords"] == []


@pytest.mark.parametrize("source", [b"", b"\n", b"{}\n", b'{"id": "a", "text": " "}\n'])
def test_extract_says_by_its_status_that_nothing_could_be_read(source: bytes) -> None:
    done = run("extract", source=source)
    assert (done.returncode, done.stderr) == (1, "")
    assert len(done.stdout.splitlines()) == bool(source.strip())


def test_extract_reads_files_and_folders_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("c.txt", "folder/b.md", "folder/a.txt"):
        (tmp_path / name).write_text("Norway.")
    done = run("extract", tmp_path / "c.txt", tmp_path / "none.txt", tmp_path / "folder")
    found = read_lines(done.stdout)
    assert [hit["id"] for hit in found] == ["c", str(tmp_path / "none.txt"), "a", "b"]
    assert (done.returncode, found[1]["skipped"]) == (0, "There is no such file.")


def test_extract_prints_an_article_before_it_is_given_the_next() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "geo", "extract"],
        cwd=ROOT,
        env=make_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("one", "two"):
            process.stdin.write(make_lines({"id": name, "text": "Norway and Sweden met."}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("kind", ["id", "file"])
def test_extract_outlives_a_name_that_cannot_be_printed(tmp_path: Path, kind: str) -> None:
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text("Norway.")
    good = make_lines({"id": "good", "text": "Norway."})
    done = (
        run("extract", source=make_lines({"id": "\ud83d", "text": "Chad."}) + good)
        if kind == "id"
        else run("extract", tmp_path, "-", source=good)
    )
    assert "Traceback" not in done.stderr
    assert read_lines(done.stdout)[-1]["id"] == "good"


# ingest --------------------------------------------------------------------------------------------


def test_ingesting_twice_changes_nothing_and_says_what_was_done(tmp_path: Path) -> None:
    source = make_lines({"id": "one", "text": TEXT}, {"id": "two"}, {"id": "one", "text": TEXT})
    store = tmp_path / "store"
    first = run("ingest", "--store", store, "-", source=source)
    assert (first.returncode, first.stderr) == (0, "")
    relations = len(read_extractions(store)[0].relations)
    assert first.stdout.splitlines() == [
        f"1 new with {relations} relations, 1 already there, 1 skipped.",
        "  skipped two: The field text is missing; it must be a text.",
    ]
    before = list_files(store)
    second = run("ingest", "--store", store, "-", source=source)
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout.startswith("0 new with 0 relations, 2 already there, 1 skipped.\n")
    assert list_files(store) == before


def test_ingest_takes_the_store_from_the_environment(tmp_path: Path) -> None:
    source = make_lines({"id": "one", "text": TEXT})
    assert run("ingest", "-", source=source, ENTENTE_STORE=str(tmp_path)).returncode == 0
    (extraction,) = read_extractions(tmp_path)
    assert (extraction.article.id, extraction.article.text) == ("one", TEXT)


def test_ingest_dates_what_states_no_date_by_the_day_and_says_so(tmp_path: Path) -> None:
    before = date.today()  # noqa: DTZ011 - the command takes the reader's own day
    run("ingest", "--store", tmp_path, "-", source=make_lines({"id": "one", "text": TEXT}))
    (extraction,) = read_extractions(tmp_path)
    article = extraction.article
    assert article.date_basis is DateBasis.INFERRED
    assert article.date_published is not None
    assert before <= article.date_published <= date.today()  # noqa: DTZ011 - as above
    assert "--date-published" in (article.date_note or "")


def test_a_date_that_an_article_states_stays() -> None:
    stated = Article(id="a", text="x", date_published=DAY, date_basis=DateBasis.STATED)
    assert date_article(stated, date(2030, 1, 1)) is stated


def test_ingest_takes_date_and_publisher_for_all_articles(tmp_path: Path) -> None:
    source = make_lines(
        {"id": "one", "text": TEXT, "date_published": "2020-01-01", "publisher": "The Port"},
        {"id": "two", "text": TEXT},
    )
    told = ("--date-published", DAY, "--publisher", "The Harbor")
    assert run("ingest", "--store", tmp_path, *told, "-", source=source).returncode == 0
    for extraction in read_extractions(tmp_path):
        article = extraction.article
        assert (
            article.date_published,
            article.date_basis,
            article.publisher,
            article.date_note,
        ) == (
            DAY,
            DateBasis.STATED,
            "The Harbor",
            None,
        )


def test_ingest_skips_another_text_with_an_id_that_is_taken(tmp_path: Path) -> None:
    run("ingest", "--store", tmp_path, "-", source=make_lines({"id": "one", "text": TEXT}))
    before = list_files(tmp_path)
    source = make_lines({"id": "one", "text": "Mali."}, {"id": "two", "text": "Chad."})
    done = run("ingest", "--store", tmp_path, "-", source=source)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "1 new with 0 relations, 0 already there, 1 skipped.",
        "  skipped one: An article with this id and another text is in the store already. Give it "
        "another id: another file name, or the field id of its line or manifest.",
    ]
    assert before.items() < list_files(tmp_path).items()
    assert read_extractions(tmp_path)[0].article.text == TEXT


def test_ingest_reads_an_edited_page_again_and_the_same_one_once(tmp_path: Path) -> None:
    def ingest(revision: int, *names: str) -> str:
        source = make_lines(
            *({"id": name, "text": name, "source": "page", "revision": revision} for name in names)
        )
        return run("ingest", "--store", tmp_path, "-", source=source).stdout

    assert "2 new with 0 relations, 0 already there" in ingest(9, "a", "b")
    assert "0 new with 0 relations, 2 already there" in ingest(9, "a", "b")
    assert "2 new with 0 relations, 0 already there" in ingest(10, "a", "c")
    assert [read.article.id for read in read_extractions(tmp_path)] == ["a", "c"]


def test_ingest_says_by_its_status_that_nothing_could_be_read(tmp_path: Path) -> None:
    done = run("ingest", "--store", tmp_path / "store", tmp_path / "none.txt")
    assert (done.returncode, done.stderr) == (1, "")
    assert "0 new with 0 relations, 0 already there, 1 skipped." in done.stdout
    assert "There is no such file." in done.stdout
    assert not (tmp_path / "store").exists()


def test_ingest_refuses_a_wrong_date_and_a_store_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    source = make_lines({"id": "one", "text": TEXT})
    wrong_day = run(
        "ingest", "--store", tmp_path / "new", "--date-published", "May 17", "-", source=source
    )
    check_refused(wrong_day, "“May 17” is no date; write it as YYYY-MM-DD.")
    assert not (tmp_path / "new").exists()
    check_refused(
        run("ingest", "--store", tmp_path / "file", "-", source=source), "cannot be written"
    )


def test_ingest_skips_and_counts_what_lies_in_the_future(tmp_path: Path) -> None:
    source = make_lines(
        {"id": "one", "text": TEXT, "date_published": "2024-05-17"},
        {"id": "two", "text": TEXT, "date_published": "2101-05-01"},
    )
    done = run("ingest", "--store", tmp_path, "-", source=source)
    assert done.returncode == 0
    assert " 1 skipped.\n  skipped two: The date 2101-05-01 lies in the future;" in done.stdout
    assert [extraction.article.id for extraction in read_extractions(tmp_path)] == ["one"]
    late = run("ingest", "--store", tmp_path, "--date-published", "2101-05-01", "-", source=source)
    check_refused(late, "The date 2101-05-01 lies in the future")
    early = run("ingest", "--store", tmp_path, "--date-published", "1066-10-14", "-", source=source)
    check_refused(early, "The date 1066-10-14 lies before 1850")


def test_extract_skips_what_lies_in_the_future() -> None:
    source = make_lines({"id": "two", "text": TEXT, "date_published": "2101-05-01"})
    (printed,) = read_lines(run("extract", source=source).stdout)
    assert "lies in the future" in printed["skipped"]


def test_an_address_is_told_apart_from_a_file(tmp_path: Path) -> None:
    done = run("ingest", "--store", tmp_path, "http://127.0.0.1/harbor")
    assert done.returncode == 1
    told = "skipped http://127.0.0.1/harbor: The host 127.0.0.1 is not on the public internet"
    assert told in done.stdout


def test_what_is_skipped_is_told_in_plain_words(tmp_path: Path) -> None:
    lines = make_lines({"id": "red \x1b[31m\n", "text": 1})
    done = run("ingest", "--store", tmp_path, "-", source=lines)
    assert "\n  skipped red [31m: The field text is missing" in done.stdout


# states --------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Path:
    append_extractions([make_extraction()], tmp_path)
    return tmp_path


def print_states(store: Path, *arguments: object) -> str:
    done = run("states", "--store", store, "--as-of", "2024-06-01", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def find_row(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    (row,) = (row for row in rows if row["country"] == "BHR")
    return row


def test_states_as_a_table(store: Path) -> None:
    lines = print_states(store, "--focus", "Norway").splitlines()
    assert lines[0] == "As of 2024-06-01:"
    at = lines.index("Bahrain - Norway: refuses, last reported 2024-05-17, 1 quote")
    assert lines[at + 1] == (
        "    “Bahrain will not receive Norway until Norway pays its debts & <fines>.”"
    )


@pytest.mark.parametrize("late", [date(2101, 5, 1), date.max])
def test_states_are_those_of_the_newest_day_that_is_not_in_the_future(
    store: Path, late: date
) -> None:
    future = make_extraction(id="late", date_published=late)
    append_extractions([future], store)
    done = run("states", "--store", store, "--focus", "Norway")
    assert (done.returncode, done.stderr) == (0, "")
    # The seed is the newest, and by its day a refusal of the year before has faded and a pact stands.
    assert done.stdout.startswith(
        "As of 2025-08-01:\nSweden - Norway: ties, last reported 2024-05-17, 1 quote\n"
    )


def test_states_as_json(store: Path) -> None:
    rows = json.loads(print_states(store, "--focus", "nor", "--format", "json"))
    assert all(list(row) == list(COLUMNS) and row["toward"] == "NOR" for row in rows)
    assert {row["country"] for row in rows} == {"BHR", "SWE"}
    row = find_row(rows)
    assert (row["state"], row["reported"], row["as_of"], row["contested"], row["quotes"]) == (
        "refuses",
        "2024-05-17",
        "2024-06-01",
        False,
        1,
    )


def test_states_as_csv(store: Path) -> None:
    printed = print_states(store, "--focus", "NOR", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert all(list(row) == list(COLUMNS) for row in rows)
    row = find_row(rows)
    assert (row["name"], row["toward_name"], row["state"]) == ("Bahrain", "Norway", "refuses")
    assert row["quote"].endswith("debts & <fines>.")


def test_states_as_geojson_have_every_country_as_the_map_colors_it(store: Path) -> None:
    found = json.loads(print_states(store, "--focus", "NOR", "--format", "geojson"))
    assert found["type"] == "FeatureCollection"
    values = {feature["id"]: feature["properties"] for feature in found["features"]}
    assert (
        find_row([value for value in values.values() if "country" in value])["state"] == "refuses"
    )
    states = {code: item["state"] for code, item in values.items() if "state" in item}
    assert {code for code in states if "toward" in values[code]} == {"BHR", "SWE"}
    assert (states["NOR"], states["SWE"], states["BRA"]) == ("focus", "ties", "none")
    # Malta is named in the name of a ship alone, which is no mention of the country.
    assert states["MLT"] == "none"
    assert set(load_places()) <= set(states)


def test_states_as_geojson_look_from_the_country_of_most_relations(tmp_path: Path) -> None:
    done = run("states", "--store", tmp_path, "--format", "geojson")
    rows = [feature["properties"] for feature in json.loads(done.stdout)["features"]]
    assert {row["toward"] for row in rows if "toward" in row} == {"ISR"}


def test_states_without_a_focus_are_those_of_all_pairs(store: Path) -> None:
    rows = json.loads(print_states(store, "--format", "json"))
    pairs = [tuple(sorted((row["country"], row["toward"]))) for row in rows]
    assert {("BHR", "NOR"), ("NOR", "SWE")} <= set(pairs)
    assert len(pairs) == len(set(pairs))


def test_states_leave_out_what_came_later(store: Path) -> None:
    assert "No evidence as of 2001-01-01." in print_states(
        store, "--focus", "NOR", "--known-on", "2001-01-01", "--as-of", "2001-01-01"
    )
    early = json.loads(
        print_states(store, "--focus", "NOR", "--known-on", "2024-05-16", "--format", "json")
    )
    assert early == []


def test_states_hold_the_seeds_without_a_store(tmp_path: Path) -> None:
    done = run("states", "--store", tmp_path / "none", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)
    assert not (tmp_path / "none").exists()


def test_a_reader_may_date_the_seed_anew(tmp_path: Path) -> None:
    (seed,) = SEEDS.glob("*.txt")
    told = ("--store", tmp_path, "--date-published", "2025-09-09")
    assert run("ingest", *told, seed).stdout.startswith("1 new with ")
    rows = json.loads(run("states", "--store", tmp_path, "--format", "json").stdout)
    assert {row["as_of"] for row in rows} == {"2025-09-09"}
    assert {row["reported"] for row in rows} == {"2025-09-09"}


@pytest.mark.parametrize("start", [*"=+-@\t\r\n|＝＋－＠", " =", "\xa0@"])
def test_no_cell_of_csv_is_a_formula(start: str) -> None:
    row = dict.fromkeys(COLUMNS, "plain") | {"quote": f"{start}1+1", "quotes": -1}
    (read,) = csv.DictReader(io.StringIO(write_csv([row], COLUMNS), newline=""))
    assert read["quote"] == f"'{start}1+1"
    assert (read["country"], read["quotes"]) == ("plain", "-1")


@pytest.mark.parametrize("value", ["Norway = Sweden", "'=1", "", 0.5, -1, None, False])
def test_a_cell_that_is_no_formula_stays(value: object) -> None:
    assert escape_cell(value) == value


def test_a_formula_in_a_quote_is_text_in_the_printed_csv(tmp_path: Path) -> None:
    words = "=HYPERLINK(1)"
    extraction = make_extraction(id="formula", text=words + HARBOR[len(words) :])
    quote = Quote(exact=words, start_char=0, end_char=len(words))
    relation = make_relation("formula", quote=quote, state=State.REFUSES)
    append_extractions([replace(extraction, relations=(relation,))], tmp_path)
    printed = print_states(tmp_path, "--focus", "NOR", "--format", "csv")
    assert find_row(list(csv.DictReader(io.StringIO(printed))))["quote"] == "'=HYPERLINK(1)"


def test_a_table_prints_no_control_characters() -> None:
    row = dict.fromkeys(COLUMNS, "x") | {
        "quote": "red \x1b[31m and\r\nnew \u202e line",
        "quotes": 2,
        "contested": True,
    }
    assert write_table([row], DAY) == (
        "As of 2024-05-17:\nx - x: x (contested), since x, last reported x, 2 quotes\n"
        "    “red [31m and new line”"
    )


# What is wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--focus", "Atlantis"), "Atlantis"),
        (("--focus", ""), ""),
        (("--as-of", ""), "“” is no date"),
        (("--as-of", "2024-13-01"), "“2024-13-01” is no date; write it as YYYY-MM-DD."),
        (("--as-of", "tomorrow"), "“tomorrow” is no date; write it as YYYY-MM-DD."),
        (("--known-on", "20240517"), "“20240517” is no date; write it as YYYY-MM-DD."),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    store: Path, arguments: tuple[str, ...], words: str
) -> None:
    check_refused(run("states", "--store", store, *arguments), words)


def test_a_segment_that_cannot_be_read_is_named_and_the_rest_is_told(store: Path) -> None:
    (path,) = store.iterdir()
    path.write_bytes(b"noise")
    done = run("states", "--store", store)
    assert done.returncode == 0
    assert done.stdout
    (line,) = done.stderr.splitlines()
    assert path.name in line
    assert "left out" in line
    source = make_lines({"id": "one", "text": TEXT})
    assert run("ingest", "--store", store, "-", source=source).returncode == 0
    assert path.read_bytes() == b"noise"
    assert len(list_files(store)) == 2


@pytest.mark.parametrize("arguments", [(), ("draw",), ("states", "--format", "xml"), ("ingest",)])
def test_a_wrong_command_shows_how_it_is_used(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m geo")


# Pipes ---------------------------------------------------------------------------------------------


def run_unread(*arguments: object, source: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run with a standard output that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, "-m", "geo", *map(str, arguments)],
            cwd=ROOT,
            env=make_environment(),
            input=source,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    finally:
        os.close(writer)


def test_a_closed_pipe_ends_extract_in_silence() -> None:
    lines = make_lines(*({"id": str(number), "text": "Norway."} for number in range(50)))
    done = run_unread("extract", source=lines)
    assert (done.returncode, done.stderr) == (0, b"")


def test_head_takes_one_line_of_many() -> None:
    lines = make_lines(*({"id": str(number), "text": "Norway. " * 200} for number in range(50)))
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m geo extract | head -n 1', sys.executable],
        cwd=ROOT,
        env=make_environment(),
        input=lines,
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert json.loads(done.stdout)["id"] == "0"
    assert done.stderr == b""


def test_a_closed_pipe_ends_a_short_print_in_silence(store: Path) -> None:
    done = run_unread("states", "--store", store, "--focus", "NOR")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_pipe_ends_an_evaluation_in_silence(tmp_path: Path) -> None:
    (tmp_path / "quiet").mkdir()
    table = "sentence\texpected\nNorway met Chad.\tNOR=TCD talks CONSULT asserted\n"
    (tmp_path / "quiet" / "one.tsv").write_text(table, encoding="utf-8")
    done = run_unread("evaluate", "--gold", tmp_path, "--real", tmp_path / "none")
    assert (done.returncode, done.stderr) == (0, b"")
