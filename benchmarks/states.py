"""Time of a map and of a step of its slider over a million relations of ten years.

``python benchmarks/states.py [RELATIONS]`` makes relations between 200 countries, named as unevenly as in
the news (Zipf), settles the map of all pairs as of a day, and the pairs of the most named country, as
the slider does. Beside it stands what a user would write instead: a data frame that is filtered,
counted and grouped for each day.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from geo.mentions.gazetteer import load_gazetteer
from geo.records import DateBasis, Event, Evidence, Modality, Quote, Relation, State
from geo.states.ledger import Ledger
from geo.states.rules import load_standings

FIRST = date(2015, 1, 1)
DAYS = 3650
COUNTRIES = 200


def make_evidence(number: int) -> list[Evidence]:
    """Return relations between countries that are drawn with a fixed seed."""
    draw = np.random.default_rng(7)
    codes = [
        country.code for country in load_gazetteer().countries.values() if country.kind == "state"
    ]
    codes = sorted(codes)[:COUNTRIES]
    share = 1 / np.arange(1, len(codes) + 1)
    share /= share.sum()
    ones = draw.choice(len(codes), number, p=share)
    steps = draw.integers(1, len(codes), number)
    days = draw.integers(0, DAYS, number)
    states = draw.integers(0, len(State), number)
    sure = draw.integers(40, 100, number) / 100
    modalities = draw.choice(4, number, p=(0.8, 0.1, 0.05, 0.05))
    kinds, ways = tuple(State), tuple(Modality)
    return [
        Evidence(
            relation=Relation(
                id=str(at),
                article_id=str(at // 4),
                actor=codes[one],
                recipient=codes[(one + step) % len(codes)],
                directed=True,
                event=Event.CONSULT,
                state=kinds[state],
                modality=ways[way],
                condition=None,
                accord=None,
                attributed_to=None,
                confidence=confidence,
                cue="met",
                rule="benchmark",
                quote=Quote(exact=f"Sentence {at}.", start_char=0, end_char=0),
            ),
            date_published=FIRST + timedelta(days=day),
            date_basis=DateBasis.STATED,
            publisher=None,
            title=None,
            url=None,
        )
        for at, (one, step, day, state, confidence, way) in enumerate(
            zip(
                ones.tolist(),
                steps.tolist(),
                days.tolist(),
                states.tolist(),
                sure.tolist(),
                modalities.tolist(),
                strict=True,
            )
        )
    ]


def make_frame(evidence: list[Evidence]) -> pd.DataFrame:
    """Return the same as a data frame."""
    return pd.DataFrame(
        {
            "pair": ["-".join(piece.relation.pair) for piece in evidence],
            "article": [piece.relation.article_id for piece in evidence],
            "state": [piece.relation.state.value for piece in evidence],
            "day": pd.to_datetime([piece.date_published for piece in evidence]),
            "counts": [
                piece.relation.modality in {Modality.ASSERTED, Modality.POSSIBLE}
                for piece in evidence
            ],
        }
    )


def settle_frame(frame: pd.DataFrame, as_of: date) -> pd.Series:
    """Return the state of each pair that most articles tell: the plain way, without rules and copies."""
    standings = load_standings()
    holds = frame["state"].map({state.value: row.several_days for state, row in standings.items()})
    age = (pd.Timestamp(as_of) - frame["day"]).dt.days
    frame = frame[frame["counts"] & (age >= 0) & (age <= holds)]
    frame = frame.drop_duplicates(["pair", "state", "article"])
    totals = frame.groupby(["pair", "state"]).size().reset_index(name="articles")
    return totals.loc[totals.groupby("pair")["articles"].idxmax()].set_index("pair")["state"]


def time_days(work: Callable[[date], object], number: int) -> list[float]:
    """Return the milliseconds that some work takes on days spread over the ten years."""
    spent = []
    for at in range(number):
        day = FIRST + timedelta(days=DAYS * (at + 1) // number)
        start = time.perf_counter()
        work(day)
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def main() -> None:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    evidence = make_evidence(number)
    start = time.perf_counter()
    ledger = Ledger(evidence)
    built = time.perf_counter() - start
    counts: dict[str, int] = {}
    for told in evidence:
        for code in told.relation.pair:
            counts[code] = counts.get(code, 0) + 1
    focus = max(counts, key=counts.__getitem__)
    heaviest = max(ledger.pairs, key=lambda pair: len(ledger.list_evidence(pair)))
    ledger.settle(as_of=FIRST, country=focus)
    everything = time_days(lambda day: ledger.settle(as_of=day), 20)
    step = time_days(lambda day: ledger.settle(as_of=day, country=focus), 40)
    pair = time_days(lambda day: ledger.settle_pair(heaviest, as_of=day), 10)
    history = time_days(lambda day: ledger.trace(heaviest, until=day), 3)
    frame = make_frame(evidence)
    plain = time_days(lambda day: settle_frame(frame, day), 5)
    print(f"{number:,} relations, {len(ledger.pairs):,} pairs, {DAYS / 365:.0f} years")
    print(f"ledger built in {built:.1f} s; {counts[focus]:,} relations of the focus {focus}")
    rows = (
        ("map of all pairs as of a day", everything),
        ("step of the slider, pairs of the focus", step),
        (f"one pair with its {len(ledger.list_evidence(heaviest)):,} quotes", pair),
        ("history of that pair", history),
        ("data frame, all pairs, without the rules", plain),
    )
    for name, spent in rows:
        print(f"{name:44}{statistics.median(spent):9.1f} ms median {max(spent):9.1f} ms at most")
    ratio = statistics.median(plain) / statistics.median(everything)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"the data frame takes {ratio:.1f} times as long; peak memory of all this {peak:,.0f} MB")


if __name__ == "__main__":
    main()
