"""Archives: what a zip and a WARC hold is read, within limits, and what is left out says why."""

import gzip
import io
import stat
import struct
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from geo.errors import ArticleError
from geo.reading import archives
from geo.reading.archives import ENDED, Page, list_entries, list_pages
from geo.reading.child import DAMAGED
from geo.records import Skipped


def make_zip(*files: tuple[str | ZipInfo, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content, ZIP_DEFLATED)
    return out.getvalue()


def make_record(markup: bytes, url: str = "https://news.example/1", **changes: str) -> bytes:
    """Return a record of a WARC with the answer of a server."""
    told = {"kind": "response", "status": "200 OK", "type": "text/html; charset=utf-8"} | changes
    body = f"HTTP/1.1 {told['status']}\r\nContent-Type: {told['type']}\r\n\r\n".encode() + markup
    head = (
        f"WARC/1.0\r\nWARC-Type: {told['kind']}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2024-05-17T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def read_pages(source: bytes) -> list[Page | Skipped]:
    return list(list_pages(io.BytesIO(source), "news.warc"))


# Zip -----------------------------------------------------------------------------------------------


def test_the_files_of_a_zip_come_by_name_after_the_manifests() -> None:
    source = make_zip(
        ("b.txt", b"Mali"), ("a/", b""), ("a/c.txt", b"Chad"), ("manifest.json", b"{}")
    )
    entries = [(entry.name, entry.content, entry.reason) for entry in list_entries(source)]
    assert entries == [
        ("manifest.json", b"{}", None),
        ("a/c.txt", b"Chad", None),
        ("b.txt", b"Mali", None),
    ]


def test_hidden_files_of_a_zip_are_passed_over() -> None:
    source = make_zip((".git/a.txt", b"x"), ("__MACOSX/._a.txt", b"x"), ("b/.c.txt", b"x"))
    assert list(list_entries(source)) == []


def test_a_large_zip_is_unpacked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    content = Random(1).randbytes(5_000_000)
    source = make_zip(*((f"{number}.txt", content[number:]) for number in range(4)))
    calls = []
    read = archives.read_apart
    monkeypatch.setattr(
        archives,
        "read_apart",
        lambda *given, **told: calls.append(told["start"]) or read(*given, **told),
    )
    names = [entry.name for entry in list_entries(source)]
    assert names == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert calls == ["0", "2"]


def make_link() -> tuple[ZipInfo, bytes]:
    info = ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, b"/etc/passwd"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (("../one.txt", b"x"), "leads out of the archive"),
        (("a/../../one.txt", b"x"), "leads out of the archive"),
        (("/etc/one.txt", b"x"), "leads out of the archive"),
        (("C:/one.txt", b"x"), "leads out of the archive"),
        (("..\\one.txt", b"x"), "leads out of the archive"),
        (make_link(), "It is a link"),
        (("one.txt", b"Norway " * 100_000), "more than 100 times its size"),
    ],
)
def test_a_file_of_a_zip_that_is_no_article_says_why(
    file: tuple[str | ZipInfo, bytes], reason: str
) -> None:
    refused, kept = sorted(
        list_entries(make_zip(file, ("zz.txt", b"Chad"))), key=lambda one: one.name
    )
    assert reason in (refused.reason or "")
    assert refused.content == b""
    assert (kept.content, kept.reason) == (b"Chad", None)


def test_a_file_that_is_locked_says_so() -> None:
    source = bytearray(make_zip(("one.txt", b"Norway")))
    source[6] |= 1
    source[source.index(b"PK\x01\x02") + 8] |= 1
    (entry,) = list_entries(bytes(source))
    assert "locked with a password" in (entry.reason or "")


def test_a_file_that_is_damaged_says_so_and_the_others_are_read() -> None:
    source = bytearray(make_zip(("a.txt", b"Norway signed a pact"), ("b.txt", b"Chad")))
    source[source.index(b"a.txt") + 8] ^= 0xFF
    damaged, kept = list_entries(bytes(source))
    assert damaged.reason == "It is damaged in the archive."
    assert kept.content == b"Chad"


def test_a_zip_that_says_less_than_it_holds_gives_no_more_than_it_says() -> None:
    content = b"Norway signed a pact with Sweden. " * 50
    source = make_zip(("a.txt", content)).replace(
        struct.pack("<L", len(content)), struct.pack("<L", 9)
    )
    (entry,) = list_entries(source)
    assert len(entry.content) <= 9


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"PK\x03\x04", DAMAGED),
        (make_zip(("one.txt", b"Norway"))[:-10], DAMAGED),
        (make_zip(*((f"{number}.txt", b"") for number in range(1001))), "more than 1,000 files"),
        (
            make_zip(*((f"{number}.txt", bytes(19_000_000)) for number in range(6))),
            "more than 100,000,000 bytes",
        ),
    ],
    ids=["broken", "truncated", "files", "bytes"],
)
def test_a_zip_that_is_damaged_or_too_large_is_refused(source: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        list(list_entries(source))


# WARC ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_pages_of_a_warc_are_its_answers_in_html(pack: object) -> None:
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        make_record("<p>Côte d’Ivoire".encode()),
        make_record(b"GET", kind="request"),
        make_record(b"gone", status="404 Not Found"),
        make_record(b"{}", type="application/json"),
        make_record(
            "<p>Россия".encode("koi8-r"), "https://news.example/2", type="text/html; charset=koi8-r"
        ),
    ]
    assert read_pages(b"".join(map(pack, records))) == [  # type: ignore[operator, call-overload]
        Page("https://news.example/1", "2024-05-17", "<p>Côte d’Ivoire"),
        Page("https://news.example/2", "2024-05-17", "<p>Россия"),
    ]


def test_a_warc_is_read_a_slice_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [
        make_record(b"<p>" + b"x" * size, f"https://news.example/{size}")
        for size in range(500, 900, 100)
    ]
    monkeypatch.setattr(archives, "SLICE", 1500)
    for pack in (bytes, gzip.compress):
        found = read_pages(b"".join(map(pack, records)))  # type: ignore[arg-type, call-overload]
        urls = [page.url for page in found if isinstance(page, Page)]
        assert urls == [f"https://news.example/{size}" for size in range(500, 900, 100)]
        assert len(found) == 4


@pytest.mark.parametrize("cut", [20, 400, 480])
@pytest.mark.parametrize("packed", [False, True])
def test_a_warc_that_is_cut_off_says_so_after_its_whole_pages(cut: int, *, packed: bool) -> None:
    one = make_record(b"<p>Norway")
    noise = "".join(f"{number:x} " for number in range(9000)).encode()
    two = make_record(noise)
    if packed:
        one, two = gzip.compress(one), gzip.compress(two)
    page, told = read_pages(one + two[:cut])
    assert isinstance(page, Page)
    assert page.markup == "<p>Norway"
    assert isinstance(told, Skipped)
    assert told.name == "news.warc"
    assert told.reason == ENDED or "damaged" in told.reason
    if cut > 300 and not packed:
        assert told.reason == ENDED


@pytest.mark.parametrize(
    "source", [b"WARC/1.0", b"WARC/1.0\r\n\r\n" + b"\xff" * 500, b"\x1f\x8b\x08" + b"x" * 90]
)
def test_a_warc_that_is_none_says_so(source: bytes) -> None:
    (told,) = read_pages(source)
    assert isinstance(told, Skipped)


def test_a_record_that_is_larger_than_a_slice_ends_the_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "SLICE", 1000)
    page, told = read_pages(
        make_record(b"<p>Norway") + make_record(b"x" * 3000) + make_record(b"<p>Chad")
    )
    assert isinstance(page, Page)
    assert isinstance(told, Skipped)
    assert "larger than 1,000 bytes" in told.reason


def test_a_page_that_unpacks_to_a_bomb_is_skipped_and_the_rest_is_read() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    record = make_record(bomb, "https://news.example/bomb").replace(
        b"Content-Type: text/html; charset=utf-8\r\n",
        b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
    )
    size = len(record.partition(b"\r\n\r\n")[2]) - 4
    head, _, rest = record.partition(b"\r\n\r\n")
    lines = [
        b"Content-Length: %d" % size if line.startswith(b"Content-Length") else line
        for line in head.split(b"\r\n")
    ]
    found = read_pages(b"\r\n".join(lines) + b"\r\n\r\n" + rest + make_record(b"<p>Norway"))
    assert isinstance(found[0], Page)
    assert found[0].markup == "<p>Norway"
    assert found[1:] == [
        Skipped("https://news.example/bomb", "The page is larger than 4,000,000 bytes.")
    ]


def test_nothing_of_an_archive_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    list(list_entries(make_zip(("a/one.txt", b"Norway"))))
    assert list(tmp_path.iterdir()) == []
