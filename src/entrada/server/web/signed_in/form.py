"""What a form of the portal or the console sends: fields by name, repeated where several were filled in or ticked."""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from attrs import evolve, field, frozen
from starlette.requests import Request

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.server.web.http.multipart import is_multipart, read_upload

MAX_BODY: Final = 2 * 1024 * 1024  # a manifest of a thousand entries
MAX_FILE: Final = 256 * 1024  # a logo, a certificate; forms for larger files say so
_MAX_FIELDS: Final = 2_000
_OF_THE_PAGE: Final = frozenset({"csrf", "seen", "do", "id", "key", "once", "packed", "shown"})
_SECRETS: Final = ("password", "clientsecret", "secretvalue", "secrettoken", "secretkey")  # in the names of fields
_FORM: Final = "application/x-www-form-urlencoded"


@frozen
class Form:
    """Values as they were typed; lines end in a line feed."""

    _fields: tuple[tuple[str, str], ...] = field(repr=False)
    files: Mapping[str, bytes] = field(factory=dict[str, bytes], repr=False)

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self._fields if key == name), default)

    def text(self, name: str) -> str | None:
        """Without the blanks around it; None when nothing was entered."""
        return self.get(name).strip() or None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self._fields if key == name]

    def lines(self, name: str) -> list[str]:
        """Of every field of that name, those that are not empty."""
        return [line.strip() for value in self.all(name) for line in value.split("\n") if line.strip()]

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self._fields)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All of it."""
        return self._fields

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a person entered, but for secrets, and for what a page had put there itself."""
        return [
            (name, value)
            for name, value in self._fields
            if value.strip() and name not in _OF_THE_PAGE and not any(one in name.lower() for one in _SECRETS)
        ]

    def with_values(self, **values: str) -> "Form":
        """With these in place of what was typed, as where a button fills in fields."""
        return evolve(self, fields=(*((key, one) for key, one in self._fields if key not in values), *values.items()))

    @property
    def seen(self) -> int | None:
        """The version of the object that the page showed."""
        text = self.get("seen")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


async def read_portal_form(request: Request, *, most: int = MAX_FILE) -> Form | Refusal:
    """*most* bytes of files."""
    if is_multipart(request):
        upload = await read_upload(request, most=most)
        return upload if isinstance(upload, Refusal) else Form(_cleaned(upload.fields.items()), upload.files)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return Refusal(why.MALFORMED_REQUEST, {"fault": f"the content type is not {_FORM}"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return Refusal(why.BODY_TOO_LARGE, {"limit": str(MAX_BODY)})
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        return Refusal(why.MALFORMED_REQUEST, {"fault": "the form is not UTF-8 text, or has too many fields"})
    return Form(_cleaned(pairs))


def _cleaned(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.replace("\r\n", "\n").replace("\0", "")) for name, value in pairs)
