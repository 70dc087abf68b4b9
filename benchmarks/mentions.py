"""Mentions: words a second, memory, start-up and accuracy beside the packages one would pick instead.

Run ``python benchmarks/mentions.py``. The peers (geotext, flashgeotext, country-named-entity-recognition)
are installed by pip into a temporary environment of their own and forgotten afterwards. Each side
runs in a process of its own over the texts of the gold articles of ``sealed`` and ``quiet``, and of the
local news of ``local``, ten times over; accuracy is that of the set of countries of each article,
and for the names that peers give in their
own spelling the gazetteer says which country is meant. Start-up is the import and the first short text.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PEERS = ("geotext==0.4.0", "flashgeotext==0.5.5", "country-named-entity-recognition==1.0.2")
SIDES = ("Entente", "geotext", "flashgeotext", "country-named-entity-recognition")
REPEATS = 10


def load_reader(side: str) -> Callable[[str], set[str]]:
    """Return what a side makes of a text: country codes, or names in its own spelling."""
    match side:
        case "Entente":
            from geo.mentions.finding import find_mentions
            from geo.mentions.gazetteer import load_gazetteer
            from geo.reading.sentences import split_sentences
            from geo.records import Article

            gazetteer = load_gazetteer()

            def read(text: str) -> set[str]:
                found = find_mentions(
                    Article(id="text", text=text), split_sentences(text), gazetteer
                )
                return {hit.country for hit in found if hit.counted}

        case "geotext":
            from geotext import GeoText

            def read(text: str) -> set[str]:
                return set(GeoText(text).country_mentions)

        case "flashgeotext":
            from flashgeotext.geotext import GeoText as Flash

            flash = Flash()

            def read(text: str) -> set[str]:
                return set(flash.extract(input_text=text)["countries"])

        case _:
            from country_named_entity_recognition import find_countries

            def read(text: str) -> set[str]:
                return {country[0].alpha_3 for country in find_countries(text)}

    return read


def time_side(side: str) -> None:
    """Read texts from standard input and print what was found and what it cost, as JSON."""
    texts = json.load(sys.stdin)
    start = time.perf_counter()
    read = load_reader(side)
    read("Norway and Sweden met in Oslo.")
    ready = time.perf_counter()
    found = [sorted(read(text)) for text in texts]
    for _ in range(REPEATS - 1):
        for text in texts:
            read(text)
    done = time.perf_counter()
    words = REPEATS * sum(len(text.split()) for text in texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {
                "startup": ready - start,
                "speed": words / (done - ready),
                "peak": peak,
                "found": found,
            }
        )
    )


def main() -> int:
    """Install the peers, run each side and print the table."""
    from geo.errors import UnknownCountry
    from geo.mentions.gazetteer import load_gazetteer
    from geo.tools.gold import GOLD, list_gold, read_gold
    from geo.tools.scores import Tally

    sets = ("sealed", "quiet", "local")
    golds = [read_gold(path) for name in sets for path in list_gold(GOLD, name)]
    texts = [gold.article.text for gold in golds]
    gazetteer = load_gazetteer()
    by_iso2 = {item.iso2: code for code, item in gazetteer.countries.items() if item.iso2}

    def find_code(name: str) -> str:
        if name in by_iso2:
            return by_iso2[name]
        try:
            return gazetteer.find_country(name)
        except UnknownCountry:
            return name

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
        for side in SIDES:
            runner = sys.executable if side == "Entente" else str(python)
            done = subprocess.run(
                [runner, __file__, side],
                input=json.dumps(texts),
                capture_output=True,
                text=True,
                check=True,
            )
            result = json.loads(done.stdout)
            tally, local = Tally(), Tally()
            for gold, found in zip(golds, result["found"], strict=True):
                codes = {find_code(hit) for hit in found}
                if gold.countries is not None:
                    local.add(codes, gold.countries)
                else:
                    tally.add(
                        codes, {mention.country for mention in gold.mentions if mention.counted}
                    )
            rows.append((side, result, tally, local))
    base = rows[0][1]["speed"]
    print(
        f"{'':34}{'words/s':>10}{'ratio':>7}{'MB':>6}{'start s':>9}{'P':>7}{'R':>7}{'F1':>7}{'local':>7}"
    )
    for side, result, tally, local in rows:
        print(
            f"{side:34}{result['speed']:10.0f}{result['speed'] / base:7.2f}{result['peak']:6d}"
            f"{result['startup']:9.2f}{tally.precision:7.3f}{tally.recall:7.3f}{tally.f1:7.3f}{local.f1:7.3f}"
        )
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        time_side(sys.argv[1])
    else:
        sys.exit(main())
