"""A server of pictures on this machine, with what goes wrong at a shop's."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ..conftest import picture_bytes
from .exports import photo


class Shop(ThreadingHTTPServer):
    """Serves pictures; counts what is asked, and how many ask at a time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: Counter[str] = Counter()
        self.now = self.most = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked[self.path] += 1
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        try:
            self.answer(self.path.partition("?")[0])
        finally:
            with self.server.lock:
                self.server.now -= 1

    def answer(self, path: str) -> None:
        if path == "/gone.jpg":
            return self.say(404)
        if path == "/tired.jpg" and self.server.asked[self.path] < 3:
            return self.say(503, {"Retry-After": "0"})
        if path == "/broken.jpg":
            return self.say(500)
        if path == "/moved.jpg":
            return self.say(302, {"Location": "/1.jpg"})
        if path == "/inside.jpg":
            return self.say(302, {"Location": "http://127.0.0.2/secret.jpg"})
        if path == "/round.jpg":
            return self.say(302, {"Location": "/round.jpg"})
        if path == "/huge.jpg":
            return self.say(200, {}, b"x" * 200_000)
        if path == "/page.jpg":
            return self.say(200, {"Content-Type": "image/jpeg"}, b"<html>Please sign in</html>")
        if path == "/slow.jpg":
            threading.Event().wait(2)
        if path.startswith("/many"):
            threading.Event().wait(0.02)  # so that others have time to ask meanwhile
        if path.startswith("/media"):
            return self.say(200, {"Content-Type": "image/jpeg"}, photo(path))
        return self.say(
            200, {"Content-Type": "text/plain"}, picture_bytes(kind="PNG" if "png" in path else "JPEG")
        )

    def say(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass
