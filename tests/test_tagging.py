"""Tags and lemmas of words: what the endings, the tables and the neighbors say."""

from pathlib import Path
from shutil import copytree

import pytest

from geo.errors import DataError
from geo.paths import DATA
from geo.tagging import Tagger, load_words


def tag(text: str) -> dict[str, tuple[str, str]]:
    return {each.text: (each.tag, each.lemma) for each in Tagger(load_words()).tag(text)}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("France plans to recognize it.", "plans", ("VBZ", "plan")),
        ("The plans failed.", "plans", ("NNS", "plan")),
        ("Talks resumed.", "resumed", ("VBD", "resume")),
        ("Norway supplies gas to Sweden.", "supplies", ("VBZ", "supply")),
        ("Supplies of gas ran out.", "ran", ("VBD", "run")),
        ("The countries share a border.", "share", ("VBP", "share")),
        ("They banned imports.", "banned", ("VBD", "ban")),
        ("The minister cancelled a visit.", "cancelled", ("VBD", "cancel")),
        ("A treaty was signed.", "signed", ("VBN", "sign")),
        ("The disputed territory is quiet.", "disputed", ("VBN", "dispute")),
        ("They were accused of attacking Mali.", "attacking", ("VBG", "attack")),
        ("The shelling of Mali began.", "shelling", ("NN", "shelling")),
        ("Chad hopes to leave.", "to", ("TO", "to")),
        ("Chad went to Mali.", "to", ("IN", "to")),
        ("Chad, it's said, left.", "'s", ("VBZ", "be")),
        ("Chad's army left.", "'s", ("POS", "'s")),
        ("Chad can't leave.", "n't", ("NEG", "not")),
        ("Two countries left.", "countries", ("NNS", "country")),
        ("Chad told men and women.", "men", ("NNS", "man")),
        ("Chad demanded that Mali release them.", "release", ("VBP", "release")),
    ],
)
def test_word_is_tagged(text: str, word: str, expected: tuple[str, str]) -> None:
    assert tag(text)[word] == expected


def test_tokens_are_split_as_the_model_splits_them() -> None:
    words = Tagger(load_words()).tag(
        "U.S.-led talks don't end; it cannot wait: 1,200 men’s “pact”."
    )
    assert [each.text for each in words] == [
        *("U.S.", "-", "led", "talks", "do", "n't", "end", ";", "it", "can", "not", "wait", ":"),
        *("1,200", "men", "’s", "“", "pact", "”", "."),
    ]


def test_a_table_with_an_unknown_tag_is_refused(tmp_path: Path) -> None:
    copytree(DATA, tmp_path, dirs_exist_ok=True)
    (tmp_path / "english_words.tsv").write_text("tag\tword\tlemma\nXYZ\tthe\tthe\n")
    with pytest.raises(DataError, match="XYZ"):
        load_words.__wrapped__(tmp_path)
