"""Reading a request's body, by length or in chunks (RFC 9112), without keeping it in memory."""

from typing import BinaryIO, Iterator, Mapping

PIECE = 1 << 20


class BadBody(Exception):
    """The body is not what its headers say."""


class Body:
    """The body of one request. `finished` says whether all of it was read: else the connection must be closed."""

    def __init__(self, reader: BinaryIO, headers: Mapping[str, str]):
        self._reader = reader
        self.chunked = headers.get("Transfer-Encoding", "").strip().lower() == "chunked"
        length = headers.get("Content-Length", "0").strip()
        if not length.isdecimal():
            raise BadBody(f"Content-Length is {length!r}, not a number")
        self._length = int(length)
        self.finished = not self.chunked and self._length == 0

    def __iter__(self) -> Iterator[bytes]:
        if not self.finished:
            yield from self._chunks() if self.chunked else self._exactly(self._length)
            self.finished = True

    def _exactly(self, left: int) -> Iterator[bytes]:
        while left > 0:
            data = self._reader.read1(min(left, PIECE))
            if not data:
                raise BadBody("the connection ended within the body")
            left -= len(data)
            yield data

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size = self._reader.readline(1024).split(b";")[0].strip()
            try:
                left = int(size, 16)
            except ValueError:
                raise BadBody("a chunk without a size") from None
            if left == 0:
                break
            yield from self._exactly(left)
            self._reader.readline(8)
        while self._reader.readline(8192) not in (b"\r\n", b"\n", b""):
            pass  # trailer fields
