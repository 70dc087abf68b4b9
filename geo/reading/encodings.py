"""Encodings: bytes as text, in the encoding that they say or that fits best."""

import codecs
import re
from email.message import Message

from geo.errors import ArticleError

SAVE = "Save the article as txt, md or html."
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=", re.IGNORECASE)
# The share of ASCII from which on a text that is not UTF-8 is taken for Windows-1252, the encoding in
# which English was written before it (and the default of browsers for English).
_MOSTLY_ASCII = 0.8
_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document that is old or locked with a password"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)


def decode_text(source: bytes) -> str:
    """Return bytes as text: by byte order mark, as UTF-8, or in the encoding that fits best.

    Raises :class:`ArticleError` where they are no text.
    """
    for magic, kind in _BINARY:
        if source.startswith(magic):
            msg = f"This is {kind}, not text. {SAVE}"
            raise ArticleError(msg)
    text = _decode(source)
    if text is None or "\0" in text:
        msg = f"This is no text. {SAVE}"
        raise ArticleError(msg)
    return text


def decode_markup(source: bytes, kind: str) -> str:
    """Return a page as text: in the charset that its header ``Content-Type`` tells, else as it fits best.

    Raises :class:`ArticleError` where it is no text.
    """
    told = Message()
    told["content-type"] = kind
    charset = told.get_content_charset() or "none"
    try:
        return source.decode(charset)
    except (LookupError, ValueError):
        return decode_text(source)


def is_unicode(text: str) -> bool:
    """Return whether a text can be written in UTF-8, which half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decode(source: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKS if source.startswith(mark)), "utf-8")
    try:
        return source.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in source or not encoding.startswith("utf-8"):
            return None
    patched = source.decode(encoding, "replace")
    broken = patched.count("\ufffd")
    beyond = sum(1 for letter in patched if letter > "\x7f") - broken
    if broken < beyond:
        # UTF-8 in which some bytes are lost, as at the end of a text that was cut.
        return patched
    if not _DECLARED.search(source, 0, 2000):
        high = len(source.translate(None, bytes(range(128))))
        if high <= len(source) * (1 - _MOSTLY_ASCII):
            try:
                return source.decode("windows-1252")
            except UnicodeDecodeError:
                pass
    from charset_normalizer import from_bytes

    best = from_bytes(source).best()
    return str(best) if best else None
