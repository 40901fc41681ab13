"""The server side of WebSockets (RFC 6455), without extensions."""

import base64
import hashlib
import struct
import threading
from typing import BinaryIO, Callable, Optional, Tuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MAX_MESSAGE = 64 * 1024 * 1024
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class ProtocolError(Exception):
    """The peer broke the protocol; `code` is the close code to answer with (section 7.4.1)."""

    def __init__(self, code: int, reason: str):
        super().__init__(reason)
        self.code = code


def accept_key(key: str) -> str:
    """The Sec-WebSocket-Accept that proves the handshake was understood (section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key.encode("ascii") + _GUID).digest()).decode("ascii")


def _unmask(data: bytes, mask: bytes) -> bytes:
    # One XOR of big integers: the standard library has nothing faster.
    repeated = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(data), "big")


class WebSocket:
    """One upgraded connection. `read` is for one thread; sending is safe from any."""

    def __init__(self, reader: BinaryIO, send_all: Callable[[bytes], None]):
        self._reader = reader
        self._send_all = send_all
        self._lock = threading.Lock()
        self._closing = False
        #: Called with the payload of each pong.
        self.on_pong: Callable[[bytes], None] = lambda payload: None

    def send(self, opcode: int, data: bytes, fin: bool = True) -> None:
        """Send one frame; after a close frame nothing more is sent (section 5.5.1)."""
        first = (0x80 if fin else 0) | opcode
        if len(data) < 126:
            head = struct.pack("!BB", first, len(data))
        elif len(data) < 65536:
            head = struct.pack("!BBH", first, 126, len(data))
        else:
            head = struct.pack("!BBQ", first, 127, len(data))
        with self._lock:
            if self._closing:
                return
            self._closing = opcode == CLOSE
            self._send_all(head + data)

    def send_in_pieces(self, opcode: int, data: bytes, pieces: int) -> None:
        """Send one message as fragments, with a ping between them as section 5.4 allows."""
        size = max(1, -(-len(data) // pieces))
        parts = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
        for index, part in enumerate(parts):
            self.send(opcode if index == 0 else CONTINUATION, part, fin=index == len(parts) - 1)
            if index < len(parts) - 1:
                self.send(PING, b"between fragments")

    def close(self, code: int, reason: str = "") -> None:
        self.send(CLOSE, struct.pack("!H", code) + reason.encode("utf-8")[:123])

    def read(self) -> Optional[Tuple[int, bytes]]:
        """The next message as (opcode, data). None: the connection is closed, and the close was answered."""
        try:
            return self._read_message()
        except ProtocolError as error:
            self.close(error.code, str(error))
        except (EOFError, OSError):
            pass
        return None

    def _read_message(self) -> Optional[Tuple[int, bytes]]:
        kind, parts, size = 0, [], 0
        while True:
            fin, opcode, data = self._read_frame()
            if opcode >= CLOSE:
                if self._control(opcode, data):
                    return None
                continue
            if (opcode == CONTINUATION) != bool(kind):
                raise ProtocolError(1002, "a fragment out of order")
            kind = kind or opcode
            parts.append(data)
            size += len(data)
            if size > MAX_MESSAGE:
                raise ProtocolError(1009, "the message is too big")
            if fin:
                return kind, self._checked(kind, b"".join(parts))

    def _control(self, opcode: int, data: bytes) -> bool:
        """Handle a control frame; True when it closes the connection."""
        if opcode == PING:
            self.send(PONG, data)
        elif opcode == PONG:
            self.on_pong(data)
        elif len(data) == 1:
            raise ProtocolError(1002, "a close frame of one byte")
        else:
            self._checked(TEXT, data[2:])
            self.send(CLOSE, data[:2])
        return opcode == CLOSE

    @staticmethod
    def _checked(kind: int, data: bytes) -> bytes:
        if kind == TEXT:
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                raise ProtocolError(1007, "text that is not UTF-8") from None
        return data

    def _read_frame(self) -> Tuple[bool, int, bytes]:
        first, second = self._exactly(2)
        opcode, length = first & 0x0F, second & 0x7F
        if first & 0x70 or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise ProtocolError(1002, "reserved bits or an unknown opcode")
        if not second & 0x80:
            raise ProtocolError(1002, "a frame of a client must be masked")
        if opcode >= CLOSE and (length > 125 or not first & 0x80):
            raise ProtocolError(1002, "a control frame that is long or fragmented")
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        if length > MAX_MESSAGE:
            raise ProtocolError(1009, "the message is too big")
        mask = self._exactly(4)
        return bool(first & 0x80), opcode, _unmask(self._exactly(length), mask)

    def _exactly(self, size: int) -> bytes:
        data = self._reader.read(size)
        if len(data) < size:
            raise EOFError
        return data
