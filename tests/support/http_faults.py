"""A real HTTP server on loopback that serves one file, and serves it badly when told to."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STALL_S = 1.5
COMMIT = "c" * 40


class FaultyServer(ThreadingHTTPServer):
    """Serves ``content`` under any path; ``faults`` are used up one a request, then it behaves.

    A fault is a status code, or one of: ``cut`` (half of what is left, then the connection drops), ``cut from
    the start`` (the same, and ranges are ignored), ``stall`` (half, then silence), ``silence``, ``ignore
    range``, ``wrong offset``, ``wrong bytes``, ``short`` (a smaller file), ``small parts`` (less of a range
    than was asked for), ``web page``.
    """

    daemon_threads = True

    def __init__(self, content, faults=(), *, forever=None, etag='"v1"'):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.faults, self.forever, self.etag = content, list(faults), forever, etag
        self.requests = []
        self.sent_bytes = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/weights.bin"

    def next_fault(self):
        return self.faults.pop(0) if self.faults else self.forever


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        pass

    def do_HEAD(self):
        """Answer as the Hugging Face hub does when asked about a file."""
        server = self.server
        server.requests.append(dict(self.headers))
        fault = server.next_fault()
        if isinstance(fault, int):
            self.send_error(fault)
            return
        self.send_response(200)
        self.send_header("ETag", server.etag)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(server.content)))
        self.end_headers()

    def do_GET(self):
        server = self.server
        server.requests.append(dict(self.headers))
        fault = server.next_fault()
        if isinstance(fault, int):
            self.send_error(fault)
            return
        body = self._body(fault)
        start = self._start(fault)
        if start >= len(body) > 0:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(body)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send(body, start, fault)

    def _body(self, fault):
        content = self.server.content
        kinds = {
            "wrong bytes": bytes(len(content)),
            "short": content[: len(content) // 3],
            "web page": b"<html>sign in</html>",
        }
        return kinds.get(fault, content)

    def _start(self, fault):
        wanted = self.headers.get("Range")
        if not wanted or fault in {"ignore range", "web page", "cut from the start"}:
            return 0
        if self.headers.get("If-Range") not in {None, self.server.etag}:
            return 0
        return int(wanted.removeprefix("bytes=").rstrip("-"))

    def _send(self, body, start, fault):
        offset = max(0, start - 7) if fault == "wrong offset" else start
        part = body[offset : offset + len(body) // 5] if start and fault == "small parts" else body[offset:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {offset}-{offset + len(part) - 1}/{len(body)}")
        if self.server.etag:
            self.send_header("ETag", self.server.etag)
        self.send_header("Content-Type", "text/html" if fault == "web page" else "application/octet-stream")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        shares = {"cut": 0.5, "cut from the start": 0.5, "stall": 0.5, "silence": 0.0}
        self._write(part[: int(len(part) * shares.get(fault, 1.0))])
        if fault in {"stall", "silence"}:
            time.sleep(STALL_S)

    def _write(self, part):
        try:
            self.wfile.write(part)
            self.server.sent_bytes += len(part)
        except OSError:
            pass  # the client has had enough


@contextmanager
def serving(content, faults=(), **options):
    """Run a server while the block runs."""
    server = FaultyServer(content, faults, **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
