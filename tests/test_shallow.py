"""The rules-only parser: trees that hold together, plain sentences read as the model reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_relations import read_cases, show

from geo.edition import extract_article
from geo.errors import EntenteError
from geo.evaluation import GOLD, read_gold
from geo.parsing import CHOICE, SpacyParser, load_parser
from geo.records import Article, Relation
from geo.shallow import ShallowParser
from geo.tokens import Parse

# What the parser has to read as the model does, of the rows and of the cues' own examples.
LEAST_ROWS = 0.9
LEAST_PRECISION = 0.9
FRAGMENTS = (
    "Norway", "the United States", "attacked", "was", "has", "said", "that", "and", "to", "in", "of",
    "by", "which", "who", "talks", "with", ",", ";", "-", "(", ")", '"', "’s", "n't", "the", "its",
    "new", "2021", "May", "signed", "holding", "until", "after", "will", "not", "troops", "U.S.",
)  # fmt: skip


@pytest.fixture(scope="module")
def parser() -> ShallowParser:
    return ShallowParser()


def parse(parser: ShallowParser, text: str) -> Parse:
    (found,) = parser.parse([text])
    return found


def read(parser: ShallowParser, text: str) -> tuple[Relation, ...]:
    return extract_article(Article(id="test", text=text), parser).relations


def find_arcs(parser: ShallowParser, text: str) -> set[tuple[str, str, str]]:
    found = parse(parser, text)
    return {(each.text, each.dep, found[each.head].text) for each in found}


def check_tree(text: str, found: Parse) -> None:
    """Fail where tokens miss a letter, or arcs are no tree with one root."""
    covered = [False] * len(text)
    for place, token in enumerate(found):
        assert token.i == place
        assert text[token.start : token.end] == token.text
        assert token.lemma
        assert token.dep
        assert not any(covered[token.start : token.end])
        covered[token.start : token.end] = [True] * (token.end - token.start)
    missed = [each for each, hit in zip(text, covered, strict=True) if not hit]
    assert not "".join(missed).strip()
    roots = [each for each in found if each.head == each.i]
    assert len(roots) == (1 if found else 0)
    assert all(each.dep == "ROOT" for each in roots)
    for token in found:
        here, steps = token, 0
        while here.head != here.i:
            here, steps = found[here.head], steps + 1
            assert steps <= len(found)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(" ".join))
def test_any_words_have_a_tree(text: str) -> None:
    check_tree(text, parse(ShallowParser(), text))


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_any_text_has_a_tree(text: str) -> None:
    check_tree(text, parse(ShallowParser(), text))


def test_a_long_sentence_has_a_tree(parser: ShallowParser) -> None:
    text = "Norway said that Sweden, which " + "told Denmark that " * 60 + "it rained."
    check_tree(text, parse(parser, text))


@pytest.mark.parametrize(
    ("text", "arc"),
    [
        ("Norway attacked Sweden.", ("Norway", "nsubj", "attacked")),
        ("Norway attacked Sweden.", ("Sweden", "dobj", "attacked")),
        ("Sweden was attacked by Norway.", ("Sweden", "nsubjpass", "attacked")),
        ("Sweden was attacked by Norway.", ("was", "auxpass", "attacked")),
        ("Sweden was attacked by Norway.", ("by", "agent", "attacked")),
        ("Norway did not attack Sweden.", ("not", "neg", "attack")),
        ("Norway will sign it.", ("will", "aux", "sign")),
        ("Norway's navy sank a ship.", ("Norway", "poss", "navy")),
        ("Danish troops left.", ("Danish", "compound", "troops")),
        ("Norway and Sweden signed a pact.", ("Sweden", "conj", "Norway")),
        ("Norway and Sweden signed a pact.", ("and", "cc", "Norway")),
        ("Norway, an ally of Sweden, signed a pact.", ("ally", "appos", "Norway")),
        ("Norway, which invaded Sweden, left.", ("invaded", "relcl", "Norway")),
        ("Norway, which invaded Sweden, left.", ("Norway", "nsubj", "left")),
        ("Norway left after Sweden attacked it.", ("attacked", "advcl", "left")),
        ("Norway left after Sweden attacked it.", ("after", "mark", "attacked")),
        ("Norway said that Sweden attacked it.", ("attacked", "ccomp", "said")),
        ("Sweden attacked it, Norway said.", ("attacked", "ccomp", "said")),
        ("Norway plans to attack Sweden.", ("attack", "xcomp", "plans")),
        ("Norway held talks with Sweden.", ("with", "prep", "talks")),
        ("Norway held talks with Sweden.", ("Sweden", "pobj", "with")),
        ("The troops sent to Sweden attacked Norway.", ("troops", "nsubj", "attacked")),
        ("The troops sent to Sweden attacked Norway.", ("sent", "acl", "troops")),
        ("The pact, signed in May, binds Norway.", ("pact", "nsubj", "binds")),
        ("Norway attacked and Sweden left.", ("Sweden", "nsubj", "left")),
        ("Norway gave Sweden a ship.", ("Sweden", "dative", "gave")),
    ],
)
def test_arcs_bear_the_labels_of_the_model(
    parser: ShallowParser, text: str, arc: tuple[str, str, str]
) -> None:
    assert arc in find_arcs(parser, text)


def test_rows_of_relations_are_read_as_with_the_model(parser: ShallowParser) -> None:
    rows = read_cases()
    other = [
        row["sentence"]
        for row in rows
        if sorted(map(show, read(parser, row["sentence"])))
        != sorted(filter(None, row["expected"].split("; ")))
    ]
    assert len(other) <= (1 - LEAST_ROWS) * len(rows), other


def test_states_that_it_finds_in_the_seed_article_are_right(parser: ShallowParser) -> None:
    gold = read_gold(GOLD / "seed.txt")
    labeled = {(each.pair, each.state) for each in gold.relations}
    found = extract_article(gold.article, parser).relations
    right = [each for each in found if (each.pair, each.state) in labeled]
    assert len(right) >= LEAST_PRECISION * len(found)
    assert {each.pair for each in right} >= {
        each.pair for each in gold.relations if not each.stretch
    }


def test_a_sentence_that_no_rule_knows_says_nothing(parser: ShallowParser) -> None:
    assert read(parser, "Norway of Sweden attacked struck was Denmark invaded by of.") == ()


def test_what_is_read_by_rules_counts_for_less(parser: ShallowParser) -> None:
    text = "Israel attacked Iran."
    (ours,) = read(parser, text)
    (theirs,) = extract_article(Article(id="test", text=text), SpacyParser()).relations
    assert ours.confidence == pytest.approx(parser.trust * theirs.confidence, abs=0.001)


def test_environment_chooses_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOICE, "rules")
    assert isinstance(load_parser.__wrapped__(), ShallowParser)
    monkeypatch.setenv(CHOICE, "model")
    assert isinstance(load_parser.__wrapped__(), SpacyParser)
    monkeypatch.setenv(CHOICE, "oracle")
    with pytest.raises(EntenteError, match="oracle"):
        load_parser.__wrapped__()


def test_a_missing_model_leaves_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CHOICE, raising=False)

    def refuse(_: SpacyParser) -> None:
        raise ModuleNotFoundError

    monkeypatch.setattr(SpacyParser, "__init__", refuse)
    assert isinstance(load_parser.__wrapped__(), ShallowParser)
    monkeypatch.setenv(CHOICE, "model")
    with pytest.raises(ModuleNotFoundError):
        load_parser.__wrapped__()
