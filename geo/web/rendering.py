"""Templates: how rows become HTML and Markdown in which text from outside stays text.

Templates lie in ``templates/``. Every value is escaped when it is written, by autoescape in HTML and by
:func:`escape_markdown` in Markdown; only what a template has written itself is :class:`Markup`.
"""

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from geo.languages import find_language, say
from geo.map.palette import PATTERNS, Swatch
from geo.web.links import find_link, link_to_article
from geo.web.words import count, write_date

# What CommonMark 0.31 takes for more than text, and the pipes and dollars of its common extensions.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&^=:])")


def render(template: str, /, **values: object) -> Markup:
    """Return a template of HTML filled with values."""
    written = load_environment().get_template(template).render(values)
    return Markup(written)  # noqa: S704 - it is escaped


def render_markdown(template: str, /, **values: object) -> str:
    """Return a template of Markdown filled with values."""
    written = load_environment(is_markdown=True).get_template(template).render(values)
    return written.rstrip() + "\n"


@lru_cache(maxsize=2)
def load_environment(*, is_markdown: bool = False) -> Environment:
    """Return where templates are loaded from, with the functions and filters that they may use."""
    environment = Environment(
        loader=PackageLoader("geo.web"),
        autoescape=select_autoescape(("html", "js")),
        finalize=escape_markdown if is_markdown else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": say,
        "count": count,
        "language": find_language,
        "name_color": name_color,
        "patterns": PATTERNS,
        "write_date": write_date,
    }
    environment.filters |= {
        "autolink": write_autolink,
        "link": find_link,
        "link_article": link_to_article,
    }
    return environment


def escape_markdown(value: object) -> str:
    """Return a value as one line that Markdown shows as plain text."""
    if isinstance(value, Markup):
        return value
    line = " ".join(str(value).split())
    return _MARKDOWN.sub(r"\\\1", "".join(letter for letter in line if letter.isprintable()))


def write_autolink(url: str | None, words: str = "") -> Markup:
    """Return a link to some words on a page in Markdown, and nothing where the URL is not safe."""
    link = find_link(url, words)
    # A checked address has no angle brackets of its own.
    return Markup(f"<{link.address}>") if link else Markup("")  # noqa: S704


def name_color(swatch: Swatch) -> str:
    """Return the class by which ``page.css`` colors a swatch."""
    return f"e-{swatch.color.removeprefix('#')}"
