"""Addresses: nothing on this machine or in its network is reached by an address from outside."""

import socket

import pytest
from answering import lead, serve

from geo.errors import FetchError
from geo.records import Outcome
from geo.sources import fetching
from geo.sources.addresses import find_allowed, is_public, read_address, resolve_host
from geo.sources.fetching import Client

# Hosts of URLs that lead to this machine, its network, or the machine that serves its secrets.
CLOSED = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "①②⑦.⓪.⓪.①",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:100.64.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
)
OPEN = ("8.8.8.8", "93.184.216.34", "2a00:1450:4001:81b::200e", "64:ff9b::808:808")
# Addresses that two parsers could read in two ways, or that are no addresses of the web.
MALFORMED = (
    "http://127.0.0.1:8888\\@news.example/",
    "http://news.example\\.internal/",
    "http://user:secret@news.example/",
    "http://news.example@127.0.0.1/",
    "http://a%00b.example/",
    "http://a b.example/",
    "http://news.example/\r\nHost: internal",
    "http://[fe80::1%25eth0]/",
    "http://[::1",
    "http://news.example:99999/",
    "http:///etc/passwd",
    "https:news.example",
    "gopher://news.example/",
    "ftp://news.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "news.example/feed",
    "",
    f"http://news.example/{'a' * 3000}",
)


def refuse(url: str, **given) -> FetchError:
    with pytest.raises(FetchError) as raised:
        Client(pause=0, **given).fetch(url, accept=["text/plain"], deadline=2)
    return raised.value


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where a connection was asked for; none is made."""
    numbers: list[str] = []

    def connect(_: socket.socket, number: str, port: int) -> None:
        numbers.append(f"{number} {port}")
        raise ConnectionRefusedError

    monkeypatch.setattr(fetching, "connect", connect)
    return numbers


@pytest.mark.parametrize("host", CLOSED)
def test_no_place_that_is_not_public_is_connected_to(host: str, connected: list[str]) -> None:
    assert refuse(f"http://{host}/").outcome in {Outcome.REFUSED, Outcome.UNKNOWN_HOST}
    assert connected == []


@pytest.mark.parametrize(
    "host", [host for host in CLOSED if host[0] == "[" or host.count(".") == 3]
)
def test_numbers_in_closed_ranges_are_known_without_a_look_up(host: str) -> None:
    name = read_address(f"http://{host}/").host
    if not name.startswith("0x"):
        assert not is_public(name)


@pytest.mark.parametrize("number", OPEN)
def test_what_is_public_is_connected_to(number: str, connected: list[str]) -> None:
    assert is_public(number)
    error = refuse("https://news.example/", resolve=lambda *_: [number])
    assert error.outcome is Outcome.UNREACHABLE
    assert connected == [f"{number} 443"]


@pytest.mark.parametrize("text", ["", "news.example", "1.2.3", "fe80::1%eth0", "2a00::1%1"])
def test_what_is_no_number_of_the_internet_is_not_public(text: str) -> None:
    assert not is_public(text)


def test_a_host_with_one_closed_number_among_others_is_refused(connected: list[str]) -> None:
    error = refuse("http://news.example/", resolve=lambda *_: ["93.184.216.34", "10.0.0.1"])
    assert error.outcome is Outcome.REFUSED
    assert connected == []


def test_the_number_that_was_checked_is_connected_to(connected: list[str]) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    error = refuse("http://rebinding.example/", resolve=lambda *_: next(answers))
    assert error.outcome is Outcome.UNREACHABLE
    assert connected == ["93.184.216.34 80"]


def test_a_host_that_turns_local_between_two_requests_is_refused() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with serve() as server:
        port = server.server_address[1]
        server.answers["/"] = lead(f"http://rebinding.example:{port}/next")
        # The first address is let in by its name, the one that it leads to by none.
        allowed = frozenset({f"wiki.example:{port}"})
        error = refuse(
            f"http://wiki.example:{port}/", allowed=allowed, resolve=lambda *_: next(answers)
        )
    assert error.outcome is Outcome.REFUSED
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//localhost/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user@127.0.0.1/",
    ],
)
def test_a_redirect_is_checked_as_the_first_address(to: str) -> None:
    with serve({"/": lead(to)}) as server:
        error = refuse(server.name(), allowed=frozenset({server.place}))
    assert error.outcome is Outcome.REFUSED
    assert len(server.asked) == 1


@pytest.mark.parametrize("port", [1, 22, 25, 81, 6379, 8080, 8443])
def test_no_port_but_those_of_the_web_is_opened(port: int, connected: list[str]) -> None:
    error = refuse(f"http://news.example:{port}/", resolve=lambda *_: ["93.184.216.34"])
    assert error.outcome is Outcome.REFUSED
    assert connected == []


@pytest.mark.parametrize("url", MALFORMED)
def test_an_address_that_is_no_plain_address_of_the_web_is_refused(
    url: str, connected: list[str]
) -> None:
    assert refuse(url, resolve=lambda *_: ["93.184.216.34"]).outcome is Outcome.REFUSED
    assert connected == []


def test_proxies_of_the_environment_have_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve() as proxy, serve() as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.name())
        error = refuse(server.name(), allowed=frozenset({server.place}))
    assert error.outcome is Outcome.MISSING
    assert len(server.asked) == 1
    assert proxy.asked == []


def test_a_visitor_cannot_use_what_the_owner_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve() as server:
        monkeypatch.setenv("ENTENTE_ALLOW_HOSTS", f"{server.place}, wiki.intranet, [::1]:81")
        assert find_allowed() == {server.place, "wiki.intranet:80", "wiki.intranet:443", "::1:81"}
        assert refuse(server.name()).outcome is Outcome.REFUSED
        assert server.asked == []
        with pytest.raises(FetchError) as raised:
            fetching.make_owner_client().fetch(server.name(), accept=["text/plain"])
    assert raised.value.outcome is Outcome.MISSING
    assert len(server.asked) == 1


def test_a_host_is_written_one_way() -> None:
    told = {
        "HTTP://NEWS.Example.:80/a b"[:-2]: "http://news.example/a",
        "https://exämple.com/ä?q=ü#words": "https://xn--exmple-cua.com/%C3%A4?q=%C3%BC",
        "https://[2A00:1450::1]:443": "https://[2a00:1450::1]/",
        "https://news.example/a%2Fb%": "https://news.example/a%2Fb%25",
    }
    assert {url: read_address(url).url for url in told} == told
    base = read_address("https://news.example/world/index.html?a=1")
    assert read_address("../asia?b=2", base).url == "https://news.example/asia?b=2"


def test_a_look_up_that_never_ends_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve() as server:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: server.closing.wait() and [])
        assert resolve_host("news.example", 80, seconds=0.1) == ()
