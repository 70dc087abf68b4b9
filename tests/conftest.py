"""What holds for every test: no store of the reader's own, no network, the same examples each time."""

import os
import socket

import pytest
from hypothesis import settings

# A busy machine is slow, and a test that fails must fail again.
settings.register_profile("steady", deadline=None, derandomize=True)
# `make soak` tries other examples each time, and many.
settings.register_profile("soak", deadline=None, max_examples=5_000)
settings.load_profile("steady")

LOCAL = {"localhost", "127.0.0.1", "::1"}


@pytest.fixture(scope="session", autouse=True)
def leave_store_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test touch the store and cache of who runs it; programs that tests start inherit this.

    Nor does an app that a test shows follow the news.
    """
    os.environ["ENTENTE_STORE"] = str(tmp_path_factory.mktemp("no-store"))
    os.environ["ENTENTE_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["ENTENTE_REFRESH"] = "off"
    os.environ["ENTENTE_OUT"] = str(tmp_path_factory.mktemp("out"))


@pytest.fixture(autouse=True)
def refuse_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to another machine."""
    connect = socket.socket.connect

    def connect_here(this: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOCAL:
            pytest.fail(f"a test asked for {address[0]}")
        connect(this, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process of ``--dist loadgroup``, where they name no other group."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name an example of bytes by its argument: packed and encrypted files differ in each process."""
    return argname if isinstance(val, bytes) else None
