"""Documents: the article in a PDF, a Word document or an e-mail, read in a child of its own."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from geo.errors import ArticleError
from geo.reading.child import read_apart
from geo.reading.webpage import FIELDS, parse_webpage

# Bytes of the body of a Word document when it is unpacked, and how often it may be packed.
LARGEST_BODY, HIGHEST_RATIO = 50_000_000, 100
LOCKED = "It is locked with a password. Save it without one."
NO_TEXT = "There is no text in it; its pages may be images. Paste the article's text instead."
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[a-z])")


def read_document(source: bytes, suffix: str) -> Mapping[str, str | None]:
    """Return a document's title, date (YYYY-MM-DD), sitename, url and text, ``None`` for what it lacks.

    ``suffix`` is one of :data:`PARSERS`. Raises :class:`ArticleError` where it is damaged, locked, without
    text, or too much to read.
    """
    told: Mapping[str, str | None] = read_apart(PARSERS[suffix], source)
    if not (told["text"] or "").strip():
        raise ArticleError(NO_TEXT)
    return told


def parse_pdf(source: bytes) -> dict[str, str | None]:
    """Return the fields of a PDF as :func:`read_document` does; to be run in a child alone.

    When a file was made says nothing of when its article was published, so it has no date.
    """
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(BytesIO(source))
    # Many are locked against printing alone and open with an empty password.
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise ArticleError(LOCKED)
    pages = (page.extract_text().strip() for page in reader.pages)
    title = reader.metadata.title if reader.metadata else None
    return _make_fields(text=_HYPHEN.sub("", "\n\n".join(filter(None, pages))), title=title)


def parse_docx(source: bytes) -> dict[str, str | None]:
    """Return the fields of a Word document as :func:`read_document` does; to be run in a child alone."""
    from zipfile import ZipFile

    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with ZipFile(BytesIO(source)) as held:
        body = held.getinfo("word/document.xml")
        if body.flag_bits & 1:
            raise ArticleError(LOCKED)
        if body.file_size > min(LARGEST_BODY, HIGHEST_RATIO * body.compress_size):
            msg = "It unpacks to more than a document holds. Paste the article's text instead."
            raise ArticleError(msg)
        root = etree.fromstring(held.read(body), parser)
    paragraphs = []
    for paragraph in root.iter(f"{_WORD}p"):
        pieces = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}
        words = (
            part.text or "" if part.tag == f"{_WORD}t" else pieces.get(part.tag, "")
            for part in paragraph.iter()
        )
        paragraphs.append("".join(words).strip())
    return _make_fields(text="\n\n".join(filter(None, paragraphs)))


def parse_eml(source: bytes) -> dict[str, str | None]:
    """Return the fields of an e-mail as :func:`read_document` does; to be run in a child alone.

    Its subject is the title, and who sent it is the publisher.
    """
    from email import message_from_bytes, policy
    from email.utils import parseaddr, parsedate_to_datetime

    message = message_from_bytes(source, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None or not message.keys():
        msg = "It is no e-mail with a text. Paste the article's text instead."
        raise ArticleError(msg)
    content = body.get_content()
    if body.get_content_subtype() == "html":
        content = parse_webpage(content.encode("utf-8", "replace"))["text"]
    try:
        sent = parsedate_to_datetime(message["date"]).date().isoformat()
    except (TypeError, ValueError):
        sent = None
    name, address = parseaddr(str(message["from"] or ""))
    return _make_fields(text=content, title=message["subject"], date=sent, sitename=name or address)


def _make_fields(**told: Any) -> dict[str, str | None]:
    """Return fields as texts that are valid Unicode."""
    return {
        name: str(told[name]).encode("utf-8", "replace").decode() if told.get(name) else None
        for name in FIELDS
    }


PARSERS: Mapping[str, Callable[[bytes], dict[str, str | None]]] = {
    ".pdf": parse_pdf,
    ".docx": parse_docx,
    ".eml": parse_eml,
}
