"""Reading: bytes become articles as they stand, and what is none says why and what to do."""

import codecs
import gzip
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from geo.errors import ArticleError
from geo.reading import files
from geo.reading.fields import Told
from geo.reading.files import read_article, read_files, read_path
from geo.reading.lines import read_lines
from geo.records import Article, DateBasis, Skipped

TEXT = "Türkiye and Côte d'Ivoire signed a pact.\n\nChad did not."
DAY, OTHER_DAY = date(2024, 5, 17), date(2025, 1, 2)
PAGE = """<!doctype html>
<html lang="en"><head><title>Norway and Sweden sign</title>
<meta property="og:site_name" content="The Harbor">
<meta property="article:published_time" content="2024-05-17T08:00:00Z">
<link rel="canonical" href="https://news.example/harbor">
<script>var hidden = "Chad attacked Sudan";</script><style>p { color: red }</style></head>
<body><nav><a href="/">All the news</a></nav><article><h1>Norway and Sweden sign</h1>
<p>Norway signed a fishing pact with Sweden on Friday after a week of talks in the harbor town.</p>
<script>document.write("Chad attacked Sudan")</script>
<p>The two governments said that the pact holds for ten years &amp; that ships of both may fish.</p>
</article></body></html>"""


def read(source: bytes, name: str = "one.txt", **told: object) -> Article:
    return read_article(source, name=name, **told)  # type: ignore[arg-type]


def read_one(path: Path, **told: object) -> Article:
    (article,) = read_path(path, **told)  # type: ignore[arg-type]
    assert isinstance(article, Article), article
    return article


def skip_one(found: Iterator[Article | Skipped]) -> Skipped:
    (skipped,) = found
    assert isinstance(skipped, Skipped), skipped
    return skipped


def read_fields(fields: object, **told: object) -> Article | Skipped:
    line = json.dumps(fields).encode()
    (found,) = read_lines([line], **told)  # type: ignore[arg-type]
    return found


def make_folder(folder: Path, manifest: object = None, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    if manifest is not None:
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


# The day of an article -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("1849-12-31", "The date 1849-12-31 lies before 1850; give the day of publication."),
        ("1850-01-01", None),
        ("2024-05-19", None),
        ("2024-05-20", "The date 2024-05-20 lies in the future; give the day of publication."),
        ("9999-12-31", "The date 9999-12-31 lies in the future; give the day of publication."),
    ],
)
def test_a_day_that_no_article_can_have_skips_it(
    tmp_path: Path, day: str, reason: str | None
) -> None:
    entry = {"file": "one.txt", "date_published": day}
    make_folder(tmp_path, manifest={"articles": [entry]}, one="Chad.", two="Mali.")
    of_folder, other = read_path(tmp_path, today=DAY)
    assert isinstance(other, Article)
    of_line = read_fields({"id": "a", "text": "Chad.", "date_published": day}, today=DAY)
    of_reader, *_ = read_path(tmp_path, date_published=date.fromisoformat(day), today=DAY)
    of_readers_line = read_fields(
        {"id": "a", "text": "Chad."}, date_published=date.fromisoformat(day), today=DAY
    )
    for found in (of_folder, of_line, of_reader, of_readers_line):
        if reason:
            assert isinstance(found, Skipped)
            assert found.reason == reason
        else:
            assert isinstance(found, Article)
            assert found.date_published == date.fromisoformat(day)


def test_a_day_that_is_given_takes_the_place_of_one_that_no_article_can_have() -> None:
    fields = {"id": "a", "text": "Chad.", "date_published": "2101-05-01"}
    article = read_fields(fields, date_published=DAY, today=DAY)
    assert isinstance(article, Article)
    assert article.date_published == DAY


@pytest.mark.parametrize("stated", ["0001-01-01", "2024-05-20", "2101-05-01"])
def test_a_page_with_a_day_that_no_article_can_have_has_none(
    monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    told = {"title": None, "url": None, "sitename": None, "text": "Chad.", "date": stated}
    monkeypatch.setattr(files, "read_webpage", lambda _: told)
    undated = read(PAGE.encode(), "one.html", today=DAY)
    assert (undated.date_published, undated.date_basis) == (None, DateBasis.UNKNOWN)
    dated = read(PAGE.encode(), "one.html", today=DAY, date_published=OTHER_DAY.replace(year=2023))
    assert dated.date_published == date(2023, 1, 2)


# Bytes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
        TEXT.encode("latin-1"),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "latin-1"],
)
def test_a_text_reads_the_same_in_every_encoding(source: bytes) -> None:
    assert read(source).text == TEXT


def test_line_ends_stay_so_that_offsets_count_the_given_text() -> None:
    text = "\r\nNorway\r\n\r\nSweden\rChad\n "
    assert read(text.encode()).text == text


@pytest.mark.parametrize(
    "source",
    [
        b"PK\x03\x04 word/document.xml",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0 JFIF",
        b"\x1f\x8b\x08 compressed",
        b"Norway\0Sweden",
        b"\xff\x00\x80\x00\x01",
        "Norway".encode("utf-16-le") + b"\x00\xd8",
    ],
    ids=["zip", "png", "jpeg", "gzip", "nul", "bytes", "utf-16 without mark"],
)
def test_what_is_no_text_is_refused_with_what_to_do(source: bytes) -> None:
    with pytest.raises(ArticleError, match="Save the article as txt, md or html"):
        read(source)


@pytest.mark.parametrize("source", [b"", b" \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_text_is_refused_with_what_to_do(source: bytes) -> None:
    with pytest.raises(ArticleError, match="Give a file that holds an article"):
        read(source)


# One article ---------------------------------------------------------------------------------------


def test_the_stem_of_the_name_is_the_id() -> None:
    assert read(b"Norway", "notes/harbor.2024.txt").id == "harbor.2024"


def test_a_source_without_a_name_gets_an_id_from_its_bytes() -> None:
    one, same, other = (read(source, "").id for source in (b"Norway", b"Norway", b"Sweden"))
    assert one == same != other
    assert one


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("one.md", "# Harbor notes\n\nNorway signed.", "Harbor notes"),
        ("one.md", "\r\n# Harbor notes \r\n\r\nNorway signed.", "Harbor notes"),
        ("one.MD", "# Harbor # notes\nNorway signed.", "Harbor # notes"),
        ("one.md", "## Harbor notes\n\nNorway signed.", None),
        ("one.md", "Norway signed.\n\n# Harbor notes", None),
        ("one.txt", "# Harbor notes\n\nNorway signed.", None),
    ],
)
def test_the_first_heading_of_markdown_is_the_title(
    name: str, text: str, title: str | None
) -> None:
    article = read(text.encode(), name)
    assert (article.title, article.text) == (title, text)


def test_a_date_is_stated_or_unknown_and_never_made_up() -> None:
    undated = read(b"Norway signed on 3 March 2024.")
    assert (undated.date_published, undated.date_basis) == (None, DateBasis.UNKNOWN)
    dated = read(b"Norway", date_published=DAY, publisher="The Harbor")
    assert (dated.date_published, dated.date_basis, dated.publisher) == (
        DAY,
        DateBasis.STATED,
        "The Harbor",
    )


# Web pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["one.html", "one.HTM", "one.txt"])
def test_the_article_is_taken_from_a_page(name: str) -> None:
    article = read(PAGE.encode(), name)
    assert (article.id, article.title, article.publisher, article.url) == (
        "one",
        "Norway and Sweden sign",
        "The Harbor",
        "https://news.example/harbor",
    )
    assert (article.date_published, article.date_basis) == (DAY, DateBasis.STATED)
    assert "Norway signed a fishing pact with Sweden on Friday" in article.text
    assert "ten years & that ships" in article.text
    for left_out in ("Chad", "All the news", "color", "<p>"):
        assert left_out not in article.text


@pytest.mark.parametrize("before", ["\ufeff", " \n", "<!-- saved from a page -->\n", "<?xml ?>"])
def test_a_page_is_known_by_how_it_begins(before: str) -> None:
    assert read((before + PAGE).encode(), "one.txt").title == "Norway and Sweden sign"


def test_an_empty_line_parts_the_paragraphs_of_a_page() -> None:
    text = read(PAGE.encode(), "one.html").text
    assert "in the harbor town.\n\nThe two governments" in text


def test_what_is_given_goes_before_what_a_page_says() -> None:
    article = read(PAGE.encode(), "one.html", date_published=OTHER_DAY, publisher="Me")
    assert (article.date_published, article.date_basis) == (OTHER_DAY, DateBasis.STATED)
    assert article.publisher == "Me"


def test_a_page_without_a_date_has_none() -> None:
    page = PAGE.replace("article:published_time", "x").replace("2024-05-17T08:00:00Z", "")
    article = read(page.encode(), "one.html")
    assert (article.date_published, article.date_basis) == (None, DateBasis.UNKNOWN)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><body></body></html>",
        "<html><script>Norway</script></html>",
        "<html><body>" + "<div>" * 200_000 + "Norway signed a pact with Sweden.",
        "<html><body>" + "<table><tr><td>" * 20_000,
        "<html><body>" + "<b><i>" * 50_000 + "</b></i>" * 50_000,
    ],
    ids=["empty", "no body", "script", "deep", "tables", "crossed"],
)
def test_a_page_without_an_article_says_what_to_do(page: str) -> None:
    with pytest.raises(ArticleError, match="Paste the article's text"):
        read(page.encode(), "one.html")


# Limits ------------------------------------------------------------------------------------------


TOO_LONG = [
    ("id", 256, "The id is longer than 256 characters."),
    ("url", 2048, "The url is longer than 2,048 characters."),
    ("title", 500, "The title is longer than 500 characters."),
    ("publisher", 200, "The publisher is longer than 200 characters."),
]


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\x1b", "\x9b", "\ufeff"])
@pytest.mark.parametrize("name", ["title", "publisher"])
def test_what_is_not_seen_is_left_out_of_a_name(name: str, unseen: str) -> None:
    told = read_fields({"id": "one", "text": TEXT, name: f"The {unseen}Harbor\u00ad é{unseen}"})
    assert getattr(told, name) == "The Harbor\u00ad é"
    empty = read_fields({"id": "one", "text": TEXT, name: unseen})
    assert getattr(empty, name) is None


@pytest.mark.parametrize(("name", "longest", "reason"), TOO_LONG)
def test_a_line_with_a_field_that_is_too_long_is_skipped(
    name: str, longest: int, reason: str
) -> None:
    fields = {"id": "one", "text": TEXT}
    assert isinstance(read_fields({**fields, name: "é" * longest}), Article)
    skipped = read_fields({**fields, name: "é" * (longest + 1)})
    assert skipped == Skipped("line 1" if name == "id" else "one", reason)


@pytest.mark.parametrize(("name", "longest", "reason"), TOO_LONG)
def test_a_manifest_with_a_field_that_is_too_long_skips_the_file(
    tmp_path: Path, name: str, longest: int, reason: str
) -> None:
    for length in (longest, longest + 1):
        entry = {"file": "one.txt", name: "x" * length}
        make_folder(tmp_path, {"articles": [entry]}, one=TEXT)
        (found,) = read_path(tmp_path)
        assert isinstance(found, Article) == (length == longest)
    assert found == Skipped(str(tmp_path / "one.txt"), reason)


def test_a_publisher_that_is_given_is_no_longer_than_another(tmp_path: Path) -> None:
    make_folder(tmp_path, one=TEXT)
    assert "publisher" in skip_one(read_path(tmp_path, publisher="x" * 201)).reason


@pytest.mark.parametrize(
    ("name", "source", "reason"),
    [
        ("one.md", "# " + "x" * 501 + "\n\n" + TEXT, "title is longer"),
        ("one.html", PAGE.replace("/harbor", "/" + "x" * 2048), "url is longer"),
        ("one.html", PAGE.replace("The Harbor", "x" * 201), "publisher is longer"),
    ],
    ids=["heading", "address", "site"],
)
def test_a_page_or_heading_with_a_field_that_is_too_long_is_refused(
    name: str, source: str, reason: str
) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(source.encode(), name)


def test_a_manifest_takes_the_place_of_a_heading_that_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# " + "x" * 501 + "\n\n" + TEXT, encoding="utf-8")
    make_folder(tmp_path, {"articles": [{"file": "one.md", "title": "Harbor"}]})
    assert read_one(tmp_path / "one.md").title == "Harbor"


def test_a_file_that_is_too_large_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 100)
    make_folder(tmp_path, one="x" * 100, two="x" * 101)
    one, two = read_path(tmp_path)
    assert isinstance(one, Article)
    reason = "The file is larger than 100 bytes, so it is no article."
    assert two == Skipped(str(tmp_path / "two.txt"), reason)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("name", ["one.txt", "one.jsonl", "one.html"])
def test_a_pipe_is_refused_at_once(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    for path in (tmp_path, tmp_path / name):
        assert skip_one(read_path(path)).reason.startswith("It is a pipe or device, not a file.")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_device_is_refused_at_once(tmp_path: Path) -> None:
    assert skip_one(read_path(Path("/dev/zero"))).reason.startswith("It is a pipe or device")
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    assert skip_one(read_path(tmp_path / "zero.jsonl")).reason.startswith("It is a pipe or device")


@pytest.mark.parametrize("name", ["one.txt", "one.jsonl", "one.pdf"])
def test_a_link_that_leads_out_of_the_folder_is_skipped(tmp_path: Path, name: str) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / name).write_text(json.dumps({"id": "one", "text": TEXT}), encoding="utf-8")
    (inside / name).symlink_to(outside / name)
    skipped = skip_one(read_path(inside))
    assert skipped == Skipped(str(inside / name), files.LINKED)
    # A reader who names the link itself means its file.
    if name == "one.txt":
        assert read_one(inside / name).id == "one"


def test_a_folder_that_a_link_leads_out_to_is_not_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    make_folder(outside, one=TEXT)
    make_folder(inside, two=TEXT)
    (inside / "linked").symlink_to(outside)
    assert read_one(inside).id == "two"


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    make_folder(tmp_path, one=TEXT)
    (tmp_path / "two.txt").symlink_to("one.txt")
    assert [article.id for article in read_path(tmp_path) if isinstance(article, Article)] == [
        "one",
        "two",
    ]
    (tmp_path / "named").symlink_to(tmp_path)
    assert len(list(read_path(tmp_path / "named"))) == 2


def test_a_manifest_that_a_link_leads_out_to_is_not_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    make_folder(outside, {"articles": [{"file": "one.txt", "title": "Harbor"}]})
    make_folder(inside, one=TEXT)
    (inside / "manifest.json").symlink_to(outside / "manifest.json")
    assert files.LINKED in skip_one(read_path(inside)).reason


# Files and folders ---------------------------------------------------------------------------------


def test_a_file_gives_one_article(tmp_path: Path) -> None:
    make_folder(tmp_path, one=TEXT)
    assert read_one(tmp_path / "one.txt") == Article(id="one", text=TEXT)


def test_a_file_that_is_not_there_is_skipped(tmp_path: Path) -> None:
    skipped = skip_one(read_path(tmp_path / "none.txt"))
    assert (skipped.name, skipped.reason) == (
        str(tmp_path / "none.txt"),
        "There is no such file.",
    )
    assert skip_one(read_path(tmp_path / "none.jsonl")).reason == "There is no such file."


def test_a_file_that_cannot_be_opened_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    skipped = skip_one(read_path(tmp_path / "loop.txt"))
    assert skipped.reason.startswith("It cannot be opened: ")


def test_a_path_that_cannot_be_asked_for_is_skipped(tmp_path: Path) -> None:
    skipped = skip_one(read_path(tmp_path / ("n" * 300 + ".txt")))
    assert skipped.reason.startswith("It cannot be opened: ")


def test_a_folder_is_read_in_the_order_of_names_and_below_it_too(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "a.md", "b/z.txt", "b/a.TXT", "photo.jpg", "notes.json"):
        (tmp_path / name).write_text("Norway")
    (tmp_path / "d.jsonl").write_text('{"id": "x", "text": "Chad"}\n{"id": "w", "text": "Mali"}\n')
    (tmp_path / "b.pdf.txt").write_bytes(b"%PDF-1.7")
    found = list(read_path(tmp_path))
    names = [hit.id if isinstance(hit, Article) else Path(hit.name).name for hit in found]
    assert names == ["a", "a", "z", "b.pdf.txt", "c", "x", "w"]
    assert [type(hit) for hit in found].count(Skipped) == 1


def test_a_folder_without_articles_says_so(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    skipped = skip_one(read_path(tmp_path))
    assert (skipped.name, skipped.reason) == (
        str(tmp_path),
        "There is no file in it that may hold an article.",
    )


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/notes.txt", ".draft.txt", "one.txt"):
        (tmp_path / name).write_text("Norway")
    assert [article.id for article in read_path(tmp_path) if isinstance(article, Article)] == [
        "one"
    ]
    hidden = tmp_path / ".git"
    assert read_one(hidden / "notes.txt").id == "notes"
    assert [type(article) for article in read_path(hidden)] == [Article]


@pytest.mark.parametrize("name", ["one.doc", "one.odt", "one.RTF", "one.epub"])
def test_a_document_of_another_kind_is_never_passed_over_in_silence(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("Norway signed a pact with Sweden.")
    for path in (tmp_path, tmp_path / name):
        skipped = skip_one(read_path(path))
        assert skipped.name == str(tmp_path / name)
        assert "is not read. Save the article as txt, md or html." in skipped.reason


def test_a_file_name_that_is_no_unicode_gives_an_id_that_is(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Norway")
    (tmp_path / os.fsdecode(b"\xff.txt")).write_bytes(b"\0")
    article, skipped = read_path(tmp_path)
    assert isinstance(article, Article)
    assert article.id == "caf\ufffd"
    assert isinstance(skipped, Skipped)
    assert skipped.name.endswith("/\ufffd.txt")


def test_what_is_given_goes_before_what_a_file_says(tmp_path: Path) -> None:
    entry = {
        "file": "one.txt",
        "publisher": "The Harbor",
        "date_published": "2024-05-17",
        "date_basis": "inferred",
        "date_note": "The text speaks of Whit Friday",
    }
    make_folder(tmp_path, {"articles": [entry]}, one=TEXT)
    article = read_one(tmp_path / "one.txt", date_published=OTHER_DAY, publisher="Me")
    assert (article.date_published, article.date_basis, article.date_note, article.publisher) == (
        OTHER_DAY,
        DateBasis.STATED,
        None,
        "Me",
    )


# Manifests -----------------------------------------------------------------------------------------


def test_a_manifest_tells_of_the_files_beside_it(tmp_path: Path) -> None:
    told = {
        "title": "Harbor notes",
        "url": "https://news.example/harbor",
        "publisher": "The Harbor",
        "language": "en",
        "date_note": "The text speaks of Whit Friday",
        "license": "CC0-1.0",
    }
    entry = told | {"file": "one.txt", "date_published": "2024-05-17", "date_basis": "inferred"}
    make_folder(tmp_path, {"articles": [entry]}, one=TEXT, two="Chad")
    one, two = read_path(tmp_path)
    assert one == Article(
        id="one", text=TEXT, date_published=DAY, date_basis=DateBasis.INFERRED, **told
    )
    assert two == Article(id="two", text="Chad")


def test_a_manifest_may_name_the_article(tmp_path: Path) -> None:
    make_folder(tmp_path, {"articles": [{"file": "one.txt", "id": "x", "text": "Mali"}]}, one=TEXT)
    assert read_one(tmp_path / "one.txt") == Article(id="x", text=TEXT)


def test_a_manifest_that_names_what_is_not_there_says_so(tmp_path: Path) -> None:
    entries = [{"file": "none.txt"}, {"file": "below/one.txt"}, {"file": "odd.news"}]
    make_folder(tmp_path, {"articles": entries}, one=TEXT)
    (tmp_path / "odd.news").write_text("Norway")
    found = list(read_path(tmp_path))
    assert [hit.id for hit in found if isinstance(hit, Article)] == ["odd", "one"]
    assert [(hit.name, hit.reason) for hit in found if isinstance(hit, Skipped)] == [
        (str(tmp_path / name), "The manifest names it, but there is no such file beside it.")
        for name in ("none.txt", "below/one.txt")
    ]


def test_a_manifest_goes_before_a_page(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(PAGE)
    make_folder(tmp_path, {"articles": [{"file": "one.html", "publisher": "The Port"}]})
    article = read_one(tmp_path / "one.html")
    assert (article.publisher, article.date_published) == ("The Port", DAY)


@pytest.mark.parametrize(
    "manifest", [b"{", b"[]", b"{}", b'{"articles": [1]}', b'{"articles": [{}]}', b"\xff", b"null"]
)
def test_a_broken_manifest_is_named(tmp_path: Path, manifest: bytes) -> None:
    make_folder(tmp_path, one=TEXT)
    (tmp_path / "manifest.json").write_bytes(manifest)
    skipped = skip_one(read_path(tmp_path))
    assert skipped.name.endswith("one.txt")
    assert f"{tmp_path / 'manifest.json'} is no manifest" in skipped.reason


WRONG_FIELDS = [
    ({"title": 1}, "The field title must be a text or null."),
    ({"url": ["x"]}, "The field url must be a text or null."),
    ({"publisher": {}}, "The field publisher must be a text or null."),
    ({"language": True}, "The field language must be a text or null."),
    ({"date_published": "17 May 2024"}, "must be a date as YYYY-MM-DD, not '17 May 2024'"),
    ({"date_published": "2024-02-30"}, "must be a date as YYYY-MM-DD"),
    ({"date_published": "20240517"}, "must be a date as YYYY-MM-DD"),
    ({"date_published": 20240517}, "must be a date as YYYY-MM-DD"),
    ({"date_published": ""}, "must be a date as YYYY-MM-DD"),
    ({"date_basis": "guessed"}, "The field date_basis must be one of stated, inferred, unknown."),
    ({"date_basis": []}, "The field date_basis must be one of stated, inferred, unknown."),
]


@pytest.mark.parametrize(("fields", "reason"), WRONG_FIELDS)
def test_a_wrong_field_of_a_manifest_skips_its_file_alone(
    tmp_path: Path, fields: dict[str, object], reason: str
) -> None:
    make_folder(tmp_path, {"articles": [{"file": "one.txt"} | fields]}, one=TEXT, two="Chad")
    skipped, two = read_path(tmp_path)
    assert isinstance(skipped, Skipped)
    assert reason in skipped.reason
    assert two == Article(id="two", text="Chad")


# What a file is ------------------------------------------------------------------------------------


def pack(*names: str, content: bytes = TEXT.encode()) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def test_the_files_of_a_zip_are_read_as_those_of_a_folder(tmp_path: Path) -> None:
    out = io.BytesIO()
    told = {"articles": [{"file": "one.txt", "title": "Harbor", "date_published": "2024-05-17"}]}
    with ZipFile(out, "w") as archive:
        archive.writestr("a/one.txt", TEXT)
        archive.writestr("a/manifest.json", json.dumps(told))
        archive.writestr("b.jsonl", json.dumps({"id": "b", "text": "Chad"}))
        archive.writestr("c.csv", "id,text\nc,Mali\n")
        archive.writestr("photo.jpg", "x")
        archive.writestr("d.zip", pack("one.txt"))
        archive.writestr("e.doc", "x")
    (tmp_path / "news.zip").write_bytes(out.getvalue())
    one, lines, table, inner, document = read_path(tmp_path / "news.zip")
    stated = {"date_published": DAY, "date_basis": DateBasis.STATED}
    assert one == Article(id="one", text=TEXT, title="Harbor", **stated)  # type: ignore[arg-type]
    assert (lines, table) == (Article(id="b", text="Chad"), Article(id="c", text="Mali"))
    assert isinstance(inner, Skipped)
    assert isinstance(document, Skipped)
    assert inner.name == f"{tmp_path / 'news.zip'}/d.zip"
    assert "archive in an archive" in inner.reason
    assert "is not read" in document.reason


@pytest.mark.parametrize(
    ("source", "reason"),
    [(pack("photo.jpg"), "no file in it that may hold"), (b"PK\x03\x04", "damaged"), (b"x", "no")],
)
def test_a_zip_without_articles_says_so(source: bytes, reason: str) -> None:
    (skipped,) = read_files(source, name="news.zip")
    assert isinstance(skipped, Skipped)
    assert reason in skipped.reason


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("one.txt", b"Norway", ".txt"),
        ("one.TXT", b"%PDF-1.7", ".pdf"),
        ("one", pack("one.txt"), ".zip"),
        ("one.docx", pack("word/document.xml"), ".docx"),
        ("one.bin", pack("[Content_Types].xml", "word/document.xml"), ".docx"),
        ("one.xlsx", pack("[Content_Types].xml", "xl/workbook.xml"), ".odt"),
        ("one", b"WARC/1.0\r\n", ".warc"),
        ("one.gz", gzip.compress(b"WARC/1.0\r\n", mtime=0), ".warc"),
        ("news.warc.gz", b"", ".warc"),
        ("one.gz", gzip.compress(b"Norway", mtime=0), ".gz"),
        ("one.txt", b"<?xml version='1.0'?><!-- x --><rss version='2.0'>", ".xml"),
        ("one", b"\xef\xbb\xbf<feed xmlns='x'>", ".xml"),
        ("one.json", b'{"version": "https://jsonfeed.org/version/1.1"', ".xml"),
        ("one.json", b'{"version": 1}', ".json"),
        ("one.html", b"<html><rss>", ".html"),
    ],
)
def test_a_file_is_known_by_its_first_bytes_and_its_name(name: str, head: bytes, kind: str) -> None:
    assert files._find_kind(name, head) == kind


def test_a_feed_is_given_to_who_reads_feeds_and_told_as_other_files() -> None:
    asked = []

    def read_feed(source: bytes, name: str) -> Iterator[Article | Skipped]:
        asked.append((source, name))
        yield Article(id="a", text="Chad", publisher="The Port")
        yield Skipped("entry 2", "none")

    told = Told(read_feed=read_feed, publisher="The Harbor")
    found = list(read_files(b"<rss/>", name="news.txt", told=told))
    assert asked == [(b"<rss/>", "news.txt")]
    assert found == [
        Article(id="a", text="Chad", publisher="The Harbor"),
        Skipped("entry 2", "none"),
    ]
    (skipped,) = read_files(b"<rss/>", name="news.xml")
    assert isinstance(skipped, Skipped)
    assert "python -m geo ingest" in skipped.reason


def test_the_pages_of_a_warc_become_articles_and_a_cut_is_told(tmp_path: Path) -> None:
    def record(url: str, page: str) -> bytes:
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2024-06-01T08:00:00Z\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return gzip.compress(head.encode() + body + b"\r\n\r\n")

    undated = PAGE.replace("article:published_time", "x").replace("2024-05-17T08:00:00Z", "")
    (tmp_path / "news.warc.gz").write_bytes(
        record("https://news.example/1", PAGE)
        + record("https://news.example/2", undated)
        + record("https://news.example/3", "<html></html>")
        + record("https://news.example/4", PAGE)[:-200]
    )
    found = list(read_path(tmp_path / "news.warc.gz"))
    articles = [article for article in found if isinstance(article, Article)]
    assert [(article.url, article.date_published, article.date_basis) for article in articles] == [
        ("https://news.example/1", DAY, DateBasis.STATED),
        ("https://news.example/2", date(2024, 6, 1), DateBasis.INFERRED),
    ]
    assert articles[0].publisher == "The Harbor"
    skipped = {told.name: told.reason for told in found if isinstance(told, Skipped)}
    assert set(skipped) == {"https://news.example/3", str(tmp_path / "news.warc.gz")}
    assert "ended early" in skipped[str(tmp_path / "news.warc.gz")]
