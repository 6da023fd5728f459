"""Read a form with a file in it, strictly, as browsers write one.  RFC 7578; RFC 2046 §5.1."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_from_bytes

from attrs import field, frozen
from starlette.requests import Request

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters, parse_form

_TYPE: Final = re.compile(r'multipart/form-data;\s*boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?\s*', re.IGNORECASE)
_NAME: Final = re.compile(rb'form-data; name="([A-Za-z0-9_.-]{1,100})"(; filename="[^"\r\n]*")?')
_HEADERS: Final = {b"content-disposition", b"content-type"}
_MOST_PARTS: Final = 50
_AROUND: Final = 64 * 1024  # bytes for the fields beside the file, and for what stands between the parts


@frozen
class Upload:
    """The fields, and the files that were chosen, by the name of their field; an empty file is none."""

    fields: Parameters
    files: Mapping[str, bytes] = field(repr=False)


def is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def read_upload(request: Request, *, most: int) -> Upload | Refusal:
    """*most* bytes of files, all together."""
    boundary = _TYPE.fullmatch(request.headers.get("content-type", ""))
    if boundary is None:
        return _malformed("the content type is not multipart/form-data with a boundary")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most + _AROUND:
            return Refusal(why.BODY_TOO_LARGE, {"limit": str(most)})
    return parse_multipart(bytes(body), boundary[1].encode())


def parse_multipart(body: bytes, boundary: bytes) -> Upload | Refusal:
    """Fields go through the strict reader of other forms, so that what holds there holds here."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 2 or pieces[0] or pieces[-1] not in (b"--", b"--\r\n") or len(pieces) > _MOST_PARTS:
        return _malformed("the parts of the form are not delimited as RFC 7578 asks")
    pairs: list[bytes] = []
    files: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        part = _part(piece)
        if part is None:
            return _malformed("a part of the form is malformed")
        name, is_file, content = part
        if not is_file:
            pairs.append(name + b"=" + quote_from_bytes(content).encode())
        elif name.decode() in files:
            return _malformed("a file is sent more than once")
        else:
            files[name.decode()] = content
    fields = parse_form(b"&".join(pairs))
    return fields if isinstance(fields, Refusal) else Upload(fields, {name: of for name, of in files.items() if of})


def _part(piece: bytes) -> tuple[bytes, bool, bytes] | None:
    """Its name, whether it is a file, and what is in it."""
    head, separator, content = piece.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if not separator or lines[0]:
        return None
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    named = _NAME.fullmatch(headers.get(b"content-disposition", b""))
    if named is None or not headers.keys() <= _HEADERS or len(headers) != len(lines) - 1:
        return None
    return named[1], named[2] is not None, content


def _malformed(fault: str) -> Refusal:
    return Refusal(why.MALFORMED_REQUEST, {"fault": fault})
