"""A server on this machine that answers as a test wants it to."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; the server's answers are functions of it."""

    server: "Server"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        answer = self.server.answers.get(self.path)
        with suppress(BrokenPipeError, ConnectionResetError):
            answer(self) if answer else self.give(404)

    def give(
        self, status: int = 200, body: bytes = b"", kind: str | None = "text/plain", **headers: str
    ) -> None:
        self.send_response(status)
        if kind is not None:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 200

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = dict(answers)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def name(self, path: str = "/") -> str:
        return f"http://{self.place}{path}"

    def handle_error(self, *_: object) -> None:
        """A client that goes is no error here."""


@contextmanager
def serve(answers: Mapping[str, Answer] | None = None) -> Iterator[Server]:
    with Server(answers or {}) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def give(
    status: int = 200, body: bytes = b"", kind: str | None = "text/plain", **headers: str
) -> Answer:
    """Return an answer that is always the same; underscores in names of headers are hyphens."""
    return lambda handler: handler.give(status, body, kind, **headers)


def lead(to: str, status: int = 302) -> Answer:
    return give(status, Location=to)


def drip(head: bytes, piece: bytes, seconds: float = 0.05) -> Answer:
    """Return an answer that begins and then goes on for ever, piece by piece."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(head)
        while not handler.server.closing.wait(seconds):
            handler.wfile.write(piece)
            handler.wfile.flush()

    return answer
