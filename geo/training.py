"""Training: the weights of inferences, fitted to the articles and sentences that the project labeled.

The instances are the links of each parsed sentence of the sets that rules are written with, and of the
examples of cues; the sealed ones take no part. A multinomial logistic regression is fitted with
scikit-learn, a library of development alone; its weights, rounded to hundredths, are all that the
program ships. Run ``make weights`` to fit them anew, or ``python -m geo.training --check`` to
cross-validate by article.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geo.clauses import parse_clauses
from geo.evaluation import (
    GOLD,
    GoldArticle,
    RelationLabel,
    find_sentence,
    list_gold,
    read_golds,
    read_stated,
)
from geo.gazetteer import load_gazetteer
from geo.inferences import (
    NOTHING,
    Features,
    Link,
    Way,
    Weights,
    describe_link,
    infer_state,
    probe_link,
    read_answer,
)
from geo.lexicon import Lexicon, load_lexicon
from geo.mentions import find_mentions
from geo.parsing import load_parser
from geo.paths import DATA
from geo.records import Article, Modality, State
from geo.relations import RelationReader, find_sport
from geo.sentences import split_sentences

SETS = ("building", "wide", "quiet", "sentences", "varied")
# The inverse strength of the penalty on weights, cross-validated as good as .3 and 1.2.
STRENGTH = 0.6
# That of the weights of ways, which have fewer features and three answers.
WAY_STRENGTH = 1.0
FOLDS = 10
# How the features of the sentence around a link begin.
AROUND = ("word ", "near ", "said of ", "countries ", "words between ")
# Weights that round to less than this for every answer are left out.
LEAST_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Instance:
    """Hold one link: where it stands, its features, what its labels say, and whether cues read it."""

    group: str
    features: Features
    answers: tuple[str, ...]
    ways: tuple[Way, ...]
    read: bool


def list_instances(golds: Sequence[GoldArticle]) -> Iterator[Instance]:
    """Yield the links of labeled articles.

    What is denied or only pledged by an operator says nothing of the words below it and is left out.
    """
    parser, lexicon = load_parser(), load_lexicon()
    for gold in golds:
        sentences = split_sentences(gold.article.text)
        mentions = find_mentions(gold.article, sentences, load_gazetteer())
        labels: dict[tuple[int, tuple[str, str]], list[RelationLabel]] = {}
        for label in gold.relations:
            key = find_sentence(label.span, sentences)[0], label.pair
            labels.setdefault(key, []).append(label)
        for clauses in parse_clauses(gold.article, sentences, mentions, lexicon, parser):
            if find_sport(clauses.text, lexicon):
                continue
            reader = RelationReader(clauses)
            findings = reader.find_cued()
            read = {each.pair for each in findings}
            said = reader.tell_said(findings)
            for pair, link in reader.find_links().items():
                probed = probe_link(clauses, link)
                if probed is None:
                    continue
                told = labels.get((clauses.start, pair), [])
                if any(each.modality is Modality.DENIED for each in told):
                    continue
                yield Instance(
                    group=gold.article.id,
                    features=describe_link(clauses, link, probed[0], said),
                    answers=tuple(f"{each.state} {each.event}" for each in told) or (NOTHING,),
                    ways=tuple(find_way(each, link) for each in told),
                    read=pair in read,
                )


def list_examples(lexicon: Lexicon) -> Iterator[GoldArticle]:
    """Yield the examples of the cues, each with what its row expects."""
    for cue in lexicon.cues:
        label = f"{cue.expected} {cue.state} {cue.event} {Modality.ASSERTED}"
        yield GoldArticle(
            article=Article(id=cue.name, text=cue.example),
            mentions=(),
            relations=(read_stated(label, cue.example),),
            places=(),
        )


def find_way(label: RelationLabel, link: Link) -> Way:
    """Return the way of a label as seen from a link."""
    if not label.directed:
        return Way.MUTUAL
    return Way.FORWARD if label.actor == link.actor.country else Way.BACKWARD


def fit_weights(instances: Sequence[Instance]) -> Weights:
    """Return the weights that fit the instances: those of what is said, and those of the way."""
    states, answers = _fit([(each.features, each.answers) for each in instances], STRENGTH)
    # Who does it is told by the grammar of the link, and not by what else the sentence says.
    ways, _ = _fit(
        [
            ({k: v for k, v in each.features.items() if not k.startswith(AROUND)}, each.ways)
            for each in instances
            if each.ways
        ],
        WAY_STRENGTH,
        list(Way),
    )
    blank = (0.0,) * len(Way)
    return Weights(
        answers=tuple(read_answer(each) for each in answers),
        rows={name: row + ways.get(name, blank) for name, row in states.items()},
    )


def _fit(
    instances: Sequence[tuple[Features, Sequence[str]]], strength: float, order: Sequence[str] = ()
) -> tuple[dict[str, tuple[float, ...]], list[str]]:
    """Return each feature's weights for the answers; one with two answers counts for each by half."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    pairs = [(each, answer, len(given)) for each, given in instances for answer in given]
    if len({answer for _, answer, _ in pairs}) < 2:
        return {}, sorted({str(answer) for _, answer, _ in pairs})
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(each, 1) for each, _, _ in pairs])
    model = LogisticRegression(C=strength, max_iter=1000, fit_intercept=False)
    model.fit(
        matrix,
        [str(answer) for _, answer, _ in pairs],
        sample_weight=[1 / number for _, _, number in pairs],
    )
    classes = [str(each) for each in model.classes_]
    columns = [classes.index(each) for each in order or classes]
    names: Any = vectorizer.feature_names_
    rows = {
        name: tuple(round(float(column[each]), 2) for each in columns)
        for name, column in zip(names, model.coef_.T, strict=True)
        if max(map(abs, column)) >= LEAST_WEIGHT
    }
    return rows, classes


def write_weights(weights: Weights) -> None:
    """Write the weights as ``data/weights.tsv``, a row for each feature, zeros left blank."""
    with (DATA / "weights.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(
            file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
        )
        names = [f"{each[0]} {each[1]}" if each else NOTHING for each in weights.answers]
        writer.writerow(["feature", *names, *Way])
        for feature, row in sorted(weights.rows.items()):
            writer.writerow([feature, *(f"{each:g}" if each else "" for each in row)])


def cross_validate(instances: Sequence[Instance]) -> dict[str, int]:
    """Return how many links that no cue reads are inferred rightly when their article is held out."""
    groups = sorted({each.group for each in instances})
    counts = dict.fromkeys(("labels", "said", "pair right", "state right"), 0)
    for fold in range(FOLDS):
        held = set(groups[fold::FOLDS])
        weights = fit_weights([each for each in instances if each.group not in held])
        for each in instances:
            if each.group not in held or each.read:
                continue
            labeled = each.answers != (NOTHING,)
            counts["labels"] += labeled
            inference = infer_state(each.features, weights=weights)
            if inference is None:
                continue
            counts["said"] += 1
            counts["pair right"] += labeled
            counts["state right"] += inference.state in {
                State(answer.split()[0]) for answer in each.answers if answer != NOTHING
            }
    return counts


def main(argv: Sequence[str]) -> int:
    """Fit the weights and write them, or cross-validate them and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m geo.training", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate and write nothing")
    arguments = parser.parse_args(argv)
    golds = [gold for name in SETS for path in list_gold(GOLD, name) for gold in read_golds(path)]
    golds += list_examples(load_lexicon())
    instances = list(list_instances(golds))
    if arguments.check:
        for name, count in cross_validate(instances).items():
            print(f"{name}: {count}")
        return 0
    write_weights(fit_weights(instances))
    print(f"{len(instances):,} links of {len(golds):,} articles and sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
