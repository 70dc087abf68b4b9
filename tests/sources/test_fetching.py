"""Fetching: what a server gives arrives, and what it does wrong ends soon, with its name."""

import gzip
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

import pytest
from answering import Answer, Server, drip, give, lead, serve

from geo import __version__
from geo.errors import FetchError
from geo.records import Outcome
from geo.sources import fetching
from geo.sources.fetching import Client, Fetched, Unpacker, name_agent

PLAIN = ["text/plain"]
# Longer than any of these tests takes, for what would have to be stopped by hand.
LATE = 10.0


def make_client(*servers: Server, **given) -> Client:
    return Client(allowed=frozenset(server.place for server in servers), **{"pause": 0} | given)


def ask(answer: Answer, **given) -> Fetched:
    with serve({"/": answer}) as server:
        return make_client(server).fetch(server.name(), **{"accept": PLAIN} | given)


def fail(answer: Answer, **given) -> FetchError:
    with pytest.raises(FetchError) as raised:
        ask(answer, **given)
    return raised.value


def test_what_an_address_gives_arrives() -> None:
    fetched = ask(give(200, "Grüße".encode(), "Text/Plain; charset=utf-8", ETag='"one"'))
    assert fetched.content.decode() == "Grüße"
    assert fetched.status == 200
    assert fetched.kind == "text/plain"
    assert fetched.headers["etag"] == '"one"'
    assert fetched.moved_to is None


def test_a_server_is_told_who_asks_and_nothing_else() -> None:
    told = {
        "If-None-Match": '"one"',
        "If-Modified-Since": "never\r\nCookie: a=1",
        "Cookie": "secret=1",
        "Authorization": "Basic secret",
    }
    with serve({"/": give(200)}) as server:
        client = make_client(server, contact="desk@news.example")
        client.fetch(server.name(), accept=PLAIN, headers=told)
    [(_, asked)] = server.asked
    assert asked == {
        "host": server.place,
        "user-agent": f"Entente/{__version__} (desk@news.example)",
        "accept": "text/plain, */*;q=0.1",
        "accept-encoding": "gzip",
        "connection": "close",
        "if-none-match": '"one"',
    }


def test_a_contact_cannot_add_a_header() -> None:
    assert name_agent("a@b.example)\r\nX: é") == f"Entente/{__version__} (a@b.exampleX:)"
    assert name_agent() == f"Entente/{__version__}"


def test_what_did_not_change_comes_without_a_body() -> None:
    fetched = ask(give(304, kind=None))
    assert (fetched.status, fetched.content) == (304, b"")


def test_redirects_are_followed_and_lasting_moves_told() -> None:
    answers = {
        "/a": lead("/b", 301),
        "/b": lead("/c", 308),
        "/c": lead("/d", 302),
        "/d": lead("/e", 301),
        "/e": give(200, b"there"),
    }
    with serve(answers) as server:
        fetched = make_client(server).fetch(server.name("/a"), accept=PLAIN)
        assert fetched.content == b"there"
        assert fetched.url == server.name("/e")
        # What comes after a move for now may end with it.
        assert fetched.moved_to == server.name("/c")


def test_a_move_is_told_where_it_leads_to_nothing() -> None:
    with serve({"/a": lead("/b", 301)}) as server, pytest.raises(FetchError) as raised:
        make_client(server).fetch(server.name("/a"), accept=PLAIN)
    assert raised.value.outcome is Outcome.MISSING
    assert raised.value.moved_to == server.name("/b")


def test_letters_of_a_redirect_are_utf_8() -> None:
    def answer(handler) -> None:
        handler.wfile.write("HTTP/1.1 302 F\r\nLocation: /straße\r\n\r\n".encode())

    with serve({"/": answer, "/stra%C3%9Fe": give(200, b"there")}) as server:
        assert make_client(server).fetch(server.name(), accept=PLAIN).content == b"there"


def test_a_loop_of_redirects_ends() -> None:
    with serve({"/": lead("/")}) as server, pytest.raises(FetchError) as raised:
        make_client(server).fetch(server.name(), accept=PLAIN)
    assert raised.value.outcome is Outcome.REDIRECTS
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, Outcome.CLOSED),
        (402, Outcome.CLOSED),
        (403, Outcome.CLOSED),
        (404, Outcome.MISSING),
        (410, Outcome.GONE),
        (418, Outcome.CLOSED),
        (429, Outcome.BUSY),
        (451, Outcome.CLOSED),
        (500, Outcome.FAILED),
        (503, Outcome.BUSY),
        (302, Outcome.CLOSED),
    ],
)
def test_each_refusal_has_its_name(status: int, outcome: Outcome) -> None:
    error = fail(give(status, b"no"))
    assert error.outcome is outcome
    assert f"(HTTP {status})" in str(error)


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", None])
def test_only_the_kinds_that_were_asked_for_are_read(kind: str | None) -> None:
    assert fail(give(200, b"x", kind)).outcome is Outcome.WRONG_KIND
    assert ask(give(200, b"x", kind), accept=[kind or ""]).content == b"x"


def test_gzip_is_unpacked() -> None:
    text = b"Norway and Sweden signed. " * 1000
    packed = gzip.compress(text[:500]) + gzip.compress(text[500:]) + bytes(8)
    assert ask(give(200, packed, Content_Encoding="gzip")).content == text
    assert ask(give(200, b"", Content_Encoding="gzip")).content == b""


def test_a_bomb_of_gzip_takes_no_memory() -> None:
    bomb = gzip.compress(bytes(60_000_000), 1)
    tracemalloc.start()
    try:
        error = fail(give(200, bomb, Content_Encoding="gzip"), most_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.outcome is Outcome.TOO_LARGE
    assert peak < 20_000_000


def test_what_is_unpacked_never_exceeds_what_is_allowed() -> None:
    unpacker = Unpacker(10)
    assert len(unpacker.unpack(gzip.compress(bytes(1000)))) == 11
    assert unpacker.unpack(gzip.compress(bytes(1000))) == b""


@pytest.mark.parametrize("cut", [0.1, 0.9])
def test_gzip_that_breaks_off_is_broken(cut: float) -> None:
    packed = gzip.compress(bytes(range(256)) * 100)
    answer = give(200, packed[: int(len(packed) * cut)], Content_Encoding="gzip")
    assert fail(answer).outcome is Outcome.BROKEN


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd"])
def test_what_is_packed_otherwise_is_not_read(coding: str) -> None:
    assert fail(give(200, b"x", Content_Encoding=coding)).outcome is Outcome.BROKEN


def test_gzip_that_is_none_is_broken() -> None:
    assert fail(give(200, b"plain", Content_Encoding="gzip")).outcome is Outcome.BROKEN


def raw(answer: bytes) -> Answer:
    return lambda handler: handler.wfile.write(answer)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 9999999 OK\r\n\r\n",
    ],
)
def test_an_answer_that_is_no_http_is_broken(answer: bytes) -> None:
    assert fail(raw(answer), deadline=5).outcome is Outcome.BROKEN


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X"),
        drip(HEAD + b"X-Long: ", b"a"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(HEAD + b"\r\n", b"a"),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
        drip(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
        drip(b"", b"", 1.0),
    ],
)
def test_a_server_that_drips_is_left_at_the_deadline(answer: Answer) -> None:
    began = time.monotonic()
    assert fail(answer, deadline=0.4).outcome is Outcome.SLOW
    assert time.monotonic() - began < 3


def test_the_deadline_holds_for_all_redirects_together() -> None:
    def answer(handler) -> None:
        time.sleep(0.25)
        handler.give(302, Location="/")

    assert fail(answer, deadline=0.6).outcome is Outcome.SLOW


@pytest.mark.parametrize("length", [b"", b"Content-Length: 1000000000000\r\n"])
def test_a_body_without_an_end_is_left_at_its_limit(length: bytes) -> None:
    error = fail(drip(HEAD + length + b"\r\n", bytes(50_000), 0), most_bytes=200_000, deadline=LATE)
    assert error.outcome is Outcome.TOO_LARGE


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = f"127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(FetchError) as raised:
        Client(allowed=frozenset({place})).fetch(f"http://{place}/", accept=PLAIN)
    assert raised.value.outcome is Outcome.UNREACHABLE


def test_an_unknown_host_is_told() -> None:
    with pytest.raises(FetchError) as raised:
        Client(resolve=lambda *_: []).fetch("http://news.example/", accept=PLAIN)
    assert raised.value.outcome is Outcome.UNKNOWN_HOST


def test_the_next_number_of_a_host_is_tried() -> None:
    with serve({"/": give(200, b"there")}) as server:
        port = server.server_address[1]
        client = Client(
            allowed=frozenset({f"wiki.example:{port}"}),
            resolve=lambda *_: ["::1", "127.0.0.1"],
        )
        assert client.fetch(f"http://wiki.example:{port}/", accept=PLAIN).content == b"there"


# encryption --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for localhost, and its key, that nobody vouches for."""
    path = tmp_path_factory.mktemp("certificate") / "own.pem"
    openssl = shutil.which("openssl")
    assert openssl
    wanted = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", f"{path}.crt"]
    subprocess.run([openssl, "req", *wanted, *names], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def fetch_encrypted(certificate: Path, host: str, answer: Answer) -> Fetched:
    with serve({"/": answer}) as server:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        place = f"{host}:{server.server_address[1]}"
        client = Client(allowed=frozenset({place}), resolve=lambda *_: ["127.0.0.1"])
        return client.fetch(f"https://{place}/", accept=PLAIN, deadline=0.7)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with pytest.raises(FetchError, match="certificate") as raised:
        fetch_encrypted(certificate, "localhost", give(200, b"x"))
    assert raised.value.outcome is Outcome.BROKEN


@pytest.fixture
def vouched(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the certificate, vouched for by itself."""
    context = ssl.create_default_context(cafile=certificate)
    context.sslsocket_class = fetching.make_context().sslsocket_class
    monkeypatch.setattr(fetching, "make_context", lambda: context)
    return certificate


def test_what_is_encrypted_arrives(vouched: Path) -> None:
    assert fetch_encrypted(vouched, "localhost", give(200, b"there")).content == b"there"


def test_a_certificate_for_another_host_is_refused(vouched: Path) -> None:
    with pytest.raises(FetchError) as raised:
        fetch_encrypted(vouched, "news.example", give(200, b"x"))
    assert raised.value.outcome is Outcome.BROKEN


def test_the_deadline_holds_for_what_is_encrypted(vouched: Path) -> None:
    with pytest.raises(FetchError) as raised:
        fetch_encrypted(vouched, "localhost", drip(HEAD, b"X"))
    assert raised.value.outcome is Outcome.SLOW


def test_a_server_that_never_shakes_hands_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = f"127.0.0.1:{listening.getsockname()[1]}"
        client = Client(allowed=frozenset({place}))
        with pytest.raises(FetchError) as raised:
            client.fetch(f"https://{place}/", accept=PLAIN, deadline=0.3)
    assert raised.value.outcome is Outcome.SLOW


def test_a_server_without_encryption_is_broken() -> None:
    with serve() as server:
        client = make_client(server)
        with pytest.raises(FetchError) as raised:
            client.fetch(f"https://{server.place}/", accept=PLAIN, deadline=2)
    assert raised.value.outcome is Outcome.BROKEN


# pace --------------------------------------------------------------------------------------------


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause() -> None:
    inside, most, began = [], [], []
    lock = threading.Lock()

    def answer(handler) -> None:
        with lock:
            inside.append(1)
            most.append(len(inside))
            began.append(time.monotonic())
        time.sleep(0.03)
        with lock:
            inside.pop()
        handler.give(200)

    with serve({"/": answer}) as server, ThreadPoolExecutor(4) as pool:
        client = make_client(server, pause=0.1)
        tasks = [pool.submit(client.fetch, server.name(), accept=PLAIN) for _ in range(4)]
        assert [task.result().status for task in tasks] == [200] * 4
    assert most == [1] * 4
    assert all(late - early >= 0.1 for early, late in itertools.pairwise(began))


def test_one_slow_host_does_not_hold_another() -> None:
    with serve({"/": drip(b"", b"H")}) as slow, serve({"/": give(200)}) as quick:
        client = make_client(slow, quick, pause=0)
        with ThreadPoolExecutor(1) as pool:
            task = pool.submit(client.fetch, slow.name(), accept=PLAIN, deadline=1)
            while not slow.asked:
                time.sleep(0.01)
            assert client.fetch(quick.name(), accept=PLAIN).status == 200
            assert not task.done()
            assert task.exception().outcome is Outcome.SLOW


def test_the_time_of_waiting_for_a_turn_is_no_time_of_the_server() -> None:
    with serve({"/": give(200)}) as server:
        client = make_client(server, pause=0.5)
        for _ in range(2):
            assert client.fetch(server.name(), accept=PLAIN, deadline=0.4).status == 200


def test_a_server_that_is_busy_is_asked_again_when_it_wishes() -> None:
    answers = [give(200, b"there"), give(500), give(503), give(429, Retry_After="7")]
    slept: list[float] = []

    def answer(handler) -> None:
        answers.pop()(handler)

    with serve({"/": answer}) as server:
        client = make_client(server, sleep=slept.append)
        assert client.fetch(server.name(), accept=PLAIN, attempts=4).content == b"there"
    assert slept[0] == 7
    # The backoff doubles; what a turn at the host took is in between.
    assert [seconds for seconds in slept[1:] if seconds in {4.0, 8.0}] == [4.0, 8.0]


@pytest.mark.parametrize("late", ["3600", "date"])
def test_a_server_that_asks_for_long_rest_is_left_alone(late: str) -> None:
    told = formatdate(time.time() + 3600, usegmt=True) if late == "date" else late
    slept: list[float] = []
    with serve({"/": give(429, Retry_After=told), "/other": give(200)}) as server:
        client = make_client(server, sleep=slept.append)
        for path in ("/", "/other"):
            with pytest.raises(FetchError) as raised:
                client.fetch(server.name(path), accept=PLAIN, attempts=3)
            assert raised.value.outcome is Outcome.BUSY
            assert 3590 < raised.value.wait <= 3600
    assert [path for path, _ in server.asked] == ["/"]
    assert slept == []


def test_a_caller_may_let_a_host_rest() -> None:
    with serve({"/": give(200)}) as server:
        client = make_client(server)
        client.hold(server.name(), 100)
        with pytest.raises(FetchError, match="asks for rest"):
            client.fetch(server.name(), accept=PLAIN)
    assert server.asked == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_would_stay_the_same_is_asked_once(status: int) -> None:
    with serve({"/": give(status)}) as server, pytest.raises(FetchError):
        make_client(server).fetch(server.name(), accept=PLAIN, attempts=3)
    assert len(server.asked) == 1


def test_each_address_on_the_way_is_checked_by_the_caller() -> None:
    seen: list[str] = []
    with serve({"/a": lead("/b"), "/b": give(200)}) as server:
        make_client(server).fetch(server.name("/a"), accept=PLAIN, check=seen.append)
        assert seen == [server.name("/a"), server.name("/b")]
