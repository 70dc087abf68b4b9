"""Search hostile texts with every regular expression of the project; print those that take too long.

Run as a program, in a process of its own: what compiles a pattern must be watched before any module of
geo is there, and a pattern that never ends is stopped by a signal, which only a main thread takes.
"""

import ast
import gc
import importlib
import inspect
import json
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from itertools import permutations, product
from pathlib import Path

LENGTH = 4000
# Seconds of the processor's time, so that a busy machine makes no fault.
LONGEST = 0.3
# Fragments of one pattern that are tried; the longest have a thousand names in a row.
MOST_FRAGMENTS = 8
LETTERS = ("a", "A", "7")
CLASSES = (*LETTERS, "é", " ", "\n", ",", "/", "(", "[", '"', "’", ".", "-", ":", "<")
# Articles of one line, each unit over and over: the first two stopped a server for good.
LINES = (
    "AAA/",
    "A/",
    "Aa/",
    "AAA, ",
    "A de ",
    "LONDON, Jan",
    "A.",
    "(AP) ",
    "(source: ",
    "Aa. ",
    "# ",
)
INLINE = {"match", "search", "fullmatch", "finditer", "findall", "split", "sub"}

found: dict[tuple[str | bytes, int], str] = {}
reached: set[tuple[str, int]] = set()
plain_compile = re.compile


def watch_compile(pattern: str | bytes, flags: int = 0) -> re.Pattern:
    """Compile as ever, and keep what a module of geo asks for with the line that asks."""
    compiled = plain_compile(pattern, flags)
    caller = inspect.currentframe().f_back
    name = caller.f_globals.get("__name__", "")
    if name.partition(".")[0] == "geo":
        reached.add((name, caller.f_lineno))
        found.setdefault((compiled.pattern, compiled.flags), name)
    return compiled


def list_calls(name: str) -> Iterator[tuple[str, int, int, ast.Call]]:
    """Yield each call of the module ``re`` in a module of geo: what is called, and its lines."""
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[name]))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
        ):
            yield node.func.attr, node.lineno, node.end_lineno, node


def gather_patterns() -> list[str]:
    """Fill ``found`` with every pattern; return the lines that compile one and were not reached."""
    re.compile = watch_compile
    import geo

    for walk_package in pkgutil.walk_packages(geo.__path__, "geo."):
        # Training has no pattern and needs a library that only a fit installs.
        if walk_package.name != "geo.tools.training":
            importlib.import_module(walk_package.name)
    read_samples()
    re.compile = plain_compile
    # Collecting all that was loaded takes as long as a slow pattern.
    gc.collect()
    gc.freeze()
    missed = []
    for name in [module for module in sys.modules if module.partition(".")[0] == "geo"]:
        for called, first, last, node in list_calls(name):
            if called == "compile" and not any(
                (name, n) in reached for n in range(first, last + 1)
            ):
                missed.append(f"{name}:{first}")
            elif called in INLINE and isinstance(node.args[0], ast.Constant):
                # Written where it is used, as in re.search("...", text).
                compiled = re.compile(node.args[0].value)
                found.setdefault((compiled.pattern, compiled.flags), name)
    return missed


def read_samples() -> None:
    """Read a text that needs each pattern which is compiled only when it is asked for."""
    from geo.edition import extract_article
    from geo.records import Article

    text = (
        "ATHENS, Ga. - The mayor met Georgia Miller at Jordan High School on Monday.\n\n"
        "Norway and Sweden signed the Paris Agreement after the football match. The two countries "
        "will play again.\n"
    )
    extract_article(Article(id="sample", text=text))


def list_fragments(pattern: str | bytes) -> list[str]:
    """Return the texts that a pattern holds letter by letter, evenly taken where there are many."""
    written = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    # What is no letter of its own parts the fragments: groups, classes of characters, quantifiers.
    parted = re.sub(r"\(\?[a-zA-Z]*[:)=!<>]?|\\[a-zA-Z]|\[[^\]]*\]|\{[^}]*\}", "\0", written)
    parted = re.sub(r"(?<!\\)[()|?*+^$.]", "\0", parted)
    plain = re.sub(r"\\(.)", r"\1", parted).split("\0")
    fragments = list(dict.fromkeys(part for part in plain if part))
    return fragments[:: max(1, len(fragments) // MOST_FRAGMENTS)][:MOST_FRAGMENTS]


def repeat(unit: str) -> str:
    """Return a unit over and over, with an end at which what reaches for the end fails."""
    return (unit * (LENGTH // len(unit)))[: LENGTH - 1] + "~"


def write_texts(pattern: str | bytes) -> Iterator[str]:
    """Yield texts that could make a pattern go back again and again."""
    fragments = list_fragments(pattern)
    for unit in (*CLASSES, *fragments):
        yield repeat(unit)
        yield repeat(unit)[:-1]
    for one, other in permutations(CLASSES, 2):
        yield repeat(one + other)
    for letter, other in product(LETTERS, CLASSES):
        yield repeat(letter * 3 + other)
    for fragment, other in product(fragments, (*CLASSES, *fragments)):
        yield repeat(fragment + other)
        yield (fragment + repeat(other))[:LENGTH]
    for fragment, other in product(fragments, fragments):
        yield repeat(f"{fragment} {other} ")


def stop(*_: object) -> None:
    raise TimeoutError


def find_slow(pattern: str | bytes, flags: int) -> str | None:
    """Return the beginning of a text on which a pattern takes too long."""
    compiled = re.compile(pattern, flags)
    for text in write_texts(pattern):
        searched = text.encode() if isinstance(pattern, bytes) else text
        for search in (lambda searched: list(compiled.finditer(searched)), compiled.fullmatch):
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
            try:
                search(searched)
            except TimeoutError:
                return text[:40]
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


def find_slow_lines() -> list[str]:
    """Return the beginnings of the articles that take too long to be cut into sentences."""
    from geo.reading.sentences import split_sentences

    slow = []
    for unit in LINES:
        for length in (200, LENGTH):
            text = (unit * length)[:length]
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
            try:
                split_sentences(text)
            except TimeoutError:
                slow.append(text[:40])
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return slow


def main() -> None:
    """Print how many patterns there are, the lines that were not reached, and what is slow."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    missed = gather_patterns()
    signal.signal(signal.SIGVTALRM, stop)
    slow = [
        f"{name}: {str(pattern)[:100]} on {text!r}"
        for (pattern, flags), name in found.items()
        if (text := find_slow(pattern, flags)) is not None
    ]
    told = {
        "patterns": [str(pattern) for pattern, _ in found],
        "missed": missed,
        "slow": slow,
        "lines": find_slow_lines(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
