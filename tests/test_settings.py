"""Settings: what the environment says, and a wrong word is told with its name."""

from datetime import date, timedelta

import pytest

from geo.errors import BadSetting
from geo.settings import HOURS, SOURCES, Settings, follows_news, read_settings


@pytest.fixture(autouse=True)
def clear(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOURCES", "SINCE", "REFRESH", "REFRESH_HOURS"):
        monkeypatch.delenv(f"ENTENTE_{name}", raising=False)


def test_without_settings_the_whole_portal_is_followed() -> None:
    assert follows_news()
    assert read_settings() == Settings(sources=SOURCES, since=None, pause=timedelta(hours=HOURS))


def test_settings_are_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_SOURCES", " feeds:\nhttps://a.example/feed,1  feeds: ")
    monkeypatch.setenv("ENTENTE_SINCE", "2026-01-01")
    monkeypatch.setenv("ENTENTE_REFRESH_HOURS", "0.5")
    assert read_settings() == Settings(
        sources=("feeds:", "https://a.example/feed,1"),
        since=date(2026, 1, 1),
        pause=timedelta(minutes=30),
    )


@pytest.mark.parametrize("told", ["off", "OFF", " off "])
def test_following_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("ENTENTE_REFRESH", told)
    assert not follows_news()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ENTENTE_SINCE", "yesterday"),
        ("ENTENTE_SINCE", "2026-02-30"),
        ("ENTENTE_SINCE", "20260201"),
        ("ENTENTE_REFRESH_HOURS", "often"),
        ("ENTENTE_REFRESH_HOURS", "0"),
        ("ENTENTE_REFRESH_HOURS", "nan"),
        ("ENTENTE_REFRESH_HOURS", "1e9"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.setenv(name, told)
    with pytest.raises(BadSetting, match=name):
        read_settings()
