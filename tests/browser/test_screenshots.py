"""Pictures of the docs: one that looks the same is kept."""

from pathlib import Path

import pytest
from PIL import Image

from tests.browser.screenshots import LEAST_STEP, measure_change


def draw(
    path: Path, *, changed: int = 0, step: int = 0, size: tuple[int, int] = (100, 100)
) -> Path:
    """Write a gray picture, with some pixels redder by a step."""
    picture = Image.new("RGB", size, (100, 100, 100))
    for number in range(changed):
        picture.putpixel((number % 100, number // 100), (100 + step, 100, 100))
    picture.save(path)
    return path


@pytest.mark.parametrize(
    ("changed", "step", "share"),
    [(0, 0, 0.0), (10_000, LEAST_STEP - 1, 0.0), (50, LEAST_STEP, 0.005), (10_000, 90, 1.0)],
)
def test_the_share_of_pixels_that_differ(
    tmp_path: Path, changed: int, step: int, share: float
) -> None:
    old = draw(tmp_path / "old.png")
    assert measure_change(old, draw(tmp_path / "new.png", changed=changed, step=step)) == share


def test_a_picture_that_is_new_or_of_another_size_has_changed(tmp_path: Path) -> None:
    new = draw(tmp_path / "new.png")
    assert measure_change(tmp_path / "none.png", new) == 1
    assert measure_change(draw(tmp_path / "old.png", size=(90, 100)), new) == 1
