"""The HTTP server: connections, routing, and how answers are written. What the addresses do is in pages.py."""

import json
import os
import select
import socket
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler
from typing import Dict, List, Optional, Set, Tuple
from urllib.parse import parse_qs, urlsplit

from body import BadBody, Body
from websocket import WebSocket

# The page itself needs no more; wss: and ws: because 'self' does not cover sockets in every browser.
PAGE_POLICY = "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'"


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    # Not http.server.HTTPServer: it looks its own name up in the DNS when it binds, which may hang.
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: Tuple[str, int]):
        self.websockets: Set[WebSocket] = set()
        self.lock = threading.Lock()
        super().__init__(address, Handler)

    def close_all(self) -> None:
        """Stop listening, and tell WebSockets that the server goes away (close code 1001)."""
        self.server_close()
        with self.lock:
            for websocket in self.websockets:
                try:
                    websocket.close(1001, "the app stops")
                except OSError:
                    pass

    def handle_error(self, request, client_address) -> None:
        """A peer that goes away is no news; anything else prints its traceback."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Diagnostics"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def dispatch(self) -> None:
        # Imported late: pages.py needs this class.
        from pages import GET, SEND

        url = urlsplit(self.path)
        self.url_path = self._below_subfolder(url.path)
        self.query = {key: values[-1] for key, values in parse_qs(url.query, keep_blank_values=True).items()}
        reading = self.command in ("GET", "HEAD")
        page = (GET if reading else SEND).get(self.url_path) or SEND.get(self.url_path)
        try:
            self.body = Body(self.rfile, self.headers)
            if page:
                page(self)
            else:
                self.send_json({"error": f"There is nothing at {self.url_path}"}, 404)
            if not self.body.finished:
                self.close_connection = True
        except (ValueError, BadBody) as error:
            self.close_connection = True
            self.send_json({"error": str(error)}, 400)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = dispatch

    @staticmethod
    def _below_subfolder(path: str) -> str:
        """A proxy may keep the prefix SUBFOLDER or take it off: both work."""
        prefix = os.environ.get("SUBFOLDER", "").rstrip("/")
        return path[len(prefix) :] if prefix and path.startswith(prefix + "/") else path

    def number(self, name: str, default: float, most: float) -> float:
        """A number of the query from 0 to `most`; a ValueError, and so a 400, for anything else."""
        value = float(self.query.get(name, default))
        if not 0 <= value <= most:
            raise ValueError(f"{name} must be from 0 to {most:g}")
        return value

    def head(self, status: int, kind: str, length: Optional[int], extra: Dict[str, str]) -> None:
        """Send the head of an answer; without a length the body follows in chunks (`chunk`)."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in extra.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def send_bytes(self, data: bytes, kind: str, status: int = 200, **extra: str) -> None:
        named = {name.replace("_", "-"): value for name, value in extra.items()}
        self.head(status, kind, len(data), named)
        if self.command != "HEAD":
            self.wfile.write(data)

    def send_json(self, value: object, status: int = 200, **extra: str) -> None:
        self.send_bytes(json.dumps(value, ensure_ascii=False).encode("utf-8"), "application/json", status, **extra)

    def chunk(self, data: bytes) -> None:
        """One chunk of a streamed answer; empty data ends it."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def raw_headers(self) -> List[List[str]]:
        return [[name, value] for name, value in self.headers.items()]

    def log_message(self, format: str, *args: object) -> None:
        """Silent: a line for each request would drown what a person looks for."""

    def connection_is_open(self) -> bool:
        """False once the peer has closed: a long answer then ends early instead of filling a dead socket."""
        try:
            poll = select.poll()
            poll.register(self.connection, select.POLLIN)
            return not poll.poll(0) or self.connection.recv(1, socket.MSG_PEEK) != b""
        except OSError:
            return False
