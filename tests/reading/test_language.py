"""Language: texts in other languages are known, and no English text is taken for one."""

import pytest

from geo.reading import language
from geo.reading.language import find_language

OTHER = {
    "de": "Norwegen hat am Montag seinen Botschafter aus Schweden abberufen. Die Regierung in Stockholm "
    "nannte den Schritt bedauerlich und kündigte eine Antwort für die kommenden Tage an.",
    "fr": "La Norvège a rappelé lundi son ambassadeur en Suède. Le gouvernement de Stockholm a jugé cette "
    "décision regrettable et annoncé une réponse dans les prochains jours.",
    "es": "Noruega llamó el lunes a consultas a su embajador en Suecia. El gobierno de Estocolmo calificó "
    "la medida de lamentable y anunció una respuesta en los próximos días.",
    "ru": "Норвегия в понедельник отозвала своего посла из Швеции. Правительство в Стокгольме назвало этот "
    "шаг достойным сожаления и пообещало ответить в ближайшие дни.",
    "ar": "استدعت النرويج يوم الاثنين سفيرها لدى السويد. ووصفت الحكومة في ستوكهولم هذه الخطوة بأنها مؤسفة "
    "وأعلنت أنها سترد عليها في الأيام المقبلة بعد التشاور مع حلفائها.",
}
# Few common words, and names that pull toward another language.
ENGLISH_TEXTS = [
    "Norway recalled its ambassador from Sweden on Monday, and Stockholm called the step regrettable; it "
    "will answer in the coming days.",
    "French President Emmanuel Macron meets German Chancellor Friedrich Merz, Spanish Prime Minister "
    "Pedro Sánchez, Polish Prime Minister Donald Tusk, Italian Prime Minister Giorgia Meloni.",
    "Jemaah Anshorut Daulah militants kill eight Indonesian soldiers near Poso, Central Sulawesi, "
    "Indonesia, police say; Malaysia condemns killings.",
]


@pytest.mark.parametrize("code", OTHER)
def test_another_language_is_known(code: str) -> None:
    assert find_language(OTHER[code]) == code


@pytest.mark.parametrize("text", ENGLISH_TEXTS)
def test_english_is_never_taken_for_another_language(text: str) -> None:
    assert find_language(text) in {"en", None}


def test_a_short_text_tells_no_language() -> None:
    assert find_language(OTHER["de"][: language.SHORTEST - 1]) is None
    assert find_language("") is None


def test_plain_english_loads_no_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_load_classifier", lambda: pytest.fail("it was loaded"))
    assert find_language(ENGLISH_TEXTS[0]) == "en"
