"""What each address answers. The paths are relative to the app's root; README.md of the blueprints lists them."""

import hashlib
import os
import re
import time
import uuid
from pathlib import Path

import websocket as ws
from checks import report
from server import PAGE_POLICY, Handler

STATIC = Path(__file__).resolve().parent / "static"
FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
    "/probes.js": ("probes.js", "text/javascript; charset=utf-8"),
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
#: Proves that an answer came from this very process, and not from a page of the console or another app.
PROCESS = uuid.uuid4().hex
BLOCK = hashlib.shake_256(b"diagnostics").digest(1 << 20)
ECHO_LIMIT = 1 << 20
DAY = 86_400


def static(request: Handler) -> None:
    name, kind = FILES[request.url_path]
    request.send_bytes((STATIC / name).read_bytes(), kind, Content_Security_Policy=PAGE_POLICY)


def health(request: Handler) -> None:
    request.send_json({"status": "ok"})


def where(request: Handler) -> None:
    """Links, redirects and images of the checks lead here."""
    request.send_json({"process": PROCESS, "path": request.path, "from": request.query.get("from")})


def show_report(request: Handler) -> None:
    request.send_json({**report(os.environ, request.server.server_address[1]), "process": PROCESS})


def echo(request: Handler) -> None:
    """The request as it arrived. At most 1 MiB of the body is given back; all of it is counted and hashed."""
    digest, size, kept = hashlib.sha256(), 0, bytearray()
    for data in request.body:
        digest.update(data)
        size += len(data)
        kept += data[: ECHO_LIMIT - len(kept)]
    request.send_json(
        {
            "process": PROCESS,
            "line": request.requestline,
            "method": request.command,
            "target": request.path,
            "version": request.request_version,
            "headers": request.raw_headers(),
            "chunked": request.body.chunked,
            "body": kept.decode("utf-8", "replace"),
            "bytes": size,
            "sha256": digest.hexdigest(),
            "client": "%s:%d" % request.client_address[:2],
        }
    )


def upload(request: Handler) -> None:
    digest, size, started = hashlib.sha256(), 0, time.monotonic()
    for data in request.body:
        digest.update(data)
        size += len(data)
    request.send_json({"bytes": size, "sha256": digest.hexdigest(), "seconds": time.monotonic() - started})


def _range(header: str, size: int):
    """(first, end) of a single byte range, (0, size) without one, None when it cannot be satisfied."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header)
    if not match or match.groups() == ("", ""):
        return 0, size
    first, last = match.groups()
    if first == "":
        return max(size - int(last), 0), size
    end = min(int(last) + 1, size) if last else size
    return (int(first), end) if int(first) < end else None


def download(request: Handler) -> None:
    """`?bytes=N` of a repeating megabyte of noise; ranges work. Writing from memory beat sendfile() two to one here."""
    size = int(request.number("bytes", 1 << 20, 1 << 44))
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted is None:
        return request.send_json({"error": "no such range"}, 416, Content_Range=f"bytes */{size}")
    at, end = wanted
    extra = {"Accept-Ranges": "bytes", "Content-Disposition": 'attachment; filename="diagnostics.bin"'}
    if (at, end) != (0, size):
        extra["Content-Range"] = f"bytes {at}-{end - 1}/{size}"
    request.head(206 if "Content-Range" in extra else 200, "application/octet-stream", end - at, extra)
    if request.command == "HEAD":
        return None
    noise = memoryview(BLOCK)
    while at < end:
        offset = at % len(BLOCK)
        part = noise[offset : offset + end - at]
        request.wfile.write(part)
        at += len(part)
    return None


def stream(request: Handler) -> None:
    """`?seconds=N&every=S`: a line every S seconds for N seconds, as a long request of an app does."""
    seconds, every = request.number("seconds", 5, DAY), max(request.number("every", 0.5, 3600), 0.001)
    request.head(200, "text/plain; charset=utf-8", None, {})
    if request.command == "HEAD":
        return
    started = time.monotonic()
    count = 0
    while time.monotonic() - started < seconds and request.connection_is_open():
        count += 1
        request.chunk(b"line %d after %.3f s\n" % (count, time.monotonic() - started))
        time.sleep(max(0.0, min(started + count * every, started + seconds) - time.monotonic()))
    request.chunk(b"end after %.3f s\n" % (time.monotonic() - started))
    request.chunk(b"")


def events(request: Handler) -> None:
    """`?count=N&every=S`: N server-sent events."""
    count, every = int(request.number("count", 5, 1e9)), request.number("every", 0.2, 3600)
    request.head(200, "text/event-stream; charset=utf-8", None, {})
    for number in range(1, count + 1):
        if not request.connection_is_open():
            return
        request.chunk(b"id: %d\nevent: tick\ndata: %d of %d\n\n" % (number, number, count))
        if number < count:
            time.sleep(every)
    request.chunk(b"event: done\ndata: done\n\n")
    request.chunk(b"")


def redirect(request: Handler) -> None:
    """`?to=relative|absolute|full`: how apps write a Location. `full` trusts Host and X-Forwarded-Proto, as most do."""
    scheme = request.headers.get("X-Forwarded-Proto", "http")
    targets = {
        "relative": "landed",
        "absolute": "/landed",
        "full": f"{scheme}://{request.headers.get('Host', '')}/landed",
    }
    to = request.query.get("to", "relative")
    if to not in targets:
        raise ValueError(f"to must be one of {', '.join(targets)}")
    code = int(request.query.get("code", "302"))
    if code not in (301, 302, 303, 307, 308):
        raise ValueError("code must be 301, 302, 303, 307 or 308")
    request.send_bytes(b"", "text/plain", code, Location=f"{targets[to]}?from={to}")


def cookie(request: Handler) -> None:
    value = uuid.uuid4().hex
    request.send_json({"value": value}, Set_Cookie=f"diagnostics={value}; Path=/; SameSite=Lax; HttpOnly")


def status(request: Handler) -> None:
    code = int(request.number("code", 200, 599))
    if code < 200:
        raise ValueError("code must be from 200 to 599")
    if code in (204, 304):
        request.send_response(code)
        request.end_headers()
    else:
        request.send_json({"status": code}, code)


def websocket(request: Handler) -> None:
    """`?mode=echo|fragment|ping|close`: echo; echo in fragments; ping first and tell of the pong; close with `code`."""
    key = request.headers.get("Sec-WebSocket-Key", "")
    if "websocket" not in request.headers.get("Upgrade", "").lower() or not key:
        return request.send_json({"error": "This address is a WebSocket"}, 426, Upgrade="websocket")
    mode, code = request.query.get("mode", "echo"), int(request.query.get("code", "4001"))
    request.send_response(101)
    request.send_header("Upgrade", "websocket")
    request.send_header("Connection", "Upgrade")
    request.send_header("Sec-WebSocket-Accept", ws.accept_key(key))
    request.end_headers()
    request.close_connection = True
    socket = ws.WebSocket(request.rfile, request.connection.sendall)
    with request.server.lock:
        request.server.websockets.add(socket)
    try:
        _talk(socket, mode, code, request.query.get("reason", "as asked"))
    except OSError:
        pass  # the peer is gone
    finally:
        with request.server.lock:
            request.server.websockets.discard(socket)
    return None


def _talk(socket: ws.WebSocket, mode: str, code: int, reason: str) -> None:
    if mode == "close":
        socket.close(code, reason)
    if mode == "ping":
        socket.on_pong = lambda payload: socket.send(ws.TEXT, b"pong " + payload)
        socket.send(ws.PING, b"diagnostics")
    while (message := socket.read()) is not None:
        if mode == "fragment":
            socket.send_in_pieces(*message, pieces=3)
        else:
            socket.send(*message)


GET = {
    **{path: static for path in FILES},
    "/health": health,
    "/api/report": show_report,
    "/links/relative": where,
    "/links/absolute": where,
    "/landed": where,
    "/redirect": redirect,
    "/cookie": cookie,
    "/download": download,
    "/stream": stream,
    "/events": events,
    "/ws": websocket,
}
#: Any method.
SEND = {"/echo": echo, "/upload": upload, "/status": status}
