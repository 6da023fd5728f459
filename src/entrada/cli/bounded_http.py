"""HTTP/1.1 with an end to request heads: uvicorn's httptools protocol takes them as long as they come."""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 64 * 1024  # bytes of request line and headers; the longest URL and cookies of ours are a fraction
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    """Ends a connection whose request head grows past the limit (RFC 6585 §5)."""

    _head = 0
    _in_body = False

    def on_headers_complete(self) -> None:
        self._head, self._in_body = 0, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if not self._in_body:
            self._head += len(data)
        super().data_received(data)
        if self._in_body or self._head <= MAX_HEAD or self.transport.is_closing():
            return
        self.transport.write(_TOO_LARGE)
        self.transport.close()
