"""The cues of the lexicon: every row's example is read as the row says."""

from pathlib import Path
from shutil import copytree

import pytest

from geo.edition import extract_article
from geo.errors import DataError
from geo.paths import DATA
from geo.records import Article, Event, Modality, State
from geo.relations.cues import Cue, Effect, load_lexicon
from geo.relations.pacts import PactCue, find_hub, find_pacts, load_pact_cues

LEXICON = load_lexicon()
PACT_CUES = {cue.example: cue for cues in load_pact_cues().values() for cue in cues}


@pytest.mark.parametrize("cue", LEXICON.cues, ids=lambda cue: cue.name)
def test_example_of_a_cue_says_what_its_row_expects(cue: Cue) -> None:
    relations = extract_article(Article(id="example", text=cue.example)).relations
    actor, recipient = cue.expected[:3], cue.expected[4:]
    found = {
        (each.actor, each.recipient) if each.directed else frozenset(each.pair)
        for each in relations
        if (each.state, each.event, each.modality) == (cue.state, cue.event, Modality.ASSERTED)
    }
    expected = frozenset((actor, recipient)) if cue.mutual else (actor, recipient)
    assert expected in found
    assert {each.state for each in relations} == {cue.state}


@pytest.mark.parametrize(
    "cue", [each for each in LEXICON.cues if each.counterexample], ids=lambda cue: cue.name
)
def test_counterexample_of_a_cue_is_no_evidence_for_its_state(cue: Cue) -> None:
    relations = extract_article(Article(id="example", text=cue.counterexample)).relations
    assert cue.state not in {each.state for each in relations}


@pytest.mark.parametrize("cue", PACT_CUES.values(), ids=PACT_CUES)
def test_example_of_a_place_cue_says_what_its_row_expects(cue: PactCue) -> None:
    places = extract_article(Article(id="example", text=cue.example)).accords
    assert cue.expected in {f"{each.country} {each.place.value}" for each in places}


def test_every_state_and_root_has_a_cue() -> None:
    assert {cue.state for cue in LEXICON.cues} == set(State)
    assert {cue.event for cue in LEXICON.cues} | {
        each.event for each in LEXICON.outcomes.values()
    } >= set(Event)


def test_every_effect_has_an_operator() -> None:
    found = {each.effect for rows in LEXICON.operators.values() for each in rows}
    assert found == set(Effect)


@pytest.mark.parametrize(("old", "new"), [("ASSAULT", "ASSALT"), ("wound", "@wounds")])
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    copytree(DATA / "relations", tmp_path, dirs_exist_ok=True)
    table = tmp_path / "cues" / "war.tsv"
    rows = table.read_text(encoding="utf-8").splitlines()
    rows[3] = rows[3].replace(old, new)
    table.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(DataError, match=r"cues/war\.tsv line 4"):
        load_lexicon(tmp_path)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Norway signed the Harbor Treaty and the Abraham Accords.",
            ["Harbor Treaty", "Abraham Accords"],
        ),
        ("The Paris climate accord was signed.", ["Paris Agreement"]),
        ("Negotiators in Paris agreed on grain.", []),
    ],
)
def test_pacts_are_found_by_table_and_by_name(text: str, names: list[str]) -> None:
    assert [name for name, _ in find_pacts(text)] == names


def test_hub_is_the_party_with_which_all_others_sign() -> None:
    assert find_hub("Abraham Accords") == "ISR"
    assert find_hub("Paris Agreement") is None
