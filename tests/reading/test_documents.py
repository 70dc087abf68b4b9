"""Documents: PDF, Word and e-mail become articles, and what is broken, locked or a bomb says so."""

import zlib
from collections.abc import Mapping
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from geo.errors import ArticleError
from geo.reading import documents
from geo.reading.child import DAMAGED, TOO_LARGE, TOO_LONG
from geo.reading.documents import LOCKED, NO_TEXT, read_document

SENTENCE = "Norway signed a pact with Sweden."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_pdf(content: bytes, filters: bytes = b"") -> bytes:
    """Return a PDF of one page that is drawn by a stream of operators."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (Harbor notes) /CreationDate (D:20240517) >>",
    ]
    source, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(source))
        source += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return source + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (len(parts) + 1, table, len(parts) + 1, len(source))


def write_lines(*lines: str) -> bytes:
    """Return the operators that write lines on a page, one under the other."""
    shown = b"".join(b"(%s) Tj 0 -14 Td " % line.encode() for line in lines)
    return b"BT /F1 12 Tf 50 700 Td " + shown + b"ET"


def lock_pdf(source: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(source)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def make_docx(body: str, name: str = "word/document.xml") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, body)
    return out.getvalue()


def write_paragraphs(*paragraphs: str) -> str:
    told = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return f'<w:document xmlns:w="{WORD}"><w:body>{told}</w:body></w:document>'


def make_eml(text: str, subtype: str = "plain", **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, subtype=subtype)
    return message.as_bytes()


MAIL = {
    "Subject": "Harbor =?utf-8?q?notes?=",
    "From": "The Harbor <news@harbor.example>",
    "Date": "Fri, 17 May 2024 23:30:00 +0200",
}


def test_the_text_and_title_of_a_pdf_are_read_and_no_date() -> None:
    source = make_pdf(write_lines("Norway signed a pact with Swe-", "den on Friday."))
    found = read_document(source, ".pdf")
    assert found["text"] == "Norway signed a pact with Sweden on Friday."
    assert (found["title"], found["date"]) == ("Harbor notes", None)


def test_a_pdf_that_is_locked_against_printing_alone_is_read() -> None:
    assert SENTENCE in (
        read_document(lock_pdf(make_pdf(write_lines(SENTENCE)), ""), ".pdf")["text"] or ""
    )


def test_the_paragraphs_of_a_word_document_are_read() -> None:
    body = write_paragraphs(
        "Norway signed</w:t><w:tab/><w:t>a pact.", "", "Chad &amp; Mali did not."
    )
    assert read_document(make_docx(body), ".docx")["text"] == (
        "Norway signed\ta pact.\n\nChad & Mali did not."
    )


def test_an_e_mail_has_title_publisher_and_date() -> None:
    found = read_document(make_eml(SENTENCE, **MAIL), ".eml")
    assert found == {
        "title": "Harbor notes",
        "date": "2024-05-17",
        "sitename": "The Harbor",
        "url": None,
        "text": SENTENCE + "\n",
    }


def test_an_e_mail_in_html_alone_is_read_as_a_page() -> None:
    page = (
        f"<html><body><article><p>{SENTENCE * 9}</p><script>Chad()</script></article></body></html>"
    )
    text = read_document(make_eml(page, "html", **MAIL), ".eml")["text"]
    assert text == SENTENCE * 9


BOMB = zlib.compress(zlib.compress(b"BT (Norway) Tj ET " * 20_000_000, 9), 9)
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'Norway'>"
    + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
    + write_paragraphs("&j;")
)


@pytest.mark.parametrize(
    ("suffix", "source", "reasons"),
    [
        (".pdf", b"%PDF-1.7", {DAMAGED}),
        (".pdf", b"Norway signed.", {DAMAGED}),
        (".pdf", make_pdf(write_lines(SENTENCE))[:200], {DAMAGED, NO_TEXT}),
        (".pdf", make_pdf(b""), {NO_TEXT}),
        (".pdf", lock_pdf(make_pdf(write_lines(SENTENCE)), "secret"), {LOCKED}),
        (
            ".pdf",
            make_pdf(BOMB, b"/Filter [/FlateDecode /FlateDecode]"),
            {DAMAGED, NO_TEXT, TOO_LARGE, TOO_LONG},
        ),
        (".docx", b"PK\x03\x04", {DAMAGED}),
        (".docx", make_docx(write_paragraphs(SENTENCE))[:-40], {DAMAGED}),
        (".docx", make_docx(write_paragraphs(SENTENCE), "word/other.xml"), {DAMAGED}),
        (".docx", make_docx("<w:p>"), {DAMAGED}),
        (".docx", make_docx(write_paragraphs("")), {NO_TEXT}),
        (".docx", make_docx(" " * 9_000_000), {"unpacks to more"}),
        (".docx", make_docx(LAUGHS), {DAMAGED, NO_TEXT, TOO_LARGE}),
        (".eml", b"", {"no e-mail"}),
        (".eml", b"\0\xff\n\n", {"no e-mail", NO_TEXT}),
        (".eml", make_eml("", **MAIL), {NO_TEXT}),
        (".eml", make_eml(SENTENCE, **MAIL)[:60], {NO_TEXT}),
    ],
)
def test_what_cannot_be_read_says_why(suffix: str, source: bytes, reasons: set[str]) -> None:
    with pytest.raises(ArticleError) as raised:
        read_document(source, suffix)
    assert any(reason in str(raised.value) for reason in reasons), raised.value


def test_a_document_is_parsed_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def read(parse: object, _source: bytes) -> Mapping[str, str | None]:
        asked.append(parse)
        return {"text": SENTENCE}

    monkeypatch.setattr(documents, "read_apart", read)
    for suffix, parse in documents.PARSERS.items():
        read_document(b"", suffix)
        assert asked[-1] is parse
