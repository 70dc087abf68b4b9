"""Wikitext: the page of one day of Wikipedia's current events becomes the items that a reader sees.

A page is a list: bold lines, lines that begin with ``;`` and headings are categories, a bullet that has
others below it is a topic, and one that has none is an item. Header and footer templates stand around it in
older and in newer pages, and pages from between have the list inside the template, as ``content``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geo.errors import ArticleError
from geo.records import Citation
from geo.sources.templates import show_template

if TYPE_CHECKING:
    from mwparserfromhell.wikicode import Wikicode

# Characters of a page; the fullest day has some 100,000.
LARGEST_PAGE = 300_000
LONGEST_NAME, LONGEST_URL = 200, 2048
# Characters at the end of a line in which its end is looked for.
_TAIL = 100
_HEADER = re.compile(
    r"\{\{\s*(?:portal:)?(?:current[ _]events|ce)(?:[ _](?:header|footer|box))?\s*(?:\|[^{}]*?)?"
    r"(?:\}\}|(?P<content>\|\s*content\s*=))",
    re.IGNORECASE,
)
_REDIRECT = re.compile(r"\s*#redirect\b", re.IGNORECASE)
_BRACES = re.compile(r"\{\{|\}\}")
_COMMENT_LINE = re.compile(
    r"^[ \t]*+(?:<!--(?:(?!-->).)*+-->[ \t]*+)++\n", re.DOTALL | re.MULTILINE
)
_COMMENT = re.compile(r"<!--(?:(?!-->).)*+(?:-->|\Z)", re.DOTALL)
# Tags whose content is no part of the sentence.
_UNSEEN = frozenset(
    {"gallery", "imagemap", "math", "score", "style", "table", "templatestyles", "timeline"}
)
# Of pages in these namespaces, and of the same page in another language, a link shows no words.
_HIDDEN_LINK = re.compile(
    r"(?<!\s)\s*+(?:file|image|category|[a-z]{2,3}|simple|zh-[a-z-]++)\s*+:", re.IGNORECASE
)
_BOLD_LINE = re.compile(r"'''.+'''[\s:]*", re.DOTALL)
_QUOTES = re.compile("''+")
_STRAY_TAG = re.compile(
    r"</?(?:b|big|br|center|div|em|i|p|s|small|span|strong|sub|sup|u)\b[^<>]{0,200}>"
)
# What may stand between the links behind an item.
_BETWEEN = re.compile(r"(?:[\s,;/&()\[\]]|\band\b|\bvia\b)*")
_ENDS_SENTENCE = re.compile(r"(?:[.!?…][\"”’')\]]*+|(?<![(\[\s])\s*+[(\[])\s*+[(\[]*+\s*+\Z")
_BETWEEN_END = re.compile(r"(?<![\s,;/&(\[])[\s,;/&(\[]++\Z")
# Where links were cut out, with the brackets around them.
_CUT = re.compile(
    r" ?[(\[] ?\0(?:[\s,;/&]*\0)* ?[)\]]| ?\0(?:[\s,;/&]*\0)*",
)
_SPACES = re.compile(r"[\s\u200b\u2060]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Hold one item of a day: its words, the headings above it, and the outlets that it cites."""

    text: str
    category: str | None = None
    topics: tuple[str, ...] = ()
    cited: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Link:
    """A link out of the encyclopedia; ``is_sure`` where its form says that it cites an outlet."""

    citation: Citation
    words: str = ""
    is_sure: bool = True


@dataclass(slots=True)
class _Line:
    """One line of a page: the marks of its bullet, and its pieces, which are words or links."""

    marks: str = ""
    pieces: list[str | _Link] = field(default_factory=list)
    is_heading: bool = False


def read_items(wikitext: str) -> tuple[Item, ...]:
    """Return the items of a day's page in their order, each text once.

    Raises :class:`ArticleError` where a page is too large to be one. What the parser does with hostile
    text may take long: text from outside is for a process that can be stopped.
    """
    import mwparserfromhell

    if len(wikitext) > LARGEST_PAGE:
        msg = f"The page has more than {LARGEST_PAGE:,} characters, so it is no day of the portal."
        raise ArticleError(msg)
    if _REDIRECT.match(wikitext):
        return ()
    tree = mwparserfromhell.parse(find_body(wikitext), skip_style_tags=True)
    return tuple(dict.fromkeys(_list_items(list(_split_lines(tree)))))


def find_body(wikitext: str) -> str:
    """Return the list of a page, without comments and the templates around it."""
    body = _COMMENT.sub("", _COMMENT_LINE.sub("", wikitext.replace("\r\n", "\n") + "\n"))
    opened = _HEADER.search(body)
    while opened:
        rest = body[opened.end() :]
        if opened["content"]:
            rest = _drop_closing(rest)
        body = f"{body[: opened.start()]}\n{rest}"
        opened = _HEADER.search(body, opened.start())
    return body


def _drop_closing(text: str) -> str:
    """Return a text without the two braces that close what was opened before it."""
    depth = 1
    for brace in _BRACES.finditer(text):
        depth += 1 if brace[0] == "{{" else -1
        if depth == 0:
            return f"{text[: brace.start()]}\n{text[brace.end() :]}"
    return text


def _split_lines(tree: "Wikicode") -> Iterator[_Line]:
    """Yield the lines of a page that hold something."""
    line = _Line()
    for piece in _flatten(tree):
        if isinstance(piece, _Line):
            # A heading stands in a line of its own.
            yield line
            yield piece
            line = _Line()
        elif isinstance(piece, _Link):
            line.pieces.append(piece)
        elif piece.startswith("\0"):
            line.marks += piece[1:]
        else:
            first, *others = piece.split("\n")
            line.pieces.append(first)
            for other in others:
                yield line
                line = _Line(pieces=[other])
    yield line


def _flatten(tree: "Wikicode") -> Iterator[str | _Link | _Line]:
    r"""Yield words, cited links and headings in their order; the mark of a bullet begins with ``\0``."""
    from mwparserfromhell import nodes

    for node in tree.nodes:
        match node:
            case nodes.Text():
                yield str(node.value).replace("\0", "")
            case nodes.HTMLEntity():
                yield _normalize_entity(node)
            case nodes.Wikilink():
                yield _show_link(node)
            case nodes.ExternalLink():
                yield _read_link(node)
            case nodes.Template():
                shown = show_template(str(node.name), _list_values(node))
                yield _Link(shown) if isinstance(shown, Citation) else shown.replace("\n", " ")
            case nodes.Heading():
                yield _Line(pieces=[_show(node.title)], is_heading=True)
            case nodes.Tag():
                yield from _flatten_tag(node)
            case _:
                # A comment, or a parameter that only a template has.
                continue


def _flatten_tag(node: Any) -> Iterator[str | _Link | _Line]:
    name = str(node.tag).strip().lower()
    if node.wiki_markup and name in {"li", "dt", "dd"}:
        yield f"\0{node.wiki_markup}"
    elif name == "ref":
        if node.contents is not None:
            yield from (piece for piece in _flatten(node.contents) if isinstance(piece, _Link))
    elif name in {"br", "hr"}:
        yield " "
    elif name not in _UNSEEN and node.contents is not None:
        yield from _flatten(node.contents)


def _normalize_entity(node: Any) -> str:
    try:
        return str(node.normalize())
    except (ValueError, OverflowError, KeyError):
        return str(node)


def _list_values(node: Any) -> dict[str, str]:
    """Return what a template is given, by name or place, as a reader would see it."""
    return {
        name: str(given.value).strip() if name == "url" else _show(given.value)
        for given in node.params
        for name in [str(given.name).strip().lower()]
    }


def _show(tree: "Wikicode") -> str:
    """Return the words of a part of a page in one line."""
    pieces = (
        piece for piece in _flatten(tree) if isinstance(piece, str) and not piece.startswith("\0")
    )
    return _tidy("".join(pieces))


def _show_link(node: Any) -> str:
    target = str(node.title)
    if _HIDDEN_LINK.match(target):
        return ""
    if node.text is None:
        return target.strip().removeprefix(":")
    return _show(node.text)


def _read_link(node: Any) -> _Link:
    url = str(node.url)
    words = _show(node.title) if node.brackets and node.title is not None else ""
    inside = words[1:-1] if words.startswith("(") and words.endswith(")") else words.strip("()")
    bare = inside.strip() or _name_host(url)
    citation = Citation(name=bare[:LONGEST_NAME], url=_check_url(url))
    return _Link(citation, words, is_sure=not words or words.startswith("("))


def _check_url(url: str) -> str | None:
    """Return a link of the web in full, ``None`` for any other."""
    full = f"https:{url}" if url.startswith("//") else url
    is_web = full.lower().startswith(("http://", "https://"))
    return full if is_web and len(full) <= LONGEST_URL and full.isprintable() else None


def _name_host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or "link"
    except ValueError:
        return "link"


def _list_items(lines: Sequence[_Line]) -> Iterator[Item]:
    """Yield what has no bullets below it, or cites an outlet itself, with what stands above it."""
    kept = _join_lines(lines)
    after = [*kept[1:], _Line()] if kept else []
    category: str | None = None
    above: dict[int, str] = {}
    for line, below in zip(kept, after, strict=True):
        text, cited = _cut_citations(line.pieces)
        level = len(line.marks)
        if _is_category(line):
            category, above = text.strip(" :") or category, {}
            continue
        if level == 0 or not text:
            continue
        above = {height: topic for height, topic in above.items() if height < level}
        if len(below.marks) <= level or _is_category(below) or cited:
            yield Item(text=text, category=category, topics=tuple(above.values()), cited=cited)
        above[level] = text.rstrip(":")


def _join_lines(lines: Iterable[_Line]) -> list[_Line]:
    """Return the lines that hold something; one that goes on with the bullet before it is joined to it."""
    kept: list[_Line] = []
    for line in lines:
        if not any(isinstance(piece, _Link) or piece.strip() for piece in line.pieces):
            continue
        if kept and line.marks.startswith("*") and line.marks.endswith(":"):
            kept[-1].pieces += [" ", *line.pieces]
        else:
            kept.append(line)
    return kept


def _is_category(line: _Line) -> bool:
    """Say whether a line heads others: a heading, a term of a list, or bold as a whole."""
    if line.is_heading or line.marks.startswith(";"):
        return True
    words = "".join(piece for piece in line.pieces if isinstance(piece, str)).strip()
    return not line.marks and _BOLD_LINE.fullmatch(words) is not None


def _cut_citations(pieces: Sequence[str | _Link]) -> tuple[str, tuple[Citation, ...]]:
    """Return the words of a line and the outlets that the links behind them cite.

    A link whose words stand in brackets is one wherever it stands, another only behind a whole sentence.
    Any other is a part of its sentence.
    """
    end = len(pieces)
    while end and _is_between(pieces[end - 1]):
        end -= 1
    before = "".join(piece if isinstance(piece, str) else piece.words for piece in pieces[:end])
    if not _ENDS_SENTENCE.search(before[-_TAIL:]):
        end = len(pieces)
    words: list[str] = []
    cited: list[Citation] = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, str):
            words.append(piece)
        elif piece.is_sure or place >= end:
            words.append("\0")
            cited.append(piece.citation)
        else:
            words.append(piece.words)
    text = _tidy("".join(words))
    if cited:
        text = _CUT.sub("", text)
        text = text[:-_TAIL] + _BETWEEN_END.sub("", text[-_TAIL:])
    return text, tuple(dict.fromkeys(cited))


def _is_between(piece: str | _Link) -> bool:
    return isinstance(piece, _Link) or _BETWEEN.fullmatch(piece) is not None


def _tidy(text: str) -> str:
    """Return words as one line, without marks of style and stray tags."""
    return _SPACES.sub(" ", _STRAY_TAG.sub("", _drop_quotes(text))).strip()


def _drop_quotes(text: str) -> str:
    """Return a line without the apostrophes that mean italics and bold.

    As MediaWiki reads them: of four the first is shown, of more than five all but five; where both
    bold and italics are left open, three are an apostrophe and italics.
    """
    runs = list(_QUOTES.finditer(text))
    bold = sum(len(run[0]) != 2 for run in runs)
    italic = sum(len(run[0]) == 2 or len(run[0]) >= 5 for run in runs)
    spare = _find_apostrophe(runs) if bold % 2 and italic % 2 else None
    shown = (1 if run is spare or len(run[0]) == 4 else max(0, len(run[0]) - 5) for run in runs)
    return _QUOTES.sub(lambda _run: "'" * next(shown), text)


def _find_apostrophe(runs: Sequence[re.Match[str]]) -> re.Match[str] | None:
    """Return the three apostrophes of which one is shown: behind a letter that stands alone, if there are."""
    ranked = []
    for run in runs:
        if len(run[0]) == 3:
            before = run.string[max(0, run.start() - 2) : run.start()]
            rank = 2 if before.endswith(" ") or not before else 0 if before[:1] == " " else 1
            ranked.append((rank, run.start(), run))
    return min(ranked)[2] if ranked else None
